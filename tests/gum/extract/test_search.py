from datetime import timedelta

import pytest

from gum.extract.search import extract
from gum.types import Observation, Trust
from tests.builders import NOON, observation


def result(query: str, minute: float, trust: Trust = Trust.READ) -> Observation:
    url = f"https://find.test/search?q={query.replace(' ', '+')}"
    return observation(
        "Results", title=f"{query} - Find", url=url, trust=trust, at=NOON + timedelta(minutes=minute)
    )


def page(minute: float) -> Observation:
    return observation(
        "x", title="A page", url="https://a.test/b", trust=Trust.READ, at=NOON + timedelta(minutes=minute)
    )


def seen(*observations: Observation) -> list[str]:
    return [d.text for d in extract(observations)]


def test_one_search_says_nothing_and_two_alike_say_interest() -> None:
    assert seen(result("fish ladder flow rate", 0)) == []
    assert seen(result("fish ladder flow rate", 0), result("fish ladder flow", 1)) == [
        "Is interested in fish ladder flow"
    ]
    assert seen(result("fish ladders", 0), result("old norse", 1)) == []


def test_a_page_that_stays_open_is_one_search() -> None:
    assert seen(*(result("fish ladders", n / 10) for n in range(9))) == []


def test_the_same_words_count_again_after_another_page_or_much_later() -> None:
    assert seen(result("fish ladders", 0), page(1), result("fish ladders", 2)) == [
        "Is interested in fish ladders"
    ]
    assert seen(result("fish ladders", 0), result("fish ladders", 30)) == ["Is interested in fish ladders"]
    assert seen(result("fish ladders", 0), page(0.1), result("fish ladders", 0.2)) == []  # a reload


@pytest.mark.parametrize(
    ("query", "subject"),
    [
        ("learn old norse", "old norse"),
        ("rust tutorial for beginners", "rust"),
        ("piano lessons", "piano"),
        ("spanisch lernen", "spanisch"),
        ("curso de cerámica", "cerámica"),
    ],
)
def test_a_search_for_lessons_says_what_is_being_learnt(query: str, subject: str) -> None:
    assert seen(result(query, 0)) == [f"Is learning {subject}"]


def test_how_to_mend_something_twice_is_trouble() -> None:
    found = seen(result("how to fix git rebase conflict", 0), result("git rebase conflict error fix", 2))
    assert len(found) == 1
    assert found[0].startswith("Struggles with")


@pytest.mark.parametrize("query", ["facebook login", "example.com", "https://a.test", "abc", "weather"])
def test_a_way_to_a_site_is_no_interest(query: str) -> None:
    assert seen(result(query, 0), page(1), result(query, 5)) == []


def test_words_typed_into_a_search_field_count() -> None:
    def typed(at: int) -> Observation:
        return observation("Search: fish ladders", title="Wayfind", at=NOON + timedelta(minutes=at))

    assert seen(typed(0), typed(30)) == ["Is interested in fish ladders"]


@pytest.mark.parametrize("trust", [Trust.ADVERT, Trust.SYSTEM, Trust.RECEIVED])
def test_a_search_address_in_an_advert_is_not_the_persons(trust: Trust) -> None:
    assert seen(result("fish ladders", 0, trust), result("fish ladders", 30, trust)) == []


def test_the_quote_is_copied_to_the_letter_from_the_address_when_nothing_else_shows_it() -> None:
    url = "https://find.test/search?hl=en&q=learn%20old+norse"
    [draft] = extract([observation("x", title="Find", url=url, trust=Trust.READ)])
    assert draft.evidence[0].quote == "learn%20old+norse"
