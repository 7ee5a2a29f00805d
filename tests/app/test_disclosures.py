import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.disclosures import Disclosures
from gum.aliases import Found
from gum.errors import NotFound
from gum.people import Kind
from storage import aliases, disclosures, people
from storage.db import Database
from tests.builders import NOON
from tests.storage.test_disclosures import disclosure


def test_the_log_is_read_by_pages_and_an_answer_with_the_names(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    log = Disclosures(database)
    database.run_sync(lambda s: people.note(s, ["Anna Berg"]))
    database.run_sync(
        lambda s: aliases.note(s, [Found(Kind.PLACE, "Berlin"), Found(Kind.NUMBER, "4711-0815")])
    )
    made = [disclosure(f"Person 1 {n} in Place 1", at=NOON + timedelta(minutes=n)) for n in range(3)]
    database.run_sync(lambda s: disclosures.add(s, made))
    first = asyncio.run(log.list_(2))
    rest = asyncio.run(log.list_(2, first.next))
    assert [len(first.items), len(rest.items), rest.next] == [2, 1, None]
    assert asyncio.run(log.list_(client_id="other")).items == []
    one = asyncio.run(log.content(rest.items[0].id))
    assert (one.content, one.with_names) == ("Person 1 0 in Place 1", "Anna Berg 0 in Berlin")
    assert asyncio.run(log.restore("Person 1b, [number 1], Place 9")).text == "Anna Berg, 4711-0815, Place 9"
    with pytest.raises(NotFound):
        asyncio.run(log.content("nothing"))
    database.close()
