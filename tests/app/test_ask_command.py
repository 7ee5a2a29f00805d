import argparse
from datetime import UTC, datetime

import pytest

from app.ask_command import add_arguments, lines, request
from gum.errors import NotAllowed

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def asked(*typed: str) -> dict[str, str]:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return request(parser.parse_args(typed), NOW)


def test_what_was_not_said_is_left_to_the_daemon() -> None:
    assert asked() == {"q": "", "limit": "20"}
    assert asked("when", "is", "it") == {"q": "when is it", "limit": "20"}


def test_every_filter_reaches_the_daemon() -> None:
    typed = "thesis --type has_deadline --app Vim --since 7d --limit 5 --diversity 0.5 --no-fading"
    assert asked(*typed.split(), "--all", "--sensitive") == {
        "q": "thesis",
        "type": "has_deadline",
        "app": "Vim",
        "since": "2026-11-13T12:00:00+00:00",
        "limit": "5",
        "diversity": "0.5",
        "fading": "false",
        "all": "true",
        "sensitive": "true",
    }


def test_a_day_counts_to_its_end() -> None:
    until = datetime.fromisoformat(asked("--until", "2026-11-20")["until"])
    since = datetime.fromisoformat(asked("--since", "2026-11-20")["since"])
    assert since.tzinfo is not None
    assert (since.hour, until.hour, until.minute) == (0, 23, 59)


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(NotAllowed) as refused:
        asked("--since", "yesterday-ish")
    assert "7d" in refused.value.hint


def test_claims_are_told_with_score_confidence_and_quotes() -> None:
    claim = {
        "id": "0123456789abcdef",
        "score": 0.6412,
        "confidence": 0.8,
        "text": "Works on thesis.md",
        "half_life": "about 4 days",
        "status": "active",
        "evidence": [
            {"quote": f"thesis.md {n}", "app": "vim", "at": "2026-11-20T12:00:00Z"} for n in range(5)
        ],
    }
    told = lines({"propositions": [claim, {**claim, "status": "hidden", "evidence": []}], "observations": []})
    assert told[1] == " 0.64   80%  Works on thesis.md  (about 4 days, 01234567)"
    assert [line.strip() for line in told[2:5]] == [
        f'"thesis.md {n}"  vim, 2026-11-20T12:00:00Z' for n in (2, 3, 4)
    ]
    assert told[5].endswith("(hidden, about 4 days, 01234567)")
    assert lines({"propositions": [], "observations": []}) == ["Nothing found."]
