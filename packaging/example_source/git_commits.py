"""A source by somebody else: what the person writes into the commits of one repository, as they make them."""

import os
from datetime import UTC, datetime
from pathlib import Path

from gum.errors import CaptureUnavailable
from gum.types import Observation, ObservationId, Trust
from observers.base import Source, Supervised
from observers.gate import Gate


class GitCommits(Source):
    name = "git_commits"

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._log = Path(os.environ.get("GIT_COMMITS_FOLDER", "")) / ".git/logs/HEAD"
        self._worker = Supervised(self.name, self._watch)

    def _watch(self) -> None:
        if not self._log.exists():
            raise CaptureUnavailable("No repository with a commit", "Set GIT_COMMITS_FOLDER to its folder.")
        read = self._log.stat().st_size  # only what comes from now on
        while not self._worker.rest(2.0):
            with self._log.open("rb") as log:
                log.seek(read)
                lines = [line for line in log if line.endswith(b"\n")]  # the last may be half written
            read += sum(map(len, lines))
            self._worker.alive()
            for line in lines:
                facts, _, what = line.decode("utf-8", "replace").rstrip().partition("\t")
                if what.startswith("commit"):
                    self._tell(facts.split(), what.partition(": ")[2])

    def _tell(self, facts: list[str], words: str) -> None:
        commit, at = ObservationId(facts[1]), datetime.fromtimestamp(int(facts[-2]), UTC)
        title = self._log.resolve().parents[2].name
        self._gate.put(Observation(commit, self.name, at, at, "git", title, words, Trust.AUTHORED))
        self._worker.found()
