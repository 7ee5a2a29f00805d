"""What each kind of page shows and each kind of step takes: the vocabulary of a desk, as tables.

`load` checks a desk's file against it, `pages` draws it, `generate` composes with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.desks.types import Do


@dataclass(frozen=True, slots=True)
class Takes:
    """A field: "text" (may have lines), "texts" (a list), "number", "flag", or "rows" of `columns`.

    A question mark ends the name of an optional column.
    """

    what: str = "text"
    needed: bool = True
    columns: tuple[str, ...] = ()


TEXT, MAYBE = Takes(), Takes(needed=False)
TEXTS, FLAG = Takes("texts", needed=False), Takes("flag", needed=False)
NUMBER = Takes("number", needed=False)


def rows(*columns: str, needed: bool = True) -> Takes:
    return Takes("rows", needed, columns)


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page of the kind is made of.

    `forms` are the entries one can type into, by the name a step's `field` uses; what a person sees
    as their label is in the language of the interface. `buttons` likewise. `secret`: the rules must
    keep it from being observed at all.
    """

    fields: Mapping[str, Takes]
    forms: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    secret: bool = False


# Every page may besides carry `adverts` (texts, each in a container labelled as an advert) and
# `notice` (a text in a banner of the site).
EVERYWHERE: Mapping[str, Takes] = {"adverts": TEXTS, "notice": MAYBE}

PAGES: Mapping[str, PageKind] = {
    "mail.inbox": PageKind({"messages": rows("from", "subject", "snippet?", "when?", needed=False)}),
    "mail.message": PageKind(
        {"from": TEXT, "address": TEXT, "subject": TEXT, "body": TEXT, "date": MAYBE, "to": MAYBE},
        buttons=("reply", "archive"),
    ),
    "mail.compose": PageKind({}, forms=("to", "subject", "message"), buttons=("send",)),
    "mail.sent": PageKind({"messages": rows("to", "subject", "when?")}),
    "search.start": PageKind({}, forms=("query",), buttons=("search",)),
    "search.results": PageKind(
        {"query": TEXT, "results": rows("title", "text", "address?", "sponsored?")}, forms=("query",)
    ),
    "shop.product": PageKind(
        {"name": TEXT, "price": TEXT, "shop": TEXT, "about": MAYBE, "also": TEXTS},
        forms=("query",),
        buttons=("add_to_cart", "buy"),
    ),
    "shop.cart": PageKind(
        {"shop": TEXT, "items": rows("name", "price"), "total": TEXT}, buttons=("checkout",)
    ),
    "shop.pay": PageKind(
        {"shop": TEXT, "total": TEXT}, forms=("name", "card_number", "security_code"), buttons=("pay",)
    ),
    "shop.order": PageKind(
        {
            "shop": TEXT,
            "number": TEXT,
            "items": rows("name", "price"),
            "total": TEXT,
            "delivery": MAYBE,
            "delivered": FLAG,
        }
    ),
    "calendar.week": PageKind({"week": TEXT, "events": rows("title", "when", "where?")}),
    "calendar.event": PageKind(
        {"title": MAYBE, "when": MAYBE, "where": MAYBE, "guests": TEXTS},
        forms=("title", "when", "where"),
        buttons=("save",),
    ),
    "wiki.article": PageKind({"title": TEXT, "body": TEXT, "wiki": MAYBE}, forms=("query",)),
    "wiki.edit": PageKind({"title": TEXT, "wiki": MAYBE}, forms=("text",), buttons=("save",)),
    "forum.thread": PageKind(
        {"title": TEXT, "forum": TEXT, "posts": rows("author", "text", "when?")},
        forms=("reply",),
        buttons=("post",),
    ),
    "travel.search": PageKind({"company": TEXT}, forms=("from", "to", "date"), buttons=("search", "book")),
    "travel.booking": PageKind(
        {
            "company": TEXT,
            "reference": TEXT,
            "from": MAYBE,
            "to": TEXT,
            "date": TEXT,
            "passenger": MAYBE,
            "price": MAYBE,
        }
    ),
    "bank.login": PageKind({"bank": TEXT}, forms=("user", "password"), buttons=("sign_in",)),
    "bank.account": PageKind({"bank": TEXT, "balance": TEXT, "rows": rows("date", "text", "amount")}),
    "login": PageKind({"site": TEXT}, forms=("user", "password"), buttons=("sign_in",)),
    "news.article": PageKind({"paper": TEXT, "title": TEXT, "body": TEXT}),
    "video.watch": PageKind({"site": TEXT, "title": TEXT, "channel": TEXT, "about": MAYBE, "also": TEXTS}),
    "chat.channel": PageKind(
        {"team": TEXT, "channel": TEXT, "messages": rows("author", "text", "when?")},
        forms=("message",),
        buttons=("send",),
    ),
    "course.lesson": PageKind({"course": TEXT, "lesson": TEXT, "body": TEXT, "progress": MAYBE}),
    "code.issue": PageKind(
        {"project": TEXT, "number": TEXT, "title": TEXT, "posts": rows("author", "text", "when?")},
        forms=("reply",),
        buttons=("comment",),
    ),
    "vault.items": PageKind({"items": rows("site", "user", "password")}, secret=True),
    "html": PageKind({"host": TEXT}),  # with `asset`, a file of the desk's folder
}

SECONDS = Takes("number", needed=False)

STEPS: Mapping[Do, Mapping[str, Takes]] = {
    Do.OPEN: {"program": TEXT, "file": MAYBE, "folder": MAYBE, "page": MAYBE, "holds": MAYBE},
    Do.VISIT: {"page": TEXT},
    Do.READ: {"seconds": SECONDS},
    Do.TYPE: {"text": TEXT, "field": MAYBE},
    Do.REVISE: {"texts": Takes("texts"), "field": MAYBE},
    Do.CLICK: {"name": TEXT, "page": MAYBE},
    Do.RUN: {"command": TEXT, "output": MAYBE, "status": NUMBER, "folder": MAYBE},
    Do.SAVE: {},
    Do.SWITCH: {"program": TEXT},
    Do.MAIL: {"page": TEXT},
    Do.NOTIFY: {"app": TEXT, "title": TEXT, "text": TEXT},
    Do.IDLE: {"seconds": Takes("number")},
    Do.CLOSE: {"program": TEXT},
}
"""`open`: `file` is a name (editor, office) and `folder` where it lies, below the person's home; `holds` is
what stands in it already. `read`, `idle`: without `seconds` the rhythm decides. `run`: `status` is what the
command ends with, 0 unless given."""
