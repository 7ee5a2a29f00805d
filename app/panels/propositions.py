"""Propositions as rows of a Qt view, and how one row is painted."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.panels import style
from app.panels.text import draw, fit
from app.tray import words
from app.tray.wire import Proposition

Index = QModelIndex | QPersistentModelIndex
PROPOSITION = int(Qt.ItemDataRole.UserRole)


def newest_first(items: Iterable[Proposition]) -> list[Proposition]:
    """Those supported last come first; one that never was comes last."""
    return sorted(
        items, key=lambda each: each.supported_at.timestamp() if each.supported_at else 0.0, reverse=True
    )


def spoken(item: Proposition) -> str:
    """One row as a sentence, for screen readers."""
    facts = [words.sure(item.confidence), item.type_label, f"last {words.moment(item.supported_at)}"]
    return f"{item.text} {'; '.join(facts)}"


class PropositionModel(QAbstractListModel):
    """Rows of propositions. `ranked` keeps the given order (search results); else newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: dict[str, Proposition] = {}
        self._rows: list[Proposition] = []
        self._ranked = False
        self._type = ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        item = self._rows[index.row()]
        if role == PROPOSITION:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(item.text)
        return None

    def show(self, items: Iterable[Proposition], *, ranked: bool = False) -> None:
        """Replaces all rows."""
        self._all = {item.id: item for item in items}
        self._ranked = ranked
        self._rebuild()

    def keep_type(self, type_: str) -> None:
        """Shows one type only; "" shows all."""
        self._type = type_
        self._rebuild()

    def take(self, item: Proposition) -> None:
        """A proposition is new or has changed. One that is active no more goes."""
        if item.status != "active":
            self.drop([item.id])
            return
        known = item.id in self._all
        if self._ranked and not known:
            return  # whether it fits the search only the daemon can say
        self._all[item.id] = item
        row = self.row_of(item.id)
        if row is not None and not self._fits(item):
            self._remove(row)  # its type changed, and another one is shown
        elif row is not None:
            self._rows[row] = item
            self.dataChanged.emit(self.index(row), self.index(row))
            self._settle(row)
        elif self._fits(item):
            place = self._place(item)
            self.beginInsertRows(QModelIndex(), place, place)
            self._rows.insert(place, item)
            self.endInsertRows()

    def drop(self, ids: Iterable[str]) -> None:
        """These are gone."""
        for each in ids:
            self._all.pop(each, None)
            row = self.row_of(each)
            if row is not None:
                self._remove(row)

    def at(self, row: int) -> Proposition:
        return self._rows[row]

    def row_of(self, id_: str) -> int | None:
        return next((row for row, item in enumerate(self._rows) if item.id == id_), None)

    def types(self) -> dict[str, str]:
        """Types that occur, with their labels, sorted by label."""
        found = {item.type: item.type_label or item.type for item in self._all.values() if item.type}
        return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))

    @property
    def total(self) -> int:
        """How many there are, shown or filtered out."""
        return len(self._all)

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()

    def _rebuild(self) -> None:
        self.beginResetModel()
        items = self._all.values() if self._ranked else newest_first(self._all.values())
        self._rows = [item for item in items if self._fits(item)]
        self.endResetModel()

    def _fits(self, item: Proposition) -> bool:
        return not self._type or item.type == self._type

    def _place(self, item: Proposition) -> int:
        others = [each for each in self._rows if each.id != item.id]
        return newest_first([item, *others]).index(item)

    def _settle(self, row: int) -> None:
        """Moves a changed row to its place, so that selection and scroll position stay with it."""
        if self._ranked:
            return
        place = self._place(self._rows[row])
        if place == row:
            return
        # Qt counts the place before the row is taken out
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), place if place < row else place + 1)
        self._rows.insert(place, self._rows.pop(row))
        self.endMoveRows()


class PropositionRow(QStyledItemDelegate):
    """Paints a row: two lines of text, below them a bar with the confidence in words, half-life and age."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        line = QFontMetricsF(style.font()).lineSpacing()
        small = QFontMetricsF(style.font(0.88)).lineSpacing()
        return QSize(240, round(2 * line + small + 3.5 * style.GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(PROPOSITION)
        if not isinstance(item, Proposition):
            return
        colours = style.colours()
        state, rect = _state_and_rect(option)
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, QColor(colours.chosen if chosen else colours.base))
        if chosen:  # a bar besides the colour, for those who cannot tell the colours apart
            painter.fillRect(QRectF(rect.left(), rect.top(), 4, rect.height()), QColor(colours.accent))
        painter.setPen(QColor(colours.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(style.MARGIN - 2, style.GAP, -style.MARGIN, -style.GAP)
        self._inside(painter, inner, item, colours)
        painter.restore()

    def _inside(self, painter: QPainter, inner: QRectF, item: Proposition, colours: style.Colours) -> None:
        """Text and facts, as one block in the middle of the row."""
        text, font = words.one_line(item.text), style.font()
        small = QFontMetricsF(style.font(0.88)).height()
        needed = fit(text, font, inner.width(), 2)[1] + style.HALF + small
        top = inner.top() + max(0.0, (inner.height() - needed) / 2)
        inner = QRectF(inner.left(), top, inner.width(), needed)
        draw(painter, inner, text, font, QColor(colours.text), 2)
        self._facts(painter, inner, item, colours)

    def _facts(self, painter: QPainter, inner: QRectF, item: Proposition, colours: style.Colours) -> None:
        font = style.font(0.88)
        metrics = QFontMetricsF(font)
        top = inner.bottom() - metrics.height()
        bar = QRectF(inner.left(), top + metrics.height() / 2 - 3, 56, 6)
        paint_bar(painter, bar, item.confidence, colours)
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        seen = words.moment(item.supported_at)
        width = metrics.horizontalAdvance(seen)
        left = bar.right() + style.GAP
        room = QRectF(left, top, max(0.0, inner.right() - left - width - style.MARGIN), metrics.height())
        facts = "  ·  ".join(
            each for each in (words.sure(item.confidence), words.half_life(item.half_life)) if each
        )
        said = metrics.elidedText(facts, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), said)
        right = QRectF(inner.right() - width, top, width + 1, metrics.height())
        painter.drawText(right, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), seen)


def paint_bar(painter: QPainter, bar: QRectF, share: float, colours: style.Colours) -> None:
    """A bar filled to `share` 0..1."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.track))
    painter.drawRoundedRect(bar, 3, 3)
    painter.setBrush(QColor(colours.accent))
    full = max(0.0, min(1.0, share)) * bar.width()
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), full, bar.height()), 3, 3)
    painter.restore()


def _state_and_rect(option: QStyleOptionViewItem) -> tuple[QStyle.StateFlag, QRectF]:
    return option.state, QRectF(option.rect)
