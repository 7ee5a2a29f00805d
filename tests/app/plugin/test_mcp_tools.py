"""The table of tools: complete, described, bounded, and honest about what a tool may do."""

import asyncio
import inspect

import pytest

from app.plugin.mcp_tools import TOOLS, Tool
from app.plugin.ports import Backend
from gum.grants import PRESETS, Part, Right
from tests.app.plugin.backends import ARGUMENTS, Made

EVERY = list(TOOLS.values())


def names(preset: str) -> set[str]:
    scope = PRESETS[preset].scope
    return {tool.name for tool in EVERY if tool.may(scope.rights, scope.parts)}


def test_every_function_of_the_backend_but_the_events_is_one_tool() -> None:
    functions = {n for n, _ in inspect.getmembers(Backend, inspect.isfunction) if not n.startswith("_")}
    used = {name for tool in EVERY for name in tool.call.__code__.co_names if name in functions}
    assert used == functions - {"events"}
    assert len(EVERY) == len(used)


def test_no_tool_approves() -> None:
    assert not [name for name in TOOLS if "approve" in name or "accept" in name]
    for name in ("plan_action", "execute_plan", "propose_fact", "request_forget"):
        assert "Gumption's own window" in TOOLS[name].what


@pytest.mark.parametrize("tool", EVERY, ids=lambda t: t.name)
def test_a_tool_is_described_and_every_text_and_number_it_takes_is_bounded(tool: Tool) -> None:
    listed = tool.listed()
    assert listed.description and 40 < len(listed.description) < 400
    schema = listed.input_schema
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    shapes = [schema, *schema.get("$defs", {}).values()]
    for name, value in ((n, v) for s in shapes for n, v in s["properties"].items()):
        for kind in value.get("anyOf", [value]):
            if kind.get("type") == "string" and "enum" not in kind and kind.get("format") != "date-time":
                assert "maxLength" in kind, name
            if kind.get("type") in ("number", "integer"):
                assert "maximum" in kind, name
            if kind.get("type") == "array":
                assert "maxItems" in kind, name


@pytest.mark.parametrize("tool", EVERY, ids=lambda t: t.name)
def test_hints_say_what_a_tool_may_do(tool: Tool) -> None:
    changes = {
        "react_to_suggestion",
        "propose_fact",
        "request_forget",
        "plan_action",
        "execute_plan",
    }
    hints = tool.listed().annotations
    assert hints is not None
    assert hints.read_only_hint is (tool.name not in changes)
    assert hints.destructive_hint is (tool.name in {"request_forget", "execute_plan"})
    assert hints.open_world_hint is (tool.name == "execute_plan")
    assert hints.idempotent_hint is not None


def test_each_preset_sees_what_it_may_use() -> None:
    reads = {"get_context", "search_memory", "get_claim", "get_agenda", "ask_memory", "get_status"}
    assert names("claims") == reads
    helps = {"get_moment", "get_activity", "list_suggestions", "react_to_suggestion", "propose_fact"}
    assert names("helper") == reads | helps | {"get_proposal"}
    assert names("agent") == set(TOOLS)


async def _answers(tool: Tool, made: Made) -> None:
    answer = await tool.call(made, tool.asks.model_validate(ARGUMENTS.get(tool.name, {})))
    assert isinstance(answer, tool.gives)


@pytest.mark.parametrize("tool", EVERY, ids=lambda t: t.name)
def test_a_tool_gives_the_shape_that_it_promises(tool: Tool) -> None:
    asyncio.run(_answers(tool, Made(approved=True)))


def test_parts_are_needed_besides_rights() -> None:
    assert not TOOLS["get_moment"].may(frozenset(Right), frozenset({Part.CLAIMS}))
    assert not TOOLS["get_context"].may(frozenset({Right.ACT}), frozenset(Part))
