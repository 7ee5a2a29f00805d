"""Actions on a real desktop: Chromium and Mousepad, seen through the real accessibility bus."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.desktop import VirtualDesktop, chromium_argv
from assistants import plan as plans
from assistants.act import Executor
from assistants.approve import Approval, Approvals
from assistants.guard import Folders
from assistants.launch import Launcher
from assistants.windows import XWindows
from gum.types import Plan, Step
from gum.ui import Snapshot
from observers.bus import AccessibilityBus
from observers.surface import Desktop

pytestmark = pytest.mark.desktop

FORM = b"""<!doctype html><title>Write a mail</title><body><form autocomplete=off>
<label>To <input name=to></label>
<label>Subject <input name=subject value=draft></label>
<label>Password <input type=password name=p></label>
<textarea aria-label=Message rows=4></textarea></form>"""


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/form")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(FORM)

    def log_message(self, format: str, *args: object) -> None:
        pass


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Stage:
    desktop: VirtualDesktop
    surface: Desktop
    executor: Executor
    approvals: Approvals
    root: Path
    site: str
    hurried: Callable[[], Executor]  # one that gives up soon

    def approved(self, plan: Plan) -> Approval:
        request = self.approvals.ask(plan)
        return self.approvals.approve(plan.id, request.digest, "test")

    def plan(self, *steps: Step) -> Plan:
        return plans.build("a test", steps)

    def wait(self, fits: Callable[[Snapshot], bool]) -> Snapshot:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            seen = self.surface.snapshot()
            if seen is not None and fits(seen):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"not seen; windows: {self.desktop.windows()}")


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def stage(desktop: VirtualDesktop, tmp_path: Path, site: str) -> Iterator[Stage]:
    root = tmp_path / "Documents"
    root.mkdir()
    bus = AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    surface = Desktop(bus, tuple, desktop.display)
    launcher = Launcher(chromium_argv("", tmp_path / "profile")[:-1], ["mousepad"], desktop.env)
    clock, windows = WallClock(), XWindows(desktop.display)

    def executor(patience_s: float = 25) -> Executor:
        return Executor(surface, Folders.under(root), clock, launcher, windows, patience_s=patience_s)

    yield Stage(desktop, surface, executor(), Approvals(clock), root, site, lambda: executor(6))
    surface.close()
    bus.close()


def test_a_list_item_is_seen_in_the_editor_and_taken_back(stage: Stage) -> None:
    todo = stage.root / "todo.md"
    todo.write_text("- [ ] milk\n")
    item = plans.add_todo(todo, "the grant report", "Sunday 22 November 2026")
    plan = stage.plan(item, plans.open_path(todo, shows=item.args["line"]))
    outcomes = stage.executor.run(plan, stage.approved(plan))
    assert [o.ok for o in outcomes] == [True, True], outcomes
    assert f"shows “{item.args['line']}”" in outcomes[1].seen
    assert any("todo.md" in title for title in stage.desktop.windows().values())
    undone = stage.executor.undo(plan, outcomes)
    assert [o.ok for o in undone] == [True, True], undone
    assert todo.read_text() == "- [ ] milk\n"
    assert not any("todo.md" in title for title in stage.desktop.windows().values())


def test_a_page_is_seen_by_its_address_and_its_window_closed_again(stage: Stage) -> None:
    plan = stage.plan(plans.open_page(f"{stage.site}/form?q=a%20b"))
    outcomes = stage.executor.run(plan, stage.approved(plan))
    assert outcomes[0].ok, outcomes
    assert "Write a mail" in outcomes[0].seen
    undone = stage.executor.undo(plan, outcomes)
    assert undone[0].ok, undone
    assert not any("Write a mail" in title for title in stage.desktop.windows().values())


def test_a_window_in_which_the_person_went_on_is_left_open(stage: Stage) -> None:
    plan = stage.plan(plans.open_page(f"{stage.site}/form"))
    outcomes = stage.executor.run(plan, stage.approved(plan))
    assert outcomes[0].ok, outcomes
    stage.desktop.key("ctrl+l")
    stage.desktop.type_text("about:blank")
    stage.desktop.key("Delete", "Return")
    assert stage.desktop.wait_window("*about:blank*")
    undone = stage.executor.undo(plan, outcomes)
    assert not undone[0].ok
    assert "something else by now" in undone[0].seen
    assert stage.desktop.wait_window("*about:blank*")


def test_a_forwarded_page_says_so_and_a_tab_of_an_older_window_stays_open(stage: Stage) -> None:
    first = stage.plan(plans.open_page(f"{stage.site}/form?first"))
    assert stage.executor.run(first, stage.approved(first))[0].ok
    plan = stage.plan(plans.open_page(f"{stage.site}/moved?to=form"))
    before = stage.desktop.windows()
    outcomes = stage.executor.run(plan, stage.approved(plan))
    assert outcomes[0].ok, outcomes
    assert "on another page" in outcomes[0].seen
    assert stage.desktop.windows().keys() == before.keys()
    assert "window" not in outcomes[0].undo_token
    assert "nothing to take back" in stage.executor.undo(plan, outcomes)[0].seen
    assert stage.desktop.windows().keys() == before.keys()


def test_text_goes_into_the_field_of_a_page_is_read_back_and_taken_back(stage: Stage) -> None:
    opened = stage.plan(plans.open_page(f"{stage.site}/form"))
    assert stage.executor.run(opened, stage.approved(opened))[0].ok
    seen = stage.wait(lambda s: s.tree is not None and any(n.name == "Subject" for n in s.tree.walk()))
    plan = stage.plan(plans.put_text(seen.window.title, "Subject", "Grant report, final"))
    outcomes = stage.executor.run(plan, stage.approved(plan))
    assert outcomes[0].ok, outcomes
    assert field(stage, "Subject") == "Grant report, final"
    assert field(stage, "To") == ""
    undone = stage.executor.undo(plan, outcomes)
    assert undone[0].ok, undone
    assert field(stage, "Subject") == "draft"


def test_text_goes_into_an_editor_and_is_taken_back(stage: Stage) -> None:
    (stage.root / "notes.txt").write_text("old words")
    opened = stage.plan(plans.open_path(stage.root / "notes.txt"))
    assert stage.executor.run(opened, stage.approved(opened))[0].ok

    seen = stage.wait(lambda s: bool(page_of(s)))
    plan = stage.plan(plans.put_text(seen.window.title, "", "new words", role="text"))
    outcomes = stage.executor.run(plan, stage.approved(plan))
    assert outcomes[0].ok, outcomes
    assert page_of(stage.wait(lambda s: True)) == ["new words"]
    undone = stage.executor.undo(plan, outcomes)
    assert undone[0].ok, undone
    assert page_of(stage.wait(lambda s: True)) == ["old words"]


def test_a_page_nobody_serves_is_a_failure(stage: Stage) -> None:
    hurried = stage.hurried()
    plan = stage.plan(plans.open_page("http://127.0.0.1:9/nothing-listens-here"))
    (outcome,) = hurried.run(plan, stage.approved(plan))
    assert not outcome.ok
    assert "did not appear" in outcome.seen


def test_a_window_with_unsaved_words_is_not_closed_by_force(stage: Stage) -> None:
    file = stage.root / "notes.txt"
    file.write_text("old words")
    hurried = stage.hurried()
    plan = stage.plan(plans.open_path(file))
    outcomes = hurried.run(plan, stage.approved(plan))
    assert outcomes[0].ok, outcomes
    stage.desktop.type_text("my own ")
    stage.wait(lambda s: s.window.title.startswith("*"))
    undone = hurried.undo(plan, outcomes)
    assert not undone[0].ok
    assert "did not close" in undone[0].seen
    assert any("notes.txt" in title for title in stage.desktop.windows().values())
    assert file.read_text() == "old words"


def page_of(seen: Snapshot) -> list[str]:
    nodes = seen.tree.walk() if seen.tree is not None else ()
    return [n.text for n in nodes if n.role == "text" and "editable" in n.states]


def field(stage: Stage, name: str) -> str:
    seen = stage.surface.snapshot()
    assert seen is not None
    assert seen.tree is not None
    return next(n.text for n in seen.tree.walk() if n.name == name and "editable" in n.states)
