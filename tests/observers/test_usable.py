"""Rules that could never hold are refused when they are made, with a hint that helps."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.errors import GumptionError, NotAllowed, RuleUnusable
from gum.types import Effect, Rule, RuleId
from observers.patterns import Facts, fits
from observers.usable import check
from tests.observers.windows import window


def rule(**fields: object) -> Rule:
    return Rule(RuleId("mine"), "Mine", Effect.DROP, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "site:example.org"}, {"url": "site:*.bank"}, {"url": "site:mychart.*"},
        {"url": "site:münchen.example"}, {"url": "site:xn--mnchen-3ya.example."},
        {"url": "site:localhost"}, {"url": " Site:Example.org"},
        {"url": "site:192.168.0.1"}, {"url": "site:2001:db8::1"}, {"url": "site:my-bank[0-9].example"},
        {"url": "*://example.org/diary/*"}, {"url": "about:config"}, {"url": "file:///home/anna/notes.html"},
        {"url": "*"}, {"title": "|online banking|"}, {"title": "a|b"}, {"app": "slack"}, {"private": False},
        {"monitor": "HDMI-*"}, {"window_class": "term*"}, {"full_screen": True}, {"hours": "22:00-07:00"},
        {"sharing": True}, {"app": "slack", "retention": timedelta(days=1)},
    ],
)  # fmt: skip
def test_rules_that_can_hold_are_taken(fields: dict[str, object]) -> None:
    check(rule(**fields))


@pytest.mark.parametrize(
    ("fields", "helps"),
    [
        ({"url": "site:example.org/diary"}, "*://example.org/diary*"),
        ({"url": "site:https://example.org/"}, "site:example.org"),
        ({"url": "site:https://anna@example.org:8443/a?b"}, "site:example.org"),
        ({"url": "site:example.org:8443"}, "site:example.org"),
        ({"url": "site:"}, "site:example.org"),
        ({"url": "site: "}, "site:example.org"),
        ({"url": "site:two words"}, "site:two"),
        ({"url": "SITE://example.org"}, "site:example.org"),
        ({"url": "example.org"}, "site:example.org"),
        ({"url": "www.example.org/diary"}, "site:www.example.org"),
        ({"url": "example.org:443"}, "site:example.org"),
        ({"url": " "}, "Leave the field out"),
        ({"app": ""}, "Leave the field out"),
        ({"title": "|a | b|"}, "without bars"),
        ({"hours": "at night"}, "22:00-07:00"),
        ({"hours": ""}, "22:00-07:00"),
        ({"sharing": True, "retention": timedelta(days=1)}, "two rules"),
    ],
)
def test_rules_that_cannot_be_meant_so_are_refused_with_a_hint(fields: dict[str, object], helps: str) -> None:
    with pytest.raises(RuleUnusable) as error:
        check(rule(**fields))
    assert helps in error.value.hint


def test_a_rule_that_matches_everything_is_not_made() -> None:
    with pytest.raises(NotAllowed):
        check(rule())


@given(st.text("ab.*?[]:/@-ö ", max_size=12))
def test_a_site_that_is_taken_fits_some_host(name: str) -> None:
    made = rule(url=f"site:{name}")
    try:
        check(made)
    except GumptionError as error:
        assert error.hint
        return
    if "[" in name or ":" in name or ".." in name:
        return
    host = name.strip(" .").replace("*", "a").replace("?", "b").replace("]", "c").replace("!", "d")
    assert fits(made, Facts(window("chromium", "A page", f"https://{host}/"))) or "]" in name


@pytest.mark.parametrize("field", ["app", "window_class", "monitor"])
def test_a_space_at_the_end_that_nobody_sees_is_told(field: str) -> None:
    with pytest.raises(RuleUnusable) as error:
        check(rule(**{field: "*slack "}))
    assert "space" in error.value.title
