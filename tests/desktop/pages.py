"""Pages that Chromium shows under any host's name, served over TLS on this machine, and the browser itself.

Over TLS because Chromium knows of many banks that they are never to be asked without.
"""

import json
import ssl
import time
from collections.abc import Callable, Sequence
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from app.desktop import VirtualDesktop, chromium_argv
from app.local_server import LocalServer
from tests.desktop.plants import Plant
from tests.observers.certificate import made

PATIENCE_S = 60.0


def page(title: str, plant: Plant | None = None, more: str = "") -> str:
    """A page with a title, what is planted, ordinary words, and `more` as it stands."""
    planted = "" if plant is None else f"<p style='background:{plant.css}'>{escape(plant.shown)} is here</p>"
    return f"<title>{escape(title)}</title><h1>What there is to read</h1>{planted}{more}"


class Pages(LocalServer):
    """Serves what was put, at any host. Every page has a path of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages: dict[str, str] = {}

    def put(self, host: str, html: str, path: str = "") -> str:
        """Serves `html`; its address at `host`."""
        place = f"/{len(self._pages)}{path}"
        self._pages[place] = html
        return f"https://{host}{place}"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = pages.get(urlsplit(self.path).path)
                body = (found or "").encode()
                self.send_response(404 if found is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        return Handler

    def __enter__(self) -> "Pages":
        super().__enter__()
        assert self._server is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*made(self._folder))
        # Shaken in the request's own thread, so that one slow visitor does not keep the others waiting.
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign] # a visitor that leaves
        return self


class Browser:
    """A running Chromium with one profile; every host is `pages`."""

    def __init__(self, desktop: VirtualDesktop, pages: Pages, profile: Path) -> None:
        self._desktop, self._profile = desktop, profile
        self._options = (
            f"--host-resolver-rules=MAP * 127.0.0.1:{pages.port}",
            "--ignore-certificate-errors",
            "--remote-debugging-port=0",
            "--window-size=1000,640",
            "--window-position=40,40",
        )
        self._port = 0

    def start(self, url: str) -> None:
        """Opens its first window. Raises AssertionError when it does not come up."""
        self._desktop.launch(chromium_argv(url, self._profile, *self._options))
        told = self._profile / "DevToolsActivePort"
        _wait(lambda: told.exists() and bool(told.read_text().strip()))  # it is made empty
        self._port = int(told.read_text().split()[0])

    def launch(self, url: str, *options: str) -> None:
        """What its command line does in a running browser, as `--incognito` or `--new-window`."""
        self._desktop.launch(chromium_argv(url, self._profile, *self._options, *options))

    def tab(self, url: str) -> str:
        """Opens a tab in front, of the window used last; its id."""
        answer = httpx.put(self._at(f"new?{quote(url, safe=':/?=&%')}"), timeout=30, trust_env=False)
        return str(json.loads(answer.text)["id"])

    def front(self, tab: str) -> None:
        """Brings a tab to the front."""
        httpx.get(self._at(f"activate/{tab}"), timeout=30, trust_env=False)

    def close(self, tab: str) -> None:
        httpx.get(self._at(f"close/{tab}"), timeout=30, trust_env=False)

    def tabs(self) -> Sequence[str]:
        """Ids of the open tabs, the newest first."""
        told = json.loads(httpx.get(self._at("list"), timeout=30, trust_env=False).text)
        return [str(one["id"]) for one in told if one["type"] == "page"]

    def _at(self, what: str) -> str:
        return f"http://127.0.0.1:{self._port}/json/{what}"


def _wait(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < end, "the browser does not come up"
        time.sleep(0.05)
