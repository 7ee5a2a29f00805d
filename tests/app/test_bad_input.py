"""The world's faults, met by the real daemon process: a clear message, status 1, and nothing lost."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from storage.db import Database
from storage.keys import data_key
from tests.app.living import daemon, paths_under, without_display


def start(home: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gumption", "daemon"],
        env={**without_display(), "GUMPTION_HOME": str(home), "GUMPTION_MODELS": str(home / "none"), **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(answer: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert answer.returncode == 1
    title, hint = [line for line in answer.stderr.splitlines() if line.strip()][-2:]
    assert title.startswith("gumption: ")
    assert hint.startswith("  ")
    assert "Traceback" not in answer.stderr
    for word in words:
        assert word in title + hint


def filled(home: Path) -> bytes:
    """A real database; its bytes."""
    paths = paths_under(home).make()
    key = data_key(paths.config, paths.database, keyring_ok=False)
    Database.open(paths.database, key).close()
    return paths.database.read_bytes()


def test_a_second_instance_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with daemon(tmp_path, without_display()) as first:
        refused(start(tmp_path), "running already")
        assert first.get("/hello")["name"] == "gumption"


def test_a_corrupt_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    whole = filled(tmp_path)
    database = paths_under(tmp_path).database
    torn = whole[: len(whole) // 2] + bytes(1000) + whole[len(whole) // 2 + 1000 :]
    database.write_bytes(torn[:4096] + bytes(4096) + torn[8192:])
    before = database.read_bytes()
    refused(start(tmp_path))
    assert database.read_bytes() == before


def test_a_database_without_its_key_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    whole = filled(tmp_path)
    paths = paths_under(tmp_path)
    (paths.config / "database.key").unlink()
    refused(start(tmp_path), "key")
    assert paths.database.read_bytes() == whole


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    filled(tmp_path)
    paths = paths_under(tmp_path)
    database = Database.open(paths.database, data_key(paths.config, paths.database, keyring_ok=False))
    database.run_sync(
        lambda s: s.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'") and None
    )
    database.close()
    before = paths.database.read_bytes()
    refused(start(tmp_path), "newer")
    assert paths.database.read_bytes() == before


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused(start(tmp_path, GUMPTION_API__PORT=port), port)


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    refused(start(tmp_path), str(tmp_path / "data"))


@pytest.mark.parametrize("text", ["[api\n", "[api]\nport = 'many'\n", "[pipeline]\nbatch = 1\n"])
def test_settings_that_cannot_be_understood_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(text)
    refused(start(tmp_path), "settings.toml")


def test_without_a_display_the_daemon_runs_and_says_what_it_cannot_see(tmp_path: Path) -> None:
    with daemon(tmp_path, without_display()) as client:
        status = client.get("/status")
    assert status["state"] == "trouble"
    window = next(s for s in status["sources"] if s["name"] == "window")
    assert window["state"] == "unavailable"
    assert "display" in window["detail"].lower()
    assert window["hint"]


def test_on_wayland_without_x_it_says_what_works_and_what_does_not(tmp_path: Path) -> None:
    env = {**without_display(), "XDG_SESSION_TYPE": "wayland", "WAYLAND_DISPLAY": "wayland-0"}
    with daemon(tmp_path, env) as client:
        status = client.get("/status")
    told = {source["name"]: source for source in status["sources"]}
    window = told["window"]
    assert status["state"] == "trouble" and status["reason"] == window["detail"]
    assert window["state"] == "unavailable"
    assert "Wayland" in window["detail"] and "accessibility" in window["detail"]  # by which it would work
    assert "at-spi2-core" in window["hint"] and "Xorg" in window["hint"]  # the two ways out of it
    for name in ("screen", "input", "hotkeys"):
        assert told[name]["state"] == "unavailable" and "Wayland" in told[name]["detail"]


def test_missing_models_are_told_with_their_mend_and_words_are_still_found(tmp_path: Path) -> None:
    with daemon(tmp_path, {**without_display(), "GUMPTION_MODELS": str(tmp_path / "none")}) as client:
        embedder = next(m for m in client.get("/status")["models"] if m["name"] == "embedder")
        assert "gumption models pull" in embedder["hint"]
        assert client.get("/search", {"q": "anything"}) == {"propositions": [], "observations": []}
