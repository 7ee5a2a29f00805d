"""With what blocks write down what they contribute: pages, scenes of acts, and what these show."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from app.desks.generate import dates, stocks
from app.desks.generate.dates import Written
from app.desks.generate.names import forms
from app.desks.generate.parts import (
    Act,
    Claim,
    Closed,
    Contact,
    Context,
    Contribution,
    Help,
    Hidden,
    Lure,
    Place,
    Scene,
    Stock,
    Unsuited,
    When,
)
from app.desks.types import DecoyKind, Do, Page, Program, SecretKind
from gum.claims import TABLE, word

T = TypeVar("T")
INBOX, SEARCH, SENT = "inbox", "search", "sent"  # pages that all blocks share; `compose` makes them
_WRITERS = {  # as the windows of these programs call themselves, and as people do
    True: ("LibreOffice Writer", "LibreOffice", "office"),
    False: ("Mousepad", "editor", "text editor"),
}
_HALF_LIFE = {  # of each type, unless a block knows better
    "working_on": "days",
    "struggling_with": "hours",
    "waiting_for": "days",
    "prefers": "months",
    "learning": "months",
    "uses_for": "months",
    "bought": "months",
    "holds_role": "years",
}


class Build:
    """One block in the making. `done` gives what it contributes; raises Unsuited wherever it cannot go on."""

    def __init__(self, block: str, rng: Random, context: Context) -> None:
        self.block, self.rng, self.context = block, rng, context
        self._pages: list[Page] = []
        self._strips: list[Strip] = []
        self._claims: list[Claim] = []
        self._lures: list[Lure] = []
        self._secrets: list[Hidden] = []
        self._wants: list[Help] = []
        self._busy: list[Closed] = []
        self._used: set[str] = set()
        self._count = 0

    def done(self) -> Contribution:
        return Contribution(
            block=self.block,
            scenes=tuple(strip.done() for strip in self._strips if strip.acts),
            pages=tuple(self._pages),
            claims=tuple(self._claims),
            lures=tuple(self._lures),
            secrets=tuple(self._secrets),
            wants=tuple(self._wants),
            busy=tuple(self._busy),
            used=frozenset(self._used),
        )

    # --- words ------------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        return self.context.language

    @property
    def words(self) -> dict[str, str]:
        """What stands in braces everywhere in the stocks."""
        c = self.context
        return {
            "town": c.town,
            "client": c.client,
            "me": c.first,
            "name": c.persona.name,
            "year": str(c.begins[0].year),
            "other": c.others[0],
        }

    def life(self, name: str) -> Any:
        """A stock of the life in the block's language, filled in."""
        return stocks.fill(stocks.of(self.language)[name], self.words)

    def say(self, key: str, **slots: str) -> str:
        """One of the phrases of that name, in the block's language."""
        phrase: str = self.rng.choice(stocks.of(self.language)["phrases"][key])
        return str(stocks.fill(phrase, {**self.words, **slots}))

    def chance(self, rate: float) -> bool:
        return self.rng.random() < rate

    def fresh(self, name: str, options: Sequence[T], by: Callable[[T], str], *, share: bool = False) -> T:
        """One of the options that no other block has, told apart by `by`. `share`: leaves it free."""
        free = [one for one in options if f"{name}:{by(one)}" not in self.context.used | self._used]
        if not free:
            raise Unsuited(f"no {name} is left")
        chosen = self.rng.choice(free)
        if not share:
            self._used.add(f"{name}:{by(chosen)}")
        return chosen

    def stock(self, name: str, main: str) -> Stock:
        """A fresh table of the life's stock of that name; `main` is the key whose first text names it."""

        def label(one: Stock) -> str:
            value = one[main]
            return str(value if isinstance(value, str) else value[0])

        return self.fresh(name, self.life(name), label)

    def contact(self, *, work: bool | None = None, fresh: bool = True) -> Contact:
        """Somebody the person knows; `fresh`: whom no other block has."""
        options = [one for one in self.context.contacts if work is None or one.work == work]
        return self.fresh("contact", options, lambda one: one.name, share=not fresh)

    def stranger(self) -> str:
        """The name of somebody the person does not know."""
        return self.fresh("stranger", self.context.others[1:], lambda one: one)

    def price(self, amount: str) -> str:
        return dates.price(amount, self.context.country)

    # --- times ------------------------------------------------------------------------------------

    def sessions(self, count: int, *, first: int = 0) -> list[int]:
        """That many sessions in order, rather ones with little in them; the earliest may be `first`."""
        load = self.context.load
        if len(load) - first < count:
            raise Unsuited("too few sessions")
        weights = {i: self.rng.random() ** (1 + load[i] / 4) for i in range(first, len(load))}
        return sorted(sorted(weights, key=lambda i: weights[i], reverse=True)[:count])

    def day(self, session: int) -> date:
        return self.context.begins[session].date()

    @property
    def last_day(self) -> date:
        return self.context.begins[-1].date()

    def ahead(self, session: int, low: int, high: int) -> date:
        """A day so many days after a session; where it can be, half of them are before the desk is over."""
        first, last = self.day(session) + timedelta(days=low), self.last_day + timedelta(days=1)
        if first <= last and self.chance(0.5):
            return first + timedelta(days=self.rng.randint(0, min(high - low, (last - first).days)))
        return first + timedelta(days=self.rng.randint(0, high - low))

    def write(self, day: date, session: int) -> Written:
        """A day as somebody puts it in that session."""
        return dates.write(self.rng, day, self.day(session), self.language, self.context.country)

    def end_of(self, day: date) -> datetime:
        """The last minute of a day there."""
        zone = self.context.persona.zone
        return datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone)

    def ago(self, low: int, high: int) -> datetime:
        """So many days before the first session."""
        return self.context.begins[0] - timedelta(days=self.rng.randint(low, high))

    # --- what there is ----------------------------------------------------------------------------

    def key(self) -> str:
        self._count += 1
        return f"{self.block}:{self._count}"

    def page(self, kind: str, **fields: object) -> str:
        """A new page; its id."""
        name = f"{self.block}-{len(self._pages) + 1}"
        kept = {name.rstrip("_"): value for name, value in fields.items() if value not in (None, (), "")}
        self._pages.append(Page(name, kind, kept))
        return name

    def field(self, page: str, name: str) -> str:
        """A text of a page of this block."""
        return next(str(one.fields[name]) for one in self._pages if one.id == page)

    def scene(self, session: int, when: str = "any") -> "Strip":
        strip = Strip(self, session, when)
        self._strips.append(strip)
        return strip

    def fact(
        self,
        kind: str,
        slots: Mapping[str, Sequence[str]],
        evidence: Sequence[str],
        *,
        text: str = "",
        begins: When | None = None,
        ends: When | None = None,
        also: Sequence[str] = (),
        forbidden: Sequence[str] = (),
        negative: bool = False,
        half_life: str = "",
        minor: bool = False,
        replaces: str | None = None,
    ) -> str:
        """Something that is true; its id. Without `text` it is worded as the product would."""
        name = f"{self.block}.{len(self._claims) + 1}"
        kept = {slot: tuple(dict.fromkeys(o for o in options if o)) for slot, options in slots.items()}
        self._claims.append(
            Claim(
                id=name,
                text=text or word(kind, {slot: options[0] for slot, options in kept.items()}),
                type=kind,
                slots=kept,
                evidence=tuple(evidence),
                begins=begins,
                ends=ends,
                also=tuple(also),
                forbidden=tuple(forbidden),
                negative=negative,
                half_life=half_life or _HALF_LIFE.get(kind, "weeks"),
                minor=minor,
                replaces=replaces,
            )
        )
        return name

    def minor(
        self, kinds: str, options: Sequence[str], evidence: Sequence[str], **slots: Sequence[str]
    ) -> None:
        """Something true that nobody is expected to find out. `kinds` is "type also also"."""

        kind, *also = kinds.split()
        self.fact(kind, {TABLE[kind].main: options, **slots}, evidence, also=also, minor=True)

    def lure(self, kind: DecoyKind, text: str, words: Sequence[Sequence[str]], shown: Sequence[str]) -> None:
        name = f"{self.block}.decoy{len(self._lures) + 1}"
        self._lures.append(Lure(name, kind, text, tuple(tuple(group) for group in words), tuple(shown)))

    def secret(self, text: str, kind: SecretKind, shown: Sequence[str]) -> None:
        self._secrets.append(Hidden(text, kind, tuple(shown)))

    def want(
        self,
        kind: str,
        text: str,
        begins: When,
        ends: When,
        fact: str | None,
        *,
        after: datetime | None = None,
    ) -> None:
        """Help would be welcome; how much, and how bad a false alarm would be, differs between people."""
        name = f"{self.block}.want{len(self._wants) + 1}"
        benefit, cost = self.rng.randint(5, 9), self.rng.randint(2, 5)
        self._wants.append(Help(name, kind, text, begins, ends, benefit, cost, fact, after))

    def closed(self, act: str, why: str) -> None:
        self._busy.append(Closed(act, why))


class Strip:
    """A scene in the making. Every method gives the key of its act."""

    def __init__(self, build: Build, session: int, when: str) -> None:
        self._build, self.session, self._when = build, session, when
        self.acts: list[Act] = []
        self._at: Place | None = None

    def done(self) -> Scene:
        return Scene(self.session, tuple(self.acts), self._when)

    # --- ways -------------------------------------------------------------------------------------

    def go(self, page: str, *, private: bool = False) -> str:
        """To a page in the browser, or in a private window of it."""
        return self._way(Place(Program.PRIVATE if private else Program.BROWSER, page=page))

    def file(self, name: str, folder: str = "", holds: str = "", *, office: bool = False) -> str:
        """To a document, in the folder of documents unless said otherwise. To have it open is work on it.

        `holds` counts only where the document has not been open before.
        """
        program = Program.OFFICE if office else Program.EDITOR
        folder = folder or self._build.say("documents")
        key = self._way(Place(program, file=name, folder=folder, holds=holds))
        self._build.minor("working_on", forms(name), [key])
        self._build.minor("uses_for", _WRITERS[office], [key], purpose=forms(name))
        return key

    def folder(self, name: str) -> str:
        return self._way(Place(Program.FILES, folder=name))

    def terminal(self) -> str:
        return self._way(Place(Program.TERMINAL))

    def _way(self, place: Place) -> str:
        self._at = place
        return self._act(None, {})

    # --- acts -------------------------------------------------------------------------------------

    def read(self, seconds: int = 0) -> str:
        return self._act(Do.READ, {"seconds": seconds} if seconds else {})

    def type(self, text: str, field: str = "") -> str:
        return self._act(Do.TYPE, {"text": text, "field": field} if field else {"text": text})

    def revise(self, texts: Sequence[str], field: str = "") -> str:
        known: dict[str, object] = {"texts": tuple(texts)}
        return self._act(Do.REVISE, known | {"field": field} if field else known)

    def click(self, name: str, page: str = "") -> str:
        assert self._at is not None
        leads = Place(self._at.program, page=page) if page else None
        key = self._act(Do.CLICK, {"name": name, "page": page} if page else {"name": name}, leads)
        self._at = leads or self._at
        return key

    def run(self, command: str, output: str = "", status: int = 0, folder: str = "") -> str:
        fields: dict[str, object] = {"command": command}
        if output:
            fields["output"] = output
        if status:
            fields["status"] = status
        if folder:
            fields["folder"] = folder
        return self._act(Do.RUN, fields)

    def save(self) -> str:
        return self._act(Do.SAVE, {})

    def close(self) -> str:
        """The window in front."""
        assert self._at is not None
        key = self._act(Do.CLOSE, {"program": self._at.program.value})
        self._at = None
        return key

    # --- what happens to the person ------------------------------------------------------------------

    def mail(self, page: str) -> str:
        return self._happens(Do.MAIL, {"page": page})

    def notify(self, app: str, title: str, text: str) -> str:
        return self._happens(Do.NOTIFY, {"app": app, "title": title, "text": text})

    def idle(self, seconds: int) -> str:
        return self._happens(Do.IDLE, {"seconds": seconds})

    def _happens(self, do: Do, fields: dict[str, object]) -> str:
        key = self._build.key()
        self.acts.append(Act(key, do, fields, None))
        return key

    def _act(self, do: Do | None, fields: Mapping[str, object], leads: Place | None = None) -> str:
        assert self._at is not None, "a scene must first go somewhere"
        key = self._build.key()
        self.acts.append(Act(key, do, dict(fields), self._at, leads))
        return key
