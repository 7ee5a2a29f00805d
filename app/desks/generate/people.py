"""Who sits at a desk: name, job, age, languages, home, the people around them, and when they sit there."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.desks.generate import stocks
from app.desks.generate.parts import Contact, Context, Country, Stock
from app.desks.types import Persona
from gum.text import normal

ENGLISH = 0.68  # of the desks
SECOND = 0.3  # of the people with another language who also read English
FIRST_DAY = date(2024, 1, 8)
DAYS = 1000  # from which the first session's day is drawn
NEAR_TRIES, MOST_TRIES = 500, 20_000
_PARTS_OF_DAY = ((7.5, 10.5), (13.0, 16.0), (18.5, 20.5))  # hours in which a session may begin


def context(rng: Random) -> Context:
    """A person and the times of their sessions, with nothing planned in them."""
    language = _language(rng)
    country = rng.choice([one for one in stocks.countries() if one.language == language])
    job = rng.choice(stocks.jobs(language))
    names = _names(rng, country, 18, job.get("woman"))
    me = names[0]
    languages = (language, "en") if language != "en" and rng.random() < SECOND else (language,)
    town = rng.choice(country.towns)
    persona = Persona(
        name=me,
        occupation=str(job["name"]),
        age=_age(rng, job),
        languages=languages,
        zone=_zone(rng, country),
    )
    return Context(
        persona=persona,
        country=country,
        language=language,
        job=job,
        town=town,
        client=_family(names[1], language),
        first=_short(me),
        address=_address(rng, me, 0),
        contacts=tuple(_contact(rng, n, name) for n, name in enumerate(names[2:8])),
        others=tuple(names[8:]),
        begins=_sessions(rng, persona),
        load=(),
        used=frozenset(),
    )


def _zone(rng: Random, country: Country) -> ZoneInfo:
    return ZoneInfo(rng.choice(country.zones))


def _language(rng: Random) -> str:
    first, *others = stocks.languages()
    return first if rng.random() < ENGLISH or not others else rng.choice(others)


def _age(rng: Random, job: Stock) -> int:
    low, high = job.get("ages", (23, 66))
    return rng.randint(low, high)


def _names(rng: Random, country: Country, count: int, woman: bool | None) -> list[str]:
    """Full names without a given or family name twice; the first is of a woman or not, where that is said."""
    found: list[str] = []
    taken: set[str] = set()
    for tries in range(MOST_TRIES):
        if len(found) == count:
            break
        near = len(found) < 8 and tries < NEAR_TRIES  # a small stock may have no pair left
        stock = stocks.names()[rng.choice(country.names) if near else _any(rng, country)]
        given, family = rng.choice(stock["given"]), rng.choice(stock["family"])
        if {normal(given), normal(family)} & taken:
            continue
        if not found and woman is not None and (given in stock["women"]) != woman:
            continue
        taken |= {normal(given), normal(family)}
        found.append(f"{family} {given}" if country.language == "ja" else f"{given} {family}")
    assert len(found) == count, "the stocks of names are too small"
    return found


def _any(rng: Random, country: Country) -> str:
    """The name stock of strangers: of anywhere that writes in the same script."""
    if country.language == "ja":
        return "ja"
    return rng.choice([name for name in sorted(stocks.names()) if name != "ja"])


def _short(name: str) -> str:
    """How others call somebody: by the first of their names, which in Japanese is the family name."""
    return name.split()[0]


def _family(name: str, language: str) -> str:
    return name.split()[0] if language == "ja" else name.split()[-1]


def _contact(rng: Random, number: int, name: str) -> Contact:
    return Contact(name, _short(name), _address(rng, name, number), work=number < 3)


def _address(rng: Random, name: str, number: int) -> str:
    """Of an invented host; names in other scripts become a word and a number."""
    parts = [part for part in normal(name).split() if part.isascii()]
    local = ".".join(parts) if parts else f"user{rng.randint(100, 999)}"
    host = rng.choice(["inkpost.test", "mailhof.test", "postbox.test"]) if number >= 3 else "work.test"
    return f"{local}@{host}"


def _sessions(rng: Random, persona: Persona) -> tuple[datetime, ...]:
    """Three to six, over three to twelve days, the first and the last day among them."""
    count, span = rng.randint(3, 6), rng.randint(3, 12)
    first = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    days = [0, span - 1, *(rng.randrange(span) for _ in range(count - 2))]
    slots = sorted({(day, part) for day, part in _slots(rng, days)})
    found = []
    for day, part in slots:
        low, high = _PARTS_OF_DAY[part]
        minute = round(rng.uniform(low, high) * 60)
        at = datetime.combine(first + timedelta(days=day), time(minute // 60, minute % 60))
        found.append(at.replace(tzinfo=persona.zone))
    return tuple(found)


def _slots(rng: Random, days: Sequence[int]) -> list[tuple[int, int]]:
    """A part of the day for each session; where two fall on one, another one is free."""
    found: list[tuple[int, int]] = []
    for day in days:
        free = [(day, part) for part in range(3) if (day, part) not in found]
        if not free:  # a fourth session on one day: the next day then
            free = [(day + 1, part) for part in range(3) if (day + 1, part) not in found]
        weights = [{0: 5, 1: 3, 2: 2}[part] for _, part in free]
        found.append(rng.choices(free, weights)[0])
    return found
