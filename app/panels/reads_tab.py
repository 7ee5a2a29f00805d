"""Assistants, second tab: every answer that left, when, to whom, and its exact content."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QStackedWidget, QWidget

from app.panels import parts, style
from app.panels.clients_tab import NARROW, called
from app.panels.table import chosen, put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Problem
from app.tray.wire_assistants import Assistant, Content, Disclosure

PAGE = 100
REFRESH_MS = 5000
EVERYBODY = "All assistants"
NOTHING = (
    "Nothing was read yet",
    "Every answer that an assistant gets is listed here, with its exact content, before it is sent.",
)
GONE = (
    "What left is no longer kept: something in it was forgotten, or it is older than such contents are kept "
    "(disclosures_days under [retention] in settings.toml; 90 days unless you changed it)."
)
ASKED = {
    "context": "What helps with",
    "search": "Search for",
    "ask": "Asked",
    "moment": "What you are doing now",
    "activity": "What you did lately",
    "agenda": "What lies ahead",
    "suggestions": "Suggestions",
    "claim": "One claim",
    "plan": "A plan",
}


def asked(each: Disclosure) -> str:
    """What was asked, in words: "Search for “thesis”"."""
    what = ASKED.get(each.operation, words.visible(words.one_line(each.operation.replace("_", " "))))
    query = words.visible(words.one_line(each.query))
    return f"{what} “{query}”" if query else what


def cells(each: Disclosure) -> tuple[str, ...]:
    held = f"{each.withheld:n}" if each.withheld else "none"
    return (words.moment(each.at), called(each.client), asked(each), f"{each.items:n}", held)


class ReadsTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self._items: list[Disclosure] = []
        self._next = ""
        self._number = 0  # answers to older questions than this are thrown away
        self._content: Content | None = None
        self.who = parts.choice()
        self.who.setAccessibleName("Whose reads")
        self.who.setMinimumContentsLength(16)
        self.who.setSizeAdjustPolicy(self.who.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.who.addItem(EVERYBODY, "")
        self.who.activated.connect(lambda _: self._first())
        self.reads = table("What assistants read", ("When", "Who", "What was asked", "Left", "Held back"), 2)
        self.reads.currentItemChanged.connect(lambda *_: self._open())
        self.older_button = parts.button("Older", self._older, name="Show older reads")
        self.head = Text(bold=True, lines=2)
        self.note = Text(muted=True)
        self.names = parts.Check("Show real names")
        self.names.setToolTip(words.tip("Only for your eyes: what left had the pseudonyms."))
        self.names.toggled.connect(lambda _: self._show())
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Exact content that left")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTabChangesFocus(True)
        self._build()
        parts.every(self, REFRESH_MS, self._look_again)

    def _build(self) -> None:
        top = parts.row(self.who, None, self.older_button)
        upper, lower = QWidget(), QWidget()
        upper.setLayout(parts.column(top, self.reads))
        said = parts.row(self.head, self.names)
        said.setStretch(0, 1)
        below = parts.column(said, self.note, self.text)
        below.setStretch(2, 1)
        lower.setLayout(below)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(upper)
        split.addWidget(lower)
        split.setSizes([320, 260])
        split.setChildrenCollapsible(False)
        self.pages = QStackedWidget()
        self.pages.addWidget(split)
        self.pages.addWidget(parts.Empty(*NOTHING))
        self.setLayout(parts.column(self.pages, margin=style.MARGIN))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where it is narrow, how much left and was held back stands below the list only."""
        super().resizeEvent(event)
        for column in (3, 4):
            self.reads.setColumnHidden(column, self.width() < NARROW)

    def load(self) -> None:
        """The newest; what is open is asked for anew, since something in it may be forgotten by now."""
        self._client.get("/clients", self._clients, lambda _: None, owner=self)
        self._first()
        self._open()

    def _clients(self, answer: object) -> None:
        chosen_id = self.who.currentData()
        self.who.clear()
        self.who.addItem(EVERYBODY, "")
        for each in wire.read_list(Assistant, answer):
            self.who.addItem(called(each.name)[:80], each.id)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen_id)))

    def _first(self) -> None:
        self._number += 1
        self._ask("", partial(self._loaded, self._number, False))

    def _older(self) -> None:
        if self._next:
            self.older_button.setEnabled(False)
            self._ask(self._next, partial(self._loaded, self._number, True))

    def _look_again(self) -> None:
        if len(self._items) <= PAGE:  # else the person reads further below
            self._first()

    def _ask(self, before: str, then: partial[None]) -> None:
        query = {"limit": str(PAGE), "client": str(self.who.currentData() or ""), "before": before}
        given = {key: value for key, value in query.items() if value}
        self._client.get("/disclosures", then, self._failed, query=given, owner=self)

    def _failed(self, problem: Problem) -> None:
        self.older_button.setEnabled(bool(self._next))
        self._banner.tell(problem)

    def _loaded(self, number: int, more: bool, answer: object) -> None:
        items = wire.read_list(Disclosure, answer)
        if number != self._number:
            return
        before, known = self._chosen(), self._items
        self._items = [*known, *items] if more else list(items)
        following = answer.get("next") if isinstance(answer, dict) else None
        self._next = str(following) if following is not None else ""
        self.older_button.setEnabled(bool(self._next))
        if self._items != known:  # else widths and place stay as the person put them
            self._fill(before)
        self.pages.setCurrentIndex(0 if self._items or self.who.currentData() else 1)

    def _fill(self, before: Disclosure | None) -> None:
        """The rows anew; the one that was open stays open, wherever it stands now."""
        place = next((n for n, each in enumerate(self._items) if before and each.id == before.id), None)
        bar = self.reads.verticalScrollBar()
        at = bar.value()
        with QSignalBlocker(self.reads):
            put(self.reads, ((cells(each), each) for each in self._items), widest=130)
            row = self.reads.topLevelItem(place) if place is not None else None
            self.reads.setCurrentItem(row)  # type: ignore[arg-type]  # None: no row is the current one
        bar.setValue(at)
        if before is not None and place is None:
            self._open()
        if not self._items:
            self.head.setText("Nothing of this assistant's")

    def _chosen(self) -> Disclosure | None:
        each = chosen(self.reads)
        return each if isinstance(each, Disclosure) else None

    def _open(self) -> None:
        """Fetches the content of the chosen read."""
        each = self._chosen()
        if each is None:
            self._put(None, None)
            return
        if self._content is not None and self._content.id != each.id:
            self._put(each, None)
        path, took = f"/disclosures/{each.id}", partial(self._came, each)
        self._client.get(path, took, partial(self._missing, each), owner=self)

    def _came(self, each: Disclosure, answer: object) -> None:
        content = wire.read(Content, answer)
        now = self._chosen()
        if now is not None and now.id == each.id:  # else another was chosen since
            self._put(each, content)

    def _missing(self, each: Disclosure, problem: Problem) -> None:
        now = self._chosen()
        if now is not None and now.id == each.id and not problem.unreachable:
            self._put(each, Content(each.id, kept=False))

    def _put(self, each: Disclosure | None, content: Content | None) -> None:
        self._content = content
        if each is None:
            self.head.setText("")
        else:
            left = f"{words.many(each.items, 'item')} left, {words.size(each.size)}"
            held = f", {each.withheld:n} held back" if each.withheld else ""
            self.head.setText(f"{called(each.client)}  ·  {words.moment(each.at)}  ·  {left}{held}")
        self._show()

    def _show(self) -> None:
        content = self._content
        there = content is not None and content.kept and content.content is not None
        self.names.setEnabled(there and content is not None and content.with_names is not None)
        self.text.setVisible(there)
        self.note.setVisible(not there)
        self.note.setText("" if content is not None else "Choose a read to see what left, to the letter.")
        if content is None or not there:
            self.text.clear()
            self.note.setText(GONE if content is not None else self.note.text())
            return
        names = self.names.isChecked() and content.with_names is not None
        shown = words.visible((content.with_names if names else content.content) or "")
        if shown != self.text.toPlainText():
            self.text.setPlainText(shown)

    def clear(self) -> None:
        """Holds nothing any more."""
        self._number += 1
        self._items, self._next, self._content = [], "", None
        self.names.setChecked(False)
        self.reads.clear()
        self._put(None, None)
