from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.denial import MOST, against, denials, denied, heard, latest
from gum.types import Observation, PropositionId, Stance, Trust
from tests.builders import NOON, observation, proposition


def tea(said: str) -> bool:
    return denied(said, "prefers", {"thing": "tea"})


@pytest.mark.parametrize(
    "said",
    [
        "I don't like tea any more.",
        "Honestly, I no longer drink tea",
        "I’ve gone off tea.",
        "Well, I used to like tea",
        "I have switched from tea to coffee",
        "No more tea for me, please.",
        "I am through with tea",
        "From now on coffee instead of tea",
        "I hate the tea",
    ],
)
def test_a_taste_that_ended_is_denied(said: str) -> None:
    assert tea(said)


@pytest.mark.parametrize(
    "said",
    [
        "I don't only like tea",
        "I don't like tea without milk",
        "I don't like green tea",
        "I don't like coffee, I like tea",
        "I like tea",
        "Why don't I like tea?",
        "If I stop drinking tea I get headaches",
        "I would never stop drinking tea",
        "Ben doesn't like tea any more",
        "She said: I don't like tea",
        "> I don't like tea",
        '"I don\'t like tea" is a song',
        "I almost gave up tea",
        "I took the bus instead of tea",
        "",
    ],
)
def test_what_denies_something_else_denies_nothing(said: str) -> None:
    assert not tea(said)


@pytest.mark.parametrize(
    ("said", "kind", "slots"),
    [
        ("Kaffee mag ich nicht mehr.", "prefers", {"thing": "Kaffee"}),
        ("jetzt Weißbrot, nicht mehr Roggenbrot.", "prefers", {"thing": "Roggenbrot"}),
        ("Ich arbeite nicht mehr im Hafenkrug", "holds_role", {"role": "Kellner", "org": "Hafenkrug"}),
        ("Je n'utilise plus Notion", "uses_for", {"tool": "Notion", "purpose": "notes"}),
        ("Ya no me gusta el café.", "prefers", {"thing": "café"}),
        ("Non mi piace più il caffè", "prefers", {"thing": "il caffè"}),
        ("Ik gebruik Trello niet meer", "uses_for", {"tool": "Trello", "purpose": "planning"}),
        ("玄米はもう結構です。", "prefers", {"thing": "玄米"}),
        ("I stopped using Trello.", "uses_for", {"tool": "Trello", "purpose": "planning"}),
        ("I no longer work at the Mill Cafe", "holds_role", {"role": "barista", "org": "Mill Cafe"}),
        ("I'm not the treasurer any more", "holds_role", {"role": "treasurer"}),
        ("I cancelled my trip to Bergen", "plans_to_go", {"place": "Bergen"}),
        ("I gave up Portuguese", "learning", {"subject": "Portuguese"}),
        ("I'm no longer waiting for the parcel", "waiting_for", {"thing": "parcel"}),
    ],
)
def test_denials_in_other_words_and_languages(said: str, kind: str, slots: dict[str, str]) -> None:
    assert denied(said, kind, slots)


def test_a_denial_is_only_of_the_kinds_of_claim_that_its_verb_is_about() -> None:
    assert not denied("I stopped using Trello", "learning", {"subject": "Trello"})
    assert not denied("I no longer work at the Mill", "holds_role", {"role": "miller"})
    assert not denied("I don't like tea", "prefers", {"thing": "tea ceremonies"})


@pytest.mark.parametrize(
    ("said", "kind", "slots"),
    [
        ("I left the hospital yesterday.", "holds_role", {"role": "nurse", "org": "St Mary Hospital"}),
        ("I left the hospital yesterday.", "holds_role", {"role": "nurse", "org": "the hospital"}),
        ("I left the office", "holds_role", {"role": "clerk", "org": "Post Office"}),
        ("I left school", "holds_role", {"role": "teacher", "org": "Bath School"}),
        ("I quit the club", "holds_role", {"role": "treasurer", "org": "Rowing Club"}),
        ("I don't work for the city", "holds_role", {"role": "driver", "org": "Kansas City"}),
        ("I don't drink milk, I have oat milk", "prefers", {"thing": "oat milk"}),
        ("I don't like meat", "prefers", {"thing": "vegan meat"}),
        ("I don't like beer", "prefers", {"thing": "ginger beer"}),
        ("I don't like tea", "prefers", {"thing": "green tea"}),
        ("I don't use Code", "uses_for", {"tool": "VS Code", "purpose": "Python"}),
        ("I don't want coffee now", "prefers", {"thing": "coffee"}),
        ("Ich will keinen Kaffee mehr", "prefers", {"thing": "Kaffee"}),
        ("I moved from Berlin to Rome", "interested_in", {"topic": "Berlin"}),
    ],
)
def test_what_is_denied_must_be_the_very_thing_and_for_good(
    said: str, kind: str, slots: dict[str, str]
) -> None:
    assert not denied(said, kind, slots)


def test_an_employer_that_is_named_was_left_and_a_tool_moved_from() -> None:
    assert denied("I left the Mill Cafe in May", "holds_role", {"role": "barista", "org": "Mill Cafe"})
    assert denied("I moved from Trello to Notion", "uses_for", {"tool": "Trello", "purpose": "planning"})


@pytest.mark.parametrize(
    "said",
    [
        "Ben said, I don't like tea",
        "I don't like tea, he said to me",
        "I don't like tea, says Ben",
        "Ben sagte, I don't like tea",
        "Anna m'a dit, I don't like tea",
        "Ana dijo, I don't like tea",
        "I don't like tea, I love it",
        "I don't like tea - honestly, I really love it!",
        "I don't like tea, but I do need it",
        "I don't like tea. Just kidding.",
        "I don't like tea. I do!",
    ],
)
def test_what_somebody_else_said_or_what_is_taken_back_denies_nothing(said: str) -> None:
    assert not tea(said)


def test_what_follows_and_takes_nothing_back_changes_nothing() -> None:
    assert tea("I don't like tea, I do not like it at all")
    assert tea("I don't like tea, I love coffee")


def test_of_the_same_denial_over_and_over_the_last_counts_and_of_many_the_last_ones() -> None:
    def seen(number: int, text: str) -> Observation:
        return observation(text, id=f"o{number}", at=NOON + timedelta(seconds=number))

    often = heard([seen(n, "I don't like tea.\nI DON'T LIKE TEA!") for n in range(40)])
    [last] = latest(reversed(often))
    assert last.observation.id == "o39"
    many = latest(heard([seen(n, f"I don't like dish {n}") for n in range(3 * MOST)]))
    assert [h.denial.what for h in many] == [f"dish {n}" for n in range(2 * MOST, 3 * MOST)]
    assert len(latest(heard([seen(0, "I don't like tea. I don't use tea")]))) == 2


def test_only_what_the_person_wrote_speaks_against_a_claim() -> None:
    line = "I no longer drink tea"
    known = [proposition("Prefers tea", type="prefers", slots={"thing": "tea"})]
    text = f"hello\nWell, {line}, and so does my sick aunt"
    [(claim, piece)] = against(heard([observation(text, trust=Trust.AUTHORED)]), known)
    assert (claim, piece.quote, piece.stance) == (known[0], line, Stance.CONTRADICTS)
    for trust in set(Trust) - {Trust.AUTHORED}:
        assert heard([observation(line, trust=trust)]) == []


def test_one_observation_speaks_once_against_a_claim() -> None:
    said = observation("I don't like tea. I don't like tea any more.\nno more tea", id="o1")
    known = proposition("Prefers tea", id=PropositionId("p"), type="prefers", slots={"thing": "tea"})
    assert len(against(heard([said, said]), [known])) == 1


@given(st.text(max_size=200))
def test_any_text_can_be_listened_to(text: str) -> None:
    list(denials(text))


@pytest.mark.parametrize(
    ("said", "was"),
    [
        ("Times change, I prefer dark chocolate now.", "milk chocolate"),
        ("I drink green tea instead", "black tea"),
        ("From now on I eat brown bread", "White bread"),
        ("My favourite is now oat milk", "coconut milk"),
        ("My new favourite drink is green tea now", "black tea"),
        ("Ich trinke jetzt lieber grünen Tee", "schwarzen Tee"),
        ("Je préfère désormais le thé vert", "thé noir"),
        ("Ahora prefiero el té verde", "té negro"),
    ],
)
def test_what_somebody_prefers_now_ends_another_of_its_sort(said: str, was: str) -> None:
    assert denied(said, "prefers", {"thing": was})


@pytest.mark.parametrize(
    ("said", "still"),
    [
        ("I prefer dark chocolate now.", "dark chocolate"),
        ("I prefer dark chocolate now.", "chocolate"),
        ("I prefer dark chocolate now.", "milk"),
        ("I prefer dark chocolate", "milk chocolate"),
        ("I love dark chocolate now", "milk chocolate"),
        ("Ben says: I prefer dark chocolate now", "milk chocolate"),
        ("I prefer New York now", "New Jersey"),
        ("I drink orange juice these days", "apple juice"),
        ("I drink coffee without sugar now", "tea without sugar"),
        ("I now eat breakfast at home", "working at home"),
        ("I prefer meetings in the morning now", "running in the morning"),
        ("I prefer reading at night now", "coding at night"),
        ("I prefer R for data now", "Python for data"),
        ("If I prefer dark chocolate now", "milk chocolate"),
    ],
)
def test_it_ends_nothing_else(said: str, still: str) -> None:
    assert not denied(said, "prefers", {"thing": still})


def test_how_often_is_no_part_of_what_is_denied() -> None:
    assert denied("From now on the train instead of flying", "prefers", {"thing": "Always flying"})
