"""Typing is one content; nothing typed is lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gum.types import Trust, WindowInfo
from observers.settle import LONGEST_S, PAUSE_S, Settled, Settling

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WINDOW = WindowInfo(1, "mousepad", "note", 1, None)
KEY = (1, Trust.AUTHORED)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def texts(settled: list[Settled]) -> list[str]:
    return [one.text for one in settled]


def test_typing_is_handed_over_once_when_it_rests() -> None:
    settling = Settling()
    for n in range(1, 11):
        assert settling.see(KEY, "a" * n, at(n * 0.2), WINDOW) == []
    (done,) = settling.rest(at(2 + PAUSE_S))
    assert (done.text, done.at, done.until) == ("a" * 10, at(0.2), at(2.0))
    assert settling.rest(at(60)) == [] and settling.see(KEY, "a" * 10, at(61), WINDOW) == []


def test_endless_typing_is_handed_over_after_the_longest_wait() -> None:
    settling = Settling()
    done: list[Settled] = []
    for n in range(1, 100):
        done += settling.see(KEY, "b" * n, at(n * 0.1), WINDOW)
    assert len(done) == 1 and (done[0].until - done[0].at).total_seconds() >= LONGEST_S - 0.2


def test_a_sent_message_is_handed_over_as_it_last_was() -> None:
    settling = Settling()
    settling.see(KEY, "Dear Ann, see you at nine", at(0), WINDOW)
    assert texts(settling.see(KEY, "", at(0.3), WINDOW)) == ["Dear Ann, see you at nine"]
    settling.see(KEY, "one quite different line of text", at(1), WINDOW)
    assert texts(settling.see(KEY, "1234567890 5678 other", at(1.2), WINDOW)) == [
        "one quite different line of text"
    ]


def test_leaving_hands_over_and_forgetting_does_not() -> None:
    settling = Settling()
    settling.see(KEY, "half a sentence", at(0), WINDOW)
    assert texts(settling.leave(1)) == ["half a sentence"] and not settling.waiting
    settling.see((2, Trust.AUTHORED), "off the record", at(1), WINDOW)
    settling.forget()
    assert settling.rest(at(60)) == [] and settling.leave() == []


@given(st.lists(st.tuples(st.text("ab ", max_size=30), st.floats(0.05, 3)), max_size=30))
def test_the_last_text_always_gets_out_and_none_is_told_twice_running(looks: list[tuple[str, float]]) -> None:
    settling, clock, done = Settling(), 0.0, list[Settled]()
    for text, pause in looks:
        clock += pause
        done += settling.see(KEY, text, at(clock), WINDOW)
    done += settling.rest(at(clock + LONGEST_S))
    told = texts(done)
    seen = [text for text, _ in looks if text]
    assert set(told) <= set(seen)
    if looks and looks[-1][0]:
        assert told[-1] == looks[-1][0]
    assert all(one.at <= one.until for one in done)
