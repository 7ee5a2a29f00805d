"""What people do again and again at a desk, whatever for: look things up, write letters, chat, buy.

Each move also plans, as minor facts, what somebody watching could truthfully say because of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.desks.generate import dates
from app.desks.generate.build import INBOX, SEARCH, Build, Strip
from app.desks.generate.dates import Written
from app.desks.generate.names import core, forms
from app.desks.generate.parts import Contact

Hit = tuple[str, str, str]  # title, text, id of the page


# --- the web ---------------------------------------------------------------------------------------


def search(
    b: Build, s: Strip, query: str, topic: Sequence[str], hits: Sequence[Hit] = (), open_: bool = True
) -> list[str]:
    """Looks something up and, where there are hits, opens the first. Keys that show the query and the hit."""
    others = [
        {"title": b.say("search.title", topic=topic[0], query=query), "text": b.say("search.text")}
        for _ in range(b.rng.randint(1, 3))
    ]
    results = [{"title": title, "text": text} for title, text, _ in hits]
    results[1:1] = others[:1]
    page = b.page("search.results", query=query, results=(*results, *others[1:]))
    shown = [s.go(SEARCH), s.type(query, "query"), s.click("search", page)][1:]
    s.read(b.rng.randint(8, 25))
    if hits and open_:
        shown.append(s.click(hits[0][0], hits[0][2]))
    b.minor("interested_in learning", [query, *topic, *(h[0] for h in hits[:1])], shown)
    return shown


def article(b: Build, title: str, body: str, *, news: str = "") -> str:
    """A page to read: of a wiki, or of the paper `news`."""
    if news:
        return b.page("news.article", paper=news, title=title, body=body)
    return b.page("wiki.article", title=title, body=body, wiki=b.rng.choice(b.life("wikis")))


def reads(b: Build, s: Strip, page: str, topic: Sequence[str], *, way: bool = True) -> str:
    """Reads an article, going there first unless a click has led there."""
    key = s.go(page) if way else ""
    read = s.read(b.rng.randint(40, 150))
    title = b.field(page, "title")
    b.minor("interested_in learning", [title, *topic], [key or read])
    return key or read


# --- mail ------------------------------------------------------------------------------------------


def letter(b: Build, session: int, sender: str, address: str, subject: str, body: str, sign: str = "") -> str:
    """A message to the person that comes in that session; `body` without greeting and name.

    Who signs with another name than the sender's is somebody they know; the others write formally.
    """
    if sign:
        hello, bye = b.say("mail.hello", name=b.context.first), b.say("mail.bye")
    else:
        hello, bye = b.say("mail.hello.formal", name=b.context.persona.name), b.say("mail.bye.formal")
    text = f"{hello}\n\n{body}\n\n{bye}\n{sign or sender}"
    when = dates.stamp(b.context.begins[session], b.language)
    return b.page(
        "mail.message",
        from_=sender,
        address=address,
        subject=subject,
        body=text,
        date=when,
        to=b.context.persona.name,
    )


def from_contact(b: Build, session: int, who: Contact, subject: str, body: str) -> str:
    return letter(b, session, who.name, who.address, subject, body, who.short)


def comes(b: Build, s: Strip, page: str, *, notice: float = 0.4) -> str:
    """The message arrives; now and then a notice says so."""
    key = s.mail(page)
    if b.chance(notice):
        s.notify(b.say("app.mail"), b.field(page, "from"), b.field(page, "subject"))
    return key


def opens(b: Build, s: Strip, page: str, *, seconds: int = 0) -> str:
    """Reads a message from the inbox."""
    s.go(INBOX)
    key = s.click(b.field(page, "subject"), page)
    s.read(seconds or b.rng.randint(10, 40))
    sender = b.field(page, "from")
    b.minor("communicating_with", forms(sender, b.field(page, "subject")), [key])
    return key


def answers(b: Build, s: Strip, page: str, text: str, *, sign: str = "") -> str:
    """Replies to the message that is open."""
    s.click("reply", b.page("mail.compose"))
    key = s.type(f"{text}\n\n{sign or b.context.first}", "message")
    s.click("send", INBOX)
    subject = b.field(page, "subject")
    b.minor("communicating_with", [b.field(page, "from")], [key], topic=[subject])
    return key


def writes(
    b: Build, s: Strip, to: str, address: str, subject: str, text: str, *, sign: str = ""
) -> list[str]:
    """A message of the person's own; keys of its subject, its text and the list of what was sent."""
    s.go(b.page("mail.compose"))
    s.type(address, "to")
    keys = [s.type(subject, "subject"), s.type(f"{text}\n\n{sign or b.context.first}", "message")]
    when = f"{b.context.begins[s.session]:%H:%M}"
    sent = b.page("mail.sent", messages=({"to": to, "subject": subject, "when": when},))
    keys.append(s.click("send", sent))
    b.minor("communicating_with", [to, address, subject], keys)
    return keys


# --- talk ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Talk:
    """A channel before the person says something there. Messages are (author, text)."""

    team: str
    channel: str
    messages: tuple[tuple[str, str], ...]


def says(b: Build, s: Strip, talk: Talk, text: str, then: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Reads a channel and writes there; `then` is what others say at once. Keys: read, typed, sent."""
    before = [*talk.messages]
    first = b.page("chat.channel", team=talk.team, channel=talk.channel, messages=_rows(b, s, before))
    mine = (b.context.persona.name, text)
    after = b.page(
        "chat.channel", team=talk.team, channel=talk.channel, messages=_rows(b, s, [*before, mine, *then])
    )
    shown = s.go(first)
    s.read(b.rng.randint(5, 20))
    keys = [shown, s.type(text, "message"), s.click("send", after)]
    authors = [author for author, _ in (*before, *then) if author != b.context.persona.name]
    b.minor("communicating_with", [*authors, talk.team], keys)
    return keys


def at_work(b: Build, messages: Sequence[tuple[str, str]]) -> Talk:
    """A channel of the team, with a line of everyday talk above the messages now and then."""
    job = b.context.job
    small = [(b.contact(work=True, fresh=False).name, b.rng.choice(b.life("chat_words")))]
    return Talk(job["team"], b.rng.choice(job["channels"]), (*(small if b.chance(0.5) else ()), *messages))


def with_friend(b: Build, who: Contact, messages: Sequence[tuple[str, str]]) -> Talk:
    """Just the two of them."""
    return Talk(b.say("chat.private"), who.name, tuple(messages))


def _rows(b: Build, s: Strip, messages: Sequence[tuple[str, str]]) -> tuple[dict[str, str], ...]:
    minute = b.context.begins[s.session].hour * 60
    return tuple(
        {
            "author": author,
            "text": text,
            "when": f"{(minute + 4 * i) // 60 % 24:02}:{(minute + 4 * i) % 60:02}",
        }
        for i, (author, text) in enumerate(messages)
    )


def thread(b: Build, forum: str, title: str, posts: Sequence[tuple[str, str]]) -> str:
    return b.page(
        "forum.thread",
        title=title,
        forum=forum,
        posts=tuple({"author": author, "text": text} for author, text in posts),
    )


def posts(
    b: Build, s: Strip, forum: str, title: str, before: Sequence[tuple[str, str]], text: str
) -> list[str]:
    """Reads a thread and replies there; keys: read, typed, posted."""
    first = thread(b, forum, title, before)
    after = thread(b, forum, title, [*before, (b.context.persona.name, text)])
    shown = s.go(first)
    s.read(b.rng.randint(15, 60))
    keys = [shown, s.type(text, "reply"), s.click("post", after)]
    others = [author for author, _ in before if author != b.context.persona.name]
    b.minor("interested_in communicating_with", [title, forum, *others], keys)
    return keys


# --- calendar ---------------------------------------------------------------------------------------


def enters(b: Build, s: Strip, day: Written, title: str, *, where: str = "", time: str = "") -> list[str]:
    """Puts something into the calendar; keys: the form opened, title, day, the week that then shows it."""
    form = b.page("calendar.event")
    keys = [s.go(form), s.type(title, "title"), s.type(f"{day.bare} {time}".strip(), "when")]
    if where:
        keys.append(s.type(where, "where"))
    keys.append(s.click("save", week(b, day.day, [(title, f"{day.bare} {time}".strip(), where)])))
    return keys


def week(b: Build, day: date, events: Sequence[tuple[str, str, str]]) -> str:
    """The week with that day in it; one plain thing of the person's stands in it besides."""
    own = b.fresh("plain", b.life("plain_events"), lambda one: str(one))
    monday = day - timedelta(days=day.weekday())
    rows = [(own, dates.short(monday + timedelta(days=b.rng.randint(0, 6)), b.language), ""), *events]
    b.minor("preparing_for plans_to_go interested_in communicating_with", [own], [])
    return b.page(
        "calendar.week",
        week=b.say("calendar.week", date=dates.short(monday, b.language)),
        events=tuple({k: v for k, v in zip(("title", "when", "where"), r, strict=True) if v} for r in rows),
    )


# --- files and shops -------------------------------------------------------------------------------


def appends(b: Build, s: Strip, lines: Sequence[str]) -> str:
    """Writes lines into the document in front and saves it; now and then with second thoughts."""
    text = "\n".join(lines) + "\n"
    drafts = [lines[0] + "\n", text]
    key = s.revise(drafts) if len(lines) > 1 and b.chance(0.3) else s.type(text)
    s.save()
    return key


@dataclass(frozen=True, slots=True)
class Ware:
    """Something a shop has."""

    shop: str
    name: str
    price: str  # as shown there
    amount: str  # as in the stocks


def ware(b: Build) -> Ware:
    """Something to buy that no other block has."""
    shop = b.rng.choice(b.life("shops"))
    name, amount = b.fresh("ware", shop["goods"], lambda one: str(one[0]))
    return Ware(shop["name"], name, b.price(amount), amount)


def number(b: Build, prefix: str) -> str:
    """An order number or a reference."""
    return f"{prefix}{b.rng.randint(100000, 999999)}"


def looks_at(b: Build, s: Strip, one: Ware, *, about: str = "", also: Sequence[str] = ()) -> str:
    """Goes to the page of something to buy and reads it."""
    text = f"{b.say('shop.about')} {about}".strip()
    page = b.page("shop.product", name=one.name, price=one.price, shop=one.shop, about=text, also=tuple(also))
    key = s.go(page)
    s.read(b.rng.randint(8, 50))
    b.minor("interested_in", [*core(one.name), one.shop], [key])
    return key


def order(b: Build, wares: Sequence[Ware], code: str, *, delivery: str = "", delivered: bool = False) -> str:
    return b.page(
        "shop.order",
        shop=wares[0].shop,
        number=code,
        items=tuple({"name": one.name, "price": one.price} for one in wares),
        total=b.price(dates.total([one.amount for one in wares])),
        delivery=delivery,
        **({"delivered": True} if delivered else {}),
    )
