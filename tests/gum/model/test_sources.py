import hashlib
import http.server
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from gum.model import sources
from gum.model.manifest import HubSource, InstalledSource, WheelSource
from gum.model.sources import SourceFailed

Serve = Callable[[Callable[[http.server.BaseHTTPRequestHandler], None]], AbstractContextManager[str]]
DATA = bytes(range(256)) * 8192  # 2 MiB
SOURCE = HubSource("someone/some-model", "weights.bin")


def ignore(done: int, total: int) -> None:
    pass


class FakeHub:
    """Serves DATA under the hub's path; `cut` breaks the first answer off after so many bytes."""

    def __init__(self, cut: int | None = None, ranges: bool = True) -> None:
        self.cut, self.ranges = cut, ranges
        self.asked: list[str | None] = []

    def __call__(self, request: http.server.BaseHTTPRequestHandler) -> None:
        if request.path != "/someone/some-model/resolve/main/weights.bin":
            request.send_error(404)
            return
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(DATA) - start))
        request.end_headers()
        end, self.cut = (start + self.cut if self.cut is not None else len(DATA)), None
        request.wfile.write(DATA[start:end])


def test_a_file_of_the_hub_arrives_whole_and_reports_progress(serve: Serve, tmp_path: Path) -> None:
    part, told = tmp_path / "w.part", []
    with serve(FakeHub()) as url:
        sources.from_hub(SOURCE, part, len(DATA), lambda done, total: told.append((done, total)), url)
    assert part.read_bytes() == DATA
    assert told[-1] == (len(DATA), len(DATA)) and told == sorted(told)


def test_an_interrupted_download_goes_on_where_it_stopped(serve: Serve, tmp_path: Path) -> None:
    part, hub = tmp_path / "w.part", FakeHub(cut=1_500_000)
    with serve(hub) as url:
        with pytest.raises(SourceFailed):
            sources.from_hub(SOURCE, part, len(DATA), ignore, url)
        have = part.stat().st_size
        sources.from_hub(SOURCE, part, len(DATA), ignore, url)
    assert 0 < have < len(DATA)
    assert hub.asked == [None, f"bytes={have}-"]
    assert part.read_bytes() == DATA


def test_a_hub_that_cannot_resume_starts_again_cleanly(serve: Serve, tmp_path: Path) -> None:
    part = tmp_path / "w.part"
    part.write_bytes(b"old beginning")
    with serve(FakeHub(ranges=False)) as url:
        sources.from_hub(SOURCE, part, len(DATA), ignore, url)
    assert part.read_bytes() == DATA


def test_more_bytes_than_promised_are_refused(serve: Serve, tmp_path: Path) -> None:
    with serve(FakeHub()) as url, pytest.raises(SourceFailed, match="more than"):
        sources.from_hub(SOURCE, tmp_path / "w.part", 1000, ignore, url)


def test_an_unreachable_hub_is_told_apart_from_a_missing_file(serve: Serve, tmp_path: Path) -> None:
    with serve(FakeHub()) as url, pytest.raises(SourceFailed, match="404") as missing:
        sources.from_hub(HubSource("a/b", "c"), tmp_path / "w.part", 10, ignore, url)
    with pytest.raises(SourceFailed, match="reached") as gone:
        sources.from_hub(SOURCE, tmp_path / "w.part", 10, ignore, url)  # nobody listens there now
    assert (missing.value.unreachable, gone.value.unreachable) == (False, True)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as package index, with one wheel whose modules would leave a trace if they ever ran."""
    folder = tmp_path / "index"
    folder.mkdir()
    trap = f"open({str(tmp_path / 'executed')!r}, 'w')"
    info = "some_weights-1.0.dist-info"
    with zipfile.ZipFile(folder / "some_weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("some_weights/__init__.py", trap)
        wheel.writestr("some_weights/weights.bin", DATA)
        wheel.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: some-weights\nVersion: 1.0\nRequires-Dist: nothing-like-this\n",
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def test_a_wheel_is_unpacked_and_nothing_of_it_runs_or_stays(index: Path, tmp_path: Path) -> None:
    part = tmp_path / "target" / "w.part"
    part.parent.mkdir()
    sources.from_wheel(
        WheelSource("some-weights", "1.0", "some_weights/weights.bin", 10), part, len(DATA), ignore
    )
    assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(DATA).digest()
    assert [p.name for p in part.parent.iterdir()] == ["w.part"]
    assert not (tmp_path / "executed").exists()
    assert "some_weights" not in sys.modules


@pytest.mark.parametrize(
    "source, size, why",
    [
        (WheelSource("some-weights", "1.0", "some_weights/other.bin"), 5, "no member"),
        (WheelSource("some-weights", "1.0", "some_weights/weights.bin"), 5, "size"),
        (WheelSource("some-weights", "9.9", "some_weights/weights.bin"), 5, "could not be downloaded"),
    ],
)
def test_a_wheel_without_the_right_member_is_refused(
    index: Path, tmp_path: Path, source: WheelSource, size: int, why: str
) -> None:
    with pytest.raises(SourceFailed, match=why):
        sources.from_wheel(source, tmp_path / "w.part", size, ignore)
    assert not (tmp_path / "w.part").exists()


def test_an_installed_file_is_found_without_importing_its_package() -> None:
    found = sources.installed(InstalledSource("rapidocr", "models/PP-OCRv6_det_small.onnx"))
    assert found is not None and found.is_file()
    assert sources.installed(InstalledSource("rapidocr", "models/other.onnx")) is None
    assert sources.installed(InstalledSource("no_such_package_here", "x")) is None
