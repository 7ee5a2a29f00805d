from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.own import OPENED_FOR, deed_of, disown
from assistants import plan as plans
from gum.types import Trust
from tests.builders import NOON, observation

TODO = Path("/home/robin/Documents/todo.md")
PLAN = plans.build(
    "Remind",
    [
        plans.add_todo(TODO, "send the report", "Friday"),
        plans.open_path(TODO),
        plans.open_page("https://a.example/x"),
    ],
)
DEED = deed_of(PLAN, NOON)
LATER = NOON + timedelta(minutes=1)


def test_a_line_that_a_plan_wrote_is_not_the_persons() -> None:
    text = "- [ ] buy milk\n- [ ] send the report (by Friday)"
    seen = observation(text, at=LATER, title="todo.md - Mousepad")
    assert disown(seen, [DEED]).text == "- [ ] buy milk"
    assert disown(seen, [DEED]).trust is Trust.AUTHORED


def test_a_text_of_nothing_else_asserts_nothing() -> None:
    seen = observation("- [ ] send the report (by Friday)", at=LATER)
    assert disown(seen, [DEED]).trust is Trust.SYSTEM


def test_a_window_and_a_page_that_a_plan_opened_are_no_deeds_of_the_person() -> None:
    window = observation(
        "todo.md - Mousepad", source="window", title="todo.md - Mousepad", trust=Trust.ACTED_ON, at=LATER
    )
    page = observation(
        "X", source="window", title="X", url="https://a.example/x", trust=Trust.ACTED_ON, at=LATER
    )
    assert disown(window, [DEED]).trust is Trust.SYSTEM
    assert disown(page, [DEED]).trust is Trust.SYSTEM


def test_what_is_read_in_such_a_window_is_no_deed_either_but_what_is_typed_is() -> None:
    shown = observation("a notice", title="todo.md - Mousepad", trust=Trust.READ, at=LATER)
    typed = observation("buy milk", title="todo.md - Mousepad", trust=Trust.AUTHORED, at=LATER)
    assert disown(shown, [DEED]).trust is Trust.SYSTEM
    assert disown(typed, [DEED]) == typed


def test_the_same_window_before_and_long_after_is_the_persons() -> None:
    for at in (NOON - timedelta(minutes=1), NOON + OPENED_FOR + timedelta(seconds=1)):
        window = observation(
            "todo.md", source="window", title="todo.md - Mousepad", trust=Trust.ACTED_ON, at=at
        )
        assert disown(window, [DEED]) == window


@given(st.text())
def test_without_deeds_nothing_changes(text: str) -> None:
    seen = observation(text, at=LATER)
    assert disown(seen, []) == seen


@given(st.lists(st.text(alphabet="abc \t", max_size=12)))
def test_lines_nobody_wrote_for_the_person_stay(lines: list[str]) -> None:
    seen = observation("\n".join(lines), at=LATER)
    assert disown(seen, [DEED]) == seen
