"""A desk with a page of every kind, filled as a desk file would fill it."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.desks.types import Desk, Page, Persona, Session

PIECES = Path(__file__).parent / "pieces"
ADVERTS = ["Cruise to Madeira from 399\nSunny islands, all inclusive.", "Knees hurt? Try Miracle Gel"]
LETTER = (
    "Hello Robin,\n\ncould you send me the travel figures before Wednesday?\n"
    "They are needed for the report.\n\nThank you, Anna"
)
RESULTS = [
    {"title": "Cheap aquarium pumps", "text": "Order today.", "sponsored": True, "address": "pumps.test"},
    {"title": "Fish ladders explained", "text": "Rules of thumb.", "address": "weir.test › fish"},
    {"title": "Attraction flow", "text": "A collection of studies."},
]
POSTS = [
    {"author": "kayaker77", "text": "Mine drifts too.\nAny ideas?", "when": "2 hours ago"},
    {"author": "weirwatch", "text": "Check the seal <before> the rain."},
]
_PAGES: list[tuple[str, str, dict[str, object]]] = [
    (
        "inbox",
        "mail.inbox",
        {
            "messages": [
                {"from": "Jonas Brandt", "subject": "Weir gauge", "snippet": "It is back", "when": "09:12"},
                {"from": "Newsbot", "subject": "Weekly digest"},
            ],
            "adverts": ["Upgrade your mailbox for 2 euro"],
        },
    ),
    (
        "letter",
        "mail.message",
        {
            "from": "Anna Keller",
            "address": "anna@river.example",
            "subject": "Budget review",
            "body": LETTER,
            "date": "Fri, 20 Nov 2026 09:12",
            "to": "Robin Adler <robin@adler.example>",
        },
    ),
    ("compose", "mail.compose", {}),
    ("sent", "mail.sent", {"messages": [{"to": "Maria Silva", "subject": "Slides", "when": "Yesterday"}]}),
    ("start", "search.start", {}),
    (
        "results",
        "search.results",
        {"query": "fish ladder flow", "results": RESULTS, "adverts": ADVERTS[:1]},
    ),
    (
        "lamp",
        "shop.product",
        {
            "name": "Reading lamp Lumo",
            "price": "€ 39.90",
            "shop": "Tandem Books",
            "about": "A warm light for long evenings.\n\n- Dimmable\n- 8 W",
            "also": ["Book stand", "Bookmark set"],
            "adverts": ADVERTS,
        },
    ),
    (
        "cart",
        "shop.cart",
        {
            "shop": "Tandem Books",
            "items": [{"name": "Reading lamp Lumo", "price": "39.90"}, {"name": "Mug", "price": "4.00"}],
            "total": "43.90",
        },
    ),
    ("pay", "shop.pay", {"shop": "Tandem Books", "total": "43.90 EUR"}),
    (
        "order",
        "shop.order",
        {
            "shop": "Tandem Books",
            "number": "TB-20417",
            "items": [{"name": "Reading lamp Lumo", "price": "39.90 EUR"}],
            "total": "39.90 EUR",
            "delivery": "Thursday 26 November",
        },
    ),
    (
        "delivered",
        "shop.order",
        {
            "shop": "Garden & Roof",
            "number": "77",
            "items": [{"name": "Rain barrel", "price": "80"}],
            "total": "80",
            "delivered": True,
        },
    ),
    (
        "week",
        "calendar.week",
        {
            "week": "2–8 March 2026",
            "events": [
                {"title": "Dentist", "when": "Tue 3 March, 14:30", "where": "Bahnhofstrasse 12"},
                {"title": "Team call", "when": "Wed 10:00"},
            ],
        },
    ),
    (
        "event",
        "calendar.event",
        {
            "title": "Dentist",
            "when": "Tue 3 March",
            "where": "Bahnhofstrasse 12",
            "guests": ["Anna", "Jonas"],
        },
    ),
    (
        "wiki",
        "wiki.article",
        {
            "title": "Fish ladder",
            "body": "A fish ladder is a structure.\n\n## History\n\nEarly ladders were built\nof branches."
            "\n\n> Fish need rest.\n\n    flow = 2\n    rest = 3",
        },
    ),
    ("wiki-edit", "wiki.edit", {"title": "Fish ladder"}),
    (
        "thread",
        "forum.thread",
        {"title": "Gauge drifts", "forum": "Hydro Forum", "posts": POSTS, "adverts": ADVERTS[:1]},
    ),
    ("other-thread", "forum.thread", {"title": "Seals", "forum": "Weir Watch", "posts": POSTS}),
    ("rail", "travel.search", {"company": "Northbound Rail", "notice": "Strike on Friday."}),
    (
        "booked",
        "travel.booking",
        {
            "company": "Northbound Rail",
            "reference": "NB-48213",
            "from": "Hamburg",
            "to": "Oslo",
            "date": "4 Dec",
        },
    ),
    (
        "ferry",
        "travel.booking",
        {"company": "Ferry Line", "reference": "F1", "to": "Bergen", "date": "5 Dec"},
    ),
    ("bank-login", "bank.login", {"bank": "Nordbank"}),
    (
        "bank",
        "bank.account",
        {
            "bank": "Nordbank",
            "balance": "1,204.11 EUR",
            "rows": [{"date": "2 March", "text": "Tandem Books", "amount": "-39.90"}],
        },
    ),
    ("login", "login", {"site": "Riverwatch"}),
    (
        "news",
        "news.article",
        {
            "paper": "Morning Herald",
            "title": "Rivers rise again",
            "body": "After a week of rain the rivers rise.\n\nThe dam was closed.\n\nFarmers are worried.",
            "adverts": ADVERTS,
        },
    ),
    (
        "courrier",
        "news.article",
        {"paper": "Le Courrier du Lac", "title": "Été", "body": "Il fait chaud.", "adverts": ADVERTS[:1]},
    ),
    (
        "video",
        "video.watch",
        {
            "site": "Viewbox",
            "title": "How to calibrate a gauge",
            "channel": "HydroLab",
            "about": "In this video we calibrate.",
            "also": ["Weirs explained", "Kayak trip"],
            "adverts": ADVERTS[:1],
        },
    ),
    (
        "chat",
        "chat.channel",
        {
            "team": "Riverwatch",
            "channel": "#field",
            "messages": [{"author": "Anna", "text": "It is back.\nAt last.", "when": "09:02"}],
        },
    ),
    (
        "lesson",
        "course.lesson",
        {
            "course": "Norwegian A1",
            "lesson": "Lesson 3: At the station",
            "body": "Useful words.\n\n- tog: train\n- billett: ticket",
            "progress": "Lesson 3 of 12",
        },
    ),
    (
        "issue",
        "code.issue",
        {"project": "hydro/flowlib", "number": "142", "title": "flow_rate is negative", "posts": POSTS},
    ),
    ("vault", "vault.items", {"items": [{"site": "Nordbank", "user": "4417", "password": "hollow-31"}]}),
    ("own", "html", {"host": "intranet.adler.test"}),
]


def desk(
    id: str = "sample", language: str = "en", name: str = "Robin Adler", asset: str = "forms.html"
) -> Desk:
    """The desk of a person whose interface is in `language`; `id` decides what its services are."""
    pages = {key: Page(key, kind, fields) for key, kind, fields in _PAGES}
    pages["own"] = Page("own", "html", pages["own"].fields, PIECES / asset)
    return Desk(
        id=id,
        about="",
        persona=Persona(name, "hydrologist", 34, (language,), ZoneInfo("Europe/Berlin")),
        facts=(),
        decoys=(),
        secrets=(),
        wants=(),
        busy=(),
        pages=pages,
        sessions=(Session(datetime(2026, 3, 2, 8, tzinfo=UTC), ()),),
    )
