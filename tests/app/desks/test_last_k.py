"""The baseline that believes what was on the screen last."""

from datetime import timedelta

import pytest

from app.desks.judge import Kind, judge
from app.desks.last_k import CONFIDENCE, LastKArm, statement
from tests.app.desks.oracle_desks import NINE, PAPER, TEA, desk, observation, refused, sights

HOUR = timedelta(hours=1)


def test_the_last_ten_are_believed_at_the_end_of_each_session() -> None:
    begins = [NINE, NINE + 5 * HOUR]
    seen = sights([f"w{n}\ntext {n}" for n in range(8)]) + sights(
        [f"v{n}\nt" for n in range(6)], since=begins[1]
    )
    played = LastKArm().play(desk(begins=begins), seen)
    first, second, after = played.checkpoints
    assert [belief.text for belief in first.beliefs] == [f"w{n}: text {n}" for n in range(8)]
    assert [belief.text[:2] for belief in second.beliefs] == [
        "w4",
        "w5",
        "w6",
        "w7",
        *(f"v{n}" for n in range(6)),
    ]
    assert after.beliefs == second.beliefs
    assert after.at - second.at == HOUR
    assert {belief.confidence for belief in second.beliefs} == {CONFIDENCE}
    assert all(belief.type is None and len(belief.evidence) == 1 for belief in second.beliefs)
    assert (played.arm, played.model_tokens, played.model_s) == ("last_k", 0, 0.0)


def test_the_judge_can_read_its_statements() -> None:
    there = desk([PAPER, TEA])
    played = LastKArm(2).play(
        there,
        sights(["Tea\nnothing else", "fish-ladder.tex - Mousepad\nWe measured.", "News\nRain in spring"]),
    )
    last = played.checkpoints[-1]
    assert [verdict.kind for verdict in judge(last.beliefs, there, last.at)] == [Kind.TRUE, Kind.JUNK]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Booking", "Booking\n\nTrain to Lyon\nmore", "Booking: Train to Lyon"),
        ("", "only text", "only text"),
        ("only a title", "", "only a title"),
        (" ", " \n ", ""),
        ("Feed", "x" * 500 + "\nshort", "Feed: short"),
    ],
)
def test_a_statement_is_the_title_and_the_first_line_that_adds_something(
    title: str, text: str, expected: str
) -> None:
    assert statement(observation(text, title=title)) == expected


def test_what_was_refused_or_has_no_words_takes_no_place_and_secrets_are_looked_for() -> None:
    seen = [
        *sights(["a\nPassword: hunter2-Tw1st"]),
        refused(NINE + HOUR),
        *sights([" \n "], since=NINE + 2 * HOUR),
    ]
    played = LastKArm(1).play(desk(), seen)
    assert [belief.text for belief in played.checkpoints[0].beliefs] == ["a: Password: hunter2-Tw1st"]
    assert played.secrets_stored == ("password",)
    assert played.hours == pytest.approx(2.0)


def test_a_desk_where_nothing_was_seen_has_checkpoints_without_beliefs() -> None:
    played = LastKArm().play(desk(), [])
    assert [(point.at, point.beliefs) for point in played.checkpoints] == [(NINE, ()), (NINE + HOUR, ())]


def test_it_keeps_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        LastKArm(0)
