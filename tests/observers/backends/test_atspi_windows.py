"""The front window as programs tell it themselves: no window system is asked in any of these."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desktop import VirtualDesktop, chromium_argv
from gum.errors import AccessibilityUnavailable
from observers.atspi import probe
from observers.backends.atspi_windows import (
    AtspiWindows,
    Frame,
    app_name,
    application_id,
    described,
    in_front,
    visible_title,
)
from observers.browsers import is_private
from observers.bus import AccessibilityBus
from observers.front import told
from observers.privacy import admit
from tests.observers.recorder import wait_for
from tests.trees import FIXTURES

PAGE = (FIXTURES / "pages" / "order.html").as_uri()


def frame(name: str, bus: str = ":1.5", program: str = "mousepad", active: bool = True) -> Frame:
    return Frame((bus, f"/frames/{name}"), program, 7, "frame", name, active)


def test_the_one_active_frame_is_in_front() -> None:
    assert in_front([frame("a", active=False), frame("b")], "") == frame("b")
    assert in_front([frame("a", active=False)], "") is None
    assert in_front([], "") is None


def test_of_several_active_frames_the_program_that_said_so_last_has_it_or_nobody() -> None:
    both = [frame("a", ":1.5"), frame("b", ":1.6")]
    assert in_front(both, ":1.6") == both[1]
    assert in_front(both, ":1.9") is None and in_front(both, "") is None
    assert in_front([frame("a"), frame("b")], ":1.5") is None  # two of one program


def test_the_shell_and_parts_of_windows_are_never_in_front() -> None:
    assert in_front([frame("Main stage", program="gnome-shell")], ":1.5") is None
    shell = frame("Main stage", ":1.2", "gnome-shell")
    assert in_front([shell, frame("b")], ":1.2") == frame("b")
    panel = Frame((":1.5", "/x"), "mousepad", 7, "tool tip", "a", True)
    assert in_front([panel], ":1.5") is None


@pytest.mark.parametrize(
    ("program", "executable", "app"),
    [
        ("Mousepad", "mousepad", "mousepad"),
        ("Google Chrome", "chrome", "google-chrome"),
        ("", "foot", "foot"),
        ("Navigator window", "firefox-bin", "firefox"),  # a browser, whatever it calls itself
        ("KeePassXC", "keepassxc", "keepassxc"),
        ("", "", ""),
    ],
)
def test_programs_are_called_as_x11_calls_them(program: str, executable: str, app: str) -> None:
    assert app_name(program, executable) == app


@pytest.mark.parametrize(
    ("program", "executable", "application"),
    [
        ("Passwords and Keys", "seahorse", ""),
        ("My words", "keepassxc", ""),
        ("secrets", "python3", "org.gnome.World.Secrets"),
        ("KeePassXC", "", ""),
    ],
)
def test_a_password_manager_is_one_whichever_of_its_names_says_so(
    program: str, executable: str, application: str
) -> None:
    window = described(frame("Accounts", program=program), executable, application)
    assert not admit(window).allowed


def test_a_harmless_program_keeps_its_own_name() -> None:
    # The last one was started from a terminal, and so in its unit.
    own = [("mousepad", "mousepad", ""), ("Notes", "python3", "org.example.Notes"), ("gimp", "", "xterm")]
    assert [app_name(*names) for names in own] == ["mousepad", "notes", "gimp"]
    assert admit(described(frame("a.txt - Mousepad"), "mousepad", "org.xfce.mousepad")).allowed


@pytest.mark.parametrize(
    ("cgroup", "application"),
    [
        (
            "0::/app.slice/app-gnome-org.keepassxc.KeePassXC-5021.scope\n",
            "org.keepassxc.KeePassXC",
        ),
        ("0::/user.slice/app-flatpak-org.gnome.World.Secrets-712.scope", "org.gnome.World.Secrets"),
        ("0::/user.slice/app-org.kde.kate@5ab1.service", "org.kde.kate"),
        ("0::/user.slice/app-gnome-gnome\\x2dsecrets-88.scope", "gnome-secrets"),
        ("0::/user.slice/session-2.scope", ""),
        ("0::/", ""),
        ("", ""),
    ],
)
def test_the_application_is_told_by_its_unit(cgroup: str, application: str) -> None:
    assert application_id(cgroup) == application


@pytest.mark.parametrize(
    ("app", "name", "title", "private"),
    [
        ("chromium", "Order - Chromium", "Order - Chromium", False),
        ("chromium", "Order - Chromium (Incognito)", "Order - Chromium", True),
        ("chromium", "Order - Chromium（シークレット）", "Order - Chromium", True),
        ("chromium", "Try - Chromium - Chromium (Inkognito)", "Try - Chromium - Chromium", True),
        ("google-chrome", "Order - Google Chrome - Anna", "Order - Google Chrome", False),
        ("google-chrome", "Order - Google Chrome - Anna (Incognito)", "Order - Google Chrome", True),
        ("google-chrome", "Order", "", None),  # no brand to cut at
        ("brave-browser", "Order - Brave", "Order - Brave", False),
        ("vivaldi", "Order - Vivaldi", "", None),
        ("firefox", "Order — Mozilla Firefox", "Order — Mozilla Firefox", False),
        ("firefox", "Order — Mozilla Firefox Private Browsing", None, True),
    ],
)
def test_what_tells_a_private_window_does_not_stand_in_its_title(
    app: str, name: str, title: str | None, private: bool | None
) -> None:
    found = visible_title(app, name)
    assert found == (name if title is None else title)
    assert is_private(app, found, [name]) is private


@given(st.text(max_size=40), st.sampled_from(["(Incognito)", "（プライベート）", "[InPrivate]"]))
def test_no_page_title_makes_a_private_window_a_normal_one(page: str, mark: str) -> None:
    name = f"{page} - Chromium {mark}"
    title = visible_title("chromium", name)
    assert is_private("chromium", title, [name]) is not False


@pytest.mark.parametrize("name", ["Order", "Order - Chromium", ""])
def test_a_browser_is_refused_until_its_tree_was_asked(name: str) -> None:
    window = described(frame(name, program="Chromium"), "chromium")
    assert window.browser and not admit(window).allowed and window.region is None


@pytest.fixture
def windows(desktop: VirtualDesktop) -> Iterator[AtspiWindows]:
    found = AtspiWindows(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    yield found
    found.close()


def front_title(windows: AtspiWindows) -> str:
    found = windows.active()
    return found.title if found is not None else ""


@pytest.mark.desktop
def test_the_front_window_follows_the_person(
    desktop: VirtualDesktop, windows: AtspiWindows, tmp_path: Path
) -> None:
    for name in ("first.txt", "second.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    process = desktop.launch(["mousepad", str(tmp_path / "first.txt")])
    first = desktop.wait_window("*first.txt*")
    assert wait_for(lambda: "first.txt" in front_title(windows))
    found = windows.active()
    assert found is not None
    assert (found.app, found.pid, found.region, found.private) == ("mousepad", process.pid, None, False)
    desktop.launch(["mousepad", "--disable-server", str(tmp_path / "second.txt")])
    desktop.wait_window("*second.txt*")
    assert wait_for(lambda: "second.txt" in front_title(windows))
    assert len(windows.all()) == 2
    desktop.activate(first)
    assert wait_for(lambda: "first.txt" in front_title(windows))
    assert windows.active() == found


@pytest.mark.desktop
def test_a_new_title_another_window_and_wake_end_a_wait(
    desktop: VirtualDesktop, windows: AtspiWindows, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("a", encoding="utf-8")
    (tmp_path / "other.txt").write_text("a", encoding="utf-8")
    # Of a program that only starts, the first window may come up before the program has asked who listens
    # (one time in eight): then nobody is told, and it is the next look that finds it.
    for name in ("note.txt", "other.txt"):
        desktop.launch(["mousepad", "--disable-server", str(tmp_path / name)])
        assert wait_for(lambda name=name: name in front_title(windows))  # type: ignore[misc]
    note = desktop.wait_window("*note.txt*")
    while windows.wait(0.5):
        windows.active()
    desktop.activate(note)
    assert windows.wait(60)
    assert wait_for(lambda: "note.txt" in front_title(windows))
    while windows.wait(0.5):
        windows.active()
    desktop.type_text("b")  # mousepad marks the title of a changed file
    assert windows.wait(60)
    assert wait_for(lambda: front_title(windows).startswith("*"))
    while windows.wait(0.5):
        windows.active()
    windows.wake()
    assert windows.wait(60)


@pytest.mark.desktop
def test_a_dialog_stands_over_the_windows_of_its_program(
    desktop: VirtualDesktop, windows: AtspiWindows, tmp_path: Path
) -> None:
    (tmp_path / "diary.txt").write_text("a", encoding="utf-8")
    desktop.launch(["mousepad", "--disable-server", str(tmp_path / "diary.txt")])
    desktop.wait_window("*diary.txt*")
    assert wait_for(lambda: "diary.txt" in front_title(windows))
    desktop.key("ctrl+shift+s")
    assert wait_for(lambda: front_title(windows) == "Save As")
    for _ in range(2):  # also when it was in front at the last look
        found = windows.active()
        assert found is not None and "diary.txt" in found.owners[0].title
    desktop.key("Escape")
    assert wait_for(lambda: "diary.txt" in front_title(windows))


@pytest.mark.desktop
def test_a_program_without_a_tree_in_front_is_nobody(
    desktop: VirtualDesktop, windows: AtspiWindows, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("a", encoding="utf-8")
    desktop.launch(["mousepad", str(tmp_path / "note.txt")])
    desktop.wait_window("*note.txt*")
    assert wait_for(lambda: "note.txt" in front_title(windows))
    desktop.launch(["xterm", "-T", "terminal"])
    desktop.activate(desktop.wait_window("terminal"))
    assert wait_for(lambda: windows.active() is None)


@pytest.mark.desktop
def test_a_private_window_is_told_from_a_normal_one(
    desktop: VirtualDesktop, windows: AtspiWindows, tmp_path: Path
) -> None:
    bus = AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])

    def answer() -> tuple[bool | None, bool]:
        window = windows.active()
        if window is None:
            return None, False
        seen = told(window, bus.ask(lambda calls: probe(calls, window)))
        return seen.private, admit(seen).allowed

    try:
        process = desktop.launch(chromium_argv(PAGE, tmp_path / "one", "--incognito"))
        desktop.wait_window("Order confirmed*")
        assert wait_for(lambda: answer() == (True, False))
        desktop.end(process)
        desktop.launch(chromium_argv(PAGE, tmp_path / "two"))
        desktop.wait_window("Order confirmed*")
        assert wait_for(lambda: answer() == (False, True))
    finally:
        bus.close()


def test_no_bus_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(AccessibilityUnavailable) as error:
        AtspiWindows(f"unix:path={tmp_path / 'none'}")
    assert "at-spi2-core" in error.value.hint
