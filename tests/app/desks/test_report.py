"""The page and the lines say what was measured, believe nothing they show and load nothing."""

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.desks.figures import FIGURES
from app.desks.judge import Kind
from app.desks.report import ABOUT, KINDS, between, change, page, shown, table, write
from app.desks.result import ArmResult, Result, about, arm_result
from gum.errors import StoreReadOnly
from tests.app.desks.builders import belief, checkpoint, decoy, desk, fact, played

EVIL = "<script>alert(1)</script> & “quotes”"
ROBIN = desk(facts=[fact(), fact("trip", "plans_to_go", {"place": ("松本",)})], decoys=[decoy()])
SAID = (
    belief("Works on fish-ladder.tex", 0.9, "working_on"),
    belief("Plans to go to Madeira", 0.6),
    belief(EVIL, 0.2),
)
RUNS = [(ROBIN, played(checkpoint(1, *SAID), secrets=("card",), tokens=3000, hours=2))]


def run(*arms: ArmResult) -> Result:
    return Result(
        at=datetime(2026, 12, 2, 10, tzinfo=UTC),
        commit="abc123",
        machine={"cores": 2},
        settings={"set": "small", "model": "oracle"},
        seeds=(3,),
        arms=arms or (arm_result("gumption", RUNS, 1), arm_result("last_k", RUNS, 1)),
        about=about(RUNS),
    )


class Tags(HTMLParser):
    """Opened and closed tags, the addresses they name, and what text stands where."""

    void = ("meta", "rect", "line", "circle", "polyline", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    tags = Tags(page(run(), run()))
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert tags.addresses == []
    assert "default-src 'none'" in page(run())


def test_what_was_believed_is_shown_as_text() -> None:
    told = page(run())
    assert "<script>" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told


def test_every_figure_has_its_value_interval_and_meaning() -> None:
    told = page(run())
    for figure in FIGURES:
        assert f"{figure}<small>{ABOUT[figure]}" in told
    assert set(ABOUT) == set(FIGURES)
    assert "1,500" in told
    assert '<span class="bad">1</span>' in told  # a secret was stored


def test_every_verdict_stands_there_with_its_reason_and_what_was_missed() -> None:
    told = page(run())
    arm = run().arms[0]
    for one in arm.tallies[0].verdicts:
        assert one.reason in told
    assert told.index("Plans to go to Madeira") < told.index("Works on fish-ladder.tex")  # the bad first
    assert "Not found: trip" in told
    assert set(KINDS) == set(Kind)
    assert told.count("<details>") == 3


def test_a_plot_has_a_point_for_each_bin_that_has_beliefs() -> None:
    told = page(run(run().arms[0]))
    assert told.count("<circle") == 3
    assert 'cx="180.0" cy="0.0"' in told  # 90 % sure, and right
    assert 'cx="40.0" cy="200.0"' in told
    assert "1 beliefs 90% sure, of them 100% right" in told


def test_both_colour_schemes_are_there() -> None:
    told = page(run())
    light, dark = (set(re.findall(r"--(\w+): #", part)) for part in told.split("prefers-color-scheme", 1))
    assert light == dark


def test_a_run_without_a_last_one_says_so() -> None:
    assert "No run with the same desks and model is recorded." in page(run())
    assert "No run with" not in page(run(), run())
    assert "No desk was played." in page(run(ArmResult("gumption", {}, {})))
    page(replace(run(), arms=()))


def arm(value: float, low: float, high: float, figure: str = "recall") -> ArmResult:
    return ArmResult("gumption", {figure: value}, {figure: (low, high)})


@pytest.mark.parametrize(
    ("figure", "now", "before", "told"),
    [
        ("recall", (0.8, 0.7, 0.9), (0.5, 0.4, 0.6), "better"),
        ("recall", (0.5, 0.4, 0.6), (0.8, 0.7, 0.9), "worse"),
        ("brier", (0.2, 0.1, 0.3), (0.5, 0.4, 0.6), "better"),
        ("secrets_stored", (1, 1, 3), (0, 0, 0), "worse"),
        ("recall", (0.8, 0.4, 0.9), (0.5, 0.4, 0.6), "same"),
        ("recall", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "same"),
        ("recall", (math.nan, math.nan, math.nan), (0.5, 0.4, 0.6), ""),
    ],
)
def test_a_change_is_one_where_it_is_beyond_the_scatter(
    figure: str, now: tuple[float, float, float], before: tuple[float, float, float], told: str
) -> None:
    assert change(figure, arm(*now, figure), arm(*before, figure)) == told


def test_the_terminal_gets_each_arm_and_what_it_was() -> None:
    lines = table(run(), None)
    assert lines[0] == "gumption"
    assert len(lines) == 2 * (len(FIGURES) + 1) + 1
    assert not any("was" in line for line in lines)
    better = replace(run().arms[0], figures={**run().arms[0].figures, "recall": 0.0}, intervals={})
    told = table(run(run().arms[0]), run(better))
    row = next(line for line in told if line.strip().startswith("recall"))
    assert "was     0.000  better" in row
    assert told[-1] == "Last run: 2026-12-02 10:00, commit abc123."
    assert table(replace(run(), arms=()), None) == []


def test_figures_are_told_as_people_read_them() -> None:
    assert [shown("recall", 0.5), shown("secrets_stored", 2), shown("repair_hours", 3.25)] == [
        "0.500",
        "2",
        "3.2",
    ]
    assert shown("model_tokens_per_hour", 12345.6) == "12,346"
    assert shown("recall", math.nan) == "–"
    assert between("recall", (math.nan, 1)) == ""


def test_writing_names_the_place_that_refuses(tmp_path: Path) -> None:
    write(tmp_path / "new" / "report.html", "told")
    assert (tmp_path / "new" / "report.html").read_text() == "told"
    with pytest.raises(StoreReadOnly):
        write(tmp_path / "new" / "report.html" / "x.html", "told")
