"""Whether a text says that something is so, or that it is not so. Lists of words, no model.

A negation counts for the clause it stands in: "works on the paper, but has not finished the introduction"
does not deny the paper. Words of the interface languages and English are looked for, since a product
may word its statements in English whatever the interface speaks. Word lists see no irony and no double
negation, and a verb that denies without a negation ("cancelled") only where it is listed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.desks.match import COMMA, END, SEAM, marked, run
from app.desks.negations import ELSE, HERE, TABLE


@dataclass(frozen=True, slots=True)
class _Reader:
    cue: re.Pattern[str]
    not_cue: re.Pattern[str]
    trouble: re.Pattern[str]
    cut: re.Pattern[str]


def _any(*parts: str) -> str:
    kept = [part for part in parts if part]
    return "|".join(kept) if kept else "(?!)"


@lru_cache(maxsize=64)
def _reader(languages: tuple[str, ...]) -> _Reader:
    rows = [TABLE[name] for name in languages]
    spaced, glued = [r for r in rows if not r.letters], [r for r in rows if r.letters]

    def all_of(field: str) -> str:
        apart = _any(*(str(getattr(r, field)) for r in spaced))
        return _any(rf"(?:^|(?<= ))(?:{apart})(?= |$)", *(str(getattr(r, field)) for r in glued))

    cue, before, ands = all_of("cues"), all_of("before"), _any(*(r.ands for r in spaced))
    # "uses vim, not emacs", "works on it and does not like it": a clause begins where a denial comes soon
    # after a comma or an "and". "does not use vim, emacs or nano" stays whole.
    soon = rf" (?:{COMMA} )?(?:(?<=, )|(?:{ands}) )(?=(?:\w+ ){{0,2}}?(?:{cue}))"
    # In Japanese the verb ends the clause: a comma after a verb form ends one, after a noun it lists.
    verb = rf"(?<=[でてしがりきれば]) {COMMA} "
    breaks = rf"(?: {COMMA})? ?(?={_any(all_of('breaks'), before)})"
    after = "|".join(f"(?<={word})" for r in rows for word in r.after.split("|") if word)
    return _Reader(
        re.compile(_any(cue, before)),
        re.compile(all_of("not_cues")),
        re.compile(all_of("trouble")),
        re.compile(_any(f" ?{END} ?", soon, verb, breaks, after)),
    )


def languages_of(interface: Sequence[str]) -> tuple[str, ...]:
    """The languages whose negations count for an interface in these ("de-AT"): theirs and English."""
    plain = (name.lower().replace("_", "-").partition("-")[0] for name in interface)
    return tuple(sorted({"en", *(name for name in plain if name in TABLE)}))


def clauses(text: str, languages: tuple[str, ...]) -> list[str]:
    """The clauses of a `marked` text, without commas."""
    parts = _reader(languages).cut.split(text)
    return [told for part in parts if (told := " ".join(part.replace(COMMA, " ").split()))]


def denies(clause: str, languages: tuple[str, ...], trouble: bool = False) -> bool:
    """Whether a clause holds a negation; of `trouble`, whether it says there is none."""
    reader = _reader(languages)
    if trouble:
        return reader.trouble.search(clause) is not None
    return reader.cue.search(reader.not_cue.sub(" ", clause)) is not None


def negative(
    text: str,
    about: str,
    languages: tuple[str, ...],
    quoted: Sequence[str] = (),
    transparent: bool = False,
    trouble: bool = False,
) -> bool:
    """Whether `text` denies what it says of `about`, a run of words that stands in it or in one of `quoted`.

    `quoted` are copied words that assert nothing themselves: the title "Never Gonna Give You Up" denies
    nothing. `transparent`: words of `about` and `quoted` count as well, for a fact that is itself a denial
    ("no sugar"). `trouble`: what is said of it is that it gives trouble. Where `about` stands in several
    clauses, one that affirms it is enough. Where it stands in none, every clause counts.
    """
    told = marked(text)
    for words in sorted(quoted, key=len, reverse=True):
        place = HERE if run(about).search(marked(words)) else ELSE
        told = run(words).sub(rf"{place} \g<0>" if transparent else place, told)
    told = run(about).sub(rf"{HERE} \g<0>" if transparent else HERE, told)
    cut = clauses(told.replace(SEAM, ""), languages)
    here = [clause for clause in cut if HERE in clause] or cut
    return all(denies(clause, languages, trouble) for clause in here) if here else False
