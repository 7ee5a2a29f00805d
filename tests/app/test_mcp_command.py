"""`gumption mcp` as a real process, spoken to by clients of others over its standard input and output."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import fastmcp
import pytest
from fastmcp.client.transports import StdioTransport
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, TextContent

from app.lock import InstanceLock
from app.mcp_command import VARIABLE, token
from app.paths import Paths
from app.plugin.mcp_tools import TOOLS
from gum.errors import NotAllowed
from tests.app.living import paths_under
from tests.app.plugin.backends import READER, Made, stand

MODES = ("auto", "legacy")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    made = paths_under(tmp_path).make()
    with InstanceLock(made.lock):  # as the daemon does
        yield made


def environment(paths: Paths, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in (VARIABLE, "GUMPTION_LOG")}
    return {**kept, "GUMPTION_HOME": str(paths.data.parent), "PYTHONPATH": str(ROOT), **more}


def keep(paths: Paths, name: str, text: str, mode: int = 0o600) -> Path:
    file = paths.client_token(name)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def at_port(paths: Paths, port: int) -> None:
    paths.daemon_file.write_text(json.dumps({"port": port, "pid": 1}))


def text(answer: CallToolResult) -> str:
    [content] = answer.content
    assert isinstance(content, TextContent)
    return content.text


def talk(
    paths: Paths,
    work: Callable[[Client], Awaitable[None]],
    *arguments: str,
    mode: str = "auto",
    **more: str,
) -> None:
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "gumption", "mcp", *arguments], env=environment(paths, **more)
    )

    async def run() -> None:
        async with Client(stdio_client(started), mode=mode) as opened:
            await work(opened)

    asyncio.run(asyncio.wait_for(run(), 60))


@pytest.mark.parametrize("mode", MODES)
def test_it_answers_what_the_daemon_answers(paths: Paths, mode: str) -> None:
    keep(paths, "desk-1", "one\n")

    async def work(opened: Client) -> None:
        assert {tool.name for tool in (await opened.list_tools()).tools} == set(TOOLS)
        answer = await opened.call_tool("get_context", {"query": "tea"})
        assert "Prefers tea over coffee" in text(answer)
        assert answer.structured_content["withheld"] == 2
        answer = await opened.call_tool("execute_plan", {"plan_id": "p", "digest": "0" * 64})
        assert answer.is_error and "has not approved" in text(answer)

    with stand(one=Made()) as at:
        at_port(paths, at.port)
        talk(paths, work, "--as", "desk-1", mode=mode)


def test_fastmcps_client_speaks_to_it_with_a_token_of_the_environment(paths: Paths) -> None:
    async def run() -> None:
        transport = StdioTransport(
            sys.executable,
            ["-m", "gumption", "mcp"],
            env=environment(paths, **{VARIABLE: "one"}),
            keep_alive=False,
        )
        async with fastmcp.Client(transport) as opened:
            names = {tool.name for tool in await opened.list_tools()}
            assert "get_context" in names and "plan_action" not in names  # only what may be read
            answer = await opened.call_tool("get_context", {"query": "tea"})
            assert answer.structured_content is not None
            assert answer.structured_content["text"] == "- Prefers tea over coffee"

    with stand(one=Made(scope=READER)) as at:
        at_port(paths, at.port)
        asyncio.run(asyncio.wait_for(run(), 60))


def test_it_stays_while_there_is_no_daemon_and_finds_the_one_that_comes(paths: Paths) -> None:
    keep(paths, "desk", "one\n")

    async def work(opened: Client) -> None:
        assert len((await opened.list_tools()).tools) == len(TOOLS)
        answer = await opened.call_tool("get_status", {})
        assert answer.is_error
        assert text(answer).startswith("Gumption is not running. Start it")
        for name in ("first", "second"):
            with stand(one=Made(name=name)) as at:
                at_port(paths, at.port)
                assert name in text(await opened.call_tool("get_status", {}))
        assert "does not answer" in text(await opened.call_tool("get_status", {}))

    talk(paths, work, "--as", "desk")


def test_a_token_that_is_missing_is_told_and_one_that_comes_is_used(paths: Paths) -> None:
    async def work(opened: Client) -> None:
        answer = await opened.call_tool("get_status", {})
        assert answer.is_error
        assert "was given no token" in text(answer) and "gumption connect" in text(answer)
        keep(paths, "later", "one\n")
        assert not (await opened.call_tool("get_status", {})).is_error

    with stand(one=Made()) as at:
        at_port(paths, at.port)
        talk(paths, work, "--as", "later")


def test_standard_output_carries_nothing_but_the_protocol(paths: Paths) -> None:
    keep(paths, "desk", "one\n")
    lines = [
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
        b'"capabilities":{},"clientInfo":{"name":"t","version":"0"}}}',
        b"this is no JSON",
        b"[1, 2]",
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b'{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get_status","arguments":{}}}',
        b'{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"nothing"}}',
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "gumption", "mcp", "--as", "desk"],
        env=environment(paths, GUMPTION_LOG="DEBUG"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(b"\n".join(lines) + b"\n")
    process.stdin.flush()
    answers = []
    while not {1, 2, 3} <= {answer.get("id") for answer in answers}:
        answers.append(json.loads(process.stdout.readline()))
    rest, _ = process.communicate(timeout=30)
    answers += [json.loads(line) for line in rest.splitlines()]
    assert process.returncode == 0
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert next(a for a in answers if a.get("id") == 2)["result"]["isError"]
    assert "no tool" in next(a for a in answers if a.get("id") == 3)["error"]["message"]


def test_a_name_that_is_no_name_is_a_wrong_command(paths: Paths) -> None:
    for name in ("../x", "", "A", "a" * 41, "a b"):
        done = subprocess.run(
            [sys.executable, "-m", "gumption", "mcp", "--as", name],
            env=environment(paths),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1 and done.stdout == b""
        assert b"is no name for an assistant" in done.stderr


def test_nothing_heavy_is_loaded() -> None:
    heavy = (
        "torch",
        "transformers",
        "sqlalchemy",
        "sqlcipher3",
        "chromadb",
        "numpy",
        "PySide6",
        "PIL",
        "fastapi",
    )
    code = f"import sys, app.mcp_command; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_a_token_of_the_environment_or_of_a_file_that_is_the_persons_alone(
    paths: Paths, tmp_path: Path
) -> None:
    assert token(paths, None, {VARIABLE: " gmp_a_b \n"}) == "gmp_a_b"
    file = keep(paths, "desk", "gmp_c_d\n")
    assert token(paths, "desk", {VARIABLE: "other"}) == "gmp_c_d"  # the name is the more particular wish
    for mode in (0o640, 0o604, 0o660):
        file.chmod(mode)
        with pytest.raises(NotAllowed, match="can be read by others"):
            token(paths, "desk", {})
    file.chmod(0o600)
    linked = paths.client_token("linked")
    linked.symlink_to(file)
    os.mkfifo(paths.client_token("pipe"), 0o600)
    paths.client_token("folder").mkdir(0o700)
    for name in ("linked", "pipe", "folder", "missing"):
        with pytest.raises(NotAllowed):
            token(paths, name, {})
    for bad in ("", "a b", "a\r\nb", "\u20ac", "\x00"):
        with pytest.raises(NotAllowed) as raised:
            token(paths, None, {VARIABLE: bad})
        assert "\r" not in raised.value.title
        keep(paths, "bad", bad)
        with pytest.raises(NotAllowed):
            token(paths, "bad", {})
