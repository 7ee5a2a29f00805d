"""The audit at work: around the drafting of every batch, and at the door of this machine.

`gum.audit` and `gum.outbound` decide; here they are given what the store knows (other people, what the person
allowed), and what they decide is logged in the transaction that stores the result.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from gum.audit import (
    RULES,
    SAYS_NO,
    Asker,
    Decision,
    Entry,
    Exemption,
    Outcome,
    Question,
    screened,
    sifted,
)
from gum.outbound import Door, GuardedDecoder, Refused
from gum.people import Person, names_in, numbered, strangers_in
from gum.ports import Clock, Decoder, Drafter, Drafts
from gum.propose import propose
from gum.types import Draft, Observation, ObservationId, Proposition, Revision, Sensitivity
from storage import decisions, observations, people
from storage.db import Database
from storage.mentions import unmentioned

log = logging.getLogger(__name__)

_AT_THE_DOOR: ContextVar[list[Entry] | None] = ContextVar("at_the_door", default=None)
"""Where a guard tells what it held back of a batch: it is logged with what comes of that, or not at all."""
REMEMBERED = 5_000  # observations known to hold nothing private: ids, so that no text outlives forgetting


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store knew when a batch was taken up."""

    people: tuple[Person, ...] = ()
    allowed: frozenset[Exemption] = frozenset()


@dataclass(frozen=True, slots=True)
class Audited:
    """What a drafter made of what it was given, and what was held back.

    `hidden`: the decision on each draft that will be kept hidden, by its wording. `names`: other people named
    in an observation.
    """

    drafts: tuple[Draft, ...]
    dropped: int = 0
    held: tuple[Entry, ...] = ()
    hidden: Mapping[str, Entry] = field(default_factory=dict)
    names: Mapping[ObservationId, Sequence[str]] = field(default_factory=dict)


class Auditing:
    """Rules for every batch; a language model besides, for what a language model drafted."""

    def __init__(self, asker: Asker | None = None) -> None:
        """`asker` must be a model on this machine: what is private is shown to it."""
        self._asker = asker
        self._clean: dict[ObservationId, None] = {}
        self._clean_for = hash(Standing())

    def standing(self, s: Session) -> Standing:
        """What the store knows now. Only reads."""
        return Standing(tuple(people.known(s)), decisions.allowed(s))

    def propose(
        self,
        batch: Sequence[Observation],
        recent: Sequence[Observation],
        known: Sequence[Proposition],
        standing: Standing,
        drafter: Drafter,
        deep: bool = False,
    ) -> Audited:
        """As `gum.propose.propose`, on what the audit lets through, with its drafts audited.

        `deep`: a language model drafts. Blocking; raises what the drafter raises, but Refused:
        then nothing was to be sent, which is no failure of the work.
        """
        usable = [p for p in known if p.sensitivity is Sensitivity.NORMAL]
        by = _By(
            frozenset(p.name for p in standing.people),
            standing.allowed,
            self._asker if deep else None,
            [p.text for p in usable],
        )
        passed, held = self._let_through(batch, by)
        before = self._let_through_again(recent, by, standing)
        at_the_door: list[Entry] = []
        told = _AT_THE_DOOR.set(at_the_door)
        try:
            made = propose(passed, before, usable, drafter)
        except Refused as refused:
            log.info("nothing was drafted by %s: %s", drafter.name, refused.title)
            made = Drafts(())
        finally:
            _AT_THE_DOOR.reset(told)
        held += [_placed(entry, [*batch, *recent]) for entry in at_the_door]
        apps = {o.id: o.app for o in (*recent, *batch)}
        kept: list[Draft] = []
        hidden: dict[str, Entry] = {}
        for draft in made.drafts:
            app = apps.get(draft.evidence[0].observation_id, "")
            # A model was asked about a known claim when that was new; on two cores an answer takes seconds.
            asker = by.asker if draft.text not in by.known else None
            left, entry = screened(draft, app, by.names, by.allowed, asker, by.known)
            if left is not None:
                kept.append(left)
            if entry is not None and left is not None:
                hidden[left.text] = entry
            elif entry is not None:
                held.append(entry)
        dropped = made.dropped + len(made.drafts) - len(kept)
        names = {o.id: found for o in batch if (found := names_in([o]))}
        return Audited(tuple(kept), dropped, tuple(held), hidden, names)

    def _let_through(self, seen: Sequence[Observation], by: "_By") -> tuple[list[Observation], list[Entry]]:
        kept, entries = [], []
        for o in seen:
            left, held = sifted(o, by.names, by.allowed, by.asker, by.known)
            kept += [left] if left is not None else []
            entries += held
            if not held:
                self._remember(o.id)
        return kept, entries

    def _let_through_again(
        self, seen: Sequence[Observation], by: "_By", standing: Standing
    ) -> list[Observation]:
        """What was looked at in a batch already: the model is not asked again, and nothing is logged twice.

        What the rules leave to it is then left out: it may have said no.
        """
        if hash(standing) != self._clean_for:
            self._clean, self._clean_for = {}, hash(standing)
        clean = [o for o in seen if o.id in self._clean]
        unasked = replace(by, asker=_NO if by.asker is not None else None)
        again, _ = self._let_through([o for o in seen if o.id not in self._clean], unasked)
        return [*clean, *again]

    def record(self, s: Session, audited: Audited, applied: Sequence[Revision], now: datetime) -> None:
        """Logs what was decided, in the transaction that stores what came of it.

        Not of what was forgotten meanwhile, and of a hidden claim only when it is new.
        """
        about = [e.question.observation_id for e in (*audited.held, *audited.hidden.values())]
        there = observations.existing(s, [key for key in (*about, *audited.names) if key is not None])
        made = [r for r in applied if r.after is not None]
        named = [name for key, names in audited.names.items() if key in there for name in names]
        named += names_in(claims=[r.after for r in made if r.after is not None])
        people.note(s, named)
        held = [(e, None) for e in audited.held if e.question.observation_id in there]
        fresh = {r.after.text: r.proposition_id for r in made if r.before is None and r.after is not None}
        hidden = [(e, fresh[text]) for text, e in audited.hidden.items() if text in fresh]
        if held or hidden:
            decisions.add(s, [*held, *hidden], people.known(s), now)

    def _remember(self, key: ObservationId) -> None:
        if len(self._clean) >= REMEMBERED:
            self._clean.pop(next(iter(self._clean)))
        self._clean[key] = None


@dataclass(frozen=True, slots=True)
class _By:
    """By what a batch is judged."""

    names: frozenset[str]
    allowed: frozenset[Exemption]
    asker: Asker | None
    known: Sequence[str]


class _Never:
    """Says no to whatever it is asked."""

    def ask(self, question: Question, known: Sequence[str]) -> Decision:
        del known
        return Decision(Outcome.WITHHOLD, SAYS_NO, RULES[SAYS_NO][1], question.stage)


_NO = _Never()


def _placed(entry: Entry, seen: Sequence[Observation]) -> Entry:
    """The entry with the observation whose words did not leave, so that it goes when that is forgotten."""
    line = entry.question.text.strip()
    holds = (o for o in seen if line in o.text or line in o.title)
    of = next(holds, None) or max(seen, key=lambda o: o.at, default=None)
    return replace(entry, question=replace(entry.question, observation_id=of.id if of is not None else None))


def _as_far_as_kept(s: Session, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, without their words where these do not stand in the store any more."""
    gone = unmentioned(s, [e.question.text for e in entries])
    return [
        e if e.question.text not in gone else replace(e, question=replace(e.question, text=""))
        for e in entries
    ]


def guard(database: Database, clock: Clock) -> Callable[[Decoder, str], Decoder]:
    """Makes of a model that is not on this machine one behind the door. For use outside of the event loop."""

    def guarded(inner: Decoder, recipient: str) -> Decoder:
        def door(text: str) -> Door:
            def look(s: Session) -> Door:
                strangers = strangers_in(text)
                people.note(s, strangers)
                there = people.known(s)
                # Beyond the most that are kept they have numbers for this text alone, and never none.
                more = numbered(strangers, there, max((p.number for p in there), default=0))
                return Door([*there, *more], decisions.allowed(s))

            return database.run_sync(look)

        def keep(text: str, entries: Sequence[Entry]) -> None:
            batch = _AT_THE_DOOR.get()
            if batch is not None:
                batch += entries
            told = entries if batch is None else ()
            strangers = strangers_in(text)
            # What was forgotten while this text was on its way must not stay behind here. What is forgotten
            # after this look takes its names with it (`storage.forget`).
            lost = database.read_sync(lambda s: people.unnamed(s, strangers)) if strangers else []
            if not lost and not told:
                return

            def write(s: Session) -> None:
                people.forget(s, people.unnamed(s, [p.shown for p in lost]))
                if told:
                    left = [(e, None) for e in _as_far_as_kept(s, told)]
                    decisions.add(s, left, people.known(s), clock.now())

            database.run_sync(write)

        return GuardedDecoder(inner, recipient, door, keep)

    return guarded
