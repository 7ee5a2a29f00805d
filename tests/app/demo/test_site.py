"""The demo's pages: every address the script visits has one, and secrets stand only where they may."""

from datetime import datetime

import httpx
import pytest

from app.demo.result import plain
from app.demo.site import Pages, Site
from app.demo.story import CLINIC, MAIL, PLANTED, RAIL, SEARCH, SECRETS, VAULT, Story

STORY = Story(datetime(2026, 11, 22, 21).astimezone())
OPEN: tuple[str, ...] = (
    f"{MAIL}/",
    f"{MAIL}/compose",
    f"{MAIL}/sent",
    f"{SEARCH}/",
    f"{SEARCH}/search?q=fish+ladder+flow+rate",
)
OPEN += (f"{SEARCH}/fish-ladders", f"{RAIL}/", f"{RAIL}/booked")


@pytest.mark.parametrize("address", OPEN)
def test_every_page_is_there_and_holds_no_secret(address: str) -> None:
    page = Pages(STORY).at(address)
    assert page is not None and "<title>" in page
    assert not any(secret in plain(page) for secret in SECRETS)


def test_every_secret_stands_on_a_page_that_is_excluded() -> None:
    pages = Pages(STORY)
    hidden = plain((pages.at(f"{VAULT}/") or "") + (pages.at(f"{CLINIC}/") or ""))
    assert all(secret in hidden for secret in SECRETS)


def test_the_inbox_tries_to_lure() -> None:
    inbox = plain(Pages(STORY).at(f"{MAIL}/") or "")
    assert all(plain(lure) in inbox for lure in PLANTED)


def test_it_serves_by_host_name_and_nothing_else() -> None:
    with Site(STORY) as site, httpx.Client(base_url=f"http://127.0.0.1:{site.port}", trust_env=False) as http:
        there = http.get("/", headers={"Host": MAIL.removeprefix("http://")})
        assert there.status_code == 200 and "Inbox" in there.text
        assert http.get("/").status_code == 404
        assert http.get("/../story.py", headers={"Host": MAIL.removeprefix("http://")}).status_code == 404


def test_what_was_searched_for_cannot_become_markup() -> None:
    page = Pages(STORY).at(f"{SEARCH}/search?q=%3Cscript%3Ealert(1)%3C/script%3E") or ""
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_days_of_the_story_follow_from_today() -> None:
    assert STORY.due == "Tuesday 24 November 2026"
    assert STORY.departs == "Tuesday 1 December 2026"
    assert STORY.due in STORY.notes
