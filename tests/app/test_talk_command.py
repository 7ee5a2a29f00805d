"""`gumption tell`, `questions` and the like, as a process against the real daemon without observers."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.client import Client
from app.talk_command import learning_line, question_lines, suggestion_lines, timing_lines
from tests.app.living import daemon, without_display


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[Client]:
    env = {
        **without_display(),
        "GUMPTION_MODELS": str(home / "none"),
        "GUMPTION_PIPELINE__BATCH_WAIT_S": "0.2",
        "FLOOD": "no",
    }
    with daemon(home, env, "tests.app.flood") as running:
        yield running


def until(holds: Callable[[], object], seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.1)


def typed(home: Path, *arguments: str, status: int = 0) -> str:
    env = {**without_display(), "GUMPTION_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "gumption", *arguments], env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def known(client: Client) -> list[str]:
    return [claim["text"] for claim in client.get("/propositions")["items"]]


def test_what_is_told_is_learnt_and_forgotten_like_anything_else(client: Client, home: Path) -> None:
    assert "Noted" in typed(home, "tell", "I prefer", "tea over coffee.")
    until(lambda: "Prefers tea over coffee" in known(client))
    [seen] = client.get("/observations", {"app": "gumption"})["items"]
    assert (seen["source"], seen["trust"], seen["text"]) == ("told", "authored", "I prefer tea over coffee.")
    typed(home, "forget", "--source", "told")
    assert known(client) == [] and client.get("/observations")["items"] == []


def test_a_question_is_answered_and_settles_its_claim(client: Client, home: Path) -> None:
    typed(home, "tell", "I am preparing for the spring recital")
    until(lambda: known(client))
    [claim] = client.get("/propositions")["items"]
    typed(home, "answer", claim["id"][:8], "edit", "--slot", "event=the summer recital")
    after = client.get(f"/propositions/{claim['id']}")
    assert after["settled"] and after["text"] == "Is preparing for the summer recital"
    assert "No questions" in typed(home, "questions")
    assert "No questions" in typed(home, "questions", "--again")
    typed(home, "answer", claim["id"], "maybe", status=2)
    client.post("/forget", {"everything": True})


def test_a_time_is_good_or_not_and_says_why(client: Client, home: Path) -> None:
    told = json.loads(typed(home, "timing", "--json"))
    assert told == {"good": True, "against": 0.0, "reasons": []}
    assert typed(home, "timing", "--minutes", "30").strip() == "A good time."


def test_a_reaction_takes_a_note_that_is_learnt_from_and_so_does_a_verdict(
    client: Client, home: Path
) -> None:
    typed(home, "tell", "I am preparing for the spring recital")
    until(lambda: client.get("/suggestions")["items"])
    [offer] = client.get("/suggestions")["items"]
    assert offer["id"] in typed(home, "suggestions")
    typed(home, "react", offer["id"], "dismiss", "--note", "I prefer reminders in the evening")
    until(lambda: "Prefers reminders in the evening" in known(client))
    claim = next(c for c in client.get("/propositions")["items"] if c["type"] == "prefers")
    typed(home, "verdict", claim["id"], "right", "--note", "I am learning the cello")
    until(lambda: "Is learning the cello" in known(client))
    sources = {seen["source"] for seen in client.get("/observations")["items"]}
    assert sources == {"told", "feedback"}
    typed(home, "forget", "--source", "feedback")
    assert "Is learning the cello" not in known(client)
    client.post("/forget", {"everything": True})


def test_what_is_over_or_unknown_is_refused(client: Client, home: Path) -> None:
    assert "No offers" in typed(home, "suggestions")
    assert "no such suggestion" in typed(home, "react", "nothing", "dismiss", "--note", "x", status=1)
    assert client.get("/observations")["items"] == []  # a note to nothing is not kept


def test_the_question_at_the_first_start_and_how_long_it_only_learns_are_in_the_status(
    tmp_path: Path,
) -> None:
    env = {
        **without_display(),
        "GUMPTION_MODELS": str(tmp_path),
        "GUMPTION_SUGGEST__BURN_IN_H": "24",
        "FLOOD": "no",
    }
    with daemon(tmp_path, env, "tests.app.flood") as fresh:
        before = fresh.get("/status")
        assert before["welcomed"] is False
        until_then = datetime.fromisoformat(before["learning_until"]) - datetime.now(UTC)
        assert timedelta(hours=23) < until_then <= timedelta(hours=24)
        assert "learning, first suggestions from" in typed(tmp_path, "status")
        fresh.post("/welcome", {"text": "I work as a bookbinder"})
        assert fresh.get("/status")["welcomed"] is True
        assert [o["text"] for o in fresh.get("/observations")["items"]] == ["I work as a bookbinder"]


def test_lines_for_people() -> None:
    question = {
        "proposition": {"text": "Is treasurer at Chess Club", "id": "0123456789abcdef"},
        "why": "It was seen once.",
    }
    assert question_lines({"items": [question]}) == [
        "Is this so? Is treasurer at Chess Club  (01234567)",
        "      It was seen once.",
    ]
    offer = {"state": "shown", "text": "Do it?", "why_now": "It is due.", "id": "s1"}
    assert suggestion_lines({"items": [offer]})[0] == "shown     Do it?  (s1)"
    reasons = [{"text": "“essay” is due today.", "weight": 0.9}]
    assert timing_lines({"good": False, "reasons": reasons}) == [
        "Not a good time.",
        "  “essay” is due today.  (90%)",
    ]
    assert learning_line(None) == []
