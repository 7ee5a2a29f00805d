"""A desk small enough to be played for real in a test: two sessions, most programs, four secrets."""

from pathlib import Path

from app.desks.load import load
from app.desks.types import Desk

_TOML = '''
about = "A gardener: plans a hedge, fights a script, books nothing."

[persona]
name = "Mira Holt"
occupation = "gardener"
age = 41
languages = ["en"]
zone = "Europe/Berlin"

[[facts]]
id = "plan"
text = "Works on the hedge plan"
type = "working_on"
slots = { thing = ["hedge-plan.md", "hedge plan"] }
begins = 2026-03-02
evidence = ["write-plan"]

[[facts]]
id = "script"
text = "Struggles with the script that counts plants"
type = "struggling_with"
slots = { thing = ["count_plants.py", "ZeroDivisionError"] }
begins = 2026-03-02
evidence = ["run-script"]

[[facts]]
id = "osman"
text = "Is in contact with Osman Reyes"
type = "communicating_with"
slots = { person = ["Osman Reyes", "Osman"] }
begins = 2026-03-02
evidence = ["read-osman", "answer-osman"]

[[decoys]]
id = "cruise"
kind = "advert"
text = "An advert for a cruise to Madeira"
words = [["Madeira"]]
steps = ["read-news"]

[[secrets]]
text = "larkspur-Vault-19"
kind = "private"
steps = ["look-up-password"]

[[secrets]]
text = "Gr8-hornbeam-pw"
kind = "password"
steps = ["type-password"]

[[secrets]]
text = "5217 8843 0091 6634"
kind = "card"
steps = ["type-card"]

[[secrets]]
text = "bunion surgery"
kind = "private"
steps = ["private-window"]

[[pages]]
id = "inbox"
kind = "mail.inbox"
messages = [{ from = "Nursery Lund", subject = "Opening hours in March", snippet = "We open at nine" }]

[[pages]]
id = "mail-osman"
kind = "mail.message"
from = "Osman Reyes"
address = "osman@reyes-gardens.example"
subject = "Hornbeam for the north side"
body = """
Hello Mira,

the hornbeam arrives on Friday 13 March. Can you send me the hedge plan before?

Osman"""

[[pages]]
id = "compose"
kind = "mail.compose"

[[pages]]
id = "sent"
kind = "mail.sent"
messages = [{ to = "Osman Reyes", subject = "The hedge plan" }]

[[pages]]
id = "news"
kind = "news.article"
paper = "Morning Herald"
title = "Late frost expected in the hills"
body = "The weather service expects frost until the end of the month.\\n\\nGardeners should wait with beans."
adverts = ["Cruise to Madeira from 399"]

[[pages]]
id = "login"
kind = "login"
site = "Plantbase"

[[pages]]
id = "vault"
kind = "vault.items"
items = [{ site = "Plantbase", user = "mira", password = "larkspur-Vault-19" }]

[[pages]]
id = "pay"
kind = "shop.pay"
shop = "Lund Nursery"
total = "84.00"

[[pages]]
id = "clinic"
kind = "wiki.article"
title = "Recovery after bunion surgery"
body = "After bunion surgery most people walk again within six weeks."

[[sessions]]
begins = 2026-03-02T09:00:00

[[sessions.steps]]
do = "open"
program = "browser"
page = "inbox"

[[sessions.steps]]
id = "arrives"
do = "mail"
page = "mail-osman"

[[sessions.steps]]
do = "click"
name = "Hornbeam for the north side"
page = "mail-osman"

[[sessions.steps]]
id = "read-osman"
do = "read"
seconds = 2

[[sessions.steps]]
do = "open"
program = "editor"
file = "hedge-plan.md"
folder = "Documents/hedge"
holds = "Hedge plan, north side"

[[sessions.steps]]
id = "write-plan"
do = "revise"
texts = ["Ninety hornbeams, two rows.", "Ninety hornbeams, three rows of thirty."]

[[sessions.steps]]
do = "save"

[[sessions.steps]]
do = "open"
program = "terminal"
folder = "Documents/hedge"

[[sessions.steps]]
id = "run-script"
do = "run"
command = "python3 count_plants.py --rows 0"
output = """
Traceback (most recent call last):
  File "count_plants.py", line 12, in <module>
ZeroDivisionError: division by zero"""
status = 1

[[sessions]]
begins = 2026-03-02T14:00:00

[[sessions.steps]]
id = "read-news"
do = "open"
program = "browser"
page = "news"

[[sessions.steps]]
id = "look-up-password"
do = "visit"
page = "vault"

[[sessions.steps]]
do = "visit"
page = "login"

[[sessions.steps]]
id = "type-password"
do = "type"
field = "password"
text = "Gr8-hornbeam-pw"

[[sessions.steps]]
do = "click"
name = "sign_in"
page = "pay"

[[sessions.steps]]
id = "type-card"
do = "type"
field = "card_number"
text = "5217 8843 0091 6634"

[[sessions.steps]]
id = "private-window"
do = "open"
program = "private"
page = "clinic"

[[sessions.steps]]
do = "close"
program = "private"

[[sessions.steps]]
do = "visit"
page = "compose"

[[sessions.steps]]
id = "answer-osman"
do = "type"
field = "message"
text = "Hello Osman,\\nthe hedge plan is nearly done."

[[sessions.steps]]
do = "click"
name = "send"
page = "sent"
'''


def small_desk(folder: Path) -> Desk:
    """The desk, read from a file in `folder`."""
    place = folder / "hedge"
    place.mkdir()
    (place / "desk.toml").write_text(_TOML, encoding="utf-8")
    return load(place)
