"""The privacy window: what was seen today, the rules, forgetting, and what was held back."""

from PySide6.QtWidgets import QTabWidget

from app.panels import parts, style
from app.panels.forget import ForgetTab
from app.panels.held import HeldTab
from app.panels.rules import RulesTab
from app.panels.today import TodayTab
from app.tray.client import Client


class PrivacyWindow(parts.Window):
    def __init__(self, client: Client) -> None:
        super().__init__("privacy", 900, 720)
        self.banner = parts.Banner()
        self.today = TodayTab(client, self.banner)
        self.rules = RulesTab(client, self.banner)
        self.forget = ForgetTab(client, self.banner)
        self.held = HeldTab(client, self.banner)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.today, "&Today")
        self.tabs.addTab(self.rules, "&Rules")
        self.tabs.addTab(self.forget, "&Forget")
        self.tabs.addTab(self.held, "&Held back")
        self.tabs.currentChanged.connect(lambda _: self.load() if self.isVisible() else None)
        page = parts.column(self.banner, self.tabs, margin=style.GAP)
        page.setStretch(1, 1)
        self.setLayout(page)
        parts.while_shown(client.forgotten, self, self.load)

    def present(self) -> None:
        self.load()
        super().present()

    def load(self) -> None:
        """Loads the tab in front."""
        (self.today, self.rules, self.forget, self.held)[self.tabs.currentIndex()].load()
