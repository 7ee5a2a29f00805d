import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import HIGHEST, LOWEST, TABLE
from gum.confidence import MODEL, STRUCTURE, TRUSTED, alone, family, features, form, score
from gum.fitted import WEIGHTS
from gum.types import Evidence, ObservationId, Stance, Trust
from tests.builders import NOON, proposition

PIECES = st.builds(
    Evidence,
    st.integers(0, 50).map(lambda n: ObservationId(f"o{n}")),
    st.just("quote"),
    drafter=st.sampled_from(["structure", "llm:a", "llm:b"]),
    sure=st.floats(0, 1),
    at=st.integers(0, 3000).map(lambda m: NOON + timedelta(minutes=m)),
    app=st.sampled_from(["a", "b"]),
    trust=st.sampled_from(TRUSTED),
)
LISTS = st.lists(PIECES, min_size=1, max_size=8)
CLAIM = proposition(type="interested_in", slots={"topic": "watches"})
KINDS = st.sampled_from(sorted(TABLE))


@given(KINDS, LISTS, PIECES)
def test_evidence_never_lowers_confidence(kind: str, pieces: list[Evidence], more: Evidence) -> None:
    assert (
        score(kind, "mechanical watches", [*pieces, more])
        >= score(kind, "mechanical watches", pieces) - 1e-12
    )


@given(KINDS, LISTS, PIECES)
def test_what_speaks_against_never_raises_it(kind: str, pieces: list[Evidence], more: Evidence) -> None:
    against = replace(more, stance=Stance.CONTRADICTS)
    assert (
        score(kind, "mechanical watches", [*pieces, against])
        <= score(kind, "mechanical watches", pieces) + 1e-12
    )


@given(KINDS, LISTS, st.randoms())
def test_the_order_of_evidence_does_not_matter(
    kind: str, pieces: list[Evidence], dice: random.Random
) -> None:
    shuffled = list(pieces)
    dice.shuffle(shuffled)
    assert score(kind, "mechanical watches", shuffled) == pytest.approx(
        score(kind, "mechanical watches", pieces)
    )


@given(KINDS, LISTS)
def test_nothing_is_ever_certain(kind: str, pieces: list[Evidence]) -> None:
    assert LOWEST <= score(kind, "mechanical watches", pieces) <= HIGHEST


def piece(**more: object) -> Evidence:
    base = Evidence(
        ObservationId("o"), "quote", drafter="llm:x", sure=0.6, at=NOON, app="a", trust=Trust.AUTHORED
    )
    return replace(base, **more)  # type: ignore[arg-type]


def test_what_is_seen_again_on_another_day_counts_more_than_in_the_same_hour() -> None:
    once = [piece()]
    again = [*once, piece(observation_id="p", at=NOON + timedelta(minutes=1))]
    later = [*once, piece(observation_id="p", at=NOON + timedelta(days=1))]
    assert score("interested_in", "watches", again) == score("interested_in", "watches", once)
    assert score("interested_in", "watches", later) > score("interested_in", "watches", once)


def test_who_is_surer_is_believed_more() -> None:
    assert alone(CLAIM, piece(sure=0.9)) > alone(CLAIM, piece(sure=0.3))


def test_nothing_supports_nothing() -> None:
    assert features("interested_in", "watches", []) == {}
    assert score("interested_in", "watches", [piece(stance=Stance.CONTRADICTS)]) == LOWEST


def test_a_number_that_is_none_counts_as_unsure() -> None:
    assert alone(CLAIM, piece(sure=float("nan"))) == alone(CLAIM, piece(sure=0.5))


def test_a_stray_word_that_a_model_copied_is_believed_less_than_a_phrase() -> None:
    seen = [piece()]
    stray = min(score("interested_in", words, seen) for words in ("it", "details", "of watches"))
    assert stray < score("interested_in", "mechanical watches", seen)
    read = [piece(drafter="structure")]
    assert score("interested_in", "details", read) == score("interested_in", "mechanical watches", read)


@given(st.text(max_size=50))
def test_any_words_have_a_form(words: str) -> None:
    assert all(0 <= value <= 4 for value in form(words).values())


def test_drafters_are_of_two_families() -> None:
    assert (family("structure"), family("llm:qwen"), family("oracle")) == (STRUCTURE, MODEL, MODEL)


def test_what_only_adds_was_bounded_when_it_was_learnt() -> None:
    adding = ("places", "days", "both", f"{MODEL}:sure", f"{STRUCTURE}:sure")
    assert all(WEIGHTS[name] >= 0 for name in adding)
    assert {f"type:{kind}" for kind in TABLE} <= WEIGHTS.keys()
