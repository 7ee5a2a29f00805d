"""Plain tables: foreign text in cells, full text as tooltip, readable by keyboard and screen reader."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from app.tray import words


def table(name: str, columns: Sequence[str], stretch: int = 0) -> QTreeWidget:
    """An empty table; the column `stretch` takes the room that is left."""
    made = QTreeWidget()
    made.setAccessibleName(name)
    made.setHeaderLabels(list(columns))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    header = made.header()
    header.setStretchLastSection(False)
    header.setMinimumSectionSize(64)
    for column in range(len(columns)):
        mode = QHeaderView.ResizeMode.Stretch if column == stretch else QHeaderView.ResizeMode.Interactive
        header.setSectionResizeMode(column, mode)
    return made


def put(view: QTreeWidget, rows: Iterable[tuple[Sequence[str], object]], widest: int = 200) -> None:
    """Replaces the rows: each is its cells and the thing it stands for. The chosen row stays chosen."""
    before = view.currentItem()
    place = -1 if before is None else view.indexOfTopLevelItem(before)
    view.clear()
    for cells, thing in rows:
        row = QTreeWidgetItem([words.one_line(cell)[:500] for cell in cells])
        row.setData(0, Qt.ItemDataRole.UserRole, thing)
        for column, cell in enumerate(cells):
            row.setToolTip(column, words.tip(cell[:2000]))
        view.addTopLevelItem(row)
    for column in range(view.columnCount()):
        if view.header().sectionResizeMode(column) != QHeaderView.ResizeMode.Stretch:
            view.resizeColumnToContents(column)
            view.setColumnWidth(column, min(widest, view.columnWidth(column) + 12))
    again = view.topLevelItem(place) if place >= 0 else None
    if again is not None:
        view.setCurrentItem(again)


def chosen(view: QTreeWidget) -> object:
    """The thing of the chosen row, or None."""
    row = view.currentItem()
    return None if row is None else row.data(0, Qt.ItemDataRole.UserRole)
