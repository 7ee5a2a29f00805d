"""The demo's report: one HTML file that needs nothing else, with pictures beside the quotes."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import jinja2

from app.client import Json
from app.demo.camera import Shot, before, nearest
from app.demo.result import occurs, plain
from gum.errors import StoreReadOnly

QUOTES = 3
WHOSE = {
    "authored": "written by Robin",
    "acted-on": "done by Robin",
    "read": "on the screen",
    "received": "received by Robin",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What the person had been looking at until `at`, for the part about the suggestion."""

    caption: str
    at: datetime


def _picture(shot: Shot | None) -> str:
    return "" if shot is None else "data:image/jpeg;base64," + base64.b64encode(shot.jpeg).decode()


def _claim(proposition: Json, observations: Mapping[str, Json], shots: list[Shot]) -> Json:
    """A proposition with its first different quotes, and the screen when the first was there in full."""
    evidence = [
        e for e in proposition["evidence"] if occurs(e["quote"], observations.get(e["observation_id"]))
    ]
    different: dict[str, Json] = {}
    for e in evidence:
        different.setdefault(plain(e["quote"]), e)
    quotes = [
        {
            "quote": e["quote"],
            "app": e["app"],
            "title": e["title"],
            "trust": WHOSE.get(e["trust"], e["trust"]),
            "at": _clock(e["at"]),
        }
        for e in list(different.values())[:QUOTES]
    ]
    until = [datetime.fromisoformat(observations[e["observation_id"]]["until"]) for e in evidence[:1]]
    return {
        "text": proposition["text"],
        "label": proposition["type_label"],
        "percent": round(100 * float(proposition["confidence"])),
        "half_life": proposition["half_life"],
        "quotes": quotes,
        "more": len(evidence) - len(quotes),
        "picture": _picture(nearest(shots, until[0])) if until else "",
    }


def render(
    result: Json,
    findings_of: Sequence[Json],
    observations: Mapping[str, Json],
    plan: Json | None,
    moments: Sequence[Moment],
    shots: list[Shot],
    made: datetime,
) -> str:
    """The report as HTML. `findings_of`: the propositions as the API told them. Pure."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html").render(
        result=result,
        claims=[_claim(p, observations, shots) for p in findings_of],
        plan=plan,
        moments=[{"caption": m.caption, "picture": _picture(before(shots, m.at))} for m in moments],
        made=f"{made:%A} {made.day} {made:%B %Y, %H:%M}",
    )


def write(file: Path, page: str) -> None:
    """Writes the report. Raises StoreReadOnly."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StoreReadOnly(
            f"The report cannot be written to {file}", f"{error.strerror}. Name another file with --report."
        ) from error


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%H:%M:%S}"
