"""Fakes, labelled as such, for what a test of the pipeline cannot have: text from pixels on demand."""

from collections.abc import Callable, Sequence
from pathlib import Path

from gum.errors import ModelUnavailable
from gum.model.client import ModelWorker
from gum.model.embedder import HashingEmbedder
from gum.types import Frame, Line, Region, Vector


class FakeWorker(ModelWorker):
    """Fake: reads from pixels what `reads` says and embeds by hashing; `broken` makes it fail so often."""

    def __init__(self, folder: Path, reads: Sequence[str] = (), broken: int = 0) -> None:
        super().__init__(folder)
        self.reads = tuple(reads)
        self.broken = broken
        self.calls = 0
        self.before_answer: Callable[[], None] = lambda: None
        self._hash = HashingEmbedder()

    def read(self, frame: Frame, region: Region | None = None) -> list[Line]:
        self._answer()
        return [Line(text, Region(0, 20 * n, 200, 18), 0.9) for n, text in enumerate(self.reads)]

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self._answer()
        return self._hash.embed(texts)

    def _answer(self) -> None:
        self.calls += 1
        self.before_answer()
        if self.broken > 0:
            self.broken -= 1
            raise ModelUnavailable("The model is out", "Wait.")
