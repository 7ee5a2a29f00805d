from datetime import timedelta

import pytest

from gum.types import PropositionId
from storage import observations, scope
from storage.db import Database
from storage.scope import App, Claim, Everything, Gone, Scope, Site, Source, Span
from tests.builders import NOON, observation

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("example.org", "example.org"),
        ("Example.ORG ", "example.org"),
        ("www.example.org", "example.org"),
        ("https://www.example.org:8080/a?b#c", "example.org"),
        ("example.org/path", "example.org"),
        ("example.org.", "example.org"),
        ("localhost:8000", "localhost"),
        ("münchen.de", "münchen.de"),
    ],
)
def test_a_site_is_named_by_its_host_or_any_address_of_it(typed: str, host: str) -> None:
    assert Site.of(typed) == Site(host)


@pytest.mark.parametrize("typed", ["", "  ", "https://", "/path", ".", "https://[bad"])
def test_what_has_no_host_is_no_site(typed: str) -> None:
    assert Site.of(typed) is None


def test_a_site_takes_its_subdomains_and_no_other(db: Database) -> None:
    urls = (
        *(
            "https://example.org/a",
            "http://www.example.org",
            "https://mail.example.org/x",
            "https://a.b.example.org",
        ),
        *(
            "https://notexample.org",
            "https://example.org.evil.net",
            "https://exampleXorg/",
            "https://example.com/?example.org",
        ),
    )
    for n, url in enumerate(urls):
        db.run_sync(lambda s, n=n, url=url: observations.append(s, observation(id=f"o{n}", url=url)))
    db.run_sync(lambda s: observations.append(s, observation("see example.org", id="none")))
    found = db.read_sync(lambda s: scope.observations(s, Site("example.org")))
    assert sorted(found) == ["o0", "o1", "o2", "o3"]


def test_a_site_has_two_spellings(db: Database) -> None:
    for key, url in (("words", "https://münchen.de/"), ("code", "https://shop.xn--mnchen-3ya.de/")):
        db.run_sync(lambda s, key=key, url=url: observations.append(s, observation(id=key, url=url)))
    for host in ("münchen.de", "xn--mnchen-3ya.de"):
        found = db.read_sync(lambda s, host=host: scope.observations(s, Site(host)))
        assert sorted(found) == ["code", "words"]


def test_spans_may_be_open_at_one_end_but_not_at_both(db: Database) -> None:
    for key, start, length in (("early", 0, 5), ("late", 10, 5)):
        o = observation(id=key, at=NOON + start * MINUTE, lasts=length * MINUTE)
        db.run_sync(lambda s, o=o: observations.append(s, o))
    for span, found in (
        (Span(since=NOON + 6 * MINUTE), ["late"]),
        (Span(until=NOON + 9 * MINUTE), ["early"]),
        (Span(NOON + 5 * MINUTE, NOON + 10 * MINUTE), ["early", "late"]),
        (Span(NOON + 6 * MINUTE, NOON + 9 * MINUTE), []),
    ):
        assert sorted(db.read_sync(lambda s, span=span: scope.observations(s, span))) == found
    with pytest.raises(ValueError, match="everything"):
        Span()


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (App("mousepad"), ["a"]),
        (Source("screen"), ["b"]),
        (Everything(), ["a", "b"]),
        (Claim(PropositionId("a")), []),
    ],
)
def test_the_other_scopes_name_what_they_say(db: Database, what: Scope, found: list[str]) -> None:
    for o in (observation(id="a"), observation(id="b", app="viewer", source="screen")):
        db.run_sync(lambda s, o=o: observations.append(s, o))
    assert sorted(db.read_sync(lambda s: scope.observations(s, what))) == found
    assert db.read_sync(lambda s: scope.propositions(s, what)) == (["a"] if isinstance(what, Claim) else [])


def test_evidence_without_its_observation_goes_by_program_and_time_only() -> None:
    late = NOON + MINUTE
    assert Gone(frozenset({"o"}), Source("screen")).takes("o", "", None)
    assert not Gone(frozenset({"o"}), Source("screen")).takes("", "screen", NOON)
    assert Gone(frozenset(), App("a")).takes("", "a", NOON)
    assert not Gone(frozenset(), App("a")).takes("", "b", NOON)
    assert not Gone(frozenset(), App("a")).takes("other", "a", None)  # it is there, under its own program
    assert Gone(frozenset(), Span(NOON, late)).takes("gone", "a", late)
    assert not Gone(frozenset(), Span(since=late)).takes("", "a", NOON)
    assert not Gone(frozenset(), Span(until=NOON)).takes("", "a", late)
