"""The vector index: Chroma, derived from the database and thrown away at the first doubt.

Chroma writes its HNSW files in place and keeps only the last 1000 vectors in its log, so a process killed
while it writes can leave a collection that fails, or, worse, one that answers and has lost vectors:
with its metadata file gone it still counts 3000 and finds one. So nothing in here is believed:
- a marker file lies in the folder while something is being written;
- after each write the size and time of every file are noted;
- `ensure` compares all ids and all vectors with the database.
Whatever does not fit is rebuilt, into a folder of its own that replaces the old one when it is complete.

Chroma keeps plain files outside the encrypted database. It gets ids and vectors only, and the vectors are
turned by a secret rotation first: cosines stay the same, but no model can turn a vector back into words.
"""

import hashlib
import json
import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from gum.errors import IndexUnavailable
from gum.types import Vector

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Truth = Callable[[], Iterable[tuple[str, str, Vector]]]
BATCH = 1000
TOLERANCE = 1e-3  # float32 rounding of a rotation in 384 dimensions stays below 1e-5
DIRTY, STATE = "dirty", "state.json"


class VectorIndex:
    """Finds the nearest vectors by cosine. Safe to call from any thread but those of `Database`.

    Until `ensure` has been called it holds nothing and finds nothing. A failure later on is never the
    caller's: the index is rebuilt on the spot from what `ensure` was given; where that fails too (a full
    disk), it stays empty and `healthy` is False until the next `ensure`.
    """

    def __init__(self, folder: Path, secret: bytes) -> None:
        self._folder = folder
        self._secret = secret
        self._truth: Truth = tuple
        self._model = ""
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._generation = ""
        self._rotations: dict[int, Floats] = {}

    @property
    def healthy(self) -> bool:
        """Whether it is open and in step, as far as anybody knows."""
        return self._client is not None

    def ensure(self, truth: Truth, model: str = "") -> bool:
        """Brings the index into step with `truth`: all (kind, id, vector). True when it had to be rebuilt.

        `truth` must read the database as it is when called: it is kept for mending. `model` names the vector
        space. Raises IndexUnavailable when it cannot be built, e.g. on a full disk.
        """
        with self._lock:
            self._model, self._truth = model, truth
            held = _by_kind(truth())
            if self._in_step(held, model):
                return False
            self._rebuild(held)
            return True

    def upsert(self, kind: str, vectors: Mapping[str, Vector]) -> None:
        """Puts in or replaces vectors of one length. Does nothing while the index is not healthy."""
        given = {key: v for key, v in vectors.items() if any(v)}
        with self._lock:
            if given and self._client is not None:
                with self._healing(), self._writing():
                    self._add(kind, given)

    def renew(self) -> None:
        """Builds the index anew in a folder of its own; the old one goes with all that Chroma kept in it.

        Chroma keeps the vector of a deleted id in its queue (embeddings_queue), so forgetting ends with this.
        """
        with self._lock:
            if self._client is not None:
                self._drop()
                self._try_rebuild(self._truth)

    def delete(self, kind: str, ids: Sequence[str]) -> None:
        """Takes vectors out. What Chroma may still hold of the last ones goes with its folder."""
        with self._lock:
            if not ids:
                return
            if self._client is None:
                self._drop()
                return
            left = -1
            with self._healing(), self._writing():
                left = self._remove(kind, ids)
            if left == 0:
                self.clear()

    def query(self, kind: str, vector: Vector, k: int) -> list[tuple[str, float]]:
        """The `k` nearest ids with their cosine, 0 to 1, the nearest first."""
        with self._lock:
            for _ in range(2):  # once more if it had to be rebuilt
                if self._client is None or k < 1 or not any(vector):
                    return []
                with self._healing():
                    return self._nearest(kind, vector, k)
            return []

    def count(self, kind: str) -> int:
        """How many vectors of `kind` it holds."""
        with self._lock, self._healing():
            collection = self._collection(kind)
            return collection.count() if collection is not None else 0
        return 0

    def clear(self) -> None:
        """Forgets everything and starts empty."""
        with self._lock:
            healthy = self._client is not None
            self._drop()
            if healthy:
                self._try_rebuild(tuple)

    def close(self) -> None:
        """Closes the files; `ensure` opens them again."""
        with self._lock:
            client, self._client = self._client, None
            if client is not None:
                with _chroma():
                    client.close()

    # the steps of ensure

    def _in_step(self, held: Mapping[str, Mapping[str, Vector]], model: str) -> bool:
        state = _read_state(self._folder / STATE)
        generation = state.get("generation")
        if (
            not isinstance(generation, str)
            or (self._folder / DIRTY).exists()
            or state.get("model") != model
            or state.get("secret") != self._fingerprint()
            or state.get("files") != _files(self._folder / generation)
        ):
            return False
        try:
            self._open(generation)
            return all(self._same(kind, held.get(kind, {})) for kind in self._kinds() | held.keys())
        except IndexUnavailable:
            return False

    def _kinds(self) -> set[str]:
        assert self._client is not None
        with _chroma():
            return {c.name for c in self._client.list_collections()}

    def _same(self, kind: str, held: Mapping[str, Vector]) -> bool:
        collection = self._collection(kind)
        with _chroma():
            if collection is None or collection.count() != len(held):
                return collection is None and not held
            ids = list(held)
            for start in range(0, len(ids), BATCH):
                part = ids[start : start + BATCH]
                found = collection.get(ids=part, include=["embeddings"])
                if not _agree(found["ids"], found["embeddings"], part, self._turned(held, part)):
                    return False
        return True

    def _rebuild(self, held: Mapping[str, Mapping[str, Vector]]) -> None:
        self._drop()
        with self._disk():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._folder / DIRTY).touch()
        self._open(uuid4().hex)
        try:
            for kind, vectors in held.items():
                self._add(kind, vectors)
            self._note()
        except IndexUnavailable:
            self._drop()
            raise

    def _drop(self) -> None:
        """Deletes all generations. The handle goes first: Chroma must not write into what is gone."""
        try:
            self.close()
        except IndexUnavailable:
            log.debug("a torn index could not be closed")
        shutil.rmtree(self._folder, ignore_errors=True)

    # Chroma

    def _open(self, generation: str) -> None:
        # Imported here: 2 s and 77 MB that the daemon's first answer should not wait for.
        import chromadb
        from chromadb.config import Settings

        self.close()
        folder = self._folder / generation
        with _chroma():
            settings = Settings(anonymized_telemetry=False)
            self._client = cast("Client", chromadb.PersistentClient(str(folder), settings=settings))
        self._generation = generation

    def _collection(self, kind: str, make: bool = False) -> "Collection | None":
        if self._client is None:
            return None
        with _chroma():
            if make:
                space = {"hnsw": {"space": "cosine"}}
                return self._client.get_or_create_collection(
                    kind,
                    configuration=space,  # type: ignore[arg-type]
                    embedding_function=None,
                )
            there = {c.name for c in self._client.list_collections()}
            return self._client.get_collection(kind, embedding_function=None) if kind in there else None

    def _add(self, kind: str, vectors: Mapping[str, Vector]) -> None:
        collection = self._collection(kind, make=True)
        assert collection is not None
        ids = list(vectors)
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            turned = self._turned(vectors, part)
            with _chroma():
                collection.upsert(ids=part, embeddings=turned)

    def _remove(self, kind: str, ids: Sequence[str]) -> int:
        collection = self._collection(kind)
        with _chroma():
            if collection is not None:
                for start in range(0, len(ids), BATCH):
                    collection.delete(ids=list(ids[start : start + BATCH]))
            assert self._client is not None
            return sum(c.count() for c in self._client.list_collections())

    def _nearest(self, kind: str, vector: Vector, k: int) -> list[tuple[str, float]]:
        collection = self._collection(kind)
        if collection is None:
            return []
        wanted = self._rotation(len(vector)) @ np.asarray(vector, np.float32)
        with _chroma():
            size = collection.count()
            if size == 0:
                return []
            found = collection.query(
                query_embeddings=wanted[None, :], n_results=min(k, size), include=["distances"]
            )
            ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        near = [(key, min(1.0, max(0.0, 1.0 - float(d)))) for key, d in zip(ids, distances, strict=True)]
        return sorted(near, key=lambda hit: -hit[1])

    # the marker, the state, the healing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._disk():
            (self._folder / DIRTY).touch()
        yield
        self._note()

    def _note(self) -> None:
        """What a complete index looks like from outside; the marker goes last."""
        state = {
            "generation": self._generation,
            "model": self._model,
            "secret": self._fingerprint(),
            "files": _files(self._folder / self._generation),
        }
        with self._disk():
            part = self._folder / f"{STATE}.part"
            part.write_text(json.dumps(state))
            part.replace(self._folder / STATE)
            (self._folder / DIRTY).unlink(missing_ok=True)

    @contextmanager
    def _healing(self) -> Iterator[None]:
        try:
            yield
        except IndexUnavailable as error:
            log.warning("the vector index is torn (%s); it is rebuilt", error.hint)
            self._drop()
            self._try_rebuild(self._truth)

    def _try_rebuild(self, truth: Truth) -> None:
        try:
            self._rebuild(_by_kind(truth()))
        except IndexUnavailable as error:
            log.warning("the vector index cannot be rebuilt (%s); searching by words alone", error.hint)

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _unavailable(error) from error

    # the rotation

    def _fingerprint(self) -> str:
        return hashlib.blake2b(b"which rotation", key=self._secret, digest_size=8).hexdigest()

    def _turned(self, vectors: Mapping[str, Vector], ids: Sequence[str]) -> Floats:
        rows = np.asarray([vectors[key] for key in ids], np.float32)
        turned: Floats = rows @ self._rotation(rows.shape[1]).T
        return turned

    def _rotation(self, dimension: int) -> Floats:
        if dimension not in self._rotations:
            self._rotations[dimension] = rotation(self._secret, dimension)
        return self._rotations[dimension]


def rotation(secret: bytes, dimension: int) -> Floats:
    """A random orthogonal matrix (Haar: QR of a Gaussian matrix, signs fixed; Mezzadri 2007) for `secret`."""
    seed = hashlib.blake2b(f"rotation {dimension}".encode(), key=secret, digest_size=32).digest()
    numbers = np.random.Generator(np.random.PCG64(int.from_bytes(seed, "big")))
    q, r = np.linalg.qr(numbers.standard_normal((dimension, dimension)))
    return np.asarray(q * np.sign(np.diag(r)), np.float32)


@contextmanager
def _chroma() -> Iterator[None]:
    """Wraps calls into Chroma and nothing else. Raises IndexUnavailable."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, IndexUnavailable):
        raise
    except BaseException as error:
        # Chroma raises whatever its Rust and its SQLite raise; a Rust panic is a BaseException. Whatever it
        # is, the cure is the same: the index is derived, so it is thrown away and made again.
        raise _unavailable(error) from error


def _unavailable(error: BaseException) -> IndexUnavailable:
    return IndexUnavailable(
        "The vector index cannot be used; nothing is lost, searching goes by words meanwhile",
        f"{type(error).__name__}. It is rebuilt at the next start; if this stays, free some disk space.",
    )


def _by_kind(rows: Iterable[tuple[str, str, Vector]]) -> dict[str, dict[str, Vector]]:
    """By kind and id, without zero vectors, which are near nothing."""
    held: dict[str, dict[str, Vector]] = {}
    for kind, key, vector in rows:
        if any(vector):
            held.setdefault(kind, {})[key] = vector
    return held


def _agree(found: Sequence[str], vectors: object, wanted: Sequence[str], turned: Floats) -> bool:
    """Whether Chroma's answer holds just what was put in. It may keep vectors normalised."""
    if vectors is None or set(found) != set(wanted):
        return False
    kept = np.asarray(vectors, np.float32)
    order = {key: n for n, key in enumerate(found)}
    kept = kept[[order[key] for key in wanted]]
    return kept.shape == turned.shape and bool(np.allclose(_unit(kept), _unit(turned), atol=TOLERANCE))


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


def _files(folder: Path) -> dict[str, list[int]]:
    """Size and time of Chroma's HNSW files; its SQLite file changes by itself and is checked by reading."""
    found = sorted(p for p in folder.glob("*/*") if p.is_file())
    return {str(p.relative_to(folder)): [p.stat().st_size, p.stat().st_mtime_ns] for p in found}


def _read_state(file: Path) -> dict[str, object]:
    try:
        state = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
