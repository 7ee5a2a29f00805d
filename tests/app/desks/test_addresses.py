"""Invented names and addresses: the same every time, and no two pages at one place."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from app.desks.addresses import MAIL, addresses, host, number, pick, service, slug, token
from app.desks.pages import State, address, show
from app.desks.wording import languages
from tests.app.desks import sample_site

DESK = sample_site.desk()
DESKS = [sample_site.desk(str(number), language) for number, language in enumerate(languages())]


def test_addresses_are_invented_and_no_two_pages_share_one() -> None:
    for desk in DESKS:
        found = addresses(desk)
        assert list(found) == list(desk.pages)
        assert len({url.partition("#")[0] for url in found.values()}) == len(found)
        assert all((urlsplit(url).hostname or "").endswith(".test") for url in found.values())
        assert all(url == address(desk, page) == show(desk, page, State()).url for page, url in found.items())
    assert addresses(DESK) == addresses(sample_site.desk())


def test_a_company_has_one_host_and_a_name_without_latin_letters_has_one_too() -> None:
    def where(page: str) -> str:
        return urlsplit(address(DESK, page)).netloc

    assert where("lamp") == where("cart") == where("pay") == where("order") == "www.tandembooks.test"
    assert where("bank") == where("bank-login") and where("thread") != where("other-thread")
    assert re.fullmatch(r"(www\.)?[a-z]{8}\.test", host("青空鉄道")) and host("青空鉄道") != host("青空書店")
    assert host("Café Zoë") in ("www.cafezoe.test", "cafezoe.test")


def test_pages_that_would_share_an_address_are_told_apart() -> None:
    inbox = DESK.pages["inbox"]
    desk = replace(DESK, pages={name: replace(inbox, id=name) for name in ("one", "two", "three")})
    found = addresses(desk)
    assert found["one"].endswith("/mail/inbox") and found["two"].startswith(found["one"] + "?s=")
    assert len(set(found.values())) == 3


def test_the_own_page_is_where_the_desk_says() -> None:
    def at(given: str) -> str:
        page = replace(DESK.pages["own"], fields={"host": given})
        return addresses(replace(DESK, pages={"own": page}))["own"]

    assert at("wiki.adler.test") == at("http://wiki.adler.test/") == "http://wiki.adler.test/forms.html"


def test_a_desk_keeps_its_services_and_others_have_others() -> None:
    names = {service(desk, desk.pages["inbox"]).name for desk in DESKS}
    assert names <= {one.name for one in MAIL} and len(names) > 1
    again = sample_site.desk()
    assert all(service(DESK, page) == service(again, again.pages[page.id]) for page in DESK.pages.values())


def test_slugs_fold_accents_and_keep_latin_letters() -> None:
    assert slug("Straße nach Łódź – 2–8 März") == "strasse-nach-lodz-2-8-marz"
    assert slug("青空") == ""


def test_choices_depend_on_their_keys_alone() -> None:
    assert number("a", "b") == number("a", "b") != number("ab")
    assert pick("xyz", "key") in "xyz"
    assert re.fullmatch(r"[A-Za-z0-9]{12}", token(12, "k")) and token(12, "k") != token(12, "l")
