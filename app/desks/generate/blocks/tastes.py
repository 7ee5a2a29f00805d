"""Blocks that show what the person prefers. Half of the tastes change: first one thing, then the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.desks.generate.build import Build, Strip
from app.desks.generate.moves import (
    Ware,
    looks_at,
    number,
    order,
    posts,
    says,
    with_friend,
    writes,
)
from app.desks.generate.names import core
from app.desks.generate.parts import Stock, Unsuited

CHANGES = 0.5  # of the tastes


@dataclass(frozen=True, slots=True)
class _Taste:
    """Which of a pair is liked at first; the stocks list them in either order."""

    stock: Stock
    first: int

    @property
    def likes(self) -> list[str]:
        return list(self.stock["pair"][self.first])

    @property
    def other(self) -> list[str]:
        return list(self.stock["pair"][1 - self.first])


def taste(b: Build, *kinds: str) -> _Taste:
    options = [one for one in b.life("tastes") if one["kind"] in kinds]
    stock = b.fresh("taste", options, lambda one: str(one["pair"][0][0]))
    return _Taste(stock, b.rng.randrange(2))


def settled(b: Build, one: _Taste, shown: Sequence[str], changed: Sequence[str] = ()) -> None:
    """The facts: what is preferred, and since `changed` the other thing; each denies the other."""
    ends = changed[0] if changed else None
    begins = b.ago(20, 900)
    liked = b.fact("prefers", {"thing": one.likes}, shown, begins=begins, ends=ends)
    b.fact(
        "prefers",
        {"thing": one.other},
        shown,
        text=f"Does not prefer {one.other[0]}",
        ends=ends,
        negative=True,
        minor=True,
    )
    b.minor("interested_in bought", [*one.likes, *one.other], shown)
    if changed:
        b.fact("prefers", {"thing": one.other}, changed, begins=changed[0], replaces=liked)
        b.fact(
            "prefers",
            {"thing": one.likes},
            changed,
            text=f"No longer prefers {one.likes[0]}",
            begins=changed[0],
            negative=True,
            minor=True,
        )


def changes(b: Build) -> bool:
    return b.chance(CHANGES) and len(b.context.begins) > 1


def reason(b: Build, one: _Taste) -> str:
    """Why the stocks' first thing is liked; the other way round there is none."""
    return str(b.rng.choice(one.stock["because"])) if one.first == 0 else b.say("taste.because")


def told(b: Build) -> None:
    """Says so to a friend, and later the opposite."""
    one = taste(b, "words", "goods", "setting")
    who = b.contact(work=False, fresh=False)
    change = changes(b)
    at = b.sessions(2 if change else 1)
    asked = b.say("taste.ask", a=one.stock["pair"][0][0], b=one.stock["pair"][1][0])
    text = b.say("taste.tell", a=one.likes[0], b=one.other[0], why=reason(b, one))
    shown = says(b, b.scene(at[0]), with_friend(b, who, [(who.name, asked)]), text)[1:]
    if not change:
        return settled(b, one, shown)
    again = with_friend(b, who, [(who.name, b.say("taste.again", a=one.likes[0]))])
    later = says(b, b.scene(at[1]), again, b.say("taste.changed", a=one.likes[0], b=one.other[0]))
    return settled(b, one, shown, later[1:])


def _bought(b: Build, s: Strip, one: Ware, *, twice: bool = False) -> list[str]:
    """An order from the shop, or the list of what is ordered again."""
    keys = [looks_at(b, s, one)]
    keys.append(s.click("buy", order(b, [one, one] if twice else [one], number(b, ""))))
    b.minor("bought waiting_for interested_in", core(one.name), keys, shop=[one.shop])
    return keys


def ordered(b: Build) -> None:
    """Orders the same thing again and again, then the other one, saying why."""
    one = taste(b, "goods")
    shop = b.say("shop.groceries")
    wares = [Ware(shop, name, b.price(amount), amount) for name, amount in one.stock["goods"]]
    liked, other = wares[one.first], wares[1 - one.first]
    change = changes(b) and len(b.context.begins) > 2
    at = b.sessions(3 if change else 2)
    shown = [*_bought(b, b.scene(at[0]), liked), *_bought(b, b.scene(at[1]), liked, twice=b.chance(0.5))]
    if not change:
        return settled(b, one, shown)
    s = b.scene(at[2])
    later = _bought(b, s, other)
    who = b.contact(work=False, fresh=False)
    said = b.say("taste.changed", a=one.likes[0], b=one.other[0])
    later += says(b, s, with_friend(b, who, [(who.name, b.say("taste.again", a=one.likes[0]))]), said)[1:]
    return settled(b, one, shown, later)


def in_settings(b: Build) -> None:
    """Writes it into a settings file; the last line counts there."""
    one = taste(b, "setting")
    stock = one.stock
    change = changes(b)
    at = b.sessions(2 if change else 1)
    s = b.scene(at[0])
    s.file(stock["file"], stock["folder"], "# settings\n")
    shown = [s.type(stock["lines"][one.first] + "\n"), s.save()]
    if not change:
        return settled(b, one, shown)
    t = b.scene(at[1])
    t.file(stock["file"], stock["folder"], "# settings\n")
    text = f"# {b.say('taste.comment', a=one.likes[0])}\n{stock['lines'][1 - one.first]}\n"
    later = [t.type(text), t.save()]
    return settled(b, one, shown, later)


def by_command(b: Build) -> None:
    """Sets it in the terminal."""
    if not b.context.job["terminal"]:
        raise Unsuited("no terminal in this job")
    one = taste(b, "command")
    change = changes(b)
    shown: list[list[str]] = []
    for n, session in enumerate(b.sessions(2 if change else 1)):
        s = b.scene(session)
        s.terminal()
        shown.append([s.run(one.stock["commands"][one.first if n == 0 else 1 - one.first])])
    b.minor("uses_for", [*one.likes, *one.other], shown[0], purpose=one.stock["commands"])
    settled(b, one, shown[0], shown[1] if change else ())


def in_forum(b: Build) -> None:
    """Takes sides in a thread."""
    one = taste(b, "words", "goods")
    first, second = one.stock["pair"][0][0], one.stock["pair"][1][0]
    title = b.say("taste.title", a=first, b=second)
    before = [(b.stranger(), b.say("taste.open", a=first, b=second))]
    text = b.say("taste.tell", a=one.likes[0], b=one.other[0], why=reason(b, one))
    s = b.scene(b.sessions(1)[0])
    shown = posts(b, s, b.rng.choice(b.life("private_forums")), title, before, text)
    settled(b, one, shown[1:])


def by_letter(b: Build) -> None:
    """Asks in a letter for the thing they like; later for the other one."""
    one = taste(b, "words")
    who = b.contact(fresh=False)
    change = changes(b)
    shown: list[list[str]] = []
    for n, session in enumerate(b.sessions(2 if change else 1)):
        like, rest = (one.likes, one.other) if n == 0 else (one.other, one.likes)
        key = "taste.letter" if n == 0 else "taste.letter.changed"
        text = b.say(key, a=like[0], b=rest[0], name=who.short)
        subject = b.say("taste.letter.subject")
        shown.append(writes(b, b.scene(session), who.name, who.address, subject, text)[1:2])
    settled(b, one, shown[0], shown[1] if change else ())


BLOCKS = (told, ordered, in_settings, by_command, in_forum, by_letter)
