"""How the models are, for `/status` and `gumption doctor`, without waking or waiting for any of them."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from gum.errors import GumptionError, ModelUnavailable
from gum.model.decoder import NAME as DECODER_NAME
from gum.model.embedder import HASHING_DIMENSION, HASHING_NAME, MINILM_DIMENSION, MINILM_NAME, space_of
from gum.model.files import verified
from gum.model.reader import NAME as READER_NAME
from gum.model.settings import WorkerSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelState:
    """`name` is reader, embedder or decoder; `state` unloaded, loading, ready, failed or off."""

    name: str
    model: str
    state: str
    detail: str
    hint: str


@dataclass(frozen=True, slots=True)
class Space:
    """Which embedder is in use and, for the fallback, why."""

    name: str
    dimension: int
    hashing: bool = False
    detail: str = ""
    hint: str = ""

    @classmethod
    def choose(cls, folder: Path, own: Path | None) -> "Space":
        """The person's own folder, else MiniLM, else hashing. Reads files, loads nothing."""
        try:
            if own is not None:
                return cls(*space_of(own))
            for file in ("model.onnx", "tokenizer.json"):
                verified(folder, "embedder", file)
        except ModelUnavailable as error:
            log.warning("%s. Search falls back to matching words.", error.title)
            detail = f"{error.title}; similar words are matched instead of similar meaning"
            return cls(HASHING_NAME, HASHING_DIMENSION, True, detail, f"{error.hint} Then restart Gumption.")
        return cls(MINILM_NAME, MINILM_DIMENSION)


class States:
    """What is known of each model, kept apart from the lock that a long call holds."""

    def __init__(self, space: Space, settings: WorkerSettings) -> None:
        self._lock = threading.Lock()
        self._space = space
        self._drafter = settings.drafter
        self.decoder_model = settings.server_model if settings.drafter == "server" else DECODER_NAME
        self._loaded: dict[str, str] = {}  # model -> "loading" or "ready"
        self._failed: dict[str, GumptionError] = {}

    def all(self, *, running: bool) -> list[ModelState]:
        with self._lock:
            loaded, failed = dict(self._loaded) if running else {}, dict(self._failed)
        reader = self._state("reader", READER_NAME, loaded, failed)
        if self._space.hashing:
            embedder = ModelState("embedder", HASHING_NAME, "ready", self._space.detail, self._space.hint)
        else:
            embedder = self._state("embedder", self._space.name, loaded, failed)
        if self._drafter == "structure":
            decoder = ModelState("decoder", self.decoder_model, "off", "The settings ask for none", "")
        else:
            decoder = self._state("decoder", self.decoder_model, loaded, failed)
        return [reader, embedder, decoder]

    @staticmethod
    def _state(name: str, model: str, loaded: dict[str, str], failed: dict[str, GumptionError]) -> ModelState:
        if name in failed:
            return ModelState(name, model, "failed", failed[name].title, failed[name].hint)
        return ModelState(name, model, loaded.get(name, "unloaded"), "", "")

    def loading(self, name: str) -> None:
        with self._lock:
            self._loaded[name] = "loading"
            self._failed.pop(name, None)

    def ready(self, name: str) -> None:
        with self._lock:
            self._loaded[name] = "ready"
            self._failed.pop(name, None)

    def failed(self, name: str, error: GumptionError) -> None:
        with self._lock:
            self._loaded.pop(name, None)
            self._failed[name] = error

    def gone(self) -> None:
        """The child ended, and with it every loaded model."""
        with self._lock:
            self._loaded.clear()
