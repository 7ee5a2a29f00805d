"""MCP from end to end: a real daemon, a client that the person let in, both transports."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from mcp.client import Client as McpClient
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from app.client import Client
from app.door import write_private
from app.paths import Paths
from tests.app.living import daemon, paths_under, without_display

ROOT = Path(__file__).parents[2]


def text(answer: CallToolResult) -> str:
    [content] = answer.content
    assert isinstance(content, TextContent)
    return content.text


@asynccontextmanager
async def over_http(at: Client, token: str) -> AsyncIterator[McpClient]:
    headers = {"Authorization": f"Bearer {token}"}
    async with AsyncExitStack() as opened:
        http = await opened.enter_async_context(
            httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60)
        )
        transport = streamable_http_client(f"{at.address()}/mcp", http_client=http)
        yield await opened.enter_async_context(McpClient(transport))


@asynccontextmanager
async def over_stdio(paths: Paths, token: str) -> AsyncIterator[McpClient]:
    file = paths.client_token("living")
    file.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(file, token + "\n")
    env = {**without_display(), "GUMPTION_HOME": str(paths.data.parent), "PYTHONPATH": str(ROOT)}
    arguments = ["-m", "gumption", "mcp", "--as", "living"]
    transport = stdio_client(StdioServerParameters(command=sys.executable, args=arguments, env=env))
    async with McpClient(transport) as opened:
        yield opened


def let_in(at: Client, preset: str) -> tuple[str, str]:
    """A client's id and its token."""
    made = at.post("/clients", {"name": f"My {preset}", "preset": preset})
    return str(made["client"]["id"]), str(made["token"])


@pytest.mark.parametrize("way", ["http", "stdio"])
def test_a_client_asks_proposes_and_is_shut_out_when_it_is_revoked(tmp_path: Path, way: str) -> None:
    async def work(at: Client) -> None:
        _, read_token = let_in(at, "claims")
        agent, token = let_in(at, "agent")
        paths = paths_under(tmp_path)

        def way_in(given: str) -> AbstractAsyncContextManager[McpClient]:
            return over_http(at, given) if way == "http" else over_stdio(paths, given)

        async with way_in(token) as opened:
            assert "execute_plan" in {tool.name for tool in (await opened.list_tools()).tools}
            told = await opened.call_tool("get_status", {})
            assert "My agent" in text(told)
            for name, given in (
                ("get_context", {"query": "tea"}),
                ("search_memory", {}),
                ("get_moment", {}),
                ("get_activity", {}),
                ("get_agenda", {}),
                ("list_suggestions", {}),
                ("ask_memory", {"question": "Tea or coffee?"}),
            ):
                answer = await opened.call_tool(name, given)
                assert not answer.is_error, (name, text(answer))
                assert "<untrusted-data nonce=" in text(answer)
            waits = await opened.call_tool("propose_fact", {"text": "I am vegetarian", "key": "first-one"})
            assert waits.structured_content["state"] == "waiting"
            again = await opened.call_tool("propose_fact", {"text": "I am vegetarian", "key": "first-one"})
            assert again.structured_content["id"] == waits.structured_content["id"]
            steps = [{"kind": "add_todo", "words": "read the report"}]
            plan = await opened.call_tool("plan_action", {"goal": "not to forget it", "steps": steps})
            assert plan.structured_content["state"] == "waiting", text(plan)
            run = {"plan_id": plan.structured_content["id"], "digest": plan.structured_content["digest"]}
            assert (await opened.call_tool("execute_plan", run)).is_error
            assert at.get("/propositions")["items"] == []  # nothing that was proposed is believed
            await asyncio.to_thread(at.delete, f"/clients/{agent}")
            if way == "stdio":
                refused = await opened.call_tool("get_context", {"query": "tea"})
                assert refused.is_error and "token is missing or wrong" in text(refused)
        async with way_in(read_token) as opened:
            assert "plan_action" not in {tool.name for tool in (await opened.list_tools()).tools}
            answer = await opened.call_tool("plan_action", {"goal": "not to forget it", "steps": steps})
            assert answer.is_error and "right to act" in text(answer)

    with daemon(tmp_path, without_display()) as at:
        asyncio.run(asyncio.wait_for(work(at), 90))
