""" "What I know": every proposition with its confidence, searchable, live, each with its evidence."""

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListView,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from app.panels import parts, style
from app.panels.detail import Detail
from app.panels.observation import ObservationView
from app.panels.own_words import OwnWords
from app.panels.propositions import PropositionModel, PropositionRow
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Evidence, Problem, Proposition

LIMIT = "500"
SEARCH_LIMIT = "50"
PAUSE_MS = 250  # between the last key and the question to the daemon

NOTHING = (
    "Nothing yet",
    "Gumption has concluded nothing about you so far. It needs a while of ordinary work on this computer; "
    "what it concludes appears here by itself, each with the words it was concluded from.",
)
NOT_FOUND = ("Nothing found", "No conclusion matches. Try other words, or clear the search.")


class KnownWindow(parts.Window):
    def __init__(self, client: Client) -> None:
        super().__init__("what I know", 980, 640)
        self._client = client
        self._asked = 0  # answers to older questions than this are thrown away
        self._wanted = ""  # id of the proposition shown on the right
        self._looked = 0  # the same for questions about that one: it may have changed between two
        self.model = PropositionModel(self)
        self.banner = parts.Banner()
        self.search = QLineEdit(placeholderText="Search what I know", clearButtonEnabled=True)
        self.search.setAccessibleName("Search what I know")
        self.types = parts.choice()
        self.types.setAccessibleName("Kind of conclusion")
        self.types.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count = Text(muted=True)
        self.view = self._list()
        self.detail = Detail()
        self.empty = parts.Empty(*NOTHING)
        self.observation = ObservationView(client)
        self.own = OwnWords(client)
        self._build()
        self._connect()

    def _list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(PropositionRow(view))
        view.setUniformItemSizes(True)  # 500 rows are measured once
        view.setAccessibleName("What I know")
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMinimumWidth(280)
        return view

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.right = QStackedWidget()
        self.right.addWidget(parts.Empty("Choose a conclusion", "Its evidence and its history appear here."))
        self.right.addWidget(self.detail)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.view)
        split.addWidget(self.right)
        split.setSizes([490, 460])
        split.setChildrenCollapsible(False)
        split.setHandleWidth(style.GAP)
        self.pages.addWidget(split)
        self.pages.addWidget(self.empty)
        top = parts.row(self.search, self.types)
        top.setStretch(0, 1)
        page = parts.column(self.banner, top, self.pages, self.own, self.count, margin=style.MARGIN)
        page.setStretch(2, 1)
        self.setLayout(page)
        QWidget.setTabOrder(self.search, self.types)
        QWidget.setTabOrder(self.types, self.view)

    def _connect(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._typing.timeout.connect(self.load)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.search.returnPressed.connect(self.load)
        self.types.currentIndexChanged.connect(self._filter)
        self.view.selectionModel().currentChanged.connect(lambda now, _: self._choose(now.row()))
        self.detail.forget.connect(self._ask_forget)
        self.detail.judged.connect(self._judge)
        self.detail.evidence_opened.connect(self._open_evidence)
        parts.action(self, "Search", self.search.setFocus, "Ctrl+F")
        parts.action(self, "Reload", self.load, "F5")
        self.own.failed.connect(self.banner.tell)
        self._client.proposition.connect(self._changed)
        self._client.forgotten.connect(self._gone)
        parts.while_shown(self._client.stream_opened, self, self.load)

    def present(self) -> None:
        self.load()
        super().present()

    def load(self) -> None:
        """Asks the daemon for the list, or for what matches the search."""
        self._typing.stop()
        self._asked += 1
        number, query = self._asked, self.search.text().strip()
        path = "/search" if query else "/propositions"
        asked = {"q": query, "limit": SEARCH_LIMIT} if query else {"limit": LIMIT, "status": "active"}
        key = "propositions" if query else "items"
        self._client.get(
            path,
            lambda answer: self._loaded(number, wire.read_list(Proposition, answer, key), bool(query)),
            self._failed,
            query=asked,
            owner=self,
        )

    def _loaded(self, number: int, items: tuple[Proposition, ...], ranked: bool) -> None:
        if number != self._asked:
            return
        self.banner.hide()
        self.model.show(items, ranked=ranked)
        self._offer_types()
        self._again_on_screen()

    def _failed(self, problem: Problem) -> None:
        self.banner.tell(problem)
        self._tell_count()

    def _offer_types(self) -> None:
        """Keeps the filter's choices those that occur, and the choice made if it still exists."""
        chosen = self.types.currentData()
        choices = {"": "All kinds", **self.model.types()}
        if {self.types.itemData(i): self.types.itemText(i) for i in range(self.types.count())} == choices:
            return
        self.types.blockSignals(True)
        self.types.clear()
        for type_, label in choices.items():
            self.types.addItem(label, type_)
        self.types.setCurrentIndex(max(0, self.types.findData(chosen)))
        self.types.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        self.model.keep_type(str(self.types.currentData() or ""))
        self._again_on_screen()

    def _again_on_screen(self) -> None:
        """After the rows changed: the same one stays chosen if it is still there, else the first."""
        row = self.model.row_of(self._wanted)
        if self.model.rowCount():
            index = self.model.index(row or 0)
            self.view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        else:
            self.right.setCurrentIndex(0)
        self._tell_count()

    def _tell_count(self) -> None:
        shown = self.model.rowCount()
        searching = bool(self.search.text().strip()) or bool(self.types.currentData())
        self.empty.say(*(NOT_FOUND if searching else NOTHING))
        self.pages.setCurrentIndex(0 if shown else 1)
        more = f" of {self.model.total}" if shown != self.model.total else ""
        self.count.setText(f"{shown}{more} {'conclusion' if shown == 1 and not more else 'conclusions'}")

    def _choose(self, row: int) -> None:
        if not 0 <= row < self.model.rowCount():
            return
        item = self.model.at(row)
        self._wanted = item.id
        self.detail.show_item(item)
        self.right.setCurrentIndex(1)
        self._looked += 1
        number = self._looked
        self._client.get(
            f"/propositions/{item.id}",
            lambda answer: self._fuller(number, wire.read(Proposition, answer)),
            self.banner.tell,
            owner=self,
        )

    def _fuller(self, number: int, item: Proposition) -> None:
        if number == self._looked:
            self.detail.show_item(item)

    def _changed(self, item: object) -> None:
        if not isinstance(item, Proposition):
            return
        self.model.take(item)
        self._offer_types()
        if not self.isVisible():
            return
        if item.id == self._wanted and item.status == "active":
            row = self.model.row_of(item.id)
            self._choose(-1 if row is None else row)
        elif not self._wanted:
            self._again_on_screen()
        self._tell_count()

    def _gone(self, ids: object) -> None:
        if isinstance(ids, tuple):
            self.model.drop(str(each) for each in ids)
        if self.isVisible():
            self.load()  # evidence of the others may be gone as well

    def _open_evidence(self, piece: object) -> None:
        if isinstance(piece, Evidence):
            self.observation.open(piece.observation_id, piece.quote)

    def _judge(self, id_: str, said: str) -> None:
        """The daemon tells of the change itself; what is used no more goes from the list at once."""
        self._client.post(
            f"/propositions/{id_}/verdict", {"verdict": said}, self._judged, self.banner.tell, owner=self
        )

    def _judged(self, answer: object) -> None:
        item = wire.read(Proposition, answer)
        self._changed(item)
        if item.status != "active":
            self._again_on_screen()

    def _ask_forget(self, id_: str) -> None:
        item = self.detail.item
        text = words.one_line(item.text)[:200] if item else ""
        asked = f"Forget “{text}”, and what it was concluded from?\n\nThis cannot be taken back."
        parts.confirm(self, "forget this", asked, "Forget", lambda: self._forget(id_))

    def _forget(self, id_: str) -> None:
        self._client.delete(
            f"/propositions/{id_}", lambda _: self._gone((id_,)), self.banner.tell, owner=self
        )
