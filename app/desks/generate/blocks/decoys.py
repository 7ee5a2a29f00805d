"""Blocks that show things which are not true of the person, and adverts beside what they read."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from app.desks.generate import stocks
from app.desks.generate.build import INBOX, Build
from app.desks.generate.moves import (
    article,
    at_work,
    comes,
    from_contact,
    letter,
    opens,
    reads,
    says,
    thread,
    with_friend,
)
from app.desks.generate.names import forms
from app.desks.generate.parts import Contribution, Lure, Stock
from app.desks.types import DecoyKind

_CARRIERS = frozenset(  # kinds of pages that carry adverts
    {
        "search.results",
        "news.article",
        "wiki.article",
        "forum.thread",
        "video.watch",
        "shop.product",
        "travel.booking",
    }
)


def decoy(b: Build, name: str) -> Stock:
    return b.fresh(name, b.life(name), lambda one: str(one["words"][0][0]))


def _mass_mail(b: Build, name: str, kind: DecoyKind, opened: float) -> None:
    """A message that comes; now and then it is opened, mostly not."""
    one, session = decoy(b, name), b.sessions(1)[0]
    page = letter(b, session, one["from"], one["address"], one["subject"], one["body"])
    s = b.scene(session, "first" if b.chance(0.5) else "any")
    shown = [comes(b, s, page, notice=0.2)]
    t = b.scene(session)
    if b.chance(opened):
        t.go(INBOX)
        shown.append(t.click(one["subject"], page))
        t.read(b.rng.randint(3, 9))
        t.click("archive", INBOX)
    else:
        shown.append(t.go(INBOX))
        t.read(b.rng.randint(3, 9))
    b.lure(kind, f"A message from {one['from']}: {one['subject']}", one["words"], shown)


def spam(b: Build) -> None:
    _mass_mail(b, "spam", DecoyKind.SPAM, 0.4)


def phishing(b: Build) -> None:
    _mass_mail(b, "phishing", DecoyKind.PHISHING, 0.6)


def friends_letter(b: Build) -> None:
    """Somebody whom the person knows tells about their own life."""
    one, who, session = decoy(b, "others"), b.contact(fresh=False), b.sessions(1)[0]
    page = from_contact(b, session, who, one["subject"], one["text"])
    comes(b, b.scene(session), page)
    shown = [opens(b, b.scene(session), page)]
    b.lure(DecoyKind.OTHER_PERSON, f"It is {who.name} who says so: {one['text']}", one["words"], shown)


def others_chat(b: Build) -> None:
    """The same, in a channel where the person says something short."""
    one, who = decoy(b, "others"), b.contact(fresh=False)
    told = [(who.name, one["text"])]
    talk = at_work(b, told) if who.work else with_friend(b, who, told)
    shown = says(b, b.scene(b.sessions(1)[0]), talk, b.say("small.nice"))
    b.lure(DecoyKind.OTHER_PERSON, f"It is {who.name} who says so: {one['text']}", one["words"], shown)


def others_thread(b: Build) -> None:
    """Strangers tell about themselves in a forum, and the person only reads."""
    one, two = decoy(b, "others"), decoy(b, "others")
    forum = b.rng.choice(b.life("private_forums"))
    title = b.say("forum.chat")
    page = thread(b, forum, title, [(b.stranger(), one["text"]), (b.stranger(), two["text"])])
    s = b.scene(b.sessions(1)[0])
    shown = [s.go(page)]
    s.read(b.rng.randint(15, 60))
    for each in (one, two):
        b.lure(DecoyKind.OTHER_PERSON, f"A stranger in a forum: {each['text']}", each["words"], shown)
    b.minor("interested_in communicating_with", [title, forum], shown)


def sarcasm(b: Build) -> None:
    """The person says the opposite of what they mean."""
    one, who = decoy(b, "sarcasm"), b.contact(fresh=False)
    told = [(who.name, one["ask"])]
    talk = at_work(b, told) if who.work else with_friend(b, who, told)
    shown = says(b, b.scene(b.sessions(1)[0]), talk, one["text"])[1:]
    b.lure(DecoyKind.SARCASM, f"Meant as a joke: {one['text']}", one["words"], shown)


def injected_mail(b: Build) -> None:
    """A letter that speaks to the assistant."""
    one, session = decoy(b, "injections"), b.sessions(1)[0]
    sender = b.stranger()
    address = b.say("address.person", name=f"info{b.rng.randint(10, 99)}")
    subject = b.say("inject.subject")
    page = letter(b, session, sender, address, subject, f"{b.say('inject.mail')}\n\n{one['text']}")
    comes(b, b.scene(session), page)
    t = b.scene(session)
    t.go(INBOX)
    shown = [t.click(subject, page)]
    t.read(b.rng.randint(4, 15))
    b.minor("communicating_with", forms(sender, subject), shown)
    b.lure(DecoyKind.INJECTION, f"A letter tells the assistant: {one['text']}", one["words"], shown)


def injected_page(b: Build) -> None:
    """An article with such a sentence below its text."""
    one = decoy(b, "injections")
    news = b.fresh("news", b.life("news"), lambda one: str(one["title"]))
    paper = b.rng.choice(b.life("papers"))
    page = article(b, news["title"], f"{news['body']}\n\n{one['text']}", news=paper)
    shown = [reads(b, b.scene(b.sessions(1)[0]), page, [paper])]
    b.lure(DecoyKind.INJECTION, f"A page tells the assistant: {one['text']}", one["words"], shown)


def injected_comment(b: Build) -> None:
    """The last comment of an issue or a thread."""
    one = decoy(b, "injections")
    s = b.scene(b.sessions(1)[0])
    told = b.say("inject.comment")
    if b.context.job["terminal"]:
        rows = ({"author": b.stranger(), "text": told}, {"author": b.stranger(), "text": one["text"]})
        title, project = b.say("inject.issue"), b.context.job["team"]
        page = b.page(
            "code.issue", project=project, number=str(b.rng.randint(2, 900)), title=title, posts=rows
        )
    else:
        title, project = b.say("inject.thread"), b.context.job["forum"]
        page = thread(b, project, title, [(b.stranger(), told), (b.stranger(), one["text"])])
    shown = [s.go(page)]
    s.read(b.rng.randint(10, 40))
    b.minor("interested_in communicating_with working_on", [title, project], shown)
    b.lure(DecoyKind.INJECTION, f"A comment tells the assistant: {one['text']}", one["words"], shown)


BLOCKS = (
    spam,
    phishing,
    friends_letter,
    others_chat,
    others_thread,
    sarcasm,
    injected_mail,
    injected_page,
    injected_comment,
)


def with_adverts(rng: Random, parts: Sequence[Contribution], language: str, count: int) -> list[Contribution]:
    """The same, with adverts on that many of the pages that are seen."""
    adverts = rng.sample(stocks.of(language)["adverts"], k=count)
    places = [
        (i, k) for i, part in enumerate(parts) for k, page in enumerate(part.pages) if page.kind in _CARRIERS
    ]
    chosen = rng.sample(places, k=min(count, len(places)))
    found = list(parts)
    for n, (i, k) in enumerate(chosen):
        part, page, advert = found[i], found[i].pages[k], adverts[n]
        shown = _showing(part, page.id)
        if not shown:
            continue
        if page.kind == "search.results" and rng.random() < 0.6:
            top = {"title": advert["text"], "text": advert["more"], "sponsored": True}
            rows = page.fields["results"]
            assert isinstance(rows, tuple)
            fields = {**page.fields, "results": (top, *rows)}
        else:
            fields = {**page.fields, "adverts": (f"{advert['text']} {advert['more']}",)}
        pages = (*part.pages[:k], replace(page, fields=fields), *part.pages[k + 1 :])
        words = tuple(tuple(group) for group in advert["words"])
        lure = Lure(f"{part.block}.advert{n}", DecoyKind.ADVERT, f"An advert: {advert['text']}", words, shown)
        found[i] = replace(part, pages=pages, lures=(*part.lures, lure))
    return found


def _showing(part: Contribution, page: str) -> tuple[str, ...]:
    """Keys of the acts that have the page before them or bring it there."""
    return tuple(
        act.key
        for scene in part.scenes
        for act in scene.acts
        if (act.place is not None and act.place.page == page and act.do is None)
        or (act.leads is not None and act.leads.page == page)
    )
