"""Blocks that show what the person is interested in, apart from work."""

from app.desks.generate.build import Build
from app.desks.generate.moves import Ware, article, looks_at, posts, reads, search
from app.desks.generate.parts import Stock


def topic(b: Build) -> Stock:
    return b.stock("topics", "name")


def cares(b: Build, one: Stock, shown: list[str]) -> None:
    """The fact: an interest is older than the desk."""
    also = ["learning"]
    b.fact("interested_in", {"topic": one["name"]}, shown, begins=b.ago(5, 400), also=also)


def looked_up(b: Build) -> None:
    """Two searches on two days, each read on."""
    one = topic(b)
    shown: list[str] = []
    for session, query, (title, body) in zip(b.sessions(2), one["queries"], one["articles"], strict=False):
        s = b.scene(session)
        page = article(b, title, body)
        shown += search(b, s, query, one["name"], [(title, b.say("search.text"), page)])
        reads(b, s, page, one["name"], way=False)
    cares(b, one, shown)


def watched(b: Build) -> None:
    """The same kind of video, again and again."""
    one = topic(b)
    title, channel = one["video"]
    site = b.rng.choice(b.life("video_sites"))
    shown = []
    for n, session in enumerate(b.sessions(b.rng.choice([1, 2, 2]))):
        name = title if n == 0 else b.say("video.next", topic=one["name"][0])
        page = b.page(
            "video.watch",
            site=site,
            title=name,
            channel=channel,
            about=one["articles"][n % 2][1],
            also=(one["articles"][0][0],),
        )
        s = b.scene(session)
        shown.append(s.go(page))
        s.read(b.rng.randint(120, 500))
        b.minor("interested_in learning", [name, channel, one["articles"][0][0]], shown[-1:])
    b.minor("uses_for", [site], shown, purpose=[*one["name"], "video", "videos", b.say("watching")])
    if len(shown) == 1:
        s = b.scene(b.sessions(1)[0])
        shown += search(b, s, one["queries"][0], one["name"])
    cares(b, one, shown)


def discussed(b: Build) -> None:
    """Reads what others do and says what they do themselves."""
    one = topic(b)
    forum = b.rng.choice(b.life("private_forums"))
    title = b.say("forum.title", topic=one["name"][0])
    before = [(b.stranger(), b.say("forum.open", topic=one["name"][0])), (b.stranger(), b.say("forum.more"))]
    s = b.scene(b.sessions(1)[0])
    shown = posts(b, s, forum, title, before[: b.rng.randint(1, 2)], one["post"])
    cares(b, one, shown)


def browsed(b: Build) -> None:
    """Looks at goods without buying, and reads up on the thing another day."""
    one = topic(b)
    first, second = b.sessions(2)
    shop = b.say("shop.special", topic=one["name"][0])
    s = b.scene(first)
    shown = []
    for name, amount in one["goods"]:
        one_ware = Ware(shop, name, b.price(amount), amount)
        shown.append(looks_at(b, s, one_ware, about=one["name"][0]))
    t = b.scene(second)
    title, body = b.rng.choice(one["articles"])
    shown.append(reads(b, t, article(b, title, body), one["name"]))
    cares(b, one, shown)


def in_news(b: Build) -> None:
    """Of all that is in the paper it is this that is read, twice."""
    one = topic(b)
    paper = b.rng.choice(b.life("papers"))
    shown = []
    for session, (title, body) in zip(b.sessions(2), one["articles"], strict=False):
        shown.append(reads(b, b.scene(session), article(b, title, body, news=paper), [*one["name"], paper]))
    b.minor("uses_for", [paper], shown, purpose=[b.say("news"), *one["name"]])
    cares(b, one, shown)


BLOCKS = (looked_up, watched, discussed, browsed, in_news)
