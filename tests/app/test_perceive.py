import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.events import Hub
from app.perceive import DEEPEN, PERCEIVE, PROPOSE, Perceived, Perceiver
from app.pixels import encode
from gum.errors import ModelUnavailable, StoreFull
from gum.redact import redact
from gum.types import Observation, Trust, Vector
from storage import forget, observations, work
from storage.db import Database
from storage.scope import App
from tests.app.fakes import FakeWorker
from tests.builders import NOON, StillClock, frame, observation

LEASE = timedelta(minutes=2)


class Squeamish(FakeWorker):
    """Fake: embeds nothing that comes with one word it cannot take."""

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        if any("unspeakable" in text for text in texts):
            raise ZeroDivisionError("a mistake of ours")
        return super().embed(texts)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "gumption.db", None)
    yield database
    database.close()


def forget_secretive(db: Database) -> None:
    db.run_sync(lambda s: forget.forget(s, App("secretive")))


def perceive(
    database: Database, worker: FakeWorker, seen: Sequence[Observation], deepens: bool = False
) -> Perceived:
    """Stores `seen`, leases their work and perceives it."""
    for o in seen:
        database.run_sync(lambda s, o=o: observations.append(s, o))
    perceiver = Perceiver(database, worker, Hub(), StillClock(), tuple, deepens, redact)
    items = database.run_sync(lambda s: work.lease(s, PERCEIVE, 50, NOON, LEASE))
    return asyncio.run(perceiver.perceive(items))


def test_many_are_taken_by_one_call_of_the_embedder_and_acknowledged(db: Database, tmp_path: Path) -> None:
    worker = FakeWorker(tmp_path)
    seen = [observation(f"line number {n}", id=f"o{n}") for n in range(10)]
    done = perceive(db, worker, seen)
    assert [p.observation_id for p in done.seen] == [o.id for o in seen]
    assert worker.calls == 1
    counts = db.read_sync(work.counts)
    assert (counts[PERCEIVE], counts[PROPOSE]) == (0, 10)


def test_what_came_before_in_the_same_batch_is_no_surprise(db: Database, tmp_path: Path) -> None:
    seen = [observation("a red kite", id="first"), observation("a red kite", id="second")]
    first, second = perceive(db, FakeWorker(tmp_path), seen).seen
    assert first.surprise == pytest.approx(1.0)
    assert second.surprise == pytest.approx(0.0, abs=1e-6)


def test_one_that_cannot_be_taken_does_not_stop_the_others(db: Database, tmp_path: Path) -> None:
    seen = [observation("first"), observation("unspeakable", id="bad"), observation("last")]
    done = perceive(db, Squeamish(tmp_path), seen)
    assert len(done.seen) == 2
    [(item, error)] = done.failed
    assert item.observation_id == "bad"
    assert "ZeroDivisionError" in error.title
    assert "unspeakable" not in error.title
    assert db.read_sync(work.counts)[PERCEIVE] == 1  # still leased, for the pipeline to put off


def test_a_model_that_is_out_fails_them_all(db: Database, tmp_path: Path) -> None:
    worker = FakeWorker(tmp_path, broken=99)
    done = perceive(db, worker, [observation("a"), observation("b")])
    assert done.seen == []
    assert worker.calls == 1  # one that hangs for two minutes must not be waited for once an item
    assert [type(error) for _, error in done.failed] == [ModelUnavailable] * 2


def test_adverts_and_empty_texts_get_no_percept_but_are_done(db: Database, tmp_path: Path) -> None:
    worker = FakeWorker(tmp_path)
    seen = [
        observation("Buy now", trust=Trust.ADVERT),
        observation("  "),
        observation("x", trust=Trust.SYSTEM),
    ]
    done = perceive(db, worker, seen)
    assert (done.seen, done.failed, worker.calls) == ([], [], 0)
    assert db.read_sync(work.counts)[PERCEIVE] == 0


def test_what_is_forgotten_while_the_model_works_leaves_no_trace(db: Database, tmp_path: Path) -> None:
    worker = FakeWorker(tmp_path)
    worker.before_answer = lambda: forget_secretive(db)
    seen = [observation("a plan", app="secretive"), observation("another", id="kept")]
    done = perceive(db, worker, seen)
    assert [p.observation_id for p in done.seen] == ["kept"]
    assert done.failed == []


def test_pixels_are_read_alone_and_their_text_is_stored(db: Database, tmp_path: Path) -> None:
    worker = FakeWorker(tmp_path, reads=["a line from pixels"])
    picture = frame()
    framed = observation("", id="framed", frame_id=picture.id, source="screen")
    db.run_sync(lambda s: observations.append(s, framed, encode(picture), picture))
    done = perceive(db, worker, [observation("typed")])
    assert {p.observation_id for p in done.seen} >= {"framed"}
    stored = db.read_sync(lambda s: observations.get(s, framed.id))
    assert stored is not None
    assert "a line from pixels" in stored.text
    assert db.read_sync(lambda s: observations.frame_of(s, framed.id)) is None  # read and deleted


@pytest.mark.parametrize("deepens", [True, False])
def test_only_where_a_costly_drafter_waits_is_the_novel_queued_for_it(
    db: Database, tmp_path: Path, deepens: bool
) -> None:
    perceive(db, FakeWorker(tmp_path), [observation("never seen before")], deepens)
    assert db.read_sync(work.counts).get(DEEPEN, 0) == int(deepens)


def test_a_full_disk_is_told_to_the_pipeline(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise StoreFull("The disk is full", "Make room.")

    monkeypatch.setattr("storage.observations.perceived", full)
    with pytest.raises(StoreFull):
        perceive(db, FakeWorker(tmp_path), [observation("a")])


def test_secrets_in_pixels_are_not_stored(db: Database, tmp_path: Path) -> None:
    worker = FakeWorker(tmp_path, reads=["pay with 4111 1111 1111 1111"])
    picture = frame()
    framed = observation("", id="framed", frame_id=picture.id, source="screen")
    db.run_sync(lambda s: observations.append(s, framed, encode(picture), picture))
    perceive(db, worker, [])
    stored = db.read_sync(lambda s: observations.get(s, framed.id))
    assert stored is not None
    assert stored.text == "pay with [card number]"
