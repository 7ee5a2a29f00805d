"""The daemon's live events: one long answer that is read as it grows, resumed when it breaks."""

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest

from app.tray.address import Address
from app.tray.rest import Rest
from app.tray.sse import Parser

BACK_OFF_MS = (200, 500, 1000, 2000, 4000, 8000, 15000)
SILENCE_MS = 40_000  # the daemon says something every 15 s; two missed and a bit means it is gone


class Stream(QObject):
    """Keeps one event stream open. After a break it resumes behind the last event it saw."""

    arrived = Signal(str, str)
    """Name and JSON text of an event."""
    opened = Signal()
    """The stream stands (again); what was shown may be out of date."""
    closed = Signal()

    def __init__(self, rest: Rest, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rest = rest
        self._reply: QNetworkReply | None = None
        self._parser = Parser()
        self._last_id = ""
        self._from: Address | None = None
        self._tries = 0
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self.open)
        self._watch = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._watch.timeout.connect(self._give_up)

    @property
    def is_open(self) -> bool:
        return self._reply is not None and self._tries == 0

    def open(self) -> None:
        """Connects, and from then on reconnects by itself."""
        if self._reply is not None:
            return
        self._rest.relocate()
        address = self._rest.address
        if address is None:
            self._later()
            return
        if address != self._from:  # another life of the daemon counts its events anew
            self._from, self._last_id = address, ""
        request = self._rest.request("/events", address)
        request.setRawHeader(QByteArray(b"Accept"), QByteArray(b"text/event-stream"))
        request.setRawHeader(QByteArray(b"Cache-Control"), QByteArray(b"no-cache"))
        request.setAttribute(QNetworkRequest.Attribute.CacheLoadControlAttribute, False)
        if self._last_id:
            request.setRawHeader(QByteArray(b"Last-Event-ID"), QByteArray(self._last_id.encode()))
        self._parser = Parser()
        reply = self._reply = self._rest.manager.get(request)
        # bound methods: a lambda on the reply would hold the reply itself, in a circle
        reply.metaDataChanged.connect(self._stands)
        reply.readyRead.connect(self._read)
        reply.finished.connect(self._broke)
        self._watch.start()

    def close(self) -> None:
        """Closes for good."""
        self._retry.stop()
        self._watch.stop()
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.abort()  # calls _broke, which finds nothing to do
            reply.deleteLater()

    def hurry(self) -> None:
        """Tries at once instead of waiting for the next try."""
        if self._reply is None:
            self._tries = 0
            self._retry.stop()
            self.open()

    def _stands(self) -> None:
        if self._reply is None or not _is_stream(self._reply):
            return
        self._tries = 0
        self._watch.start()
        self.opened.emit()

    def _read(self) -> None:
        reply = self._reply
        if reply is None or not reply.isOpen() or not _is_stream(reply):
            return
        self._watch.start()
        try:
            events = self._parser.feed(bytes(reply.readAll().data()))
        except ValueError:
            self._give_up()
            return
        for event in events:
            if event.id is not None:
                self._last_id = event.id if event.id.isascii() else ""
            self.arrived.emit(event.name, event.data)

    def _give_up(self) -> None:
        if self._reply is not None:
            self._reply.abort()  # leads to _broke

    def _broke(self) -> None:
        reply, self._reply = self._reply, None
        if reply is None:
            return
        reply.deleteLater()
        self._watch.stop()
        self.closed.emit()
        self._later()

    def _later(self) -> None:
        self._retry.start(BACK_OFF_MS[min(self._tries, len(BACK_OFF_MS) - 1)])
        self._tries += 1


def _is_stream(reply: QNetworkReply) -> bool:
    return bool(reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) == 200)
