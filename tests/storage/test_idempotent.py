from datetime import timedelta

import pytest

from gum.errors import KeyReused, RequestUnusable
from gum.grants import ClientId
from storage import idempotent
from storage.db import Database
from storage.idempotent import LASTS, LONGEST, digest
from tests.builders import NOON

ADA, BEN = ClientId("ada"), ClientId("ben")
ONE, TWO = digest("plan", '{"goal": "one"}'), digest("plan", '{"goal": "two"}')
ALMOST = timedelta(microseconds=1)


def keep(db: Database, client: ClientId = ADA, key: str = "key", after: timedelta = timedelta()) -> None:
    db.run_sync(lambda s: idempotent.remember(s, client, key, ONE, f"made by {client}", NOON + after))


def recall(
    db: Database,
    client: ClientId = ADA,
    request: bytes = ONE,
    after: timedelta = timedelta(),
    key: str = "key",
) -> str | None:
    return db.read_sync(lambda s: idempotent.recall(s, client, key, request, NOON + after))


def test_the_same_request_is_told_what_it_made_for_a_day(db: Database) -> None:
    assert recall(db) is None
    keep(db)
    assert recall(db, after=LASTS - ALMOST) == "made by ada"
    assert recall(db, after=LASTS) is None


def test_another_request_with_the_same_key_is_refused(db: Database) -> None:
    keep(db)
    with pytest.raises(KeyReused):
        recall(db, request=TWO)
    assert digest("forget", "{}") != digest("propose", "{}")
    assert recall(db, request=TWO, after=LASTS) is None


def test_a_key_is_the_clients_own(db: Database) -> None:
    keep(db)
    assert recall(db, BEN, TWO) is None
    keep(db, BEN)
    assert (recall(db), recall(db, BEN)) == ("made by ada", "made by ben")


def test_what_is_over_is_gone_and_the_oldest_of_one_client_give_way(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.idempotent.MOST", 3)
    keep(db, BEN, "bens")
    for n in range(5):
        keep(db, ADA, str(n), timedelta(seconds=n))
    there = [n for n in range(5) if recall(db, key=str(n)) is not None]
    assert there == [2, 3, 4] and recall(db, BEN, key="bens") is not None
    keep(db, BEN, "new", LASTS)
    assert recall(db, BEN, key="bens") is None


@pytest.mark.parametrize("key", ["", "x" * (LONGEST + 1), "a\nb", "\0"])
def test_what_is_no_key_is_refused(db: Database, key: str) -> None:
    with pytest.raises(RequestUnusable):
        recall(db, key=key)
