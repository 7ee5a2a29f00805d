from app.service import state_of
from gum.types import SourceHealth


def source(name: str = "window", state: str = "running", detail: str = "") -> SourceHealth:
    return SourceHealth(name, state, detail, "", None)


def test_observing_is_said_only_when_the_window_is_really_observed() -> None:
    assert state_of(False, None, [source()], None)[0] == "observing"
    for broken in (
        [],
        [source(state="unavailable", detail="There is no display")],
        [source(state="stopped")],
    ):
        assert state_of(False, None, broken, None)[0] == "trouble"


def test_a_store_that_takes_nothing_is_trouble_whatever_the_observers_say() -> None:
    assert state_of(False, "The disk is full", [source()], "Private windows") == (
        "trouble",
        "The disk is full",
    )


def test_any_failing_source_is_trouble_but_one_that_is_not_there_is_not() -> None:
    assert state_of(False, None, [source(), source("screen", "failing", "It broke")], None)[0] == "trouble"
    assert state_of(False, None, [source(), source("ui_tree", "unavailable")], None)[0] == "observing"


def test_an_excluded_window_is_named_by_its_rule_and_a_pause_comes_first() -> None:
    state, reason = state_of(False, None, [source()], "Password managers")
    assert state == "excluded"
    assert "Password managers" in reason
    assert state_of(True, "The disk is full", [], "Password managers")[0] == "paused"
