from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import make
from gum.revise import deny, revise
from gum.setting import another_value, overruled, replaced, settings
from gum.types import Draft, Evidence, LinkKind, Observation, ObservationId, Proposition, Status, Trust
from tests.builders import NOON, observation, proposition


def draft(value: str, quote: str, number: str = "o2", days: int = 1, kind: str = "prefers") -> Draft:
    slots = {"thing": value} if kind == "prefers" else {"topic": value}
    return make(kind, slots, [piece(quote, number, days)], 0.8)


def piece(quote: str, number: str = "o1", days: int = 0, trust: Trust = Trust.ACTED_ON) -> Evidence:
    at = NOON + timedelta(days=days)
    return Evidence(ObservationId(number), quote, drafter="structure", sure=0.8, at=at, app="a", trust=trust)


def known(value: str, kind: str = "prefers") -> Proposition:
    slots = {"thing": value} if kind == "prefers" else {"topic": value}
    return proposition(f"Prefers {value}", type=kind, slots=slots)


@pytest.mark.parametrize(
    ("before", "after", "one", "other"),
    [
        ("nano", "vim", "$ git config --global core.editor nano", "$ git config --global core.editor vim"),
        ("zsh", "bash", "$ chsh -s /usr/bin/zsh", "$ chsh -s /usr/bin/bash"),
        ("tabs", "spaces", "indent = tabs", "indent = spaces"),
        ("aisle", "window", "Seat: aisle", "Seat: window"),
    ],
)
def test_another_value_of_a_setting_replaces_the_old_one(
    before: str, after: str, one: str, other: str
) -> None:
    old = known(before)
    new, was = revise(draft(after, other), [old], lambda about: [piece(one)], NOON + timedelta(days=1))
    assert new.links[0].kind is LinkKind.CONTRADICTS
    assert was.after is not None
    assert was.after.status is Status.SUPERSEDED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I like nano", "I like vim"),
        ("$ sudo apt install nano", "$ sudo apt install vim"),
        ("editor = nano", "pager = vim"),
        ("nano", "vim"),
    ],
)
def test_two_tastes_in_like_sentences_are_two(one: str, other: str) -> None:
    assert not another_value(draft("vim", other), known("nano"), lambda about: [piece(one)])


def test_only_preferences_that_the_person_set_themself() -> None:
    line, other = "editor = nano", "editor = vim"
    read = [piece(line, trust=Trust.READ)]
    assert not another_value(draft("vim", other), known("nano"), lambda about: read)
    topic = draft("vim", other, kind="interested_in")
    assert not another_value(topic, known("nano", "interested_in"), lambda about: [piece(line)])


def test_two_programs_have_two_settings() -> None:
    here, there = piece("theme: dark"), piece("theme: light", "o2", 1)
    light = make("prefers", {"thing": "light"}, [replace(there, app="kindle")], 0.8)
    dark = [replace(here, app="slack")]
    assert not another_value(light, known("dark"), lambda about: dark)
    same = make("prefers", {"thing": "light"}, [replace(there, app="Slack")], 0.8)
    assert another_value(same, known("dark"), lambda about: dark)


def typed(text: str, number: str = "o2", days: int = 1, trust: Trust = Trust.AUTHORED) -> Observation:
    return observation(text, id=number, app="a", at=NOON + timedelta(days=days), trust=trust)


@pytest.mark.parametrize(
    ("was", "one", "other"),
    [
        ("vim", "$ git config --global core.editor vim", "$ git config --global core.editor nano"),
        ("vim", "$ export EDITOR=vim", "$ export  EDITOR=nano"),
        ("zsh", "$ chsh -s /usr/bin/zsh", "$ chsh -s /usr/bin/bash"),
        ("large print", "font = large print", "# settings\nfont = small print\ntheme = dark"),
        ("aisle", "Seat: aisle", "Seat: window"),
        ("tabs", 'indent = "tabs"', 'indent = "spaces";'),
    ],
)
def test_a_setting_that_has_another_value_ends_a_taste_without_any_draft(
    was: str, one: str, other: str
) -> None:
    old = known(was)
    [(about, against)] = replaced(settings([typed(other)]), [old], lambda _: [piece(one)])
    assert about is old
    [revision] = deny(old, [against], lambda _: [piece(one)], NOON + timedelta(days=1))
    assert revision.after is not None
    assert revision.after.status is Status.SUPERSEDED


@pytest.mark.parametrize(
    "other",
    [
        "font = large print",
        "font = Large Print, bold",
        "size = small print",
        "font = small print\nfont = large print",
        "I like small print",
        "font =",
    ],
)
def test_and_nothing_else_does(other: str) -> None:
    old = known("large print")
    assert replaced(settings([typed(other)]), [old], lambda _: [piece("font = large print")]) == []


@pytest.mark.parametrize(
    ("was", "one", "other"),
    [
        ("aisle", "Seat: aisle", "Seat: 14C"),
        ("aisle", "Seat: aisle", "Seat: TBD"),
        ("dark", "theme = dark", "theme = dark # the old one"),
        ("dark", "theme: dark", "theme: ${THEME}"),
        ("nano", "$ git config core.editor nano", "$ git config core.editor --unset"),
        ("tea", "Drink: tea", "Drink: two litres a day"),
        ("dark mode", "Note: dark mode", "Note: please call Ben"),
    ],
)
def test_what_is_no_other_value_of_its_sort_ends_nothing(was: str, one: str, other: str) -> None:
    assert replaced(settings([typed(other)]), [known(was)], lambda _: [piece(one)]) == []


def test_what_was_only_read_sets_nothing() -> None:
    assert settings([typed("font = small print", trust=Trust.READ)]) == []


def test_a_line_that_a_later_one_overrules_is_no_taste() -> None:
    seen = typed("font = large print\n# enough\nfont = small print")
    assert overruled(draft("large print", "font = large print"), seen)
    assert not overruled(draft("small print", "font = small print"), seen)
    assert not overruled(draft("large print", "font = large print"), typed("font = large print"))


@given(st.text())
def test_any_text_can_be_looked_through_for_settings(text: str) -> None:
    assert all(one.quote in text for one in settings([typed(text)]))
