"""What is wrong with a desk as a whole: references, order, truth, and steps that cannot be done."""

from pathlib import Path

import pytest

from tests.app.desks.gardener import Spoilt, check

CASES = {
    "two facts of one id": Spoilt(
        'id = "next-talk"',
        'id = "talk"',
        'id = "talk"\ntext = "Works on the moss',
        '"talk" is taken',
        "its own",
    ),
    "two pages of one id": Spoilt(
        'id = "sent"',
        'id = "news"',
        'id = "news"\nkind = "mail',
        '"news" is taken',
        "its own",
    ),
    "two steps of one id": Spoilt(
        'id = "press"',
        'id = "read-news"',
        'id = "read-news"\ndo = "click"',
        '"read-news" is taken',
        "its own",
    ),
    "an id like a step's place": Spoilt(
        'id = "press"',
        'id = "s2.2"',
        '[[sessions.steps]]\ndo = "run"',
        '"s2.2" is taken',
        "its own",
    ),
    "evidence that is no step": Spoilt(
        '"s1.2"',
        '"s1.99"',
        '"s1.99"',
        'no step "s1.99"',
        "s1.2",
    ),
    "a fact that nothing shows": Spoilt(
        'evidence = ["open-talk", "s1.2"]\n',
        "",
        '[[facts]]\nid = "talk"',
        "has no evidence",
        "minor = true",
    ),
    "a decoy's step that is none": Spoilt(
        'steps = ["read-news"]',
        'steps = ["reed-news"]',
        "reed-news",
        'no step "reed-news"',
        'mean "read-news"',
    ),
    "a decoy that no step shows": Spoilt(
        'steps = ["read-news"]\n',
        "",
        "[[decoys]]",
        "no step shows",
        "ids of steps",
    ),
    "a decoy with a truth's words": Spoilt(
        '["cruise", "Madeira"]',
        '["Bulb", "talk"]',
        "words =",
        'stand in the fact "talk"',
        "no true statement",
    ),
    "a decoy without words": Spoilt(
        '[["cruise", "Madeira"]]',
        "[[]]",
        "words =",
        "is an empty list",
        "at least one",
    ),
    "a page that is none": Spoilt(
        'page = "pay-page"',
        'page = "pay"',
        'page = "pay"',
        'no page "pay"',
        'mean "pay-page"',
    ),
    "a want's fact that is none": Spoilt(
        'fact = "talk"',
        'fact = "talks"',
        '"talks"',
        'no fact "talks"',
        'mean "talk"',
    ),
    "a want that ends first": Spoilt(
        "ends = 2026-03-02T10:00:00",
        "ends = 2026-03-02T08:00:00",
        "ends = 2026-03-02T08",
        "ends before",
        "later",
    ),
    "a busy time without length": Spoilt(
        "ends = 2026-03-02T14:00:00",
        "ends = 2026-03-02T13:00:00",
        "ends = 2026-03-02T13",
        "ends before",
        "later",
    ),
    "a fact that ends first": Spoilt(
        "ends = 2026-03-02T18:00:00",
        "ends = 2026-03-01T18:00:00",
        "ends = 2026-03-01",
        "ends before",
        "later",
    ),
    "sessions out of order": Spoilt(
        "begins = 2026-03-03T09:00:00",
        "begins = 2026-03-01T09:00:00",
        "begins = 2026-03-01T09",
        "session begins at",
        "after 2026-03-02",
    ),
    "a session within another": Spoilt(
        "begins = 2026-03-03T09:00:00",
        "begins = 2026-03-02T09:10:00",
        "T09:10",
        "session begins at",
        "08:30 UTC",
    ),
    "a step that goes back": Spoilt(
        "at = 2026-03-02T09:30:00",
        "at = 2026-03-02T09:01:00",
        "T09:01",
        "before what comes before",
        "08:04",
    ),
    "a step before its session": Spoilt(
        "at = 2026-03-02T09:04:00",
        "at = 2026-03-02T08:59:00",
        "T08:59",
        "before what comes before",
        "08:00",
    ),
    "an asset that is missing": Spoilt(
        'asset = "club.html"',
        'asset = "clubs.html"',
        "clubs.html",
        "cannot be read",
        "a file in UTF-8",
    ),
    "an html page without an asset": Spoilt(
        'asset = "club.html"\n',
        "",
        '[[pages]]\nid = "club"',
        "no asset",
        "with `asset`",
    ),
    "an asset of another kind": Spoilt(
        'total = "12.00 EUR"',
        'total = "12"\nasset = "club.html"',
        'asset = "club.html"\n\n[[pages]]\nid = "sent"',
        "has an asset",
        "html",
    ),
    "an unknown field": Spoilt(
        'field = "card_number"',
        'field = "cardnumber"',
        "cardnumber",
        'no field "cardnumber"',
        'mean "card_number"',
    ),
    "a field nobody names": Spoilt(
        'field = "card_number"\n',
        "",
        '[[sessions.steps]]\nid = "pay"',
        "does not say where",
        "card_number",
    ),
    "an unknown button": Spoilt(
        'name = "pay"',
        'name = "pya"',
        '"pya"',
        'no button or link "pya"',
        "pay",
    ),
    "a link that leads nowhere": Spoilt(
        'name = "pay"\npage = "club"',
        'name = "Seedery"',
        '[[sessions.steps]]\nid = "press"',
        "leads nowhere",
        "`page`",
    ),
    "typing with nothing open": Spoilt(
        "begins = 2026-03-03T09:00:00\n",
        'begins = 2026-03-03T09:00:00\n[[sessions.steps]]\ndo = "type"\ntext = "oh"\n',
        '[[sessions.steps]]\ndo = "type"\ntext = "oh"',
        "no window open",
        "opens a program",
    ),
    "typing on an empty page": Spoilt(
        'program = "terminal"\n',
        'program = "browser"\n[[sessions.steps]]\ndo = "type"\ntext = "oh"\n',
        '[[sessions.steps]]\ndo = "type"\ntext = "oh"',
        "empty page",
        "visit",
    ),
    "clicking in a terminal": Spoilt(
        'do = "run"\ncommand = "ls"\nstatus = 0',
        'do = "click"\nname = "ls"',
        '[[sessions.steps]]\ndo = "click"\nname = "ls"',
        "terminal in front",
        "browser",
    ),
    "a visit without a browser": Spoilt(
        'do = "run"\ncommand = "ls"\nstatus = 0',
        'do = "visit"\npage = "news"',
        '[[sessions.steps]]\ndo = "visit"\npage = "news"',
        "terminal in front",
        "browser",
    ),
    "a switch to what is not open": Spoilt(
        'do = "run"\ncommand = "ls"\nstatus = 0',
        'do = "switch"\nprogram = "editor"',
        'program = "editor"\n#end',
        "no window of editor",
        "terminal",
    ),
    "a close of what is not open": Spoilt(
        'do = "run"\ncommand = "ls"\nstatus = 0',
        'do = "close"\nprogram = "browser"',
        'program = "browser"\n#end',
        "no window of browser",
        "terminal",
    ),
    "a command without a terminal": Spoilt(
        'do = "read"\nseconds = 20',
        'do = "run"\ncommand = "ls"',
        '[[sessions.steps]]\nid = "read-news"',
        "browser in front",
        "terminal",
    ),
    "saving a page": Spoilt(
        'do = "read"\nseconds = 20',
        'do = "save"',
        '[[sessions.steps]]\nid = "read-news"',
        "browser in front",
        "editor or office",
    ),
    "a mail that is none": Spoilt(
        'page = "letter"',
        'page = "news"',
        'page = "news"\n\n[[sessions.steps]]\ndo = "open"',
        "is a news.article",
        "mail.message",
    ),
    "a file for a browser": Spoilt(
        'page = "news"\nat',
        'file = "news"\nat',
        'file = "news"',
        'not opened with "file"',
        "page",
    ),
    "a path for a file": Spoilt(
        'file = "bulb-talk.md"',
        'file = "a/bulb-talk.md"',
        'file = "a/',
        "not the name of a file",
        "folder",
    ),
    "a folder above the home": Spoilt(
        'folder = "Documents"',
        'folder = "../etc"',
        "../etc",
        "not below the home",
        "Documents",
    ),
    "a secret of three letters": Spoilt(
        'text = "4111 1111 1111 1111"\nkind',
        'text = "411"\nkind',
        'text = "411"',
        "3 characters",
        "at least 4",
    ),
    "a secret that nobody types": Spoilt(
        'text = "4111 1111 1111 1111"\nkind',
        'text = "5111 1111 1111 1111"\nkind',
        'steps = ["pay"]',
        "neither types nor shows",
        "letter by letter",
    ),
    "a secret without a step": Spoilt(
        'steps = ["pay"]\n',
        "",
        "[[secrets]]",
        "no step",
        "ids of steps",
    ),
    "replaces what is not": Spoilt(
        'replaces = "talk"',
        'replaces = "talks"',
        "replaces",
        'no other fact "talks"',
        'mean "talk"',
    ),
    "replaces itself": Spoilt(
        'replaces = "talk"',
        'replaces = "next-talk"',
        "replaces",
        'no other fact "next-talk"',
        "talk",
    ),
    "replaces what goes on": Spoilt(
        "ends = 2026-03-02T18:00:00\n",
        "",
        "replaces",
        "has not ended",
        "`ends`",
    ),
    "two wants for one": Spoilt(
        "[[busy]]",
        """[[wants]]
id = "more"
kind = "prepare"
text = "Again"
begins = 2026-03-02T09:59:00
ends = 2026-03-02T11:00:00
benefit = 1
cost_false = 1
fact = "talk"

[[busy]]""",
        '[[wants]]\nid = "more"',
        "same kind of help",
        "one want",
    ),
    "a command of two lines": Spoilt(
        'command = "ls"',
        'command = "ls\\nmake"',
        "command =",
        "several lines",
        "one line",
    ),
    "a session without steps": Spoilt(
        "[[sessions]]\nbegins = 2026-03-03T09:00:00",
        """[[sessions]]
begins = 2026-03-03T08:00:00
steps = []

[[sessions]]
begins = 2026-03-03T09:00:00""",
        "steps = []",
        "no steps",
        "sessions.steps",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_refused_with_the_line_and_what_was_expected(tmp_path: Path, case: Spoilt) -> None:
    check(tmp_path, case)
