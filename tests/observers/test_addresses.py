"""Addresses: however they are written, and whatever shows them, they are the same place."""

from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Effect, Rule, RuleId
from observers.addresses import (
    above,
    canonical,
    decoded,
    forms,
    host,
    inside,
    of_tools,
    pattern_forms,
    unicode_host,
)
from observers.patterns import Facts, fits
from observers.plain import plain
from tests.observers.windows import window

labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
hosts = st.lists(labels, min_size=2, max_size=4).map(lambda found: ".".join(["a", *found, "org"]))
anything = st.text(max_size=40) | st.text("ahtps:/\\%20xn--.?#@[]&=", max_size=40)


def at(url: str, pattern: str) -> bool:
    rule = Rule(RuleId("mine"), "Mine", Effect.DROP, url=pattern)
    return fits(rule, Facts(window("chromium", "A page - Chromium", url)))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://xn--mnchen-3ya.example/", "münchen.example"),
        ("https://münchen.example/", "münchen.example"),
        ("https://ｂａｎｋ。example/", "bank.example"),
        ("https://b%61nk.example/", "bank.example"),
        ("https://m%c3%bcnchen.example:443/", "münchen.example"),
        ("https://xn--99zzzzzz.example/", "xn--99zzzzzz.example"),
        ("chrome-distiller://5f_1/?url=https%3a%2f%2fbank.example%2f", "bank.example"),
        ("read://https_bank.example/?url=https%3a%2f%2fbank.example%2fa", "bank.example"),
        ("moz-extension://0f3a/suspended.html#ttl=bank&uri=https://bank.example/x", "bank.example"),
    ],
)
def test_a_host_is_told_however_it_is_written(address: str, found: str) -> None:
    assert host(address) == found


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("site:münchen.example", "https://xn--mnchen-3ya.example/"),
        ("site:xn--mnchen-3ya.example", "https://münchen.example/"),
        ("site:MÜNCHEN.example.", "https://www.xn--mnchen-3ya.example:443/x"),
        (" Site:bank.example ", "https://BANK.example./"),
        ("*://münchen.example/*", "https://xn--mnchen-3ya.example/platz"),
        ("*://xn--mnchen-3ya.example/*", "https://münchen.example/platz"),
        ("*/my diary*", "https://notes.example/my%20diary/3"),
        ("*/my%20diary*", "https://notes.example/my diary/3"),
        ("*/tagebücher/*", "https://notes.example/tageb%C3%BCcher/3"),
        ("*/tagebücher/*", "https://notes.example/tageb%FCcher/3"),
        ("*/100%25/*", "https://notes.example/100%25/"),
        ("https://notes.example/*", "https://notes.example:443"),
        ("http://notes.example/", "HTTP://Notes.Example.:80"),
        ("https://notes.example/a", "https://anna:word@notes.example/a"),
        ("*://notes.example/*", "https://translate.google.com/translate?u=notes.example/x"),
    ],
)
def test_a_rule_fits_however_pattern_and_address_are_written(pattern: str, address: str) -> None:
    assert at(address, pattern)


def test_what_is_encoded_in_a_pattern_is_meant_as_it_stands() -> None:
    """An encoded star is a star, not anything; an encoded slash is no way to another host."""
    assert at("https://notes.example/a*b", "https://notes.example/a%2Ab")
    assert not at("https://notes.example/axb", "https://notes.example/a%2Ab")
    assert not at("https://evil.test%2f@elsewhere.example/", "site:evil.test")
    assert not at("https://notes.example:8443/a", "https://notes.example/a")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("view-source:https://bank.example/", "https://bank.example/"),
        ("https://www-bank-example.translate.goog/a?_x_tr_sl=en", "https://www.bank.example/a?_x_tr_sl=en"),
        ("https://my--bank-example.translate.goog/", "https://my-bank.example/"),
        ("https://web.archive.org/web/2024*/bank.example", "https://bank.example"),
        ("https://web.archive.org/web/2024/https:/bank.example/a?b", "https:/bank.example/a?b"),
        ("https://archive.is/o/abc/https://bank.example/", "https://bank.example/"),
        ("https://webcache.googleusercontent.com/search?q=cache:x:https://bank.example/", "https://bank.example/"),
        ("https://translate.google.co.uk/translate?hl=de&u=https%3a%2f%2fbank.example", "https://bank.example"),
        ("https://web.archive.org/", None),
        ("https://archive.org/details/bank.example", None),
        ("https://news.example/https://bank.example/", None),
        ("https://bank.example/", None),
    ],
)  # fmt: skip
def test_translators_and_archives_show_another_page(address: str, shown: str | None) -> None:
    assert inside(address) == shown


def test_what_is_shown_inside_what_is_shown_counts_too() -> None:
    nested = "view-source:https://web.archive.org/web/2024/https://www-bank-example.translate.goog/"
    assert at(nested, "site:bank.example")
    assert at("https://xn----mnchen--3ya-example.translate.goog/", "site:münchen.example")


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("devtools - bank.example/a - chromium", "https://bank.example/a"),
        ("developer tools — my page — https://bank.example/a", "https://bank.example/a"),
        ("devtools", None),
        ("a page", None),
    ],
)
def test_developer_tools_say_in_their_title_what_they_inspect(title: str, address: str | None) -> None:
    assert of_tools(title) == address


@given(hosts, labels)
def test_a_page_is_the_same_translated_and_archived(name: str, path: str) -> None:
    for address in (
        f"https://{name.replace('.', '-')}.translate.goog/{path}",
        f"https://web.archive.org/web/2024/https://{name}/{path}",
        f"https://archive.today/2024/http://{name}/{path}",
        f"https://translate.google.com/translate?u={quote(f'https://{name}/{path}', safe='')}",
    ):
        assert at(address, f"site:{name}"), address


@given(hosts, labels)
def test_canonical_is_one_way_of_writing(name: str, path: str) -> None:
    told = f"https://{name}/{path}"
    for address in (f"https://{name}:443/{path}", f"https://a:b@{name}./{path}", f"https:\\\\{name}/{path}"):
        assert canonical(address) == told
    assert canonical(told) == told
    assert urlsplit(told).hostname == host(told)


@given(anything)
def test_anything_may_stand_in_an_address_bar_and_in_a_pattern(address: str) -> None:
    for form in forms(plain(address)):
        found = host(form)
        assert found is None or found
    assert pattern_forms(address)[0] == address
    assert unicode_host(plain(address)) is not None
    at(address, address)


@given(st.text(max_size=20))
def test_decoding_is_the_standard_librarys_for_utf8(text: str) -> None:
    assert decoded(quote(text)) == text == unquote(quote(text))


def test_above() -> None:
    assert above("a.b.org") == ("a.b.org", "b.org", "org")
