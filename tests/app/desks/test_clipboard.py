"""What no key has comes out of the clipboard, in every kind of program."""

from pathlib import Path

import pytest

from app.desks.clipboard import Clipboard
from app.desktop import VirtualDesktop
from tests.observers.recorder import wait_for

pytestmark = pytest.mark.desktop

TEXT = "明日の会議で"


def test_a_terminal_and_an_editor_get_what_is_held_last(desktop: VirtualDesktop, tmp_path: Path) -> None:
    note, typed = tmp_path / "note.txt", tmp_path / "typed.txt"
    note.touch()
    with Clipboard(desktop.display) as clipboard:
        desktop.launch(["xterm", "-T", "shell", "-e", "sh", "-c", f"cat > {typed}"])
        desktop.activate(desktop.wait_window("shell"))
        for part in ("old", TEXT):
            clipboard.hold(part)
        desktop.key("shift+Insert")
        assert clipboard.served(5)
        desktop.key("Return", "ctrl+d")
        assert wait_for(lambda: typed.exists() and typed.read_text() == f"{TEXT}\n")

        desktop.launch(["mousepad", str(note)])
        desktop.activate(desktop.wait_window("*note.txt*"))
        for part in (TEXT, "です"):
            clipboard.hold(part)
            desktop.key("ctrl+v")
            assert clipboard.served(5)
        desktop.key("ctrl+s")
        assert wait_for(lambda: note.read_text() == f"{TEXT}です")


def test_what_nobody_asks_for_is_not_served(desktop: VirtualDesktop) -> None:
    with Clipboard(desktop.display) as clipboard:
        clipboard.hold(TEXT)
        assert not clipboard.served(0.1)
