"""The executor against real files and a stand-in for the screen; the real screen: test_act_desktop."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistants import plan as plans
from assistants.act import Entry, Executor
from assistants.approve import Approval
from assistants.guard import Folders
from assistants.launch import Launcher
from assistants.plan import digest
from gum.errors import NotAllowed
from gum.types import Plan, Step
from gum.ui import Snapshot
from tests.assistants.builders import FakeSurface, entry, page, window
from tests.builders import StillClock

STAMP = "2026-11-20T12:00:00+00:00"


class Desk:
    """An executor with its folder, clock, screen and journal."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = StillClock()
        self.surface = FakeSurface()
        self.journal: list[Entry] = []
        self.executor = self.fresh()

    def fresh(self, spent: tuple[str, ...] = ()) -> Executor:
        return Executor(
            self.surface,
            Folders.under(self.root),
            self.clock,
            # Nothing opens in these tests: what would be opened must never appear.
            Launcher(("true",), ("true",)),
            journal=self.journal.append,
            spent=spent,
            patience_s=0.3,
        )

    def yes(self, plan: Plan) -> Approval:
        return Approval(digest(plan), "test", self.clock.now())

    def files(self) -> dict[str, str]:
        return {str(p.relative_to(self.root)): p.read_text() for p in self.root.rglob("*") if p.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "Documents").mkdir()
    return Desk(tmp_path / "Documents")


def both(desk: Desk) -> Plan:
    return plans.build(
        "prepare",
        [
            plans.make_event(desk.root / "talk.ics", "Talk", "2026-11-27", STAMP),
            plans.add_todo(desk.root / "todo.md", "Prepare for the talk"),
        ],
    )


def test_an_approved_plan_is_done_verified_and_taken_back_last_first(desk: Desk) -> None:
    (desk.root / "todo.md").write_text("- [ ] milk\n")
    before, plan = desk.files(), both(desk)
    outcomes = desk.executor.run(plan, desk.yes(plan))
    assert [o.ok for o in outcomes] == [True, True]
    assert desk.files()["todo.md"] == "- [ ] milk\n- [ ] Prepare for the talk\n"
    assert "SUMMARY:Talk" in desk.files()["talk.ics"]
    undone = desk.executor.undo(plan, outcomes)
    assert [(o.step_index, o.ok) for o in undone] == [(1, True), (0, True)]
    assert desk.files() == before


def test_the_journal_tells_each_deed_before_and_after_it(desk: Desk) -> None:
    plan = both(desk)
    desk.executor.undo(plan, desk.executor.run(plan, desk.yes(plan)))
    told = [(e.event, e.step_index) for e in desk.journal]
    assert told == [
        *[("approved", -1), ("begin", 0), ("done", 0), ("begin", 1), ("done", 1)],
        *[("undo", 1), ("undone", 1), ("undo", 0), ("undone", 0)],
    ]
    assert {e.digest for e in desk.journal} == {digest(plan)}


def test_without_an_approval_nothing_happens(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="Nobody approved"):
        desk.executor.run(both(desk), None)
    assert desk.files() == {}
    assert [e.event for e in desk.journal] == ["refused"]


def test_an_approval_of_another_plan_moves_nothing(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.executor.run(both(desk), desk.yes(both(desk)))
    assert desk.files() == {}


@pytest.mark.parametrize("field", ["target", "args", "kind", "order"])
def test_a_plan_changed_after_the_approval_is_refused(desk: Desk, field: str) -> None:
    plan = both(desk)
    approval = desk.yes(plan)
    first, second = plan.steps
    changed: dict[str, tuple[Step, ...]] = {
        "target": (first, replace(second, target=str(desk.root / "other.md"))),
        "args": (first, replace(second, args={"line": "- [ ] buy what I say"})),
        "kind": (first, replace(second, kind="open_path")),
        "order": (second, first),
    }
    with pytest.raises(NotAllowed):
        desk.executor.run(replace(plan, steps=changed[field]), approval)
    assert desk.files() == {}


def test_an_approval_lasts_a_minute_and_none_comes_from_the_future(desk: Desk) -> None:
    plan = both(desk)
    approval = desk.yes(plan)
    desk.clock.move(timedelta(seconds=60))
    with pytest.raises(NotAllowed, match="expired"):
        desk.executor.run(plan, approval)
    with pytest.raises(NotAllowed, match="expired"):
        desk.executor.run(plan, replace(approval, at=desk.clock.now() + timedelta(seconds=1)))
    assert desk.files() == {}


def test_a_plan_runs_once_even_with_a_second_approval_or_after_a_restart(desk: Desk) -> None:
    plan = plans.build("once", [plans.add_todo(desk.root / "todo.md", "milk")])
    desk.executor.run(plan, desk.yes(plan))
    for executor in (desk.executor, desk.fresh(spent=(digest(plan),))):
        with pytest.raises(NotAllowed, match="already"):
            executor.run(plan, desk.yes(plan))
    assert desk.files() == {"todo.md": "- [ ] milk\n"}


def test_a_plan_is_taken_back_once(desk: Desk) -> None:
    plan = plans.build("once", [plans.add_todo(desk.root / "todo.md", "milk")])
    outcomes = desk.executor.run(plan, desk.yes(plan))
    desk.executor.undo(plan, outcomes)
    with pytest.raises(NotAllowed, match="already"):
        desk.executor.undo(plan, outcomes)


def test_a_card_that_lies_about_its_step_is_refused_though_approved(desk: Desk) -> None:
    honest = plans.add_todo(desk.root / "todo.md", "pay the attacker")
    lie = replace(honest, what="Add this line at the end: - [ ] milk")
    plan = plans.build("a lie", [lie])
    with pytest.raises(NotAllowed, match="something else"):
        desk.executor.run(plan, desk.yes(plan))
    assert desk.files() == {}


def test_hard_blocks_hold_though_approved_and_before_the_first_step(desk: Desk, tmp_path: Path) -> None:
    (desk.root / "link").symlink_to(tmp_path)
    good = plans.add_todo(desk.root / "todo.md", "milk")
    page_step = plans.open_page("https://example.org/")
    bad = [
        plans.add_todo(tmp_path / "outside.md", "x"),
        plans.add_todo(desk.root / ".." / "outside.md", "x"),
        plans.add_todo(desk.root / "link" / "outside.md", "x"),
        plans.open_path(desk.root / "run.sh"),
        plans.open_program(Path("/bin/sh")),
        plans.make_event(desk.root / "a.ics", "a", "no date", STAMP),
        replace(page_step, target="javascript:alert(1)"),
        replace(page_step, target="https://user:pass@example.org/"),
        replace(page_step, kind="run_shell"),
    ]
    for step in bad:
        plan = plans.build("bad", [good, step])
        with pytest.raises(NotAllowed):
            desk.executor.run(plan, desk.yes(plan))
    assert desk.files() == {}
    assert not (tmp_path / "outside.md").exists()


def test_the_first_failure_ends_the_plan_and_is_told(desk: Desk) -> None:
    (desk.root / "talk.ics").write_text("mine")
    plan = both(desk)
    outcomes = desk.executor.run(plan, desk.yes(plan))
    assert [o.ok for o in outcomes] == [False]
    assert "already there" in outcomes[0].seen
    assert desk.files() == {"talk.ics": "mine"}
    desk.executor.undo(plan, outcomes)
    assert desk.files() == {"talk.ics": "mine"}


def test_a_page_that_does_not_appear_is_a_failure(desk: Desk) -> None:
    desk.surface.seen = Snapshot(window("Other", url="https://other.example/"), page())
    plan = plans.build("look", [plans.open_page("https://example.org/")])
    (outcome,) = desk.executor.run(plan, desk.yes(plan))
    assert not outcome.ok
    assert "did not appear" in outcome.seen


def test_another_page_of_the_same_site_that_was_there_before_is_not_the_page(desk: Desk) -> None:
    desk.surface.seen = Snapshot(window("Old", url="https://example.org/old"), page())
    plan = plans.build("look", [plans.open_page("https://example.org/new")])
    assert not desk.executor.run(plan, desk.yes(plan))[0].ok


def test_a_file_that_is_not_there_is_not_opened(desk: Desk) -> None:
    plan = plans.build("look", [plans.open_path(desk.root / "gone.txt")])
    (outcome,) = desk.executor.run(plan, desk.yes(plan))
    assert not outcome.ok
    assert "not there" in outcome.seen


def mail(desk: Desk, *fields: str) -> None:
    nodes = [entry(name, "before", ref=f":1/{i}") for i, name in enumerate(fields)]
    desk.surface.seen = Snapshot(window("Mail"), page(*nodes))


def texts(desk: Desk) -> list[str]:
    assert desk.surface.seen is not None
    assert desk.surface.seen.tree is not None
    return [node.text for node in desk.surface.seen.tree.children]


def test_text_is_put_into_its_field_read_back_and_taken_back(desk: Desk) -> None:
    mail(desk, "To", "Subject")
    plan = plans.build("write", [plans.put_text("Mail", "Subject", "Hello")])
    outcomes = desk.executor.run(plan, desk.yes(plan))
    assert outcomes[0].ok
    assert texts(desk) == ["before", "Hello"]
    assert desk.executor.undo(plan, outcomes)[0].ok
    assert texts(desk) == ["before", "before"]


def test_a_field_that_made_another_text_of_it_is_a_failure(desk: Desk) -> None:
    mail(desk, "Subject")
    desk.surface.stubborn = True
    plan = plans.build("write", [plans.put_text("Mail", "Subject", "Hello")])
    outcomes = desk.executor.run(plan, desk.yes(plan))
    assert not outcomes[0].ok
    assert "does not hold" in outcomes[0].seen


def test_a_field_changed_since_is_left_alone(desk: Desk) -> None:
    mail(desk, "Subject")
    plan = plans.build("write", [plans.put_text("Mail", "Subject", "Hello")])
    outcomes = desk.executor.run(plan, desk.yes(plan))
    desk.surface.set_text(":1/0", "Hello, and my own words")
    assert not desk.executor.undo(plan, outcomes)[0].ok
    assert texts(desk) == ["Hello, and my own words"]


def test_two_fields_of_one_name_or_another_window_get_nothing(desk: Desk) -> None:
    mail(desk, "Subject", "Subject")
    for title in ("Mail", "Editor"):
        plan = plans.build("write", [plans.put_text(title, "Subject", "Hello")])
        assert not desk.executor.run(plan, desk.yes(plan))[0].ok
    assert texts(desk) == ["before", "before"]


def test_outcomes_of_another_plan_take_nothing_back(desk: Desk) -> None:
    plan = both(desk)
    outcomes = desk.executor.run(plan, desk.yes(plan))
    with pytest.raises(NotAllowed, match="not of that plan"):
        desk.executor.undo(plan, outcomes[::-1])
    assert len(desk.files()) == 2
