import asyncio
import json
import os
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app import listeners, tls
from app.api.guard import App, ForClients, Guard, Receive, Scope, Send
from app.clock import SystemClock
from app.config import PluginSettings
from app.door import Door, listen
from app.paths import Paths
from gum.errors import PortTaken, SettingsInvalid
from gum.grants import ClientId, Grant
from gum.grants import Scope as Given

HOSTS = frozenset({"127.0.0.1:4711"})


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


def says(word: str) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": word.encode()})

    return app


async def verify(text: str) -> Grant | None:
    good = Grant(ClientId("c"), "c", Given(), datetime.now(UTC))
    return good if text == "gmp_good" else None


def guarded(door: Door) -> Guard:
    return Guard(says("owner"), lambda: door.hosts, door.token, ForClients(says("client"), verify))


def test_by_default_nothing_else_is_listened_at(tmp_path: Path) -> None:
    assert listeners.listeners(PluginSettings(), tmp_path, HOSTS, datetime.now(UTC)) == []
    off = PluginSettings(enabled=False, socket=str(tmp_path / "s"), listen="127.0.0.1")
    assert listeners.listeners(off, tmp_path, HOSTS, datetime.now(UTC)) == []


def test_at_the_socket_owner_and_clients_are_answered(paths: Paths) -> None:
    file = paths.data / "s"

    async def live() -> None:
        with listen(0) as sock:
            async with Door(paths, sock, SystemClock(), PluginSettings(socket=str(file))) as door:
                door.show(guarded(door))
                way = httpx.AsyncHTTPTransport(uds=str(file))
                async with httpx.AsyncClient(transport=way, base_url="http://localhost") as client:
                    owner = {"Authorization": f"Bearer {door.token}"}
                    assert (await client.get("/status", headers=owner)).text == "owner"
                    assert (await client.get("/v1/x", headers={"Authorization": "Bearer gmp_good"})).text == (
                        "client"
                    )
                    assert (await client.get("/status")).status_code == 401
                    evil = {**owner, "Host": "evil.example"}
                    assert (await client.get("/status", headers=evil)).status_code == 403
                assert file.stat().st_mode & 0o777 == 0o600
            assert not file.exists()

    asyncio.run(live())


def test_a_socket_that_was_left_behind_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    file = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(file))
    one = listeners.at_file(file, HOSTS)
    with pytest.raises(PortTaken, match="another program"):
        listeners.at_file(file, HOSTS)
    one.close()
    assert not file.exists()
    file.write_text("a letter")
    with pytest.raises(PortTaken, match="no socket"):
        listeners.at_file(file, HOSTS)
    assert file.read_text() == "a letter"


def test_a_folder_that_is_not_the_persons_alone_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with pytest.raises(SettingsInvalid, match="Others can enter") as caught:
        listeners.at_file(tmp_path / "s", HOSTS)
    assert "chmod 700" in caught.value.hint
    tmp_path.chmod(0o700)
    other = tmp_path / "link"
    other.symlink_to(tmp_path)
    for file in (Path("s"), tmp_path / "none" / "s", other / "s", Path("/proc/1/s")):
        if os.getuid() == 0 and file.parts[1:2] == ("proc",):
            continue
        with pytest.raises(SettingsInvalid):
            listeners.at_file(file, HOSTS)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(0o700)
    somebody_else = os.getuid() + 1  # only root could give the folder away
    monkeypatch.setattr(os, "getuid", lambda: somebody_else)
    with pytest.raises(SettingsInvalid, match="not a folder of yours"):
        listeners.at_file(theirs / "s", HOSTS)


def test_over_the_network_only_clients_are_answered_and_only_over_tls(paths: Paths) -> None:
    plugin = PluginSettings(listen="127.0.0.2")

    async def live() -> None:
        with listen(0) as sock:
            async with Door(paths, sock, SystemClock(), plugin) as door:
                door.show(guarded(door))
                [host] = door.every_host - door.hosts
                assert host.startswith("127.0.0.2:")
                peer = ssl.create_default_context(cafile=str(paths.data / tls.CERTIFICATE))
                async with httpx.AsyncClient(verify=peer, base_url=f"https://{host}") as client:
                    owner = {"Authorization": f"Bearer {door.token}"}
                    good = {"Authorization": "Bearer gmp_good"}
                    assert (await client.get("/v1/x", headers=good)).text == "client"
                    assert (await client.get("/hello")).text == "owner"
                    assert (await client.get("/status", headers=owner)).status_code == 403
                    assert (await client.get("/v1/x", headers=owner)).status_code == 401
                    for name in ("localhost", "127.0.0.2", next(iter(door.hosts)), f"evil.{host}"):
                        assert (await client.get("/v1/x", headers={**good, "Host": name})).status_code == 403
                    page = {**good, "Origin": f"http://{host}"}
                    assert (await client.get("/v1/x", headers=page)).status_code == 403
                async with httpx.AsyncClient(base_url=f"http://{host}") as plain:
                    with pytest.raises(httpx.HTTPError):
                        await plain.get("/hello")

    asyncio.run(live())


def test_who_never_ends_the_handshake_takes_so_many_places_and_no_more(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "OUTSIDE", 3)

    async def live() -> None:
        with listen(0) as sock:
            async with Door(paths, sock, SystemClock(), PluginSettings(listen="127.0.0.2")) as door:
                door.show(says("x"))
                [host] = door.every_host - door.hosts
                mute = [await asyncio.open_connection("127.0.0.2", int(host.split(":")[1])) for _ in range(8)]
                await asyncio.wait([asyncio.ensure_future(reader.read()) for reader, _ in mute[3:]])
                assert not any(reader.at_eof() for reader, _ in mute[:3])
                for _, writer in mute[1:]:
                    writer.close()
                mute[0][1].close()
                peer = ssl.create_default_context(cafile=str(paths.data / tls.CERTIFICATE))
                async with httpx.AsyncClient(verify=peer, base_url=f"https://{host}") as client:
                    assert (await client.get("/x")).text == "x"

    asyncio.run(live())


def test_a_network_that_is_not_there_does_not_keep_the_daemon_from_its_work(
    paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    plugin = PluginSettings(listen="192.0.2.1")  # an address nobody has: RFC 5737
    assert listeners.listeners(plugin, paths.data, HOSTS, datetime.now(UTC)) == []
    assert "not open to the network" in caplog.text


def test_what_listens_is_told_to_nobody_in_the_address_file(paths: Paths) -> None:
    async def live() -> None:
        with listen(0) as sock:
            plugin = PluginSettings(socket=str(paths.data / "s"))
            async with Door(paths, sock, SystemClock(), plugin) as door:
                door.show(says("x"))
                assert set(json.loads(paths.daemon_file.read_text())) == {"port", "pid", "started_at"}

    asyncio.run(live())
