"""The demo's person on a real desktop: pages under their names, typing, private windows."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.demo.eyes import look
from app.demo.person import Person
from app.demo.site import Site
from app.demo.story import CLINIC, MAIL, Story
from app.desktop import VirtualDesktop
from gum.errors import ActionFailed

pytestmark = pytest.mark.desktop


@pytest.fixture
def person(desktop: VirtualDesktop) -> Iterator[Person]:
    with Site(Story(datetime.now().astimezone())) as site:
        yield Person(desktop, site)


def test_a_mail_can_be_written_on_the_real_page(person: Person) -> None:
    person.open(person.browser(f"{MAIL}/compose"), "New message*", (10, 10, 1000, 800))
    person.fill("To", "Anna")
    person.fill("Message", "one\ntwo")
    person.press("Send", program="chromium")
    person.desktop.wait_window("Sent*")


def test_a_private_window_shows_its_page(person: Person) -> None:
    person.open(person.browser(f"{MAIL}/"), "Inbox*", None)
    person.open(person.browser(f"{CLINIC}/", "--incognito"), "Your results*", None)
    assert person.until(lambda: bool(look(person.desktop.env, "Your results", role="heading")))


def test_line_breaks_reach_an_editor(person: Person, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.touch()
    person.open(["mousepad", str(note)], "*note.md*", (10, 10, 600, 400))
    person.write("first line\nsecond line\n")
    person.desktop.key("ctrl+s")
    assert person.until(lambda: note.read_text() == "first line\nsecond line\n")


def test_what_is_not_there_is_not_guessed(person: Person) -> None:
    with pytest.raises(ActionFailed, match="Launch rockets"):
        person.press("Launch rockets", patience_s=0.2)
