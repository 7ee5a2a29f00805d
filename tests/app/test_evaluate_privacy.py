"""The command of the filter test: what it prints, and how it ends."""

import json

import pytest

from app import evaluate_privacy
from gum.errors import NotFound
from tests.desktop import campaign
from tests.desktop.campaign import Outcome
from tests.desktop.plants import Plants
from tests.desktop.stage import Case

PLANT = Plants().text()


def outcome(missed: bool) -> Outcome:
    """FAKE outcome of a campaign that was not played."""
    made = Outcome([Case("a", "harmless", PLANT, True, ["x"]), Case("a", "secret", PLANT, False)])
    if missed:
        made.cases[1].places = ["pages of gumption.db"]
    return made


@pytest.mark.parametrize("missed", [False, True])
@pytest.mark.parametrize("as_json", [False, True])
def test_it_prints_the_figures_and_ends_with_1_on_a_miss(
    missed: bool, as_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(campaign, "play", lambda *_, **__: outcome(missed))
    assert evaluate_privacy.run(json=as_json) == int(missed)
    told = capsys.readouterr().out
    assert PLANT.shown not in told
    assert ("pages of gumption.db" in told) == missed
    if as_json:
        read = json.loads(told)
        assert read["name"] == "privacy"
        assert {"at", "commit", "machine", "settings", "seeds", "figures", "intervals"} <= set(read)
        assert list(read["figures"]) == list(evaluate_privacy.FIGURES)
        assert read["figures"]["misses"] == int(missed)
        assert len(read["cases"]) == 2
    else:
        assert all(figure in told for figure in evaluate_privacy.FIGURES)


def test_what_proves_nothing_ends_with_1_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "play", lambda *_, **__: Outcome([Case("a", "secret", PLANT, False)]))
    assert evaluate_privacy.run() == 1


def test_a_scene_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(NotFound) as told:
        evaluate_privacy.run(scenes=["nonsense"])
    assert "menus_and_tooltips" in told.value.hint
