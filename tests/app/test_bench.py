"""app/bench.py: the arithmetic, the object it prints, and what it says when something is not there."""

import json
import random
import re
import socket
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import bench
from gum.errors import NotFound

samples = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=12)

A_BENCHMARK = '''
"""Counts to three."""
from app.bench import Result
FIGURES = ("count_s",)
def run(settings):
    return Result({"count_s": 3.0}, {"count_s": (2.5, 3.5)}, {"to": 3}, (1,))
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one benchmark in it."""
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    (tmp_path / "counting.py").write_text(A_BENCHMARK)
    return tmp_path


@given(samples)
def test_an_interval_lies_within_the_samples_and_is_in_order(values: list[float]) -> None:
    low, high = bench.interval(values)
    assert min(values) <= low <= high <= max(values)


@given(samples)
def test_an_interval_does_not_depend_on_the_order_of_measuring(values: list[float]) -> None:
    mixed = values.copy()
    random.Random(3).shuffle(mixed)
    assert bench.interval(mixed) == bench.interval(values)


@given(st.floats(min_value=0, max_value=1e6), st.integers(1, 12))
def test_samples_that_agree_leave_no_doubt(value: float, count: int) -> None:
    assert bench.interval([value] * count) == (value, value)


def test_more_samples_narrow_the_interval() -> None:
    chance = random.Random(1)
    few = [chance.gauss(10, 1) for _ in range(10)]
    many = [chance.gauss(10, 1) for _ in range(400)]

    def width(values: list[float]) -> float:
        low, high = bench.interval(values)
        return high - low

    assert width(many) < width(few)


def test_a_median_interval_covers_the_truth_most_of_the_time() -> None:
    chance = random.Random(7)
    hits = 0
    for _ in range(40):
        low, high = bench.interval([chance.gauss(0, 1) for _ in range(25)])
        hits += low <= 0 <= high
    assert hits >= 32  # nominal 38 of 40


@given(samples, st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_and_meet_their_ends(values: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    slack = 1e-9 * (1 + max(values))
    assert bench.quantile(low)(values) <= bench.quantile(high)(values) + slack
    assert bench.quantile(0)(values) == min(values)
    assert bench.quantile(1)(values) == max(values)


def test_the_object_has_the_agreed_fields(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("counting", json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        "name",
        "at",
        "commit",
        "machine",
        "settings",
        "seeds",
        "figures",
        "intervals",
    }
    assert datetime.fromisoformat(told["at"]).utcoffset() is not None
    assert told["figures"] == {"count_s": 3.0}
    assert told["intervals"] == {"count_s": [2.5, 3.5]}
    assert told["settings"] == {"to": 3}
    assert told["seeds"] == [1]
    assert re.fullmatch(r"[0-9a-f]{12}(-changed)?|unknown", told["commit"])


def test_a_person_reads_the_figure_with_its_interval(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.run("counting") == 0
    assert re.search(r"count_s +3 +\(95%: 2\.5 to 3\.5\)", capsys.readouterr().out)


def test_a_benchmark_that_measures_something_else_than_it_names_is_a_bug(folder: Path) -> None:
    (folder / "counting.py").write_text(
        A_BENCHMARK.replace('FIGURES = ("count_s",)', 'FIGURES = ("other_s",)')
    )
    with pytest.raises(AssertionError):
        bench.run("counting", json=True)


def test_an_unknown_name_is_answered_with_the_known_ones(folder: Path) -> None:
    with pytest.raises(NotFound) as raised:
        bench.run("conting")
    assert "counting" in raised.value.hint


def test_no_name_is_a_usage_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(None) == 2
    assert "counting" in capsys.readouterr().err


def test_outside_a_checkout_it_says_where_benchmarks_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "FOLDER", tmp_path / "none")
    for call in (lambda: bench.run("capture"), lambda: bench.run(None, list_=True)):
        with pytest.raises(NotFound) as raised:
            call()
        assert "checkout" in raised.value.hint


def test_every_benchmark_of_this_checkout_is_listed_with_figures_that_carry_a_unit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.run(None, json=True, list_=True) == 0
    rows = {row["name"]: row["figures"] for row in json.loads(capsys.readouterr().out)}
    wanted = {"idle_cpu_pct", "active_cpu_pct", "unchanged_frame_ms", "changed_frame_p95_ms"}
    wanted |= {"line_cache_hit_rate", "daemon_rss_mb", "disk_mb_per_day", "word_recall"}
    wanted |= {"trigger_stored_rate"}
    assert wanted <= set(rows["capture"])
    assert rows["startup"] == ["help_s", "hello_s", "tray_rss_mb", "daemon_rss_mb"]
    assert rows["store"] == ["append_batched_per_s", "append_single_per_s", "bytes_per_proposition"]
    assert rows["retrieve"][:3] == ["search_p95_ms_1k", "search_p95_ms_10k", "search_p95_ms_100k"]
    assert rows["retrieve"][3:] == ["search_growth_10k_100k", "rebuild_100k_s"]
    assert rows["revise"][:2] == ["revise_p50_ms_1k", "revise_p95_ms_1k"]
    assert rows["revise"][6:8] == ["pairs_right", "merged_wrongly"]
    assert rows["chain"] == ["pixel_to_proposition_p50_s", "pixel_to_proposition_p95_s"]
    for figures in rows.values():
        for figure in figures:
            assert re.fullmatch(
                r"[a-z0-9_]+_(ms|s|mb|pct|per_s|mb_per_day)(_\d+k?)?|bytes_per_\w+|\w+_growth_\w+"
                r"|(kills|faults)(_[a-z]+)?|(sse_)?lost|doubled|torn|kept|unopened"  # counts have no unit
                r"|(pairs_right|merged_wrongly)\w*|\w+_(rate|recall)"
                r"|context_(has_fact|harmed)",  # nor have shares
                figure,
            )


def test_the_machine_is_described_without_naming_its_owner() -> None:
    told = json.dumps(bench.machine())
    for name in (socket.gethostname(), str(Path.home())):
        assert name not in told
