"""`gumption calendar` as a person types it, with a real daemon and a real CalDAV server."""

import argparse
import base64
import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.calendar_command import add_arguments, answer, lines
from app.client import Client
from gum.errors import GumptionError, NotAllowed, NotFound
from tests.app.living import daemon, without_display
from tests.observers.caldav_server import PASSWORD, USER, radicale
from tests.storage.planted import traces

ITEMS = [
    {"id": "abcdefghijkl", "address": "https://cloud.example/dav", "user": "ada",
     "calendars": ["Work", "Home"], "trouble": "", "hint": ""},
    {"id": "abzzzzzzzzzz", "address": "other.example", "user": "ben", "calendars": [],
     "trouble": "other.example cannot be reached", "hint": "It is tried again later."},
]  # fmt: skip


class FakeClient:
    """Answers as a daemon would, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []

    def get(self, path: str) -> object:
        self.asked.append(("GET", path, None))
        return {"items": ITEMS}

    def post(self, path: str, body: object = None) -> object:
        self.asked.append(("POST", path, body))
        return ITEMS[0]

    def delete(self, path: str) -> object:
        self.asked.append(("DELETE", path, None))
        return {}


def typed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_accounts_are_told_in_lines_with_what_is_wrong() -> None:
    assert answer(FakeClient(), typed())[1] == lines(ITEMS) == [  # type: ignore[arg-type]
        "https://cloud.example/dav  ada: Work, Home  (abcdefgh)",
        "other.example  ben: not read yet  (abzzzzzz)",
        "        other.example cannot be reached. It is tried again later.",
    ]  # fmt: skip
    assert "add" in lines([])[0]


@pytest.mark.parametrize("which", ["abc", "abcdefghijkl", "https://cloud.example/dav", "cloud.example"])
def test_one_is_removed_by_whatever_names_it(which: str) -> None:
    client = FakeClient()
    told, said = answer(client, typed("remove", which))  # type: ignore[arg-type]
    assert client.asked[-1] == ("DELETE", "/calendars/abcdefghijkl", None)
    assert told == {"removed": "abcdefghijkl"} and "gumption forget" in said[1]


@pytest.mark.parametrize("which", ["", "ab", "nobody"])
def test_nothing_is_removed_that_is_not_named_for_certain(which: str) -> None:
    client = FakeClient()
    with pytest.raises(NotFound) as caught:
        answer(client, typed("remove", which))  # type: ignore[arg-type]
    assert caught.value.hint
    assert len(client.asked) == 1


@pytest.mark.parametrize(
    "words", [("add",), ("add", "https://x.example"), ("add", "https://x.example", "--user", "ada")]
)
def test_an_account_without_an_address_a_name_or_a_password_is_not_asked(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.passphrases.asked", lambda prompt: None)
    client = FakeClient()
    with pytest.raises(NotAllowed) as caught:
        answer(client, typed(*words))  # type: ignore[arg-type]
    assert caught.value.hint and client.asked == []


def test_a_password_comes_from_a_file_that_only_the_person_can_read(tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_text("pass: wörd\n")
    file.chmod(0o644)
    client = FakeClient()
    words = ("add", "https://x.example", "--user", "ada", "--password-file", str(file))
    with pytest.raises(GumptionError, match="Others can read the password file"):
        answer(client, typed(*words))  # type: ignore[arg-type]
    file.chmod(0o600)
    answer(client, typed(*words))  # type: ignore[arg-type]
    body = {"address": "https://x.example", "user": "ada", "password": "pass: wörd"}
    assert client.asked == [("POST", "/calendars", body)]


def dav(summary: str) -> str:
    day = datetime.now(UTC) + timedelta(days=2)
    begin = f"DTSTAMP:20261101T000000Z\r\nDTSTART:{day:%Y%m%d}T130000Z\r\nDURATION:PT1H"
    event = f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{summary}\r\n{begin}\r\nEND:VEVENT"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{event}\r\nEND:VCALENDAR\r\n"


def test_from_the_first_word_typed_to_what_is_stored(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {**without_display(), "GUMPTION_MODELS": str(home), "GUMPTION_LOG": "DEBUG"}

    def gumption(*words: str) -> "subprocess.CompletedProcess[str]":
        whole = {**env, "GUMPTION_HOME": str(home)}
        command = [sys.executable, "-m", "gumption", "calendar", *words]
        return subprocess.run(
            command, env=whole, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def seen(client: Client) -> list[str]:
        items = client.get("/observations", {"app": "calendar"})["items"]
        return [item["title"] for item in items]

    right, wrong = tmp_path / "right", tmp_path / "wrong"
    for file, said in ((right, PASSWORD), (wrong, "s3cret-of-ada-zanzibar")):
        file.write_text(f"{said}\n")
        file.chmod(0o600)
    told = ""
    with radicale(tmp_path / "radicale") as server:
        server.make(f"/{USER}/work/", "Work")
        server.put(f"/{USER}/work/a.ics", dav("Thesis talk"))
        account = ("add", server.address, "--user", USER, "--password-file")
        with daemon(home, env) as client:
            refused = gumption(*account, str(wrong))
            assert refused.returncode == 1
            assert "gumption: 127.0.0.1 did not accept the name or the password\n  " in refused.stderr
            made = gumption(*account, str(right))
            assert (made.returncode, made.stderr) == (0, "")
            assert "These are read from now on: Work" in made.stdout
            until = time.monotonic() + 60
            while seen(client) != ["Thesis talk"]:
                assert time.monotonic() < until
                time.sleep(0.2)
            listed = gumption("list", "--json")
            assert [item["calendars"] for item in json.loads(listed.stdout)["items"]] == [["Work"]]
            told += refused.stdout + refused.stderr + made.stdout + listed.stdout
        with daemon(home, env) as client:  # after a restart it is read without being asked
            server.put(f"/{USER}/work/a.ics", dav("Talk of the thesis"))
            until = time.monotonic() + 60
            while "Talk of the thesis" not in seen(client):
                assert time.monotonic() < until
                time.sleep(0.2)
            gone = gumption("remove", "127.0.0.1:" + server.address.rsplit(":", 1)[1])
            assert gone.returncode == 0, gone.stderr
            assert client.get("/calendars")["items"] == []
            told += gone.stdout + gone.stderr
    assert "observers" in (home / "data" / "daemon.log").read_text()
    sent = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    for word in (PASSWORD, sent, "s3cret-of-ada-zanzibar"):
        assert word not in told
        assert traces(home, word) == []
