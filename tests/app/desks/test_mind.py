"""The noise of the oracle: rates that come true, confidences that mean what they say, no order in it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from app.desks.mind import CERTAIN, PERFECT, TILT, Mind, Outcome, Rates, Said
from app.desks.types import Decoy, DecoyKind, Fact
from app.desks.word_runs import occurs
from tests.app.desks.oracle_desks import (
    CRUISE,
    MEAT,
    NINE,
    PAPER,
    TEA,
    TRAIN,
    desk,
    ended,
    everything,
    many,
    pieces,
    seen,
)

MANY = many(100)
TEXTS = seen(MANY)
DESKS = [many(40, f"many-{n}") for n in range(20)]
FACTS = 20 * 40


def _all(rates: Rates, *, free: bool = False) -> tuple[Counter[Outcome], list[tuple[Said, float]]]:
    """Every text of DESKS in a prompt of its own."""
    counted: Counter[Outcome] = Counter()
    said = []
    for mind, text in [(Mind(one, rates), text) for one in DESKS for text in seen(one)]:
        thought = mind.drafts(pieces(text), NINE, everything, free=free)
        counted[Outcome.MISSING] += thought.missing
        for one in thought.said:
            counted[one.outcome] += 1
            said.append((one, mind.sure(one, thought.share)))
    return counted, said


def test_a_perfect_mind_says_each_fact_once_and_nothing_else() -> None:
    counted, said = _all(PERFECT)
    assert counted == {Outcome.TRUE: FACTS, Outcome.MISSING: 0}
    assert {one.subject for one, _ in said} == {f"fact:{fact.id}" for fact in DESKS[0].facts}
    assert {sure for _, sure in said} == {CERTAIN}


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.25, 0.6, 1.0])
def test_the_rate_of_missing_comes_true(rate: float) -> None:
    counted, _ = _all(replace(PERFECT, missing=rate))
    assert counted[Outcome.MISSING] / FACTS == pytest.approx(rate, abs=0.05)
    assert counted[Outcome.TRUE] == FACTS - counted[Outcome.MISSING]


def test_the_default_rates_come_true_together() -> None:
    counted, _ = _all(Rates(), free=True)
    told = counted[Outcome.TRUE]
    assert counted[Outcome.MISSING] / FACTS == pytest.approx(0.25, abs=0.05)
    assert counted[Outcome.FALSE] / told == pytest.approx(0.15, abs=0.05)
    assert counted[Outcome.DUPLICATED] / told == pytest.approx(0.10, abs=0.04)
    assert counted[Outcome.CONTRADICTORY] / told == pytest.approx(0.05, abs=0.03)


def test_a_wrong_copy_stands_in_the_text_and_has_no_word_of_a_fact() -> None:
    _, said = _all(replace(PERFECT, false=1))
    wrong = [one for one, _ in said if one.outcome is Outcome.FALSE]
    assert len(wrong) > 700
    for one in wrong:
        (value,) = one.slots.values()
        assert any(value in text for text in TEXTS)
        assert not occurs("tex", value)


def test_confidence_means_what_it_says() -> None:
    _, said = _all(replace(Rates(), overconfident=0, underconfident=0, false=0.8))
    bins: dict[int, list[tuple[bool, float]]] = {}
    for one, sure in said:
        bins.setdefault(min(4, int(5 * sure)), []).append((one.true, sure))
    full = {n: members for n, members in bins.items() if len(members) >= 80}
    assert len(full) >= 3
    for members in full.values():
        right = sum(true for true, _ in members) / len(members)
        assert right == pytest.approx(sum(sure for _, sure in members) / len(members), abs=0.12)
    gap = sum(sure - true for one, sure in said for true in (one.true,)) / len(said)
    assert abs(gap) < 0.03


@pytest.mark.parametrize(("field", "sign"), [("overconfident", 1), ("underconfident", -1)])
def test_tilted_minds_are_too_sure_or_too_unsure_by_the_odds_stated(field: str, sign: int) -> None:
    straight = replace(Rates(), overconfident=0, underconfident=0, false=0.8)
    _, honest = _all(straight)
    _, tilted = _all(replace(straight, **{field: 1.0}))
    for (one, before), (other, after) in zip(honest, tilted, strict=True):
        assert one == other
        odds = after / (1 - after) / (before / (1 - before))
        assert odds == pytest.approx(TILT**sign, rel=1e-6)


def test_the_rate_of_overconfidence_comes_true() -> None:
    straight = replace(Rates(), overconfident=0, underconfident=0)
    _, honest = _all(straight)
    _, tilted = _all(replace(straight, overconfident=0.3))
    moved = sum(before != after for (_, before), (_, after) in zip(honest, tilted, strict=True))
    assert moved / len(honest) == pytest.approx(0.3, abs=0.05)


def test_neither_the_order_of_calls_nor_their_number_changes_anything() -> None:
    forwards, backwards = Mind(MANY, Rates(), 3), Mind(MANY, Rates(), 3)
    first = [forwards.drafts(pieces(text), NINE, everything) for text in TEXTS[:60]]
    second = [backwards.drafts(pieces(text), NINE, everything) for text in reversed(TEXTS[:60])]
    assert first == second[::-1]
    assert forwards.drafts(pieces(TEXTS[0]), NINE, everything) == first[0]


def test_another_seed_and_another_desk_make_other_mistakes() -> None:
    def missed(mind: Mind) -> list[int]:
        return [mind.drafts(pieces(text), NINE, everything).missing for text in TEXTS[:100]]

    here = missed(Mind(MANY, Rates(), 0))
    assert here != missed(Mind(MANY, Rates(), 1))
    assert here != missed(Mind(replace(MANY, id="other"), Rates(), 0))


def test_a_line_seen_again_in_a_longer_text_is_read_the_same_way() -> None:
    mind = Mind(MANY, Rates(), 0)
    for text in TEXTS[:60]:
        before = mind.drafts(pieces(text), NINE, everything).missing
        assert mind.drafts(pieces(f"{text}\nand more of it"), NINE, everything).missing == before


def test_only_what_holds_now_is_true() -> None:
    mind = Mind(desk(), PERFECT)
    text = "Trip to Lyon on 14 March"
    hour = timedelta(hours=1)

    def outcomes(mind: Mind, hours: float) -> list[Outcome]:
        return [one.outcome for one in mind.drafts(pieces(text), NINE + hours * hour, everything).said]

    assert outcomes(mind, -1) == []
    assert outcomes(mind, 1) == [Outcome.TRUE]
    assert outcomes(mind, 4) == []
    assert outcomes(Mind(desk(), replace(PERFECT, contradictory=1)), 4) == [Outcome.CONTRADICTORY]


def test_all_slots_must_stand_in_the_piece_that_is_cited_unless_it_writes_sentences() -> None:
    mind = Mind(desk([TRAIN]), PERFECT)
    apart = pieces("A train to Lyon", "on 14 March")
    assert mind.drafts(apart, NINE, everything).said == ()
    (said,) = mind.drafts(apart, NINE, everything, free=True).said
    assert said.slots == {"place": "Lyon", "date": "14 March"}


def test_a_denial_is_said_in_sentences_only() -> None:
    mind = Mind(desk([MEAT]), PERFECT)
    assert mind.drafts(pieces("no meat for me"), NINE, everything).said == ()
    (said,) = mind.drafts(pieces("no meat for me"), NINE, everything, free=True).said
    assert said.negative


def test_a_kind_that_may_not_cite_the_piece_gives_way_to_one_that_may() -> None:
    mind = Mind(desk([TEA]), PERFECT)
    (said,) = mind.drafts(pieces("green tea"), NINE, lambda kind, number: kind == "interested_in").said
    assert (said.kind, said.slots) == ("interested_in", {"topic": "green tea"})
    assert mind.drafts(pieces("green tea"), NINE, lambda kind, number: False).said == ()


def test_words_that_a_fact_forbids_spoil_it() -> None:
    fact = replace(PAPER, slots={"thing": ("paper",)}, forbidden=("toilet",))
    mind = Mind(desk([fact]), replace(PERFECT, duplicated=1))
    said = mind.drafts(pieces("buy toilet paper"), NINE, everything).said
    assert said  # the copied words alone do not hold what is forbidden
    assert not any(occurs("toilet", value) for one in said for value in one.slots.values())


def test_a_duplicate_is_in_other_words_where_there_are_some() -> None:
    mind = Mind(desk([PAPER]), replace(PERFECT, duplicated=1))
    first, second = mind.drafts(pieces("fish-ladder.tex\nmy fish ladder paper"), NINE, everything).said
    assert (first.outcome, second.outcome) == (Outcome.TRUE, Outcome.DUPLICATED)
    assert first.slots == {"thing": "fish-ladder.tex"}
    assert second.slots == {"thing": "fish ladder paper"}
    _, longer = mind.drafts(pieces("see fish-ladder.tex today"), NINE, everything).said
    assert longer.slots == {"thing": "fish-ladder.tex today"}


def test_a_decoy_in_sight_is_believed_rather_than_anything_else() -> None:
    mind = Mind(desk([PAPER]), replace(PERFECT, false=1))
    said = mind.drafts(pieces("fish-ladder.tex", "A cruise to Madeira from 399"), NINE, everything).said
    assert {one.subject for one in said} == {"fact:paper", "decoy:cruise"}
    (lured,) = [one for one in said if one.outcome is Outcome.FALSE]
    assert (lured.kind, lured.slots, lured.number) == ("interested_in", {"topic": "cruise to Madeira"}, 2)


def test_a_decoy_is_believed_even_where_no_fact_is_in_sight_and_at_its_rate() -> None:
    decoys = [Decoy(f"d{n}", DecoyKind.SPAM, "spam", ((f"prize{n}",),)) for n in range(400)]
    mind = Mind(desk([], decoys), replace(PERFECT, false=0.15))
    fell = sum(len(mind.drafts(pieces(f"claim your prize{n}"), NINE, everything).said) for n in range(400))
    assert fell / 400 == pytest.approx(0.15, abs=0.05)


def test_a_decoy_over_several_lines_fills_several_slots() -> None:
    decoy = replace(CRUISE, words=(("parcel", "customs fee"),))
    mind = Mind(desk([], [decoy]), replace(PERFECT, false=1))
    (said,) = mind.drafts(pieces("Your parcel\nPay the customs fee"), NINE, everything).said
    assert sorted(said.slots.values()) == ["customs fee", "parcel"]
    (told,) = mind.drafts(pieces("Your parcel\nPay the customs fee"), NINE, everything, free=True).said
    assert list(told.slots.values()) == ["parcel, customs fee"]


def test_a_desk_in_a_script_without_spaces_is_read() -> None:
    fact = Fact("kyoto", "京都へ行く", "plans_to_go", {"place": ("京都",)}, NINE)
    (said,) = Mind(desk([fact]), PERFECT).drafts(pieces("来週は京都へ旅行する"), NINE, everything).said
    assert said.slots == {"place": "京都"}


def test_where_everything_has_ended_there_is_only_error() -> None:
    mind = Mind(desk([ended(PAPER, NINE)]), replace(PERFECT, contradictory=1))
    thought = mind.drafts(pieces("fish-ladder.tex"), NINE, everything)
    assert thought.share == 0
    assert mind.sure(thought.said[0], thought.share) < 0.5


@pytest.mark.parametrize(
    "wrong", [{"missing": -0.1}, {"false": 1.5}, {"overconfident": 0.6, "underconfident": 0.6}]
)
def test_rates_that_are_no_chances_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"chance|too sure"):
        Rates(**wrong)
