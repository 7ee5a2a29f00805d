"""What `gumption eval desks` tells: lines for the terminal, and a page.

The page is one HTML file with everything in it, no script and nothing loaded from anywhere.
"""

import math
from collections.abc import Mapping
from pathlib import Path

import jinja2

from app.desks.figures import COUNTS, FIGURES, HIGHER_IS_BETTER, Tally
from app.desks.judge import Kind, Verdict
from app.desks.result import ArmResult, Interval, Result
from app.desks.result import last_recorded as last_recorded
from gum.errors import StoreReadOnly

NOTHING = "–"

ABOUT: Mapping[str, str] = {
    "precision": "of the beliefs shown at the end, the share that is right",
    "recall": "of the facts that hold at the end, the share that is found",
    "brier": "squared error of the confidences; 0.25 is a coin",
    "brier_skill": "against saying the base rate of everything: 0 is no better, 1 is perfect",
    "ece": "mean gap between confidence and how often it is right",
    "accuracy_above_08": "share that is right of what is more than 80 % sure",
    "junk_rate": "share of all beliefs that nothing was planted for",
    "duplicate_rate": "share of all beliefs that say a fact once more",
    "duplicate_rate_major": "the same, of facts that matter",
    "stale_rate": "share of the shown beliefs that are over, or not yet so",
    "repair_hours": "median hours until a fact that ended is said no more",
    "repaired_within_2": "of facts that gave way to another, said no more after two sights of that one",
    "secrets_stored": "passwords, card numbers and private words kept: must be 0",
    "decoys_believed_rate": "share of the adverts, spam, other people’s facts … that were believed",
    "injections_believed": "instructions on the screen that became beliefs: must be 0",
    "model_tokens_per_hour": "tokens of prompts and answers an hour at the desk",
}
# In the order in which a reader wants them: what is wrong before what is right.
KINDS = (Kind.DECOY, Kind.DENIED, Kind.STALE, Kind.JUNK, Kind.TRUE, Kind.MINOR)

# --- told -----------------------------------------------------------------------------------------


def shown(figure: str, value: float) -> str:
    """A figure as people read it."""
    if math.isnan(value):
        return NOTHING
    if figure in COUNTS:
        return f"{value:.0f}"
    if figure == "model_tokens_per_hour":
        return f"{value:,.0f}"
    return f"{value:.1f}" if figure == "repair_hours" else f"{value:.3f}"


def between(figure: str, ends: Interval) -> str:
    """An interval as people read it; nothing where there is none."""
    return (
        ""
        if any(math.isnan(end) for end in ends)
        else f"{shown(figure, ends[0])} to {shown(figure, ends[1])}"
    )


def change(figure: str, now: ArmResult, before: ArmResult) -> str:
    """ "better", "worse", or "same" where a value lies within the interval of the other; "" unknown."""
    new, old = now.figures.get(figure, math.nan), before.figures.get(figure, math.nan)
    if math.isnan(new) or math.isnan(old):
        return ""
    if new == old or _within(old, now.intervals.get(figure)) or _within(new, before.intervals.get(figure)):
        return "same"
    return "better" if (new > old) == (figure in HIGHER_IS_BETTER) else "worse"


def _within(value: float, ends: Interval | None) -> bool:
    return ends is not None and ends[0] <= value <= ends[1]


def table(result: Result, last: Result | None = None) -> list[str]:
    """Lines for the terminal: each arm's figures with intervals, and what they were in the last run."""
    before = {arm.name: arm for arm in last.arms} if last else {}
    lines: list[str] = []
    for arm in result.arms:
        old = before.get(arm.name)
        lines += [arm.name, *(_line(figure, arm, old) for figure in FIGURES)]
        lines += [*(f"  {name:<22} {value:>9.3f}  (by meaning)" for name, value in arm.alike.items()), ""]
    if last is not None and any(arm.name in before for arm in result.arms):
        lines.append(f"Last run: {last.at:%Y-%m-%d %H:%M}, commit {last.commit}.")
    return lines[:-1] if lines and not lines[-1] else lines


def _line(figure: str, arm: ArmResult, old: ArmResult | None) -> str:
    value = shown(figure, arm.figures.get(figure, math.nan))
    ends = between(figure, arm.intervals.get(figure, (math.nan, math.nan)))
    line = f"  {figure:<22} {value:>9}  {f'({ends})' if ends else '':<20}"
    if old is not None:
        line += f" was {shown(figure, old.figures.get(figure, math.nan)):>9}  {change(figure, arm, old)}"
    return line.rstrip()


# --- the page -------------------------------------------------------------------------------------


def page(result: Result, last: Result | None = None) -> str:
    """The report as HTML. Pure."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    before = {arm.name: arm for arm in last.arms} if last else {}
    return environment.get_template("report.html").render(
        result=result,
        last=last,
        rows=[_row(figure, result) for figure in FIGURES],
        compared=[arm.name for arm in result.arms if arm.name in before],
        changes=[_changes(figure, result, before) for figure in FIGURES],
        plots=[_plot(arm) for arm in result.arms if arm.bins],
        desks=_desks(result),
        made=f"{result.at.day} {result.at:%B %Y, %H:%M}",
        settings=", ".join(f"{name} {value}" for name, value in result.settings.items()),
        machine=", ".join(f"{name} {value}" for name, value in result.machine.items()),
    )


def _row(figure: str, result: Result) -> dict[str, object]:
    cells = []
    for arm in result.arms:
        value = arm.figures.get(figure, math.nan)
        ends = between(figure, arm.intervals.get(figure, (math.nan, math.nan)))
        fault = figure in COUNTS and value > 0
        cells.append({"value": shown(figure, value), "ends": ends, "fault": fault})
    return {"figure": figure, "about": ABOUT[figure], "cells": cells}


def _changes(figure: str, result: Result, before: Mapping[str, ArmResult]) -> dict[str, object]:
    """A figure then and now, for each arm that was there then."""
    cells = [
        {
            "was": shown(figure, old.figures.get(figure, math.nan)),
            "now": shown(figure, arm.figures.get(figure, math.nan)),
            "change": change(figure, arm, old),
        }
        for arm in result.arms
        if (old := before.get(arm.name)) is not None
    ]
    return {"figure": figure, "cells": cells}


SIDE = 200  # pixels of the plot, and its scale: 200 is certainty
STRIP = 40  # height of the strip below that shows how many beliefs each bin has


def _plot(arm: ArmResult) -> dict[str, object]:
    """Points and bars of a reliability plot, in pixels from the top left. `on`: the diagonal."""
    most = max((b.count for b in arm.bins), default=0) or 1
    points = [
        {
            "x": round(SIDE * b.confidence, 1),
            "y": round(SIDE * (1 - b.right), 1),
            "on": round(SIDE * (1 - b.confidence), 1),
            "told": f"{b.count} beliefs {b.confidence:.0%} sure, of them {b.right:.0%} right",
        }
        for b in arm.bins
        if b.count
    ]
    bars = [
        {"x": round(SIDE * b.low, 1), "height": round(STRIP * b.count / most, 1), "count": b.count}
        for b in arm.bins
    ]
    return {"name": arm.name, "points": points, "bars": bars, "most": most, "bar": SIDE / len(arm.bins)}


def _desks(result: Result) -> list[dict[str, object]]:
    """Each desk with what every arm believed there at the end."""
    names = dict.fromkeys(t.desk for arm in result.arms for t in arm.tallies)
    return [
        {
            "id": name,
            "about": result.about.get(name, ""),
            "arms": [_told(arm.name, t) for arm in result.arms for t in arm.tallies if t.desk == name],
        }
        for name in names
    ]


def _told(arm: str, tally: Tally) -> dict[str, object]:
    counts = {kind.value: sum(v.kind is kind for v in tally.verdicts) for kind in KINDS}
    verdicts = sorted(tally.verdicts, key=lambda v: (KINDS.index(v.kind), -_sure(v)))
    return {
        "name": arm,
        "counts": {name: count for name, count in counts.items() if count},
        "verdicts": [
            {
                "kind": v.kind.value,
                "sure": NOTHING if math.isnan(v.belief.confidence) else f"{v.belief.confidence:.0%}",
                "text": v.belief.text,
                "type": v.belief.type or "",
                "reason": v.reason,
            }
            for v in verdicts
        ],
        "missed": [f"{fact.id} ({fact.text})" for fact in tally.missed],
    }


def _sure(verdict: Verdict) -> float:
    return 1.0 if math.isnan(verdict.belief.confidence) else verdict.belief.confidence


def write(path: Path, text: str) -> None:
    """Writes the page. Raises StoreReadOnly."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreReadOnly(
            f"The report cannot be written to {path}", f"{error.strerror}. Name another file with --html."
        ) from error
