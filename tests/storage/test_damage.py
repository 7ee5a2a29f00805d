"""Whatever happens to the file behind the program's back: a clear message, never a wrong answer.

The first page, a wrong key and a newer schema are in test_db.py.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gum.errors import StoreCorrupt, StoreLocked, StoreReadOnly, StoreUnavailable
from storage import observations
from storage.db import Database
from tests.builders import observation
from tests.storage.builders import KEY

COUNT = 120
NOBODY = 65534  # the user of that name on Linux


def text_of(n: int) -> str:
    return f"text number {n} " * 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "gumption.db"
    database = Database.open(path, KEY)
    for n in range(COUNT):
        database.run_sync(lambda s, n=n: observations.append(s, observation(text_of(n), id=f"o{n}")))
    database.close()
    return path


def copied(whole: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole.parent, folder)
    return folder / whole.name


def tells_or_answers(path: Path) -> None:
    """Either it says what is wrong, or what it answers is what was stored."""
    before = path.read_bytes()
    try:
        database = Database.open(path, KEY)
    except (StoreCorrupt, StoreLocked) as error:
        assert error.title
        assert error.hint
        assert path.read_bytes() == before  # nobody's last copy is touched
        return
    try:
        for o in database.read_sync(lambda s: observations.list_(s, 10 * COUNT)):
            assert o.text == text_of(int(o.id[1:]))
        database.check()
        assert database.read_sync(observations.count) in (0, COUNT)
    except StoreUnavailable as error:
        assert error.hint
    finally:
        database.close()


@settings(max_examples=40)
@given(st.floats(0, 1), st.integers(0, 7))
def test_a_flipped_bit_is_noticed(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, where: float, bit: int
) -> None:
    path = copied(whole, tmp_path_factory.getbasetemp() / "flipped")
    content = bytearray(path.read_bytes())
    content[min(len(content) - 1, int(where * len(content)))] ^= 1 << bit
    path.write_bytes(content)
    tells_or_answers(path)


@settings(max_examples=40)
@given(st.floats(0, 1))
def test_a_file_that_ends_too_soon_is_noticed(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    path = copied(whole, tmp_path_factory.getbasetemp() / "cut")
    os.truncate(path, int(share * path.stat().st_size))
    tells_or_answers(path)


def _delete(path: Path) -> None:
    path.unlink()


def _replace(path: Path) -> None:
    other = path.with_name("other")
    Database.open(other, KEY).close()
    other.replace(path)


def _take_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


@pytest.mark.parametrize("away", [_delete, _replace, _take_folder])
def test_nothing_is_acknowledged_into_a_file_that_is_gone(
    tmp_path: Path, away: Callable[[Path], None]
) -> None:
    path = tmp_path / "data" / "gumption.db"
    database = Database.open(path, KEY)
    database.run_sync(lambda s: observations.append(s, observation(id="before")))
    assert database.read_sync(observations.count) == 1
    away(path)
    for use in (
        lambda: database.run_sync(lambda s: observations.append(s, observation(id="after"))),
        lambda: database.read_sync(observations.count),
    ):
        with pytest.raises(StoreUnavailable, match="moved away or replaced") as refused:
            use()
        assert "Put it back" in refused.value.hint
    database.close()


def test_a_file_that_is_put_back_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    database = Database.open(path, KEY)
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(StoreUnavailable):
        database.run_sync(lambda s: observations.append(s, observation(id="o")))
    (tmp_path / "elsewhere").rename(path)
    assert database.run_sync(lambda s: observations.append(s, observation(id="o")))
    assert database.read_sync(observations.count) == 1
    database.close()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"zz" * 10_000, "ключ".encode()])
def test_a_damaged_note_of_the_key_locks_nobody_out(whole: Path, tmp_path: Path, content: bytes) -> None:
    path = copied(whole, tmp_path / "data")
    path.with_name(f"{path.name}.keycheck").write_bytes(content)
    with pytest.raises((StoreLocked, StoreCorrupt)):
        Database.open(path, bytes(32))
    database = Database.open(path, KEY)
    assert database.read_sync(observations.count) == COUNT
    database.close()
    with pytest.raises(StoreLocked):  # it was mended
        Database.open(path, bytes(32))


def test_a_read_only_folder_is_said(whole: Path) -> None:
    with TemporaryDirectory() as name:  # pytest's own folder is root's alone, for whom nothing is read-only
        path = copied(whole, Path(name) / "data")
        path.chmod(0o400)
        path.parent.chmod(0o500)
        Path(name).chmod(0o755)
        with nobody(path.parent, path), pytest.raises(StoreReadOnly):
            Database.open(path, KEY)
        path.parent.chmod(0o700)


@contextmanager
def nobody(*owned: Path) -> Iterator[None]:
    """For root: is somebody without rights, who owns these."""
    root = os.geteuid() == 0
    if root:
        for each in owned:
            os.chown(each, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
