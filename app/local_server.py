"""A small web server on 127.0.0.1, for as long as a block of code runs: pages and a model made up for it."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

POLL_S = 0.02  # how soon it notices that it should end; the default of half a second a desk adds up


class LocalServer(ABC):
    """A context manager; `port` says where it listens meanwhile."""

    _server: ThreadingHTTPServer | None = None

    @abstractmethod
    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers the requests, each in a thread of its own."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self._server.daemon_threads = True
        name = type(self).__name__
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), name=name, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1, while it is open."""
        assert self._server is not None, "it serves only inside a with block"
        return int(self._server.server_address[1])


def resolver_rules(hosts: Iterable[str], port: int) -> str:
    """The option that sends Chromium to `port` for these hosts, and nowhere for all others."""
    ours = ", ".join(f"MAP {host} 127.0.0.1:{port}" for host in hosts)
    return f"--host-resolver-rules={ours}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
