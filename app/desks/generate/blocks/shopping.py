"""Blocks that show what the person bought."""

from collections.abc import Sequence

from app.desks.generate import dates
from app.desks.generate.blocks.secrets import card_number, digits
from app.desks.generate.build import Build
from app.desks.generate.moves import (
    Ware,
    appends,
    comes,
    letter,
    looks_at,
    number,
    opens,
    order,
    posts,
    search,
    ware,
)
from app.desks.generate.names import core
from app.desks.types import SecretKind


def has(b: Build, one: Ware, shown: Sequence[str], *, waits: bool = True) -> None:
    """The fact; until it comes the person also waits for it, else it is called by its short name."""
    named = core(one.name)
    b.fact("bought", {"item": named if waits else named[::-1]}, shown)
    also = "waiting_for interested_in" if waits else "interested_in"
    b.minor(f"bought {also}", [*core(one.name), one.shop], shown)
    b.minor("uses_for", [one.shop], shown, purpose=[*core(one.name), *b.life("shopping")])


def online(b: Build) -> None:
    """Product, cart, card and order, all in the browser."""
    one, session = ware(b), b.sessions(1)[0]
    s = b.scene(session)
    if b.chance(0.4):
        search(b, s, core(one.name)[-1], core(one.name))
    looks_at(b, s, one, also=[n for n, _ in b.rng.choice(b.life("shops"))["goods"][:1]])
    rows = ({"name": one.name, "price": one.price},)
    s.click("add_to_cart", b.page("shop.cart", shop=one.shop, items=rows, total=one.price))
    pay = b.page("shop.pay", shop=one.shop, total=one.price)
    s.click("checkout", pay)
    s.type(b.context.persona.name, "name")
    card, code = card_number(b.rng), digits(b.rng, 4)
    b.secret(card, SecretKind.CARD, [s.type(card, "card_number")])
    s.type(code[:3], "security_code")
    day = b.write(b.ahead(session, 2, 7), session)
    done = order(b, [one], number(b, ""), delivery=b.say("parcel.due", date=day.said))
    shown = [s.click("pay", done)]
    s.read(b.rng.randint(4, 12))
    has(b, one, shown)
    b.minor("waiting_for", [*core(one.name), one.shop, *b.life("parcels")], shown)


def confirmed(b: Build) -> None:
    """Ordered elsewhere; the confirmation comes by mail, and the order is looked at."""
    one, session, code = ware(b), b.sessions(1)[0], number(b, "")
    text = b.say("order.mail", item=one.name, price=one.price, code=code)
    mail = letter(
        b, session, one.shop, b.say("address.shop", code="3"), b.say("order.subject", code=code), text
    )
    first = b.scene(session, "first")
    shown = [comes(b, first, mail)]
    s = b.scene(session)
    shown.append(opens(b, s, mail))
    if b.chance(0.6):
        shown.append(s.go(order(b, [one], code)))
        s.read(b.rng.randint(5, 12))
    has(b, one, shown[1:])


def noted(b: Build) -> None:
    """Bought in a shop in the town; noted among the expenses, and seen at the bank."""
    one, session = ware(b), b.sessions(1)[0]
    s = b.scene(session)
    name = b.say("expenses.file")
    line = b.say("expenses.line", item=core(one.name)[-1], shop=one.shop, price=one.price)
    shown = [s.file(name), appends(b, s, [line])]
    if b.chance(0.7):
        bank = b.rng.choice(b.life("banks"))
        day, salary = dates.short(b.day(session), b.language), b.say("bank.pay")
        rows = (
            {"date": day, "text": one.shop, "amount": f"-{one.price}"},
            {"date": day, "text": salary, "amount": b.price("1850.00")},
        )
        balance = b.price(f"{b.rng.randint(300, 4000)}.20")
        shown.append(s.go(b.page("bank.account", bank=bank, balance=balance, rows=rows)))
        s.read(b.rng.randint(8, 25))
        b.minor("uses_for", [bank], shown[-1:], purpose=b.life("banking"))
        b.minor("communicating_with bought waiting_for", [bank, one.shop, salary], shown[-1:])
    has(b, one, shown, waits=False)


def reviewed(b: Build) -> None:
    """Chooses between two things, takes one, and later tells others about it."""
    one, other = ware(b), ware(b)
    first, second = b.sessions(2)
    s = b.scene(first)
    looks_at(b, s, other)
    looks_at(b, s, one)
    shown = [s.click("buy", order(b, [one], number(b, "")))]
    t = b.scene(second)
    forum = b.rng.choice(b.life("private_forums"))
    item = core(one.name)[-1]
    shown += posts(
        b,
        t,
        forum,
        b.say("review.title", item=item),
        [(b.stranger(), b.say("review.ask", item=item))],
        b.say("review.tell", item=item, shop=one.shop),
    )[1:2]
    has(b, one, shown)


BLOCKS = (online, confirmed, noted, reviewed)
