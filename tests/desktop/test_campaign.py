"""A part of the filter test, played with real windows; `gumption eval privacy` plays all of it."""

import pytest

from app.evaluate_privacy import FIGURES
from tests.desktop import campaign
from tests.desktop.campaign import KEPT, LOST, Outcome, find, play
from tests.desktop.plants import Plants
from tests.desktop.stage import Case

# At least one of each kind: how a window is shown, a browser, a race, a pause, what was forgotten.
PART = (
    "full_screen",
    "menus_and_tooltips",
    "dialogs",
    "frames",
    "paused",
    "shown_and_hidden",
    "off_the_record",
)


@pytest.mark.desktop
def test_what_must_not_be_seen_is_not_and_the_rest_is() -> None:
    outcome = play(*find(PART))
    assert not outcome.broken
    assert outcome.misses == []
    assert outcome.blocked == []
    assert outcome.unproved == []
    assert outcome.spare == []
    assert outcome.pictures > 5
    assert set(PART) == {case.scene for case in outcome.cases}


@pytest.mark.desktop
def test_a_hole_in_the_filter_is_found() -> None:
    """The same windows before a daemon that was told that banks do not matter."""
    outcome = play(*find(["dialogs"]), settings={"GUMPTION_PRIVACY__PRESETS_OFF": '["banking"]'})
    assert [case.name for case in outcome.misses] == ["a dialog of a bank's window"]
    (missed,) = outcome.misses
    assert "data/gumption.db: ever_frames.encoded" in missed.places
    assert outcome.figures()["misses"] == 1


def case(scene: str, seen: bool, places: list[str]) -> Case:
    return Case(scene, "a case", Plants().text(), seen, places)


def test_a_scene_that_found_nothing_harmless_proves_nothing() -> None:
    outcome = Outcome(
        [case("a", False, []), case("a", True, []), case("b", False, []), case("b", True, ["x"])]
    )
    assert outcome.unproved == ["a"]
    assert outcome.figures() == {"cases": 4, "misses": 0, "false_block_rate": 0.5, "unproved": 1}
    outcome.broken["b"] = "it broke down"
    assert outcome.unproved == ["a", "b"]


def test_misses_are_what_was_found_and_must_not_be_and_no_row_names_a_plant() -> None:
    missed = case("a", False, ["pages of gumption.db"])
    outcome = Outcome([missed, case("a", True, ["x"])])
    assert outcome.misses == [missed]
    assert not missed.ok
    told = repr(outcome.rows())
    assert "pages of gumption.db" in told
    assert missed.plant.shown not in told


def test_scenes_have_names_of_their_own_and_figures_are_those_of_the_command() -> None:
    names = [scene.__name__ for scene in (*KEPT, *LOST)]
    assert len(names) == len(set(names))
    assert campaign.FIGURES == FIGURES == tuple(Outcome().figures())
    with pytest.raises(KeyError):
        find(["no such scene"])
