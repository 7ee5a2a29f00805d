"""Makes a language model copy instead of invent: grammar, JSON schema, and the check afterwards.

In the grammar a slot can only be a run of neighbouring words of one line of one observation, a type
can only be one that this observation may assert (the role gate is inside the grammar), and "none" is
always legal. A word is one rule, `w_i ::= "word_i" (" " w_{i+1})?`, so the grammar is linear in the text.
A server that takes no grammar gets a JSON schema; what it answers goes through the same check.
Pure: knows no model.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gum import claims, dates, roles
from gum.errors import AnswerUnusable
from gum.text import MAX_SLOT, UNSPACED, clean, lines, normal
from gum.types import Draft, Evidence, Observation, Trust, utc
from gum.zone import HERE

MAX_SOURCES = 8  # observations a prompt holds
MAX_WORDS = 160  # words of one of them
MAX_CLAIMS = 4  # drafts an answer holds
MAX_QUOTE = 200  # characters; a longer line is quoted by the copied words alone

# What a model says of its certainty is taken down as it is; what it is worth is learnt (gum.confidence).
# One that is not asked, because its answer is bound by a grammar, counts as unsure.
SURE = "confidence"
OUT_OF = 10
CONFIDENCE: Mapping[Trust, float] = {Trust.AUTHORED: 0.4, Trust.ACTED_ON: 0.35}
CONFIDENCE_OTHER = 0.2

NONE = "none"
_END = "end"
_SEPARATOR = " | "

# Scripts without spaces are copied letter by letter, everything else word by word.
_PIECE = re.compile(f"[{UNSPACED}]|[^\\s{UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as pieces (words, or letters of scripts without spaces); `gaps[i]` stands before piece i."""

    text: str
    pieces: tuple[str, ...]
    gaps: tuple[str, ...]

    def join(self, start: int, end: int) -> str:
        """The pieces start..end-1 as they stand in the line."""
        parts = (g + p for g, p in zip(self.gaps[start:end], self.pieces[start:end], strict=True))
        return "".join(parts).strip()


@dataclass(frozen=True, slots=True)
class Source:
    """An observation that may be cited as "[number]".

    `kinds` may be asserted by any of its rows, `searched` only by the words the person searched for.
    """

    number: int
    observation: Observation
    rows: tuple[Row, ...]
    query: tuple[Row, ...]
    kinds: tuple[str, ...]
    searched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as a model wrote it, not yet believed."""

    number: int
    kind: str
    slots: Mapping[str, str]
    sure: float | None = None  # 0..1, as the model said


def row(text: str, limit: int = MAX_WORDS) -> Row:
    """Cuts a line into pieces."""
    pieces: list[str] = []
    gaps: list[str] = []
    end = 0
    for match in _PIECE.finditer(text):
        if len(pieces) == limit:
            break
        pieces.append(match[0])
        gaps.append(" " if match.start() > end else "")
        end = match.end()
    return Row(text, tuple(pieces), tuple(gaps))


def sources(observations: Iterable[Observation]) -> tuple[Source, ...]:
    """What may be cited, numbered from 1: the newest MAX_SOURCES observations that may assert anything."""
    gated = [seen for observation in observations if (seen := roles.gate(observation)) is not None]
    found: list[Source] = []
    for observation in sorted(gated, key=lambda o: o.at)[-2 * MAX_SOURCES :]:
        rows = _rows(observation)
        asked = roles.search_query(observation.url) or ""
        query = tuple(r for r in (row(asked),) if r.pieces)
        kinds = tuple(k for k in claims.TABLE if rows and roles.eligible(observation, k))
        rest = (k for k in claims.TABLE if query and k not in kinds)
        searched = tuple(k for k in rest if roles.eligible(observation, k, asked))
        if kinds or searched:
            found.append(Source(0, observation, rows, query, kinds, searched))
    return tuple(replace(source, number=n) for n, source in enumerate(found[-MAX_SOURCES:], 1))


def _rows(observation: Observation) -> tuple[Row, ...]:
    rows, left = [], MAX_WORDS
    for line in dict.fromkeys((*lines(observation.title), *lines(observation.text))):
        # Only what is printable can be written down in a grammar and read back.
        cut = row(clean(line), left)
        if cut.pieces:
            rows.append(replace(cut, text=line))  # evidence quotes the line as it stands
        left -= len(cut.pieces)
        if left <= 0:
            break
    return tuple(rows)


# --- GBNF ----------------------------------------------------------------------------------------


def gbnf(cited: Sequence[Source]) -> str:
    """The grammar (llama.cpp's GBNF) of legal answers.

    An answer is "none", or up to MAX_CLAIMS lines "[number] type: slot | slot" and "end".
    """
    if not cited:
        return f"root ::= {_literal(NONE)}\n"
    rules = [
        f"root ::= {_literal(NONE)} | {_many(MAX_CLAIMS)} {_literal(_END)}",
        f'claim ::= ({" | ".join(f"o{source.number}" for source in cited)}) "\\n"',
    ]
    for source in cited:
        rules.extend(_source_rules(source))
    return "\n".join(rules) + "\n"


def _many(count: int) -> str:
    return "claim" if count == 1 else f"claim ({_many(count - 1)})?"


def _source_rules(source: Source) -> list[str]:
    name = f"o{source.number}"
    heads: list[str] = []
    rules: list[str] = []
    for group, kinds, rows in (("s", source.kinds, source.rows), ("q", source.searched, source.query)):
        if not kinds:
            continue
        slot = f"{name}{group}"
        heads.extend(f"{_literal(f'{kind}: ')} {_slots(kind, slot)}" for kind in kinds)
        rules.extend(_run_rules(slot, rows))
    return [f"{name} ::= {_literal(f'[{source.number}] ')} ({' | '.join(heads)})", *rules]


def _slots(kind: str, slot: str) -> str:
    """The slots of a type in table order; trailing optional ones may be left out."""
    table = claims.TABLE[kind]
    tail = ""
    for name in reversed(table.slots[1:]):
        part = f"{_literal(_SEPARATOR)} {slot}{' ' + tail if tail else ''}"
        tail = f"({part})?" if name in table.optional else part
    return f"{slot} {tail}".rstrip()


def _run_rules(slot: str, rows: Sequence[Row]) -> list[str]:
    """`slot` may begin at every word that has a letter or digit, and goes on to the line's end at most."""
    starts, rules, count = [], [], 0
    for line in rows:
        usable = [piece != _SEPARATOR.strip() for piece in line.pieces]
        for i, piece in enumerate(line.pieces):
            if not usable[i]:
                continue
            more = i + 1 < len(line.pieces) and usable[i + 1]
            gap = f"{_literal(line.gaps[i + 1])} " if more and line.gaps[i + 1] else ""
            rest = f" ({gap}{slot}w{count + 1})?" if more else ""
            rules.append(f"{slot}w{count} ::= {_literal(piece)}{rest}")
            if normal(piece):
                starts.append(f"{slot}w{count}")
            count += 1
    return [f"{slot} ::= {' | '.join(starts) if starts else _literal('-')}", *rules]


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def parse_lines(answer: str) -> tuple[list[Claimed], int]:
    """Claims of an answer in the grammar's form, and how many lines were no claim.

    A line that the token limit cut off counts as none.
    """
    text = answer.strip()
    if text == NONE or not text:
        return [], 0
    written = text.split("\n")
    whole = written[:-1]  # the last line is "end", or was cut off
    found = [claim for line in whole if (claim := _parse_line(line)) is not None]
    broken = len(whole) - len(found) + (written[-1].strip() not in (_END, NONE))
    return found, broken


_LINE = re.compile(r"\[(\d{1,3})\] (\w+): (.+)")


def _parse_line(line: str) -> Claimed | None:
    match = _LINE.fullmatch(line.strip())
    if match is None or match[2] not in claims.TABLE:
        return None
    values = match[3].split(_SEPARATOR)
    names = claims.TABLE[match[2]].slots
    if len(values) > len(names):
        return None
    return Claimed(int(match[1]), match[2], dict(zip(names, values, strict=False)))


# --- JSON ----------------------------------------------------------------------------------------


def schema(cited: Sequence[Source]) -> dict[str, object]:
    """The JSON schema of legal answers: {"drafts": [{"observation", "type", …slots, "confidence"}]}.

    Each type may cite only observations that may assert it. That quotes are copied is checked afterwards.
    """
    forms: list[dict[str, object]] = []
    for kind, table in claims.TABLE.items():
        numbers = [s.number for s in cited if kind in s.kinds or kind in s.searched]
        if not numbers:
            continue
        text = {"type": "string", "minLength": 1, "maxLength": MAX_SLOT}
        forms.append(
            {
                "type": "object",
                "properties": {
                    "observation": {"type": "integer", "enum": numbers},
                    "type": {"type": "string", "enum": [kind]},
                    **dict.fromkeys(table.slots, text),
                    SURE: {"type": "integer", "minimum": 1, "maximum": OUT_OF},
                },
                "required": ["observation", "type", *table.required, SURE],
                "additionalProperties": False,
            }
        )
    drafts: dict[str, object] = {"type": "array", "maxItems": MAX_CLAIMS if forms else 0}
    drafts["items"] = {"anyOf": forms} if forms else {}
    return {
        "type": "object",
        "properties": {"drafts": drafts},
        "required": ["drafts"],
        "additionalProperties": False,
    }


_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)


def parse_json(answer: str) -> tuple[list[Claimed], int]:
    """Claims of an answer in JSON, and how many entries were no claim. Raises AnswerUnusable."""
    fenced = _FENCE.match(answer)
    try:
        data = json.loads(fenced[1] if fenced else answer)
    except (ValueError, RecursionError) as error:
        raise AnswerUnusable(
            "The language model did not answer in JSON", "Choose a model that follows a JSON schema."
        ) from error
    entries = data.get("drafts") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise AnswerUnusable(
            "The language model's JSON has not the agreed form",
            "Choose a model that follows a JSON schema.",
        )
    found = [claim for entry in entries if (claim := _parse_entry(entry)) is not None]
    return found, len(entries) - len(found)


def _parse_entry(entry: object) -> Claimed | None:
    if not isinstance(entry, dict):
        return None
    number, kind = entry.get("observation"), entry.get("type")
    if not isinstance(number, int) or isinstance(number, bool):  # JSON's true is an int to Python
        return None
    if not isinstance(kind, str) or kind not in claims.TABLE:
        return None
    slots = {name: entry[name] for name in claims.TABLE[kind].slots if entry.get(name)}
    if not all(isinstance(v, str) for v in slots.values()):
        return None
    return Claimed(number, kind, slots, _sure(entry.get(SURE)))


def _sure(said: object) -> float | None:
    """What a model said of its certainty as 0..1; None where it is no number from 0 to OUT_OF.

    Ten out of ten is not certainty: the ends stand for the middle of their steps.
    """
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= OUT_OF:
        return None
    return min(OUT_OF - 0.5, max(0.5, said)) / OUT_OF


# --- the check -----------------------------------------------------------------------------------


def verify(
    claimed: Iterable[Claimed],
    cited: Sequence[Source],
    reasoning: str = "",
    languages: Sequence[str] = (),
) -> tuple[list[Draft], int]:
    """Drafts whose every slot was found in the observation cited, and how many were refused.

    The value that stands in the draft is the one from the observation, not the one the model wrote.
    `languages`: those of the interface, as `gum.dates.find` reads dates by them: without any, a day like
    07/03/2025 is one of which nobody can tell the month, and a deadline by it is refused.
    """
    by_number = {source.number: source for source in cited}
    drafts: dict[str, Draft] = {}
    dropped = 0
    for claim in claimed:
        source = by_number.get(claim.number)
        draft = _verified(claim, source, reasoning, languages) if source else None
        if draft is None:
            dropped += 1
        else:
            drafts.setdefault(claims.key(draft.type, draft.slots, draft.valid_until), draft)
    return list(drafts.values()), dropped


def _verified(claim: Claimed, source: Source, reasoning: str, languages: Sequence[str]) -> Draft | None:
    if claim.kind in source.kinds:
        rows = source.rows
    elif claim.kind in source.searched:
        rows = source.query
    else:
        return None
    copied: dict[str, str] = {}
    evidence: dict[str, Evidence] = {}
    until: datetime | None = None
    for name, value in claim.slots.items():
        at = locate(value, rows)
        if at is None:
            return None
        line, start, end = at
        words = line.join(start, end)
        if name == "date":
            # Any words fit the grammar; only a date is one. What is no date is left out, or the claim is.
            dated = dates.find(words, source.observation.at.astimezone(HERE), languages)
            if not dated:
                continue
            until = utc(dated[0].at)
        copied[name] = words
        quote = line.text if len(line.text) <= MAX_QUOTE else words
        if not roles.eligible(source.observation, claim.kind, quote):
            return None
        evidence[quote] = Evidence(source.observation.id, quote)
    unasked = CONFIDENCE.get(source.observation.trust, CONFIDENCE_OTHER)
    confidence = unasked if claim.sure is None else claim.sure
    try:
        return claims.make(claim.kind, copied, evidence.values(), confidence, reasoning, until)
    except ValueError:  # a slot that is too long, empty once tidied, or missing: not well-formed, not a bug
        return None


def locate(value: str, rows: Sequence[Row]) -> tuple[Row, int, int] | None:
    """The first row with `value` as a run of whole pieces, and from where to where; case and
    punctuation do not count. None when it is nowhere."""
    wanted = [token for piece in row(value).pieces if (token := normal(piece))]
    if not wanted:
        return None
    for line in rows:
        tokens = [(i, token) for i, piece in enumerate(line.pieces) if (token := normal(piece))]
        for start in range(len(tokens) - len(wanted) + 1):
            if [token for _, token in tokens[start : start + len(wanted)]] == wanted:
                return line, tokens[start][0], tokens[start + len(wanted) - 1][0] + 1
    return None
