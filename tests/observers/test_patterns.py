"""What patterns mean: as the standard library's globs do, and two things those cannot say."""

from dataclasses import replace
from fnmatch import fnmatchcase
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Effect, Rule, RuleId
from observers.addresses import above, host
from observers.patterns import Facts, fits, glob, part, parts, site
from observers.plain import plain
from tests.observers.windows import window

PAGE = window("chromium", "Trains | Rail - Chromium", "https://rail.test/")

labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
hosts = st.lists(labels, min_size=2, max_size=4).map(lambda found: ".".join(["a", *found, "org"]))


def rule(**fields: str) -> Rule:
    return Rule(RuleId("mine"), "Mine", Effect.DROP, **fields)  # type: ignore[arg-type]


def at(url: str | None, pattern: str) -> bool:
    return fits(rule(url=pattern), Facts(replace(PAGE, url=url)))


@given(st.text("ab*?[]!-ß ", max_size=8), st.text("abAB[]!-ßẞ \n", max_size=8))
def test_a_glob_means_what_the_standard_library_says(pattern: str, value: str) -> None:
    assert glob(pattern)(plain(value)) == fnmatchcase(plain(value), plain(pattern))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://bank.example/", "bank.example"),
        ("https://bank.example", "bank.example"),
        ("http://www.bank.example:8443/a?b#c", "www.bank.example"),
        ("https://bank.example./login", "bank.example"),
        ("https://anna:word@bank.example/", "bank.example"),
        ("https://bank.example@evil.test/", "evil.test"),
        ("https://bank.example:443@evil.test/", "evil.test"),
        ("https://evil.test\\@bank.example/", "evil.test"),
        ("https:\\\\evil.test/bank.example", "evil.test"),
        ("https://evil.test?@bank.example/", "evil.test"),
        ("https://evil.test#@bank.example/", "evil.test"),
        ("https:///bank.example/", "bank.example"),
        ("https:bank.example", "bank.example"),
        ("//bank.example/x", "bank.example"),
        ("bank.example/login", "bank.example"),
        ("bank.example:443", "bank.example"),
        ("view-source:https://bank.example/", "bank.example"),
        ("blob:https://bank.example/0f3a", "bank.example"),
        ("about:reader?url=https%3A%2F%2Fbank.example%2Fterms", "bank.example"),
        ("http://[2001:db8::1]:80/x", "2001:db8::1"),
        ("http://[2001:db8::1", "2001:db8::1"),
        ("about:blank", None),
        ("mailto:anna@bank.example", None),
        ("data:text/html,https://bank.example/", None),
        ("file:///home/anna/bank.example", None),
        ("javascript:void(0)", None),
        ("", None),
        ("two words", None),
    ],
)
def test_the_host_is_where_a_browser_would_go(address: str, found: str | None) -> None:
    assert host(address) == found


@given(hosts, st.sampled_from(["http", "https", "wss"]), st.integers(1, 65535) | st.none(), labels)
def test_the_host_of_an_ordinary_address_is_the_standard_librarys(
    name: str, scheme: str, port: int | None, path: str
) -> None:
    address = f"{scheme}://{name}{f':{port}' if port else ''}/{path}?{path}#{path}"
    assert host(address) == urlsplit(address).hostname == name


@given(st.text(max_size=40))
def test_anything_at_all_may_stand_in_an_address_bar(address: str) -> None:
    found = host(plain(address))
    assert found is None or found


@given(hosts, labels)
def test_a_site_is_a_host_and_what_lies_under_it_in_whatever_writing(name: str, sub: str) -> None:
    pattern = f"site:{name}"
    for address in (
        f"https://{name}/",
        f"https://{sub}.{name}/x?y#z",
        f"HTTPS://{name.upper()}:8443/",
        f"https://{sub}:{sub}@{name}/",
        f"https://{name}./",
        f"view-source:http://{name}/{sub}",
        f"about:reader?url={quote(f'https://{name}/{sub}', safe='')}",
        f"{name}/{sub}",
    ):
        assert at(address, pattern), address


@given(hosts, labels)
def test_an_address_that_only_looks_like_a_site_is_none(name: str, other: str) -> None:
    pattern = f"site:{name}"
    evil = f"{other}.evil.test"
    for address in (
        f"https://{name}.{evil}/",
        f"https://{evil}/{name}/",
        f"https://{evil}/?x=://{name}/",
        f"https://{evil}/#https://{name}/",
        f"https://{name}@{evil}/",
        f"https://{name}:443@{evil}/",
        f"https://{evil}\\@{name}/",
        f"https://{other}{name}/",
        f"https://{other}-{name}/",
        f"https://{name}x/",
        f"https://{name.replace('.', '-')}.{evil}/",
        f"https://{name.replace('.', '')}.test/",
    ):
        assert not at(address, pattern), address
    assert not at(None, pattern)


def test_a_site_may_be_a_glob_of_hosts() -> None:
    assert at("https://mychart.hospital.example/", "site:mychart.*")
    assert at("https://eu.mychart.hospital.example/", "site:mychart.*")
    assert not at("https://hospital.example/?next=https://mychart.x.example/", "site:mychart.*")
    assert site("*://rail.test/*") is None
    assert above("a.b.org") == ("a.b.org", "b.org", "org")


@pytest.mark.parametrize(
    "title",
    [
        "Online Banking",
        "Online banking | Norrbank - Chromium",
        "Norrbank – ONLINE BANKING — Mozilla Firefox",
        "Norrbank|Online\u00a0Banking",
        "(2) Online Banking · Norrbank",
        "Norrbank_Online Banking",
    ],
)
def test_a_part_of_a_title_stands_between_dashes_and_bars(title: str) -> None:
    assert fits(rule(title="|online banking|"), Facts(replace(PAGE, title=title)))


@pytest.mark.parametrize(
    "title",
    [
        "Online banking is down again - News",
        "Online banking: how safe is it? - Which?",
        "Non-online banking",
        "My online banking | Essay",
        "Online-Banking",
        "",
    ],
)
def test_what_is_longer_than_the_part_is_not_it(title: str) -> None:
    assert not fits(rule(title="|online banking|"), Facts(replace(PAGE, title=title)))


def test_a_pattern_between_bars_is_a_part_and_every_other_a_glob() -> None:
    assert part("|Mes comptes|") == "mes comptes"
    assert part("*|*") is None and part("||") is None and part("|") is None
    assert parts("") == {""}


def test_every_field_that_is_set_must_fit() -> None:
    both = rule(app="chromium", url="site:rail.test")
    assert fits(both, Facts(PAGE))
    assert not fits(both, Facts(replace(PAGE, app="mousepad")))
    assert not fits(both, Facts(replace(PAGE, url="https://road.test/")))
    assert fits(replace(both, private=False), Facts(PAGE))
    assert not fits(replace(both, private=True), Facts(PAGE))
    assert not fits(replace(both, private=True), Facts(replace(PAGE, private=None)))
