"""The daemon's side of the models: blocking, thread-safe calls that never leave it hanging.

A call that was under way when the model process died raises ModelUnavailable; its work waits in the
database and comes again. This module imports no model library, and neither may anything it imports.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from gum.errors import AnswerUnusable, ModelUnavailable, SettingsInvalid
from gum.model import worker
from gum.model.child import Child
from gum.model.embedder import HashingEmbedder
from gum.model.llm_drafter import LlmDrafter
from gum.model.messages import Complete, Embed, Read
from gum.model.remote import OpenAiDecoder
from gum.model.settings import WorkerSettings
from gum.model.states import ModelState, Space, States
from gum.ports import Decoder, Drafts, Prompt
from gum.types import Frame, Line, Observation, Proposition, Region, Vector

__all__ = ["Guard", "ModelState", "ModelWorker", "WorkerSettings"]

Guard = Callable[[Decoder, str], Decoder]
"""Makes of a model that is not on this machine, and what it is called, one that only gets what may leave."""


class ModelWorker:
    """One child process with the reader, the embedder and the embedded decoder.

    Is itself a `gum.ports.Reader` and `gum.ports.Embedder`; `decoder` gives the third port.
    """

    def __init__(
        self, folder: Path, settings: WorkerSettings | None = None, guard: Guard | None = None
    ) -> None:
        """`folder` is the models folder. Starts nothing. Raises SettingsInvalid for a bad server address.

        `guard` stands before a server that is not on this machine; without one that is not used.
        """
        self._folder = folder
        self._settings = settings or WorkerSettings()
        self._space = Space.choose(folder, self._settings.embedder_folder)
        self._hashing = HashingEmbedder()
        self._states = States(self._space, self._settings)
        self._child = Child(
            worker.Plan(
                folder,
                self._settings.embedder_folder,
                self._settings.idle_s,
                self._settings.reader_threads,
            ),
            self._settings.call_timeout_s,
            self._states,
        )
        self._remote = _remote(self._settings)
        self._server = _guarded(self._remote, guard) if self._remote is not None else None

    # --- reader ---------------------------------------------------------------------------------

    def read(self, frame: Frame, region: Region | None = None) -> list[Line]:
        """Lines of text inside `region` (screen pixels), top to bottom. Raises ModelUnavailable."""
        inside = frame.region if region is None else frame.region.intersect(region)
        if inside is None:
            return []
        pixels = cut(frame, inside)
        return list(
            cast(
                tuple[Line, ...],
                self._child.ask("reader", Read(inside.left, inside.top, inside.width, inside.height, pixels)),
            )
        )

    # --- embedder -------------------------------------------------------------------------------

    @property
    def embedder_name(self) -> str:
        """The vector space in use; fixed while this object lives, so that vectors compare."""
        return self._space.name

    name = embedder_name

    @property
    def dimension(self) -> int:
        return self._space.dimension

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One unit vector a text, in order. Raises ModelUnavailable."""
        if not texts:
            return []
        if self._space.hashing:
            return self._hashing.embed(texts)  # cheaper than a trip to the child
        return list(cast(tuple[Vector, ...], self._child.ask("embedder", Embed(tuple(texts)))))

    # --- decoder --------------------------------------------------------------------------------

    @property
    def takes_grammar(self) -> bool:
        """Of the decoder in use."""
        return self._server is None

    @property
    def decoder_name(self) -> str:
        return self._server.name if self._server else self._states.decoder_model

    def complete(self, prompt: Prompt) -> str:
        """The configured language model's answer. Raises ModelUnavailable, AnswerUnusable."""
        if self._server is not None:
            return self._ask_server(self._server, prompt)
        return cast(str, self._child.ask("decoder", Complete(prompt)))

    def _ask_server(self, server: Decoder, prompt: Prompt) -> str:
        """Asks a server and remembers how it went."""
        try:
            answer = server.complete(prompt)
        except AnswerUnusable:
            raise  # it answers, only badly
        except ModelUnavailable as error:
            self._states.failed("decoder", error)
            raise
        self._states.ready("decoder")
        return answer

    @property
    def decoder(self) -> Decoder:
        """This worker's language model as a `gum.ports.Decoder`."""
        return _WorkerDecoder(self)

    def draft_llm(self, observations: Sequence[Observation], neighbours: Sequence[Proposition]) -> Drafts:
        """Drafts by the configured language model. Raises ModelUnavailable, AnswerUnusable."""
        return LlmDrafter(self.decoder).draft(observations, neighbours)

    # --- life -----------------------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        """The child's process id; None when it does not run."""
        return self._child.pid

    def states(self) -> list[ModelState]:
        """How the models are, without waking or waiting for any of them."""
        return self._states.all(running=self._child.pid is not None)

    def forget(self) -> None:
        """Drops what the models remember: lines that were read, the last prompt. Waits for a call under way.

        They remember in their process, so it ends; what asks next loads them again.
        """
        self._child.unload()

    def close(self) -> None:
        """Ends the child; a call under way raises ModelUnavailable, and so does every later one.

        A server's answer is not waited for any more; the server is not told.
        """
        if self._remote is not None:
            self._remote.close()
        self._child.close()


class _WorkerDecoder:
    def __init__(self, owner: ModelWorker) -> None:
        self._owner = owner

    @property
    def name(self) -> str:
        return self._owner.decoder_name

    @property
    def takes_grammar(self) -> bool:
        return self._owner.takes_grammar

    def complete(self, prompt: Prompt) -> str:
        return self._owner.complete(prompt)


def cut(frame: Frame, inside: Region) -> bytes:
    """The pixels (BGRA) of a part of a frame; only these travel to the child."""
    stride, width = 4 * frame.region.width, 4 * inside.width
    start = (inside.top - frame.region.top) * stride + 4 * (inside.left - frame.region.left)
    if width == stride:
        return frame.pixels[start : start + inside.height * stride]
    pixels = memoryview(frame.pixels)
    return b"".join(pixels[at : at + width] for at in range(start, start + inside.height * stride, stride))


def _remote(settings: WorkerSettings) -> OpenAiDecoder | None:
    if settings.drafter != "server":
        return None
    return OpenAiDecoder(
        settings.server_url,
        settings.server_model,
        settings.server_key or None,
        settings.call_timeout_s,
        settings.allow_remote,
    )


def _guarded(server: OpenAiDecoder, guard: Guard | None) -> Decoder:
    if server.local:
        return server
    if guard is None:
        raise SettingsInvalid(
            f"The model server {server.where} is not on this machine",
            "Here only one on 127.0.0.1 can be used.",
        )
    return guard(server, f"the model server at {server.where}")
