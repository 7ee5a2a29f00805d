"""A window in the corner of the screen that comes by itself: never with the keyboard focus, and in no hurry.

Silence is never consent: when its time is up, or it is closed, nothing happens.
"""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray import words

WIDTH = 420


def seconds_left(until: datetime | None, now: datetime | None = None) -> float | None:
    """Seconds until `until`; None when there is no such limit."""
    return None if until is None else (until - (now or datetime.now(UTC))).total_seconds()


class Corner(QWidget):
    """A frame with a title, a clock and one body at a time. `stage` names the body; "gone" when closed."""

    gone = Signal()

    def __init__(self, title: str, *, high: bool = False) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Gumption: {title}")
        self._high = high
        self.stage = ""
        self.banner = parts.Banner()
        self._title = Text("Gumption", muted=True)
        self._clock = Text("", muted=True)
        self._body = QWidget()
        self._build()
        self._tick = QTimer(self, interval=500)
        self._tick.timeout.connect(self._look_at_clock)
        self._tick.start()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self).activated.connect(self.close)

    def _build(self) -> None:
        close = parts.button("✕", self.close, role="quiet", name="Close", tip="Close; nothing will be done")
        close.setFixedWidth(40)
        self._outer = QVBoxLayout()
        self._outer.setContentsMargins(style.MARGIN, style.GAP, style.GAP, style.MARGIN)
        self._outer.setSpacing(style.GAP)
        head = parts.row(self._title, self._clock, close)
        head.setStretch(0, 1)
        self._outer.addLayout(head)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(self._body, 1)
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        frame: QFrame = parts.box("card", self._outer)
        whole.addWidget(frame)

    def _show(self, stage: str, title: str, layout: QLayout) -> None:
        """Puts another body on the card. The old one is gone for good, with its buttons."""
        self.stage = stage
        self._title.setText(f"Gumption  ·  {title}")
        old, self._body = self._body, QWidget()
        layout.setContentsMargins(0, 0, style.GAP, 0)
        self._body.setLayout(layout)
        self._outer.replaceWidget(old, self._body)
        self._body.show()  # at once, not with the next event: `place` measures what is shown
        old.hide()
        old.deleteLater()  # later: a button on it may be in the middle of its own click
        self.banner.hide()
        self._look_at_clock()
        self.place()

    def place(self) -> None:
        """Into the lower (or upper) right corner of the screen, as high as it needs and the screen allows."""
        screen = self.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        width = min(WIDTH, room.width() - 2 * style.MARGIN)
        self._whole.invalidate()
        self._whole.activate()
        wanted = self._whole.heightForWidth(width) if self._whole.hasHeightForWidth() else -1
        needed = wanted if wanted > 0 else self._whole.sizeHint().height()
        height = min(needed, int(room.height() * 0.85))
        self.setFixedWidth(width)
        self.resize(width, height)
        top = room.top() + style.MARGIN if self._high else room.bottom() - height - style.MARGIN
        self.move(room.right() - width - style.MARGIN, top)

    # time

    def _until(self) -> datetime | None:
        """When the present body is of no use any more; None: never."""
        return None

    def _over(self) -> None:
        """Its time is up."""
        self.close()

    def _expired(self) -> bool:
        left = seconds_left(self._until())
        return left is not None and left <= 0

    def _look_at_clock(self) -> None:
        left = seconds_left(self._until())
        shown = left is not None and left < 600
        self._clock.setText(words.countdown(left) if left is not None and shown else "")
        if self._expired():
            self._over()

    def _lock(self, doing: str) -> None:
        """No second click while the first is on its way."""
        self._body.setEnabled(False)
        if doing:
            self._title.setText(f"Gumption  ·  {doing}")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self.stage != "gone":
            self.stage = "gone"
            self._tick.stop()
            self.gone.emit()
        super().closeEvent(event)
