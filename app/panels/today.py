"""Privacy, first tab: what was captured today and what was not."""

from PySide6.QtWidgets import QWidget

from app.panels import parts, style
from app.panels.table import put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Album, Captured, Excluded, Problem, Today

REFRESH_MS = 10_000


class TodayTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self._count = 0
        self.sum = Text(muted=True)
        self.pictures = Text(muted=True)
        self.delete_button = parts.button(
            "Delete pictures…", self._ask_delete, role="danger", name="Delete pictures"
        )
        self._album = QWidget()
        album = parts.row(self.pictures, self.delete_button)
        album.setStretch(0, 1)
        self._album.setLayout(album)
        self._album.hide()
        self.captured = table("Captured today", ("Application", "Site", "Pieces", "Last"), stretch=1)
        self.excluded = table("Excluded today", ("Application", "Rule", "Times", "Last"), stretch=1)
        self._captured_head = parts.heading("Captured today")
        self._excluded_head = parts.heading("Not captured today")
        page = parts.column(
            self.sum,
            self._album,
            self._captured_head,
            self.captured,
            self._excluded_head,
            self.excluded,
            margin=style.MARGIN,
        )
        page.setStretch(3, 3)
        page.setStretch(5, 2)
        self.setLayout(page)
        parts.every(self, REFRESH_MS, self.load)

    def load(self) -> None:
        self._client.get("/privacy/today", self._loaded, self._banner.tell, owner=self)
        self._client.get("/pictures", self._weighed, lambda _: self._album.hide(), owner=self)

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

    def _weighed(self, answer: object) -> None:
        album = wire.read(Album, answer)
        self._count = album.count
        self.pictures.setText(album_line(album, str(self._client.paths.settings_file)))
        self.delete_button.setEnabled(album.count > 0)
        self._album.setVisible(album.wanted or album.count > 0)

    def _ask_delete(self) -> None:
        asked = f"Delete {words.many(self._count, 'small picture')} of what was read?"
        text = f"{asked}\n\nThe words that were read stay. This cannot be taken back."
        parts.confirm(self, "delete pictures", text, "Delete", self._delete)

    def _delete(self) -> None:
        self.delete_button.setEnabled(False)
        self._client.delete("/pictures", self._weighed, self._not_deleted, owner=self, timeout_s=120)

    def _not_deleted(self, problem: Problem) -> None:
        self.delete_button.setEnabled(True)
        self._banner.tell(problem)


def album_line(album: Album, settings: str) -> str:
    """How much room the small pictures take, and how to have none."""
    if not album.wanted:
        return f"{words.many(album.count, 'small picture')} of what was read, from before; none is added."
    most = words.size(album.budget_bytes)
    if album.count:
        pictures = words.many(album.count, "small picture")
        kept = f"{pictures} of what was read, encrypted: {words.size(album.bytes)} of at most {most}."
    else:
        kept = f"No small picture of what was read is kept yet; they take at most {most}, encrypted."
    return f"{kept} To keep none, set thumbnails = false under [screen] in {settings} and restart."


def captured_cells(each: Captured) -> tuple[str, ...]:
    return (each.app or "(unknown)", each.site or "", str(each.observations), words.moment(each.last_at))


def excluded_cells(each: Excluded) -> tuple[str, ...]:
    return (each.app or "(unknown)", each.rule or each.rule_id, str(each.count), words.moment(each.last_at))
