"""Puts the scenes of all blocks in an order that could be a person's, and so gives every act its time.

Within a session the scenes of a block keep their order, those of different blocks mix. What only happens to
the person (a mail, a notice) may come while they are at something else. Between scenes they go where the
next one takes place: they switch, open a program, close one document to open another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from app.desks.generate.parts import Act, Contribution, Place, Scene, When
from app.desks.types import Busy, Decoy, Do, Fact, Program, Secret, Session, Step, Want

_Owned = tuple[str, Scene]  # with the name of its block
INTERRUPTS = 0.6  # of what just happens comes in the middle of something
_ONE_DOCUMENT = frozenset({Program.EDITOR, Program.OFFICE, Program.FILES})
_BROWSERS = frozenset({Program.BROWSER, Program.PRIVATE})
_SECONDS = {  # that a step takes, about; typing and reading are worked out
    Do.OPEN: 8,
    Do.VISIT: 6,
    Do.CLICK: 5,
    Do.RUN: 14,
    Do.SAVE: 3,
    Do.SWITCH: 3,
    Do.MAIL: 2,
    Do.NOTIFY: 2,
    Do.CLOSE: 3,
}
_PER_LETTER = {True: 0.55, False: 1.6}  # seconds; letters of scripts that are typed as sounds take longer
_WITHOUT = 25  # seconds of reading where a step does not say


@dataclass(frozen=True, slots=True)
class Woven:
    """The sessions, and all that depends on when things happen in them."""

    sessions: tuple[Session, ...]
    facts: tuple[Fact, ...]
    decoys: tuple[Decoy, ...]
    secrets: tuple[Secret, ...]
    wants: tuple[Want, ...]
    busy: tuple[Busy, ...]


@dataclass(slots=True)
class _Table:
    """What has become of the acts: key -> id and time of their steps."""

    step: dict[str, str] = field(default_factory=dict)
    at: dict[str, datetime] = field(default_factory=dict)
    after: dict[str, datetime] = field(default_factory=dict)  # when what follows it begins
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)  # of the sessions

    def when(self, moment: When) -> datetime:
        return moment.astimezone(UTC) if isinstance(moment, datetime) else self.at[moment]


def weave(rng: Random, begins: Sequence[datetime], parts: Sequence[Contribution]) -> Woven:
    """All of it. Sessions in which nothing takes place are left out."""
    table = _Table()
    sessions: list[Session] = []
    marks = _marks(parts)
    files: set[tuple[str, str]] = set()  # that have been open before
    for number, at in enumerate(begins):
        scenes = _ordered(rng, parts, number)
        if not scenes:
            continue
        line = _Line(rng, f"s{len(sessions) + 1}", at, table, marks, files)
        for scene, inner in _interrupted(rng, scenes):
            line.play(scene, inner)
        sessions.append(Session(at.astimezone(UTC), tuple(line.steps)))
        table.spans.append((at.astimezone(UTC), line.now))
    return Woven(
        tuple(sessions),
        tuple(_facts(parts, table)),
        tuple(_decoys(parts, table)),
        tuple(_secrets(parts, table)),
        tuple(_wants(parts, table)),
        tuple(_busy(parts, table)),
    )


# --- order -----------------------------------------------------------------------------------------


def _ordered(rng: Random, parts: Sequence[Contribution], session: int) -> list[_Owned]:
    """The scenes of a session: first ones first, then those of all blocks mixed."""
    chains = [[(part.block, scene) for scene in part.scenes if scene.session == session] for part in parts]
    first = [one for chain in chains for one in chain if one[1].when == "first"]
    rng.shuffle(first)
    chains = [[one for one in chain if one[1].when != "first"] for chain in chains]
    chains = [chain for chain in chains if chain]
    found = list(first)
    while chains:
        chain = rng.choice(chains)
        found.append(chain.pop(0))
        # What belongs together is mostly done in one go.
        while chain and rng.random() < 0.45:
            found.append(chain.pop(0))
        chains = [one for one in chains if one]
    return found


def _interrupted(rng: Random, scenes: Sequence[_Owned]) -> Iterable[tuple[Scene, Scene | None]]:
    """Each scene with what comes in its middle, if anything does.

    That is what would come right after it, of another block: so it is not before what it follows from.
    """
    waiting = list(scenes)
    while waiting:
        block, scene = waiting.pop(0)
        inner = None
        if waiting and waiting[0][0] != block and not scene.arrival and len(scene.acts) > 2:
            inner = waiting.pop(0)[1] if waiting[0][1].arrival and rng.random() < INTERRUPTS else None
        yield scene, inner


# --- steps -----------------------------------------------------------------------------------------


class _Line:
    """One session as it goes: which windows are open, and what the time is."""

    def __init__(
        self,
        rng: Random,
        name: str,
        begins: datetime,
        table: _Table,
        marks: frozenset[str],
        files: set[tuple[str, str]],
    ) -> None:
        self.steps: list[Step] = []
        self.now = begins.astimezone(UTC)
        self._rng, self._name, self._table, self._marks, self._files = rng, name, table, marks, files
        self._windows: list[Place] = []  # the last one is in front; one a program at most
        self._waiting: list[str] = []  # keys of ways that took no step: the next step shows it
        self._fresh = True  # the next step begins a scene

    def play(self, scene: Scene, inner: Scene | None) -> None:
        """Adds the steps of a scene; `inner` happens somewhere in its middle."""
        pause = self._rng.randint(1, len(scene.acts) - 1) if inner is not None else 0
        self._pause(self._rng.randint(3, 45))
        for n, act in enumerate(scene.acts):
            if inner is not None and n == pause:
                for one in inner.acts:
                    self._do(one)
            self._do(act)
        if self._waiting:
            self._step([], Do.READ, {"seconds": self._rng.randint(3, 12)})

    def _do(self, act: Act) -> None:
        if act.do is None:
            assert act.place is not None
            self._waiting.append(act.key)
            self._arrive(act.place)
            return
        self._step([act.key], act.do, act.fields)
        if act.do is Do.CLOSE:
            self._windows.pop()
        elif act.leads is not None:
            self._windows[-1] = act.leads

    def _arrive(self, place: Place) -> None:
        """The way to a place; nothing where the person is there already."""
        there = next((one for one in self._windows if one.program is place.program), None)
        if there is None:
            self._open(place)
            return
        same = _same(there, place)
        if not same and place.program in _ONE_DOCUMENT:
            self._windows.remove(there)
            self._step([], Do.CLOSE, {"program": place.program.value}, arrives=False)
            self._open(place)
            return
        if self._windows[-1] is not there:
            self._windows.remove(there)
            self._windows.append(there)
            self._step([], Do.SWITCH, {"program": place.program.value}, arrives=same)
        if not same:
            self._windows[-1] = place
            self._step([], Do.VISIT, {"page": place.page})

    def _open(self, place: Place) -> None:
        fields: dict[str, object] = {"program": place.program.value}
        if place.file:
            fields["file"] = place.file
        if place.folder:
            fields["folder"] = place.folder
        if place.page:
            fields["page"] = place.page
        if place.holds and (place.folder, place.file) not in self._files:
            fields["holds"] = place.holds
        self._files.add((place.folder, place.file))
        self._windows.append(place)
        self._step([], Do.OPEN, fields)

    def _step(self, keys: Sequence[str], do: Do, fields: object, *, arrives: bool = True) -> None:
        """A step; those who waited for it are shown by it, unless it is only part of the way."""
        assert isinstance(fields, dict)
        name = f"{self._name}.{len(self.steps) + 1}"
        named = [*keys, *(self._waiting if arrives else ())]
        if arrives:
            self._waiting.clear()
        marked = self._fresh or any(key in self._marks for key in named)
        self.steps.append(Step(name, do, fields, self.now if marked else None))
        begun, self._fresh = self.now, False
        for key in named:
            self._table.step[key] = name
            self._table.at[key] = begun
        self._pass(_seconds(do, fields))
        for key in named:
            self._table.after[key] = self.now

    def _pause(self, seconds: int) -> None:
        if self.steps:
            self._pass(seconds)
        self._fresh = True

    def _pass(self, seconds: float) -> None:
        self.now += timedelta(seconds=round(seconds))


def _same(one: Place, other: Place) -> bool:
    if one.program is Program.TERMINAL:
        return True
    return (one.page, one.file, one.folder) == (other.page, other.file, other.folder)


def _seconds(do: Do, fields: dict[str, object]) -> float:
    """How long a step takes a slow person, so that times that are set are hardly ever overrun."""
    if do in (Do.READ, Do.IDLE):
        said = fields.get("seconds", _WITHOUT)
        return float(said) + 4 if isinstance(said, int | float) else _WITHOUT
    if do in (Do.TYPE, Do.REVISE):
        texts = fields.get("texts", (fields.get("text", ""),))
        assert isinstance(texts, tuple)
        return 6 + sum(_PER_LETTER[letter.isascii()] for text in texts for letter in str(text))
    if do is Do.RUN:
        typed = f"{fields['command']}{fields.get('folder', '')}"
        return _SECONDS[do] + _PER_LETTER[True] * len(typed)
    return _SECONDS[do]


# --- what depends on the times ------------------------------------------------------------------------


def _marks(parts: Sequence[Contribution]) -> frozenset[str]:
    """Keys of acts whose moment matters for what is true, wanted or disturbing."""
    found: list[When | None] = []
    for part in parts:
        for claim in part.claims:
            found += [claim.begins, claim.ends, *claim.evidence]
        for want in part.wants:
            found += [want.begins, want.ends]
        found += [one.act for one in part.busy]
    return frozenset(one for one in found if isinstance(one, str))


def _steps(keys: Iterable[str], table: _Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys(table.step[key] for key in keys))


def _facts(parts: Sequence[Contribution], table: _Table) -> Iterable[Fact]:
    start = table.spans[0][0]
    for part in parts:
        for claim in part.claims:
            shown = [table.at[key] for key in claim.evidence]
            begins = table.when(claim.begins) if claim.begins is not None else min(shown, default=start)
            yield Fact(
                id=claim.id,
                text=claim.text,
                type=claim.type,
                slots=claim.slots,
                begins=begins,
                ends=table.when(claim.ends) if claim.ends is not None else None,
                also=claim.also,
                forbidden=claim.forbidden,
                negative=claim.negative,
                half_life=claim.half_life,
                evidence=_steps(claim.evidence, table),
                minor=claim.minor,
                replaces=claim.replaces,
            )


def _decoys(parts: Sequence[Contribution], table: _Table) -> Iterable[Decoy]:
    for part in parts:
        for lure in part.lures:
            yield Decoy(lure.id, lure.kind, lure.text, lure.words, _steps(lure.shown, table))


def _secrets(parts: Sequence[Contribution], table: _Table) -> Iterable[Secret]:
    for part in parts:
        for one in part.secrets:
            yield Secret(one.text, one.kind, _steps(one.shown, table))


def _wants(parts: Sequence[Contribution], table: _Table) -> Iterable[Want]:
    """Those in whose time the person sits at the desk at least once."""
    for part in parts:
        for one in part.wants:
            begins, ends = table.when(one.begins), table.when(one.ends)
            if one.after is not None:
                begins = max(begins, one.after.astimezone(UTC))
            if begins < ends and any(first < ends and begins < last for first, last in table.spans):
                yield Want(one.id, one.kind, one.text, begins, ends, one.benefit, one.cost_false, one.fact)


def _busy(parts: Sequence[Contribution], table: _Table) -> Iterable[Busy]:
    for part in parts:
        for one in part.busy:
            yield Busy(table.at[one.act], table.after[one.act], one.why)
