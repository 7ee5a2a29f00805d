"""The notices source on a real bus with real senders."""

import functools
import http.server
import json
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from dbus_fast import Variant

from app.desktop import VirtualDesktop, chromium_argv
from gum.types import Effect, Rule, RuleId, Trust
from observers import base
from observers.gate import Gate
from observers.notices import MOST, Notices
from tests.observers.notice_bus import DEAF, NoticeBus, Shower
from tests.observers.recorder import Recorder, wait_for

pytestmark = pytest.mark.desktop


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[NoticeBus]:
    with NoticeBus(tmp_path) as bus:
        yield bus


@contextmanager
def hearing(
    address: str, rules: Sequence[Rule] = (), paused: Sequence[bool] = (False,)
) -> Iterator[tuple[Notices, Recorder]]:
    recorder = Recorder()
    source = Notices(Gate(recorder, lambda: rules, lambda: paused[0]), address)
    source.start()
    try:
        assert wait_for(lambda: source.health().detail != "starting")
        yield source, recorder
    finally:
        source.stop()


def texts(recorder: Recorder) -> list[str]:
    return [found.text for found in recorder.observations]


@pytest.mark.parametrize("shown", [True, False])
def test_a_notice_is_heard_beside_whoever_shows_it_and_also_where_nobody_does(
    bus: NoticeBus, shown: bool
) -> None:
    with hearing(bus.address) as (source, recorder):
        if shown:
            with Shower(bus.address, ["body"]) as shower:
                bus.send("Tally", "Anna", "<b>Lunch</b> at one?")
            assert [body[3] for body in shower.shown] == ["Anna"]  # it came to who shows it, too
        else:
            bus.send("Tally", "Anna", "<b>Lunch</b> at one?")
        assert wait_for(lambda: recorder.observations)
        (found,) = recorder.observations
        assert (found.source, found.app, found.title, found.text, found.trust) == (
            *("notices", "tally", "Anna", "Anna\nLunch at one?"),
            Trust.RECEIVED,
        )
        assert found.at == found.until
        health = source.health()
        assert (health.state, health.last_at is not None) == ("running", True)
    assert source.health().state == "stopped"


def test_a_notice_of_a_program_that_is_not_ours(bus: NoticeBus) -> None:
    argv = ["gdbus", "call", "--address", bus.address, "--dest", "org.freedesktop.Notifications"]
    argv += ["--object-path", "/org/freedesktop/Notifications"]
    argv += ["--method", "org.freedesktop.Notifications.Notify"]
    argv += ["Mail", "uint32 0", "", "Anna", "Tea & cake", "@as []", "{'urgency': <byte 1>}", "int32 -1"]
    with hearing(bus.address) as (_, recorder), Shower(bus.address, ["body"]):
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        assert wait_for(lambda: texts(recorder) == ["Anna\nTea & cake"])


def test_the_way_of_gtk_is_heard_and_nothing_else_is(bus: NoticeBus) -> None:
    with hearing(bus.address) as (_, recorder):
        bus.send_as_gtk(
            "org.gnome.Geary", "m1", {"title": Variant("s", "Anna"), "body": Variant("s", "Tea?")}
        )
        argv = ["dbus-send", f"--bus={bus.address}", "--type=method_call", "--dest=org.example.Nobody"]
        subprocess.run([*argv, "/x", "org.example.Thing.Notify", "string:unheard"], check=True, timeout=30)
        argv = ["dbus-send", f"--bus={bus.address}", "--type=signal", "/x"]
        subprocess.run(
            [*argv, "org.freedesktop.Notifications.Notify", "string:unheard"], check=True, timeout=30
        )
        bus.send("Tally", "the last")
        assert wait_for(lambda: "the last" in texts(recorder))
        assert texts(recorder) == ["Anna\nTea?", "the last"]


@pytest.mark.parametrize(
    ("app", "title", "hints"),
    [
        ("KeePassXC", "Database unlocked", {}),
        ("kp", "Database unlocked", {"desktop-entry": "org.keepassxc.KeePassXC"}),
        ("Bitwarden", "Copied", {}),
        ("Tally", "Bitwarden: code copied", {}),
        ("xscreensaver", "Locking", {}),
        ("Tally", "Authentication required by the system", {}),
        ("gumption", "Shall I add this?", {}),
        ("gumption", "The disk is full", {"desktop-entry": "gumption"}),
        ("Firefox", "Anna", {}),
        ("Chromium", "Anna", {"desktop-entry": "chromium"}),
        ("", "Anna", {}),
        ("Tally", "", {}),
    ],
)
def test_what_the_rules_refuse_and_what_is_ours_is_not_kept(
    bus: NoticeBus, app: str, title: str, hints: dict[str, str]
) -> None:
    with hearing(bus.address) as (_, recorder):
        bus.send(
            app, title, "unicorn-secret", hints={key: Variant("s", value) for key, value in hints.items()}
        )
        bus.send("Tally", "the last")
        assert wait_for(lambda: texts(recorder) == ["the last"])
        assert len(recorder.exclusions) == 1
        assert "unicorn" not in recorder.everything()


def test_the_persons_rules_hold_for_every_name_and_blur_leaves_the_title(bus: NoticeBus) -> None:
    rules = [
        Rule(RuleId("r1"), "No work chat", Effect.DROP, app="workchat*"),
        Rule(RuleId("r2"), "Names only", Effect.BLUR, app="org.example.tally"),
        Rule(RuleId("r3"), "Not this site", Effect.DROP, url="*://club.example.org/*"),
    ]
    page = '<a href="https://{0}/">{0}</a>\n\nunicorn meeting'
    with hearing(bus.address, rules) as (_, recorder):
        bus.send("Chat", "Anna", "unicorn", hints={"desktop-entry": Variant("s", "workchat")})
        bus.send("WorkChat", "Anna", "unicorn", hints={"desktop-entry": Variant("s", "chat")})
        bus.send("Tally", "Anna", "unicorn", hints={"desktop-entry": Variant("s", "x")})
        bus.send("org.example.Tally", "Bert", "rhino", hints={"desktop-entry": Variant("s", "tally")})
        bus.send("Chromium", "Cleo", page.format("club.example.org"))
        bus.send("Chromium", "Dora", page.format("mail.example.org"))
        assert wait_for(lambda: len(recorder.observations) == 3)
        assert texts(recorder) == ["Anna\nunicorn", "Bert", "Dora\nunicorn meeting"]
        assert recorder.observations[2].url == "https://mail.example.org/"


def test_nothing_is_kept_during_a_pause(bus: NoticeBus) -> None:
    paused = [True]
    with hearing(bus.address, paused=paused) as (_, recorder):
        bus.send("Tally", "unicorn")
        bus.send("KeePassXC", "unicorn")
        bus.send("Tally", "the last of the pause")
        time.sleep(0.5)
        paused[0] = False
        bus.send("Tally", "the last")
        assert wait_for(lambda: texts(recorder) == ["the last"])
        assert recorder.exclusions == []  # what was left out during a pause is not counted either


def test_a_program_that_floods_is_folded_or_cut_short_and_others_are_not(bus: NoticeBus) -> None:
    none: dict[str, Variant] = {}
    with hearing(bus.address) as (source, recorder):
        bus.send_all([("Files", "Copying", f"{n} of 200 files", n, none) for n in range(1, 201)])
        bus.send_all([("Noise", "Again", f"word{'x' * n}", 0, none) for n in range(MOST + 50)])
        bus.send("Tally", "the last")
        assert wait_for(lambda: "the last" in texts(recorder))
        assert texts(recorder).count("Copying\n1 of 200 files") == 1
        by_app = [found.app for found in recorder.observations]
        # The first of a progress notice takes nobody's place; the second has its form.
        assert (by_app.count("files"), by_app.count("noise"), by_app.count("tally")) == (1, MOST, 1)
        assert wait_for(lambda: source.health().detail == "50 left out: a program sent too many")


def test_a_notice_of_any_size_is_bounded(bus: NoticeBus) -> None:
    pixels = Variant("(iiibiiay)", [512, 512, 2048, True, 8, 4, bytes(512 * 2048)])
    with hearing(bus.address) as (_, recorder):
        bus.send("Tally", "t" * 5_000_000, "<b>" + "b" * 5_000_000, hints={"image-data": pixels})
        assert wait_for(lambda: recorder.observations)
        (found,) = recorder.observations
        assert len(found.text) < 3_000


def test_without_a_bus_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    for address in (None, f"unix:path={tmp_path}/none", "nonsense"):
        source = Notices(Gate(Recorder(), lambda: (), lambda: False), address)
        source.start()
        try:
            assert wait_for(lambda s=source: s.health().state == "unavailable")
            assert "session bus" in source.health().detail and source.health().hint
        finally:
            source.stop()


def test_a_bus_that_lets_nobody_listen_is_unavailable_with_a_hint(tmp_path: Path) -> None:
    with NoticeBus(tmp_path, DEAF) as bus:
        source = Notices(Gate(Recorder(), lambda: (), lambda: False), bus.address)
        source.start()
        try:
            assert wait_for(lambda: source.health().state == "unavailable")
            assert source.health().detail == "Notices cannot be heard"
            assert "notifications = false" in source.health().hint
        finally:
            source.stop()


def test_it_comes_back_with_the_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "FIRST_PAUSE_S", 0.05)
    with NoticeBus(tmp_path) as first, hearing(first.address) as (source, recorder):
        first.end()
        assert wait_for(lambda: source.health().state == "unavailable")
        (tmp_path / "bus").unlink(missing_ok=True)
        with NoticeBus(tmp_path) as second:
            assert wait_for(lambda: source.health().state == "running")
            second.send("Tally", "back")
            assert wait_for(lambda: texts(recorder) == ["back"])


def test_it_starts_again_after_a_stop_and_never_speaks(bus: NoticeBus) -> None:
    """A monitor that answers is thrown off the bus: then the second notice would not be heard."""
    recorder = Recorder()
    source = Notices(Gate(recorder, lambda: (), lambda: False), bus.address)
    for name in ("one", "two"):
        source.start()
        assert wait_for(lambda: source.health().detail == "" and source.health().state == "running")
        bus.send("Tally", name)
        bus.send("Tally", f"{name} more")
        assert wait_for(lambda n=name: f"{n} more" in texts(recorder))
        source.stop()
    assert texts(recorder) == ["one", "one more", "two", "two more"]


# Asks for the right to send notices where it has none yet, says the answer in its title, and sends one.
PAGE = """<title>x</title><script>
const send = (p) => { document.title = p + " it is";
  if (p === "granted") new Notification("Anna", {body: "Lunch & <tea>?"}); };
Notification.permission === "granted" ? send("granted") : Notification.requestPermission().then(send);
</script>"""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The page on a server of its own: a file has no right to notices. Gives its host and port."""
    (folder / "index.html").write_text(PAGE)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def willing(folder: Path) -> Path:
    """A profile in which every site may send notices."""
    (folder / "profile" / "Default").mkdir(parents=True)
    given = {"profile": {"default_content_setting_values": {"notifications": 1}}}
    (folder / "profile" / "Default" / "Preferences").write_text(json.dumps(given))
    return folder / "profile"


@pytest.mark.parametrize(
    "more", [(), ("body-markup",), ("body-markup", "body-hyperlinks"), ("x-kde-origin-name",)]
)
def test_what_chromium_sends_names_its_site(
    desktop: VirtualDesktop, tmp_path: Path, more: tuple[str, ...]
) -> None:
    session = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
    capabilities = ["actions", "body", *more]  # it uses none that does not know the first two
    with Shower(session, capabilities) as shower, hearing(session) as (_, recorder), site(tmp_path) as host:
        desktop.launch(chromium_argv(f"http://{host}/", willing(tmp_path)))
        assert wait_for(lambda: shower.shown), desktop.windows()
        assert wait_for(lambda: recorder.observations), shower.shown
        (found,) = recorder.observations
        assert found.text == "Anna\nLunch & <tea>?", shower.shown
        assert found.url in (f"http://{host}/", f"https://{host}/"), shower.shown
        assert found.app.startswith("chromium"), shower.shown


def test_chromium_gives_a_private_window_no_right_to_notices(desktop: VirtualDesktop, tmp_path: Path) -> None:
    session = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
    with Shower(session, ["actions", "body"]) as shower, site(tmp_path) as host:
        desktop.launch(chromium_argv(f"http://{host}/", willing(tmp_path), "--incognito"))
        desktop.wait_window("denied it is*")
        assert shower.shown == []
