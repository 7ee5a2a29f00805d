"""Real accessible trees, recorded once by tests/fixtures/record_trees.py, and the observations they yield."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gum.types import Observation, ObservationId, Region, Trust, WindowInfo
from gum.ui import Snapshot, UiNode

FIXTURES = Path(__file__).parent / "fixtures"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def names() -> list[str]:
    """The recorded trees: "chromium_compose", ..."""
    return sorted(path.stem for path in (FIXTURES / "trees").glob("*.json"))


def snapshot(name: str) -> Snapshot:
    """A recorded window with its tree."""
    found = json.loads((FIXTURES / "trees" / f"{name}.json").read_text(encoding="utf-8"))
    window = found["window"]
    window["region"] = _region(window["region"])
    return Snapshot(WindowInfo(**window), _node(found["tree"]), found["complete"])


def observations(name: str) -> list[Observation]:
    """What the tree source hands over for that window."""
    found = json.loads((FIXTURES / "observations" / f"{name}.json").read_text(encoding="utf-8"))
    return [
        Observation(
            **{
                **one,
                "id": ObservationId(one["id"]),
                "trust": Trust(one["trust"]),
                "at": datetime.fromisoformat(one["at"]),
                "until": datetime.fromisoformat(one["until"]),
            }
        )
        for one in found
    ]


def snapshot_json(taken: Snapshot) -> dict[str, Any]:
    """A snapshot as plain data; the inverse of `snapshot`."""
    assert taken.tree is not None
    window = {name: getattr(taken.window, name) for name in WindowInfo.__slots__}
    return {
        "window": {**window, "region": _box(taken.window.region)},
        "complete": taken.complete,
        "tree": _node_json(taken.tree),
    }


def observation_json(one: Observation) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in Observation.__slots__}
    return {**found, "at": one.at.isoformat(), "until": one.until.isoformat(), "trust": one.trust.value}


def _node(found: dict[str, Any]) -> UiNode:
    return UiNode(
        role=found["role"],
        name=found.get("name", ""),
        text=found.get("text", ""),
        states=frozenset(found.get("states", ())),
        region=_region(found.get("region")),
        ref=found.get("ref", ""),
        attributes=found.get("attributes", {}),
        children=tuple(_node(child) for child in found.get("children", ())),
    )


def _node_json(node: UiNode) -> dict[str, Any]:
    told = {
        "role": node.role,
        "name": node.name,
        "text": node.text,
        "states": sorted(node.states),
        "region": _box(node.region),
        "ref": node.ref,
        "attributes": node.attributes,
        "children": [_node_json(child) for child in node.children],
    }
    return {key: value for key, value in told.items() if value}


def _region(box: list[int] | None) -> Region | None:
    return Region(*box) if box else None


def _box(region: Region | None) -> list[int] | None:
    return [region.left, region.top, region.width, region.height] if region else None
