"""Privacy, first tab: what was captured today and what was not."""

from PySide6.QtWidgets import QWidget

from app.panels import parts, style
from app.panels.table import put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Captured, Excluded, Today

REFRESH_MS = 10_000


class TodayTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self.sum = Text(muted=True)
        self.captured = table("Captured today", ("Application", "Site", "Pieces", "Last"), stretch=1)
        self.excluded = table("Excluded today", ("Application", "Rule", "Times", "Last"), stretch=1)
        self._captured_head = parts.heading("Captured today")
        self._excluded_head = parts.heading("Not captured today")
        page = parts.column(
            self.sum,
            self._captured_head,
            self.captured,
            self._excluded_head,
            self.excluded,
            margin=style.MARGIN,
        )
        page.setStretch(2, 3)
        page.setStretch(4, 2)
        self.setLayout(page)
        parts.every(self, REFRESH_MS, self.load)

    def load(self) -> None:
        self._client.get("/privacy/today", self._loaded, self._banner.tell, owner=self)

    def _loaded(self, answer: object) -> None:
        today = wire.read(Today, answer)
        pieces = words.many(today.observations_total, "piece")
        self.sum.setText(
            f"{pieces} stored in all, {words.size(today.database_bytes)} on this disk and nowhere else."
        )
        put(self.captured, ((captured_cells(each), each) for each in today.captured))
        put(self.excluded, ((excluded_cells(each), each) for each in today.excluded))
        count = sum(each.observations for each in today.captured)
        self._captured_head.setText(f"Captured today: {words.many(count, 'piece')}")
        times = sum(each.count for each in today.excluded)
        self._excluded_head.setText(f"Kept out by a rule today: {words.many(times, 'time')}")


def captured_cells(each: Captured) -> tuple[str, ...]:
    return (each.app or "(unknown)", each.site or "", str(each.observations), words.moment(each.last_at))


def excluded_cells(each: Excluded) -> tuple[str, ...]:
    return (each.app or "(unknown)", each.rule or each.rule_id, str(each.count), words.moment(each.last_at))
