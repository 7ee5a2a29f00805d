"""Is the screen being shared? By the windows that say so, and by a real browser that shares it."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.desktop import VirtualDesktop, chromium_argv
from app.local_server import LocalServer
from gum.errors import CaptureUnavailable
from observers.sharing import Sharing, shared
from observers.window import X11Windows
from tests.observers.recorder import wait_for
from tests.observers.windows import HARMLESS, REFUSED, window

BROWSER = replace(window("chromium", "Meeting - Chromium", "https://meet.example/"), pid=7)
BAR = replace(window("", "meet.example is sharing your screen."), pid=7)


@pytest.mark.parametrize(
    ("app", "title"),
    [
        ("zoom", "as_toolbar"),
        ("zoom", "cpt_frame_xcb_window"),
        ("microsoft teams - preview", "Sharing control bar | Microsoft Teams"),
        ("obs", "OBS 32.0 - Profile: Untitled - Scenes: Untitled"),
        ("com.obsproject.studio", "OBS Studio"),
        ("simplescreenrecorder", "SimpleScreenRecorder"),
        ("firefox", "Firefox — Sharing Indicator"),
        ("firefox-esr", "Firefox – Indicatore condivisione"),
        ("org.mozilla.firefox", "Firefox - 共有インジケーター"),
        ("firefox", "Indicador de compartición de Firefox"),
        ("librewolf", "LibreWolf — Indicateur de partage"),
        ("chrome", "meet.example is sharing a window and audio."),
    ],
)
def test_windows_that_are_there_while_the_screen_is_shared(app: str, title: str) -> None:
    assert shared([BROWSER, window(app, title)])


@pytest.mark.parametrize(
    "title",
    [
        "meet.example is sharing your screen.",
        "meet.example gibt deinen Bildschirm frei.",
        "https://meet.example が画面を共有しています。",
        "«meet.example» partage votre écran.",
        "http://localhost:8000 udostępnia Twój ekran.",
    ],
)
def test_a_browsers_bar_is_known_in_every_language_by_its_place_and_the_address(title: str) -> None:
    assert shared([BROWSER, replace(BAR, title=title)])


def test_a_browser_that_bears_another_name_shares_the_screen_too() -> None:
    bar = replace(BAR, title="meet.example gibt deinen Bildschirm frei.")
    assert shared([replace(BROWSER, app="notes", browser=True), bar])
    assert not shared([replace(BROWSER, app="notes", browser=False), bar])


def test_what_only_speaks_of_sharing_is_none() -> None:
    every = [BROWSER, *HARMLESS, *(shown for _, shown in REFUSED)]
    assert not shared(every)
    for harmless in (
        window("zoom", "Zoom Meeting"),
        window("firefox", "Firefox — a browser — Mozilla Firefox"),
        window("firefox", "Nightly - the band — Mozilla Firefox"),
        window("firefox", "Firefox — News — Mozilla Firefox Private Browsing"),
        window("chromium", "How to share your screen - Chromium"),
        replace(BAR, pid=8, title="meet.example"),  # of no browser
        replace(BAR, title="Picture in picture"),
    ):
        assert not shared([BROWSER, harmless]), harmless


class Page(LocalServer):
    """A page that shares the screen when it is clicked, and stops at a key."""

    def handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                ask = "navigator.mediaDevices.getDisplayMedia({video: true}).then(s => window.s = s)"
                end = "s.getTracks()[0].stop()"
                page = f'<title>Share</title><body onclick="{ask}" onkeydown="{end}">Click'
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None: ...

        return Handler


@pytest.fixture
def sharing(desktop: VirtualDesktop) -> Iterator[Sharing]:
    made = Sharing(lambda: X11Windows(desktop.display))
    yield made
    made.close()


@pytest.mark.desktop
def test_a_browser_that_shares_the_screen_is_noticed_until_it_ends(
    desktop: VirtualDesktop, sharing: Sharing
) -> None:
    with Page() as page:
        address, profile = f"http://127.0.0.1:{page.port}/", desktop.folder / "sharing"
        option = "--auto-select-desktop-capture-source=Entire screen"
        desktop.launch(chromium_argv(address, profile, option))
        shown = desktop.wait_window("Share*")
        desktop.activate(shown)
        desktop.place(shown, 0, 100, 900, 600)
        assert sharing.now() is False

        def clicked() -> bool:
            desktop.click(400, 500)
            return bool(wait_for(sharing.now, 3))

        assert wait_for(clicked, 60)
        desktop.activate(shown)
        desktop.key("space")
        assert wait_for(lambda: sharing.now() is False)


@pytest.mark.desktop
def test_a_window_that_comes_is_seen_at_the_very_next_question(
    desktop: VirtualDesktop, sharing: Sharing
) -> None:
    assert sharing.now() is False
    desktop.launch(["xterm", "-class", "Obs", "-T", "OBS"])
    desktop.wait_window("OBS")
    assert sharing.now() is True  # no second has gone by: the list of windows changed


def test_where_there_is_no_desktop_nobody_can_tell() -> None:
    def refused() -> X11Windows:
        raise CaptureUnavailable("none", "none")

    nobody = Sharing(refused)
    assert nobody.now() is None
    threads = [threading.Thread(target=nobody.now) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    nobody.close()
