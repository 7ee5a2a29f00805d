"""What the demo's person approves, and what counts as done."""

from app.demo.consent import Answered, can_be_taken_back


def test_only_a_plan_that_changes_something_and_can_be_undone_is_approved() -> None:
    assert can_be_taken_back({"Can be undone: Remove it.", "Nothing is changed: Close the window."})
    assert not can_be_taken_back({"Approve", "Nothing is changed"})
    assert not can_be_taken_back({"Can be undone: Remove it.", "✗ Cannot be undone"})


def test_done_means_every_step_was_seen() -> None:
    good = {"step_index": 0, "ok": True, "seen": "yes"}
    assert Answered(plan={"state": "done", "steps": [1], "outcomes": [good]}).verified
    for plan in (
        {"state": "done", "steps": [1, 2], "outcomes": [good]},
        {"state": "done", "steps": [], "outcomes": []},
        {"state": "failed", "steps": [1], "outcomes": [good]},
        {"state": "done", "steps": [1], "outcomes": [{**good, "ok": False}]},
    ):
        assert not Answered(plan=plan).verified
    assert not Answered().verified and not Answered().taken_back
    assert Answered(undone={"state": "undone"}).taken_back
