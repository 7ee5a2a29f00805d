"""The five icons, drawn: each has its own outline and its own sign, so none needs colour to be told apart.

Every icon is a light sign on a strong ground inside a light rim, which stands out on dark and light panels
alike; checked at 16, 22 and 24 pixels.
"""

import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from app.tray.face import Kind

SIZES = (16, 22, 24, 32, 48, 64, 128)
_GROUND = {
    Kind.OBSERVING: QColor("#0b6e69"),
    Kind.PAUSED: QColor("#4b5563"),
    Kind.EXCLUDED: QColor("#5b3f8c"),
    Kind.TROUBLE: QColor("#b3261e"),
    Kind.LOCKED: QColor("#1f3a5f"),
}
_SIGN = QColor("#ffffff")
_RIM = QColor(255, 255, 255, 215)


@functools.cache
def icon(kind: Kind) -> QIcon:
    """The icon of a state, sharp at every size a panel asks for. Needs a running QGuiApplication."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(pixmap(kind, size))
    return made


def pixmap(kind: Kind, size: int) -> QPixmap:
    """The icon as `size` by `size` pixels on a transparent ground."""
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 16, size / 16)  # everything below is drawn on a 16 by 16 grid
    outline = _outline(kind)
    painter.setPen(QPen(_RIM, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(QBrush(_GROUND[kind]))
    painter.drawPath(outline)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(outline)
    _DRAW[kind](painter)
    painter.end()
    return made


def _outline(kind: Kind) -> QPainterPath:
    path = QPainterPath()
    if kind is Kind.OBSERVING:
        path.addEllipse(QRectF(1, 1, 14, 14))
    elif kind is Kind.PAUSED:
        path.addRoundedRect(QRectF(1, 1, 14, 14), 2.5, 2.5)
    elif kind is Kind.EXCLUDED:  # an octagon, as of a stop sign
        cut = 4.4
        corners = [(cut, 1), (16 - cut, 1), (15, cut), (15, 16 - cut), (16 - cut, 15), (cut, 15)]
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in [*corners, (1, 16 - cut), (1, cut), (cut, 1)]]))
    elif kind is Kind.LOCKED:  # a shield
        path.moveTo(8, 0.8)
        path.lineTo(14.4, 2.6)
        path.lineTo(14.4, 8)
        path.quadTo(14, 13, 8, 15.4)
        path.quadTo(2, 13, 1.6, 8)
        path.lineTo(1.6, 2.6)
        path.closeSubpath()
    else:
        path.addPolygon(QPolygonF([QPointF(8, 1), QPointF(15.4, 14.6), QPointF(0.6, 14.6), QPointF(8, 1)]))
    return path


def _eye(painter: QPainter) -> None:
    lid = QPainterPath(QPointF(2.4, 8))
    lid.quadTo(8, 1.4, 13.6, 8)
    lid.quadTo(8, 14.6, 2.4, 8)
    painter.fillPath(lid, _SIGN)
    painter.setBrush(_GROUND[Kind.OBSERVING])
    painter.drawEllipse(QPointF(8, 8), 2.3, 2.3)


def _bars(painter: QPainter) -> None:
    painter.fillRect(QRectF(4.5, 4, 2.5, 8), _SIGN)
    painter.fillRect(QRectF(9, 4, 2.5, 8), _SIGN)


def _struck(painter: QPainter) -> None:
    painter.setPen(QPen(_SIGN, 1.7))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(8, 8), 4.2, 4.2)
    painter.drawLine(QPointF(5.1, 5.1), QPointF(10.9, 10.9))


def _mark(painter: QPainter) -> None:
    painter.fillRect(QRectF(7.1, 5.2, 1.8, 4.8), _SIGN)
    painter.setBrush(_SIGN)
    painter.drawEllipse(QPointF(8, 12.1), 1.15, 1.15)


def _padlock(painter: QPainter) -> None:
    painter.fillRect(QRectF(4.4, 7, 7.2, 5), _SIGN)
    painter.setPen(QPen(_SIGN, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(5.6, 3.4, 4.8, 6.4), 0, 180 * 16)


_DRAW = {
    Kind.OBSERVING: _eye,
    Kind.PAUSED: _bars,
    Kind.EXCLUDED: _struck,
    Kind.TROUBLE: _mark,
    Kind.LOCKED: _padlock,
}
