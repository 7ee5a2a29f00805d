"""The pages of a desk as a browser gets them: address, title and html. Pure; `server` serves them.

`State` is the part that changes while the person works: messages that arrived and what stands in forms.
Running text (`body`, `about`, posts) is split at empty lines; a part may be a heading ("# "), a list ("- "),
a quote ("> ") or code (four spaces), and is a paragraph otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path

import jinja2

from app.desks import addresses, wording
from app.desks.addresses import number, pick, service, text, token
from app.desks.kinds import EVERYWHERE, PAGES
from app.desks.types import Desk, Page

SITE = Path(__file__).parent / "site"
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_WITH_COOKIES = frozenset({"search", "shop", "forum", "travel", "news", "video", "course"})
_COLOURS = ("#1b6b93", "#8a3324", "#2f6b3a", "#5b3f8c", "#a8501a", "#22577a", "#99304f", "#3c4f5f")
_ADVERTS = ("aside", "slot", "section", "frame")  # how a site marks its adverts
_NOTICES = ("alert", "status", "plain")


@dataclass(slots=True)
class State:
    """What has happened to the sites so far.

    `mails`: ids of "mail.message" pages in the order they arrived. `typed`: form name (of
    `kinds.PageKind.forms`) -> text of the page that is open; empty it when another page is opened.
    `next`: id of the page to which the next click or sent form leads; None: it stays where it is.
    """

    mails: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as the browser has it. `title` is the document's, without the browser's name."""

    url: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in a list of messages."""

    who: str
    subject: str
    snippet: str
    when: str
    link: str


def show(desk: Desk, page_id: str, state: State) -> Shown:
    """The page with its id. Raises KeyError when the desk has no such page, OSError when its file is gone."""
    page = desk.pages[page_id]
    html = _asset(page) if page.kind == "html" else _draw(desk, page, state)
    url = address(desk, page_id)
    return Shown(url, _title(html) or re.sub(r"^https?://", "", url), html)


def address(desk: Desk, page_id: str) -> str:
    """Where the page is: one host under .test for each site, shop or company; one address for each page.

    Raises KeyError when the desk has no such page.
    """
    return addresses.addresses(desk)[page_id]


def label(desk: Desk, name: str, kind: str = "") -> str:
    """What a person sees for a form or button name, in the first language of the interface.

    `kind` of the page tells names apart that have two meanings ("to" of a letter and of a journey).
    Raises KeyError for a name that no page has.
    """
    return wording.name_of(desk.persona.languages[0], name, kind)


def own_address(desk: Desk) -> str:
    """The person's mail address: one that a message of the desk was sent to, else an invented one."""
    for page in desk.pages.values():
        if page.kind == "mail.message":
            found = re.search(r"[\w.+-]+@[\w.-]+\w", text(page, "to"))
            if found:
                return found.group()
    last = addresses.slug(addresses.family(desk)) or addresses.syllables(addresses.family(desk))
    first = addresses.slug(desk.persona.name.split()[0]) or addresses.syllables(
        f"{desk.persona.name} {desk.id}"
    )
    return f"{first}@{last}.example"


def blocks(words: str) -> list[tuple[str, list[str]]]:
    """Running text as (kind, lines): "heading", "list", "quote", "code" or "paragraph"."""
    return [_block(chunk) for chunk in re.split(r"\n\s*\n", words.strip("\n")) if chunk.strip()]


def _block(chunk: str) -> tuple[str, list[str]]:
    lines = [line.rstrip() for line in chunk.strip("\n").split("\n")]
    if all(line.startswith("    ") for line in lines):
        return "code", [line[4:] for line in lines]
    lines = [line.strip() for line in lines]
    if lines[0].startswith("#") and len(lines) == 1:
        return "heading", [lines[0].lstrip("# ")]
    for kind, mark in (("list", "- "), ("quote", ">")):
        if all(line.startswith(mark) for line in lines):
            return kind, [line[len(mark) :].strip() for line in lines]
    return "paragraph", lines


def _asset(page: Page) -> str:
    return page.asset.read_text(encoding="utf-8") if page.asset else ""


def _title(html: str) -> str:
    """The title as a browser has it: without line breaks and doubled spaces."""
    found = _TITLE.search(html)
    return " ".join(unescape(found.group(1)).split()) if found else ""


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SITE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["blocks"] = blocks
    return made


def _draw(desk: Desk, page: Page, state: State) -> str:
    site = service(desk, page)
    language = desk.persona.languages[0]
    given = {name: _value(page, name) for name in (*PAGES[page.kind].fields, *EVERYWHERE)}
    # A form that has the name of a field (the query above its results) starts with what stands there.
    typed = {name: state.typed.get(name, given.get(name, "")) for name in PAGES[page.kind].forms}
    return (
        _templates()
        .get_template(f"{page.kind}.html")
        .render(
            page=given,
            kind=page.kind,
            site=site,
            colour=pick(_COLOURS, site.host, "colour"),
            language=language.replace("_", "-"),
            words=wording.words(language),
            name=lambda name: label(desk, name, page.kind),
            typed=typed,
            mails=_mails(desk, page, state),
            me=own_address(desk),
            person=desk.persona.name,
            year=_year(desk),
            cookies=_group(page) in _WITH_COOKIES and number(desk.id, page.id, "cookies") % 4 == 0,
            advert_as=pick(_ADVERTS, site.host, "adverts"),
            notice_as=pick(_NOTICES, site.host, "notice"),
            chance=lambda key, below: number(desk.id, page.id, key) % below,
            look=lambda key, below: number(site.host, key) % below,
        )
    )


def _group(page: Page) -> str:
    return page.kind.partition(".")[0]


def _year(desk: Desk) -> int:
    return desk.sessions[0].begins.year if desk.sessions else 2026


def _value(page: Page, name: str) -> object:
    """A field as the templates want it: "" or [] where it is left out, all columns in every row."""
    takes = PAGES[page.kind].fields.get(name) or EVERYWHERE[name]
    value = page.fields.get(name)
    if takes.what == "texts":
        return [str(one) for one in value] if isinstance(value, Sequence) else []
    if takes.what == "rows":
        columns = [column.rstrip("?") for column in takes.columns]
        given = value if isinstance(value, Sequence) else []
        return [{column: row.get(column) or "" for column in columns} for row in given]
    return bool(value) if takes.what == "flag" else text(page, name)


def _mails(desk: Desk, page: Page, state: State) -> list[Mail]:
    """The messages of the inbox, newest first: what arrived, then what the desk's page lists.

    On other pages of the mail service they are those of the desk's first inbox, to be counted.
    """
    if _group(page) != "mail":
        return []
    inboxes = [one for one in desk.pages.values() if one.kind == "mail.inbox"]
    shown = page if page.kind == "mail.inbox" else inboxes[0] if inboxes else None
    places = addresses.addresses(desk)
    arrived = [_mail(desk.pages[one], places[one]) for one in reversed(state.mails)]
    letters = {
        text(one, "subject"): places[one.id] for one in desk.pages.values() if one.kind == "mail.message"
    }
    rows = _value(shown, "messages") if shown else []
    assert isinstance(rows, list)
    return arrived + [
        Mail(
            who=str(row["from"]),
            subject=str(row["subject"]),
            snippet=str(row["snippet"]),
            when=str(row["when"]),
            link=letters.get(str(row["subject"]), f"/mail/inbox/{token(12, desk.id, str(row['subject']))}"),
        )
        for row in rows
    ]


def _mail(page: Page, link: str) -> Mail:
    words = " ".join(text(page, "body").split())
    return Mail(text(page, "from"), text(page, "subject"), words[:120], text(page, "date"), link)
