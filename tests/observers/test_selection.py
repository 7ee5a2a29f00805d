"""observers/selection.py with real owners on a real display."""

import threading
import time
from collections.abc import Iterator

import pytest

from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from observers.bell import Bell
from observers.selection import LONGEST, Copy, Selection
from tests.observers.copier import TARGETS, Copier
from tests.observers.recorder import wait_for

pytestmark = pytest.mark.desktop


@pytest.fixture
def selection(desktop: VirtualDesktop) -> Iterator[Selection]:
    selection = Selection(desktop.display)
    yield selection
    selection.close()


def next_copy(selection: Selection) -> Copy:
    copy = selection.wait(Bell())
    assert copy is not None
    return copy


def test_a_copy_is_heard_and_read(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display) as copier:
        copier.copy("Zwei Brötchen, 東京")
        copy = next_copy(selection)
        assert copy.owner == copier.window
        assert selection.still(copy)
        assert copier.asked == []  # nothing is read before somebody says so
        assert selection.targets(copy) == {"TARGETS", *TARGETS}
        assert selection.text(copy) == "Zwei Brötchen, 東京"
        assert copier.asked == ["TARGETS", "UTF8_STRING"]


def test_of_several_copies_the_newest_counts(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display) as one, Copier(desktop.display) as two:
        one.copy("old")
        first = next_copy(selection)
        one.copy("older")
        two.copy("new")
        assert not selection.still(first)
        newest = next_copy(selection)
        assert newest.owner == two.window
        assert selection.text(newest) == "new"
        assert one.asked == []


def test_marking_text_is_no_copy(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display) as copier:
        copier.copy("only marked", "PRIMARY")
        copier.copy("copied")
        assert selection.text(next_copy(selection)) == "copied"
        assert copier.asked == ["UTF8_STRING"]


def test_another_window_in_front_is_noticed(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display, "one") as one, Copier(desktop.display, "two") as two:
        for copier in (one, two):
            assert wait_for(lambda c=copier: c.window in desktop.windows())
        desktop.activate(one.window)
        one.copy("words")
        copy = next_copy(selection)
        assert selection.still(copy)
        desktop.activate(two.window)
        assert not selection.still(copy)
        two.copy("words")
        assert selection.still(next_copy(selection))


def test_windows_of_one_connection_are_of_one_program(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display) as one, Copier(desktop.display) as two:
        assert selection.of_one_program(one.window, one.window + 1)
        assert not selection.of_one_program(one.window, two.window)


def test_a_long_copy_is_cut_at_a_letter(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display) as copier:
        copier.copy("aß" * (LONGEST // 2))
        text = selection.text(next_copy(selection))
        assert LONGEST - 4 <= len(text.encode()) <= LONGEST
        assert set(text) == {"a", "ß"}


def test_a_copy_in_parts_is_left_and_its_owner_told_so(desktop: VirtualDesktop, selection: Selection) -> None:
    with Copier(desktop.display, large=True) as copier:
        copier.copy("very long")
        assert selection.text(next_copy(selection)) == ""
        assert copier.requestor_gone.wait(10)


def test_an_owner_that_does_not_answer_is_left_and_with_it_what_came_meanwhile(
    desktop: VirtualDesktop, selection: Selection
) -> None:
    with Copier(desktop.display, slow=True) as slow, Copier(desktop.display) as other:
        slow.copy("words")
        copy = next_copy(selection)
        threading.Timer(0.3, other.copy, ["meanwhile"]).start()
        began = time.monotonic()
        assert selection.text(copy) == ""
        assert time.monotonic() - began < 30
        other.copy("later")
        assert selection.text(next_copy(selection)) == "later"
        assert other.asked == ["UTF8_STRING"]


def test_an_owner_that_is_gone_or_has_no_text_gives_none(
    desktop: VirtualDesktop, selection: Selection
) -> None:
    with Copier(desktop.display, offers=("image/png",)) as copier:
        copier.copy("picture")
        copy = next_copy(selection)
        assert selection.targets(copy) == {"TARGETS", "image/png"}
        assert selection.text(copy) == ""
    assert wait_for(lambda: not selection.still(copy))
    assert selection.text(copy) == ""
    assert selection.targets(copy) == frozenset()


def test_a_wait_is_ended_by_the_bell(selection: Selection) -> None:
    bell = Bell()
    threading.Timer(0.1, bell.set).start()
    assert selection.wait(bell) is None


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(CaptureUnavailable):
        Selection(None)
    with pytest.raises(CaptureUnavailable):
        Selection(":987")
