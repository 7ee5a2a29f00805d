import math
import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gum.errors import IndexUnavailable
from gum.types import Vector
from storage.index import DIRTY, VectorIndex, rotation

SECRET = bytes(range(32))
Rows = list[tuple[str, str, Vector]]


def vector(seed: int, dimension: int = 16) -> Vector:
    draw = random.Random(seed)
    raw = [draw.gauss(0, 1) for _ in range(dimension)]
    length = math.sqrt(sum(x * x for x in raw))
    return tuple(x / length for x in raw)


def rows(count: int, kind: str = "observations") -> Rows:
    return [(kind, f"{kind[0]}{n}", vector(n)) for n in range(count)]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    made = VectorIndex(tmp_path / "index", SECRET)
    yield made
    made.close()


def reopened(index: VectorIndex, tmp_path: Path) -> VectorIndex:
    """As after a restart."""
    index.close()
    return VectorIndex(tmp_path / "index", SECRET)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.005)


class SlowTruth:
    """A database that is read slowly: `ensure` stays in the middle of it until `go_on`."""

    def __init__(self, truth: Rows) -> None:
        self.truth = truth
        self.reading, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> Iterator[tuple[str, str, Vector]]:
        self.reading.set()
        assert self.go_on.wait(30)
        yield from list(self.truth)


def assert_answers(index: VectorIndex, truth: Rows) -> None:
    for kind, key, v in truth:
        [(found, cosine), *_] = index.query(kind, v, 3)
        assert found == key
        assert cosine == pytest.approx(1.0, abs=1e-3)
    for kind in {kind for kind, _, _ in truth}:
        assert index.count(kind) == sum(k == kind for k, _, _ in truth)


def test_the_nearest_come_first_with_their_cosine(index: VectorIndex) -> None:
    truth = rows(50) + rows(5, "propositions")
    assert index.ensure(lambda: truth)
    assert_answers(index, truth)
    asked = vector(999)
    found = index.query("observations", asked, 5)
    cosines = {key: sum(a * b for a, b in zip(asked, v, strict=True)) for _, key, v in rows(50)}
    best = sorted(cosines, key=lambda key: -cosines[key])[:5]
    assert [key for key, _ in found] == best
    assert [c for _, c in found] == pytest.approx([max(0.0, cosines[key]) for key in best], abs=1e-3)
    assert index.query("propositions", asked, 100)[4:5] != []
    assert index.query("unknown", asked, 5) == []
    assert index.query("observations", asked, 0) == []


def test_what_is_put_in_replaced_and_taken_out_survives_a_restart(index: VectorIndex, tmp_path: Path) -> None:
    truth = rows(20)
    index.ensure(lambda: truth)
    index.upsert("observations", {"o3": vector(777), "new": vector(778), "zero": (0.0,) * 16})
    index.delete("observations", ["o1", "o2", "not there"])
    truth = [r for r in truth if r[1] not in ("o1", "o2", "o3")]
    truth += [("observations", "o3", vector(777)), ("observations", "new", vector(778))]
    assert_answers(index, truth)
    again = reopened(index, tmp_path)
    assert again.query("observations", vector(777), 1) == []  # not believed before it is checked
    assert again.ensure(lambda: truth) is False
    assert_answers(again, truth)
    again.close()


def test_a_zero_vector_is_near_nothing_and_harms_nothing(index: VectorIndex, tmp_path: Path) -> None:
    truth = [*rows(3), ("observations", "zero", (0.0,) * 16)]
    index.ensure(lambda: truth)
    assert index.query("observations", (0.0,) * 16, 3) == []
    again = reopened(index, tmp_path)
    assert again.ensure(lambda: truth) is False
    again.close()


def change_a_vector(truth: Rows) -> Rows:
    return [*truth[:-1], (*truth[-1][:2], vector(12345))]


OUT_OF_STEP: dict[str, Callable[[Rows], Rows]] = {
    "one less": lambda t: t[:-1],
    "one more": lambda t: [*t, ("observations", "more", vector(500))],
    "another vector": change_a_vector,
    "nothing": lambda t: [],
    "another kind": lambda t: [("propositions", key, v) for _, key, v in t],
    "another dimension": lambda t: [(k, key, vector(n, 8)) for n, (k, key, _) in enumerate(t)],
}


@pytest.mark.parametrize("other", OUT_OF_STEP.values(), ids=list(OUT_OF_STEP))
def test_out_of_step_it_is_rebuilt(index: VectorIndex, tmp_path: Path, other: Callable[[Rows], Rows]) -> None:
    truth = rows(20)
    index.ensure(lambda: truth)
    again = reopened(index, tmp_path)
    now = other(truth)
    assert again.ensure(lambda: now)
    assert_answers(again, now)
    assert again.ensure(lambda: now) is False
    again.close()


def test_another_model_or_another_secret_means_rebuilding(index: VectorIndex, tmp_path: Path) -> None:
    index.ensure(lambda: rows(5), "a")
    again = reopened(index, tmp_path)
    assert again.ensure(lambda: rows(5), "b")
    again.close()
    other = VectorIndex(tmp_path / "index", bytes(32))
    assert other.ensure(lambda: rows(5), "b")
    assert_answers(other, rows(5))
    other.close()


def delete(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    os.truncate(file, 0)


def garble(file: Path) -> None:
    file.write_bytes(os.urandom(max(1, file.stat().st_size)))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index large enough for Chroma to have written all its files."""
    folder = tmp_path_factory.mktemp("large") / "index"
    made = VectorIndex(folder, SECRET)
    made.ensure(lambda: rows(1100))
    made.close()
    return folder


FILES = [
    "chroma.sqlite3",
    "length.bin",
    "index_metadata.pickle",
    "link_lists.bin",
    "data_level0.bin",
    "header.bin",
]


@pytest.mark.parametrize("damage", [delete, cut, empty, garble])
@pytest.mark.parametrize("name", [*FILES, "state.json"])
def test_a_torn_file_is_noticed_and_everything_is_rebuilt(
    large: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    shutil.copytree(large, tmp_path / "index", copy_function=shutil.copy2)
    [file] = (tmp_path / "index").rglob(name)
    damage(file)
    index = VectorIndex(tmp_path / "index", SECRET)
    index.ensure(lambda: rows(1100))
    assert index.count("observations") == 1100
    for _, key, v in rows(1100)[::50]:
        assert index.query("observations", v, 1)[0][0] == key
    index.close()


def test_an_untouched_index_is_not_rebuilt(large: Path, tmp_path: Path) -> None:
    shutil.copytree(large, tmp_path / "index", copy_function=shutil.copy2)
    index = VectorIndex(tmp_path / "index", SECRET)
    assert index.ensure(lambda: rows(1100)) is False
    index.close()


def test_a_marker_left_by_a_killed_process_means_rebuilding(index: VectorIndex, tmp_path: Path) -> None:
    index.ensure(lambda: rows(5))
    again = reopened(index, tmp_path)
    (tmp_path / "index" / DIRTY).touch()
    assert again.ensure(lambda: rows(5))
    assert not (tmp_path / "index" / DIRTY).exists()
    again.close()


def tear_while_open(tmp_path: Path) -> None:
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file():
            file.unlink()


@pytest.mark.parametrize("use", ["query", "upsert", "delete"])
def test_torn_while_in_use_it_mends_itself(index: VectorIndex, tmp_path: Path, use: str) -> None:
    truth = rows(20)
    index.ensure(lambda: truth)
    tear_while_open(tmp_path)
    truth[:] = rows(30)  # the database went on
    if use == "query":
        found = index.query("observations", vector(3), 1)
        assert not found or found[0][0] == "o3"  # nothing, while it mends itself
    elif use == "upsert":
        index.upsert("observations", {"o29": vector(29)})
    else:
        truth.pop(4)
        index.delete("observations", ["o4"])
    until(lambda: index.healthy)
    try:  # it may go on answering from memory, or meet the torn files at any question and mend itself
        assert_answers(index, [r for r in truth if int(r[1][1:]) < 20])
    except (AssertionError, ValueError):
        until(lambda: index.healthy)
        assert_answers(index, truth)
    again = reopened(index, tmp_path)  # whatever it met while in use, the next start leaves nothing wrong
    again.ensure(lambda: truth)
    assert_answers(again, truth)
    again.close()


def test_during_a_rebuild_nobody_waits_and_no_change_is_lost(index: VectorIndex) -> None:
    slow = SlowTruth(rows(20))
    building = threading.Thread(target=index.ensure, args=(slow,))
    building.start()
    assert slow.reading.wait(30)
    assert not index.healthy
    assert index.query("observations", vector(3), 1) == []
    index.upsert("observations", {"o3": vector(777), "new": vector(778)})
    index.delete("observations", ["o1"])
    slow.go_on.set()
    building.join(30)
    assert index.healthy
    kept = [r for r in rows(20) if r[1] not in ("o1", "o3")]
    assert_answers(index, [*kept, ("observations", "o3", vector(777)), ("observations", "new", vector(778))])


@pytest.mark.parametrize("how", ["close", "renew"])
def test_a_rebuild_that_nobody_needs_any_more_ends(index: VectorIndex, tmp_path: Path, how: str) -> None:
    slow = SlowTruth(rows(20))
    rebuilt: list[bool] = []
    building = threading.Thread(target=lambda: rebuilt.append(index.ensure(slow)))
    building.start()
    assert slow.reading.wait(30)
    ending = threading.Thread(target=index.close if how == "close" else index.renew)
    ending.start()
    slow.truth = rows(10)
    time.sleep(0.1)  # it comes to wait for the rebuild; should it come later, nothing else is asserted
    slow.go_on.set()
    building.join(30)
    ending.join(30)
    if how == "renew":
        assert_answers(index, rows(10))
        assert index.count("observations") == 10
    else:
        assert not index.healthy
        again = VectorIndex(tmp_path / "index", SECRET)
        again.ensure(lambda: rows(10))
        assert_answers(again, rows(10))
        again.close()


def test_a_good_index_survives_being_closed_while_it_is_checked(large: Path, tmp_path: Path) -> None:
    shutil.copytree(large, tmp_path / "index", copy_function=shutil.copy2)
    index = VectorIndex(tmp_path / "index", SECRET)
    slow = SlowTruth(rows(1100))
    checking = threading.Thread(target=index.ensure, args=(slow,))
    checking.start()
    assert slow.reading.wait(30)
    index.give_up()
    slow.go_on.set()
    checking.join(30)
    index.close()
    again = VectorIndex(tmp_path / "index", SECRET)
    assert again.ensure(lambda: rows(1100)) is False
    again.close()


def test_arrays_are_as_good_as_tuples(index: VectorIndex) -> None:
    index.ensure(lambda: [(kind, key, np.asarray(v, "<f4")) for kind, key, v in rows(20)])
    assert_answers(index, rows(20))
    assert index.ensure(lambda: rows(20)) is False


def test_vectors_of_the_wrong_length_do_no_harm(index: VectorIndex) -> None:
    index.ensure(lambda: rows(5))
    index.upsert("observations", {"odd": vector(1, 8)})
    until(lambda: index.healthy)
    assert_answers(index, rows(5))
    assert index.query("observations", vector(1, 8), 3) == []
    until(lambda: index.healthy)
    assert_answers(index, rows(5))


def test_where_it_cannot_be_built_that_is_said_and_later_use_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    (tmp_path / "index").chmod(0o400)
    index = VectorIndex(tmp_path / "index" / "sub", SECRET)
    with pytest.raises(IndexUnavailable) as error:
        index.ensure(lambda: rows(5))
    assert "nothing is lost" in error.value.title
    assert not index.healthy
    index.upsert("observations", {"a": vector(1)})
    index.delete("observations", ["a"])
    assert index.query("observations", vector(1), 3) == []
    assert index.count("observations") == 0
    index.close()


def test_what_is_deleted_before_it_was_checked_is_gone_from_disk(index: VectorIndex, tmp_path: Path) -> None:
    index.ensure(lambda: rows(5))
    again = reopened(index, tmp_path)
    again.delete("observations", ["o1"])
    assert not (tmp_path / "index").exists()


def test_clearing_leaves_an_empty_index_that_works(index: VectorIndex, tmp_path: Path) -> None:
    index.ensure(lambda: rows(5))
    index.clear()
    assert index.count("observations") == 0
    assert b"o3" not in b"".join(f.read_bytes() for f in (tmp_path / "index").rglob("*") if f.is_file())
    index.upsert("observations", {"a": vector(1)})
    assert index.query("observations", vector(1), 1)[0][0] == "a"


def test_a_rotation_keeps_cosines_and_hides_the_vector() -> None:
    turn = rotation(SECRET, 64)
    assert np.allclose(turn @ turn.T, np.eye(64), atol=1e-5)
    v, w = np.asarray(vector(1, 64)), np.asarray(vector(2, 64))
    assert (turn @ v) @ (turn @ w) == pytest.approx(v @ w, abs=1e-5)
    assert abs((turn @ v) @ v) < 0.6
    assert np.array_equal(turn, rotation(SECRET, 64))
    assert not np.allclose(turn, rotation(bytes(32), 64))


def test_vectors_at_rest_are_turned(index: VectorIndex, tmp_path: Path) -> None:
    plain = tuple([1.0] + [0.0] * 15)
    index.ensure(lambda: [("observations", "o", plain)])
    index.close()
    files = b"".join(f.read_bytes() for f in (tmp_path / "index").rglob("*") if f.is_file())
    turned = rotation(SECRET, 16) @ np.asarray(plain, np.float32)
    assert turned.astype("<f4").tobytes() in files
    assert np.asarray(plain, "<f4").tobytes() not in files


def test_an_index_that_was_looked_at_is_not_rebuilt_at_the_start_after(
    index: VectorIndex, tmp_path: Path
) -> None:
    """Chroma writes the files of a small index anew when it is first read."""
    held = rows(100)
    index.ensure(lambda: held)
    for _ in range(3):
        index = reopened(index, tmp_path)
        assert index.ensure(lambda: held) is False
        assert index.query("observations", vector(7), 1)[0][0] == "o7"
    index.close()


def test_what_was_forgotten_is_out_of_its_files_after_the_next_start_even_without_a_renewal(
    index: VectorIndex, tmp_path: Path
) -> None:
    rest = rows(100)
    held = [*rest, ("observations", "zanzibar", vector(500))]
    index.ensure(lambda: held)
    index.owe()
    index.delete("observations", ["zanzibar"])
    index = reopened(index, tmp_path)  # the program ended before it came to `renew`
    assert any(b"zanzibar" in f.read_bytes() for f in (tmp_path / "index").rglob("*") if f.is_file())
    assert index.ensure(lambda: rest) is True
    assert not any(b"zanzibar" in f.read_bytes() for f in (tmp_path / "index").rglob("*") if f.is_file())
    index = reopened(index, tmp_path)
    assert index.ensure(lambda: rest) is False
    index.close()
