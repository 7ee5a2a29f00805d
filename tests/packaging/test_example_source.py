"""The example that the README shows, laid out as once installed, against a real repository."""

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gum.types import Effect, Rule, RuleId, Trust
from observers.base import Observer
from observers.gate import Gate
from observers.plugins import GROUP, plugins
from tests.observers.recorder import Recorder

EXAMPLE = Path(__file__).resolve().parents[2] / "packaging" / "example_source"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    told = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = tmp_path / "site" / "gumption_git_commits-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: {told['version']}\n"
    )
    points = told["entry-points"][GROUP]
    rows = "".join(f"{name} = {place}\n" for name, place in points.items())
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{rows}")
    monkeypatch.syspath_prepend(info.parent)
    monkeypatch.syspath_prepend(EXAMPLE)
    folder = tmp_path / "flood-map"
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, "from before it ran")
    monkeypatch.setenv("GIT_COMMITS_FOLDER", str(folder))
    yield folder
    sys.modules.pop("git_commits", None)


def git(folder: Path, *arguments: str) -> None:
    person = ["-c", "user.name=Anna", "-c", "user.email=anna@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *person, *arguments], check=True, capture_output=True)


def commit(folder: Path, words: str) -> None:
    git(folder, "commit", "--allow-empty", "--message", words)


def at_work(source: Observer) -> None:
    """It has taken note of what was there before."""
    end = time.monotonic() + 20
    while source.health().detail and time.monotonic() < end:
        time.sleep(0.05)


def heard(sink: Recorder, count: int) -> list[str]:
    end = time.monotonic() + 20
    while len(sink.observations) < count and time.monotonic() < end:
        time.sleep(0.1)
    return [o.text for o in sink.observations]


def test_it_tells_commits_as_they_are_made_in_the_persons_own_words(repository: Path) -> None:
    sink = Recorder()
    [source] = plugins(["git_commits"], Gate(sink, tuple, lambda: False))
    source.start()
    try:
        at_work(source)
        commit(repository, "Draw the levels of 1953")
        assert heard(sink, 1) == ["Draw the levels of 1953"]
        [found] = sink.observations
        assert (found.app, found.title, found.trust) == ("git", "flood-map", Trust.AUTHORED)
        assert source.health().state == "running"
    finally:
        source.stop()


def test_a_rule_about_git_holds_for_it(repository: Path) -> None:
    sink = Recorder()
    rule = Rule(RuleId("r"), "No git", Effect.DROP, app="git")
    [source] = plugins(["git_commits"], Gate(sink, lambda: (rule,), lambda: False))
    source.start()
    try:
        at_work(source)
        commit(repository, "Draw the levels of 1953")
        end = time.monotonic() + 20
        while not sink.exclusions and time.monotonic() < end:
            time.sleep(0.1)
        assert [e.app for e in sink.exclusions] == ["git"]
        assert not sink.observations
    finally:
        source.stop()


def test_without_a_repository_it_says_what_to_do(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITS_FOLDER", str(repository / "none"))
    [source] = plugins(["git_commits"], Gate(Recorder(), tuple, lambda: False))
    source.start()
    try:
        end = time.monotonic() + 20
        while source.health().state != "unavailable" and time.monotonic() < end:
            time.sleep(0.05)
        assert "GIT_COMMITS_FOLDER" in source.health().hint
    finally:
        source.stop()
