import pytest
from pydantic import ValidationError

from app.availability_shapes import AvailabilityOut, PauseIn, availability_out
from observers.availability import Facts, availability


def test_what_was_decided_leaves_the_daemon_whole() -> None:
    found = availability(Facts(typing=True, microphone=True, meeting=True, idle_s=0.5))
    told = availability_out(found)
    assert told.quiet and told.typing_now and told.idle_s == 0.5
    assert told.reason == "You are in a meeting." and told.unknown == list(found.unknown)
    assert not AvailabilityOut().quiet


def test_a_pause_lasts_until_resumed_unless_it_says_otherwise() -> None:
    assert PauseIn() == PauseIn(minutes=None, off_the_record=False)
    for wrong in ({"minutes": 0}, {"minutes": -1}, {"off_the_record": "perhaps"}):
        with pytest.raises(ValidationError):
            PauseIn.model_validate(wrong)
