from pathlib import Path

import pytest

from app.desks.leaks import leaked, texts_of
from app.desks.types import Secret, SecretKind
from storage import observations
from storage.db import Database
from tests.builders import observation

CARD = Secret("4111 1111 1111 1111", SecretKind.CARD)
WORD = Secret("hunter2-Tw1st", SecretKind.PASSWORD)


@pytest.mark.parametrize(
    "text", ["paid with 4111 1111 1111 1111", "4111111111111111", "4111-1111-1111-1111."]
)
def test_a_secret_is_found_however_it_is_spaced(text: str) -> None:
    assert leaked([text], [CARD, WORD]) == ("card",)


def test_each_secret_counts_once_and_what_is_not_there_does_not() -> None:
    assert leaked(["hunter2-Tw1st", "hunter2-Tw1st again", "4111 1111"], [CARD, WORD]) == ("password",)
    assert leaked([], [CARD, WORD]) == ()


def test_every_text_of_a_database_is_looked_at(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "a.db", None)
    seen = observation("plain", title="hunter2-Tw1st - Vault", url="https://x.test/?c=4111111111111111")
    database.run_sync(lambda s: observations.append(s, seen))
    found = database.read_sync(lambda s: leaked(texts_of(s), [CARD, WORD]))
    database.close()
    assert found == ("card", "password")
