import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gum.people import Kind, Person, called, mask, names_in, numbered, runs, strangers_in, unmasked
from gum.text import normal
from tests.builders import observation, proposition

NAMES = [
    "Anna Berg",
    "Anna",
    "anna.berg@firm.example",
    "Anna Kern",
    "Tom O'Brien",
    "Will",
    "田中",
    "Zoë",
    "山田太郎",
]


CROWD = [
    Person(f"{name}{n:04d}", n, f"{name}{n:04d}") for n in range(100, 3000) for name in ("zeta zork ", "鈴木")
]


def people(*names: str) -> list[Person]:
    return numbered(names, [], 0)


def test_a_part_and_an_address_of_a_name_are_the_same_person() -> None:
    found = {
        p.shown: p.number for p in people("Anna Berg", "Anna", "anna.berg@firm.example", "Bo Lind", "Bo")
    }
    assert found == {"Anna Berg": 1, "Anna": 1, "anna.berg@firm.example": 1, "Bo Lind": 2, "Bo": 2}


def test_who_could_be_several_is_somebody_else() -> None:
    found = {p.shown: p.number for p in people("Anna Berg", "Anna Kern", "Anna")}
    assert found == {"Anna Berg": 1, "Anna Kern": 2, "Anna": 3}
    taken = {p.shown: p.number for p in people("Anna", "Anna Berg", "Anna Kern")}
    assert taken == {"Anna": 1, "Anna Berg": 1, "Anna Kern": 2}


def test_who_is_known_keeps_the_number_and_new_ones_follow_the_highest_ever() -> None:
    known = [Person("anna berg", 3, "Anna Berg", real=True)]
    fresh = numbered(["anna berg", "Anna", "Bo Lind"], known, 9)
    assert [(p.shown, p.number, p.real) for p in fresh] == [("Anna", 3, True), ("Bo Lind", 10, False)]


def test_names_come_from_person_slots_and_the_headers_of_mails() -> None:
    claim = proposition(type="communicating_with", slots={"person": "Anna Berg", "topic": "bees"})
    waits = proposition(type="waiting_for", slots={"thing": "the report", "from": "Bo Lind"})
    mail = observation("From: Zoë Kern <zoe@kern.example>\nTo: team; Max Roth\nSubject: To: nobody 2026")
    found = names_in([mail], [claim, waits])
    assert found == ["Anna Berg", "Bo Lind", "zoe@kern.example", "Zoë Kern", "Max Roth"]


def test_strangers_are_found_by_their_form() -> None:
    text = (
        "Dear Carla,\nFrau Weiß ruft an: +49 30 1234567 oder (030) 7654321, 555-123-4567.\n"
        "Am 01.12.2026 um 10:30, Version 10.15.7, 2026-11-23, Nr. 4711-0815. a.b@c.example"
    )
    assert strangers_in(text) == [
        "a.b@c.example",
        "+49 30 1234567",
        "(030) 7654321",
        "555-123-4567",
        "Weiß",
        "Carla",
    ]


def test_whole_words_are_masked_the_longest_first_and_in_any_case() -> None:
    known = people(*NAMES)
    made = mask(
        "Anna Berg, ANNA, anna  berg, Annabel, anna.berg@firm.example; Tom O’Brien's, 田中さん", known
    )
    assert made.text == (
        "Person 1, Person 1b, Person 1c, Annabel, person1@mail.invalid; Person 3's, Person 5さん"
    )
    assert made.restored("Person 1b wrote to person1@mail.invalid") == "ANNA wrote to anna.berg@firm.example"


def test_a_name_that_is_a_word_counts_with_a_capital_alone() -> None:
    assert mask("Will will come in may", people("Will", "May")).text == "Person 1 will come in may"


def test_who_is_called_by_name_is_not_masked() -> None:
    [anna] = people("Anna Berg")
    assert mask("Anna Berg", [Person(anna.name, anna.number, anna.shown, real=True)]).text == "Anna Berg"


def test_what_looks_like_a_pseudonym_in_the_text_is_left_alone() -> None:
    made = mask("Person 1 met Anna Berg and person1@mail.invalid", people("Anna Berg"))
    assert made.text == "Person 1 met Person 1b and person1@mail.invalid"
    assert made.restored(made.text) == "Person 1 met Anna Berg and person1@mail.invalid"


def test_somebody_is_called_by_the_fullest_name_and_by_an_address_only_where_there_is_no_name() -> None:
    known = people("Anna", "anna@firm.example", "Anna Berg", "b.lind@firm.example")
    assert called(reversed(known)) == called(known) == {1: "Anna Berg", 2: "b.lind@firm.example"}
    assert called([]) == {}


def test_an_old_excerpt_is_read_with_the_fullest_name_of_today() -> None:
    known = people("Anna", "Anna Berg", "anna.berg@firm.example", "+49 30 1234567")
    assert unmasked("Person 1b, person1@mail.invalid, [phone 2], Person 77", called(known)) == (
        "Anna Berg, Anna Berg, +49 30 1234567, Person 77"
    )


LABELS = ["Person 1", "Person 2b", "[phone 1]", "person1@mail.invalid"]
WORDS = st.sampled_from([*NAMES, *LABELS, "anna berg", "ANNA", "Annas", "+49 30 1234567", *" \na7.b_-]["])


@given(st.lists(WORDS | st.text(max_size=6), max_size=12).map("".join))
@example("田中7 Person 5")
@example("Person 田中b")
def test_a_masked_text_comes_back_to_the_letter(text: str) -> None:
    known = people(*NAMES, "+49 30 1234567")
    made = mask(text, known)
    assert made.restored(made.text) == text


@given(st.lists(st.sampled_from(NAMES), max_size=6, unique=True), st.text(max_size=40))
@example(["Anna Berg"], "\U0002fa1e")  # unassigned, among the letters of scripts without spaces
def test_no_masked_name_stands_in_the_text_any_more(names: list[str], around: str) -> None:
    text = f" {around} ".join(["", *names, ""])
    made = mask(text, people(*names)).text
    for name in names:
        if not name.isascii():
            assert name not in made
        assert f" {normal(name)} " not in f" {normal(made)} " or f" {normal(name)} " in f" {normal(around)} "


@given(
    st.lists(st.sampled_from(["Anna Berg", "Anna", "王小明", "田中", "May", "x@y.example"]), max_size=8),
    st.text(),
)
def test_thousands_of_other_names_change_nothing(names: list[str], around: str) -> None:
    """As far as they do not stand there: the text's words are looked up among the names."""
    text = f" {around} ".join(names)
    few = people(*dict.fromkeys(names))
    assert mask(text, [*few, *CROWD]).text == mask(text, few).text


@given(st.lists(st.sampled_from(["anna", "berg", "kern", "an", "bei"]), max_size=9))
def test_a_name_is_found_wherever_its_words_stand_in_a_row(words: list[str]) -> None:
    names = {"anna", "anna berg", "berg kern anna"}
    found = {(at, end) for at, end in runs(words, names)}
    assert found == {
        (at, end)
        for at in range(len(words))
        for end in range(at, len(words) + 1)
        if " ".join(words[at:end]) in names
    }


@given(st.permutations(NAMES))
def test_numbers_are_never_moved(names: list[str]) -> None:
    first = numbered(names[:4], [], 0)
    later = numbered(names, first, max(p.number for p in first))
    assert not {p.name for p in first} & {p.name for p in later}
    assert {normal(n) for n in names} == {p.name for p in (*first, *later)}


@pytest.mark.parametrize("name", ["team", "2026 Report", "x", "no-reply@shop.example", "a b c d e f"])
def test_what_is_nobodys_name_is_left_out(name: str) -> None:
    assert names_in(claims=[proposition(slots={"person": name})]) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("小林4711-0815", "小林[number 1]"),
        ("4711-0815を", "[number 1]を"),
        ("会議Anna Bergと", "会議Person 1と"),
        ("小林 4711-0815", "小林 [number 1]"),
    ],
)
def test_a_name_beside_letters_of_a_script_without_spaces_is_found(text: str, masked: str) -> None:
    book = [Person("anna berg", 1, "Anna Berg"), Person("4711 0815", 1, "4711-0815", kind=Kind.NUMBER)]
    made = mask(text, book)
    assert made.text == masked
    assert made.restored(made.text) == text
