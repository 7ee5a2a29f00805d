"""`gumption clients` as a person types it: the lines, and the whole way with a real daemon."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients_command import add_arguments, answer, lines, said, scope, waiting_lines
from gum.errors import NotAllowed, NotFound
from gum.grants import PRESETS, Part, Right, from_json, to_json
from tests.app.living import daemon, without_display

CLAIMS = to_json(PRESETS["claims"].scope)


def item(name: str, id_: str, revoked: str | None = None) -> dict[str, object]:
    return {
        "id": id_, "name": name, "scope": CLAIMS, "given_at": "2026-11-23T12:00:00Z", "until": None,
        "last_used_at": None, "revoked_at": revoked, "reads_today": 3,
    }  # fmt: skip


ITEMS = [
    item("Old", "aaaaaaaabbbbbbbb", "2026-11-23T12:00:00Z"),
    item("Claude", "abcdefghijklmnop"),
    item("Cursor", "abzzzzzzzzzzzzzz"),
]


class FakeClient:
    """Answers as a daemon would, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []

    def get(self, path: str) -> object:
        return {"items": ITEMS if path == "/clients" else []}

    def post(self, path: str, body: object) -> object:
        self.asked.append(("POST", path, body))
        return {"client": ITEMS[1], "token": "gmp_x_y"}

    def patch(self, path: str, body: object) -> object:
        self.asked.append(("PATCH", path, body))
        return {"items": ITEMS}

    def delete(self, path: str) -> object:
        self.asked.append(("DELETE", path, None))
        return {"items": ITEMS}


def typed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_what_each_may_is_told_in_lines() -> None:
    assert answer(FakeClient(), typed())[1] == lines(ITEMS)  # type: ignore[arg-type]
    assert lines(ITEMS)[0] == "Claude: until you revoke it, never asked, 3 answers today  (abcdefgh)"
    assert lines(ITEMS)[1] == "        read, of claims; nothing sensitive; pseudonyms"
    assert lines(ITEMS)[-1].startswith("Old: revoked 2026-11-23")
    assert "connect" in lines([])[0]


def test_a_code_that_waits_is_shown_where_there_is_no_tray() -> None:
    [first, second] = waiting_lines([{"name": "Chat", "code": "123456", "given": CLAIMS}])
    assert "Chat" in first and first.endswith("123456") and said(CLAIMS) in second


@pytest.mark.parametrize("which", ["claude", "abc", "abcdefghijklmnop"])
def test_one_is_revoked_by_name_or_id(which: str) -> None:
    client = FakeClient()
    answer(client, typed("revoke", which))  # type: ignore[arg-type]
    assert client.asked == [("DELETE", "/clients/abcdefghijklmnop", None)]


@pytest.mark.parametrize("which", ["", "ab", "nobody", "Old", "aaaaaaaa"])
def test_nobody_is_changed_who_is_not_named_for_certain(which: str) -> None:
    client = FakeClient()
    for action in ("revoke", "scope"):
        with pytest.raises(NotFound) as caught:
            answer(client, typed(action, which))  # type: ignore[arg-type]
        assert caught.value.hint
    assert client.asked == []


def test_every_option_reaches_the_scope() -> None:
    made = scope(
        CLAIMS,
        typed(
            "--preset", "agent", "--types", "is_deadline, ", "--topics", "thesis,trip",
            "--not-topics", "health", "--apps", "firefox", "--not-apps", "kitty", "--sensitive",
            "--max-age-days", "30", "--no-quotes", "--transcripts", "--activity", "--no-act",
            "--suggest", "--real-names",
        ),
    )  # fmt: skip
    assert made["types"] == ["is_deadline"]
    made["types"] = []
    found = from_json(made)
    assert found.topics == ("thesis", "trip") and found.no_topics == ("health",)
    assert (found.apps, found.no_apps) == ({"firefox"}, {"kitty"})
    assert found.sensitive and found.real_names
    assert found.max_age is not None and found.max_age.days == 30
    assert found.parts == {Part.CLAIMS, Part.TRANSCRIPTS, Part.ACTIVITY}
    assert found.rights == {Right.READ, Right.SUGGEST}
    assert scope(made, typed("--topics", "", "--max-age-days", "0"))["topics"] == []


@given(
    st.sampled_from(sorted(PRESETS)), st.lists(st.sampled_from(["quotes", "act", "sensitive"]), unique=True)
)
def test_what_is_switched_on_and_off_again_is_as_it_was(preset: str, names: list[str]) -> None:
    before = to_json(PRESETS[preset].scope)
    on = scope(before, typed(*(f"--{name}" for name in names)))
    off = scope(on, typed(*(f"--no-{name}" for name in names)))
    gone = {*before["parts"], *before["rights"]} & set(names)  # type: ignore[misc]
    assert {*on["parts"], *on["rights"]} >= gone
    assert from_json(scope(before, typed())) == PRESETS[preset].scope
    if not gone:
        assert from_json(off) == PRESETS[preset].scope


def test_who_has_no_name_is_not_let_in() -> None:
    client = FakeClient()
    for words in (("add",), ("add", " ")):
        with pytest.raises(NotAllowed) as caught:
            answer(client, typed(*words))  # type: ignore[arg-type]
        assert caught.value.hint
    with pytest.raises(NotAllowed):
        answer(client, typed("scope", "claude", "--days", "-1"))  # type: ignore[arg-type]
    assert client.asked == []


def test_from_the_first_word_typed_to_a_token_that_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {**without_display(), "GUMPTION_MODELS": str(home), "GUMPTION_HOME": str(home)}

    def gumption(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "gumption", "clients", *words]
        return subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    with daemon(home, env) as client:
        added = gumption("add", "My chat", "--preset", "helper", "--days", "1")
        token = added.stdout.strip().splitlines()[-1]
        assert added.returncode == 0 and token.startswith("gmp_"), added.stderr
        assert gumption("add", "My chat").returncode == 0
        told = json.loads(gumption("--json").stdout)
        assert [each["name"] for each in told["clients"]] == ["My chat", "My chat 2"]
        assert token.split("_", 2)[2] not in json.dumps(told)
        changed = gumption("scope", "My chat", "--topics", "thesis", "--days", "0")
        assert "only topics: thesis" in changed.stdout and "until you revoke it" in changed.stdout
        wrong = gumption("scope", "My chat", "--types", "magic")
        assert wrong.returncode == 1 and "magic" in wrong.stderr
        assert gumption("revoke", "My chat").returncode == 0
        assert gumption("revoke", "My chat").returncode == 1
        [kept] = [each for each in client.get("/clients")["items"] if each["revoked_at"] is None]
        assert kept["name"] == "My chat 2"
    logged = (home / "data" / "daemon.log").read_text()
    assert token.split("_", 2)[2] not in logged and "My chat" not in logged
