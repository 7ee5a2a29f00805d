"""`gumption key` as a person types it: real commands on a real folder, also in a terminal."""

import json
import os
import pty
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.client import Client
from app.lock import InstanceLock
from app.paths import Paths
from gum.errors import GumptionError
from storage import keys, observations
from storage.db import Database, is_plain, opens
from tests.app.living import paths_under, without_display
from tests.builders import observation
from tests.storage.cheap import least
from tests.storage.planted import traces

__all__ = ["least"]

SAID, OTHER = "correct horse battery", "another horse entirely"
WORD = "zanzibarcanary"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_under(tmp_path / "home").make()


def fill(paths: Paths, plain: bool = False) -> bytes | None:
    key = None if plain else keys.data_key(paths.config, paths.database, keyring_ok=False)
    database = Database.open(paths.database, key)
    database.run_sync(lambda s: observations.append(s, observation(f"{WORD} was here")))
    database.close()
    return key


def env(paths: Paths, **more: str) -> dict[str, str]:
    return {**without_display(), "GUMPTION_HOME": str(paths.data.parent), **more}


def gumption(paths: Paths, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gumption", *arguments],
        env=env(paths, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def file(folder: Path, said: str) -> str:
    found = folder / f"{len(said)}.txt"
    found.write_text(said + "\n")
    found.chmod(0o600)
    return str(found)


def under_passphrase(paths: Paths) -> bytes:
    """As `fill`, and as `gumption key passphrase` leaves it."""
    key = fill(paths)
    assert key is not None
    keys.rekeep(paths.config, key, keyring_ok=False, passphrase=SAID)
    return key


def test_where_the_key_is_is_told_without_opening_anything(paths: Paths) -> None:
    def shown() -> str:
        return str(json.loads(gumption(paths, "key", "--json").stdout)["kept"])

    assert shown() == "none"
    fill(paths)
    assert shown() == "file"
    assert str(paths.config / keys.NAME) in gumption(paths, "key").stdout
    assert gumption(paths, "key", GUMPTION_STORE__ENCRYPT="false").stdout.startswith("There is no key")


def test_a_passphrase_is_set_changed_and_removed_and_the_database_stays_as_it_is(
    paths: Paths, tmp_path: Path
) -> None:
    key = fill(paths)
    assert key is not None
    before = paths.database.read_bytes()
    one, two = file(tmp_path, SAID), file(tmp_path, OTHER)
    done = gumption(paths, "key", "passphrase", "--new-file", one)
    assert (done.returncode, keys.holder(paths.config)) == (0, "passphrase")
    assert "gumption key rotate" in done.stdout  # the key itself was in a file until now
    assert gumption(paths, "export").returncode == 1
    assert WORD in gumption(paths, "export", GUMPTION_PASSPHRASE_FILE=one).stdout
    wrong = gumption(paths, "key", "passphrase", "--new-file", two, GUMPTION_PASSPHRASE_FILE=two)
    assert (wrong.returncode, "not the passphrase" in wrong.stderr) == (1, True)
    assert (
        gumption(paths, "key", "passphrase", "--new-file", two, GUMPTION_PASSPHRASE_FILE=one).returncode == 0
    )
    assert "not the passphrase" in gumption(paths, "export", GUMPTION_PASSPHRASE_FILE=one).stderr
    assert gumption(paths, "key", "passphrase", "--remove", GUMPTION_PASSPHRASE_FILE=two).returncode == 0
    assert keys.holder(paths.config) == "file"
    assert paths.database.read_bytes() == before
    assert keys.data_key(paths.config) == key


def test_a_passphrase_that_is_too_short_changes_nothing(paths: Paths, tmp_path: Path) -> None:
    fill(paths)
    done = gumption(paths, "key", "passphrase", "--new-file", file(tmp_path, "short"))
    assert (done.returncode, "at least" in done.stderr, keys.holder(paths.config)) == (1, True, "file")
    assert gumption(paths, "key", "passphrase").returncode == 1  # no terminal, no file


def test_what_does_not_open_the_database_is_never_put_in_the_place_of_its_key(
    paths: Paths, tmp_path: Path
) -> None:
    fill(paths)
    note = paths.config / keys.NAME
    kept, said = note.read_text(), file(tmp_path, SAID)
    for action in ("passphrase", "rotate"):
        done = gumption(paths, "key", action, "--new-file", said, GUMPTION_STORE__ENCRYPT="false")
        assert (done.returncode, note.read_text()) == (1, kept)
    note.write_text(other := "file " + "1" * 64 + "\n")
    for action in ("passphrase", "rotate"):
        done = gumption(paths, "key", action, "--new-file", said)
        assert (done.returncode, note.read_text()) == (1, other), done.stderr
    note.write_text(kept)
    assert WORD in gumption(paths, "export").stdout


def test_rotating_writes_everything_anew_under_the_same_passphrase(
    paths: Paths, tmp_path: Path, least: None
) -> None:
    old, said = under_passphrase(paths), file(tmp_path, SAID)
    assert gumption(paths, "key", "rotate").returncode == 1
    done = gumption(paths, "key", "rotate", "--json", GUMPTION_PASSPHRASE_FILE=said)
    assert json.loads(done.stdout) == {"kept": "passphrase", "rotated": True}
    assert not opens(paths.database, old)
    assert opens(paths.database, keys.data_key(paths.config, passphrase=SAID))
    assert WORD in gumption(paths, "export", GUMPTION_PASSPHRASE_FILE=said).stdout


def test_while_the_daemon_runs_a_change_is_refused_with_a_hint(paths: Paths) -> None:
    fill(paths)
    note = (paths.config / keys.NAME).read_text()
    with InstanceLock(paths.lock):
        for action in ("rotate", "encrypt"):
            done = gumption(paths, "key", action)
            assert (done.returncode, "while Gumption runs" in done.stderr, "Quit" in done.stderr) == (
                1,
                True,
                True,
            )
    assert (paths.config / keys.NAME).read_text() == note


def test_an_interrupted_rotation_is_settled_by_the_next_command_that_is_alone(paths: Paths) -> None:
    key = fill(paths)
    (paths.config / keys.NEXT).write_text("file " + "2" * 64)
    done = gumption(paths, "export")
    assert (done.returncode, "being changed" in done.stderr) == (1, True)
    assert gumption(paths, "key", "rotate").returncode == 0
    assert not (paths.config / keys.NEXT).exists()
    assert key is not None and not opens(paths.database, key)
    assert WORD in gumption(paths, "export").stdout


def test_a_plain_store_and_the_settings_must_agree_and_encrypting_mends_it(paths: Paths) -> None:
    fill(paths, plain=True)
    assert WORD in gumption(paths, "export", GUMPTION_STORE__ENCRYPT="false").stdout
    refused = gumption(paths, "export")
    assert (refused.returncode, "not encrypted" in refused.stderr) == (1, True)
    assert "gumption key encrypt" in refused.stderr
    assert gumption(paths, "key", "passphrase").returncode == gumption(paths, "key", "rotate").returncode == 1
    assert gumption(paths, "key", "encrypt", GUMPTION_STORE__ENCRYPT="false").returncode == 1
    assert is_plain(paths.database)
    assert gumption(paths, "key", "encrypt").returncode == 0
    assert not is_plain(paths.database)
    assert traces(paths.data.parent) == []
    assert WORD in gumption(paths, "export").stdout
    refused = gumption(paths, "export", GUMPTION_STORE__ENCRYPT="false")
    assert (refused.returncode, "is encrypted" in refused.stderr) == (1, True)
    assert gumption(paths, "key", "encrypt").returncode == 1  # nothing to be done


def test_without_a_database_there_is_nothing_to_change(paths: Paths) -> None:
    for action in ("rotate", "passphrase", "encrypt"):
        done = gumption(paths, "key", action)
        assert (done.returncode, done.stderr.startswith("gumption: There is no database")) == (1, True), (
            action
        )
    assert not (paths.config / keys.NAME).exists()


def test_in_a_terminal_the_passphrase_is_asked_for_and_not_shown(paths: Paths) -> None:
    fill(paths)
    assert said_in_terminal(paths, ["key", "passphrase"], [SAID, SAID])[0] == 0
    assert keys.holder(paths.config) == "passphrase"
    status, seen = said_in_terminal(paths, ["export"], [SAID])
    assert (status, WORD in seen, SAID in seen) == (0, True, False)
    assert said_in_terminal(paths, ["export"], [OTHER])[0] == 1
    status, seen = said_in_terminal(paths, ["key", "passphrase"], [SAID, OTHER, OTHER + "x"])
    assert (status, "not the same" in seen) == (1, True)
    assert said_in_terminal(paths, ["export"], [SAID])[0] == 0


def test_a_daemon_started_in_a_terminal_asks_for_the_passphrase(paths: Paths, least: None) -> None:
    under_passphrase(paths)
    client, states = Client(paths), []

    def look() -> None:
        for _ in range(600):
            try:
                states.append(client.get("/status")["state"])
                client.post("/shutdown")
                return
            except GumptionError:
                time.sleep(0.1)

    watching = threading.Thread(target=look)
    watching.start()
    status, seen = said_in_terminal(paths, ["daemon"], [OTHER, SAID])
    watching.join()
    assert (status, "not the passphrase" in seen, SAID in seen) == (0, True, False)
    assert states and states != ["locked"]


def said_in_terminal(paths: Paths, arguments: list[str], answers: list[str]) -> tuple[int, str]:
    """Exit status and everything on the screen of a terminal in which `answers` were typed."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gumption", *arguments],
        env=env(paths),
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
        preexec_fn=lambda: _own_terminal(),
    )
    os.close(side)
    seen = b""
    for answer in answers:
        asked = seen.count(b": ")
        while seen.count(b": ") == asked:
            seen += os.read(main, 4096)
        time.sleep(0.2)  # getpass throws away what was typed before it asked
        os.write(main, answer.encode() + b"\n")
    try:
        while piece := os.read(main, 4096):
            seen += piece
    except OSError:  # the other side has gone
        pass
    os.close(main)
    return process.wait(), seen.decode()


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
