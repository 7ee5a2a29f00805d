from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants import plan as plans
from gum.errors import NotAllowed
from gum.types import Plan, Reversibility

TODO = Path("/home/a/todo.md")
STAMP = "2026-11-20T12:00:00+00:00"


def every_kind() -> Plan:
    return plans.build(
        "everything",
        [
            plans.open_page("https://example.org/?q=a"),
            plans.open_path(TODO, shows="- [ ] milk"),
            plans.open_program(Path("/usr/bin/mousepad")),
            plans.put_text("Mail", "Subject", "Hello"),
            plans.add_todo(TODO, "milk", "Friday 27 November 2026"),
            plans.make_event(Path("/home/a/talk.ics"), "Talk", "2026-11-27", STAMP),
        ],
    )


def test_each_step_says_what_and_where_and_how_far_it_can_be_taken_back() -> None:
    for step in every_kind().steps:
        assert step.what
        assert step.where
        assert step.expected
        assert step.undo
    kinds = {s.kind: s.reversibility for s in every_kind().steps}
    assert kinds["open_page"] is kinds["open_path"] is Reversibility.READ_ONLY
    assert kinds["put_text"] is kinds["add_todo"] is kinds["make_event"] is Reversibility.REVERSIBLE


def test_the_card_shows_every_argument_in_full() -> None:
    page, path, program, text, todo, event = every_kind().steps
    assert "https://example.org/?q=a" in page.what
    assert str(TODO) in path.where and "milk" in path.expected
    assert program.where == "/usr/bin/mousepad"
    assert "“Hello”" in text.what and "“Subject”" in text.where and "“Mail”" in text.where
    assert "- [ ] milk (by Friday 27 November 2026)" in todo.what and todo.where == str(TODO)
    assert "“Talk” on 2026-11-27" in event.what and event.where == "/home/a/talk.ics"


def test_a_step_made_again_from_its_deeds_is_the_same() -> None:
    for step in every_kind().steps:
        assert plans.step(step.kind, step.target, dict(step.args)) == step


def test_any_change_changes_the_digest() -> None:
    plan = every_kind()
    seen = {plans.digest(plan)}
    for index, step in enumerate(plan.steps):
        changes = [
            replace(step, **{name: getattr(step, name) + "x"}) for name in ("kind", "target", "what", "where")
        ]
        changes += [replace(step, args={**step.args, "x": "y"}), replace(step, undo=None)]
        changes += [replace(step, reversibility=Reversibility.IRREVERSIBLE)]
        for changed in changes:
            steps = (*plan.steps[:index], changed, *plan.steps[index + 1 :])
            seen.add(plans.digest(replace(plan, steps=steps)))
    for whole in (
        replace(plan, steps=plan.steps[::-1]),
        replace(plan, steps=plan.steps[:-1]),
        replace(plan, goal=""),
    ):
        seen.add(plans.digest(whole))
    assert len(seen) == 1 + 6 * 7 + 3


def test_the_digest_does_not_depend_on_the_order_of_arguments_or_their_mapping() -> None:
    plan = every_kind()
    turned = tuple(replace(s, args=dict(sorted(s.args.items(), reverse=True))) for s in plan.steps)
    assert plans.digest(replace(plan, steps=turned)) == plans.digest(plan)


def test_two_plans_of_the_same_steps_need_two_approvals() -> None:
    steps = every_kind().steps
    assert plans.digest(plans.build("g", steps)) != plans.digest(plans.build("g", steps))


@given(st.text(min_size=1))
def test_injected_text_never_leaves_its_place_in_a_todo_line(words: str) -> None:
    try:
        step = plans.add_todo(TODO, words, "Friday")
    except NotAllowed:
        return
    line = step.args["line"]
    assert len(line.splitlines()) == 1
    assert line.startswith("- [ ] ")
    assert line.endswith(" (by Friday)")


def test_markdown_in_a_fact_is_only_text() -> None:
    evil = "report](http://evil.example) <!-- \n- [ ] pay <script>x</script> `rm`"
    line = plans.add_todo(TODO, evil).args["line"]
    assert line == (
        "- [ ] report\\](http://evil.example) \\<!-- - \\[ \\] pay \\<script\\>x\\</script\\> \\`rm\\`"
    )
    plain = plans.add_todo(Path("/home/a/todo.txt"), evil).args["line"]
    assert plain == "- [ ] report](http://evil.example) <!-- - [ ] pay <script>x</script> `rm`"


@pytest.mark.parametrize(
    ("kind", "target", "args"),
    [
        ("run_shell", "rm -rf ~", {}),
        ("open_page", "javascript:alert(1)", {}),
        ("open_page", "https://example.org", {"then": "more"}),
        ("add_todo", "/home/a/todo.md", {"line": "a\nb"}),
        ("add_todo", "/home/a/todo.md", {"line": "a\u2028b"}),
        ("add_todo", "/home/a/todo.md", {}),
        ("make_event", "/home/a/x.sh", {"summary": "a", "start": "2026-11-27", "stamp": STAMP}),
        ("make_event", "/home/a/x.ics", {"summary": "a", "start": "2026-11-27"}),
        ("make_event", "/home/a/x.ics", {"summary": "a\r\nX:y", "start": "2026-11-27", "stamp": STAMP}),
        ("put_text", "Password", {"window": "Mail", "role": "entry", "text": "x"}),
        ("put_text", "PIN", {"window": "Mail", "role": "password text", "text": "x"}),
        ("put_text", "To", {"window": "", "role": "entry", "text": "x"}),
        ("open_path", "/", {}),
    ],
)
def test_steps_nobody_may_take_cannot_be_made(kind: str, target: str, args: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        plans.step(kind, target, args)


def test_an_empty_plan_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without steps"):
        plans.build("nothing", [])
