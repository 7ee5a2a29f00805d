"""Text that came from somewhere else, shown as what it is: plain, wrapped anywhere, cut with a sign of it."""

import functools
import unicodedata

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.panels import style
from app.tray import words

MUCH = 4000  # characters laid out at most; a label is for reading, the observation view for all of it


def height_of(text: str, font: QFont, width: float) -> float:
    """Pixels that `text` takes when it is broken into lines of `width` pixels."""
    return _measure(text[:MUCH], font.toString(), max(1, int(width)))


def fit(text: str, font: QFont, width: float, lines: int = 0) -> tuple[str, float, bool]:
    """`text` cut, with an ellipsis, to `lines` lines of `width` pixels (0: as many as it takes).

    Gives the text, its height in pixels, and whether something was cut off. A word that is longer than a
    line is broken, which QLabel does not do.
    """
    key, room = font.toString(), max(1, int(width))
    whole = _measure(text[:MUCH], key, room)
    if not lines or whole <= _limit(key, lines):
        return text[:MUCH], whole, len(text) > MUCH
    shown = _cut(text[:MUCH], key, room, lines)
    return shown, _measure(shown, key, room), True


@functools.lru_cache(maxsize=4096)
def _cut(text: str, font: str, width: int, lines: int) -> str:
    """The longest beginning of `text` that fits with an ellipsis, by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _measure(text[:middle].rstrip() + "…", font, width) <= _limit(font, lines):
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


@functools.lru_cache(maxsize=8192)
def _measure(text: str, font: str, width: int) -> float:
    """Measured by a painter on one pixel, with the very option that `draw` paints with."""
    if not text:
        return 0.0
    pixel = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(pixel)
    painter.setFont(_font(font))
    used = painter.boundingRect(QRectF(0, 0, width, 1e6), text, _option()).height()
    painter.end()
    return used


@functools.lru_cache(maxsize=64)
def _font(key: str) -> QFont:
    font = QFont()
    font.fromString(key)
    return font


def _limit(font: str, lines: int) -> float:
    """Height that `lines` lines may have; half a line more, since fallback fonts are a little taller."""
    return (lines + 0.5) * QFontMetricsF(_font(font)).lineSpacing()


def _option() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is written from right to left."""
    for ch in text:
        direction = unicodedata.bidirectional(ch)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def draw(painter: QPainter, where: QRectF, text: str, font: QFont, colour: QColor, lines: int = 0) -> float:
    """Paints `text` at the top of `where`, cut to `lines` lines. Gives the height used.

    The direction of writing follows the text, not the desktop.
    """
    shown, height, _ = fit(text, font, where.width(), lines)
    painter.save()
    painter.setPen(colour)
    painter.setFont(font)
    right = right_to_left(text)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
    painter.drawText(QRectF(where.left(), where.top(), int(where.width()), height + 2), shown, _option())
    painter.restore()
    return height


class Text(QLabel):
    """A label for foreign text. It never reads HTML out of it; its full text is its accessible name."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        scale: float = 1.0,
        bold: bool = False,
        muted: bool = False,
        lines: int = 0,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(style.font(scale, bold))
        self._muted = muted
        self._lines = lines
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return round(fit(self.text(), self.font(), width, self._lines)[1] + 0.5)

    def sizeHint(self) -> QSize:  # noqa: N802
        wide = QFontMetricsF(self.font()).horizontalAdvance(words.one_line(self.text()[:200]))
        width = round(min(wide + 2, 640))
        return QSize(width, self.heightForWidth(max(1, width)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(24, round(QFontMetricsF(self.font()).height() + 0.5) if self.text() else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        cut = self._lines and fit(self.text(), self.font(), self.width(), self._lines)[2]
        self.setToolTip(words.tip(self.text()) if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        muted = QColor(style.colours().muted)
        colour = muted if self._muted else self.palette().color(QPalette.ColorRole.WindowText)
        draw(painter, QRectF(self.rect()), self.text(), self.font(), colour, self._lines)
        painter.end()
