from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.scope_words import NEITHER, NOTHING, UNREADABLE, age, brief, said
from gum.claims import TABLE
from gum.grants import PRESETS, Part, Right, Scope, narrowed


def test_a_narrow_scope_says_its_bounds_and_what_it_leaves_out() -> None:
    scope = Scope(max_age=timedelta(days=30), topics=("thesis",))
    assert said(scope) == [
        "Claims about you, at most 30 days old, only about ‘thesis’.",
        "It may not read which program is in use, quotes or what is on the screen.",
        "Nothing sensitive.",
        "Real names are hidden.",
        NEITHER,
    ]


def test_a_wide_scope_says_that_it_is_wide() -> None:
    told = brief(Scope(frozenset(Right), frozenset(Part), sensitive=True, real_names=True))
    assert "and what was on the screen." in told and "It may not" not in told
    assert "Sensitive claims, too. Real names are shown." in told
    assert "put facts before you" in told and "you approve each" in told


def test_what_is_taken_away_is_said() -> None:
    scope = Scope(types=frozenset({"learning"}), apps=frozenset({"code"}), no_topics=("a", "b"),
                  no_apps=frozenset({"x"}))  # fmt: skip
    told = said(scope)
    assert told[0] == "Claims about you, only of the kinds Learning, only from ‘code’."
    assert told[1:3] == ["Nothing about ‘a’ or ‘b’.", "Nothing from ‘x’."]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(rights=frozenset({Right.SUGGEST})),
        Scope(parts=frozenset()),
        narrowed(Scope(apps=frozenset({"a"})), Scope(apps=frozenset({"b"}))),
        narrowed(Scope(types=frozenset({"learning"})), Scope(types=frozenset({"bought"}))),
    ],
)
def test_what_admits_nothing_is_said_so(scope: Scope) -> None:
    assert said(scope)[0] == NOTHING


def test_what_cannot_be_understood_is_not_called_harmless() -> None:
    assert said(None) == [UNREADABLE]


def test_topics_hide_nothing() -> None:
    assert "‘a⟨U+202E⟩b c’" in said(Scope(topics=("a\u202eb\nc",)))[0]


@pytest.mark.parametrize(
    ("days", "told"), [(0.5, "12 hours"), (1, "1 day"), (30, "30 days"), (1.5, "1.5 days")]
)
def test_an_age_has_a_unit(days: float, told: str) -> None:
    assert age(days) == told


sets = st.frozensets
TOPICS = st.lists(st.text(min_size=1), max_size=3).map(tuple)
SCOPES = st.builds(
    Scope,
    sets(st.sampled_from(Right)), sets(st.sampled_from(Part)), sets(st.sampled_from(sorted(TABLE))),
    TOPICS, TOPICS, TOPICS.map(frozenset), TOPICS.map(frozenset), st.booleans(),
    st.none() | st.timedeltas(timedelta(hours=1), timedelta(days=36500)), st.booleans(),
)  # fmt: skip


@given(SCOPES)
def test_every_scope_has_sentences_and_says_names_and_sensitive_things_rightly(scope: Scope) -> None:
    told = said(scope)
    assert all(sentence and sentence.endswith(".") for sentence in told)
    if told[0] != NOTHING:
        assert ("Real names are shown." in told) == scope.real_names
        assert ("Sensitive claims, too." in told) == scope.sensitive
    assert (NEITHER in told) == (not scope.rights & {Right.SUGGEST, Right.ACT})


def test_no_two_presets_are_told_alike() -> None:
    assert len({brief(preset.scope) for preset in PRESETS.values()}) == len(PRESETS)
