"""Small desks of all kinds of steps, and what a trace of them holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.desks.types import Desk, Do, Page, Persona, Session, Sight, Step
from gum.types import Observation, Trust

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)
PASSWORD, CARD = "hunter2-Tw1st", "4929 1184 6602 7135"
PARTS = [
    f"Part {number}. " + "The river rose over the meadow and fell again by night. " * 6
    for number in range(12)
]
LETTER = (
    "Dear Maria,\n\nthe gauge at the weir has been wrong since Tuesday. I took it out this morning and found "
    "sand in it. Could you send me the spare one before Friday?\n\nRobin"
)
PAGES = [
    Page("inbox", "mail.inbox", {"messages": [{"from": "Sylvie Roux", "subject": "Dinner on Saturday"}]}),
    Page(
        "letter",
        "mail.message",
        {
            "from": "Maria Silva",
            "address": "maria@weirs.example",
            "subject": "The spare gauge",
            "body": "Dear Robin,\n\nit went out by post today and should be with you on Thursday.\n\nMaria",
        },
    ),
    Page("compose", "mail.compose"),
    Page("login", "login", {"site": "Weirs of the North"}),
    Page("pay", "shop.pay", {"shop": "Gauge & Son", "total": "€ 41.00"}),
    Page(
        "news",
        "news.article",
        {"paper": "Morning Herald", "title": "Rivers rise", "body": "\n\n".join(PARTS)},
    ),
    Page("search", "search.start"),
    Page(
        "results",
        "search.results",
        {"query": "weir", "results": [{"title": "Weirs", "text": "All of them."}]},
    ),
    Page("vault", "vault.items", {"items": [{"site": "weirs", "user": "robin", "password": PASSWORD}]}),
]


def step(do: Do, called: str = "", /, *, at: datetime | None = None, **given: object) -> Step:
    return Step(called or do.value, do, given, at)


def desk(*steps: Step | Sequence[Step], id: str = "test", begins: datetime = NINE) -> Desk:
    """A desk of these steps; lists of steps are sessions of their own, a day after one another."""
    sessions = [list(one) for one in steps if not isinstance(one, Step)] or [
        [one for one in steps if isinstance(one, Step)]
    ]
    for session in sessions:
        names = [one.id for one in session]
        session[:] = [
            replace(one, id=f"{one.id}.{place}" if names.count(one.id) > 1 else one.id)
            for place, one in enumerate(session)
        ]
    return Desk(
        id=id,
        about="",
        persona=Persona("Robin Adler", "hydrologist", 34, ("en",), BERLIN),
        facts=(),
        decoys=(),
        secrets=(),
        wants=(),
        busy=(),
        pages={page.id: page for page in PAGES},
        sessions=tuple(
            Session(begins + timedelta(days=day), tuple(session)) for day, session in enumerate(sessions)
        ),
    )


def observed(found: Sequence[Sight], source: str = "", trust: Trust | None = None) -> list[Observation]:
    seen = [one.observation for one in found if one.observation is not None]
    return [
        one for one in seen if (not source or one.source == source) and (trust is None or one.trust is trust)
    ]


def authored(found: Sequence[Sight]) -> list[str]:
    return [one.text for one in observed(found, "ui_tree", Trust.AUTHORED)]


def titles(found: Sequence[Sight]) -> list[str]:
    """Titles of the windows in use, in order, without repeats."""
    names = [one.title for one in observed(found, "window")]
    return [name for place, name in enumerate(names) if not place or names[place - 1] != name]


def browser(page: str | None = None, private: bool = False) -> Step:
    program = "private" if private else "browser"
    return step(Do.OPEN, program=program, page=page) if page else step(Do.OPEN, program=program)


def writing(text: str) -> list[Step]:
    """Into the message of a letter."""
    return [step(Do.TYPE, field="message", text=text)]


DAY = desk(
    browser("inbox"),
    step(Do.READ),
    step(Do.MAIL, page="letter"),
    step(Do.CLICK, "open-letter", name="The spare gauge", page="letter"),
    step(Do.CLICK, "answer", name="reply", page="compose"),
    step(Do.TYPE, "to", field="to", text="maria@weirs.example"),
    step(Do.TYPE, "write", field="message", text=LETTER),
    step(Do.CLICK, "send", name="send", page="inbox"),
    step(Do.NOTIFY, app="Calendar", title="Soon", text="Dentist at eleven"),
    step(Do.VISIT, page="news"),
    step(Do.READ, "read-news"),
    step(Do.OPEN, "editor", program="editor", file="paper.md", folder="Documents", holds="# Fish ladders\n"),
    step(Do.REVISE, texts=["The flow was low in March.", "The flow was lowest in the first days of April."]),
    step(Do.SAVE),
    step(Do.OPEN, "shell", program="terminal", folder="flow"),
    step(Do.RUN, command="make flow", output="flow.csv written\n"),
    step(Do.RUN, "fail", command="python plot.py", output="NameError: name 'x' is not defined", status=1),
    step(Do.SWITCH, program="browser"),
    step(Do.IDLE, seconds=90),
    step(Do.OPEN, "office", program="office", file="report.odt", folder="Documents"),
    step(Do.TYPE, "report", text="The report of the year is written in one go."),
    step(Do.OPEN, "files", program="files", folder="Documents"),
    step(Do.CLOSE, program="files"),
)
