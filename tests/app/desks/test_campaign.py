import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.desks import campaign
from app.desks.campaign import ARMS, DEFAULT, HERE, ORACLE, PIXELS, Wanted, play, play_pairs, rates, sources
from app.desks.generate import splits
from app.desks.load import DeskInvalid
from app.desks.mind import Rates
from app.desks.types import Desk, Played
from gum.errors import ActionFailed, SettingsInvalid


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A desk that lies anywhere but here."""
    folder = tmp_path / "somewhere" / "bakery"
    shutil.copytree(HERE / "bakery", folder)
    return folder


def test_each_set_has_its_desks() -> None:
    assert [s.seed for s in sources(Wanted("small"))] == list(splits.TUNE)
    assert [s.folder.name for s in sources(Wanted("pixels")) if s.folder] == sorted(PIXELS)
    assert [s.seed for s in sources(Wanted("held-out"))] == list(splits.HELD_OUT)
    assert not set(splits.TUNE) & set(splits.HELD_OUT)
    everything = sources(Wanted("all"))
    assert len(everything) == len(splits.TUNE) + len(list(HERE.glob("*/desk.toml")))
    assert len(sources(Wanted("all", count=3))) == 3


def test_a_run_with_the_oracle_comes_out_the_same_to_the_last_belief(outside: Path) -> None:
    wanted = Wanted(path=outside, model=ORACLE, seed=3)
    [first], [again] = play(wanted), play(wanted)
    assert set(first.played) == set(ARMS)
    for arm, played in first.played.items():
        assert played.checkpoints == again.played[arm].checkpoints
        assert played.model_tokens == again.played[arm].model_tokens
    assert first.played["gumption"].checkpoints[-1].beliefs
    assert first.played["gum"].model_tokens > 0


def test_another_seed_is_another_run_and_runs_come_in_the_order_asked_for(outside: Path) -> None:
    wanted = Wanted(path=outside, model=ORACLE, seed=3, arms=("gumption",))
    [source] = sources(wanted)
    pairs = [(source, replace(wanted, remember=True)), (source, replace(wanted, seed=4))]
    first, other = (run.played["gumption"] for run in play_pairs(pairs))
    assert first.checkpoints != other.checkpoints
    assert first.evidence and not other.evidence


def test_one_set_of_processes_has_one_embedder(outside: Path) -> None:
    embedded = Wanted(path=outside, arms=("gumption",))
    [source] = sources(embedded)
    with pytest.raises(ValueError, match="one embedder"):
        play_pairs([(source, embedded), (source, replace(embedded, model=ORACLE))])


def test_without_a_language_model_there_is_no_gum_arm(outside: Path) -> None:
    told: list[str] = []
    [run] = play(Wanted(path=outside.parent, model=DEFAULT), lambda run: told.append(run.desk.id))
    assert set(run.played) == {"gumption", "last_k", "base_rate"}
    assert run.played["gumption"].model_tokens == 0
    assert told == ["bakery"]


def test_a_malformed_desk_is_refused_before_anything_is_played(outside: Path) -> None:
    file = outside / "desk.toml"
    file.write_text(file.read_text().replace('type = "', 'typo = "', 1))
    with pytest.raises(DeskInvalid, match=r"desk\.toml:\d+"):
        play(Wanted(path=outside))


def test_what_cannot_be_asked_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path))
    with pytest.raises(SettingsInvalid, match="no server"):
        play(Wanted(model="qwen3", count=1))
    with pytest.raises(SettingsInvalid, match="as it is shipped"):
        play(Wanted("pixels", model=ORACLE))


def test_pixels_are_lived_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fake: the play itself, which test_pixels has for real."""
    lived: list[tuple[str, int]] = []

    def fake(desk: Desk, seed: int, folder: Path) -> Played:
        assert folder.is_dir()
        lived.append((desk.id, seed))
        return Played(desk.id, "gumption", (), (), 0.1)

    monkeypatch.setattr(campaign.pixels, "play", fake)
    runs = play(Wanted("pixels", seed=5, count=2, arms=("gumption",)))
    assert lived == [(run.desk.id, 5) for run in runs]
    assert len(runs) == 2


def test_a_desk_that_stops_is_begun_once_more_and_then_left_out_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Fake: the play itself."""
    tries: list[str] = []

    def fake(desk: Desk, seed: int, folder: Path) -> Played:
        tries.append(desk.id)
        if desk.id == PIXELS[0] or tries.count(desk.id) == 1:
            raise ActionFailed("Nothing called “Send” is on the screen")
        return Played(desk.id, "gumption", (), (), 0.1)

    monkeypatch.setattr(campaign.pixels, "play", fake)
    runs = play(Wanted("pixels", count=2, arms=("gumption",)))
    assert [run.desk.id for run in runs] == [PIXELS[1]]
    assert tries == [PIXELS[0]] * 2 + [PIXELS[1]] * 2
    assert f"{PIXELS[0]} stopped (0 more tries)" in caplog.text


def test_rates_of_mistakes_are_the_usual_ones_but_for_those_given() -> None:
    assert rates(None, None) == Rates()
    assert rates(0.25, 0.3) == replace(Rates(), false=0.25, duplicated=0.3)
    with pytest.raises(SettingsInvalid, match="no rate"):
        rates(2, None)
