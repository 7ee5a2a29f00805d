"""A small good desk to spoil, and how it is refused then."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.desks.load import DeskInvalid, load

GOOD = """\
about = "A gardener writes a talk and pays for seeds."

[persona]
name = "Jo Fern"
occupation = "gardener"
age = 51
languages = ["en", "de"]
zone = "Europe/Berlin"

[[facts]]
id = "talk"
text = "Works on the bulb talk"
type = "working_on"
also = ["preparing_for"]
slots = { thing = ["bulb-talk.md", "bulb talk"] }
forbidden = ["not"]
begins = 2026-03-02
ends = 2026-03-02T18:00:00
evidence = ["open-talk", "s1.2"]

[[facts]]
id = "next-talk"
text = "Works on the moss talk"
type = "working_on"
slots = { thing = ["moss talk"] }
begins = 2026-03-02T18:00:00+01:00
half_life = "months"
minor = true
replaces = "talk"

[[decoys]]
id = "cruise"
kind = "advert"
text = "An advert for a cruise"
words = [["cruise", "Madeira"]]
steps = ["read-news"]

[[secrets]]
text = "4111 1111 1111 1111"
kind = "card"
steps = ["pay"]

[[wants]]
id = "help"
kind = "prepare"
text = "Collect pictures for the talk"
begins = 2026-03-02T09:00:00
ends = 2026-03-02T10:00:00
benefit = 6
cost_false = 2.5
fact = "talk"

[[busy]]
begins = 2026-03-02T13:00:00
ends = 2026-03-02T14:00:00
why = "a call"

[[pages]]
id = "news"
kind = "news.article"
paper = "Herald"
title = "Spring is late"
body = "Bulbs wait."
adverts = ["A cruise to Madeira from 399"]

[[pages]]
id = "pay-page"
kind = "shop.pay"
shop = "Seedery"
total = "12.00 EUR"

[[pages]]
id = "sent"
kind = "mail.sent"
messages = [{ to = "Ada", subject = "Hello" }]

[[pages]]
id = "club"
kind = "html"
host = "club.test"
asset = "club.html"

[[pages]]
id = "letter"
kind = "mail.message"
from = "Ada"
address = "ada@club.test"
subject = "Moss"
body = "Will you speak on moss?"

[[sessions]]
begins = 2026-03-02T09:00:00

[[sessions.steps]]
id = "open-talk"
do = "open"
program = "editor"
file = "bulb-talk.md"
folder = "Documents"

[[sessions.steps]]
do = "type"
text = "Bulbs in pots"
at = 2026-03-02T09:04:00

[[sessions.steps]]
do = "mail"
page = "letter"

[[sessions.steps]]
do = "open"
program = "browser"
page = "news"
at = 2026-03-02T09:30:00

[[sessions.steps]]
id = "read-news"
do = "read"
seconds = 20

[[sessions.steps]]
do = "visit"
page = "pay-page"

[[sessions.steps]]
id = "pay"
do = "type"
field = "card_number"
text = "4111 1111 1111 1111"

[[sessions.steps]]
id = "press"
do = "click"
name = "pay"
page = "club"

[[sessions]]
begins = 2026-03-03T09:00:00

[[sessions.steps]]
do = "open"
program = "terminal"

[[sessions.steps]]
do = "run"
command = "ls"
status = 0
"""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """`old` text becomes `new`. The line that must be named is the one where `mark` begins.

    `what` must be said of it, and `expected` stand in the hint.
    """

    old: str
    new: str
    mark: str
    what: str
    expected: str


def folder(root: Path, text: str | bytes = GOOD) -> Path:
    folder = root / "jo"
    folder.mkdir()
    (folder / "desk.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    (folder / "club.html").write_text("<h1>The bulb club</h1>")
    return folder


def refusal(folder: Path) -> DeskInvalid:
    with pytest.raises(DeskInvalid) as caught:
        load(folder)
    return caught.value


def check(root: Path, case: Spoilt) -> None:
    """Spoils the good desk and looks at what is said of it."""
    assert GOOD.count(case.old) == 1, GOOD.count(case.old)
    text = GOOD.replace(case.old, case.new) + "#end\n"
    assert case.mark in text
    wrong = refusal(folder(root, text))
    title = re.match(r"jo/desk\.toml:(\d+): (.+)$", wrong.title)
    assert title, wrong.title
    assert int(title[1]) == text[: text.index(case.mark)].count("\n") + 1, (wrong.title, wrong.hint)
    assert case.what in title[2], wrong.title
    assert wrong.hint.startswith(("Expected", "Did you mean"))
    assert case.expected in wrong.hint, wrong.hint
