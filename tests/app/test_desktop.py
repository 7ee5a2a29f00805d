"""The virtual desktop is a real one: real programs, real windows, real keys, a real accessible tree."""

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from app.demo.eyes import look
from app.desktop import MARK, VirtualDesktop, chromium_argv
from gum.errors import CaptureUnavailable

pytestmark = pytest.mark.desktop

PAGE = """<!doctype html><title>Hello page</title><h1>Hi</h1>
<input aria-label="Your name"><button onclick="document.title='Thanks'">Send it</button>"""


def soon(true: Callable[[], object]) -> bool:
    """Whether it becomes true within a generous while."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found.append(process)
    return found


def test_a_browser_an_editor_and_a_terminal_appear(desktop: VirtualDesktop, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    desktop.launch(chromium_argv(page.as_uri(), tmp_path / "profile"))
    desktop.launch(["mousepad"])
    desktop.launch(["xterm", "-T", "my terminal"])
    for title in ("Hello page*", "*Mousepad", "my terminal"):
        assert desktop.wait_window(title) in desktop.windows()


def test_the_tree_of_a_web_page_is_visible_and_its_button_can_be_clicked(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    desktop.launch(chromium_argv(page.as_uri(), tmp_path / "profile"))
    desktop.wait_window("Hello page*")
    assert soon(lambda: look(desktop.env, "Send it", program="chromium", role="button"))
    assert look(desktop.env, "Your name", role="entry")
    desktop.click(*look(desktop.env, "Send it", role="button")[0].middle)
    desktop.wait_window("Thanks*")


def test_what_is_typed_reaches_the_active_window(desktop: VirtualDesktop, tmp_path: Path) -> None:
    desktop.launch(["xterm", "-T", "first"], cwd=tmp_path)
    desktop.launch(["xterm", "-T", "second"])
    desktop.wait_window("second")
    first = desktop.wait_window("first")
    desktop.activate(first)
    assert desktop.active_window() == first
    desktop.type_text("echo 'it works' > said.txt\n")
    assert soon(
        lambda: (tmp_path / "said.txt").is_file() and (tmp_path / "said.txt").read_text() == "it works\n"
    )


def test_a_picture_shows_the_whole_screen(desktop: VirtualDesktop, tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(desktop.screenshot(tmp_path / "shot.png")) as picture:
        assert picture.size == desktop.size
        assert picture.getpixel((desktop.size[0] // 2, desktop.size[1] // 2)) == (0x2F, 0x48, 0x58)


def test_nothing_is_left_when_it_closes(tmp_path: Path) -> None:
    with VirtualDesktop(size=(640, 480), tray=False) as desktop:
        folder, mark = desktop.folder, desktop.env[MARK]
        desktop.launch(["xterm", "-T", "bye"])
        # One that leaves its group and ignores the polite request.
        stubborn = "import os,signal,time; os.setsid() if os.fork() == 0 else os._exit(0); "
        stubborn += "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
        desktop.launch([sys.executable, "-c", stubborn])
        desktop.wait_window("bye")
        assert len(marked(mark)) >= 4
    assert marked(mark) == []
    assert not folder.exists()


def test_a_window_that_never_comes_is_named(desktop: VirtualDesktop) -> None:
    with pytest.raises(CaptureUnavailable, match="No window titled Nowhere appeared"):
        desktop.wait_window("Nowhere", timeout=0.2)


def test_without_its_programs_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CaptureUnavailable, match="Xvfb is not installed") as caught, VirtualDesktop():
        pass
    assert "apt-get install" in caught.value.hint


def test_the_programs_see_none_of_the_real_home(desktop: VirtualDesktop, tmp_path: Path) -> None:
    assert desktop.env["HOME"].startswith(str(desktop.folder))
    assert not any(name.startswith(("GUMPTION_HOME", "WAYLAND", "XAUTH")) for name in desktop.env)
    assert "NO_AT_BRIDGE" not in desktop.env
