"""Requests to the daemon over Qt's own network stack; answers come back as calls on the GUI thread."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkProxy, QNetworkReply, QNetworkRequest

from app.tray.address import Address
from app.tray.wire import Problem
from gum.errors import DaemonUnreachable

Then = Callable[[object], object]
Otherwise = Callable[[Problem], object]
Json = Mapping[str, object]

SILENT = Problem(
    "Gumption's background part does not answer",
    "Nothing is being observed. It is started again by itself; if this stays, look at Status.",
)

GARBAGE = Problem("Gumption's background part answered garbage", "Quit Gumption and start it again.", 200)


@dataclass(slots=True)
class _Call:
    verb: str
    path: str
    then: Then
    otherwise: Otherwise
    owner: QObject | None
    body: bytes
    timeout_ms: int
    most: int = 0  # bytes of an answer that is no JSON; 0: it is JSON
    used: Address | None = None
    again: bool = True  # one more try is left when the address turns out to be an old one


class Rest(QObject):
    """Sends requests; `locate` is asked for the address again whenever the one in use stops working."""

    def __init__(self, locate: Callable[[], Address | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locate = locate
        self.address = locate()
        self.manager = QNetworkAccessManager(self)
        # one bound method for all replies: a lambda on a reply would hold the reply itself, in a circle
        self._calls: dict[QNetworkReply, _Call] = {}
        self.manager.finished.connect(self._finished)
        # The token never goes to a proxy, nor after a redirect.
        self.manager.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self.manager.setRedirectPolicy(QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)

    def send(
        self,
        verb: str,
        path: str,
        then: Then,
        otherwise: Otherwise,
        *,
        body: Json | None = None,
        query: Mapping[str, str] | None = None,
        owner: QObject | None = None,
        timeout_s: float = 15,
        most: int = 0,
    ) -> None:
        """Calls `then` with the parsed JSON, or `otherwise` with the problem; neither if `owner` is gone.

        With `most` the answer is no JSON: `then` gets its bytes, and more than so many are a problem.
        """
        data, wait_ms = b"" if body is None else json.dumps(body).encode(), int(timeout_s * 1000)
        self._go(_Call(verb, quote(path) + _query(query), then, otherwise, owner, data, wait_ms, most))

    def request(self, path: str, address: Address) -> QNetworkRequest:
        """A request to the daemon with the token on it; `path` is percent-encoded already."""
        request = QNetworkRequest(QUrl.fromEncoded(QByteArray(address.url(path).encode())))
        request.setRawHeader(QByteArray(b"Authorization"), QByteArray(f"Bearer {address.token}".encode()))
        request.setRawHeader(QByteArray(b"Accept"), QByteArray(b"application/json"))
        return request

    def relocate(self) -> bool:
        """Reads the address again; says whether it is another one now."""
        before, self.address = self.address, self._locate()
        return self.address is not None and self.address != before

    def _go(self, call: _Call) -> None:
        if self.address is None:
            self.relocate()
        if self.address is None:
            call.otherwise(SILENT)
            return
        call.used = self.address
        request = self.request(call.path, self.address)
        request.setTransferTimeout(call.timeout_ms)
        if call.body:
            request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        reply = self._open(call, request)
        if call.most:
            reply.setReadBufferSize(call.most + 1)  # what is longer never comes, and ends by the timeout
        self._calls[reply] = call

    def _open(self, call: _Call, request: QNetworkRequest) -> QNetworkReply:
        if call.verb == "GET":
            return self.manager.get(request)
        if call.verb == "DELETE":
            return self.manager.deleteResource(request)
        if call.verb == "PATCH":
            return self.manager.sendCustomRequest(request, QByteArray(b"PATCH"), QByteArray(call.body))
        return self.manager.post(request, QByteArray(call.body))

    def _finished(self, reply: QNetworkReply) -> None:
        call = self._calls.pop(reply, None)
        if call is not None:  # else it is the event stream's
            self._done(call, reply)

    def _done(self, call: _Call, reply: QNetworkReply) -> None:
        reply.deleteLater()
        if call.owner is not None and not shiboken6.isValid(call.owner):
            return
        status = _status(reply)
        refused = reply.error() == QNetworkReply.NetworkError.ConnectionRefusedError
        if call.again and (refused or status == 401):  # in both cases nothing was done yet
            call.again = False
            if self.relocate() or self.address != call.used:
                self._go(call)
                return
        data = bytes(reply.readAll().data()) if reply.isOpen() else b""
        if call.most and 200 <= status < 300:
            whole = reply.error() == QNetworkReply.NetworkError.NoError and len(data) <= call.most
            answer: object = data if whole else GARBAGE
        else:
            answer = _answer(status, data)
        if isinstance(answer, Problem):
            call.otherwise(answer)
            return
        try:
            call.then(answer)
        except DaemonUnreachable as error:  # the gate: JSON of a shape we cannot read
            call.otherwise(Problem(error.title, error.hint, status))


def _query(query: Mapping[str, str] | None) -> str:
    return f"?{urlencode(query, errors='replace')}" if query else ""


def _status(reply: QNetworkReply) -> int:
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    return status if isinstance(status, int) else 0


def _answer(status: int, data: bytes) -> object:
    """Parsed JSON, or the Problem it stands for."""
    if status == 0:
        return SILENT
    try:
        parsed: object = json.loads(data) if data else {}
    except ValueError:
        parsed = None
    if 200 <= status < 300:
        if parsed is not None:
            return parsed
        return GARBAGE
    told = parsed if isinstance(parsed, dict) else {}
    title = str(told.get("title") or f"The background part refused this (HTTP {status})")
    return Problem(title, str(told.get("hint") or ""), status)
