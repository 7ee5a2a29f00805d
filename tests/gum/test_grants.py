"""What a scope admits: nothing that it does not name."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import TABLE
from gum.errors import NotAllowed
from gum.grants import (
    PRESETS,
    ClientId,
    Grant,
    Part,
    Right,
    Scope,
    admits_apps,
    admits_claim,
    admits_text,
    from_json,
    narrowed,
    need,
    silent_on,
    to_json,
)
from gum.types import Sensitivity
from tests.builders import NOON, proposition

WORDS = st.sampled_from(["thesis", "divorce", "東京", "knitting", "bakery"])
APPS = st.sampled_from(["firefox", "code", "signal"])
SCOPES = st.builds(
    Scope,
    rights=st.frozensets(st.sampled_from(Right)),
    parts=st.frozensets(st.sampled_from(Part)),
    types=st.frozensets(st.sampled_from(sorted(TABLE)), max_size=3),
    topics=st.lists(WORDS, max_size=2).map(tuple),
    no_topics=st.lists(WORDS, max_size=2).map(tuple),
    apps=st.frozensets(APPS, max_size=2),
    no_apps=st.frozensets(APPS, max_size=2),
    sensitive=st.booleans(),
    max_age=st.none() | st.integers(1, 100).map(lambda days: timedelta(days=days)),
    real_names=st.booleans(),
)
CLAIMS = st.builds(
    lambda thing, days, kind, private: replace(
        proposition(f"Works on {thing}", type=kind, slots={"thing": thing}, at=NOON - timedelta(days=days)),
        sensitivity=Sensitivity.SENSITIVE if private else Sensitivity.NORMAL,
    ),
    WORDS,
    st.integers(0, 120),
    st.sampled_from(sorted(TABLE)),
    st.booleans(),
)


def test_by_default_a_client_reads_ordinary_claims_and_nothing_else() -> None:
    scope = Scope()
    assert scope.rights == {Right.READ}
    assert scope.parts == {Part.CLAIMS}
    assert not scope.real_names
    assert admits_claim(scope, proposition(), [], NOON)
    private = replace(proposition(), sensitivity=Sensitivity.SENSITIVE)
    assert not admits_claim(scope, private, [], NOON)
    assert admits_claim(replace(scope, sensitive=True), private, [], NOON)


def test_a_claim_seen_anywhere_else_as_well_is_not_shown() -> None:
    scope = Scope(apps=frozenset({"code"}))
    assert admits_apps(scope, ["code"])
    assert not admits_apps(scope, ["code", "signal"])
    assert not admits_apps(scope, [])  # where it was seen is not known any more
    assert not admits_apps(scope, ["code", ""])
    assert not admits_apps(Scope(no_apps=frozenset({"signal"})), ["code", "signal"])
    assert not admits_apps(Scope(no_apps=frozenset({"signal"})), [])
    assert admits_apps(Scope(), [])


def test_topics_are_words_as_in_forgetting() -> None:
    scope = Scope(topics=("thesis",), no_topics=("divorce",))
    assert admits_text(scope, "Writes the THESIS")
    assert not admits_text(scope, "Bakes bread")
    assert not admits_text(scope, "the thesis", "about divorce")
    assert not silent_on(scope, "Divorced people")  # a longer word that begins with it
    assert silent_on(scope, "anything")


def test_what_is_too_old_or_of_another_type_is_not_shown() -> None:
    old = proposition(at=NOON - timedelta(days=3))
    assert not admits_claim(Scope(max_age=timedelta(days=2)), old, [], NOON)
    assert admits_claim(Scope(max_age=timedelta(days=3)), old, [], NOON)
    assert not admits_claim(Scope(types=frozenset({"prefers"})), old, [], NOON)
    assert not admits_claim(Scope(parts=frozenset({Part.QUOTES})), old, [], NOON)


def test_a_right_that_was_not_given_is_refused_with_what_to_do() -> None:
    need(Scope(), Right.READ, Part.CLAIMS)
    with pytest.raises(NotAllowed, match="right to act"):
        need(Scope(), Right.ACT)
    with pytest.raises(NotAllowed, match="may not read transcripts") as refused:
        need(Scope(), Right.READ, Part.TRANSCRIPTS)
    assert "Assistants" in refused.value.hint


@given(SCOPES, SCOPES, CLAIMS, st.lists(APPS, max_size=3))
def test_narrowed_allows_what_both_allow_and_nothing_more(
    asked: Scope, given_: Scope, claim: object, apps: list[str]
) -> None:
    assert isinstance(claim, type(proposition()))
    both = narrowed(asked, given_)
    assert both.rights == asked.rights & given_.rights
    # Topics of the person's choice take the place of those asked for: they alone say what may be shown.
    assert from_json(json.loads(json.dumps(to_json(both)))) == both
    judged = replace(asked, topics=given_.topics or asked.topics)
    there = admits_claim(judged, claim, apps, NOON) and admits_claim(given_, claim, apps, NOON)
    assert admits_claim(both, claim, apps, NOON) == there


@given(SCOPES)
def test_a_scope_survives_being_kept(scope: Scope) -> None:
    assert from_json(json.loads(json.dumps(to_json(scope)))) == scope


@pytest.mark.parametrize(
    "wrong",
    [
        {"rights": ["everything"]},
        {"parts": "claims"},
        {"types": ["wishes"]},
        {"topics": ["  "]},
        {"topics": ["-!-"]},
        {"topics": ["x"] * 51},
        {"apps": [7]},
        {"sensitive": "no"},
        {"max_age_days": 0},
        {"max_age_days": 5e-324},
        {"max_age_days": float("nan")},
        {"max_age_days": True, "max_age": 3},
        {"unknown": 1},
    ],
)
def test_what_is_no_scope_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(NotAllowed, match="not a scope"):
        from_json(wrong)


def test_applications_are_compared_as_windows_name_themselves() -> None:
    assert from_json({"apps": [" Firefox "]}).apps == {"firefox"}


def test_presets_give_no_more_than_they_say() -> None:
    assert set(PRESETS) == {"claims", "helper", "agent"}
    for preset in PRESETS.values():
        assert not preset.scope.sensitive
        assert not preset.scope.real_names
        assert Part.TRANSCRIPTS not in preset.scope.parts
    assert Right.ACT in PRESETS["agent"].scope.rights
    assert Right.ACT not in PRESETS["helper"].scope.rights


def test_a_grant_ends_when_it_says() -> None:
    grant = Grant(ClientId("c"), "Claude", Scope(), NOON, NOON + timedelta(days=1))
    assert grant.holds(NOON)
    assert not grant.holds(NOON + timedelta(days=1))
    assert grant.recipient == "the assistant Claude"
    assert replace(grant, until=None).holds(NOON + timedelta(days=10_000))
