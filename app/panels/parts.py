"""Small pieces the windows share: buttons, banners, questions, empty states, frames."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, SignalInstance
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLayout,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.panels import style
from app.panels.text import Text
from app.tray import words
from app.tray.wire import Problem


def button(
    text: str, do: Callable[[], object], *, role: str = "", name: str = "", tip: str = ""
) -> QPushButton:
    """A push button. `role` is "primary", "danger", "quiet" or ""; `name` is its accessible name."""
    made = QPushButton(words.menu(text))
    made.setAccessibleName(name or text)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    if tip:
        made.setToolTip(words.tip(tip))
        made.setAccessibleDescription(tip)
    made.clicked.connect(lambda: do())
    return made


def choice(editable: bool = False) -> QComboBox:
    """A combo box as high as the lines of text beside it."""
    made = QComboBox()
    made.setEditable(editable)
    made.setMinimumHeight(32)
    return made


class Check(QCheckBox):
    """A check box whose edge can be seen: Fusion draws it darker than the ground, also where that is dark."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        c = style.colours()
        painter.setPen(QColor(c.muted if self.isEnabled() else c.border))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 2, 2)
        painter.end()


def column(*items: QWidget | QLayout, margin: int = 0, gap: int = style.GAP) -> QVBoxLayout:
    made = QVBoxLayout()
    _fill(made, items, margin, gap)
    return made


def row(*items: QWidget | QLayout | None, margin: int = 0, gap: int = style.GAP) -> QHBoxLayout:
    """None stands for the place that takes the free room."""
    made = QHBoxLayout()
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    for item in items:
        if item is None:
            made.addStretch(1)
        elif isinstance(item, QWidget):
            made.addWidget(item)
        else:
            made.addLayout(item)
    return made


def _fill(layout: QVBoxLayout, items: tuple[QWidget | QLayout, ...], margin: int, gap: int) -> None:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    for item in items:
        if isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def box(role: str, inside: QLayout) -> QFrame:
    """A frame; `role` is "box", "banner" or "card"."""
    made = QFrame()
    made.setProperty("role", role)
    made.setLayout(inside)
    return made


def heading(text: str) -> Text:
    return Text(text, scale=1.05, bold=True)


class Banner(QFrame):
    """Says what went wrong and what to do. Hidden while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._title = Text(bold=True)
        self._hint = Text()
        close = button("Dismiss", self.hide, role="quiet", name="Dismiss message")
        said = column(self._title, self._hint, gap=2)
        layout = row(said, close, margin=style.GAP)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def tell(self, problem: Problem) -> None:
        self._title.setText(problem.title)
        self._hint.setText(problem.hint)
        self._hint.setVisible(bool(problem.hint))
        self.setAccessibleName(f"{problem.title}. {problem.hint}")
        self.show()

    @property
    def told(self) -> str:
        """What it says; "" while hidden."""
        return "" if self.isHidden() else self.accessibleName()


class Empty(QWidget):
    """What a list shows when it has nothing to show, and why that may be."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = Text(title, scale=1.1, bold=True)
        self._text = Text(text, muted=True)
        layout = column(margin=style.MARGIN * 2, gap=style.GAP)
        layout.addStretch(1)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addStretch(2)
        self.setLayout(layout)

    def say(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._text.setText(text)


class Window(QWidget):
    """A window of ours. Its title begins with "Gumption": by that the privacy rules know our own windows.

    Esc and the usual key close it; closing hides it, so that it comes back where it was.
    """

    def __init__(self, title: str, width: int, height: int) -> None:
        super().__init__()
        self.setWindowTitle(f"Gumption: {title}")
        self.resize(width, height)
        for key in (QKeySequence.StandardKey.Cancel, QKeySequence.StandardKey.Close):
            QShortcut(QKeySequence(key), self).activated.connect(self.close)

    def present(self) -> None:
        """Shows the window in front."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()


class Question(QMessageBox):
    """Asks before something that cannot be taken back. "Cancel" is what Enter and Esc choose."""

    _asked: ClassVar[set["Question"]] = set()  # one without a parent would be collected while it is asked

    def __init__(
        self, parent: QWidget | None, title: str, text: str, yes: str, then: Callable[[], object]
    ) -> None:
        super().__init__(parent)
        self._then = then
        self.setWindowTitle(f"Gumption: {title}")
        self.setIcon(QMessageBox.Icon.Warning)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self._go = self.addButton(words.menu(yes), QMessageBox.ButtonRole.DestructiveRole)
        self._go.setAccessibleName(yes)
        self._go.setProperty("role", "danger")
        cancel = self.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(cancel)
        self.setEscapeButton(cancel)
        self.finished.connect(self._answered)
        self._asked.add(self)

    def _answered(self, _: int) -> None:
        yes = self.clickedButton() is self._go
        self._asked.discard(self)
        self.deleteLater()
        if yes:
            self._then()


def confirm(parent: QWidget | None, title: str, text: str, yes: str, then: Callable[[], object]) -> Question:
    """Calls `then` if the person presses `yes`; does not wait for it."""
    asked = Question(parent, title, text, yes, then)
    asked.open()
    return asked


def action(parent: QWidget, text: str, do: Callable[[], object], key: str = "") -> QAction:
    """An action of `parent`, with an optional shortcut such as "Ctrl+F"."""
    made = QAction(text, parent)
    if key:
        made.setShortcut(QKeySequence(key))
    made.triggered.connect(lambda: do())
    parent.addAction(made)
    return made


def every(parent: QWidget, milliseconds: int, do: Callable[[], object]) -> QTimer:
    """A timer that calls `do` while `parent` is visible."""
    made = QTimer(parent, interval=milliseconds)
    made.timeout.connect(lambda: do() if parent.isVisible() else None)
    made.start()
    return made


def while_shown(signal: SignalInstance, window: QWidget, do: Callable[[], object]) -> None:
    """Calls `do` at each `signal` while `window` is visible. The sender may outlive the window."""
    signal.connect(lambda *_: do() if isValid(window) and window.isVisible() else None)
