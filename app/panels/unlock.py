"""The window that unlocks the store: it asks for the passphrase, or for a click where none is needed."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit

from app.panels import parts, style
from app.panels.text import Text
from app.tray.client import Client
from app.tray.wire import Problem

UNLOCK_S = 120.0  # an upgrade of a large database may come with it
BY_PASSPHRASE = "Nothing is observed, and nothing that is known can be read without your passphrase."
BY_BUTTON = (
    "Nothing is observed, and nothing that is known is in memory. No passphrase is set, so whoever sits here "
    "can unlock it; `gumption key passphrase` sets one."
)


class UnlockWindow(parts.Window):
    """Named "Gumption: unlock"."""

    def __init__(self, client: Client) -> None:
        super().__init__("unlock", 460, 220)
        self._client = client
        self.told = Text()
        self.typed = QLineEdit()
        self.typed.setEchoMode(QLineEdit.EchoMode.Password)
        self.typed.setAccessibleName("Passphrase")
        self.typed.setMinimumHeight(32)
        self.typed.returnPressed.connect(self.unlock)
        self.wrong = Text(bold=True)
        self.hint = Text(muted=True)
        self.go = parts.button("Unlock", self.unlock, role="primary")
        page = parts.column(
            parts.heading("Gumption is locked"),
            self.told,
            self.typed,
            self.wrong,
            self.hint,
            parts.row(None, parts.button("Later", self.close), self.go),
            margin=style.MARGIN,
        )
        page.addStretch(1)
        self.setLayout(page)

    def present(self) -> None:
        status = self._client.status
        asks = status is not None and status.unlock_by == "passphrase"
        self.told.setText(BY_PASSPHRASE if asks else BY_BUTTON)
        self.typed.setVisible(asks)
        self._say(None)
        super().present()
        self.typed.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.typed.clear()
        super().closeEvent(event)

    def unlock(self) -> None:
        """Sends what was typed; the window stays until it was right."""
        asks = self.typed.isVisible()
        if not self.go.isEnabled() or (asks and not self.typed.text()):
            return
        self._busy(True)
        body = {"passphrase": self.typed.text() if asks else None}
        self._client.post("/unlock", body, self._opened, self._refused, owner=self, timeout_s=UNLOCK_S)

    def _opened(self, answer: object) -> None:
        self._busy(False)
        self.close()
        self._client.take_status(answer)

    def _refused(self, problem: Problem) -> None:
        self._busy(False)
        self._say(problem)
        self.typed.selectAll()
        self.typed.setFocus()

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.typed.setEnabled(not busy)

    def _say(self, problem: Problem | None) -> None:
        self.wrong.setText(problem.title if problem else "")
        self.hint.setText(problem.hint if problem else "")
        for text in (self.wrong, self.hint):
            text.setVisible(bool(problem))
