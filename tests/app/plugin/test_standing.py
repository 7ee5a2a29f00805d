"""Names and exemptions as texts that leave are looked through with: read anew only when they are others."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.plugin.standing import Names
from gum.people import Kind
from storage import decisions, meta, people
from storage.db import Database
from tests.builders import NOON


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open(tmp_path / "gumption.db", None)
    made.run_sync(lambda s: people.note(s, ["Anna Berg"]))
    yield made
    made.close()


def test_what_is_foreign_to_names_changes_nothing_and_each_kind_of_name_is_met(database: Database) -> None:
    names = Names(database, lambda: 0)

    async def scenario() -> None:
        await names.look()
        before = names.standing
        await database.run(lambda s: meta.put(s, "elsewhere", "1"))
        await names.look()
        assert names.standing is before
        await database.run(lambda s: people.call_by_name(s, 1, True))
        await names.look()
        assert names.standing is not before and names.standing.book.spots("Anna Berg") == []
        await database.run(lambda s: people.call_by_name(s, 1, False))
        await database.run(lambda s: decisions.allow(s, "own-health", "the assistant X", NOON) and None)
        await names.look()
        assert len(names.standing.allowed) == 1 and names.standing.book.spots("Anna Berg")
        await names.meet(["At Hauptstraße 5 with Carla Diaz"])
        assert {p.kind for p in names.standing.everyone} == {Kind.PERSON, Kind.PLACE}

    asyncio.run(scenario())


def test_a_look_that_was_overtaken_by_a_forgetting_does_not_count(database: Database) -> None:
    forgotten = 0
    names = Names(database, lambda: forgotten)

    async def scenario() -> None:
        nonlocal forgotten
        await names.look()
        await database.run(lambda s: meta.put(s, "elsewhere", "1"))
        slow = asyncio.create_task(names.look())
        await asyncio.sleep(0)  # it reads, and what it knew is gone before it has read
        forgotten += 1
        fast = asyncio.create_task(names.look())
        await asyncio.gather(slow, fast)
        assert names.standing.book.spots("Anna Berg")

    for _ in range(20):
        asyncio.run(scenario())


def test_names_for_which_there_is_no_room_keep_their_numbers(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST", 1)
    names = Names(database, lambda: 0)

    async def scenario() -> None:
        await names.look()
        await names.meet(["Write to carla.diaz@example.org"])
        await database.run(lambda s: meta.put(s, "elsewhere", "1"))
        await names.look()
        await names.meet(["Write to emil@example.org"])
        [carla] = names.standing.book.spots("carla.diaz@example.org")
        [emil] = names.standing.book.spots("emil@example.org")
        assert (carla.person.number, emil.person.number) == (2, 3)
        assert len(await database.read(people.known)) == 1

    asyncio.run(scenario())
