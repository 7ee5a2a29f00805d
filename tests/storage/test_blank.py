from pathlib import Path

import pytest

from storage import index as index_module
from storage.blank import CHUNK, HEADER, blank_unused
from storage.index import VectorIndex


@pytest.mark.parametrize("count", [1, 30, 1200])
def test_a_new_index_holds_vectors_and_nothing_else(tmp_path: Path, count: int) -> None:
    index = VectorIndex(tmp_path / "index", bytes(32))
    vectors = {f"o{n}": (1.0, n / count, 0.5) for n in range(count)}
    index.ensure(lambda: [("observations", key, vector) for key, vector in vectors.items()])
    index.close()
    [header] = tmp_path.rglob("header.bin")
    _, _, room, elements, size = HEADER.unpack_from(header.read_bytes())
    assert elements <= min(room, count)
    data = header.with_name("data_level0.bin").read_bytes()
    assert not any(data[elements * size :])
    assert any(data) == (elements > 0)


def test_what_was_set_aside_is_blanked_and_the_index_is_as_good_as_before(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path / "index", bytes(32))
    rows = [("observations", f"o{n}", (1.0, n / 1500, 0.5)) for n in range(1500)]
    index.ensure(lambda: rows)
    found = index.query("observations", (1.0, 0.5, 0.5), 5)
    index.close()
    [header] = tmp_path.rglob("header.bin")
    for name in ("data_level0.bin", "length.bin"):
        with header.with_name(name).open("ab") as file:
            file.write(b"a line of the screen" * 200_000)
    blank_unused(header.parent.parent)
    for name in ("data_level0.bin", "length.bin"):
        assert b"screen" not in header.with_name(name).read_bytes()
    again = VectorIndex(tmp_path / "index", bytes(32))
    again.ensure(lambda: rows)
    assert again.query("observations", (1.0, 0.5, 0.5), 5) == found
    again.close()


def test_a_file_of_another_kind_stays_as_it_is(tmp_path: Path) -> None:
    for name, content in (("a", b""), ("b", bytes(8)), ("c", HEADER.pack(7, 0, 9, 0, 4))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "header.bin").write_bytes(content)
        (tmp_path / name / "data_level0.bin").write_bytes(b"not ours")
    blank_unused(tmp_path)
    blank_unused(tmp_path / "nowhere")
    assert {file.read_bytes() for file in tmp_path.rglob("data_level0.bin")} == {b"not ours"}


@pytest.mark.parametrize("where", [4, len(CHUNK), 2 * len(CHUNK) + 70])
def test_only_what_is_not_zero_is_overwritten_wherever_it_is(tmp_path: Path, where: int) -> None:
    data = tmp_path / "a" / "data_level0.bin"
    data.parent.mkdir()
    data.with_name("header.bin").write_bytes(HEADER.pack(1, 0, 9, 1, 4))
    content = bytearray(2 * len(CHUNK) + 99)
    content[:4] = b"kept"
    data.write_bytes(content)
    before = data.stat().st_mtime_ns
    blank_unused(tmp_path)
    assert data.stat().st_mtime_ns == before
    data.write_bytes(content[:where] + b"screen" + content[where + 6 :])
    blank_unused(tmp_path)
    assert data.read_bytes() == bytes(content)


def test_what_is_set_aside_is_looked_at_when_chroma_wrote_it_and_not_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    index = VectorIndex(tmp_path / "index", bytes(32))
    index.ensure(lambda: [("observations", f"o{n}", (1.0, n / 1200, 0.5)) for n in range(1200)])
    real = blank_unused
    monkeypatch.setattr(index_module, "blank_unused", lambda folder: (looked.append(1), real(folder)))
    for n in range(20):
        index.upsert("observations", {f"late{n}": (0.5, n / 20, 1.0)})
    assert looked == []
    index.upsert("observations", {f"many{n}": (0.5, n / 2000, 1.0) for n in range(2000)})
    index.close()
    assert looked
    [header] = tmp_path.rglob("header.bin")
    _, _, _, elements, size = HEADER.unpack_from(header.read_bytes())
    assert elements > 1200
    assert not any(header.with_name("data_level0.bin").read_bytes()[elements * size :])
