"""What a plan would do, word for word, before it does it; and what became of it. No network here.

Everything that will be done is shown as it will be done: nothing is shortened, and characters that hide or
reorder others are written out (`words.visible`), because an approval is only worth what it shows.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray import words
from app.tray.wire import Outcome, Plan, Step

INSIDE = 372  # pixels; the width that a card leaves for its steps
LONG = 300  # characters; longer values scroll in a frame of their own

REVERSIBILITY = {
    "read-only": "Nothing is changed",
    "reversible": "Can be undone",
    "irreversible": "✗ Cannot be undone",
}
STATES = {
    "waiting": "Waiting for your answer",
    "running": "At work…",
    "done": "Done, and checked",
    "failed": "Not done as planned",
    "denied": "Denied. Nothing was done.",
    "undone": "Undone, and checked",
    "expired": "Nobody answered in time. Nothing was done.",
}


def steps_view(plan: Plan) -> QWidget:
    """Every step with what, where, the exact data, reversibility, risk and undo, in a scroll area."""
    inside = QWidget()
    rows = parts.column(*(_step(number, step) for number, step in enumerate(plan.steps, 1)), gap=style.GAP)
    rows.addStretch(1)
    inside.setLayout(rows)
    return scrolling(inside, "Steps")


class Scrolling(QScrollArea):
    """Asks for the height of what is in it, and makes do with less: then it scrolls."""

    def sizeHint(self) -> QSize:  # noqa: N802
        holder = self.widget()
        inside = holder.layout() if holder is not None else None
        if inside is None:
            return super().sizeHint()
        wanted = inside.heightForWidth(INSIDE) if inside.hasHeightForWidth() else inside.sizeHint().height()
        return QSize(INSIDE, wanted + style.HALF)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, min(96, self.sizeHint().height()))


def scrolling(inside: QWidget, name: str) -> Scrolling:
    area = Scrolling()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setAccessibleName(name)
    return area


def _step(number: int, step: Step) -> QFrame:
    grid = QGridLayout()
    grid.setHorizontalSpacing(style.MARGIN)
    grid.setVerticalSpacing(style.HALF)
    grid.setColumnStretch(1, 1)
    facts = _facts(step)
    told = [(key.replace("_", " ").capitalize(), value) for key, value in step.args.items()]
    for label, said in facts[:-2] + told + facts[-2:]:
        shown = words.visible(said)
        long = "\n" in shown or len(shown) > LONG
        _line(grid, label, exact(shown, label) if long else Text(shown))
    title = Text(f"{number}. {words.visible(step.what)}", bold=True)
    return parts.box("box", parts.column(title, grid, margin=style.GAP + style.HALF))


def _facts(step: Step) -> list[tuple[str, str]]:
    """The lines of a step; an empty fact makes no line, except for risk and undo, which are always told."""
    facts = [("Where", step.where)]
    if step.target and step.target != step.where:
        facts.append(("Exactly", step.target))
    facts.append(("Risk", step.risk or "None known"))
    kind = REVERSIBILITY.get(step.reversibility, step.reversibility)
    facts.append(("Undo", f"{kind}: {step.undo}" if step.undo else kind))
    return [(label, said) for label, said in facts if said]


def _line(grid: QGridLayout, label: str, value: QWidget) -> None:
    row = grid.rowCount()
    head = Text(label, muted=True)
    head.setMinimumWidth(head.sizeHint().width())
    grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(value, row, 1)


def exact(text: str, name: str) -> QPlainTextEdit:
    """Text as it will be used, to the character; it scrolls when long and can be copied."""
    made = QPlainTextEdit(text, readOnly=True)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    lines = min(8, max(1, text.count("\n") + 1 + len(text) // 44))
    made.setFixedHeight(lines * made.fontMetrics().lineSpacing() + 24)
    return made


def outcome_lines(steps: tuple[Step, ...], outcomes: tuple[Outcome, ...]) -> list[str]:
    """What became of each step, one line each; a step without an outcome was not run."""
    known = {each.step_index: each for each in outcomes}
    lines = []
    for index, step in enumerate(steps):
        outcome = known.get(index)
        what = words.visible(words.one_line(step.what))
        if outcome is None:
            lines.append(f"–  {what}: not run")
        elif outcome.ok:
            lines.append(f"✓  {what}: {_seen(outcome, 'seen')}")
        else:
            lines.append(f"✗  {what}: {_seen(outcome, 'failed')}")
    return lines


def _seen(outcome: Outcome, otherwise: str) -> str:
    return words.visible(words.one_line(outcome.seen)) or otherwise


def outcomes_view(plan: Plan) -> QWidget:
    """The state in words and one line a step."""
    inside = QWidget()
    layout = QVBoxLayout(inside)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(Text(STATES.get(plan.state, plan.state), bold=True))
    if plan.state not in ("denied", "expired", "waiting", "running"):
        for line in outcome_lines(plan.steps, plan.outcomes):
            layout.addWidget(Text(line))
    layout.addStretch(1)
    return scrolling(inside, "What became of it")
