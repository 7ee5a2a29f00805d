"""The privacy window: what was seen today, the rules, and forgetting."""

from PySide6.QtWidgets import QTabWidget

from app.panels import parts, style
from app.panels.forget import ForgetTab
from app.panels.rules import RulesTab
from app.panels.today import TodayTab
from app.tray.client import Client


class PrivacyWindow(parts.Window):
    def __init__(self, client: Client) -> None:
        super().__init__("privacy", 820, 680)
        self.banner = parts.Banner()
        self.today = TodayTab(client, self.banner)
        self.rules = RulesTab(client, self.banner)
        self.forget = ForgetTab(client, self.banner)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.today, "&Today")
        self.tabs.addTab(self.rules, "&Rules")
        self.tabs.addTab(self.forget, "&Forget")
        self.tabs.currentChanged.connect(lambda _: self.load() if self.isVisible() else None)
        page = parts.column(self.banner, self.tabs, margin=style.GAP)
        page.setStretch(1, 1)
        self.setLayout(page)
        client.forgotten.connect(lambda _: self.load() if self.isVisible() else None)

    def present(self) -> None:
        self.load()
        super().present()

    def load(self) -> None:
        """Loads the tab in front."""
        (self.today, self.rules, self.forget)[self.tabs.currentIndex()].load()
