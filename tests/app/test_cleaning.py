from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cleaning import Cleaning
from gum.errors import StoreUnavailable
from storage import meta
from storage.db import Database
from tests.builders import observation
from tests.storage.builders import KEY


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "gumption.db", KEY)
    yield database
    database.close()


SEEN = observation(
    "From: anna@example.org, password: hunter2", title="anna@example.org", url="mailto:anna@example.org"
)


def test_addresses_stay_unless_the_person_wants_them_hidden(made: Database) -> None:
    clean = Cleaning()
    made.run_sync(clean.load)
    kept = clean(SEEN)
    assert "anna@example.org" in kept.text
    assert "hunter2" not in kept.text


def test_made_up_ones_stay_the_same_over_restarts(made: Database) -> None:
    first, second = Cleaning("pseudonym"), Cleaning("pseudonym")
    made.run_sync(first.load)
    hidden = first(SEEN)
    made.run_sync(second.load)
    assert second(SEEN) == hidden
    assert "anna" not in f"{hidden.text}{hidden.title}{hidden.url}"
    assert "hunter2" not in hidden.text


def test_without_the_key_nothing_goes_through(made: Database) -> None:
    with pytest.raises(StoreUnavailable):
        Cleaning("pseudonym")(SEEN)
    assert made.read_sync(lambda s: meta.get(s, "contacts_key")) is None
