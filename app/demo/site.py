"""The demo's web sites: a few pages of its own, served on 127.0.0.1 under invented host names."""

import logging
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jinja2

from app.demo.story import CLINIC, HOSTS, MAIL, RAIL, SEARCH, VAULT, Story
from app.local_server import LocalServer, resolver_rules

log = logging.getLogger(__name__)

PAGES = Path(__file__).parent / "pages"
_ROUTES = {
    f"{MAIL}/": "inbox.html",
    f"{MAIL}/compose": "compose.html",
    f"{MAIL}/sent": "sent.html",
    f"{SEARCH}/": "search.html",
    f"{SEARCH}/search": "search.html",
    f"{SEARCH}/fish-ladders": "article.html",
    f"{RAIL}/": "rail.html",
    f"{RAIL}/booked": "booked.html",
    f"{VAULT}/": "vault.html",
    f"{CLINIC}/": "clinic.html",
}


class Pages:
    """The pages of one story."""

    def __init__(self, story: Story) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined
        )
        self._story = story

    def at(self, address: str) -> str | None:
        """The page at an address; None where there is none."""
        parts = urlsplit(address)
        name = _ROUTES.get(f"http://{parts.netloc}{parts.path}")
        if name is None:
            return None
        query = parse_qs(parts.query).get("q", [""])[0]
        return self._templates.get_template(name).render(story=self._story, query=query)


class Site(LocalServer):
    """Serves the pages while it is open. `rules` tells Chromium which hosts they are."""

    def __init__(self, story: Story) -> None:
        self._pages = Pages(story)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = self.headers.get("Host", "").split(":")[0]
                page = pages.at(f"http://{host}{self.path}")
                body = ("Not here" if page is None else page).encode()
                self.send_response(404 if page is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                log.debug(format, *args)

        return Handler

    @property
    def rules(self) -> str:
        """The option that sends Chromium here for these hosts, and nowhere for all others."""
        return resolver_rules(HOSTS, self.port)
