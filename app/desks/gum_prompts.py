"""The three prompts of the GUM baseline and the reading of their answers. Pure.

Written anew from the published description (Shaikh et al., UIST 2025, sections 5.3 to 5.5 and what is known
of the released program's requests); none of its wording. As there, what was seen is pasted without a
marker around it, prompts have no times, and the relating and revising prompts tell no confidence.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gum.errors import AnswerUnusable
from gum.ports import Prompt
from gum.types import Observation

AT_LEAST = 5  # propositions a batch is asked for, whether or not anything happened
IDENTICAL, SIMILAR, UNRELATED = LABELS = ("identical", "similar", "unrelated")
PROPOSED, RELATED, REVISED = "propositions", "relations", "revised"  # what an answer's list is called
MAX_TOKENS = 4096
OBSERVED = "Observations:"
KNOWN = "Propositions:"

_PROPOSE = f"""\
From what was seen on a user's computer, infer propositions about the user, at least {AT_LEAST}.
Look at it four ways: what the user is trying to get done; which programs and contents they prefer; what
they pass over; what they are good at and what is hard for them.
Give each proposition as one sentence that names the people, files, places and programs it is about.
Reason first, then state the proposition, then rate it:
- confidence, 1 to 10: is the evidence direct, does it bear on the claim, was the user engaged with it?
- decay, 1 to 10: 1 for what is over within the hour, 10 for what stays true for years.
Be conservative, and use the whole of both scales.
"""
_RELATE = """\
Below are numbered propositions about a user. For each, say how it relates to the others:
"identical" when another says the same, "similar" when another is about the same thing but says something
else of it, "unrelated" when neither. Name the numbers of the others that it is identical or similar to.
Give every number once.
"""
_REVISE = """\
Below are propositions about a user that overlap, and what was seen. Write the set anew: edit, merge, split,
add or remove. Keep the names in them. Where two contradict each other keep the stronger one, or say when each
holds; drop what nothing speaks for. Rate each again: confidence and decay, 1 to 10.
"""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposition as a model wrote it. Nothing bounds the two numbers, in the released program either."""

    text: str
    reasoning: str
    confidence: int
    decay: int


@dataclass(frozen=True, slots=True)
class Related:
    """How one proposition relates to others, by number."""

    source: int
    label: str
    targets: tuple[int, ...]


def content(observation: Observation) -> str:
    """An observation as the baseline keeps it: program, window, address and text, but no time."""
    head = (observation.app, observation.title, observation.url or "")
    return "\n".join(part for part in (*head, observation.text) if part.strip())


def propose(contents: Sequence[str]) -> Prompt:
    """Asks for propositions from what was seen."""
    return Prompt(_PROPOSE, _seen(contents), MAX_TOKENS, schema=_rows(PROPOSED, _PROPOSITION))


def relate(pool: Mapping[int, tuple[str, str]]) -> Prompt:
    """Asks how propositions relate. `pool`: text and reasoning by number."""
    return Prompt(_RELATE, _known(pool), MAX_TOKENS, schema=_rows(RELATED, _RELATION))


def revise(pool: Mapping[int, tuple[str, str]], contents: Sequence[str]) -> Prompt:
    """Asks for propositions in place of those of `pool`."""
    user = f"{_known(pool)}\n{_seen(contents)}"
    return Prompt(_REVISE, user, MAX_TOKENS, schema=_rows(REVISED, _PROPOSITION))


def _seen(contents: Sequence[str]) -> str:
    return "\n".join((OBSERVED, *(f"[{n}] {text}" for n, text in enumerate(contents, 1))))


def _known(pool: Mapping[int, tuple[str, str]]) -> str:
    lines = [f"[{n}] {text}\nReasoning: {reasoning}" for n, (text, reasoning) in pool.items()]
    return "\n".join((KNOWN, *lines))


_WHOLE: Mapping[str, object] = {"type": "integer"}
_PROPOSITION: Mapping[str, object] = {
    "reasoning": {"type": "string"},
    "proposition": {"type": "string"},
    "confidence": _WHOLE,
    "decay": _WHOLE,
}
_RELATION: Mapping[str, object] = {
    "source": _WHOLE,
    "label": {"type": "string", "enum": list(LABELS)},
    "target": {"type": "array", "items": _WHOLE},
}


def _rows(name: str, columns: Mapping[str, object]) -> dict[str, object]:
    item = {
        "type": "object",
        "properties": dict(columns),
        "required": list(columns),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": item}},
        "required": [name],
        "additionalProperties": False,
    }


# --- reading prompts back, and answers ------------------------------------------------------------

_NUMBERED = re.compile(r"\[(\d+)\] (.*)")


def numbered(lines: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Lines as pieces that begin with "[number] "; what comes before the first is left out.

    A line of a piece that looks like the beginning of one counts as one only when the number is higher.
    """
    pieces: list[tuple[int, list[str]]] = []
    for line in lines:
        match = _NUMBERED.fullmatch(line)
        if match and (not pieces or int(match[1]) > pieces[-1][0]):
            pieces.append((int(match[1]), [match[2]]))
        elif pieces:
            pieces[-1][1].append(line)
    return pieces


_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)


def parse_propositions(answer: str, name: str) -> list[Proposed]:
    """What `propose` (PROPOSED) or `revise` (REVISED) was answered. Raises AnswerUnusable."""
    found = []
    for row in _entries(answer, name):
        text, confidence, decay = row.get("proposition"), row.get("confidence"), row.get("decay")
        if isinstance(text, str) and text.strip() and isinstance(confidence, int) and isinstance(decay, int):
            found.append(Proposed(_flat(text), _flat(str(row.get("reasoning", ""))), confidence, decay))
    return found


def parse_relations(answer: str) -> list[Related]:
    """What `relate` was answered. Raises AnswerUnusable."""
    found = []
    for row in _entries(answer, RELATED):
        source, label, target = row.get("source"), str(row.get("label", "")).lower(), row.get("target")
        if isinstance(source, int) and label in LABELS:
            named = target if isinstance(target, list) else [target]
            found.append(Related(source, label, tuple(n for n in named if isinstance(n, int))))
    return found


def _entries(answer: str, name: str) -> list[Mapping[str, object]]:
    fenced = _FENCE.match(answer)
    try:
        data = json.loads(fenced[1] if fenced else answer)
    except (ValueError, RecursionError) as error:
        raise AnswerUnusable(
            "The language model did not answer in JSON", "Choose a model that follows a JSON schema."
        ) from error
    rows = data.get(name) if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise AnswerUnusable(
            "The language model's JSON has not the agreed form",
            "Choose a model that follows a JSON schema.",
        )
    return [row for row in rows if isinstance(row, dict)]


def _flat(text: str) -> str:
    return " ".join(text.split())
