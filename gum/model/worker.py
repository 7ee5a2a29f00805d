"""The model process: loads a model when it is first asked for, answers one request after the other.

It ends when its parent is gone, when the pipe closes, and when nothing was asked for `idle_s` seconds,
which is how models are unloaded: an ended process gives back all its memory, a library rarely does.
A bug is not caught: it ends the process with its traceback, and the daemon starts another.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeVar

from gum.errors import GumptionError, ModelUnavailable
from gum.model.messages import Embed, Failed, Loading, Read, Reply, Request, Result
from gum.ports import Decoder, Embedder, Reader
from gum.types import Frame, FrameId, Region

NICENESS = 10
OOM_SCORE = 500  # when memory runs out, this process goes first: it can be started again

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the child may load, and how long it stays without work."""

    folder: Path
    embedder_folder: Path | None
    idle_s: float
    reader_threads: int


class _Models:
    """The loaded models. `tell` hears of a load before it begins."""

    def __init__(self, plan: Plan, tell: Callable[[Reply], None]) -> None:
        self._plan, self._tell = plan, tell
        self._reader: Reader | None = None
        self._embedder: Embedder | None = None
        self._decoder: Decoder | None = None
        self.loading = ""

    def answer(self, request: Request) -> Result:
        """Raises GumptionError."""
        if isinstance(request, Read):
            region = Region(request.left, request.top, request.width, request.height)
            frame = Frame(FrameId(""), datetime.now(UTC), "", region, "", request.pixels)
            return Result(tuple(self.reader().read(frame)))
        if isinstance(request, Embed):
            return Result(tuple(self.embedder().embed(request.texts)))
        return Result(self.decoder().complete(request.prompt))

    def reader(self) -> Reader:
        if self._reader is None:
            from gum.model.reader import RapidReader

            self._reader = self._load("reader", lambda: RapidReader(self._plan.reader_threads))
        return self._reader

    def embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._load("embedder", self._make_embedder)
        return self._embedder

    def _make_embedder(self) -> Embedder:
        from gum.model.embedder import MiniLmEmbedder, TransformersEmbedder

        if self._plan.embedder_folder is not None:
            return TransformersEmbedder(self._plan.embedder_folder)
        return MiniLmEmbedder(self._plan.folder)

    def decoder(self) -> Decoder:
        if self._decoder is None:
            from gum.model.decoder import LlamaDecoder

            self._decoder = self._load("decoder", lambda: LlamaDecoder.default(self._plan.folder))
        return self._decoder

    def _load(self, name: str, make: Callable[[], T]) -> T:
        self._tell(Loading(name))
        self.loading = name
        made = make()
        self.loading = ""
        return made


def main(pipe: "Connection[Reply, Request]", plan: Plan) -> None:
    """The child's whole life."""
    _settle_in()
    # The parent may be gone before anything is said to it; then there is nobody to serve.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        serve(pipe, plan)


def serve(pipe: "Connection[Reply, Request]", plan: Plan) -> None:
    """Answers requests until the pipe closes or nothing came for `plan.idle_s`. Raises EOFError, OSError."""
    models = _Models(plan, pipe.send)
    while pipe.poll(plan.idle_s):
        request = pipe.recv()
        models.loading = ""
        try:
            reply: Reply = models.answer(request)
        except ModelUnavailable as error:
            reply = Failed(type(error).__name__, error.title, error.hint, models.loading)
        except GumptionError as error:
            reply = Failed(ModelUnavailable.__name__, error.title, error.hint, models.loading)
        except MemoryError:
            reply = Failed(
                ModelUnavailable.__name__, "There is too little memory for the model", "Close something."
            )
        pipe.send(reply)


def _settle_in() -> None:
    # Ctrl-C in a terminal reaches the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # not on every kernel, and not needed
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
    # Not PR_SET_PDEATHSIG: that fires when the THREAD that started us ends, and pool threads do end.
    threading.Thread(target=_end_with_parent, daemon=True, name="parent-watch").start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
