"""Data for the FAKE daemon, made up here: a week of ordinary work, and more than any window can hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]


def iso(seconds_ago: float = 0) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds_ago)).isoformat()


def status(**changes: object) -> Json:
    """A STATUS of a daemon in good health."""
    base: Json = {
        "state": "observing",
        "reason": "",
        "paused_until": None,
        "sources": [
            {"name": "screen", "state": "running", "detail": "", "hint": "", "last_at": iso(12)},
            {"name": "window", "state": "running", "detail": "", "hint": "", "last_at": iso(3)},
            {
                "name": "ui_tree",
                "state": "unavailable",
                "detail": "No accessibility bus answers",
                "hint": "Install at-spi2-core and log in again",
                "last_at": None,
            },
        ],
        "last_observation_at": iso(12),
        "last_observation_age_s": 12.0,
        "excluded_by": None,
        "queue": {"inbox": 0, "perceive": 2, "propose": 5, "dead": 0, "dropped": 0},
        "models": [
            {"name": "reader", "model": "PP-OCRv6 small", "state": "ready", "detail": "", "hint": ""},
            {
                "name": "embedder",
                "model": "all-MiniLM-L6-v2 int8",
                "state": "unloaded",
                "detail": "",
                "hint": "",
            },
            {"name": "decoder", "model": "SmolLM2-135M-Instruct", "state": "off", "detail": "", "hint": ""},
        ],
        "counts": {"observations": 1482, "propositions": 12},
        "version": "0.1.0",
        "observing_since": iso(9000),
    }
    return base | changes


def evidence(quote: str, app: str, title: str, ago: float, trust: str = "authored", id_: str = "o1") -> Json:
    return {
        "observation_id": id_,
        "quote": quote,
        "stance": "supports",
        "weight": 1.2,
        "at": iso(ago),
        "app": app,
        "title": title,
        "trust": trust,
    }


def proposition(
    id_: str,
    text: str,
    type_: str = "working_on",
    label: str = "is working on",
    confidence: float = 0.8,
    half_life: str = "about 2 weeks",
    ago: float = 600,
    pieces: list[Json] | None = None,
) -> Json:
    return {
        "id": id_,
        "type": type_,
        "type_label": label,
        "slots": {},
        "text": text,
        "confidence": confidence,
        "half_life_s": 1209600.0,
        "half_life": half_life,
        "strength": confidence,
        "status": "active",
        "sensitivity": "normal",
        "created_at": iso(ago + 90000),
        "supported_at": iso(ago),
        "valid_until": None,
        "evidence": pieces
        if pieces is not None
        else [evidence("Let us meet on Tuesday", "thunderbird", "Mail", ago)],
    }


def believable() -> list[Json]:
    """Twelve propositions as a week of ordinary work would leave them."""
    mail = "Re: workshop in Lisbon - Thunderbird"
    rows: list[tuple[str, str, str, float, str, float, list[Json]]] = [
        (
            "You are preparing for the design workshop in Lisbon.",
            "preparing",
            "is preparing for",
            0.93,
            "about 3 weeks",
            240,
            [
                evidence(
                    "I land in Lisbon on the 3rd and will bring the printed slides", "thunderbird", mail, 240
                ),
                evidence(
                    "Lisbon – hotels near Praça do Comércio",
                    "chromium",
                    "Hotels in Lisbon",
                    5400,
                    "acted-on",
                    "o2",
                ),
                evidence("lisbon metro card worth it", "chromium", "Search", 9000, "authored", "o3"),
            ],
        ),
        (
            "You have a deadline on 4 December: the grant report.",
            "deadline",
            "has deadline",
            0.88,
            "until it has passed",
            1500,
            [
                evidence("the grant report is due on 4 December", "thunderbird", "Grant report", 1500),
                evidence("Grant report DUE", "gnome-calendar", "December", 86000, "acted-on", "o4"),
            ],
        ),
        (
            "You are working on thesis_ch3.tex in the project thesis.",
            "working_on",
            "is working on",
            0.97,
            "about 2 weeks",
            60,
            [evidence("thesis_ch3.tex - thesis - Code", "code", "thesis_ch3.tex", 60, "acted-on")],
        ),
        (
            "You are struggling with test_parser.py: assert 3 == 4.",
            "struggling",
            "is struggling with",
            0.74,
            "about 3 days",
            420,
            [
                evidence(
                    "FAILED tests/test_parser.py::test_nested - assert 3 == 4",
                    "xterm",
                    "pytest",
                    420,
                    "acted-on",
                ),
                evidence(
                    "python recursive descent operator precedence",
                    "chromium",
                    "Search",
                    380,
                    "authored",
                    "o5",
                ),
            ],
        ),
        (
            "You are communicating with Marta Oliveira about the keynote.",
            "communicating",
            "is communicating with",
            0.91,
            "about 1 month",
            900,
            [evidence("To: Marta Oliveira", "thunderbird", "Keynote", 900)],
        ),
        (
            "You are learning Portuguese.",
            "learning",
            "is learning",
            0.66,
            "about 2 months",
            80000,
            [evidence("how to order coffee in portuguese", "chromium", "Search", 80000)],
        ),
        (
            "You prefer trains to flights within Europe.",
            "prefers",
            "prefers",
            0.58,
            "about 6 months",
            172000,
            [evidence("I would rather take the night train again", "thunderbird", mail, 172000)],
        ),
        (
            "You use Inkscape for conference posters.",
            "uses",
            "uses … for …",
            0.71,
            "about 6 months",
            260000,
            [evidence("poster_v4.svg - Inkscape", "inkscape", "poster_v4.svg", 260000, "acted-on")],
        ),
        (
            "You are waiting for the reviewers' answer.",
            "waiting",
            "is waiting for",
            0.62,
            "about 2 weeks",
            50000,
            [
                evidence(
                    "we hope to hear from the reviewers by Friday", "thunderbird", "Submission 214", 50000
                )
            ],
        ),
        (
            "You are interested in mechanical keyboards.",
            "interested",
            "is interested in",
            0.41,
            "about 1 month",
            400000,
            [evidence("Best 60 % boards compared", "chromium", "Keyboards", 400000, "read")],
        ),
        (
            "You bought a ticket Berlin – Lisbon.",
            "bought",
            "bought",
            0.95,
            "about 1 year",
            7000,
            [evidence("Thank you for your order 8841-22", "chromium", "Order", 7000, "acted-on")],
        ),
        (
            "You hold the role of treasurer of the climbing club.",
            "role",
            "holds the role",
            0.69,
            "about 1 year",
            600000,
            [evidence("Best wishes, Ana (treasurer)", "thunderbird", "Club", 600000)],
        ),
    ]
    return [
        proposition(f"p{n}", text, type_, label, sure, life, ago, pieces)
        for n, (text, type_, label, sure, life, ago, pieces) in enumerate(rows)
    ]


def overfull(count: int = 500) -> list[Json]:
    """Too many, too long, in scripts that run the other way or have no spaces."""
    texts = [
        "You are working on "
        + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten" * 3
        + ".",
        "אתה מתכונן לפגישה עם הצוות ביום שלישי בשעה עשר בבוקר במשרד החדש",
        "أنت تستعد لاجتماع الفريق يوم الثلاثاء وتكتب تقريرا طويلا عن المشروع",
        "あなたは来週の火曜日の会議の準備をしていて、発表資料をまだ書き終えていません。" * 3,
        "<b>You</b> &amp; <img src=x onerror=alert(1)> are interested in <script>HTML</script>.",
        "You are preparing for " + "a very long journey through many towns, " * 12,
        "You 👩‍👩‍👧‍👦 are communicating with 🇵🇹 Zoë Ångström‑Ñandú.",
    ]
    types = [
        ("working_on", "is working on"),
        ("preparing", "is preparing for"),
        ("interested", "is interested in"),
    ]
    return [
        proposition(
            f"p{n}", f"{texts[n % len(texts)]} ({n})", *types[n % 3], (n * 37 % 100) / 100, ago=n * 600.0
        )
        for n in range(count)
    ]


def observation(id_: str, text: str = "", **changes: object) -> Json:
    base: Json = {
        "id": id_,
        "source": "ui_tree",
        "at": iso(240),
        "until": iso(200),
        "app": "thunderbird",
        "title": "Re: workshop in Lisbon - Thunderbird",
        "url": None,
        "trust": "authored",
        "text": text or LETTER,
    }
    return base | changes


LETTER = """To: Marta Oliveira
Subject: Re: workshop in Lisbon

Dear Marta,

thank you for the programme. I land in Lisbon on the 3rd and will bring the printed slides.
Could we look at the room the evening before? I would rather take the night train again
than fly, so I may be a little late.

<b>Best wishes</b>
Ana"""


def suggestion(id_: str = "s1", **changes: object) -> Json:
    base: Json = {
        "id": id_,
        "kind": "prepare",
        "text": "Put the workshop in Lisbon into your calendar?",
        "why_now": "You wrote the date of your arrival just now, and no calendar entry has it.",
        "why": believable()[:1],
        "p_useful": 0.71,
        "benefit": 1.0,
        "cost_shown": 0.2,
        "cost_missed": 0.4,
        "state": "shown",
        "created_at": iso(5),
        "expires_at": iso(-900),
        "has_plan": True,
        "plan_id": "plan1",
    }
    return base | changes


def plan(**changes: object) -> Json:
    base: Json = {
        "id": "plan1",
        "goal": "Remember the workshop in Lisbon",
        "digest": "ab12" * 16,
        "state": "waiting",
        "steps": [
            {
                "kind": "make_event",
                "what": "Make a calendar file with one entry",
                "where": "Folder Calendar in your home folder",
                "target": "/home/ana/Calendar/workshop-lisbon.ics",
                "args": {
                    "title": "Design workshop, Lisbon",
                    "starts": "2026-12-03 09:00",
                    "ends": "2026-12-03 17:00",
                },
                "reversibility": "reversible",
                "risk": "",
                "expected": "The file exists and holds the entry",
                "undo": "The file is removed again",
            },
            {
                "kind": "open_page",
                "what": "Open a page in your browser",
                "where": "Your default browser",
                "target": "https://workshop.example.org/lisbon/programme",
                "args": {},
                "reversibility": "read-only",
                "risk": "The site learns that you visit it",
                "expected": "A window titled Programme",
                "undo": None,
            },
        ],
        "outcomes": [],
        "can_undo": False,
        "expires_at": iso(-75),
    }
    return base | changes


DONE: Json = {
    "state": "done",
    "can_undo": True,
    "outcomes": [
        {"step_index": 0, "ok": True, "seen": "workshop-lisbon.ics is there, 1 entry"},
        {"step_index": 1, "ok": True, "seen": "a window “Programme – Chromium” opened"},
    ],
}

RULES: list[Json] = [
    {
        "id": "private",
        "name": "Private windows",
        "effect": "drop",
        "app": None,
        "title": None,
        "url": None,
        "private": True,
        "builtin": True,
    },
    {
        "id": "passwords",
        "name": "Password managers",
        "effect": "drop",
        "app": "*keepass*",
        "title": None,
        "url": None,
        "private": None,
        "builtin": True,
    },
    {
        "id": "own",
        "name": "Gumption's own windows",
        "effect": "drop",
        "app": None,
        "title": "Gumption*",
        "url": None,
        "private": None,
        "builtin": True,
    },
    {
        "id": "u1",
        "name": "My bank",
        "effect": "drop",
        "app": None,
        "title": None,
        "url": "https://*.bank.example/*",
        "private": None,
        "builtin": False,
    },
]

TODAY: Json = {
    "captured": [
        {"app": "thunderbird", "site": None, "observations": 214, "last_at": iso(240)},
        {"app": "chromium", "site": "workshop.example.org", "observations": 61, "last_at": iso(900)},
        {"app": "code", "site": None, "observations": 388, "last_at": iso(60)},
    ],
    "excluded": [
        {
            "app": "chromium",
            "rule_id": "private",
            "rule": "Private windows",
            "count": 17,
            "last_at": iso(4000),
        },
        {
            "app": "keepassxc",
            "rule_id": "passwords",
            "rule": "Password managers",
            "count": 3,
            "last_at": iso(9000),
        },
    ],
    "database_bytes": 3_140_000,
    "observations_total": 1482,
}
