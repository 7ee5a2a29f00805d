"""Serves the pages of a desk on 127.0.0.1 under their invented hosts while a real browser is used."""

import logging
import threading
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from app.desks.addresses import addresses
from app.desks.pages import State, show
from app.desks.types import Desk
from app.local_server import LocalServer, resolver_rules

log = logging.getLogger(__name__)


class SiteServer(LocalServer):
    """A context manager. `rules` tells Chromium which hosts are here; `state` may be changed meanwhile.

    A click on a link or a sent form leads to the page `state.next`, which is then None again. Without one a
    link to a page of the desk leads there, and everything else leaves the browser where it is (204).
    """

    def __init__(self, desk: Desk, state: State) -> None:
        self._desk, self._state = desk, state
        self._places = addresses(desk)
        self._pages = {_key(url): page_id for page_id, url in self._places.items()}
        self._lock = threading.Lock()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*site.answer(self._address(), clicked="Referer" in self.headers))

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self._answer(*site.answer(self._address(), clicked=True, sent=True))

            def _address(self) -> str:
                return f"http://{self.headers.get('Host', '').partition(':')[0]}{self.path}"

            def _answer(self, status: int, location: str, html: str) -> None:
                body = html.encode()
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                if status != 204:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                # What a page shows depends on the state: a copy kept by the browser would be an old one.
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                log.debug(format, *args)

        return Handler

    def answer(self, url: str, *, clicked: bool, sent: bool = False) -> tuple[int, str, str]:
        """Status, address to go to instead ("" for none) and html for a request.

        `clicked`: it comes from a page, not from the address bar. `sent`: it is a form.
        """
        with self._lock:
            wanted = self._pages.get(_key(url))
            ahead = self._state.next
            if clicked and ahead is not None and (sent or wanted != ahead):
                return 303, self._places[ahead], ""
            if wanted is None or sent:
                return 204, "", ""
            if wanted == ahead:
                self._state.next = None
            return 200, "", show(self._desk, wanted, self._state).html

    @property
    def rules(self) -> str:
        """The option that sends Chromium here for these hosts, and nowhere for all others."""
        hosts = sorted({urlsplit(url).netloc for url in self._places.values()})
        return resolver_rules(hosts, self.port)


def _key(url: str) -> str:
    """What of an address a browser asks its server for."""
    return url.partition("#")[0]
