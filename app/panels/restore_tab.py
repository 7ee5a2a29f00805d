"""Assistants, fourth tab: the answer of an assistant with the real names put back. Nothing of it is kept."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray.client import Client
from app.tray.wire import Problem

MOST = 200_000  # characters; the daemon takes no longer requests
WHY = (
    "Assistants get pseudonyms for people, places and numbers. Paste an answer here to read it with the real "
    "names. It stays on this computer, and is not kept."
)
TOO_LONG = Problem("That is too long", "Paste a part of it: at most 200,000 characters at a time.", 413)


class RestoreTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self._asked = ""
        self.pasted = QPlainTextEdit(placeholderText="Paste the answer of an assistant")
        self.pasted.setAccessibleName("Answer with pseudonyms")
        self.pasted.setTabChangesFocus(True)
        self.pasted.textChanged.connect(self._enable)
        self.restored = QPlainTextEdit(readOnly=True)
        self.restored.setAccessibleName("Answer with real names")
        self.restored.setTabChangesFocus(True)
        self.put_back_button = parts.button("Put names back", self._put_back, role="primary")
        self.clear_button = parts.button("Clear", self.clear)
        self.note = Text(muted=True)
        buttons = parts.row(self.note, self.clear_button, self.put_back_button)
        buttons.setStretch(0, 1)
        page = parts.column(
            Text(WHY, muted=True),
            self.pasted,
            buttons,
            parts.heading("With names"),
            self.restored,
            margin=style.MARGIN,
        )
        page.setStretch(1, 1)
        page.setStretch(4, 1)
        self.setLayout(page)
        self._enable()

    def load(self) -> None:
        """There is nothing to load."""

    def _enable(self) -> None:
        self.put_back_button.setEnabled(bool(self.pasted.toPlainText().strip()))

    def _put_back(self) -> None:
        text = self.pasted.toPlainText()
        if len(text) > MOST:
            self._banner.tell(TOO_LONG)
            return
        self._asked = text
        self._client.post("/restore", {"text": text}, self._came, self._banner.tell, owner=self)

    def _came(self, answer: object) -> None:
        told = answer.get("text") if isinstance(answer, dict) else None
        if not self._asked or not isinstance(told, str):
            return  # cleared since
        self.restored.setPlainText(told)
        self.note.setText("There was no pseudonym in it." if told == self._asked else "")

    def clear(self) -> None:
        """Holds nothing any more."""
        self._asked = ""
        self.pasted.clear()
        self.restored.clear()
        self.note.setText("")
