from datetime import timedelta
from pathlib import Path

import pytest

from assistants import plan as plans
from assistants.approve import PATIENCE, Approvals
from assistants.plan import digest
from gum.errors import NotAllowed
from gum.types import Plan
from tests.builders import StillClock


def a_plan() -> Plan:
    return plans.build("a goal", [plans.add_todo(Path("/home/a/todo.md"), "milk")])


def test_a_yes_is_for_the_plan_that_was_shown() -> None:
    clock, plan = StillClock(), a_plan()
    approvals = Approvals(clock)
    assert approvals.ask(plan).digest == digest(plan)
    assert approvals.state(plan.id) == "waiting"
    approval = approvals.approve(plan.id, digest(plan), "tray")
    assert (approval.digest, approval.by, approval.at) == (digest(plan), "tray", clock.now())
    assert approvals.state(plan.id) == "approved"


def test_no_answer_is_a_no() -> None:
    clock, plan = StillClock(), a_plan()
    approvals = Approvals(clock)
    approvals.ask(plan)
    clock.move(PATIENCE)
    assert approvals.state(plan.id) == "expired"
    with pytest.raises(NotAllowed, match="no answer in time"):
        approvals.approve(plan.id, digest(plan), "tray")


def test_just_in_time_is_in_time() -> None:
    clock, plan = StillClock(), a_plan()
    approvals = Approvals(clock)
    approvals.ask(plan)
    clock.move(PATIENCE - timedelta(milliseconds=1))
    assert approvals.approve(plan.id, digest(plan), "tray")


def test_a_no_stays_a_no() -> None:
    plan, approvals = a_plan(), Approvals(StillClock())
    approvals.ask(plan)
    approvals.deny(plan.id)
    with pytest.raises(NotAllowed):
        approvals.approve(plan.id, digest(plan), "tray")
    with pytest.raises(NotAllowed):
        approvals.ask(plan)
    assert approvals.state(plan.id) == "denied"


def test_a_question_gives_one_approval() -> None:
    plan, approvals = a_plan(), Approvals(StillClock())
    approvals.ask(plan)
    approvals.approve(plan.id, digest(plan), "tray")
    with pytest.raises(NotAllowed):
        approvals.approve(plan.id, digest(plan), "tray")


def test_a_yes_to_another_digest_or_to_nothing_is_refused_and_the_question_stays_open() -> None:
    plan, approvals = a_plan(), Approvals(StillClock())
    with pytest.raises(NotAllowed, match="Nobody was asked"):
        approvals.approve(plan.id, digest(plan), "tray")
    approvals.ask(plan)
    with pytest.raises(NotAllowed, match="not the one"):
        approvals.approve(plan.id, digest(a_plan()), "tray")
    assert approvals.state(plan.id) == "waiting"


def test_an_expired_question_may_be_asked_again() -> None:
    clock, plan = StillClock(), a_plan()
    approvals = Approvals(clock)
    approvals.ask(plan)
    clock.move(PATIENCE)
    assert approvals.state(plan.id) == "expired"
    approvals.ask(plan)
    assert approvals.approve(plan.id, digest(plan), "tray")
