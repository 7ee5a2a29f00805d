import pytest

from gum.extract.told import FEEDBACK, TOLD, extract
from gum.types import Observation, Trust
from tests.builders import observation


def told(text: str, source: str = TOLD, trust: Trust = Trust.AUTHORED) -> Observation:
    return observation(text, app="gumption", title="", source=source, trust=trust)


def said(text: str, source: str = TOLD) -> list[str]:
    return [d.text for d in extract([told(text, source)])]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("I prefer tea over coffee.", "Prefers tea over coffee"),
        ("I'm learning Rust", "Is learning Rust"),
        ("I use Inkscape for posters", "Uses Inkscape for posters"),
        ("I am preparing for the spring recital on 12 May", "Is preparing for the spring recital on 12 May"),
        ("I'm waiting for the visa from the embassy", "Waits for the visa from the embassy"),
        ("I plan to go to Lisbon on 3 June", "Plans to go to Lisbon on 3 June"),
        ("Currently: I work on thesis.tex!", None),
        ("I work on thesis.tex!", "Works on thesis.tex"),
        ("I struggle with regular expressions", "Struggles with regular expressions"),
        ("I enjoy rock climbing", "Is interested in rock climbing"),
        ("I’m a nurse at St Mary’s", "Is nurse at St Mary’s"),
        ("I work as a bookbinder", "Is bookbinder"),
    ],
)
def test_a_plain_statement_is_a_claim_in_the_persons_own_words(text: str, claim: str | None) -> None:
    assert said(text) == ([claim] if claim else [])


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("I prefer listening to jazz", {"thing": "listening to jazz"}),
        ("I prefer going to the gym", {"thing": "going to the gym"}),
        ("I prefer to write to Anna", {"thing": "to write to Anna"}),
        ("I prefer meetings to be short", {"thing": "meetings to be short"}),
        ("I prefer talking to people over mail", {"thing": "talking to people", "over": "mail"}),
        ("I prefer to walk rather than drive", {"thing": "to walk", "over": "drive"}),
        ("I prefer walking to running", {"thing": "walking", "over": "running"}),
        ("I prefer tea to coffee", {"thing": "tea", "over": "coffee"}),
        ("I prefer spring to autumn", {"thing": "spring", "over": "autumn"}),
        ("I'm a nurse in training", {"role": "nurse in training"}),
        ("I'm a nurse in training at St Mary’s", {"role": "nurse in training", "org": "St Mary’s"}),
        ("I'm a mother of two", {"role": "mother of two"}),
        ("I'm a friend of Anna", {"role": "friend of Anna"}),
        ("I am the head of the sales team", {"role": "head", "org": "the sales team"}),
        ("I'm a nurse in Leeds", {"role": "nurse", "org": "Leeds"}),
    ],
)
def test_a_slot_is_filled_only_where_the_words_mean_it(text: str, slots: dict[str, str]) -> None:
    assert [dict(d.slots) for d in extract([told(text)])] == [slots]


def test_several_statements_are_several_claims_each_with_its_own_quote() -> None:
    drafts = extract([told("I'm a nurse, and I prefer nights over days.\nI am learning Dutch.")])
    assert [d.type for d in drafts] == ["holds_role", "prefers", "learning"]
    assert [d.evidence[0].quote for d in drafts] == [
        "I'm a nurse",
        "I prefer nights over days",
        "I am learning Dutch",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I don't like reminders",
        "I no longer work on thesis.tex",
        "I used to work as a bookbinder",
        "I am not a nurse",
        "I am a bit tired",
        "That is wrong",
        "",
        "She is learning Rust",
    ],
)
def test_denials_and_anything_else_are_left_alone(text: str) -> None:
    assert said(text) == []


def test_feedback_is_read_alike_and_nothing_that_was_seen_elsewhere_is() -> None:
    assert said("I prefer reminders in the evening", FEEDBACK) == ["Prefers reminders in the evening"]
    assert said("I prefer tea over coffee", "ui_tree") == []
    assert extract([told("I prefer tea over coffee", trust=Trust.READ)]) == []


@pytest.mark.parametrize(
    "said",
    [
        "> I love sushi",
        '"I love opera", said Ben',
        "„Ich mag Oper“ sagte Ben",
        "| I love golf",
        "I love opera, said Ben",
    ],
)
def test_what_somebody_else_says_tells_nothing(said: str) -> None:
    assert extract([observation(said, source="told", trust=Trust.AUTHORED)]) == []
