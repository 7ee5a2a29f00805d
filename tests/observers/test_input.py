"""What hands do is counted where it may be, and nowhere else."""

import time
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from gum.types import AT_WINDOWS, Admission, Effect, Region, Rule, RuleId, Trust, WindowInfo
from observers.activity import Activity, Trigger
from observers.bursts import GAP_S, STEP, Hand
from observers.focus import SharedFocus
from observers.input import SCROLL_END_S, SCROLLING_S, SOURCE, TYPING_PAUSE_S, Input, Moments, on_wayland
from observers.watch import Watch
from observers.xinput import Doing
from tests.observers.recorder import Paused, Recorder, Rules, never, no_rules, wait_for, watching

OFF = Rule(RuleId("mine"), "Not this one", Effect.DROP, title="Diary*")


def test_it_tells_nothing_about_where_the_person_is() -> None:
    assert SOURCE not in AT_WINDOWS


def test_a_click_is_told_at_once_and_the_rest_when_it_rests() -> None:
    moments = Moments()
    assert moments.saw(Hand.CLICK, 0.0) == [Trigger.CLICK] and moments.next() is None
    assert moments.saw(Hand.KEY, 1.0) == [] == moments.saw(Hand.KEY, 1.5)
    assert moments.next() == 1.5 + TYPING_PAUSE_S
    assert moments.due(1.5 + TYPING_PAUSE_S - 0.01) == []
    assert moments.due(1.5 + TYPING_PAUSE_S) == [Trigger.TYPING_PAUSE] and moments.next() is None
    moments.saw(Hand.SCROLL, 10.0)
    assert moments.due(10.0 + SCROLL_END_S) == [Trigger.SCROLL_END]
    moments.saw(Hand.KEY, 20.0)
    moments.forget()
    assert moments.due(100.0) == []


def test_scrolling_that_goes_on_is_worth_a_look_now_and_then() -> None:
    moments, told = Moments(), 0
    for tenth in range(100):
        told += len(moments.saw(Hand.SCROLL, tenth / 10)) + len(moments.due(tenth / 10))
    assert told == int(9.9 / SCROLLING_S)


@given(st.lists(st.tuples(st.sampled_from(Hand), st.integers(0, 12)), max_size=40))
def test_every_pause_in_typing_is_told_once(doings: list[tuple[Hand, int]]) -> None:
    moments, at, told, keys = Moments(), 0.0, [], []
    for hand, wait in doings:
        at += wait / 4  # quarters of a second add up without rounding
        told += moments.due(at)
        moments.saw(hand, at)
        keys += [at] if hand is Hand.KEY else []
    told += moments.due(at + 10)
    gaps = [b - a for a, b in pairwise(keys)]
    assert told.count(Trigger.TYPING_PAUSE) == (sum(g >= TYPING_PAUSE_S for g in gaps) + 1 if keys else 0)


def test_on_wayland_it_says_that_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    source = Input(Recorder(), SharedFocus(), Activity(), lambda: False, None)
    with pytest.raises(CaptureUnavailable, match="Wayland"):
        source._watch()
    assert source.typing() is None


def test_a_session_that_says_it_is_x11_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the windows themselves: there may be a nested compositor, too."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    assert not on_wayland(None) and not on_wayland("")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    assert on_wayland(None) and on_wayland("") and not on_wayland(":7")


def window(window_id: int, title: str = "Ledger", url: str | None = None) -> WindowInfo:
    return WindowInfo(window_id, "xterm", title, None, None, url)


def answer(effect: Effect) -> Admission:
    return Admission(effect is not Effect.DROP, effect, RuleId("mine"), "")


def doings(front: int | None, count: int = STEP) -> list[Doing]:
    return [Doing(Hand.KEY, front)] * count


class Hands:
    """The source without a display, as a test moves its hands."""

    def __init__(self) -> None:
        self.recorder, self.focus, self.pause = Recorder(), SharedFocus(), False
        self.source = Input(self.recorder, self.focus, Activity(), lambda: self.pause, ":nowhere")

    def told(self) -> list[str]:
        """What was counted by the time the person goes elsewhere."""
        self.focus.set(None, None)
        self.source._turn([])
        return told(self.recorder)


@pytest.mark.parametrize(
    ("effect", "front", "counted"),
    [
        (Effect.KEEP, 1, True),
        (Effect.TEXT_ONLY, 1, True),
        (Effect.KEEP, None, True),  # a window manager that does not say
        (Effect.KEEP, 2, False),  # the server is ahead of us: another window is in front already
        (Effect.BLUR, 1, False),
        (Effect.DROP, 1, False),
    ],
)
def test_only_what_is_done_in_an_admitted_window_in_front_counts(
    effect: Effect, front: int | None, counted: bool
) -> None:
    hands = Hands()
    hands.focus.set(window(1), answer(effect))
    hands.source._turn(doings(front))
    assert bool(hands.told()) is counted


def test_a_window_that_is_not_to_be_seen_any_more_takes_what_waits_with_it() -> None:
    hands = Hands()
    hands.focus.set(window(1), answer(Effect.KEEP))
    hands.source._turn(doings(1))
    hands.focus.set(window(1, "Diary"), answer(Effect.DROP))
    hands.source._turn(doings(1))
    assert hands.told() == []


def test_another_page_is_another_burst_and_the_same_window_elsewhere_is_not() -> None:
    hands = Hands()
    for url, left in (("https://a.test/", 0), ("https://a.test/", 9), ("https://b.test/", 9)):
        moved = replace(window(1, url=url), region=Region(left, 0, 5, 5))
        hands.focus.set(moved, answer(Effect.KEEP))
        hands.source._turn(doings(1))
    assert [text.split(";")[0] for text in hands.told()] == ["typed some 40 keys", "typed some 20 keys"]


def test_a_pause_drops_what_waits() -> None:
    hands = Hands()
    hands.focus.set(window(1), answer(Effect.KEEP))
    hands.source._turn(doings(1))
    hands.pause = True
    hands.source._turn([])
    hands.pause = False
    assert hands.told() == []


@given(st.integers(4, STEP - 1), st.floats(0, 5), st.booleans())
def test_how_long_a_password_took_to_type_is_not_told(length: int, begun: float, rests: bool) -> None:
    """Its length is that by the gap between keys, which longer bursts tell."""
    hands, clock = Hands(), [datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(seconds=begun)]
    hands.focus.set(window(1), answer(Effect.KEEP))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("observers.input.now", lambda: clock[0])
        began = clock[0]
        for number in range(length):
            clock[0] += timedelta(seconds=0.2 if number else 0)
            hands.source._turn(doings(1, 1))
        ended = clock[0]
        clock[0] += timedelta(seconds=GAP_S if rests else 0.1)
        hands.source._turn([])
        hands.told()
    [found] = hands.recorder.observations
    assert found.at <= began and ended <= found.until <= clock[0]  # forgetting these minutes finds it
    assert found.at.timestamp() % GAP_S == 0 and (not rests or found.until.timestamp() % GAP_S == 0)


def counting(
    desktop: VirtualDesktop, rules: Rules = no_rules, paused: Paused = never
) -> AbstractContextManager[tuple[Watch, Recorder]]:
    """All sources and this one, at work on a desktop."""
    return watching(desktop, rules, paused, more=lambda watch, _: watch.input)


def told(recorder: Recorder) -> list[str]:
    return [found.text for found in recorder.observations if found.source == SOURCE]


def terminal(desktop: VirtualDesktop, watch: Watch, title: str) -> int:
    """A terminal that echoes nothing, in front, and known to be."""
    desktop.launch(["xterm", "-T", title, "-e", "sh", "-c", "stty -echo; cat >/dev/null"])
    window = desktop.wait_window(title)
    to_front(desktop, watch, window)
    return window


def to_front(desktop: VirtualDesktop, watch: Watch, window: int) -> None:
    desktop.activate(window)
    assert wait_for(lambda: (now := watch.current()) is not None and now[0].window_id == window)


@pytest.mark.desktop
def test_what_is_typed_is_counted_by_window_and_never_read(desktop: VirtualDesktop) -> None:
    with counting(desktop) as (watch, recorder):
        first = terminal(desktop, watch, "Ledger")
        second = terminal(desktop, watch, "Atlas")
        desktop.type_text("wachtwoord")
        to_front(desktop, watch, first)
        desktop.type_text("zebra" * 9)
        to_front(desktop, watch, second)
        assert wait_for(lambda: len(told(recorder)) == 2)
        found = [o for o in recorder.observations if o.source == SOURCE]
    assert [(o.title, o.app, o.trust) for o in found] == [
        ("Atlas", "xterm", Trust.SYSTEM),
        ("Ledger", "xterm", Trust.SYSTEM),
    ]
    assert found[0].text == f"typed fewer than {STEP} keys"
    assert found[1].text.startswith("typed some 40 keys; ")
    assert "zebra" not in recorder.everything() and "wachtwoord" not in recorder.everything()


@pytest.mark.desktop
def test_nothing_is_counted_in_a_window_that_is_not_to_be_seen_or_in_a_pause(desktop: VirtualDesktop) -> None:
    pause = [False]
    with counting(desktop, lambda: (OFF,), lambda: pause[0]) as (watch, recorder):
        diary = terminal(desktop, watch, "Diary of mine")
        desktop.type_text("q" * 30)
        plan = terminal(desktop, watch, "Plan")
        desktop.type_text("w" * 25)
        pause[0] = True
        assert wait_for(lambda: watch.current() is None)
        desktop.type_text("e" * 25)
        pause[0] = False
        to_front(desktop, watch, diary)
        desktop.type_text("r" * 25)
        to_front(desktop, watch, plan)
        desktop.type_text("t" * 61)
        to_front(desktop, watch, diary)
        assert wait_for(lambda: told(recorder))
        time.sleep(0.5)
        assert [text[:18] for text in told(recorder)] == ["typed some 60 keys"]
        assert {o.title for o in recorder.observations if o.source == SOURCE} == {"Plan"}


@pytest.mark.desktop
def test_pauses_and_clicks_are_told_to_the_other_sources(desktop: VirtualDesktop) -> None:
    heard: list[Trigger] = []
    with counting(desktop) as (watch, _):
        watch.activity.subscribe(heard.append)
        terminal(desktop, watch, "Ledger")
        desktop.type_text("abc")
        assert wait_for(lambda: heard == [Trigger.TYPING_PAUSE])
        assert watch.input.typing() or watch.input.typing() is False
        desktop.click(5, 600, button=1)
        assert wait_for(lambda: heard[1:] == [Trigger.CLICK])
        for _ in range(3):
            desktop.click(5, 600, button=4)
        assert wait_for(lambda: heard[2:] == [Trigger.SCROLL_END])
        desktop.type_text("a")
        assert wait_for(lambda: watch.input.typing() is True, 2)
        assert wait_for(lambda: watch.input.typing() is False)
