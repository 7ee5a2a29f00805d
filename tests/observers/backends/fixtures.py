"""Windows of other systems, written by hand after their makers' documentation (none was recorded there)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gum.types import Region, Rule, WindowInfo
from gum.ui import Snapshot
from observers.activity import Activity
from observers.backends import ax_tree, uia_tree
from observers.backends.macos_ax import described as described_on_macos
from observers.backends.macos_ax import front
from observers.backends.windows_uia import Facts
from observers.backends.windows_uia import described as described_on_windows
from observers.focus import SharedFocus
from observers.privacy import admit
from observers.ui_tree import UiTree
from observers.windows import Trees
from tests.observers.recorder import Recorder

FOLDER = Path(__file__).parents[2] / "fixtures" / "backends"
SECRET = "hunter2-SECRET-PW"


def read(name: str) -> Mapping[str, Any]:
    """One fixture as plain data."""
    found: Mapping[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def facts(name: str) -> Facts:
    """What Win32 tells of the window of a fixture."""
    told = dict(read(name)["window"])
    told["region"], told["monitor_region"] = Region(*told["region"]), Region(*told["monitor_region"])
    return Facts(**told)


def on_windows(name: str) -> Snapshot:
    return Snapshot(described_on_windows(facts(name)), uia_tree.node(read(name)["tree"]))


def on_macos(name: str) -> Snapshot:
    return Snapshot(mac_window(name), ax_tree.node(read(name)["tree"]))


def mac_window(name: str) -> WindowInfo:
    told = read(name)
    row = front(told["rows"], told["front_pid"])
    assert row is not None
    return described_on_macos(row)


@contextmanager
def tree_source(
    trees: Trees, window: WindowInfo, rules: Sequence[Rule] = (), focus: SharedFocus | None = None
) -> Iterator[tuple[UiTree, Recorder]]:
    """The tree source at work over `trees`; `window` is in front until `focus` says otherwise."""
    recorder, focus = Recorder(), focus or SharedFocus()
    source = UiTree(
        recorder, focus, trees, lambda: rules, lambda: False, lambda: 0.0, Activity(), lambda: False
    )
    focus.set(window, admit(window))
    source.start()
    try:
        yield source, recorder
    finally:
        source.stop()
