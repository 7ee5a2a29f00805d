"""Who runs the sites of a desk and where they are: invented hosts under .test, one address a page. Pure.

What a desk does not say (which mail service the person uses, say) is drawn by the desk's id, so that it is
the same whenever the desk is played.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar
from urllib.parse import quote, quote_plus, urlsplit

from app.desks.types import Desk, Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """A site that a desk does not name itself. `style` is how its pages are drawn, 0 and up."""

    name: str
    host: str
    style: int = 0


MAIL = (
    Service("Postbox", "mail.postbox.test", 0),
    Service("Larkmail", "app.larkmail.test", 1),
    Service("Courier", "www.courier.test", 2),
)
SEARCH = (
    Service("Wayfind", "www.wayfind.test", 0),
    Service("Lantern", "lantern.test", 1),
    Service("Oriel", "www.oriel.test", 0),
)
CALENDAR = (
    Service("Daybook", "calendar.daybook.test", 0),
    Service("Almanac", "app.almanac.test", 1),
)
CHAT = (Service("Huddle", "app.huddle.test", 0), Service("Plaza", "plaza.test", 1))
FORGE = (Service("Codeyard", "codeyard.test", 0), Service("Mill", "www.mill.test", 1))
# Password managers that people run themselves; the first word of the host is what they are called.
VAULT = (Service("Vaultwarden", "vaultwarden", 0), Service("Passbolt", "passbolt", 1))
WIKI = "Openpedia"

_NAMED = {  # the field that names who runs the site, by kind or by the first part of it
    "shop": "shop",
    "forum": "forum",
    "travel": "company",
    "bank": "bank",
    "login": "site",
    "news": "paper",
    "video": "site",
    "course": "course",
}
_SERVICES = {"mail": MAIL, "search": SEARCH, "calendar": CALENDAR, "chat": CHAT, "code": FORGE}
_SYLLABLES = [start + vowel for start in "kstnhmrybdg" for vowel in "aeiou"]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def number(*keys: str) -> int:
    """A number that is always the same for the same keys, and like chance for others."""
    return int.from_bytes(sha256("\n".join(keys).encode()).digest()[:16], "big")


def pick(choices: Sequence[T], *keys: str) -> T:
    """One of `choices`, always the same for the same keys."""
    return choices[number(*keys) % len(choices)]


def token(length: int, *keys: str) -> str:
    """Letters and digits as sites put them into addresses."""
    rest, found = number(*keys, "token"), ""
    for _ in range(length):
        rest, place = divmod(rest, len(_LETTERS))
        found += _LETTERS[place]
    return found


def text(page: Page, name: str) -> str:
    """A field of a page as text; "" where it is left out."""
    value = page.fields.get(name)
    return "" if value is None else str(value).strip()


def service(desk: Desk, page: Page) -> Service:
    """Who runs the site of a page. `host` is where."""
    group = page.kind.partition(".")[0]
    if group in _SERVICES:
        return pick(_SERVICES[group], desk.id, group)
    if group == "vault":
        kind = pick(VAULT, desk.id, group)
        own = slug(family(desk)) or syllables(family(desk))
        return Service(kind.name, f"{kind.host}.{own}.test", kind.style)
    if group == "wiki":
        name = text(page, "wiki") or WIKI
        first = desk.persona.languages[0][:2]
        return Service(name, f"{first}.openpedia.test" if name == WIKI else host(name))
    if page.kind == "html":
        given = text(page, "host")
        where = urlsplit(given if "//" in given else f"//{given}").netloc
        return Service(where, where)
    name = text(page, _NAMED[group])
    return Service(name, host(name), number(host(name), "style") % 2)


def family(desk: Desk) -> str:
    """The last name of the person, as far as names go by their order."""
    return desk.persona.name.split()[-1]


def host(name: str) -> str:
    """The invented host of somebody's site. Names without Latin letters get syllables."""
    words = slug(name).split("-")
    joint = "" if len("".join(words)) <= 14 else "-"
    core = joint.join(words) if "".join(words) else syllables(name)
    return f"{pick(('www.', 'www.', ''), name, 'www')}{core}.test"


def syllables(name: str) -> str:
    """A word one could say, for a name that cannot stand in a host."""
    return "".join(pick(_SYLLABLES, name, str(place)) for place in range(4))


def slug(words: str) -> str:
    """Latin letters and digits of `words`, accents folded, joined by hyphens; "" if there are none."""
    folded = unicodedata.normalize("NFKD", words.replace("ß", "ss").replace("ł", "l").replace("Ł", "L"))
    plain = "".join(
        letter if letter.isascii() else " " for letter in folded if not unicodedata.combining(letter)
    )
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60].strip("-")


def addresses(desk: Desk) -> Mapping[str, str]:
    """The address of each page by its id. No two pages share one, whatever stands after a #."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for page in desk.pages.values():
        wanted = f"http://{service(desk, page).host}{_path(desk, page)}"
        free = next(one for one in _variants(wanted, page.id) if one.partition("#")[0] not in taken)
        found[page.id] = free
        taken.add(free.partition("#")[0])
    return found


def _variants(wanted: str, key: str) -> Iterator[str]:
    """The address, then the address with something behind it that tells it from the others."""
    yield wanted
    front, mark, behind = wanted.partition("#")
    joint = "&" if "?" in front else "?"
    for count in range(1000):
        yield f"{front}{joint}s={token(6, key, str(count))}{mark}{behind}"


def _path(desk: Desk, page: Page) -> str:
    key = number(desk.id, page.id)
    match page.kind:
        case "mail.inbox" | "mail.sent" | "mail.compose":
            return f"/mail/{page.kind.partition('.')[2]}"
        case "mail.message":
            return f"/mail/inbox/{token(12, desk.id, page.id)}"
        case "search.results":
            return f"/search?q={quote_plus(text(page, 'query'))}"
        case "shop.product":
            return f"/p/{_worded(text(page, 'name'), key % 90000 + 10000)}"
        case "shop.cart":
            return "/cart"
        case "shop.pay":
            return "/checkout/payment"
        case "shop.order":
            return f"/account/orders/{quote(text(page, 'number'))}"
        case "calendar.week":
            return f"/week/{_worded(text(page, 'week'))}"
        case "calendar.event":
            return f"/event/{token(10, desk.id, page.id)}"
        case "wiki.article":
            return f"/wiki/{quote(text(page, 'title').replace(' ', '_'))}"
        case "wiki.edit":
            return f"/wiki/{quote(text(page, 'title').replace(' ', '_'))}?action=edit"
        case "forum.thread":
            return f"/t/{_worded(text(page, 'title'), key % 9000 + 1000)}"
        case "travel.booking":
            return f"/booking/{quote(text(page, 'reference'))}"
        case "bank.login" | "login":
            return "/login"
        case "bank.account":
            return "/accounts"
        case "news.article":
            return f"/{_worded(text(page, 'title'), key % 900000 + 100000)}"
        case "video.watch":
            return f"/watch?v={token(11, desk.id, page.id)}"
        case "chat.channel":
            return f"/client/{_worded(text(page, 'team'))}/{_worded(text(page, 'channel'))}"
        case "course.lesson":
            return f"/learn/{_worded(text(page, 'lesson'))}"
        case "code.issue":
            return f"/{quote(text(page, 'project'))}/issues/{slug(text(page, 'number'))}"
        case "vault.items":
            return "/#/vault" if service(desk, page).style == 0 else "/app/passwords"
        case "html":
            return f"/{quote(page.asset.name)}" if page.asset else "/"
    return "/"  # search.start, travel.search: the first page of the site


def _worded(words: str, digits: int | None = None) -> str:
    """Words and a number as one part of an address; what has no Latin letters is written in percent signs."""
    parts = [slug(words) or quote(words.replace(" ", "-"), safe=""), str(digits) if digits else ""]
    return "-".join(part for part in parts if part)
