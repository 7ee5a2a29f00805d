from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistants.moment import IN_MEETING, RECENT, moment
from gum.types import Trust
from tests.builders import NOON, observation


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_fresh_input_and_own_words_are_typing() -> None:
    now = moment([observation("Dear", at=NOON - seconds(10))], NOON, seconds(3))
    assert now.activity == "typing"
    assert now.interruptibility < 0.3


def test_fresh_input_on_somebody_elses_page_is_reading() -> None:
    now = moment([observation("News", at=NOON - seconds(10), trust=Trust.READ)], NOON, seconds(3))
    assert now.activity == "reading"


def test_hands_that_rest_for_minutes_are_idle() -> None:
    assert moment([observation(at=NOON - seconds(200))], NOON, seconds(150)).interruptibility == 1.0
    assert moment([], NOON, None).activity == "idle"


def test_a_call_or_a_presentation_is_not_disturbed() -> None:
    for app, title in [("zoom", "Zoom Meeting"), ("soffice", "plan.odp - Presentation")]:
        call = observation(app=app, title=title, at=NOON - seconds(1))
        assert moment([call], NOON, seconds(500)).interruptibility < 0.1


def test_a_change_of_program_is_a_good_moment() -> None:
    mail = observation(app="mail", at=NOON - seconds(12), trust=Trust.READ)
    page = observation(app="chromium", at=NOON - seconds(6), trust=Trust.READ)
    assert (
        moment([mail, page], NOON, seconds(6)).interruptibility
        > moment([page], NOON, seconds(6)).interruptibility
    )


def test_the_window_is_that_of_the_latest_observation_in_whatever_order_they_come() -> None:
    old = observation(title="old", at=NOON - seconds(60))
    new = observation(title="new", url="http://a.example/", at=NOON - seconds(5))
    for recent in ([old, new], [new, old]):
        now = moment(recent, NOON, seconds(5))
        assert (now.title, now.url, len(now.recent)) == ("new", "http://a.example/", 2)


def test_what_is_long_past_is_no_part_of_the_moment() -> None:
    assert moment([observation(at=NOON - RECENT - seconds(1))], NOON, None).recent == ()


@given(st.floats(0, 1e5), st.lists(st.floats(0, 2000), max_size=5), st.booleans())
def test_interruptibility_is_always_between_0_and_1(age: float, ages: list[float], known: bool) -> None:
    recent = [observation(at=NOON - seconds(a), app=str(a)) for a in ages]
    now = moment(recent, NOON, seconds(age) if known else None)
    assert 0.0 <= now.interruptibility <= 1.0
    assert now.activity in ("typing", "reading", "idle")


def test_in_a_meeting_by_the_calendar_nobody_is_open_to_much() -> None:
    page = observation(at=NOON - seconds(200))
    listening = moment([page], NOON, seconds(150), meeting=True)
    assert (listening.interruptibility, listening.activity) == (IN_MEETING, "in a meeting")
    assert moment([page], NOON, seconds(1), meeting=True) == moment([page], NOON, seconds(1))


def test_what_comes_from_beside_the_windows_does_not_say_where_the_person_is() -> None:
    page = observation("News", at=NOON - seconds(20), app="chromium", title="News", trust=Trust.READ)
    talk = observation("Zoom", at=NOON - seconds(2), app="calendar", title="Zoom", source="calendar")
    now = moment([page, talk], NOON, seconds(3))
    assert (now.app, now.title, now.activity) == ("chromium", "News", "reading")
    assert now.interruptibility == moment([page], NOON, seconds(3)).interruptibility
    assert now.recent == (page, talk)
