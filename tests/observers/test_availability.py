from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import WindowInfo
from observers.availability import Availability, Facts, availability, presents

FREE = Facts(False, False, False, False, False, False, False, False, 3.0)
UNSURE = st.sampled_from([True, False, None])
FACTS = st.builds(
    Facts, UNSURE, UNSURE, UNSURE, st.booleans(), UNSURE, UNSURE, UNSURE, st.booleans(), st.none()
)


def test_nothing_speaks_against_a_card_when_all_is_known_and_nothing_is_so() -> None:
    assert availability(FREE) == Availability(idle_s=3.0)
    assert availability(FREE).reason == ""


def test_what_nobody_can_tell_is_no_reason_and_is_said() -> None:
    found = availability(Facts())
    assert not found.quiet and not found.typing_now
    assert set(found.unknown) == {
        *("typing", "full screen", "calls", "presenting", "sharing", "do not disturb", "idle"),
    }


@pytest.mark.parametrize(
    ("fact", "word"),
    [
        ("locked", "locked"),
        ("do_not_disturb", "disturb"),
        ("presenting", "presenting"),
        ("sharing", "shared"),
        ("microphone", "call"),
        ("full_screen", "whole screen"),
    ],
)
def test_each_of_these_keeps_cards_away_and_says_so(fact: str, word: str) -> None:
    values = {each.name: getattr(FREE, each.name) for each in fields(Facts)}
    found = availability(Facts(**{**values, fact: True}))
    assert found.quiet and word in found.reason and not found.typing_now


def test_a_meeting_is_only_a_plan_until_somebody_speaks() -> None:
    assert not availability(Facts(meeting=True)).quiet
    assert not availability(Facts(meeting=True, microphone=False)).quiet
    assert availability(Facts(meeting=True, microphone=True)).reason == "You are in a meeting."


def test_typing_only_puts_it_off() -> None:
    found = availability(Facts(typing=True))
    assert found.typing_now and not found.quiet and found.reason == "You are typing."


@given(FACTS)
def test_it_is_quiet_exactly_when_something_speaks_against_it(facts: Facts) -> None:
    found = availability(facts)
    against = (facts.locked, facts.do_not_disturb, facts.presenting, facts.sharing, facts.microphone)
    assert found.quiet == any((*against, facts.full_screen))
    assert bool(found.reason) == (found.quiet or found.typing_now)


def window(app: str, title: str, full_screen: bool) -> WindowInfo:
    return WindowInfo(1, app, title, None, None, full_screen=full_screen)


def test_a_presentation_fills_the_screen() -> None:
    assert presents(None) is None
    assert presents(window("soffice", "Slide Show: Plan - LibreOffice Impress", True))
    assert presents(window("pdfpc", "talk.pdf", True))
    assert presents(window("soffice", "Plan.odp - LibreOffice Impress", False)) is False
    assert presents(window("chromium", "Rail - Chromium", True)) is False
