"""`gumption connect` as a person types it, with a real daemon and real files."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.client import Client
from app.connect_command import launcher
from tests.app.living import daemon, without_display

MINE = '{\n  // mine\n  "mcpServers": {\n    "docs": {"command": "npx"}\n  },\n}\n'


class House:
    """A person's home with a daemon in it."""

    def __init__(self, root: Path, client: Client, env: dict[str, str]) -> None:
        self.root, self.client, self.env = root, client, env
        self.cursor = root / ".cursor" / "mcp.json"
        self.token = root / "gumption" / "config" / "clients" / "cursor.token"

    def connect(self, *words: str, yes: bool = True) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "gumption", "connect", *words, *(["--yes"] if yes else [])]
        return subprocess.run(
            command, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def living(self) -> list[str]:
        return [each["name"] for each in self.client.get("/clients")["items"] if not each["revoked_at"]]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    root = tmp_path / "person"
    env = {
        **{key: value for key, value in without_display().items() if not key.startswith("XDG_")},
        "HOME": str(root),
        "GUMPTION_MODELS": str(root),
        "GUMPTION_HOME": str(root / "gumption"),
    }
    with daemon(root / "gumption", env) as client:
        yield House(root, client, env)


def test_a_program_is_connected_and_everything_is_undone(house: House) -> None:
    house.cursor.parent.mkdir()
    house.cursor.write_text(MINE)
    house.cursor.chmod(0o640)
    refused = house.connect("cursor", yes=False)
    assert refused.returncode == 1 and '+    "gumption": {' in refused.stderr
    assert house.cursor.read_text() == MINE and house.living() == []
    done = house.connect("cursor")
    assert done.returncode == 0 and "Cursor is connected" in done.stdout, done.stderr
    after = house.cursor.read_text()
    assert '"docs": {"command": "npx"},' in after and "// mine" in after
    assert house.cursor.stat().st_mode & 0o777 == 0o640
    assert '"--as",' in after and str(house.root / "gumption") in after
    assert house.token.stat().st_mode & 0o777 == 0o600
    assert house.token.parent.stat().st_mode & 0o777 == 0o700
    assert house.token.read_text().strip() not in after + done.stdout + done.stderr
    assert house.living() == ["Cursor"]
    again = house.connect("cursor")
    assert "already" in again.stdout and house.living() == ["Cursor"]
    assert house.cursor.read_text() == after
    undone = house.connect("cursor", "--undo")
    assert undone.returncode == 0, undone.stderr
    assert house.cursor.read_text() == MINE and house.living() == []
    assert list(house.cursor.parent.iterdir()) == [house.cursor]
    assert list(house.token.parent.iterdir()) == []
    assert "not connected" in house.connect("cursor", "--undo").stdout


def test_an_entry_of_an_earlier_time_is_replaced_and_what_was_edited_since_stays(house: House) -> None:
    house.cursor.parent.mkdir()
    house.cursor.write_text(MINE)
    house.connect("cursor")
    moved = house.cursor.read_text().replace(sys.executable, "/old/python").replace('"docs"', '"papers"')
    house.cursor.write_text(moved)
    again = house.connect("cursor")
    assert again.returncode == 0 and "/old/python" not in house.cursor.read_text()
    assert house.living() == ["Cursor"]
    house.connect("cursor", "--undo")
    assert json.loads(house.cursor.read_text().replace("// mine", "").replace("},\n}", "}\n}")) == {
        "mcpServers": {"papers": {"command": "npx"}}
    }


def test_a_file_that_was_not_there_is_gone_again_and_a_link_stays_one(house: House) -> None:
    codex = house.root / ".codex" / "config.toml"
    assert house.connect("codex").returncode == 0
    entry = tomllib.loads(codex.read_text())["mcp_servers"]["gumption"]
    assert entry["args"][-3:] == ["mcp", "--as", "codex"]
    assert codex.stat().st_mode & 0o777 == 0o600
    assert house.connect("codex", "--undo").returncode == 0 and not codex.exists()
    kept = house.root / "dotfiles.json"
    kept.write_text("{}\n")
    house.cursor.parent.mkdir()
    house.cursor.symlink_to(kept)
    house.connect("cursor")
    assert house.cursor.is_symlink() and "gumption" in kept.read_text()
    house.connect("cursor", "--undo")
    assert house.cursor.is_symlink() and kept.read_text() == "{}\n"


@pytest.mark.parametrize("text", [b"{", b'{"mcpServers": []}', b"\xff\xfe"])
def test_a_file_that_is_not_understood_is_left_alone(house: House, text: bytes) -> None:
    house.cursor.parent.mkdir()
    house.cursor.write_bytes(text)
    refused = house.connect("cursor")
    assert refused.returncode == 1 and refused.stderr.startswith("gumption: ")
    assert len(refused.stderr.splitlines()) == 2
    assert house.cursor.read_bytes() == text and house.living() == [] and not house.token.exists()


def test_what_was_revoked_is_let_in_anew(house: House) -> None:
    house.connect("cursor")
    before = house.token.read_text()
    [item] = house.client.get("/clients")["items"]
    house.client.delete(f"/clients/{item['id']}")
    assert house.connect("cursor").returncode == 0
    assert house.living() == ["Cursor"] and house.token.read_text() != before


def test_an_undo_that_cannot_revoke_says_so(house: House) -> None:
    house.connect("cursor")
    [item] = house.client.get("/clients")["items"]
    house.client.post("/lock", {})
    undone = house.connect("cursor", "--undo")
    assert undone.returncode == 0 and not house.token.exists()
    assert f"gumption clients revoke {item['id']}" in undone.stdout, undone.stdout
    assert "revoked already" not in undone.stdout


def test_what_is_shown_works(house: House) -> None:
    for name in ("open-webui", "openapi", "curl"):
        shown = house.connect(name)
        assert shown.returncode == 0 and house.client.address() in shown.stdout, shown.stderr
        assert "[api]" in shown.stdout  # the port is another one after each start
    begun = [line for line in house.connect("curl").stdout.splitlines() if line][:3]
    asked = subprocess.run(["bash", "-c", "\n".join(begun)], capture_output=True, text=True, check=False)
    assert json.loads(asked.stdout)["items"] == [], asked
    assert house.connect("curl", "--undo").returncode == 0
    assert "curl" not in house.living()


def test_the_list_names_every_program(house: House) -> None:
    house.connect("cursor")
    told = json.loads(house.connect("--list", "--json").stdout)["items"]
    assert {each["name"] for each in told if each["connected"]} == {"cursor"}
    assert "Gumption does not know" in house.connect("netscape").stderr


def test_without_a_daemon_nothing_is_changed_and_an_undo_says_what_is_left(tmp_path: Path) -> None:
    root = tmp_path / "person"
    root.mkdir()
    env = {**os.environ, "HOME": str(root), "GUMPTION_HOME": str(root / "g"), "GUMPTION_MODELS": str(root)}
    command = [sys.executable, "-m", "gumption", "connect", "cursor", "--yes"]
    refused = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert refused.returncode == 1 and "not running" in refused.stderr
    assert not (root / ".cursor").exists()


def test_the_command_is_one_that_works_from_anywhere(tmp_path: Path) -> None:
    program = tmp_path / "gumption"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert launcher({}, str(program)) == [str(program)]
    assert launcher({}, "/x/gumption/__main__.py") == [sys.executable, "-m", "gumption"]
    assert launcher({"APPIMAGE": "/a/G.AppImage"}, "/tmp/mount/gumption") == ["/a/G.AppImage"]
    assert all(Path(each).is_absolute() for each in launcher({}, "gumption")[:1])
