"""What leaves for a client: audited, under pseudonyms, in the log to the byte, or not at all."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.plugin import shapes as p
from app.plugin.egress import Egress
from app.plugin.walking import about
from gum.aliases import Found
from gum.errors import NotAllowed, StoreUnavailable
from gum.grants import ClientId, Grant, Scope
from gum.people import Kind
from storage import aliases, decisions, disclosures, people
from storage.db import Database
from storage.disclosures import Disclosure
from tests.builders import NOON, StillClock

GRANT = Grant(ClientId("c"), "Helper", Scope(), NOON)


def claim(id: str, text: str, quote: str | None = None) -> p.ClaimView:
    cited = [p.Citation(observation_id=f"o-{id}", at=NOON, stance="supports", quote=quote)]
    return p.ClaimView(
        id=id,
        type="t",
        text=text,
        confidence=0.5,
        strength=1,
        supported_at=NOON,
        confirmed=False,
        citations=cited,
    )


def context(*claims: p.ClaimView) -> p.ContextOut:
    return p.ContextOut(items=list(claims), text="", tokens=0)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database.open(tmp_path / "gumption.db", None)
    made.run_sync(lambda s: people.note(s, ["Anna Berg", "Anna"]))
    return made


def test_names_places_and_numbers_are_labels_that_agree_in_the_whole_answer(database: Database) -> None:
    egress = Egress(database, StillClock())
    made = context(
        claim("a", "Met Anna Berg at Hauptstraße 5, 10115 Berlin", "Order 4711-0815"),
        claim("b", "Knows Anna Berg"),
    )
    left = asyncio.run(egress.leave(GRANT, "context", "Who is Anna Berg?", made))
    assert [c.text for c in left.items] == ["Met Person 1 at Place 1, Place 2", "Knows Person 1"]
    assert left.items[0].citations[0].quote == "Order [number 1]"
    [row] = database.read_sync(disclosures.list_)
    assert (row.query, row.items, row.withheld, row.client) == ("Who is Person 1?", 4, 0, "Helper")
    _, content = database.read_sync(lambda s: disclosures.content(s, row.id))
    assert content == left.model_dump_json().encode()
    assert about(left) == {"a", "b", "o-a", "o-b"}
    real = replace(GRANT, scope=Scope(real_names=True))
    assert asyncio.run(egress.leave(real, "context", "", made)).items == made.items


def test_what_is_private_is_left_out_counted_and_logged(database: Database) -> None:
    egress = Egress(database, StillClock())
    made = context(
        claim("a", "Likes tea"), claim("b", "Anna Berg has cancer"), claim("c", "x", "My sister has cancer")
    )
    left = asyncio.run(egress.leave(GRANT, "context", "", made))
    assert [c.id for c in left.items] == ["a", "c"] and left.withheld == 1
    assert left.items[1].citations[0].quote is None
    assert b"cancer" not in left.model_dump_json().encode()
    assert len(database.read_sync(lambda s: decisions.list_(s, people.known(s)))) == 2
    with pytest.raises(NotAllowed):
        asyncio.run(egress.leave(GRANT, "claim", "", p.ClaimOut(claim=made.items[1])))


def test_answers_that_come_together_share_a_transaction_and_none_leaves_unlogged(database: Database) -> None:
    egress = Egress(database, StillClock())

    async def scenario() -> None:
        await asyncio.gather(
            *(egress.leave(GRANT, "context", "", context(claim(f"k{n}", f"claim {n}"))) for n in range(50))
        )

    asyncio.run(scenario())
    assert len(database.read_sync(disclosures.list_)) == 50
    database.path.rename(database.path.with_name("elsewhere"))
    with pytest.raises(StoreUnavailable):
        asyncio.run(egress.leave(GRANT, "context", "", context(claim("a", "Likes tea"))))


def test_a_request_to_a_model_is_held_back_by_the_line_and_its_answer_restored(database: Database) -> None:
    egress = Egress(database, StillClock())
    sent = asyncio.run(
        egress.exchange(GRANT, "chat", ["Write to Anna Berg\nHer sister Anna has cancer", "Anna Berg"])
    )
    assert sent.texts == ("Write to Person 1\n[held back]", "Person 1")
    stream = sent.stream()
    assert (
        "".join([stream.feed("Dear Per"), stream.feed("son 1"), stream.feed("!"), stream.end()])
        == "Dear Anna Berg!"
    )


def test_concurrent_answers_are_written_together(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    egress, add = Egress(database, StillClock()), disclosures.add

    def counted(s: Session, made: Sequence[Disclosure]) -> None:
        sizes.append(len(made))
        add(s, made)

    monkeypatch.setattr(disclosures, "add", counted)

    async def scenario() -> None:
        await egress.leave(GRANT, "context", "", context())  # everything is looked at once
        await asyncio.gather(
            *(egress.leave(GRANT, "context", "", context(claim("k", f"claim {n}"))) for n in range(50))
        )

    asyncio.run(scenario())
    assert sum(sizes) == 51 and max(sizes) > 10


def test_a_request_that_is_given_up_leaves_nothing_at_work(database: Database) -> None:
    egress = Egress(database, StillClock())

    async def scenario() -> None:
        long = context(claim("a", "Knows Anna Berg. " * 900), claim("b", "x"))
        for wait in range(30):
            task = asyncio.create_task(egress.leave(GRANT, "context", "", long))
            for _ in range(wait):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        left = await egress.leave(GRANT, "context", "", context(claim("c", "Likes tea")))
        assert left.items
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(scenario())


def test_what_was_read_before_a_forgetting_is_neither_told_nor_logged_after_it(database: Database) -> None:
    forgotten = 0
    egress = Egress(database, StillClock(), lambda: forgotten)

    async def scenario() -> None:
        nonlocal forgotten
        before, forgotten = forgotten, 1
        for as_of in (before, None):
            task = asyncio.create_task(
                egress.leave(GRANT, "context", "", context(claim("a", "Tea")), as_of=as_of)
            )
            if as_of is None:
                await asyncio.sleep(0)
                forgotten = 2
            with pytest.raises(StoreUnavailable):
                await task
        with pytest.raises(StoreUnavailable):
            sent = asyncio.create_task(egress.exchange(GRANT, "chat", ["Likes tea"]))
            await asyncio.sleep(0)
            forgotten = 3
            await sent
        assert not database.read_sync(disclosures.list_)
        await egress.leave(GRANT, "context", "", context(claim("a", "Tea")))
        assert len(database.read_sync(disclosures.list_)) == 1

    asyncio.run(scenario())


def test_what_is_asked_fills_the_store_with_no_names(database: Database) -> None:
    egress = Egress(database, StillClock())
    asyncio.run(egress.leave(GRANT, "search", "carla.diaz@example.org, order 4711-0815", context()))
    assert [p.name for p in database.read_sync(people.known)] == ["anna", "anna berg"]
    assert not database.read_sync(aliases.known)


def test_words_that_were_asked_for_are_not_told_to_stand_in_something_private(database: Database) -> None:
    egress, made = Egress(database, StillClock()), context(claim("b", "Anna Berg has cancer"))
    assert asyncio.run(egress.leave(GRANT, "context", "cancer", made)).withheld == 0
    assert asyncio.run(egress.leave(GRANT, "context", "tea", context())).withheld == 0
    assert database.read_sync(disclosures.list_)[1].withheld == 1  # the person is told


NAMES = (
    "Anna Berg",
    "Carla Diaz",
    "İpek Öztürk",
    "4711-0815",
    "Hauptstraße 5",
    "anna.berg@example.org",
    "小林",
)
PRIVATE_TEXT = "Carla Diaz has cancer"
PIECES = st.sampled_from(
    (*NAMES, PRIVATE_TEXT, "met", "at", ".", ", ", "\n", "Person 1", "Place 1b", "[number 1]")
)
SAID = st.lists(PIECES, min_size=1, max_size=8).map(" ".join) | st.lists(PIECES, max_size=5).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(SAID, min_size=1, max_size=4))
def test_no_known_name_and_nothing_private_is_in_any_byte_and_all_is_restored(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    with closing(Database.open(tmp_path_factory.mktemp("d") / "g.db", None)) as database:
        database.run_sync(lambda s: people.note(s, [n for n in NAMES if not n[0].isdigit() and "5" not in n]))
        database.run_sync(
            lambda s: aliases.note(s, [Found(Kind.NUMBER, "4711-0815"), Found(Kind.PLACE, "Hauptstraße 5")])
        )
        egress = Egress(database, StillClock())
        made = context(*(claim(f"c{n}", text, text) for n, text in enumerate(texts)))
        content = asyncio.run(egress.leave(GRANT, "context", "", made)).model_dump_json()
        whole = " ".join(content.split())
        assert "cancer" not in whole
        spots = egress._names.standing.book.spots
        assert spots(content) == []
        sent = asyncio.run(egress.exchange(GRANT, "chat", texts))
        assert all(spots(text) == [] for text in sent.texts)
        real = replace(GRANT, scope=Scope(real_names=True))
        shown = asyncio.run(egress.exchange(real, "chat", texts))
        assert tuple(sent.restored(text) for text in sent.texts) == shown.texts
