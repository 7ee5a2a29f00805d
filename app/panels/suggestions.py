"""The list of suggestions: those open, and what became of the latest."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QStackedWidget

from app.panels import parts, style
from app.panels.detail import fill, plain_list
from app.panels.questions import Questions
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Suggestion

STATES = {
    "new": "open",
    "shown": "open",
    "accepted": "accepted",
    "dismissed": "not now",
    "never": "never this kind",
    "expired": "not answered",
    "done": "done",
    "undone": "undone",
    "failed": "not done as planned",
}
NOTHING = (
    "No suggestions",
    "Gumption offers help only when it expects to be of use. What it offered appears here.",
)


def said(item: Suggestion) -> str:
    """A suggestion as two lines."""
    facts = [STATES.get(item.state, item.state), words.moment(item.created_at), words.one_line(item.why_now)]
    return f"{words.one_line(item.text)}\n{'  ·  '.join(each for each in facts if each)}"


class SuggestionsWindow(parts.Window):
    opened = Signal(object)
    """A Suggestion that the person wants to see as a card."""

    def __init__(self, client: Client) -> None:
        super().__init__("suggestions", 620, 480)
        self._client = client
        self.banner = parts.Banner()
        self.questions = Questions(client)
        self.questions.failed.connect(self.banner.tell)
        self.which = parts.choice()
        self.which.setAccessibleName("Which suggestions")
        self.which.addItem("Open", "open")
        self.which.addItem("All", "")
        self.which.currentIndexChanged.connect(lambda _: self.load())
        self.list = plain_list("Suggestions")
        self.list.itemActivated.connect(self._open)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.show_button = parts.button(
            "Show card", lambda: self._open(self.list.currentItem()), role="primary"
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.list)
        self.pages.addWidget(parts.Empty(*NOTHING))
        top = parts.row(self.which, None)
        foot = parts.row(None, self.show_button, parts.button("Close", self.close))
        page = parts.column(self.banner, self.questions, top, self.pages, foot, margin=style.MARGIN)
        page.setStretch(3, 1)
        self.setLayout(page)
        parts.while_shown(client.suggestion, self, self.load)

    def present(self) -> None:
        self.questions.load()
        self.load()
        self.list.setFocus()  # not on "Yes", where a stray space would answer
        super().present()

    def load(self) -> None:
        state = str(self.which.currentData())
        query = {"state": state} if state else {}
        self._client.get("/suggestions", self._loaded, self.banner.tell, query=query, owner=self)

    def _loaded(self, answer: object) -> None:
        self.banner.hide()
        items = wire.read_list(Suggestion, answer)
        fill(self.list, items, said)
        self.pages.setCurrentIndex(0 if items else 1)
        if items:
            self.list.setCurrentRow(0)
        self._enable()

    def _chosen(self, row: QListWidgetItem | None) -> Suggestion | None:
        item = row.data(Qt.ItemDataRole.UserRole) if row is not None else None
        return item if isinstance(item, Suggestion) else None

    def _enable(self) -> None:
        item = self._chosen(self.list.currentItem())
        self.show_button.setEnabled(item is not None and STATES.get(item.state) == "open")

    def _open(self, row: QListWidgetItem | None) -> None:
        item = self._chosen(row)
        if item is not None and STATES.get(item.state) == "open":
            self.opened.emit(item)
