from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.retrieve import diverse, fuse, nearness, relevance, score, standing
from tests.builders import NOON

share = st.floats(0, 1)
DAY = timedelta(days=1)


@st.composite
def candidates(draw: st.DrawFn) -> tuple[list[float], list[list[float]]]:
    """Scores, and cosines of each pair."""
    scores = draw(st.lists(share, max_size=8))
    alike = [[1.0] * len(scores) for _ in scores]
    for i in range(len(scores)):
        for j in range(i):
            alike[i][j] = alike[j][i] = draw(st.floats(-1, 1))
    return scores, alike


@given(st.lists(st.lists(st.integers(0, 20), unique=True), max_size=4))
def test_what_more_ways_of_looking_rank_first_comes_first(rankings: list[list[int]]) -> None:
    fused = list(fuse(rankings).items())
    assert {n for n, _ in fused} == {n for r in rankings for n in r}
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)
    assert all(0 < s < 0.07 for _, s in fused)
    if rankings and rankings[0] and all(r[:1] == rankings[0][:1] for r in rankings):
        assert fused[0][0] == rankings[0][0]


@given(share, st.floats(-1, 1), share)
def test_a_relevance_lies_between_nothing_and_certainty(words: float, cosine: float, name: float) -> None:
    assert 0.0 <= relevance(words, cosine, name) < 1.0


@given(share, st.floats(-1, 1), share, share, st.floats(0, 1))
def test_no_hint_makes_less_relevant(
    words: float, cosine: float, name: float, more: float, nearer: float
) -> None:
    fit = relevance(words, cosine, name)
    assert relevance(max(words, more), cosine, name) >= fit
    assert relevance(words, cosine + nearer, name) >= fit
    assert relevance(words, cosine, max(name, more)) >= fit


def test_what_scores_are_made_of() -> None:
    assert relevance(0.0, 0.1, 0.0) == 0.0  # sentences that have nothing to do with each other
    assert relevance(1.0) == pytest.approx(0.75)
    assert relevance(0.0, 0.9) == pytest.approx(0.85)
    assert relevance(1.0, 0.0, 1.0) == pytest.approx(0.875)
    assert nearness(0.2) == 0.0
    assert nearness(0.475) == pytest.approx(0.5)
    assert nearness(float("nan")) == 0.0


@given(share, share, share)
def test_fading_and_doubt_take_at_most_half_each(fit: float, left: float, confidence: float) -> None:
    made = score(fit, left, confidence)
    assert fit / 4 <= made <= fit
    assert score(fit, 1.0, confidence) >= made
    assert score(fit, left, 1.0) >= made
    assert score(fit, 1.0, 1.0) == fit


def test_a_claim_whose_date_has_passed_stands_no_more() -> None:
    assert standing(NOON - 4 * DAY, 4 * DAY, None, NOON) == 0.5
    assert standing(NOON, 4 * DAY, NOON + DAY, NOON) == 1.0
    assert standing(NOON, 4 * DAY, NOON - DAY, NOON) == 0.0


@given(candidates(), st.integers(0, 10), share)
def test_each_candidate_is_shown_once_and_the_best_first(
    given_: tuple[list[float], list[list[float]]], limit: int, diversity: float
) -> None:
    scores, alike = given_
    shown = diverse(scores, alike.__getitem__, limit, diversity)
    assert len(shown) == len(set(shown)) == min(limit, len(scores))
    if shown:
        assert diversity == 1.0 or scores[shown[0]] == max(scores)
    if diversity == 0.0:
        assert [scores[i] for i in shown] == sorted(scores, reverse=True)[:limit]


def test_the_second_wording_of_one_thing_waits_for_another_thing() -> None:
    scores = [0.8, 0.79, 0.5]
    alike = [[1.0, 0.98, 0.1], [0.98, 1.0, 0.1], [0.1, 0.1, 1.0]]
    assert diverse(scores, alike.__getitem__, 3, 0.0) == [0, 1, 2]
    assert diverse(scores, alike.__getitem__, 3, 0.3) == [0, 2, 1]
    assert diverse([s / 8 for s in scores], alike.__getitem__, 3, 0.3) == [
        0,
        2,
        1,
    ]  # a poor answer is ordered alike
    assert diverse(scores, alike.__getitem__, 3, 0.02) == [0, 1, 2]
