"""What leaves for a client: audited, under pseudonyms, in the log to the byte, or not at all."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.plugin import shapes as p
from app.plugin.egress import Egress, about
from gum.errors import NotAllowed, StoreUnavailable
from gum.grants import ClientId, Grant, Scope
from storage import decisions, disclosures, people
from storage.db import Database
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
