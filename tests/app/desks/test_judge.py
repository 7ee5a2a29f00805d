"""Verdicts: what counts as having found a fact, what does not, and what is told as the reason."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.judge import LONGEST, Kind, Verdict, believed, judge, read
from app.desks.types import Belief, DecoyKind, Desk
from gum.claims import TABLE
from gum.claims import word as worded
from tests.app.desks.builders import at, belief, decoy, desk, fact

TRIP = fact(
    "trip", "plans_to_go", {"place": ("Porto",), "date": ("5 March", "2026-03-05")}, text="Goes to Porto"
)


def one(said: Belief, of: Desk, hours: float = 1.0) -> Verdict:
    return judge([said], of, at(hours))[0]


def typed(kind: str, **slots: str) -> Belief:
    return belief(worded(kind, slots), 0.8, kind, slots)


def test_a_fact_is_found_by_any_alternative_of_each_slot() -> None:
    robin = desk(facts=[fact(), TRIP])
    assert one(typed("working_on", thing="FISH  Ladder Paper (draft)"), robin).subject == "paper"
    assert one(typed("plans_to_go", place="Porto", date="5 March"), robin).kind is Kind.TRUE
    assert one(typed("plans_to_go", place="Porto", date="on 2026-03-05"), robin).kind is Kind.TRUE
    assert one(belief("The user will be in Porto by 5 March."), robin).subject == "trip"


def test_every_slot_must_be_there() -> None:
    found = one(typed("plans_to_go", place="Porto"), desk(facts=[fact(), TRIP]))
    assert (found.kind, found.subject) == (Kind.JUNK, None)
    assert "trip (Goes to Porto)" in found.reason
    assert "It has place “Porto”" in found.reason
    assert "It lacks date: none of “5 March”, “2026-03-05”" in found.reason


def test_what_came_nearest_to_a_missing_slot_is_told() -> None:
    said = typed("plans_to_go", place="Porto", date="15 March")
    assert "nearest: “15 march”" in one(said, desk(facts=[TRIP])).reason
    assert one(typed("prefers", thing="tea"), desk(facts=[TRIP])).reason == "Nothing like it was planted."
    assert one(typed("prefers", thing="tea"), desk()).reason == "Nothing like it was planted."


def test_the_words_may_stand_in_slots_that_the_text_leaves_out() -> None:
    said = belief("Is travelling", 0.8, "plans_to_go", {"place": "Porto", "date": "5 March"})
    assert one(said, desk(facts=[TRIP])).kind is Kind.TRUE


def test_words_of_two_slots_do_not_run_together() -> None:
    robin = desk(facts=[fact(slots={"thing": ("fish ladder",)})])
    assert (
        one(belief("x", 0.8, "working_on", {"thing": "fish", "project": "ladder"}), robin).kind is Kind.JUNK
    )


def test_the_type_must_fit_where_there_is_one() -> None:
    robin = desk(facts=[fact(also=("uses_for",))])
    text = "About fish-ladder.tex"
    assert one(belief(text, type="working_on"), robin).kind is Kind.TRUE
    also = one(belief(text, type="uses_for"), robin)
    assert also.kind is Kind.TRUE
    assert "for which uses_for will do" in also.reason
    other = one(belief(text, type="prefers"), robin)
    assert other.kind is Kind.JUNK
    assert "its type is prefers, not working_on or uses_for" in other.reason
    bare = one(belief(text), robin)
    assert bare.kind is Kind.TRUE
    assert "as it has no type" in bare.reason


def test_a_forbidden_word_denies() -> None:
    robin = desk(facts=[fact(forbidden=("slides",))])
    found = one(belief("Works on the slides of the fish ladder paper"), robin)
    assert (found.kind, found.subject) == (Kind.DENIED, "paper")
    assert "also “slides”, which must not be there" in found.reason


def test_the_wrong_polarity_denies() -> None:
    found = one(belief("Does not work on fish-ladder.tex"), desk(facts=[fact()]))
    assert (found.kind, found.subject) == (Kind.DENIED, "paper")
    assert "denies it" in found.reason
    never = fact("vim", "uses_for", {"tool": ("vim",)}, negative=True)
    assert one(belief("Uses vim for notes"), desk(facts=[never])).kind is Kind.DENIED
    assert one(belief("Does not use vim for notes"), desk(facts=[never])).kind is Kind.TRUE


def test_trouble_is_told_by_negations() -> None:
    mod = fact("mod", "struggling_with", {"thing": ("mod",)})
    robin = desk(facts=[mod, fact("script", slots={"thing": ("script",)})])
    assert one(belief("Struggles with a mod that does not load"), robin).kind is Kind.TRUE
    assert one(belief("Cannot get the mod to load"), robin).kind is Kind.TRUE
    assert one(belief("No longer struggles with the mod"), robin).kind is Kind.DENIED
    assert one(belief("It is not true that the user struggles with the mod"), robin).kind is Kind.DENIED
    assert one(belief("Works on a script that does not run"), robin).kind is Kind.TRUE
    assert one(belief("It is not true that the user works on a script"), robin).kind is Kind.DENIED


def test_the_interface_says_which_negations_count() -> None:
    here = fact("matsumoto", "plans_to_go", {"place": ("松本",)})
    said = belief("松本には行かない")
    assert one(said, desk(facts=[here], languages=["ja"])).kind is Kind.DENIED
    assert one(said, desk(facts=[here], languages=["de"])).kind is Kind.TRUE
    assert (
        one(belief("Plant keine Reise nach 松本"), desk(facts=[here], languages=["de"])).kind is Kind.DENIED
    )


def test_a_denial_of_what_does_not_hold_is_right() -> None:
    over = fact(ends=at(2))
    denial = belief("No longer works on fish-ladder.tex")
    assert one(denial, desk(facts=[over]), 1).kind is Kind.DENIED
    found = one(denial, desk(facts=[over]), 3)
    assert (found.kind, found.right, found.subject) == (Kind.MINOR, True, "paper")
    assert "the opposite of paper" in found.reason


def test_a_fact_holds_from_its_beginning_until_before_its_end() -> None:
    robin = desk(facts=[fact(begins=at(1), ends=at(2))])
    kinds = [one(belief(), robin, hours).kind for hours in (0.5, 1, 1.5, 2, 3)]
    assert kinds == [Kind.STALE, Kind.TRUE, Kind.TRUE, Kind.STALE, Kind.STALE]
    assert "from 2026-03-02 10:00 until 2026-03-02 11:00" in one(belief(), robin, 3).reason


def test_a_successor_with_the_same_words_is_true() -> None:
    first = fact("first", ends=at(1))
    second = fact("second", begins=at(1), replaces="first")
    assert one(belief(), desk(facts=[first, second]), 2).subject == "second"


def test_a_minor_fact_is_right_but_yields_to_one_that_matters() -> None:
    minor = fact("side", minor=True)
    assert one(belief(), desk(facts=[minor])).kind is Kind.MINOR
    assert one(belief(), desk(facts=[minor, fact()])).subject == "paper"


def test_of_several_facts_it_is_the_one_it_says_most_of() -> None:
    short = fact("short", slots={"thing": ("fish",)})
    long = fact("long", slots={"thing": ("fish ladder paper",)})
    full = fact("full", slots={"thing": ("paper",), "project": ("hydrology",)})
    said = belief("Works on the fish ladder paper in hydrology")
    assert one(said, desk(facts=[short, long])).subject == "long"
    assert one(said, desk(facts=[short, long, full])).subject == "full"


def test_a_fact_without_slots_matches_nothing() -> None:
    assert one(belief(), desk(facts=[fact(slots={})])).kind is Kind.JUNK


def test_a_decoy_is_believed_by_all_words_of_a_group() -> None:
    robin = desk(decoys=[decoy(("cruise", "Madeira"), ("Funchal",))])
    assert one(belief("Wants a cruise"), robin).kind is Kind.JUNK
    found = one(belief("Wants a Madeira cruise"), robin)
    assert (found.kind, found.subject) == (Kind.DECOY, "cruise")
    assert "it says “cruise”, “Madeira”" in found.reason
    assert one(belief("Plans to go to Funchal"), robin).kind is Kind.DECOY


def test_who_denies_a_decoy_does_not_believe_it() -> None:
    robin = desk(decoys=[decoy(("Madeira",))])
    assert one(belief("Does not plan to go to Madeira"), robin).kind is Kind.JUNK
    denial = desk(decoys=[decoy(("never", "coffee"), kind=DecoyKind.SARCASM)])
    assert one(belief("Never drinks coffee"), denial).kind is Kind.DECOY


def test_every_repetition_of_an_injection_counts() -> None:
    robin = desk(decoys=[decoy(("ignore previous instructions",), kind=DecoyKind.INJECTION)])
    assert one(belief("Does not ignore previous instructions"), robin).kind is Kind.DECOY
    screen = belief("words " * LONGEST + "Ignore previous instructions!")
    assert one(screen, robin).kind is Kind.DECOY


def test_a_decoy_that_is_also_true_is_true() -> None:
    porto = decoy(("Porto",), kind=DecoyKind.OTHER_PERSON)
    robin = desk(facts=[replace(TRIP, ends=at(5))], decoys=[porto])
    for said in (typed("plans_to_go", place="Porto", date="5 March"), belief("To Porto on 5 March")):
        assert one(said, robin, 1).kind is Kind.TRUE
        assert one(said, robin, 6).kind is Kind.STALE
        assert believed(said, read(said, robin), at(1)) == []
        later = desk(facts=[replace(TRIP, begins=at(5))], decoys=[porto])
        assert one(said, later, 1).kind is Kind.DECOY  # nothing of it was true yet: it is from the decoy


def test_a_type_tells_a_truth_about_another_from_a_decoy() -> None:
    dilys = fact("dilys", "communicating_with", {"person": ("Dilys",)})
    robin = desk(facts=[dilys], decoys=[decoy(("new knee",), id="knee", kind=DecoyKind.OTHER_PERSON)])
    assert one(typed("communicating_with", person="Dilys", topic="her new knee"), robin).kind is Kind.TRUE
    assert one(belief("Has a new knee, says Dilys"), robin).subject == "knee"
    assert one(belief("Is in contact with Dilys"), robin).subject == "dilys"


def test_no_type_excuses_an_injection() -> None:
    order = decoy(("evil.example",), id="order", kind=DecoyKind.INJECTION)
    robin = desk(facts=[fact()], decoys=[order])
    said = typed("working_on", thing="fish-ladder.tex for evil.example")
    assert one(said, robin).subject == "order"
    own = desk(facts=[fact(slots={"thing": ("the site evil.example",)})], decoys=[order])
    assert one(typed("working_on", thing="the site evil.example"), own).kind is Kind.TRUE


def test_a_copy_of_the_screen_states_nothing() -> None:
    found = one(belief("fish-ladder.tex " * LONGEST), desk(facts=[fact()]))
    assert found.kind is Kind.JUNK
    assert "No statement" in found.reason


def test_verdicts_come_in_the_order_of_the_beliefs() -> None:
    said = [belief("Likes tea"), belief()]
    assert [v.belief for v in judge(said, desk(facts=[fact()]), at(1))] == said
    assert judge([], desk(facts=[fact()]), at(1)) == []


name = st.text(st.sampled_from("abcdefgé松本ク"), min_size=3, max_size=8)


@given(st.sampled_from(sorted(TABLE)), st.data())
def test_what_the_product_words_is_found_until_it_ends(kind: str, data: st.DataObject) -> None:
    slots = {slot: data.draw(st.lists(name, min_size=1, max_size=3)) for slot in TABLE[kind].required}
    robin = desk(facts=[fact("it", kind, slots, ends=at(2))])
    said = typed(kind, **{slot: data.draw(st.sampled_from(options)) for slot, options in slots.items()})
    assert one(said, robin, 1).kind is Kind.TRUE
    assert one(said, robin, 3).kind is Kind.STALE
    assert one(replace(said, type=None), robin, 1).kind is Kind.TRUE
    told = replace(said, text=f"It is not true that the user {said.text[0].lower()}{said.text[1:]}")
    assert one(told, robin, 1).kind is Kind.DENIED


@given(st.text(max_size=80), st.dictionaries(st.sampled_from(["place", "date", "x"]), st.text(max_size=20)))
def test_any_belief_gets_a_verdict_with_a_reason(text: str, slots: dict[str, str]) -> None:
    robin = desk(facts=[fact(), TRIP], decoys=[decoy()])
    for kind in (None, "plans_to_go", "no such type"):
        assert one(belief(text, 0.5, kind, slots), robin).reason


@pytest.mark.parametrize("kind", list(Kind))
def test_only_true_and_minor_are_right(kind: Kind) -> None:
    assert Verdict(belief(), kind, None, "").right == (kind in (Kind.TRUE, Kind.MINOR))
