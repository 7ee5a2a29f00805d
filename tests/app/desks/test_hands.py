"""Hands and eyes on real windows, and the choice among things of similar names."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.eyes import Seen
from app.demo.person import Person
from app.desks import programs
from app.desks.hands import PRESSABLE, Hands, named, notify
from app.desks.manner import manner
from app.desks.programs import Launch
from app.desks.rhythm import Rhythm
from app.desktop import VirtualDesktop
from gum.errors import ActionFailed
from gum.types import Region

PLACE = (40, 60, 900, 640)
PAGE = """<!doctype html><title>Long page</title><h1>Send</h1>
<label>Subject <input></label><label>Message <textarea rows=3></textarea></label>
<p><a href="#far">A far letter</a></p>{rows}
<p><button onclick="document.title='Sent it'">Send</button></p><footer style="height:120px">Terms</footer>
<div style="position:fixed;bottom:0;left:0;right:0;height:70px;background:#ddd">We use cookies</div>"""

# More different letters than can be had at once.
JAPANESE = "図書館の宮下です。企画展「加賀の旅日記」の図録に、先生の解説文を二千字ほどいただけますか。"


def thing(name: str, role: str, enabled: bool = True) -> Seen:
    return Seen("Chromium", role, name, Region(1, 1, 10, 10), enabled)


def test_a_name_means_the_whole_name_before_its_beginning_and_a_button_before_a_heading() -> None:
    found = [
        thing("Send", "heading"),
        thing("Send later", "push button"),
        thing("Please send", "link"),
        thing(" SEND: ", "push button"),
        thing("Send", "push button", enabled=False),
    ]
    assert named(found, "send", PRESSABLE) == found[3]
    assert named(found[:3], "send", PRESSABLE) == found[1]
    assert named(found[2:3], "send", PRESSABLE) == found[2]
    assert named(found[:1], "send", PRESSABLE) is None
    assert named(found[4:], "send", PRESSABLE) is None


def test_a_notice_that_nobody_shows_is_no_error() -> None:
    assert notify("unix:path=/nowhere/at/all", "Calendar", "Dentist", "at ten") is False


class NoSites:
    rules = "--host-resolver-rules=MAP * ~NOTFOUND"


@pytest.fixture
def hands(desktop: VirtualDesktop) -> Iterator[Hands]:
    way = manner("hands", 0)
    programs.prepare(desktop, way)
    with Hands(desktop, Person(desktop, NoSites()), Rhythm("hands"), way, random.Random(1)) as made:
        yield made


@pytest.fixture
def browsing(hands: Hands, tmp_path: Path) -> Hands:
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(rows="<p>line</p>" * 60), encoding="utf-8")
    hands.open(Launch(tuple(hands.person.browser(page.as_uri())), "Long page*"), PLACE)
    return hands


@pytest.mark.desktop
def test_what_is_far_down_is_scrolled_to_and_not_covered_when_clicked(browsing: Hands) -> None:
    button = browsing.find("Send", PRESSABLE)
    assert button.middle[1] < browsing.area().bottom - 70
    browsing.press(button)
    assert browsing.wait_title("Sent it*", 5)
    link = browsing.find("A far letter", PRESSABLE)  # and up again
    assert link.role == "link"
    with pytest.raises(ActionFailed, match="Launch rockets"):
        browsing.find("Launch rockets", PRESSABLE, patience_s=0.1)


@pytest.mark.desktop
def test_a_field_is_filled_and_its_text_revised(browsing: Hands) -> None:
    browsing.enter("Message")
    browsing.write("Two rows of hornbeam, über die Hecke")
    browsing.revise("Two rows of hornbeam, über die Hecke", f"Two rows: {JAPANESE}")
    browsing.desktop.key("ctrl+a", "ctrl+x")
    browsing.enter("Subject")
    browsing.desktop.key("ctrl+v")
    browsing.desktop.key("ctrl+a", "ctrl+c")
    note = Path(browsing.desktop.env["HOME"]) / "note.txt"
    note.touch()
    browsing.open(programs.editor(note), PLACE)
    browsing.desktop.key("ctrl+v", "ctrl+s")
    browsing.person.until(lambda: bool(note.read_text()))
    assert note.read_text() == f"Two rows: {JAPANESE}"


@pytest.mark.desktop
def test_a_window_that_asks_is_told_not_to_save(hands: Hands, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("kept\n")
    editor = hands.open(programs.editor(note), PLACE)
    hands.write("lost", careful=True)
    office = hands.open(programs.office(None), PLACE)
    hands.write("lost as well", careful=True)
    hands.show_desktop()
    hands.leave([editor, office])
    assert not {editor, office} & hands.desktop.windows().keys()
    assert note.read_text() == "kept\n"


@pytest.mark.desktop
def test_a_window_that_never_comes_is_named(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desks.hands.OPEN_S", 0.5)
    with pytest.raises(ActionFailed, match="No window titled Nothing"):
        hands.open(Launch(("true",), "Nothing like it"), PLACE)
