"""Telling Gumption something in one's own words: a line for now and then, a window at the first start."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray.client import Client
from app.tray.wire import Problem

MOST = 4000  # characters the daemon takes at once
ASKED = "Tell Gumption a little about yourself?"
HOW = (
    "A few lines, if you like: what you do, what you are working on, what you prefer. Gumption starts with "
    "them instead of guessing. You can leave this empty, and see, change or forget all of it later under "
    "“What I know”. It is kept like all else it knows, on this computer."
)
EXAMPLE = "I work as a nurse.\nI am learning Portuguese.\nI prefer reminders in the morning."


class OwnWords(QWidget):
    """One line to tell something with. Emits `failed` with a Problem, and `kept` once it was taken."""

    failed = Signal(object)
    kept = Signal()

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self.button = parts.button(
            "Tell", self.send, tip="It is learnt from, and can be forgotten like all else"
        )
        self.button.setEnabled(False)
        self.line = QLineEdit(placeholderText="Tell Gumption something about yourself", maxLength=MOST)
        self.line.setAccessibleName("Tell Gumption something about yourself")
        self.line.returnPressed.connect(self.send)
        self.line.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        layout = parts.row(self.line, self.button)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def send(self) -> None:
        text = self.line.text().strip()
        if text and not self.line.isReadOnly():
            self.line.setReadOnly(True)  # not disabled: it would lose the focus, and more may be typed next
            self._client.post("/tell", {"text": text}, self._kept, self._refused, owner=self)

    def _kept(self, _: object) -> None:
        self.line.setReadOnly(False)
        self.line.clear()
        self.line.setPlaceholderText("Noted. Anything else?")
        self.kept.emit()

    def _refused(self, problem: Problem) -> None:
        self.line.setReadOnly(False)
        self.failed.emit(problem)


class WelcomeWindow(parts.Window):
    """Asks once, at the first start. However it is closed, it does not come again."""

    def __init__(self, client: Client) -> None:
        super().__init__("welcome", 520, 380)
        self._client = client
        self._answered = False
        self.banner = parts.Banner()
        self.text = QPlainTextEdit(placeholderText=EXAMPLE)
        self.text.setAccessibleName("A few lines about yourself")
        self.text.setTabChangesFocus(True)
        self.keep = parts.button("Keep this", self._keep, role="primary")
        self.skip = parts.button("Rather not", self.close, tip="Gumption learns by itself; it takes longer")
        page = parts.column(
            self.banner,
            Text(ASKED, scale=1.25, bold=True),
            Text(HOW, muted=True),
            self.text,
            parts.row(None, self.skip, self.keep),
            margin=style.MARGIN,
        )
        page.setStretch(3, 1)
        self.setLayout(page)

    def _keep(self) -> None:
        text = self.text.toPlainText().strip()[:MOST]
        self.keep.setEnabled(False)
        self._client.post("/welcome", {"text": text}, self._taken, self._refused, owner=self)

    def _taken(self, _: object) -> None:
        self._answered = True
        self.close()

    def _refused(self, problem: Problem) -> None:
        self.keep.setEnabled(True)
        self.banner.tell(problem)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if not self._answered:
            self._answered = True
            self._client.post("/welcome", {"text": ""}, lambda _: None, lambda _: None)
        super().closeEvent(event)
