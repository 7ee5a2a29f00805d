"""Contextual integrity: whether a piece of text may go on, before it is drafted from, stored or sent away.

What flows is judged by whom it is about, what kind it is and who receives it (Nissenbaum, "Privacy as
Contextual Integrity", Washington Law Review 79, 2004; GUM section 4.4). Rules come first and are a table
(`STAGES`, `PRIVATE`, `RULES`); a language model, where there is one, may only make them stricter; whatever
fails is decided the stricter way. Every decision but "allow" is told to the person, who may allow the kind.
"""

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from gum.about import About, private_matters, sentences, suspicious
from gum.quarantine import quarantined
from gum.receipt import search_query
from gum.redact import redacted
from gum.sensitive import Kind
from gum.text import MAX_TEXT, clean
from gum.types import Draft, Observation, ObservationId, Sensitivity, Trust

SAYS_NO, SILENT = "model-says-no", "model-silent"
EXCERPT = 120  # characters of what was held back that the log keeps


class Outcome(StrEnum):
    """What becomes of it."""

    ALLOW = "allow"
    HIDE = "hide"  # kept, and never used unless the person allows it
    WITHHOLD = "withhold"  # does not go on


class Stage(StrEnum):
    """Where something is about to go on."""

    DRAFT = "draft"  # an observation, before claims are drafted from it
    STORE = "store"  # a claim, before it is kept
    LEAVE = "leave"  # a text, before it leaves this machine


STRICTNESS = (Outcome.ALLOW, Outcome.HIDE, Outcome.WITHHOLD)

STAGES: Mapping[About, Mapping[Stage, Outcome]] = MappingProxyType(
    {
        About.OWN: {
            # The person's own matters may be learnt, and are theirs: hidden, and never sent.
            Stage.DRAFT: Outcome.ALLOW,
            Stage.STORE: Outcome.HIDE,
            Stage.LEAVE: Outcome.WITHHOLD,
        },
        About.OTHER: {
            # Somebody else's were told to the person. Nothing is learnt of them.
            Stage.DRAFT: Outcome.WITHHOLD,
            Stage.STORE: Outcome.WITHHOLD,
            Stage.LEAVE: Outcome.WITHHOLD,
        },
        About.UNCLEAR: {
            # At worst a hidden claim comes of it; a model that is there is asked, and its silence is a no.
            Stage.DRAFT: Outcome.ALLOW,
            Stage.STORE: Outcome.HIDE,
            Stage.LEAVE: Outcome.WITHHOLD,
        },
    }
)
"""What becomes of a private matter, by whose it is and where it would go."""

PRIVATE: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.HEALTH: "health",
        Kind.MOOD: "state of mind",
        Kind.LIFE: "private life",
        Kind.BELIEF: "beliefs",
        Kind.SEXUALITY: "sexuality",
        Kind.ABILITY: "abilities",
        Kind.MONEY: "debts",
        Kind.LAW: "trouble with the law",
    }
)
"""What the kinds are called when a decision is told. A rule's id is whose and what: "other-health"."""

WHOSE: Mapping[About, str] = MappingProxyType(
    {About.OWN: "your", About.OTHER: "somebody else's", About.UNCLEAR: "somebody's"}
)

RULES: Mapping[str, tuple[Mapping[Stage, Outcome], str]] = MappingProxyType(
    {
        # Secrets are taken out before anything is stored (gum.redact), instructions before anything is
        # drafted (gum.roles); here both stand once more before the door.
        "secret": ({Stage.LEAVE: Outcome.WITHHOLD}, "It holds a password, a code, a key or a card number."),
        "instruction": ({Stage.LEAVE: Outcome.WITHHOLD}, "It speaks to an assistant instead of to you."),
        SAYS_NO: ({}, "The language model on this machine says it should not be passed on."),
        SILENT: (
            {},
            "The language model on this machine was to be asked, and gave no usable answer.",
        ),
        "ordinary": ({}, "There is nothing private in it."),
    }
)
"""The other rules: what they do at a stage (else: allow), and why."""


NEVER = frozenset({"secret"})
"""Rules that cannot be lifted."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to go on. `recipient` in the person's words, e.g. "the model server at example.org"."""

    stage: Stage
    text: str
    recipient: str = "Gumption"
    app: str = ""  # where it was seen, for what leaves: ""
    trust: Trust = Trust.READ
    observation_id: ObservationId | None = None

    @property
    def place(self) -> str:
        """What an exception holds for: the recipient of what leaves, else the application."""
        return self.recipient if self.stage is Stage.LEAVE else self.app


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of it, by which rule, and why, in the person's words."""

    outcome: Outcome
    rule: str
    reason: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision with what it was about, for the log."""

    question: Question
    decision: Decision


@dataclass(frozen=True, slots=True)
class Exemption:
    """What the person allowed from then on: a rule, in an application or for a recipient."""

    rule: str
    place: str


class Asker(Protocol):
    """A language model that answers the five questions (`gum.model.llm_auditor`)."""

    def ask(self, question: Question, known: Sequence[str]) -> Decision:
        """What it makes of `question`; `known`: claims about the person. Raises ModelUnavailable."""
        ...


def judge(
    question: Question, names: Set[str] = frozenset(), allowed: Collection[Exemption] = frozenset()
) -> Decision:
    """What the rules say: the strictest of what its sentences call for. Pure and certain.

    `names`: other people that are known, in normal form. `allowed`: the person's exceptions.
    """
    called = [
        _decision(rule, outcome, question)
        for rule, outcome in _called(question, names)
        if rule in NEVER or Exemption(rule, question.place) not in allowed
    ]
    # Of equally strict ones the unclear: a model may still be asked about it.
    called.sort(key=lambda d: (STRICTNESS.index(d.outcome), unclear(d)), reverse=True)
    return called[0] if called else _decision("ordinary", Outcome.ALLOW, question)


def stricter(one: Decision, other: Decision) -> Decision:
    """The stricter of two; the first when both are as strict."""
    return other if STRICTNESS.index(other.outcome) > STRICTNESS.index(one.outcome) else one


def weighed(
    question: Question,
    ruled: Decision,
    asker: Asker | None,
    known: Sequence[str] = (),
    allowed: Collection[Exemption] = frozenset(),
) -> Decision:
    """What the rules and the model say together: never looser than the rules.

    What the rules withhold is not shown to the model. A model that fails withholds what would leave, and what
    the rules only allowed because it was unclear; else the rules stand.
    """
    if asker is None or ruled.outcome is Outcome.WITHHOLD:
        return ruled
    try:
        said = asker.ask(question, known)
    except Exception:  # noqa: BLE001 - fails closed: whatever goes wrong in a model must not open the door
        if question.stage is not Stage.LEAVE and not unclear(ruled):
            return ruled
        said = _decision(SILENT, Outcome.WITHHOLD, question)
    if Exemption(said.rule, question.place) in allowed:
        return ruled
    if question.stage is Stage.LEAVE and said.outcome is Outcome.HIDE:
        said = replace(said, outcome=Outcome.WITHHOLD)  # what is out of the house cannot be hidden any more
    return stricter(ruled, said)


def unclear(decision: Decision) -> bool:
    """Whether the rules could not tell whose matter it is."""
    return decision.rule.startswith(f"{About.UNCLEAR.value}-")


def sifted(
    observation: Observation,
    names: Set[str] = frozenset(),
    allowed: Collection[Exemption] = frozenset(),
    asker: Asker | None = None,
    known: Sequence[str] = (),
) -> tuple[Observation | None, list[Entry]]:
    """What of an observation may be drafted from, and what was held back. None: nothing of it.

    Held back is the line with the sentence, the title, or the search words, so that one line about somebody's
    illness does not cost what else is on the screen.
    """
    held: list[Entry] = []

    def kept(text: str) -> bool:
        if not suspicious(text):
            return True
        q = Question(
            Stage.DRAFT, text, app=observation.app, trust=observation.trust, observation_id=observation.id
        )
        ruled = judge(q, names, allowed)
        decision = weighed(q, ruled, asker, known, allowed) if unclear(ruled) else ruled
        if decision.outcome is not Outcome.ALLOW:
            held.append(Entry(q, decision))
        return decision.outcome is Outcome.ALLOW

    title = observation.title if kept(observation.title) else ""
    url = observation.url if kept(search_query(observation.url) or "") else None
    text = observation.text
    if suspicious(text[:MAX_TEXT]):
        text = "\n".join(line for line in _unwrapped(text[:MAX_TEXT]) if kept(line))
    if not held:
        return observation, held
    left = replace(observation, title=title, url=url, text=text)
    return (left if title or url or text.strip() else None), held


def _unwrapped(text: str) -> list[str]:
    """The lines of a text; one that goes on in small letters is one with the line before, newline and all."""
    found: list[str] = []
    for line in text.split("\n"):
        begun = found[-1].rstrip()[-1:] if found else ""
        if line[:1].islower() and (begun.isalpha() or begun == ","):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def screened(
    draft: Draft,
    app: str,
    names: Set[str] = frozenset(),
    allowed: Collection[Exemption] = frozenset(),
    asker: Asker | None = None,
    known: Sequence[str] = (),
) -> tuple[Draft | None, Entry | None]:
    """The draft as it may be kept (hidden ones are sensitive), and the decision if it is not "allow"."""
    said = "; ".join(draft.slots.values())
    cited = draft.evidence[0].observation_id if draft.evidence else None
    q = Question(Stage.STORE, said, app=app, trust=Trust.AUTHORED, observation_id=cited)
    decision = weighed(q, judge(q, names, allowed), asker, known, allowed)
    if decision.outcome is Outcome.WITHHOLD:
        return None, Entry(q, decision)
    if decision.outcome is Outcome.HIDE:
        return replace(draft, sensitivity=Sensitivity.SENSITIVE), Entry(q, decision)
    freed = judge(q, names).outcome is Outcome.HIDE  # and would be hidden, had the person not allowed it
    return (replace(draft, sensitivity=Sensitivity.NORMAL) if freed else draft), None


def excerpt(text: str) -> str:
    """The beginning of what a decision was about, on one line."""
    flat = " ".join(clean(text).split())
    if len(flat) <= EXCERPT:
        return flat
    whole = flat[:EXCERPT].rpartition(" ")[0]  # half a name would not be known for one
    return (whole or flat[: EXCERPT - 1]) + "…"


def _called(question: Question, names: Set[str]) -> list[tuple[str, Outcome]]:
    """The rules that a question calls for, and what each would do."""
    text, stage = question.text[:MAX_TEXT], question.stage
    found = []
    if stage is Stage.LEAVE:
        if redacted(text) != text:
            found.append("secret")
        if quarantined(text):
            found.append("instruction")
    called = [(rule, RULES[rule][0].get(stage, Outcome.ALLOW)) for rule in found]
    for sentence in sentences(text) if suspicious(text) else ():
        for kind, about in private_matters(sentence, names, question.trust):
            called.append((f"{about.value}-{kind.value}", STAGES[about][stage]))
    return called


_PRIVATE_RULE = re.compile(r"(?P<about>own|other|unclear)-(?P<kind>\w+)")


def _decision(rule: str, outcome: Outcome, question: Question) -> Decision:
    match = _PRIVATE_RULE.fullmatch(rule)
    if match is None:
        reason = RULES[rule][1]
    else:
        reason = f"It tells of {WHOSE[About(match['about'])]} {PRIVATE[Kind(match['kind'])]}."
    if question.stage is Stage.LEAVE and outcome is Outcome.WITHHOLD:
        reason = f"{reason} It would have gone to {question.recipient}."
    return Decision(outcome, rule, reason, question.stage)
