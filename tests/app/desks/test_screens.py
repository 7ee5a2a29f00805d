"""What simulated windows show is what the real programs show, as the observers see it."""

import time
from pathlib import Path

import pytest

from app.desks import screens
from app.desktop import VirtualDesktop
from gum.types import Trust, WindowInfo
from gum.ui import Snapshot, UiNode
from observers.bus import AccessibilityBus
from observers.segment import Segment, segment
from observers.surface import Desktop
from observers.terminal import terminal_segments
from tests.trees import snapshot

NOTE = "Plan for the garden\nBuy tulip bulbs by Saturday 28 November."


def seen(app: str, tree: UiNode) -> list[Segment]:
    return segment(Snapshot(WindowInfo(1, app, tree.name, 1, None, private=False), tree))


def roles(node: UiNode) -> list[str]:
    return [part.role for part in node.walk()]


def test_an_editor_is_the_recorded_one_but_for_the_warning_of_root() -> None:
    recorded = snapshot("mousepad_document")
    assert recorded.tree is not None
    made = screens.editor(screens.editor_title("/home/jonas/garden.txt", False), NOTE + "\n")
    assert made.name == recorded.tree.name == recorded.window.title
    assert seen("mousepad", made) == [one for one in segment(recorded) if "root account" not in one.text]
    (field,) = [one for one in made.walk() if "editable" in one.states]
    (real,) = [one for one in recorded.tree.walk() if "editable" in one.states]
    assert (field.role, field.name, field.states) == (real.role, real.name, real.states - {"focusable"})
    assert set(roles(made)) <= set(roles(recorded.tree))


def test_an_empty_editor_tells_nothing() -> None:
    assert seen("mousepad", screens.editor(screens.editor_title("Untitled 1", False), "")) == []


def test_titles_say_what_is_not_saved() -> None:
    assert screens.editor_title("/home/r/a.md", True) == "*/home/r/a.md - Mousepad"
    assert screens.office_title("a.odt") == "a.odt - LibreOffice Writer"
    assert screens.terminal_title("robin", "code/fish") == "robin@desk: ~/code/fish"
    assert screens.terminal_title("robin", "") == "robin@desk: ~"


def test_an_office_page_is_authored_and_its_status_is_the_systems() -> None:
    told = seen("libreoffice-writer", screens.office("garden.odt", NOTE))
    assert [one.trust for one in told] == [Trust.AUTHORED, Trust.SYSTEM]
    assert told[0].text == NOTE
    assert told[1].text.split("\n")[:2] == ["Page 1 of 1", "11 words, 59 characters"]


def test_only_what_fits_on_the_screen_is_in_an_office_window() -> None:
    lines = [f"line {number}" for number in range(200)]
    text = "\n".join(lines)

    def shown(first: int | None) -> list[str]:
        return [one.text for one in screens.office("a.odt", text, first).walk() if one.role == "paragraph"]

    assert shown(0) == lines[: screens.PAGE_LINES]
    assert shown(None) == lines[-screens.PAGE_LINES :]
    assert shown(100)[0] == "line 100"
    assert screens.office_lines("x" * 300 + "\n\nb") == 6


def test_a_paragraph_that_wraps_is_there_while_a_line_of_it_is() -> None:
    text = "\n".join(["a" * 300, *map(str, range(60))])
    first = [one.text for one in screens.office("a.odt", text, 3).walk() if one.role == "paragraph"]
    assert first[0] == "a" * 300
    later = [one.text for one in screens.office("a.odt", text, 4).walk() if one.role == "paragraph"]
    assert later[0] == "0"


def test_a_terminal_shows_its_last_rows_wrapped() -> None:
    rows = screens.terminal_rows([f"line {number}" for number in range(50)])
    assert rows == [f"line {number}" for number in range(50 - screens.ROWS, 50)]
    wrapped = screens.terminal_rows(["$ " + "x" * 100])
    assert [len(row) for row in wrapped] == [screens.COLUMNS, 22]
    assert [len(row) for row in screens.terminal_rows(["書" * 50])] == [40, 10]


def test_the_prompt_is_one_the_observers_know() -> None:
    lines = [
        screens.prompt("robin", "fish/ladder") + "make flow",
        "flow.csv written",
        screens.prompt("robin", ""),
    ]
    assert terminal_segments(lines) == (["$ make flow\nflow.csv written"], [])


@pytest.mark.parametrize(
    ("name", "user"), [("Robin Adler", "robin"), ("José Núñez", "jose"), ("佐藤 美咲", "me"), ("", "me")]
)
def test_a_person_has_a_name_on_their_machine(name: str, user: str) -> None:
    assert screens.user_of(name) == user


def test_paths_are_below_the_home() -> None:
    assert screens.below("/home/robin", "Documents/paper/", "a.tex") == "/home/robin/Documents/paper/a.tex"
    assert screens.below("/home/robin", "", "") == "/home/robin"


def test_a_folder_is_read_from_top_to_bottom() -> None:
    lines = screens.files_lines("/home/robin/Documents", ["paper", "notes.txt"])
    assert lines[1] == "/home/robin/Documents" and "paper notes.txt" in lines
    assert lines[-1].startswith("2 items ")


# --- the real programs -------------------------------------------------------------------------------------


class Beside:
    """Reads the window in front of a real desktop as the tree source does."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        self._bus = AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
        self._surface = Desktop(self._bus, lambda: (), desktop.display)

    def __enter__(self) -> "Beside":
        return self

    def __exit__(self, *_: object) -> None:
        self._surface.close()
        self._bus.close()

    def until(self, title: str, words: str, patience_s: float = 40.0) -> Snapshot:
        """The window of that title, when `words` stand in its authored text."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            taken = self._surface.snapshot()
            if taken is not None and taken.window.title == title:
                told = "".join(one.text for one in segment(taken) if one.trust is Trust.AUTHORED)
                if words in told and (words or taken.tree is None):
                    return taken
            time.sleep(0.3)
        raise AssertionError(f"{title} with {words!r} never came")


@pytest.mark.desktop
def test_the_real_editor_says_the_same(desktop: VirtualDesktop, tmp_path: Path) -> None:
    file = tmp_path / "garden.txt"
    file.write_text(NOTE, encoding="utf-8")
    desktop.launch(["mousepad", "--disable-server", str(file)])
    desktop.wait_window("*garden.txt - Mousepad")
    with Beside(desktop) as beside:
        beside.until(screens.editor_title(str(file), False), NOTE)
        desktop.key("ctrl+End")
        desktop.type_text("\nAnd water.")
        title = screens.editor_title(str(file), True)
        real = beside.until(title, "And water.")
        made = seen("mousepad", screens.editor(title, f"{NOTE}\nAnd water."))
        assert [one for one in segment(real) if "root account" not in one.text] == made
        assert real.window.app == "mousepad"
        desktop.key("ctrl+s")
        beside.until(screens.editor_title(str(file), False), "And water.")


@pytest.mark.desktop
def test_the_real_office_says_the_same(desktop: VirtualDesktop) -> None:
    desktop.launch(["soffice", "--writer", "--norestore", "--nologo"])
    desktop.wait_window("Untitled 1*", timeout=60)
    with Beside(desktop) as beside:
        time.sleep(2)  # its window takes keys a little after it is there
        desktop.type_text("The gauge is wrong.\nI took it out.", delay_ms=60)
        real = beside.until(screens.office_title("Untitled 1"), "took it out.")
        made = seen("libreoffice-writer", screens.office("Untitled 1", "The gauge is wrong.\nI took it out."))
        told = segment(real)
        assert real.window.app == "libreoffice-writer"
        assert told[0] == made[0]
        assert {one.trust for one in told} == {one.trust for one in made}
        # Its bar of state follows a little later, and has more or less in it as the window is wide.
        assert told[1].text.split("\n")[0] == made[1].text.split("\n")[0]


@pytest.mark.desktop
@pytest.mark.parametrize("argv", [["xterm", "-T", "shell"], ["pcmanfm", "."]])
def test_the_real_terminal_and_files_offer_no_tree(desktop: VirtualDesktop, argv: list[str]) -> None:
    title = {"xterm": "shell", "pcmanfm": "home"}[argv[0]]
    desktop.launch(argv)
    desktop.wait_window(title)
    with Beside(desktop) as beside:
        taken = beside.until(title, "")
        assert taken.tree is None and taken.window.app == argv[0]
