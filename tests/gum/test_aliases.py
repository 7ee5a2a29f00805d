import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.aliases import Found, Real, found_in, is_place, numbered, places_of
from gum.exchange import exchanged
from gum.people import Book, Kind, Person
from gum.people import numbered as people_numbered
from tests.builders import proposition

PLACES = [
    *("Hauptstraße 5", "10115 Berlin", "12 Main Street", "Springfield, IL 62704", "221B Baker St."),
    *("12 bis, rue de la Paix", "Via Roma 5", "Calle de Alcalá, 20", "Rua do Ouro, nº 7", "ul. Długa 5"),
    *("ул. Ленина, д. 5", "1012 AB Amsterdam", "London NW1 6XE", "Storgatan 3", "A-1010 Wien"),
]
NUMBERS = ["4711-0815", "12345678", "123 456 789", "INV-2026-00017", "12345"]
NONE = """2026-11-23 10:30:00|23.11.2026
|in 2024 12 people|2019 2020 2021|2019-2024|1,000,000|12.345,67 €|€ 50000
|50000 rows
|1080p|1920x1080|10.15.7|3.14159
|99.99999 %|ISO 27001|v12345|+49 30 1234567
|84000 Einwohner|Order #2026|Booking CONFIRMED
|am Montag 5|5000 rows"""


@pytest.mark.parametrize("shown", PLACES)
def test_addresses_in_common_forms_are_places(shown: str) -> None:
    assert found_in(f"lives at {shown}") == [Found(Kind.PLACE, shown)]


@pytest.mark.parametrize("shown", NUMBERS)
def test_five_digits_and_more_are_a_number(shown: str) -> None:
    assert found_in(f"about {shown}, please") == [Found(Kind.NUMBER, shown)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bestellnummer: AB123", "AB123"),
        ("booking code QXKZTR", "QXKZTR"),
        ("order no. 4711", "4711"),
        ("注文番号: 123-4567", "123-4567"),
    ],
)
def test_behind_a_word_such_as_booking_a_code_is_a_number(text: str, code: str) -> None:
    assert found_in(text) == [Found(Kind.NUMBER, code)]


@pytest.mark.parametrize("text", [each.strip() for each in NONE.split("|")])
def test_years_dates_money_sizes_and_versions_are_none(text: str) -> None:
    assert found_in(text) == []


def test_a_place_with_a_name_of_its_own_is_one_and_an_everyday_word_is_not() -> None:
    assert all(map(is_place, ["Berlin", "Anna's flat", "東京駅", "Rome in May"]))
    assert not any(
        map(is_place, ["the office", "home", "My Home", "自宅", "the dentist", "zum Zahnarzt", ""])
    )
    claims = [
        proposition(type="plans_to_go", slots={"place": place})
        for place in ("Berlin", "the office", "Berlin")
    ]
    assert places_of(claims) == [Found(Kind.PLACE, "Berlin")]


def test_each_kind_counts_by_itself_and_goes_on_from_the_highest_ever() -> None:
    known = [Person("berlin", 2, "Berlin", kind=Kind.PLACE)]
    found = [Found(Kind.PLACE, "BERLIN"), Found(Kind.PLACE, "Rome"), Found(Kind.NUMBER, "12345")]
    fresh = numbered(found, known, {Kind.PLACE: 7})
    assert [(p.shown, p.kind, p.number) for p in fresh] == [
        ("Rome", Kind.PLACE, 8),
        ("12345", Kind.NUMBER, 1),
    ]


EVERYONE = [
    *people_numbered(["Anna Berg", "Anna", "田中", "anna.berg@firm.example", "+49 30 1234567"], [], 0),
    *numbered(
        [
            *(
                Found(Kind.PLACE, place)
                for place in ("Berlin", "10115 Berlin", "Hauptstraße 5", "東京", "Anna Square")
            ),
            *(Found(Kind.NUMBER, n) for n in ("4711-0815", "12345", "QXKZTR")),
        ],
        [],
        {},
    ),
]
SEEN = [
    *(p.shown for p in EVERYONE),
    "Place 2",
    "Person 3",
    "[number 1]",
    "[Place 1",
    "[phone 2]",
    "berlin",
    "4711/0815",
    *" \na7b_-],",
]
TEXTS = st.lists(st.lists(st.sampled_from(SEEN) | st.text(max_size=5), max_size=10).map("".join), max_size=4)


@given(TEXTS)
def test_texts_come_back_to_the_letter_from_labels_that_agree(texts: list[str]) -> None:
    made = exchanged(texts, Book(EVERYONE))
    assert [made.restored(text) for text in made.texts] == texts
    assert len(set(made.back.values())) == len(made.back)


def test_nothing_overlaps_and_the_longest_name_counts() -> None:
    made = exchanged(["Anna Berg, Anna Square, Anna; 10115 Berlin (Berlin) 4711/0815"], Book(EVERYONE))
    assert made.texts == ("Person 1, Place 5, Person 1b; Place 2 (Place 1) [number 1]",)


def test_labels_are_read_with_what_is_known_now() -> None:
    real = Real.of(EVERYONE)
    assert real.read("Person 1b in Place 1, [Place 2]7, [number 2], Place 99") == (
        "Anna Berg in Berlin, 10115 Berlin7, 12345, Place 99"
    )
