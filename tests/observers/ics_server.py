"""A server of one calendar on this machine, which remembers what it was asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from app.local_server import LocalServer


class Server(LocalServer):
    """Answers by one handler."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._handler = handler

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return self._handler


@dataclass
class Served:
    """What it says, and what it was asked: path and headers of each request."""

    address: str = ""
    body: bytes = b""
    etag: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


@contextmanager
def serving(body: bytes = b"", **more: object) -> Iterator[Served]:
    """`more` are fields of Served."""
    served = Served(body=body)
    for name, value in more.items():
        setattr(served, name, value)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, dict(self.headers)))
            known = bool(served.etag) and self.headers.get("If-None-Match") == served.etag
            self.send_response(304 if known else served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            if served.etag:
                self.send_header("ETag", served.etag)
            said = b"" if known else served.body
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with Server(Handler) as server:
        served.address = f"http://127.0.0.1:{server.port}"
        yield served
