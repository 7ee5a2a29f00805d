from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.panels.propositions import PropositionModel, newest_first
from app.tray.wire import Proposition

START = datetime(2026, 1, 1, tzinfo=UTC)


def item(number: int, minutes: int = 0, type_: str = "a", status: str = "active") -> Proposition:
    at = START + timedelta(minutes=minutes)
    return Proposition(f"p{number}", f"text {number}", type_, type_.upper(), supported_at=at, status=status)


ITEMS = st.builds(
    item, st.integers(0, 6), st.integers(0, 50), st.sampled_from("ab"), st.sampled_from(["active", "stale"])
)
STEPS = st.lists(ITEMS | st.integers(0, 6) | st.sampled_from(["", "a"]), max_size=25)


@given(STEPS)
def test_after_any_changes_the_rows_are_the_active_ones_newest_first(
    steps: list[Proposition | int | str],
) -> None:
    model = PropositionModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    known: dict[str, Proposition] = {}
    kept = ""
    for step in steps:
        if isinstance(step, Proposition):
            model.take(step)
            known.pop(step.id, None)
            if step.status == "active":
                known[step.id] = step
        elif isinstance(step, int):
            model.drop([f"p{step}"])
            known.pop(f"p{step}", None)
        else:
            model.keep_type(step)
            kept = step
    rows = [model.at(row) for row in range(model.rowCount())]
    wanted = [each for each in known.values() if not kept or each.type == kept]
    assert sorted(each.id for each in rows) == sorted(each.id for each in wanted)
    assert [each.supported_at for each in rows] == [each.supported_at for each in newest_first(wanted)]
    assert model.total == len(known)
    del tester


def test_a_row_whose_type_changes_leaves_a_filtered_list() -> None:
    model = PropositionModel()
    model.show([item(1, type_="a")])
    model.keep_type("a")
    model.take(item(1, type_="b"))
    assert model.rowCount() == 0
    assert model.total == 1


def test_search_results_keep_the_daemons_order_and_take_no_strangers() -> None:
    model = PropositionModel()
    model.show([item(1, 1), item(2, 9)], ranked=True)
    model.take(item(3, 99))
    model.take(replace(item(1, 1), text="changed"))
    assert [model.at(row).text for row in range(model.rowCount())] == ["changed", "text 2"]


@pytest.mark.parametrize("role", [Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole])
def test_a_row_tells_all_of_itself(qtbot: QtBot, role: Qt.ItemDataRole) -> None:
    model = PropositionModel()
    model.show([replace(item(1), text="likes <b>", confidence=0.83)])
    said = str(model.data(model.index(0), int(role)))
    assert "likes" in said
    if role == Qt.ItemDataRole.ToolTipRole:
        assert "<b>" not in said
    else:
        assert "quite sure, 83 %" in said
