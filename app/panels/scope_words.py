"""A scope in plain words, so that the person knows what they gave. Pure.

What may not be read is said as well as what may: silence would be taken for no, and then not read at all.
"""

from collections.abc import Collection, Sequence

from app.tray import words
from gum.claims import TABLE
from gum.grants import DAY, NOWHERE, Part, Right, Scope

MAY = {
    Part.CLAIMS: "claims about you",
    Part.ACTIVITY: "which program is in use",
    Part.QUOTES: "the words that a claim rests on",
    Part.TRANSCRIPTS: "what was on the screen",
}
MAY_NOT = {
    Part.CLAIMS: "claims about you",
    Part.ACTIVITY: "which program is in use",
    Part.QUOTES: "quotes",
    Part.TRANSCRIPTS: "what is on the screen",
}
DOES = {
    Right.SUGGEST: "It may see Gumption's offers, pass on your reactions, and put facts before you.",
    Right.ACT: "It may ask to act and to forget; you approve each.",
}
NEITHER = "It may not propose anything."
NOTHING = "It may not read anything."
UNREADABLE = "What it may do cannot be told by this version of Gumption. Take it back if in doubt."


def said(scope: Scope | None) -> list[str]:
    """Sentences about a scope, the most telling first. None: one that could not be understood."""
    if scope is None:
        return [UNREADABLE]
    does = [told for right, told in DOES.items() if right in scope.rights]
    return [*_reads(scope), *(does or [NEITHER])]


def brief(scope: Scope | None) -> str:
    """The beginning of it, for a row of a table."""
    return " ".join(said(scope))


def _reads(scope: Scope) -> list[str]:
    parts = [part for part in Part if part in scope.parts]
    if Right.READ not in scope.rights or not parts or _empty(scope):
        return [NOTHING]
    reads = ", and ".join(filter(None, (", ".join(MAY[p] for p in parts[:-1]), MAY[parts[-1]])))
    told = [f"{', '.join([reads[:1].upper() + reads[1:], *_bounds(scope)])}."]
    told += _never(scope)
    if missing := [MAY_NOT[part] for part in Part if part not in scope.parts]:
        told.append(f"It may not read {both(missing, 'or')}.")
    told.append("Sensitive claims, too." if scope.sensitive else "Nothing sensitive.")
    told.append("Real names are shown." if scope.real_names else "Real names are hidden.")
    return told


def _empty(scope: Scope) -> bool:
    """Whether its lists admit nothing at all, as of two scopes that have nothing in common."""
    return bool(scope.types and not scope.types & set(TABLE)) or scope.apps == {NOWHERE}


def _bounds(scope: Scope) -> list[str]:
    told = []
    if scope.max_age is not None:
        told.append(f"at most {age(scope.max_age / DAY)} old")
    if scope.types:
        told.append(f"only of the kinds {both([TABLE[t].label for t in TABLE if t in scope.types])}")
    if scope.topics:
        told.append(f"only about {quoted(scope.topics, 'or')}")
    if scope.apps:
        told.append(f"only from {quoted(scope.apps)}")
    return told


def _never(scope: Scope) -> list[str]:
    told = []
    if scope.no_topics:
        told.append(f"Nothing about {quoted(scope.no_topics, 'or')}.")
    if scope.no_apps:
        told.append(f"Nothing from {quoted(scope.no_apps, 'or')}.")
    return told


def quoted(names: Collection[str], last: str = "and") -> str:
    """Words that somebody typed, in quotes, with nothing hidden in them."""
    shown = names if isinstance(names, Sequence) else sorted(names)
    return both([f"‘{words.visible(words.one_line(name))}’" for name in shown], last)


def both(names: Sequence[str], last: str = "and") -> str:
    """Names as in a sentence: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def age(days: float) -> str:
    """A number of days in words: "1 day", "30 days", "12 hours"."""
    if days < 1:
        return words.many(max(1, round(days * 24)), "hour")
    return words.many(int(days), "day") if days == int(days) else f"{days:.1f} days"
