import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gum.types import SourceHealth, Trust
from observers.base import Observer
from observers.gate import Gate
from observers.plugins import plugins
from tests.observers.recorder import Recorder

# As a package of somebody else's would be laid out once it is installed.
SOURCE = """
from datetime import UTC, datetime
from gum.types import Observation, ObservationId, SourceHealth, Trust

class Ticker:
    name = "ticker"
    def __init__(self, gate):
        self.gate = gate
    def start(self):
        at, key = datetime.now(UTC), ObservationId("tick")
        self.gate.put(Observation(key, self.name, at, at, "ticker", "Tick", "tick", Trust.READ))
    def stop(self):
        pass
    def health(self):
        return SourceHealth(self.name, "running", "", "", None)

def broken(gate):
    raise RuntimeError("its own secret")

def leaving(gate):
    raise SystemExit(3)

def nobody(gate):
    return None

class Wild(Ticker):
    def start(self):
        raise RuntimeError("its own secret")
    stop = health = start
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "ticking.py").write_text(SOURCE)
    info = tmp_path / "ticking-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ticking\nVersion: 1.0\n")
    points = "ticker = ticking:Ticker\nbroken = ticking:broken\ngone = ticking:nothing"
    points += "\nleaving = ticking:leaving\nnobody = ticking:nobody\nwild = ticking:Wild"
    (info / "entry_points.txt").write_text(f"[gumption.observers]\n{points}\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("ticking", None)


def gate() -> tuple[Gate, Recorder]:
    recorder = Recorder()
    return Gate(recorder, lambda: (), lambda: False), recorder


def health(source: Observer) -> SourceHealth:
    source.start()
    source.stop()
    return source.health()


@pytest.mark.usefixtures("installed")
def test_an_installed_source_runs_where_it_is_named() -> None:
    through, recorder = gate()
    [source] = plugins(["ticker"], through)
    source.start()
    [seen] = recorder.observations
    assert (seen.text, seen.trust) == ("tick", Trust.READ)


@pytest.mark.usefixtures("installed")
def test_none_runs_that_is_not_named() -> None:
    assert plugins([], gate()[0]) == []
    assert "ticking" not in sys.modules


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["broken", "gone", "never-heard-of", "leaving", "nobody"])
def test_one_that_cannot_be_made_says_so_and_the_others_go_on(name: str) -> None:
    missing, source = plugins([name, "ticker"], gate()[0])
    told = health(missing)
    assert (told.name, told.state) == (name, "unavailable")
    assert told.detail
    assert told.hint
    assert "secret" not in told.detail + told.hint
    assert source.name == "ticker"


@pytest.mark.usefixtures("installed")
def test_one_that_fails_at_work_says_so_and_harms_nobody() -> None:
    [source] = plugins(["wild"], gate()[0])
    told = health(source)
    assert (told.name, told.state) == ("wild", "failing")
    assert "RuntimeError" in told.detail
    assert "secret" not in told.detail + told.hint


@pytest.mark.usefixtures("installed")
def test_one_named_twice_runs_once() -> None:
    assert len(plugins(["ticker", "ticker"], gate()[0])) == 1
