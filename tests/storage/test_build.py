import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gum.errors import IndexUnavailable
from storage import chroma, index
from storage.build import Part, build
from storage.index import VectorIndex

DRAWN = np.random.default_rng(1).standard_normal((60, 8)).astype(np.float32)


def parts(count: int = 3) -> Iterator[Part]:
    for n in range(count):
        ids = [f"p{i}" for i in range(20 * n, 20 * n + 20)]
        yield "propositions", ids, DRAWN[20 * n : 20 * n + 20]


def children() -> list[int]:
    return [p.pid or 0 for p in multiprocessing.active_children() if p.name == "index-builder"]


def test_what_was_sent_is_in_the_index(tmp_path: Path) -> None:
    assert build(tmp_path / "index", parts(), lambda: False)
    client = chroma.connect(tmp_path / "index")
    found = chroma.existing(client, "propositions")
    assert found is not None
    assert found.count() == 60
    nearest = found.query(query_embeddings=DRAWN[37][None, :], n_results=1)
    assert nearest["ids"] == [["p37"]]
    assert chroma.existing(client, "observations") is None
    client.close()
    assert children() == []


def test_an_index_that_nobody_needs_any_more_is_not_built_to_its_end(tmp_path: Path) -> None:
    asked: list[int] = []

    def unneeded() -> bool:
        asked.append(1)
        return len(asked) > 2

    assert not build(tmp_path / "index", parts(), unneeded)
    assert children() == []


def test_a_builder_that_is_killed_is_told_as_an_index_that_cannot_be_used(tmp_path: Path) -> None:
    def slowly() -> Iterator[Part]:
        yield next(parts())
        [child] = children()
        os.kill(child, signal.SIGKILL)
        while children():
            time.sleep(0.01)
        yield next(parts())

    with pytest.raises(IndexUnavailable):
        build(tmp_path / "index", slowly(), lambda: False)
    assert children() == []


def test_what_chroma_refuses_is_told_so_too(tmp_path: Path) -> None:
    odd = ("propositions", ["a"], np.zeros((1, 3), np.float32))
    with pytest.raises(IndexUnavailable):
        build(tmp_path / "index", [*parts(), odd], lambda: False)


def test_a_large_index_is_built_so_while_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MANY", 10)
    monkeypatch.setattr(index, "BATCH", 7)
    made = VectorIndex(tmp_path / "index", bytes(32))
    truth = [("propositions", f"p{n}", tuple(map(float, row))) for n, row in enumerate(DRAWN)]
    building = threading.Thread(target=made.ensure, args=(lambda: truth,))
    building.start()
    made.upsert("propositions", {"late": (1.0,) * 8})  # before, while or after: it is there at the end
    building.join(60)
    made.upsert("propositions", {"late": (1.0,) * 8})
    assert made.healthy
    assert made.count("propositions") == 61
    for _, key, vector in truth[::9]:
        assert made.query("propositions", vector, 1)[0][0] == key
    made.close()
    again = VectorIndex(tmp_path / "index", bytes(32))
    assert again.ensure(lambda: truth)  # one less than it holds
    again.close()
