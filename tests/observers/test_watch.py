"""All sources together on a real desktop with real programs."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.desktop import VirtualDesktop, chromium_argv
from gum.types import Effect, Rule, RuleId, Trust
from gum.zone import HERE
from observers.base import now
from observers.calendar import Calendars
from observers.gate import Gate
from observers.privacy import admit
from observers.watch import Watch
from observers.window import X11Windows
from tests.observers.recorder import Recorder, wait_for, watching
from tests.trees import FIXTURES

PAGES = FIXTURES / "pages"
SECRET = "hunter2-SECRET-PW"

pytestmark = pytest.mark.desktop


def page(name: str) -> str:
    return (PAGES / name).as_uri()


def texts(recorder: Recorder, trust: Trust, source: str = "ui_tree") -> str:
    return "\n".join(o.text for o in recorder.observations if o.trust is trust and o.source == source)


def test_a_page_is_observed_by_trust_and_a_password_never(desktop: VirtualDesktop, tmp_path: Path) -> None:
    with watching(desktop) as (_, recorder):
        desktop.launch(chromium_argv(page("compose.html"), tmp_path / "profile"))
        assert wait_for(lambda: "Friday 27 November" in texts(recorder, Trust.AUTHORED))
        assert wait_for(lambda: "Aerodeal" in texts(recorder, Trust.ADVERT))
        assert "To: maria.silva@example.org" in texts(recorder, Trust.AUTHORED)
        assert "Aerodeal" not in texts(recorder, Trust.READ) + texts(recorder, Trust.AUTHORED)
        assert wait_for(lambda: "New message" in texts(recorder, Trust.ACTED_ON, "window"))
        assert SECRET not in recorder.everything()
        assert not recorder.frames  # the tree tells the text: no pixel is needed


def test_a_password_that_a_page_shows_in_clear_is_not_read(desktop: VirtualDesktop, tmp_path: Path) -> None:
    shown = tmp_path / "login.html"
    shown.write_text(
        f"<title>Sign in</title><p>Welcome back<label>Name <input value=jonas></label>"
        f"<label>Password (shown) <input type=text value={SECRET}></label>"
        f"<label>Security code <input type=number value=470815 aria-valuetext=470815></label>",
        encoding="utf-8",
    )
    with watching(desktop) as (_, recorder):
        desktop.launch(chromium_argv(shown.as_uri(), tmp_path / "profile"))
        assert wait_for(lambda: "Name: jonas" in texts(recorder, Trust.AUTHORED))
        assert SECRET not in recorder.everything() and "470815" not in recorder.everything()


def test_a_private_window_is_never_observed(desktop: VirtualDesktop, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with watching(desktop) as (watch, recorder):
        desktop.launch(chromium_argv(page("message.html"), profile))
        assert wait_for(lambda: "travel figures" in texts(recorder, Trust.RECEIVED))
        desktop.launch(chromium_argv(page("order.html"), profile, "--incognito"))
        assert wait_for(lambda: any(e.rule_id == "builtin:private" for e in recorder.exclusions))
        current = watch.current()
        assert current is not None and current[0].private is True and not current[1].allowed
        desktop.type_text("unicorn-private-typing")
        assert not wait_for(lambda: "Tandem" in recorder.everything(), seconds=4)
        assert "TB-20417" not in recorder.everything() and "unicorn" not in recorder.everything()
        assert not recorder.frames


def test_two_windows_that_only_the_private_mode_tells_apart_are_both_refused(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    """Same program, same title: it cannot be told which of them is in front, so neither is looked at."""
    profile = tmp_path / "profile"
    desktop.launch(chromium_argv(page("order.html"), profile))
    desktop.wait_window("Order confirmed*")
    desktop.launch(chromium_argv(page("order.html"), profile, "--incognito"))
    assert wait_for(
        lambda: list(desktop.windows().values()).count("Order confirmed - Tandem Books - Chromium") == 2
    )
    with watching(desktop) as (_, recorder):
        assert wait_for(lambda: recorder.exclusions)
        assert not recorder.observations


def test_what_is_typed_is_handed_over_when_typing_rests(desktop: VirtualDesktop, tmp_path: Path) -> None:
    note = tmp_path / "garden.txt"
    note.write_text("", encoding="utf-8")
    with watching(desktop) as (_, recorder):
        desktop.launch(["mousepad", str(note)])
        desktop.wait_window("*garden*")
        assert wait_for(lambda: any(o.app == "mousepad" for o in recorder.observations))
        desktop.type_text("Buy tulip bulbs by Saturday")
        assert wait_for(lambda: "Buy tulip bulbs by Saturday" in texts(recorder, Trust.AUTHORED))
        typed = [o.text for o in recorder.observations if o.trust is Trust.AUTHORED]
        assert len(typed) <= 3  # not one observation a key


def test_a_terminal_without_a_tree_is_seen_by_its_pixels(desktop: VirtualDesktop) -> None:
    with watching(desktop) as (_, recorder):
        desktop.launch(["xterm", "-T", "build"])
        desktop.wait_window("build")
        assert wait_for(lambda: recorder.frames)
        before = len(recorder.frames)
        desktop.type_text("seq 5 9\n")
        assert wait_for(lambda: len(recorder.frames) > before)
        last = recorder.frames[-1]
        assert len(last.pixels) == 4 * last.region.width * last.region.height
        by_id = {o.frame_id: o for o in recorder.observations}
        assert by_id[last.id].app == "xterm" and by_id[last.id].source == "screen"


def test_a_pause_holds_for_every_source(desktop: VirtualDesktop) -> None:
    pause = threading.Event()
    pause.set()
    with watching(desktop, paused=pause.is_set) as (watch, recorder):
        desktop.launch(["xterm", "-T", "off the record"])
        desktop.wait_window("off the record")
        desktop.type_text("echo secret-while-paused\n")
        assert not wait_for(lambda: recorder.observations or recorder.frames, seconds=4)
        assert watch.current() is None
        pause.clear()
        assert wait_for(lambda: recorder.frames)


def test_a_new_rule_holds_at_once(desktop: VirtualDesktop) -> None:
    rules: list[Rule] = []
    with watching(desktop, rules=lambda: tuple(rules)) as (watch, recorder):
        desktop.launch(["xterm", "-T", "work"])
        desktop.wait_window("work")
        assert wait_for(lambda: recorder.frames)
        rules.append(Rule(RuleId("mine"), "No terminals", Effect.DROP, app="xterm"))
        watch.rules_changed()
        assert wait_for(lambda: [e.rule_id for e in recorder.exclusions] == ["mine"])
        seen = len(recorder.frames)
        desktop.type_text("echo after the rule\n")
        assert not wait_for(lambda: len(recorder.frames) > seen, seconds=3)


def test_a_rule_holds_at_its_hours_only(desktop: VirtualDesktop) -> None:
    hours = ["00:00-24:00"]

    def rules() -> tuple[Rule, ...]:
        return (Rule(RuleId("mine"), "Now", Effect.DROP, app="xterm", hours=hours[0]),)

    with watching(desktop, rules=rules) as (watch, recorder):
        desktop.launch(["xterm", "-T", "work"])
        desktop.wait_window("work")
        assert wait_for(lambda: [e.rule_id for e in recorder.exclusions] == ["mine"])
        assert watch.rules() == rules() and not recorder.frames
        later = now().astimezone(HERE) + timedelta(hours=2)
        hours[0] = f"{later:%H:%M}-{later + timedelta(hours=1):%H:%M}"
        watch.rules_changed()
        assert wait_for(lambda: recorder.frames)
        assert watch.rules() == ()


def test_a_rule_for_sharing_holds_from_when_a_recorder_is_open(desktop: VirtualDesktop) -> None:
    rule = Rule(RuleId("mine"), "Shared", Effect.DROP, app="xterm", sharing=True)
    with watching(desktop, rules=lambda: (rule,)) as (watch, recorder):
        desktop.launch(["xterm", "-T", "work"])
        work = desktop.wait_window("work")
        assert wait_for(lambda: recorder.frames)
        assert watch.sharing() is False
        desktop.launch(["xterm", "-class", "Obs", "-T", "OBS"])
        desktop.wait_window("OBS")
        desktop.activate(work)
        assert wait_for(lambda: "mine" in [e.rule_id for e in recorder.exclusions])
        seen = len(recorder.frames)
        desktop.type_text("echo while shared\n")
        assert not wait_for(lambda: len(recorder.frames) > seen, seconds=3)


def test_a_described_window_has_all_that_rules_ask_for() -> None:
    watch = Watch(Recorder(), lambda: (), lambda: False)
    shown = watch.describe("XTerm", "x", None, None, "Journal", "HDMI-1", True)
    assert (shown.app, shown.instance, shown.monitors, shown.full_screen) == (
        "xterm", "journal", ("HDMI-1",), True,
    )  # fmt: skip
    assert watch.describe("xterm", "x", None, None).monitors == ()
    watch.stop()


def test_text_only_takes_no_picture(desktop: VirtualDesktop) -> None:
    rule = Rule(RuleId("mine"), "No pictures", Effect.TEXT_ONLY, app="xterm")
    with watching(desktop, rules=lambda: (rule,)) as (_, recorder):
        desktop.launch(["xterm", "-T", "only text"])
        desktop.wait_window("only text")
        assert wait_for(lambda: any(o.title == "only text" for o in recorder.observations))
        desktop.type_text("echo hello\n")
        assert not wait_for(lambda: recorder.frames, seconds=4)


def test_without_a_display_every_source_says_so_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    watch = Watch(Recorder(), lambda: (), lambda: False)
    watch.start()
    try:
        assert wait_for(lambda: all(h.state == "unavailable" for h in watch.health()))
        health = {h.name: h for h in watch.health()}
        assert "Wayland" in health["screen"].detail and "Xorg" in health["screen"].hint
        assert "at-spi2-core" in health["ui_tree"].hint
        assert watch.input_age() is None and watch.current() is None and not watch.screen_locked()
    finally:
        watch.stop()
    assert {h.state for h in watch.health()} == {"stopped"}
    assert not [t for t in threading.enumerate() if t.name.startswith(("observe-", "accessibility"))]


def test_where_nobody_tells_of_idle_time_it_is_not_taken_for_somebody_at_work(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on sway: else the watchdog cries wolf and every moment is one of typing."""
    watch = Watch(Recorder(), lambda: (), lambda: False, desktop.display)
    try:
        assert watch.input_age() is not None
        monkeypatch.setattr(X11Windows, "idle_s", lambda _: None)
        assert watch.input_age() is None and "idle" in watch.availability().unknown
        assert watch._idle_s() == 0.0  # but somebody may be there: it looks as often as for them
    finally:
        watch.stop()


def test_the_tree_of_another_program_is_never_taken_for_a_windows(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    """A terminal titled "work" stands beside a browser whose frame is called "Network ... - Chromium"."""
    page = tmp_path / "page.html"
    page.write_text("<title>Network news</title><p>not a word of this belongs to the terminal")
    desktop.launch(chromium_argv(page.as_uri(), tmp_path / "profile"))
    desktop.wait_window("Network news*")
    with watching(desktop) as (watch, recorder):
        desktop.launch(["xterm", "-T", "work"])
        desktop.activate(desktop.wait_window("work"))
        assert wait_for(lambda: any(o.app == "xterm" and o.source == "screen" for o in recorder.observations))
        seen = watch.surface.snapshot()
        assert seen is not None
        assert seen.tree is None
        assert not any(
            o.app == "xterm" and "belongs to the terminal" in o.text for o in recorder.observations
        )


def test_a_meeting_goes_on_where_a_calendar_says_so(tmp_path: Path) -> None:
    at = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)
    event = "BEGIN:VEVENT\nUID:1\nDTSTART:20261127T130000Z\nDURATION:PT1H\nEND:VEVENT\n"
    (tmp_path / "a.ics").write_text(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    watch = Watch(Recorder(), lambda: (), lambda: False)
    assert not watch.in_meeting(at)
    calendars = Calendars([str(tmp_path)], Gate(Recorder(), lambda: (), lambda: False), lambda: at)
    watch.add(calendars)
    assert not watch.in_meeting(at)
    calendars._look()
    assert watch.in_meeting(at)
    assert not watch.in_meeting(at + timedelta(hours=1))


def test_a_source_that_comes_late_begins_at_once_and_ends_with_the_others(tmp_path: Path) -> None:
    watch = Watch(Recorder(), lambda: (), lambda: False)
    early, late = (Calendars([str(tmp_path)], Gate(Recorder(), lambda: (), lambda: False)) for _ in range(2))
    watch.add(early)
    assert early.health().state == "stopped"
    watch.start()
    try:
        watch.add(late)
        assert late.health().state == "running"
    finally:
        watch.stop()
    assert {early.health().state, late.health().state} == {"stopped"}


def test_the_front_window_is_readable_only_while_it_is_the_one_that_was_admitted(
    desktop: VirtualDesktop,
) -> None:
    """Not started, so that nothing notices the change before it is asked."""
    rules: list[Rule] = []
    watch = Watch(Recorder(), lambda: rules, lambda: False, desktop.display)
    windows = X11Windows(desktop.display)
    try:
        assert watch.readable(windows) is None
        for title in ("one", "two"):
            desktop.launch(["xterm", "-T", title])
            desktop.wait_window(title)
        desktop.activate(desktop.wait_window("one"))
        seen = windows.active()
        assert seen is not None and seen.title == "one"
        watch._focus.set(seen, admit(seen))
        assert watch.readable(windows) == seen
        rules.append(Rule(RuleId("r1"), "Names only", Effect.BLUR, title="one"))
        assert watch.readable(windows) is None  # another answer than the one that is known
        watch._focus.set(seen, admit(seen, rules))
        assert watch.readable(windows) is None  # and this one does not let anybody read
        rules.clear()
        watch._focus.set(seen, admit(seen))
        desktop.activate(desktop.wait_window("two"))
        assert watch.readable(windows) is None
    finally:
        windows.close()
        watch.stop()


def test_without_any_accessibility_terminals_are_seen_and_nothing_else(desktop: VirtualDesktop) -> None:
    recorder = Recorder()
    nowhere = f"unix:path={desktop.folder}/nobody"
    watch = Watch(recorder, lambda: (), lambda: False, desktop.display, nowhere)
    watch.start()
    try:
        desktop.launch(["xterm", "-class", "Viewer", "-T", "other"])
        desktop.activate(desktop.wait_window("other"))
        assert wait_for(lambda: any(o.title == "other" for o in recorder.observations))
        time.sleep(3)
        desktop.launch(["xterm", "-T", "work"])
        desktop.activate(desktop.wait_window("work"))
        assert wait_for(lambda: recorder.frames)
        assert {o.title for o in recorder.observations if o.source == "screen"} == {"work"}
    finally:
        watch.stop()
