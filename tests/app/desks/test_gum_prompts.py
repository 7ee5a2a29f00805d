"""The baseline's prompts, and the reading of answers that are not quite what was asked for."""

import json

import pytest

from app.desks import gum_prompts
from app.desks.gum_prompts import PROPOSED, REVISED, Proposed, Related, numbered
from gum.errors import AnswerUnusable
from tests.app.desks.oracle_desks import observation


def test_an_observation_is_told_without_its_time() -> None:
    seen = observation("line one\nline two", title="Booking", url="https://rail.example/1")
    assert gum_prompts.content(seen) == "mousepad\nBooking\nhttps://rail.example/1\nline one\nline two"
    assert str(seen.at.year) not in gum_prompts.content(seen)


def test_at_least_five_propositions_are_asked_for_whatever_was_seen() -> None:
    prompt = gum_prompts.propose(["nothing much"])
    assert "at least 5" in prompt.system
    assert prompt.user == "Observations:\n[1] nothing much"
    assert prompt.grammar is None


def test_relating_and_revising_tell_no_confidence_and_no_decay() -> None:
    pool = {3: ("The user rests", "It was quiet.")}
    assert gum_prompts.relate(pool).user == "Propositions:\n[3] The user rests\nReasoning: It was quiet."
    assert gum_prompts.revise(pool, ["quiet"]).user.endswith("It was quiet.\nObservations:\n[1] quiet")


@pytest.mark.parametrize("name", ["propose", "relate", "revise"])
def test_each_answer_has_a_form_of_its_own(name: str) -> None:
    pool = {1: ("a", "b")}
    forms = {
        "propose": gum_prompts.propose(["x"]).schema,
        "relate": gum_prompts.relate(pool).schema,
        "revise": gum_prompts.revise(pool, ["x"]).schema,
    }
    keys = {key: tuple(form["properties"]) for key, form in forms.items() if form}  # type: ignore[arg-type]
    assert len(set(keys.values())) == 3
    assert keys[name][0] in ("propositions", "relations", "revised")


def test_pieces_are_read_back_with_the_numbers_they_had() -> None:
    assert numbered(["skipped", "[3] a", "b", "[9] c", "[4] no piece"]) == [
        (3, ["a", "b"]),
        (9, ["c", "[4] no piece"]),
    ]


def test_propositions_are_read_and_broken_ones_left_out() -> None:
    whole = {"proposition": "The user\n rests", "reasoning": "r", "confidence": 0, "decay": 99}
    broken = [{"proposition": " ", "confidence": 1, "decay": 1}, {"proposition": "x"}, "text"]
    answer = json.dumps({PROPOSED: [whole, *broken]})
    assert gum_prompts.parse_propositions(answer, PROPOSED) == [Proposed("The user rests", "r", 0, 99)]
    assert gum_prompts.parse_propositions(f"```json\n{answer}\n```", PROPOSED) != []


def test_relations_are_read_whether_one_target_or_many() -> None:
    rows = [
        {"source": 1, "label": "IDENTICAL", "target": 2},
        {"source": 2, "label": "similar", "target": [3, "x"]},
        {"source": 3, "label": "unrelated"},
        {"source": 4, "label": "maybe", "target": []},
    ]
    assert gum_prompts.parse_relations(json.dumps({"relations": rows})) == [
        Related(1, "identical", (2,)),
        Related(2, "similar", (3,)),
        Related(3, "unrelated", ()),
    ]


@pytest.mark.parametrize("answer", ["", "none", "[]", '{"propositions": 3}', "[" * 100_000])
def test_answers_of_no_form_at_all_are_unusable(answer: str) -> None:
    with pytest.raises(AnswerUnusable):
        gum_prompts.parse_propositions(answer, REVISED)
    with pytest.raises(AnswerUnusable):
        gum_prompts.parse_relations(answer)
