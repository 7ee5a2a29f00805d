"""The report is one file that needs nothing else and believes nothing it shows."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.client import Json
from app.demo.camera import Shot, before, nearest
from app.demo.report import Moment, render, write
from gum.errors import StoreReadOnly

AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SHOTS = [Shot(AT + timedelta(seconds=n), bytes([n])) for n in range(5)]


def told(**more: object) -> Json:
    result: Json = {
        "problems": [],
        "propositions": [1],
        "observations": 4,
        "excluded": {"Private windows": 2},
        "leaks": [],
        "seconds": 91.2,
        "suggestion": {"text": "Remind?", "why_now": "Soon.", "state": "undone"},
        "action": {"verified": True, "undone": True},
    }
    return {**result, **more}


def claim(quote: str) -> Json:
    piece = {"quote": quote, "observation_id": "o1", "app": "xterm", "title": "t", "trust": "authored"}
    return {
        "text": "Works on flow.py",
        "type_label": "Working on",
        "confidence": 0.62,
        "half_life": "about 4 days",
        "evidence": [{**piece, "at": AT.isoformat()}],
    }


def page(quote: str = "flow.py", **more: object) -> str:
    plan: Json = {
        "goal": "Do it",
        "steps": [{"what": "Add a line", "where": "todo.md"}],
        "outcomes": [{"step_index": 0, "ok": True, "seen": "todo.md holds the line."}],
    }
    seen = {"o1": {"text": quote, "title": "", "url": None, "until": AT.isoformat()}}
    return render(told(**more), [claim(quote)], seen, plan, [Moment("The offer", AT)], SHOTS, AT)


def test_it_shows_claim_quote_picture_deed_and_exclusion() -> None:
    html = page()
    for shown in ("Works on flow.py", "62 %", "todo.md holds the line.", "Private windows", "The offer"):
        assert shown in html
    assert html.count("data:image/jpeg;base64,AA==") == 2


def test_it_loads_nothing_from_anywhere() -> None:
    assert not re.search(r"(?:src|href)\s*=\s*\"(?!data:)", page())
    assert "<script" not in page()


def test_what_was_on_the_screen_cannot_become_markup() -> None:
    html = page("<img src=http://evil.example/x onerror=alert(1)>")
    assert "<img src=http" not in html and "&lt;img src=http" in html


def test_a_run_that_failed_says_so() -> None:
    assert "This run did not show everything" in page(problems=["no suggestion was accepted"])
    assert "Nothing was offered" in page(suggestion=None)


def test_the_picture_is_the_next_one_or_the_nearest_or_none() -> None:
    assert nearest(SHOTS, AT + timedelta(seconds=2.2)) == SHOTS[3]
    assert nearest(SHOTS, AT + timedelta(seconds=4.2)) == SHOTS[4]
    assert nearest(SHOTS, AT + timedelta(minutes=1)) is None
    assert nearest([], AT) is None


def test_what_was_looked_at_is_never_shown_by_a_later_picture() -> None:
    assert before(SHOTS, AT + timedelta(seconds=2.9)) == SHOTS[2]
    assert before(SHOTS, AT - timedelta(seconds=1)) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreReadOnly, match="cannot be written"):
        write(tmp_path / "file" / "report.html", "x")
