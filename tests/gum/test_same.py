import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum import same
from gum.claims import TABLE
from gum.same import Relation, core, relation

SAME, MORE, LESS, OPPOSITE, UNRELATED = (
    Relation.SAME,
    Relation.MORE,
    Relation.LESS,
    Relation.OPPOSITE,
    Relation.UNRELATED,
)


@pytest.mark.parametrize(
    ("kind", "one", "other", "found"),
    [
        ("working_on", {"thing": "the museum guide"}, {"thing": "museum guide"}, SAME),
        ("working_on", {"thing": "notes.txt"}, {"thing": "notes"}, SAME),
        ("working_on", {"thing": "Notes.TXT"}, {"thing": "notes.txt", "project": "garden"}, SAME),
        ("working_on", {"thing": "a", "project": "p"}, {"thing": "a", "project": "q"}, UNRELATED),
        ("communicating_with", {"person": "hiro.chen@inkpost.test"}, {"person": "Hiro Chen"}, SAME),
        ("communicating_with", {"person": "Ann"}, {"person": "Ann Lee"}, LESS),
        ("communicating_with", {"person": "Ann Lee"}, {"person": "Ann Moss"}, UNRELATED),
        ("interested_in", {"topic": "watches"}, {"topic": "mechanical watches"}, LESS),
        ("working_on", {"thing": "price list"}, {"thing": "price-list-2026.txt"}, LESS),
        ("interested_in", {"topic": "Blade Runner"}, {"topic": "Blade Runner 2049"}, UNRELATED),
        ("working_on", {"thing": "budget-2025.ods"}, {"thing": "budget-2026.ods"}, UNRELATED),
        ("prefers", {"thing": "rye bread versus"}, {"thing": "rye bread"}, SAME),
        ("working_on", {"thing": "lamp-repair.odt"}, {"thing": "repairs of the lamps upstairs"}, LESS),
        ("interested_in", {"topic": "レモンの木"}, {"topic": "レモンの木の黄色い葉"}, LESS),
        ("working_on", {"thing": "essay"}, {"thing": "essay 2"}, UNRELATED),
        ("learning", {"subject": "unit"}, {"subject": "unit iv"}, UNRELATED),
        ("struggling_with", {"thing": "slow laptop"}, {"thing": "laptop slow after waking up"}, LESS),
        ("interested_in", {"topic": "birdwatching"}, {"topic": "birdwatching binoculars 8x42"}, LESS),
        ("interested_in", {"topic": "green tea"}, {"topic": "green beans"}, UNRELATED),
        ("uses_for", {"tool": "git", "purpose": "a b"}, {"tool": "git commit", "purpose": "a"}, UNRELATED),
        ("prefers", {"thing": "tea", "over": "coffee"}, {"thing": "coffee", "over": "tea"}, OPPOSITE),
        ("prefers", {"thing": "tea", "over": "coffee"}, {"thing": "coffee"}, OPPOSITE),
        ("prefers", {"thing": "tea"}, {"thing": "coffee"}, UNRELATED),
        (
            "interested_in",
            {"topic": "hum of the amplifier"},
            {"topic": "amplifier 50 hz hum in a rack"},
            LESS,
        ),
        ("interested_in", {"topic": "wedding of my sister"}, {"topic": "sister's wedding"}, SAME),
        ("interested_in", {"topic": "map history"}, {"topic": "history of maps"}, SAME),
        ("interested_in", {"topic": "mushrooms"}, {"topic": "mushroom"}, SAME),
        ("interested_in", {"topic": "bee keeping"}, {"topic": "beekeeping"}, SAME),
        ("interested_in", {"topic": "sugar"}, {"topic": "no sugar"}, UNRELATED),
        ("interested_in", {"topic": "gluten"}, {"topic": "gluten free"}, UNRELATED),
        ("interested_in", {"topic": "bread"}, {"topic": "bread without yeast"}, LESS),
        ("interested_in", {"topic": "card reader"}, {"topic": "card reader not connecting"}, LESS),
        ("interested_in", {"topic": "smoking"}, {"topic": "not smoking"}, UNRELATED),
        ("bought", {"item": "washi tape"}, {"item": "washi tape, set of 6"}, LESS),
        ("bought", {"item": "pan ($49.90"}, {"item": "pan"}, SAME),
        ("waiting_for", {"thing": "E24 is shown. I"}, {"thing": "E24 is shown"}, SAME),
        ("interested_in", {"topic": "yeast"}, {"topic": "bread without yeast"}, UNRELATED),
        ("interested_in", {"topic": "birds"}, {"topic": "birds from a window"}, LESS),
        ("prefers", {"thing": "late meetings"}, {"thing": "late meetings, y"}, SAME),
        ("working_on", {"thing": "letter from Ann to Ben"}, {"thing": "letter from Ben to Ann"}, UNRELATED),
        ("working_on", {"thing": "plan a"}, {"thing": "plan"}, UNRELATED),
        ("working_on", {"thing": "main.py"}, {"thing": "main.c"}, UNRELATED),
        ("working_on", {"thing": "kitchen plan.pdf"}, {"thing": "kitchen_plan.pdf"}, SAME),
        ("bought", {"item": "pan"}, {"item": "pan 28 cm"}, LESS),
        ("bought", {"item": "lamp"}, {"item": "desk lamp"}, LESS),
        ("bought", {"item": "lens"}, {"item": "lens cap"}, UNRELATED),
        ("plans_to_go", {"place": "York"}, {"place": "New York"}, UNRELATED),
        ("plans_to_go", {"place": "Japan"}, {"place": "Kyoto, Japan"}, LESS),
        ("plans_to_go", {"place": "Porto"}, {"place": "Porto by train"}, LESS),
        ("holds_role", {"role": "president"}, {"role": "vice president"}, UNRELATED),
        ("holds_role", {"role": "teacher"}, {"role": "maths teacher"}, LESS),
        ("holds_role", {"role": "nurse"}, {"role": "Berg, nurse"}, LESS),
        ("uses_for", {"tool": "ls", "purpose": "x"}, {"tool": "ls -l", "purpose": "x"}, SAME),
        ("communicating_with", {"person": "Duarte, Ines"}, {"person": "Inés Duarte"}, SAME),
        ("communicating_with", {"person": "Ann Lee <a.lee@b.test>"}, {"person": "Ann Lee"}, SAME),
        ("communicating_with", {"person": "info@one.test"}, {"person": "info@two.test"}, UNRELATED),
        ("communicating_with", {"person": "ann.lee@one.test"}, {"person": "ann.lee@two.test"}, SAME),
        ("communicating_with", {"person": "Paul Martin"}, {"person": "Martin Paul Schulz"}, UNRELATED),
        ("has_deadline", {"task": "essay", "date": "Friday"}, {"task": "essay", "date": "Monday"}, SAME),
        ("prefers", {"thing": "tea", "over": "coffee"}, {"thing": "coffee cake"}, UNRELATED),
        ("prefers", {"thing": "email", "over": "phone"}, {"thing": "black phone cases"}, UNRELATED),
        ("prefers", {"thing": "train", "over": "plane"}, {"thing": "plane mode"}, UNRELATED),
        ("prefers", {"thing": "trains", "over": "planes"}, {"thing": "the plane", "over": "train"}, OPPOSITE),
    ],
)
def test_how_claims_stand_to_each_other(
    kind: str, one: dict[str, str], other: dict[str, str], found: Relation
) -> None:
    assert relation(kind, one, other) is found
    assert relation(kind, other, one) is {LESS: MORE}.get(found, found)


@pytest.mark.parametrize(
    ("kind", "slot", "less", "more", "found"),
    [
        ("working_on", "thing", "main.py", "test_main.py", UNRELATED),
        ("working_on", "thing", "letter.odt", "letter to Ben.odt", UNRELATED),
        ("working_on", "thing", "invoice.pdf", "invoice Berg.pdf", UNRELATED),
        ("working_on", "thing", "backup.tar", "backup.tar.gz", UNRELATED),
        ("working_on", "thing", "letter", "letter to Ben.odt", LESS),
        ("communicating_with", "person", "Anna", "Anna's mother", UNRELATED),
        ("communicating_with", "person", "Hans", "Hans' mother", UNRELATED),
        ("communicating_with", "person", "Smith", "Smith and Jones", UNRELATED),
        ("communicating_with", "person", "Smith", "Smith & Jones", UNRELATED),
        ("communicating_with", "person", "Smith", "Smith und Jones", UNRELATED),
        ("communicating_with", "person", "Ana", "Ana y Luis", UNRELATED),
        ("communicating_with", "person", "Anna", "Anna E. Maria Berg", LESS),
        ("communicating_with", "person", "Anna's mother", "Anna's mother Eva", LESS),
        ("communicating_with", "person", "Anna", "anna.berg@bread-and-roses.test", LESS),
        ("waiting_for", "from", "Smith", "Smith and Jones", UNRELATED),
        ("prefers", "thing", "milk", "coconut milk", UNRELATED),
        ("prefers", "thing", "coffee", "coffee cake", UNRELATED),
        ("prefers", "thing", "tea", "tea with milk", LESS),
        ("prefers", "thing", "tea", "tea without milk", LESS),
        ("interested_in", "topic", "Paris", "Paris Hilton", UNRELATED),
        ("interested_in", "topic", "Orchids", "The Orchid Society", UNRELATED),
        ("interested_in", "topic", "Paris", "Paris museums", LESS),
        ("interested_in", "topic", "Paris", "Museums, Paris, Rome", LESS),
        ("interested_in", "topic", "sourdough", "Sourdough Bread", LESS),
        ("holds_role", "org", "Bath School", "Bath School of Music", UNRELATED),
        ("holds_role", "org", "Bell", "Taco Bell", UNRELATED),
        ("holds_role", "org", "Hill School", "Hill School, Leeds", LESS),
        ("holds_role", "org", "Rowing Club", "Rowing Club in Ghent", LESS),
        ("plans_to_go", "place", "york", "new york", UNRELATED),
        ("plans_to_go", "place", "York", "new york", UNRELATED),
        ("plans_to_go", "place", "york", "New York", UNRELATED),
        ("plans_to_go", "place", "porto", "porto by train", LESS),
        ("plans_to_go", "place", "kyoto", "old town of kyoto", LESS),
        ("plans_to_go", "place", "Porto", "sunny Porto", LESS),
        ("plans_to_go", "place", "京都", "京都旅行", LESS),
    ],
)
def test_a_word_more_may_make_another_thing_of_it(
    kind: str, slot: str, less: str, more: str, found: Relation
) -> None:
    others = dict.fromkeys(TABLE[kind].required, "x")
    one, other = {**others, slot: less}, {**others, slot: more}
    assert relation(kind, one, other) is found
    assert relation(kind, other, one) is {LESS: MORE}.get(found, found)


def test_what_only_means_the_opposite_is_not_the_same() -> None:
    assert relation("interested_in", {"topic": "likes tea"}, {"topic": "dislikes tea"}) is UNRELATED


@given(st.text(max_size=20), st.text(max_size=20))
def test_it_is_symmetric_and_a_thing_is_itself(one: str, other: str) -> None:
    a, b = {"topic": one}, {"topic": other}
    found = relation("interested_in", a, b)
    assert relation("interested_in", b, a) is {LESS: MORE, MORE: LESS}.get(found, found)
    assert relation("interested_in", a, a) is SAME


def test_an_article_alone_is_kept() -> None:
    assert core("thing", "The") == ("the",)


def test_what_was_compared_can_be_dropped_from_memory() -> None:
    assert same.alike("bought", "item", "a planted lamp", "planted lamp") is Relation.SAME
    assert same._read.cache_info().currsize > 0
    same.forget()
    assert same._read.cache_info().currsize == 0
