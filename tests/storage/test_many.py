from collections.abc import Sequence

import pytest
from sqlalchemy import select

from storage import observations
from storage.db import Database
from storage.many import among
from storage.schema import ObservationRow
from tests.builders import observation

IDS = ("a", "b'; DROP TABLE observations; --", 'ü\n"', "d")


@pytest.mark.parametrize(
    "wanted", [(), ("a",), IDS[1:3], ("nothing",), (*IDS, *IDS), [str(n) for n in range(40_000)]]
)
def test_it_finds_what_a_list_would_find(db: Database, wanted: Sequence[str]) -> None:
    for key in IDS:
        db.run_sync(lambda s, key=key: observations.append(s, observation(id=key)))
    o = ObservationRow
    found = db.read_sync(lambda s: set(s.scalars(select(o.id).where(among(o.id, wanted)))))
    assert found == set(IDS) & set(wanted)
    numbers = db.read_sync(lambda s: list(s.scalars(select(o.n).where(among(o.n, [1, 3])).order_by(o.n))))
    assert numbers == [1, 3]
