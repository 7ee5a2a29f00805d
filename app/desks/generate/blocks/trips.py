"""Blocks that show where the person is going: looked for and booked, agreed upon, packed for, called off."""

from collections.abc import Sequence
from datetime import timedelta

from app.desks.generate.build import Build, Strip
from app.desks.generate.dates import Written
from app.desks.generate.moves import (
    answers,
    appends,
    article,
    comes,
    enters,
    from_contact,
    letter,
    number,
    opens,
    reads,
    says,
    search,
    with_friend,
)
from app.desks.generate.parts import When


def goes(
    b: Build, place: Sequence[str], day: Written | None, shown: Sequence[str], ends: When | None = None
) -> str:
    """The fact ends when the journey is over, or was called off."""
    until = ends or (b.end_of(day.day + timedelta(days=b.rng.randint(2, 9))) if day else None)
    fact = b.fact("plans_to_go", {"place": place}, shown, ends=until)
    if day is not None:
        slots = {"place": place, "date": day.readings}
        b.fact("plans_to_go", slots, shown, also=["preparing_for", "has_deadline"], ends=until, minor=True)
    b.minor("interested_in preparing_for", place, shown)
    if day is not None and ends is None:
        start = b.end_of(day.day) - timedelta(days=4)
        b.want(
            "prepare", f"Prepare the journey to {place[0]}", shown[-1], b.end_of(day.day), fact, after=start
        )
    return fact


def _looked_up(b: Build, s: Strip, place: Sequence[str], see: str) -> list[str]:
    title = b.say("trip.guide", place=place[0])
    page = article(b, title, b.say("trip.guide.body", place=place[0], see=see))
    keys = search(b, s, b.say("trip.query", place=place[0]), place, [(title, b.say("search.text"), page)])
    reads(b, s, page, place, way=False)
    return keys


def _booked(b: Build, s: Strip, place: Sequence[str], day: Written, company: str) -> tuple[list[str], str]:
    """Searches and books; keys, and the reference."""
    reference = number(b, company[:2].upper() if company[:2].isascii() else "R")
    form = b.page("travel.search", company=company)
    booking = b.page(
        "travel.booking",
        company=company,
        reference=reference,
        from_=b.context.town,
        to=place[0],
        date=day.bare,
        passenger=b.context.persona.name,
        price=b.price(f"{b.rng.randint(28, 320)}.00"),
    )
    keys = [s.go(form), s.type(b.context.town, "from"), s.type(place[0], "to"), s.type(day.bare, "date")]
    if b.chance(0.6):
        s.click("search")
        s.read(b.rng.randint(15, 60))
    keys.append(s.click("book", booking))
    b.minor("bought waiting_for", [company, reference, *b.life("tickets")], keys)
    b.minor("uses_for", [company], keys, purpose=[*place, *b.life("tickets")])
    return keys[2:], reference


def booked(b: Build) -> None:
    """Looked for first, booked in the same or another session; the confirmation comes by mail."""
    one = b.stock("places", "name")
    place = list(one["name"])
    company = b.rng.choice(b.life("companies"))
    at = b.sessions(b.rng.choice([1, 2]))
    day = b.write(b.ahead(at[-1], 3, 45), at[-1])
    s = b.scene(at[0])
    shown = _looked_up(b, s, place, one["see"]) if len(at) > 1 or b.chance(0.5) else []
    t = b.scene(at[-1])
    keys, reference = _booked(b, t, place, day, company)
    shown += keys
    body = b.say("trip.confirmed", place=place[0], date=day.said, code=reference)
    page = letter(
        b,
        at[-1],
        company,
        b.say("address.notice", code="22"),
        b.say("trip.confirmed.subject", code=reference),
        body,
    )
    u = b.scene(at[-1])
    shown.append(comes(b, u, page))
    if b.chance(0.6):
        shown.append(opens(b, b.scene(at[-1]), page))
    goes(b, place, day, shown)


def agreed(b: Build) -> None:
    """Invited by a friend; the person promises to come and enters it in the calendar."""
    one, who = b.stock("places", "name"), b.contact(work=False, fresh=False)
    place = list(one["name"])
    first, second = b.sessions(2)
    day = b.write(b.ahead(second, 4, 40), first)
    body = b.say("trip.invite", place=place[0], date=day.said)
    page = from_contact(b, first, who, place[0], body)
    came = comes(b, b.scene(first, "first"), page)
    s = b.scene(first)
    shown = [came, opens(b, s, page), answers(b, s, page, b.say("trip.accept", place=place[0]))]
    shown += enters(b, b.scene(second), day, b.say("trip.event", place=place[0]))[1:]
    goes(b, place, day, shown)


def packed(b: Build) -> None:
    """Writes a list of what to take, and looks up the weather and the town."""
    one = b.stock("places", "name")
    place = list(one["name"])
    at = b.sessions(b.rng.choice([1, 2]))
    day = b.write(b.ahead(at[-1], 1, 10), at[-1])
    shown: list[str] = []
    s = b.scene(at[0])
    if b.chance(0.5):
        shown += search(b, s, b.say("trip.weather", place=place[0]), place)
    else:
        shown.append(
            reads(b, s, article(b, place[0], b.say("trip.guide.body", place=place[0], see=one["see"])), place)
        )
    t = b.scene(at[-1])
    name = b.say("trip.file", place=place[0].lower())
    things = b.rng.sample(b.life("luggage"), 3)
    shown.append(t.file(name))
    shown.append(appends(b, t, [b.say("trip.list", place=place[0], date=day.bare), *things]))
    b.minor("working_on bought interested_in", things, shown[-1:])
    goes(b, place, day, shown)


def told(b: Build) -> None:
    """Tells a friend about it; seen in passing."""
    one, who, session = b.stock("places", "name"), b.contact(fresh=False), b.sessions(1)[0]
    place = list(one["name"])
    day = b.write(b.ahead(session, 2, 30), session)
    talk = with_friend(b, who, [(who.name, b.say("trip.ask", name=b.context.first))])
    shown = says(b, b.scene(session), talk, b.say("trip.tell", place=place[0], date=day.said))[1:]
    goes(b, place, day, shown)


def called_off(b: Build) -> None:
    """Booked, and later cancelled by those who run it: the person stays at home."""
    one = b.stock("places", "name")
    place = list(one["name"])
    company = b.rng.choice(b.life("companies"))
    first, second = b.sessions(2)
    day = b.write(b.ahead(second, 3, 20), first)
    shown, reference = _booked(b, b.scene(first), place, day, company)
    subject = b.say("trip.cancelled.subject", code=reference)
    page = letter(
        b,
        second,
        company,
        b.say("address.notice", code="31"),
        subject,
        b.say("trip.cancelled", place=place[0]),
    )
    comes(b, b.scene(second, "first"), page)
    t = b.scene(second)
    opens(b, t, page)
    stays = answers(b, t, page, b.say("trip.stays", place=place[0]))
    goes(b, place, day, shown, ends=stays)
    b.fact(
        "plans_to_go",
        {"place": place},
        [stays],
        text=f"Does not plan to go to {place[0]} any more",
        begins=stays,
        negative=True,
        minor=True,
    )
    b.minor("waiting_for", [company, *b.life("refunds")], [stays])


BLOCKS = (booked, agreed, packed, told, called_off)
