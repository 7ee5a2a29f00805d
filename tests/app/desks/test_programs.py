"""The programs of a played desk: what they are given, and that their text is seen."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.person import Person
from app.desks import programs
from app.desks.hands import Hands
from app.desks.manner import manner
from app.desks.rhythm import Rhythm
from app.desks.shell import Shell
from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from gum.types import Trust
from tests.observers.recorder import Recorder, wait_for, watching

PLACE = (40, 60, 1000, 700)
WAY = manner("programs", 0)


class NoSites:
    rules = "--host-resolver-rules=MAP * ~NOTFOUND"


@pytest.fixture
def hands(desktop: VirtualDesktop) -> Iterator[Hands]:
    programs.prepare(desktop, WAY)
    person = Person(desktop, NoSites())
    with Hands(desktop, person, Rhythm("programs"), WAY, random.Random(1)) as made:
        yield made


def texts(recorder: Recorder, trust: Trust) -> str:
    return "\n".join(o.text for o in recorder.observations if o.trust is trust)


@pytest.mark.desktop
@pytest.mark.parametrize("name", ["report.odt", "report.docx", "report.txt"])
def test_the_office_program_shows_what_a_document_holds_and_it_is_observed(
    hands: Hands, tmp_path: Path, name: str
) -> None:
    programs.put(tmp_path / name, "Costs & savings\nof the <new> harbour")
    with watching(hands.desktop) as (_, recorder):
        window = hands.open(programs.office(tmp_path / name), PLACE)
        assert wait_for(lambda: "Costs & savings\nof the <new> harbour" in texts(recorder, Trust.AUTHORED))
        hands.desktop.key("ctrl+End")
        hands.write("\nMore of it.", careful=True)
        assert wait_for(lambda: "harbour\nMore of it." in texts(recorder, Trust.AUTHORED))
    area = hands.area(window)
    assert (area.width, area.height) == PLACE[2:]  # not as large as the screen, as it would like to be


@pytest.mark.desktop
def test_the_file_manager_and_the_editor_open_what_they_are_given(hands: Hands, tmp_path: Path) -> None:
    folder = tmp_path / "Papers"
    programs.put(folder / "a.md", "first\n")
    programs.put(folder / "b.md", "second\n")
    hands.open(programs.files(folder), PLACE)
    assert hands.title() == "Papers"
    first = hands.open(programs.editor(folder / "a.md"), PLACE)
    second = hands.open(programs.editor(folder / "b.md"), PLACE)
    assert first != second  # a window each, no tab
    hands.show(first)
    assert hands.title() == f"{folder / 'a.md'} - Mousepad"
    hands.leave([first])
    assert first not in hands.desktop.windows() and second in hands.desktop.windows()


@pytest.mark.desktop
def test_a_terminal_waits_with_its_prompt_in_its_folder(hands: Hands, tmp_path: Path) -> None:
    (home := Path(hands.desktop.env["HOME"]) / "work").mkdir(exist_ok=True)
    shell = Shell(tmp_path / "shell", home.parent, "mira")
    hands.open(programs.terminal(WAY, shell, "mira", home), PLACE)
    assert hands.title() == "mira@desk: ~/work"
    assert wait_for(lambda: shell.statuses() == [0])


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(CaptureUnavailable, match="no-such-program is not installed"):
        programs.installed("no-such-program")


def test_the_settings_are_the_manners(tmp_path: Path) -> None:
    desktop = VirtualDesktop()
    desktop.folder = tmp_path
    desktop.env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path / "home")}
    programs.prepare(desktop, WAY)
    gtk = (tmp_path / "config" / "gtk-3.0" / "settings.ini").read_text()
    assert f"DejaVu Sans {WAY.font}" in gtk and f"dark-theme={int(WAY.dark)}" in gtk
    assert '"default_zoom_level"' in (tmp_path / "browser" / "Default" / "Preferences").read_text()
