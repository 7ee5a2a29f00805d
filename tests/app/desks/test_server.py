"""The pages are served under their hosts, and clicks lead where the desk says."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from app.desks.pages import Shown, State, address, label, show
from app.desks.server import SiteServer
from gum.ui import UiNode
from tests.app.desks import sample_site
from tests.app.desks.browsing import Browser, browser

DESK = sample_site.desk()


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def site(state: State) -> Iterator[SiteServer]:
    with SiteServer(DESK, state) as opened:
        yield opened


def ask(
    site: SiteServer, url: str, method: str = "GET", *, clicked: bool = False
) -> tuple[HTTPResponse, str]:
    """What a browser gets that maps the host as `rules` says; `clicked` is a link of that host's own."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", site.port, timeout=5)
    headers = {"Host": parts.netloc} | ({"Referer": f"http://{parts.netloc}/"} if clicked else {})
    connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), b"", headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def test_every_page_is_served_at_its_address_as_the_state_makes_it(site: SiteServer, state: State) -> None:
    for page in DESK.pages:
        response, body = ask(site, address(DESK, page))
        assert response.status == 200 and body == show(DESK, page, state).html
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
    state.mails.append("letter")
    assert "Budget review" in ask(site, address(DESK, "inbox"))[1]


def test_what_is_not_a_page_leaves_the_browser_where_it_is(site: SiteServer) -> None:
    for url in ("http://app.larkmail.test/elsewhere", "http://nobody.test/"):
        response, body = ask(site, url, clicked=True)
        assert response.status == 204 and body == ""


def test_a_sent_form_stays_without_a_next_page_and_goes_there_with_one(
    site: SiteServer, state: State
) -> None:
    send = "http://app.larkmail.test/mail/send"
    assert ask(site, send, "POST", clicked=True)[0].status == 204
    state.next = "sent"
    response, _ = ask(site, send, "POST", clicked=True)
    assert (response.status, response.headers["Location"]) == (303, address(DESK, "sent"))
    response, body = ask(site, response.headers["Location"], clicked=True)
    assert response.status == 200 and "Maria Silva" in body and state.next is None


def test_a_link_goes_to_the_next_page_whatever_it_says(site: SiteServer, state: State) -> None:
    state.next = "wiki"
    response, _ = ask(site, "http://lantern.test/url/2", clicked=True)
    assert (response.status, response.headers["Location"]) == (303, address(DESK, "wiki"))
    assert ask(site, address(DESK, "start"), clicked=True)[0].status == 303


def test_an_address_that_is_typed_is_not_a_click(site: SiteServer, state: State) -> None:
    state.next = "wiki"
    assert ask(site, address(DESK, "start"))[0].status == 200
    assert state.next == "wiki"


def test_the_browser_is_told_of_every_host_and_of_no_other(site: SiteServer) -> None:
    hosts = {urlsplit(address(DESK, page)).netloc for page in DESK.pages}
    assert all(f"MAP {host} 127.0.0.1:{site.port}" in site.rules for host in hosts)
    assert "MAP * ~NOTFOUND" in site.rules


def test_it_is_closed_afterwards(state: State) -> None:
    with SiteServer(DESK, state) as opened:
        port = opened.port
    with pytest.raises(OSError):
        HTTPConnection("127.0.0.1", port, timeout=2).connect()


def click(opened: Browser, shown: Shown, role: str, name: str) -> None:
    """Clicks into the middle of an object of the page."""
    tree = opened.loaded(shown).tree
    assert tree is not None
    found: UiNode = next(node for node in tree.walk() if node.role == role and node.name == name)
    assert found.region is not None
    opened.desktop.click(
        found.region.left + found.region.width // 2, found.region.top + found.region.height // 2
    )


@pytest.mark.desktop
def test_a_person_clicks_and_types_their_way_through_a_site() -> None:
    state = State(mails=["letter"])
    inbox = show(DESK, "inbox", state)
    with browser(DESK, state, inbox.url) as opened:
        tree = opened.loaded(inbox).tree
        assert tree is not None
        row = next(node.name for node in tree.walk() if node.role == "link" and "Budget review" in node.name)
        click(opened, inbox, "link", row)  # leads to the letter by itself
        letter = show(DESK, "letter", state)
        state.next = "compose"
        click(opened, letter, "push button", label(DESK, "reply", "mail.message"))
        compose = show(DESK, "compose", state)
        opened.loaded(compose)
        assert state.next is None
        click(opened, compose, "push button", label(DESK, "send", "mail.compose"))  # leads nowhere
        opened.loaded(compose)
        opened.desktop.type_text("fish")
        start = show(DESK, "start", state)
        opened.visit(start)
        state.next = "results"
        opened.desktop.type_text("fish ladder flow\n")
        opened.loaded(show(DESK, "results", state))
