"""One shared fact, replaced whole."""

import threading
from dataclasses import replace

import pytest

from gum.types import Admission, Effect, Region, RuleId, WindowInfo
from observers.focus import SharedFocus

WINDOW = WindowInfo(1, "xterm", "one", 1, Region(0, 0, 9, 9), private=False)


def answer(effect: Effect) -> Admission:
    return Admission(effect is not Effect.DROP, effect, RuleId("r"), "because")


@pytest.mark.parametrize(
    ("effect", "readable", "visible"),
    [
        (Effect.KEEP, True, True),
        (Effect.TEXT_ONLY, True, False),
        (Effect.BLUR, False, False),
        (Effect.DROP, False, False),
    ],
)
def test_an_effect_allows_text_and_pixels_as_documented(
    effect: Effect, readable: bool, visible: bool
) -> None:
    focus = SharedFocus().set(WINDOW, answer(effect))
    assert (focus.readable, focus.visible) == (readable, visible)


def test_nothing_is_allowed_before_anything_was_decided() -> None:
    focus = SharedFocus().get()
    assert not focus.readable and not focus.visible


def test_the_same_facts_change_nothing_and_others_get_a_new_number() -> None:
    shared, news = SharedFocus(), threading.Event()
    shared.subscribe(news)
    first = shared.set(WINDOW, answer(Effect.KEEP))
    assert news.is_set()
    news.clear()
    assert shared.set(WINDOW, answer(Effect.KEEP)).number == first.number and not news.is_set()
    assert shared.set(WINDOW, answer(Effect.DROP)).number > first.number and news.is_set()


def test_a_note_about_an_earlier_window_is_ignored() -> None:
    shared = SharedFocus()
    old = shared.set(WINDOW, answer(Effect.KEEP))
    shared.set(replace(WINDOW, window_id=2), answer(Effect.KEEP))
    shared.cover(old.number, covered=False)
    assert shared.get().covered is None


def test_what_is_known_of_a_tree_outlives_a_new_title_but_not_a_new_address() -> None:
    shared = SharedFocus()
    shared.cover(shared.set(WINDOW, answer(Effect.KEEP)).number, covered=True)
    assert shared.set(replace(WINDOW, title="two"), answer(Effect.KEEP)).covered is True
    assert shared.set(replace(WINDOW, title="two", url="b"), answer(Effect.KEEP)).covered is None
