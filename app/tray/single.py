"""One tray for one data folder: a second start wakes the first and ends."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.paths import Paths

WAIT_MS = 1000
LONGEST = 100  # bytes; the path of a UNIX socket may have 107


def socket_name(paths: Paths) -> str:
    """Inside the data folder, which nobody else can enter; a digest of it where the path is too long."""
    name = str(paths.data / "tray.sock")
    if len(name.encode()) <= LONGEST and Path(name).is_absolute():
        return name
    return f"gumption-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def wake_other(paths: Paths) -> bool:
    """Whether another tray runs; it then shows itself."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(paths))
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.disconnectFromServer()
    return True


class Doorbell(QObject):
    """Answers `wake_other` of later starts by calling `rung`."""

    def __init__(self, paths: Paths, rung: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rung = rung
        name = socket_name(paths)
        QLocalServer.removeServer(name)  # left by a tray that was killed; a living one was asked before
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._ring)
        self._server.listen(name)

    def _ring(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
        self._rung()

    def close(self) -> None:
        self._server.close()
