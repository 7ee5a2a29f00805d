"""Locking and unlocking the real daemon: what it answers, keeps in memory and observes meanwhile."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.client import Client, Json
from app.desktop import VirtualDesktop
from app.paths import Paths
from gum.errors import GumptionError
from storage import keys, observations
from storage.db import Database
from tests.app.living import daemon, paths_under, without_display
from tests.builders import observation
from tests.storage.cheap import least
from tests.storage.planted import traces

__all__ = ["least"]

SAID = "correct horse battery"
WORD = "zanzibarcanary"


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.1)


def fill(home: Path, said: str | None) -> bytes:
    """A store in which WORD stands, opened by `said` if one is given."""
    paths = paths_under(home).make()
    key = keys.data_key(paths.config, paths.database, keyring_ok=False)
    database = Database.open(paths.database, key)
    for n in range(50):
        database.run_sync(
            lambda s, n=n: observations.append(s, observation(f"{WORD} number {n}", id=f"o{n}"))
        )
    database.close()
    if said is not None:
        keys.rekeep(paths.config, key, keyring_ok=False, passphrase=said)
    return key


def pid(paths: Paths) -> int:
    return int(paths.lock.read_text())


def is_new(paths: Paths) -> bool:
    """Whether the process has become one that started locked."""
    return "--locked" in Path(f"/proc/{pid(paths)}/cmdline").read_text()


def in_memory(of: int, words: list[bytes]) -> list[bytes]:
    """Which of `words` stand in the writable memory of a process."""
    found = set()
    with Path(f"/proc/{of}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{of}/maps").read_text().splitlines():
            place, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(x, 16) for x in place.split("-"))
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, ValueError):  # a mapping of a device
                continue
            found |= {word for word in words if word in content}
    return sorted(found)


def status(client: Client) -> Json:
    """Asked again when the token changed in between."""
    for _ in range(50):
        try:
            return client.get("/status")
        except GumptionError:
            time.sleep(0.1)
    return client.get("/status")


def home_env(home: Path) -> dict[str, str]:
    return {**without_display(), "GUMPTION_MODELS": str(home / "none"), "GUMPTION_API__PORT": "0"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path


def test_a_store_under_a_passphrase_starts_locked_and_only_the_passphrase_opens_it(
    home: Path, least: None
) -> None:
    fill(home, SAID)
    with daemon(home, home_env(home)) as client:
        assert client.get("/hello")["name"] == "gumption"
        told = client.get("/status")
        assert (told["state"], told["unlock_by"]) == ("locked", "passphrase")
        assert told["counts"] == {"observations": 0, "propositions": 0}
        for path in (
            "/propositions",
            "/search?q=zanzibar",
            "/observations",
            "/privacy/today",
            "/no-such-path",
        ):
            with pytest.raises(GumptionError, match="locked"):
                client.get(path)
        for said in (None, "", "incorrect horse", "x" * 5000):
            with pytest.raises(GumptionError) as error:
                client.post("/unlock", {"passphrase": said})
            assert error.value.title
        assert client.get("/status")["state"] == "locked"
        told = client.post("/unlock", {"passphrase": SAID})
        assert told["state"] != "locked" and told["counts"]["observations"] == 50
        assert WORD in str(client.get("/search", {"q": WORD}))
        assert client.post("/unlock", {"passphrase": None})["state"] != "locked"  # nothing to do
    assert SAID not in paths_under(home).log.read_text()


def test_locked_nothing_of_the_store_is_in_memory_and_no_file_tells(home: Path, least: None) -> None:
    key = fill(home, SAID)
    paths = paths_under(home)
    held = [WORD.encode(), key, SAID.encode(), key.hex().encode()]
    with daemon(home, home_env(home)) as client:
        client.post("/unlock", {"passphrase": SAID})
        assert WORD in str(client.get("/search", {"q": WORD}))
        of = pid(paths)
        try:
            before = in_memory(of, held)
        except PermissionError:
            pytest.skip("this system lets nobody look into a process")
        assert {WORD.encode(), key} <= set(before)  # looking works
        port = client.address()
        assert client.post("/lock")["state"] == "locked"
        until(lambda: is_new(paths))
        assert status(client)["state"] == "locked"
        assert (pid(paths), client.address()) == (of, port)
        assert in_memory(of, held) == []
        assert traces(home) == []
        assert not list(paths.data.glob("*-wal"))
        assert client.post("/unlock", {"passphrase": SAID})["counts"]["observations"] == 50


def test_without_a_passphrase_a_locked_store_opens_at_a_click_and_can_be_locked_again_and_again(
    home: Path,
) -> None:
    fill(home, None)
    paths = paths_under(home)
    with daemon(home, home_env(home)) as client:
        for _ in range(2):
            client.post("/lock")
            until(lambda: status(client)["unlock_by"] == "button" and is_new(paths))
            until(lambda: opened(client))
            assert status(client)["counts"]["observations"] == 50
        assert children(pid(paths), "Z") == []


def children(of: int, state: str) -> list[str]:
    """The children of a process that are in `state` (Z: ended, and nobody has asked how)."""
    found = Path(f"/proc/{of}/task/{of}/children").read_text().split()
    return [child for child in found if Path(f"/proc/{child}/stat").read_text().split(") ")[1][0] == state]


def opened(client: Client) -> bool:
    try:
        return bool(client.post("/unlock", {"passphrase": None})["state"] != "locked")
    except GumptionError:  # it is just locking itself
        return False


def test_two_that_unlock_at_once_open_one_store(home: Path, least: None) -> None:
    fill(home, SAID)
    with daemon(home, home_env(home)) as client:
        command = [sys.executable, "-m", "gumption", "key", "unlock", "--json"]
        (home / "said").write_text(SAID)
        (home / "said").chmod(0o600)
        env = {**home_env(home), "GUMPTION_HOME": str(home), "GUMPTION_PASSPHRASE_FILE": str(home / "said")}
        both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE) for _ in range(2)]
        said = [each.communicate(timeout=60)[0] for each in both]
        assert [each.returncode for each in both] == [0, 0]
        assert all(b'"observations": 50' in each for each in said)
        assert client.get("/status")["counts"]["observations"] == 50


def test_a_locked_daemon_ends_when_it_is_told_to(home: Path, least: None) -> None:
    fill(home, SAID)
    with daemon(home, home_env(home)) as client:
        of = pid(paths_under(home))
        client.post("/shutdown")
        until(lambda: Path(f"/proc/{of}/cmdline").read_text() == "")  # it has ended
        assert not paths_under(home).daemon_file.exists()


def test_a_daemon_started_with_the_passphrase_in_a_file_is_open(home: Path, least: None) -> None:
    fill(home, SAID)
    (home / "said").write_text(SAID + "\n")
    (home / "said").chmod(0o600)
    env = {**home_env(home), "GUMPTION_PASSPHRASE_FILE": str(home / "said")}
    with daemon(home, env) as client:
        assert client.get("/status")["state"] != "locked"
        client.post("/lock")
        until(lambda: is_new(paths_under(home)))
        assert status(client)["unlock_by"] == "passphrase"  # the file opened it once; now a person is asked
        with pytest.raises(GumptionError):
            client.post("/unlock", {"passphrase": None})


@pytest.mark.desktop
def test_left_alone_it_locks_itself_and_does_not_observe_until_it_is_unlocked(
    home: Path, desktop: VirtualDesktop, least: None
) -> None:
    fill(home, SAID)
    env = {**desktop.env, "GUMPTION_MODELS": str(home / "none"), "GUMPTION_STORE__LOCK_AFTER_MIN": "0.08"}
    paths = paths_under(home)
    with daemon(home, env) as client:
        client.post("/unlock", {"passphrase": SAID})
        until(lambda: is_new(paths))  # 4.8 s without a key or the pointer: it looks after 5 s
        assert status(client)["state"] == "locked"
        shown = desktop.launch(["xterm", "-T", "while it was locked"])
        desktop.wait_window("while it was locked")
        time.sleep(3)  # the window source looks every 2 s and takes half a second for a visit
        desktop.end(shown)
        desktop.move(200, 200)
        until(lambda: client.post("/unlock", {"passphrase": SAID})["state"] == "observing")
        desktop.launch(["xterm", "-T", "after it was unlocked"])

        def seen(words: str) -> bool:
            desktop.key("Shift_L")  # somebody is there again; a pointer that is only put elsewhere is nobody
            return words in str(client.get("/search", {"q": words})["observations"])

        until(lambda: seen("after it was unlocked"))
        assert not seen("while it was locked")


@pytest.mark.desktop
def test_the_tray_asks_for_the_passphrase_at_the_start_and_after_every_lock(
    home: Path, desktop: VirtualDesktop, least: None
) -> None:
    """The real tray starts the real daemon; the passphrase is typed into the real window."""
    fill(home, SAID)
    paths = paths_under(home)
    client = Client(paths)
    env = {"GUMPTION_HOME": str(home), "GUMPTION_MODELS": str(home / "none")}
    env["GUMPTION_SUGGEST__ASK_DETAILS"] = "false"  # its window would stand in front
    tray = desktop.launch([sys.executable, "-m", "gumption"], env=env)
    try:
        for _ in range(2):
            desktop.activate(desktop.wait_window("Gumption: unlock", 60))
            assert status(client)["state"] == "locked"
            desktop.type_text(SAID + "\n")
            until(lambda: status(client)["state"] == "observing")
            until(lambda: "Gumption: unlock" not in desktop.windows().values())
            client.post("/lock")
            until(lambda: is_new(paths))
    finally:
        client.post("/shutdown")
        desktop.end(tray)
