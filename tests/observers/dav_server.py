"""A WebDAV server that says what a test has it say, however mean, and remembers what it was asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

from tests.observers.ics_server import Server

NAMES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'


class Asked(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    body: str


class Answer(NamedTuple):
    """`body` may never end."""

    status: int = 207
    body: bytes | Iterator[bytes] = b""
    headers: Mapping[str, str] = {}


@dataclass
class Mean:
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    says: Callable[[Asked], Answer] = lambda asked: Answer(404)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def said(told: Mapping[str, str]) -> Answer:
    """An answer of properties by address."""
    every = "".join(
        f"<response><href>{href}</href><propstat><prop>{properties}</prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response>"
        for href, properties in told.items()
    )
    return Answer(207, f"<multistatus {NAMES}>{every}</multistatus>".encode())


@contextmanager
def mean(says: Callable[[Asked], Answer]) -> Iterator[Mean]:
    """Until the block ends."""
    served = Mean(says=says)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length).decode())
            served.asked.append(asked)
            told = served.says(asked)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            if isinstance(told.body, bytes):
                self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            with suppress(OSError):  # who asked has gone
                for piece in [told.body] if isinstance(told.body, bytes) else told.body:
                    self.wfile.write(piece)

        do_PROPFIND = do_REPORT = do_GET = _answer  # noqa: N815 - names that the library looks for

        def log_message(self, *_: object) -> None:
            pass

    with Server(Handler) as server:
        served.port = server.port
        yield served
