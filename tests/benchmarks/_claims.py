"""What the store's benchmarks share: years of a made-up person, the same for the same seed.

Claims of every type of `gum.claims.TABLE`, the observations they rest on, and questions about them. Words
are drawn as they are in real texts, a few of them all the time and most hardly ever (Zipf's law): the
commonest from lists, the long tail put together from syllables, which makes some 30,000 in all.
"""

import base64
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gum.claims import TABLE, word
from gum.types import (
    Evidence,
    Observation,
    ObservationId,
    Proposition,
    PropositionId,
    Sensitivity,
    Status,
    Trust,
)

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
WORDS = 30_000
_LISTS = {
    "nouns": "report meeting project budget plan week review draft team client invoice notes chapter "
    "lecture exam paper thesis garden kitchen flight hotel train ticket order letter contract "
    "lesson recipe survey proposal sketch schedule market harbour bridge museum station valley "
    "island meadow mill library clinic school theatre orchestra choir bakery workshop warehouse "
    "factory river forest mountain camera lens engine battery sensor bicycle piano violin guitar "
    "canvas statistics grammar chemistry history geometry biology economics poetry turbine "
    "dataset query parser compiler kernel browser script server backup archive index cache ledger "
    "payroll insurance mortgage pension visa passport vaccine therapy diet harvest compost "
    "orchard beehive telescope comet eclipse glacier volcano coral lichen falcon otter tractor "
    "loom pottery mosaic",
    "first": "Anna Ben Carla David Elena Farid Greta Hugo Ines Jonas Klara Liam Maria Noah Olga Pablo "
    "Quinn Rosa Sven Tara Umar Vera Wim Xenia Yusuf Zoe Akira Bruno Chiara Dora Emil Fatima Goran "
    "Hana Igor Jana Kofi Leila Marek Nina",
    "last": "Meyer Silva Rossi Novak Tanaka Dubois Jansen Garcia Kowalski Andersson Okafor Haddad Costa "
    "Weber Moreau Lindqvist Ferreira Bianchi Nakamura Schulz Petrov Ortega Visser Keller Laurent "
    "Romano Sato Duarte Hansen Vogel",
    "places": "Lisbon Porto Kyoto Bergen Ghent Lyon Turin Zagreb Tartu Leipzig Utrecht Malmö Gdańsk "
    "Valencia Trieste Bologna Basel Graz Aarhus Nantes Sapporo Coimbra Brno Tromsø Girona",
    "tools": "Firefox LibreOffice Vim Blender Inkscape R Python Zotero Thunderbird Krita Audacity QGIS "
    "Docker",
    "shops": "Bookshop Toolhouse Greenleaf Lensworld Papierhaus Cyclo Farmbox",
}
NOUNS, FIRST, LAST, PLACES, TOOLS, SHOPS = (words.split() for words in _LISTS.values())
APPS = ("firefox", "vim", "libreoffice", "thunderbird", "mousepad", "xterm", "evince", "zotero")
KINDS = {  # how often each type of claim is made, out of 100
    "working_on": 24,
    "communicating_with": 14,
    "interested_in": 14,
    "has_deadline": 9,
    "preparing_for": 7,
    "learning": 6,
    "uses_for": 6,
    "waiting_for": 5,
    "bought": 5,
    "plans_to_go": 4,
    "struggling_with": 3,
    "prefers": 2,
    "holds_role": 1,
}
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A claim, an observation that tells of it, and evidence: that one and two earlier ones."""

    claim: Proposition
    seen: Observation
    evidence: tuple[Evidence, ...]


class Person:
    """Draws everything; the same `seed` draws the same."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._claimed: set[str] = set()
        self._lately: list[tuple[str, str]] = []  # observations and a line of each
        self._count = 0

    def learns(self, count: int) -> Iterator[Learnt]:
        """`count` more claims, no two the same, each a few minutes after the one before."""
        for _ in range(count):
            yield self._learns()

    def asks(self, known: list[Proposition], count: int) -> list[str]:
        """Questions about `known`: words, names, sentences, beginnings of words, and some about nothing."""
        return [self._asks(self._chance.choice(known)) for _ in range(count)]

    def _learns(self) -> Learnt:
        chance = self._chance
        self._count += 1
        at = NOW - timedelta(minutes=5 * 100_000) + timedelta(minutes=5 * self._count)
        kind, slots, text = self._claim()
        while text in self._claimed:
            kind, slots, text = self._claim()
        self._claimed.add(text)
        claim = Proposition(
            id=PropositionId(self._id()),
            type=kind,
            slots=slots,
            text=text,
            subject="user",
            confidence=chance.uniform(0.3, 0.95),
            half_life=TABLE[kind].half_life,
            sensitivity=Sensitivity.NORMAL,
            status=Status.ACTIVE,
            valid_from=at,
            valid_until=None,
            created_at=at,
            supported_at=at,
        )
        seen = self._observation(at, ", ".join(slots.values()))
        self._lately = [*self._lately[-50:], (seen.id, seen.text.split("\n")[0])]
        cited = [(seen.id, ", ".join(slots.values()))]
        cited += [chance.choice(self._lately) for _ in range(2)]
        evidence = tuple(
            Evidence(ObservationId(key), f"{quote[:60]} {n}", weight=chance.uniform(0.5, 2))
            for n, (key, quote) in enumerate(cited)
        )
        return Learnt(claim, seen, evidence)

    def _observation(self, at: datetime, about: str) -> Observation:
        chance = self._chance
        lines = [about, *(" ".join(self._word() for _ in range(10)) for _ in range(chance.randint(3, 8)))]
        app = chance.choice(APPS)
        return Observation(
            id=ObservationId(self._id()),
            source="ui_tree",
            at=at,
            until=at + timedelta(seconds=40),
            app=app,
            title=f"{about} - {app.title()}",
            text="\n".join(lines),
            trust=Trust.ACTED_ON,
            url=f"https://{self._word()}.example.org/{self._word()}" if app == "firefox" else None,
        )

    def _claim(self) -> tuple[str, dict[str, str], str]:
        kind = self._chance.choices(list(KINDS), list(KINDS.values()))[0]
        row = TABLE[kind]
        wanted = [name for name in row.slots if name not in row.optional or self._chance.random() < 0.4]
        slots = {name: self._slot(name) for name in wanted}
        return kind, slots, word(kind, slots)

    def _slot(self, name: str) -> str:
        chance = self._chance
        one, two = self._word(), self._word()
        if name in ("person", "from"):
            return f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        if name == "date":
            return f"{chance.randint(1, 28)} {chance.choice(('March', 'June', 'November'))} 2027"
        if name == "place":
            return chance.choice(PLACES)
        if name == "tool":
            return chance.choice(TOOLS)
        if name in ("shop", "org"):
            return f"{chance.choice(SHOPS)} {one}" if chance.random() < 0.5 else chance.choice(SHOPS)
        if name == "thing":
            return f"{one}_{two}.{chance.choice(('md', 'odt', 'py', 'pdf'))}"
        return f"{one} {two} {self._word()}" if chance.random() < 0.4 else f"{one} {two}"

    def _asks(self, claim: Proposition) -> str:
        chance = self._chance
        slot = chance.choice(list(claim.slots.values()))
        words = slot.replace("_", " ").replace(".", " ").split()
        form = chance.randrange(10)
        if form < 3:
            return slot
        if form < 5:
            return " ".join(words[:2])
        if form < 6:
            return chance.choice(words)[:5]
        if form < 7:
            return f"{self._word()} {self._word()}"
        if form < 8:
            return "".join(chance.choice(_SYLLABLES) for _ in range(4)) + " " + words[0]
        if form < 9:
            return f"when did I last work on {slot} with {chance.choice(FIRST)}"
        return f"what does the user know about {' and '.join(words)}"

    def _id(self) -> str:
        """As `gum.types.new_id` makes them."""
        return base64.b32encode(self._chance.randbytes(10)).decode().lower()

    def _word(self) -> str:
        # The logarithm of the rank drawn evenly: the word of rank r comes with a chance of about 1 / r.
        rank = int(math.exp(self._chance.random() * math.log(WORDS)))
        if rank <= len(NOUNS):
            return NOUNS[rank - 1]
        parts = []
        while rank:
            rank, part = divmod(rank, len(_SYLLABLES))
            parts.append(_SYLLABLES[part])
        return "".join(parts)
