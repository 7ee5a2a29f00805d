"""The small pictures that were kept of what was read: how the window looked then, and how it looked before.

They are foreign bytes. Qt's reader of WebP alone gets to see them, after it said that they are small; what it
cannot read is said so. They are in memory only while they are shown, and nowhere on the disk.
"""

from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client

LARGEST = 1024  # pixels a side of what is decoded at all: 4 MB; those we keep have 480 at most
HIGHEST = 0.42  # of the window: the words below are what it is for
MIN_HIGH = 80

GONE = "No picture of this is kept: it was deleted, it made room for newer ones, or there never was one."
BROKEN = "A picture of this is kept, but it is damaged and cannot be shown."


def decoded(data: bytes) -> QImage | None:
    """The picture in `data`; None when it is no WebP, is larger than LARGEST, or is damaged."""
    device = QBuffer()
    device.setData(QByteArray(data))
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device, QByteArray(b"webp"))
    reader.setAutoDetectImageFormat(False)  # no other reader is tried
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > LARGEST:
        return None
    image = reader.read()
    return None if image.isNull() else image


class Picture(QLabel):
    """One picture as wide as there is room, never larger than it is nor higher than HIGHEST of its window."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def put(self, image: QImage | None) -> None:
        """Shows `image`; None lets go of the one before."""
        self._image = image
        self.fit()

    @property
    def empty(self) -> bool:
        return self._image is None

    def fit(self) -> None:
        """Takes the room there is now."""
        self.updateGeometry()
        self._fit()

    def _room(self, width: int) -> QSize:
        """What it takes of `width` pixels."""
        if self._image is None:
            return QSize(0, 0)
        whole = self._image.size()
        high = max(MIN_HIGH, int(self.window().height() * HIGHEST))
        most = QSize(min(width, whole.width()), min(high, whole.height()))
        return whole.scaled(most, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._room(LARGEST)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(24, 16) if self._image is not None else QSize(0, 0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._room(max(1, width)).height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fit()  # its edge has another colour

    def _fit(self) -> None:
        """Scales from the whole picture, to the pixels of the screen, so that nothing is scaled twice."""
        if self._image is None:
            self.setPixmap(QPixmap())
            return
        room, fine = self._room(max(1, self.width())), self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        shown = self._image.scaled(room * fine, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        made = QPixmap.fromImage(shown)
        painter = QPainter(made)
        painter.setPen(QColor(style.colours().border))  # a white window on a white ground has an end
        painter.drawRect(QRect(0, 0, made.width() - 1, made.height() - 1))
        painter.end()
        made.setDevicePixelRatio(fine)
        self.setPixmap(made)


class Side(QWidget):
    """A picture with what it shows below it."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = Picture()
        self.caption = Text(scale=0.9, muted=True)
        self.setLayout(parts.column(self.picture, self.caption, gap=style.HALF))
        self.hide()

    def put(self, image: QImage, caption: str, title: str) -> None:
        self.caption.setText(caption)
        self.picture.setAccessibleName(f"Small picture of the window “{title}”. {caption}")
        self.picture.put(image)
        self.show()

    def clear(self) -> None:
        self.hide()
        self.picture.put(None)
        self.picture.setAccessibleName("")


class Pictures(QWidget):
    """Both of them side by side; one; a line that says why there is none; or nothing at all."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._asked = 0  # answers to older questions than this are thrown away
        self.before, self.after = Side(), Side()
        self.note = Text(muted=True)
        self.note.hide()
        sides = parts.row(self.before, self.after, None, gap=style.MARGIN)
        self.setLayout(parts.column(sides, self.note, gap=style.HALF))
        self.hide()

    def open(self, seen: wire.Observation) -> None:
        """Asks for the pictures of `seen`, and shows each as it comes."""
        self.clear()
        self._client.get(
            f"/observations/{seen.id}/pictures",
            partial(self._told, self._asked, words.one_line(seen.title)),
            lambda _: None,  # the words are there; that pictures cannot be asked for is told nowhere else
            owner=self,
        )

    def clear(self) -> None:
        """Shows nothing, and lets go of what was shown and of what is on its way."""
        self._asked += 1
        self.before.clear()
        self.after.clear()
        self.note.hide()
        self.hide()

    def fit(self) -> None:
        """The window has another height: so may the pictures."""
        for side in (self.before, self.after):
            side.picture.fit()

    def _told(self, number: int, title: str, answer: object) -> None:
        told = wire.read(wire.Pictures, answer)
        if number != self._asked:
            return
        if told.state == "gone":
            self._say(GONE)
        if told.state != "kept" or told.picture is None:
            return
        self._fetch(number, self.after, told.picture, "When this was read", title)
        if told.before is not None:
            self._fetch(number, self.before, told.before, "Before", title)

    def _fetch(self, number: int, side: Side, of: wire.Picture, when: str, title: str) -> None:
        caption = f"{when}, {words.moment(of.at)}"

        def came(data: bytes) -> None:
            if number == self._asked:
                self._put(side, data, caption, title)

        def failed(problem: wire.Problem) -> None:
            if number == self._asked and side is self.after and not problem.unreachable:
                self._say(GONE if problem.status == 404 else BROKEN)

        self._client.picture(of.observation_id, came, failed, owner=self)

    def _put(self, side: Side, data: bytes, caption: str, title: str) -> None:
        image = decoded(data)
        if image is not None:
            side.put(image, caption, title)
            self.show()
        elif side is self.after:
            self._say(BROKEN)

    def _say(self, why: str) -> None:
        self.note.setText(why)
        self.note.show()
        self.show()
