from datetime import timedelta

from gum.extract.reading import extract
from gum.types import Observation, Trust
from tests.builders import NOON, observation


def read(title: str, url: str, trust: Trust = Trust.READ, minute: int = 0) -> Observation:
    return observation("x", title=title, url=url, trust=trust, at=NOON + timedelta(minutes=minute))


PAGES = [
    read("Fish ladders explained - Rivers", "https://rivers.test/a"),
    read("Designing fish ladders", "https://eng.test/b", minute=1),
    read("Why fish ladders fail | Nature notes", "https://nature.test/c", minute=2),
]


def test_three_pages_on_different_sites_are_a_weak_interest() -> None:
    [draft] = extract(PAGES)
    assert (draft.type, draft.slots["topic"]) == ("interested_in", "fish ladders")
    assert len(draft.evidence) == 3
    assert draft.confidence < 0.5


def test_two_pages_or_one_page_three_times_are_chance() -> None:
    assert extract(PAGES[:2]) == []
    assert extract([PAGES[0]] * 3) == []


def test_the_name_of_a_site_is_no_interest() -> None:
    assert extract([read(f"{n} - Daily Planet", f"https://www.planet.test/{n}") for n in "abcd"]) == []


def test_adverts_and_mails_are_not_reading() -> None:
    for trust in (Trust.ADVERT, Trust.RECEIVED, Trust.SYSTEM):
        assert extract([read(o.title, o.url or "", trust) for o in PAGES]) == []
