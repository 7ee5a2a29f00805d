"""app/checkup.py: each check on a machine made well, and made ill."""

import http.server
import json
import os
import socket
import sqlite3
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import keyring
import pytest

from app import checkup
from app.config import ApiSettings, ModelSettings, Settings, StoreSettings
from app.doctor import Check, Patient, State
from app.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


def ill(
    paths: Paths, settings: Settings | None = None, environment: Mapping[str, str] | None = None
) -> Patient:
    return Patient(paths, settings or Settings(), environment or {})


class _Answers(http.server.BaseHTTPRequestHandler):
    """Answers each path as the server's table says; a fake of a daemon or of a model server."""

    def do_GET(self) -> None:
        status, body = getattr(self.server, "table").get(self.path, (404, "{}"))  # noqa: B009
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[int, dict[str, tuple[int, str]]]]:
    """The port of a server on this machine, and the table of what it answers."""
    table: dict[str, tuple[int, str]] = {}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as running:
        setattr(running, "table", table)  # noqa: B010
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running.server_address[1], table
        running.shutdown()
        thread.join()


def test_every_check_answers_under_the_name_it_is_listed_by(paths: Paths) -> None:
    for name, look in checkup.LOOKS.items():
        assert look(ill(paths)).name == name


# port


def test_a_port_that_somebody_else_has_is_a_failure(paths: Paths) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        found = checkup.port(ill(paths, Settings(api=ApiSettings(port=taken))))
    assert found.state is State.FAIL
    assert str(taken) in found.mend
    assert str(paths.settings_file) in found.mend


def test_a_port_that_we_have_is_well(paths: Paths, server: tuple[int, dict[str, tuple[int, str]]]) -> None:
    number, table = server
    table["/hello"] = (200, '{"name": "gumption"}')
    assert checkup.port(ill(paths, Settings(api=ApiSettings(port=number)))).state is State.OK


def test_a_free_port_is_well(paths: Paths) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    assert checkup.port(ill(paths, Settings(api=ApiSettings(port=number)))).state is State.OK


# daemon


def _daemon_told(paths: Paths, told: object) -> Check:
    paths.daemon_file.write_text(json.dumps(told))
    return checkup.daemon(ill(paths))


def test_a_daemon_that_answers_is_well(paths: Paths, server: tuple[int, dict[str, tuple[int, str]]]) -> None:
    number, table = server
    table["/hello"] = (200, '{"name": "gumption", "api": 1}')
    found = _daemon_told(paths, {"port": number, "pid": os.getpid()})
    assert found.state is State.OK
    assert str(number) in found.what


def test_a_living_daemon_that_does_not_answer_is_a_failure(
    paths: Paths, server: tuple[int, dict[str, tuple[int, str]]]
) -> None:
    number, table = server
    table["/hello"] = (200, "not what we say")
    found = _daemon_told(paths, {"port": number, "pid": os.getpid()})
    assert found.state is State.FAIL
    assert f"kill {os.getpid()}" in found.mend


@pytest.mark.parametrize("told", [[], {}, {"port": "x", "pid": None}, {"port": 1, "pid": 2**30}, "text"])
def test_what_a_dead_daemon_left_behind_is_no_failure(paths: Paths, told: object) -> None:
    assert _daemon_told(paths, told).state is State.OK


# permissions


def test_fresh_folders_are_well(paths: Paths) -> None:
    assert checkup.permissions(ill(paths)).state is State.OK


def test_folders_that_are_not_there_yet_are_well(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "a" / "data", tmp_path / "b" / "config", tmp_path / "models")
    assert checkup.permissions(ill(paths)).state is State.OK
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o601])
def test_a_secret_that_others_can_reach_is_a_failure_whose_mend_mends_it(paths: Paths, mode: int) -> None:
    paths.token_file.write_text("secret")
    paths.token_file.chmod(mode)
    found = checkup.permissions(ill(paths))
    assert found.state is State.FAIL
    assert f"chmod 600 {paths.token_file}" in found.mend.splitlines()
    paths.token_file.chmod(0o600)
    assert checkup.permissions(ill(paths)).state is State.OK


def test_an_open_folder_with_secrets_in_it_is_a_failure(paths: Paths) -> None:
    paths.token_file.touch(mode=0o600)
    paths.data.chmod(0o755)
    found = checkup.permissions(ill(paths))
    assert found.state is State.FAIL
    assert f"chmod 700 {paths.data}" in found.mend.splitlines()
    assert stat.S_IMODE(paths.data.stat().st_mode) == 0o755, "the doctor must not mend by itself"


def test_a_folder_that_cannot_be_written_is_a_failure() -> None:
    # /proc refuses new files to root as well, whom mode bits do not stop.
    found = checkup.permissions(
        ill(Paths(Path("/proc/gumption"), Path("/proc/gumption"), Path("/proc/none")))
    )
    assert found.state is State.FAIL
    assert "/proc" in found.mend


# disk


@pytest.mark.parametrize(
    ("free", "state"), [(10**6, State.FAIL), (5 * 10**8, State.WARN), (10**10, State.OK)]
)
def test_little_room_warns_and_none_fails(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda folder: shutil_usage(free))
    found = checkup.disk(ill(paths))
    assert found.state is state
    assert bool(found.mend) == (state is not State.OK)


class shutil_usage:  # noqa: N801 - stands in for the named tuple of shutil
    def __init__(self, free: int) -> None:
        self.free = free


# database and keyring


def test_no_database_is_well(paths: Paths) -> None:
    assert checkup.database(ill(paths)).state is State.OK


def test_an_unencrypted_database_where_encryption_is_asked_for_is_a_failure(paths: Paths) -> None:
    connection = sqlite3.connect(paths.database)
    connection.execute("create table t (x)")
    connection.commit()
    connection.close()
    assert checkup.database(ill(paths)).state is State.FAIL
    assert checkup.database(ill(paths, Settings(store=StoreSettings(encrypt=False)))).state is State.OK


def test_an_encrypted_database_without_its_key_is_a_failure_that_names_the_key(paths: Paths) -> None:
    paths.database.write_bytes(os.urandom(4096))
    found = checkup.database(ill(paths))
    assert found.state is State.FAIL
    assert "database.key" in found.mend
    (paths.config / "database.key").write_text("file " + "0" * 64)
    assert checkup.database(ill(paths)).state is State.OK


def test_a_keyring_that_is_not_wanted_is_not_asked(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: pytest.fail("asked"))
    assert checkup.key_ring(ill(paths, Settings(store=StoreSettings(keyring=False)))).state is State.OK
    assert checkup.key_ring(ill(paths, environment={"GUMPTION_HOME": "/x"})).state is State.OK


# models


def test_missing_model_files_fail_and_the_mend_fetches_them(paths: Paths) -> None:
    found = checkup.models(ill(paths))
    assert found.state is State.FAIL
    assert found.mend == "gumption models pull"


def _server_settings(url: str) -> Settings:
    return Settings(model=ModelSettings(drafter="server", server_url=url, server_key="k"))


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        ((200, '{"data": []}'), State.OK, "answers"),
        ((401, "{}"), State.FAIL, "key"),
        ((404, "{}"), State.FAIL, "404"),
    ],
)
def test_the_language_model_server_of_the_settings_is_asked(
    paths: Paths,
    server: tuple[int, dict[str, tuple[int, str]]],
    answer: tuple[int, str],
    state: State,
    told: str,
) -> None:
    number, table = server
    table["/v1/models"] = answer
    found = checkup.language_model(ill(paths, _server_settings(f"http://127.0.0.1:{number}/v1")))
    assert found.state is state
    assert told in found.what


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/v1", "nonsense", "http://[::1"])
def test_a_server_that_is_down_or_misnamed_is_a_failure_with_a_mend(paths: Paths, url: str) -> None:
    found = checkup.language_model(ill(paths, _server_settings(url)))
    assert found.state is State.FAIL
    assert str(paths.settings_file) in found.mend


def test_a_server_elsewhere_is_not_even_asked_unless_it_is_allowed(paths: Paths) -> None:
    found = checkup.language_model(ill(paths, _server_settings("http://192.0.2.1/v1")))
    assert found.state is State.FAIL
    assert "not on this machine" in found.what and "allow_remote = true" in found.mend


# graphics card


def _nvidia_smi(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A stand-in for the driver's program."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_no_card_is_well(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert checkup.gpu(ill(paths)).state is State.OK


def test_a_broken_driver_warns(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _nvidia_smi(tmp_path, monkeypatch, "exit 9")
    found = checkup.gpu(ill(paths))
    assert found.state is State.WARN
    assert found.mend


def test_a_card_without_torch_warns(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _nvidia_smi(tmp_path, monkeypatch, "echo 'Some Card, 8192 MiB'")

    def absent(name: str) -> str:
        raise checkup.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(checkup.importlib.metadata, "version", absent)
    found = checkup.gpu(ill(paths))
    assert found.state is State.WARN
    assert "Some Card" in found.what
