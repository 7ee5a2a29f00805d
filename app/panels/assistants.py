"""The assistants window: which programs may ask, what they read, what they ask of the person."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QTabWidget

from app.panels import parts, style
from app.panels.clients_tab import ClientsTab
from app.panels.proposals_tab import ProposalsTab
from app.panels.reads_tab import ReadsTab
from app.panels.restore_tab import RestoreTab
from app.tray.client import Client


class AssistantsWindow(parts.Window):
    """Closed, it holds nothing of what it showed."""

    plan_opened = Signal(object)
    """A PlanRequest that the person wants to see as a card."""

    def __init__(self, client: Client) -> None:
        super().__init__("assistants", 900, 720)
        self.banner = parts.Banner()
        self.clients = ClientsTab(client, self.banner)
        self.reads = ReadsTab(client, self.banner)
        self.proposals = ProposalsTab(client, self.banner)
        self.restore = RestoreTab(client, self.banner)
        self.proposals.counted.connect(self._count)
        self.proposals.plan_opened.connect(self.plan_opened)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.clients, "&Assistants")
        self.tabs.addTab(self.reads, "What they &read")
        self.tabs.addTab(self.proposals, "")
        self.tabs.addTab(self.restore, "Put names &back")
        self._count(0)
        self.tabs.currentChanged.connect(lambda _: self.load() if self.isVisible() else None)
        page = parts.column(self.banner, self.tabs, margin=style.GAP)
        page.setStretch(1, 1)
        self.setLayout(page)
        for signal in (client.clients_changed, client.forgotten, client.stream_opened):
            parts.while_shown(signal, self, self.load)
        for signal in (client.proposed, client.plan, client.plan_request):
            parts.while_shown(signal, self, self.proposals.load)

    def present(self) -> None:
        self.proposals.load()  # its number stands on the tab
        self.load()
        super().present()

    def load(self) -> None:
        """Loads the tab in front."""
        (self.clients, self.reads, self.proposals, self.restore)[self.tabs.currentIndex()].load()

    def show_waiting(self) -> None:
        """In front, with what waits for the person."""
        self.tabs.setCurrentWidget(self.proposals)
        self.present()

    def _count(self, waiting: int) -> None:
        label = f"&Waiting for you ({waiting})" if waiting else "&Waiting for you"
        self.tabs.setTabText(self.tabs.indexOf(self.proposals), label)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        if not event.spontaneous():  # else it is minimized, and comes back as it was
            for tab in (self.clients, self.reads, self.proposals, self.restore):
                tab.clear()
