"""The vector index: Chroma, derived from the database and thrown away at the first doubt.

Chroma writes its HNSW files in place and keeps only the last 1000 vectors in its log, so a process killed
while it writes can leave a collection that fails, or, worse, one that answers and has lost vectors:
with its metadata file gone it still counts 3000 and finds one. So nothing in here is believed:
- a marker file lies in the folder while something is being written;
- after each write the size and time of every file are noted;
- `ensure` compares all ids and all vectors with the database.
Whatever does not fit is dropped at once and built anew; the new one counts when it is complete. That takes a
minute for 100,000 vectors, in a process of its own (`storage.build`). Nobody waits for it: meanwhile it finds
nothing (searching goes by words), and what is put in or taken out is noted and done at the end.

Chroma keeps plain files outside the encrypted database. It gets ids and vectors only, and the vectors are
turned by a secret rotation first: cosines stay the same, but no model can turn a vector back into words.
"""

import hashlib
import json
import logging
import multiprocessing
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from gum.errors import IndexUnavailable, StoreUnavailable
from gum.types import Vector
from storage import chroma
from storage.blank import blank_unused
from storage.build import Part, build
from storage.turns import Turns

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Entry = tuple[str, str, Vector | Floats]
"""Kind, id and vector."""
Truth = Callable[[], Iterable[Entry]]
Held = Mapping[str, Mapping[str, Floats]]
Files = Mapping[str, Sequence[int]]
AT_ONCE = 500  # vectors that are put in, read or taken out in one call, which stops all other threads
MANY = 2000  # vectors from which on a process of its own builds the index: it takes 2 s to start
BATCH = 4000  # vectors that this one gets at once; Chroma takes 5461
TOLERANCE = 1e-3  # float32 rounding of a rotation in 384 dimensions stays below 1e-5
DIRTY, STATE, OWED = "dirty", "state.json", "owed"


class VectorIndex:
    """Finds the nearest vectors by cosine. Safe to call from any thread but those of `Database`.

    Until `ensure` has been called it holds nothing and finds nothing. A failure later on is never the
    caller's: a thread rebuilds the index from what `ensure` was given; where that fails too (a full disk),
    it stays empty and `healthy` is False until the next `ensure`.
    """

    def __init__(self, folder: Path, secret: bytes) -> None:
        self._folder = folder
        self._secret = secret
        self._truth: Truth | None = None
        self._model = ""
        self._turns = Turns()
        self._client: Client | None = None
        self._open_kinds: dict[str, Collection] = {}
        self._generation = ""
        self._noted: Files = {}  # how its files lay there when no memory of this process was left in them
        self._rotations: dict[int, Floats] = {}
        self._ending = False  # no rebuild goes on, and none begins: the program ends
        self._again = False  # the rebuild that goes on ends: it will begin anew
        self._mender: threading.Thread | None = None

    @property
    def healthy(self) -> bool:
        """Whether it is open and in step, as far as anybody knows."""
        return self._client is not None and not self._turns.busy

    def ensure(self, truth: Truth, model: str = "") -> bool:
        """Brings the index into step with `truth`: all (kind, id, vector). True when it had to be rebuilt.

        `truth` must read the database as it is when called: it is kept for mending. `model` names the vector
        space. Ends early when `close` is called. Raises IndexUnavailable when it cannot be built, e.g. on a
        full disk.
        """
        with self._turns.alone():
            self._model, self._truth = model, truth
            held = _by_kind(truth())
            if self._in_step(held, model):
                # Looking made Chroma write its files anew where it had all vectors in its log: with memory of
                # this process in them, and so that the next start would take them for torn.
                with suppress(IndexUnavailable):  # no room to note it: built anew then, nothing worse
                    self._note()
                return False
            if self._unneeded:
                self._close()  # it was not checked to the end: what is put in now must not make it look good
                return False
            self._rebuild(held)
            return self._client is not None

    def upsert(self, kind: str, vectors: Mapping[str, Vector]) -> None:
        """Puts in or replaces vectors of one length. Does nothing while the index is not healthy."""
        given = {key: np.asarray(v, np.float32) for key, v in vectors.items() if any(v)}
        if given:
            self._turns.do(lambda: self._put(kind, given))

    def _put(self, kind: str, given: Mapping[str, Floats]) -> None:
        if self._client is not None:
            with self._healing(), self._writing():
                self._add(kind, given)

    def renew(self) -> None:
        """Drops the index, with all that Chroma kept in it, and builds it anew in a folder of its own.

        Chroma keeps the vector of a deleted id in its queue (embeddings_queue), so forgetting ends with this.
        """
        self._again = True  # a rebuild that is going on may hold what is to go
        with self._turns.alone():
            self._again = False
            if self._truth is not None:
                self._drop()
                self._try_rebuild(self._truth)

    def owe(self) -> None:
        """What is taken out now was forgotten: `renew` must follow, or the next `ensure` builds anew."""
        with suppress(OSError):  # where nothing can be written, nothing can be taken out either
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._folder / OWED).touch()

    def delete(self, kind: str, ids: Sequence[str]) -> None:
        """Takes vectors out. What Chroma may still hold of the last ones goes with its folder."""
        if ids:
            gone = list(ids)
            self._turns.do(lambda: self._take_out(kind, gone))

    def _take_out(self, kind: str, ids: Sequence[str]) -> None:
        if self._client is None:
            self._drop()
            return
        left = -1
        with self._healing(), self._writing():
            left = self._remove(kind, ids)
        if left == 0:
            self.clear()

    def query(self, kind: str, vector: Vector, k: int) -> list[tuple[str, float]]:
        """The `k` nearest ids with their cosine, 0 to 1, the nearest first; nothing during a rebuild."""
        if k < 1 or not any(vector):
            return []
        with self._turns.turn() as mine, self._healing():
            if mine and self._client is not None:
                return self._nearest(kind, vector, k)
        return []

    def count(self, kind: str) -> int:
        """How many vectors of `kind` it holds."""
        with self._turns.waiting(), self._healing():
            collection = self._collection(kind)
            with chroma.calls():
                return collection.count() if collection is not None else 0
        return 0

    def clear(self) -> None:
        """Forgets everything and starts empty."""
        with self._turns.waiting():
            healthy = self._client is not None
            self._drop()
            if healthy:
                self._try_rebuild(tuple)

    def close(self) -> None:
        """Closes the files; `ensure` opens them again. Ends a rebuild that is going on."""
        self.give_up()
        mender = self._mender
        if mender is not None:
            mender.join()
        with self._turns.waiting():
            self._close()
            self._ending = False

    def give_up(self) -> None:
        """Ends a rebuild that is going on, without waiting for it; none begins until `close` is called."""
        self._ending = True

    def _close(self) -> None:
        client, self._client = self._client, None
        self._open_kinds.clear()
        if client is not None:
            with chroma.calls():
                client.close()

    # the steps of ensure

    @property
    def _unneeded(self) -> bool:
        return self._ending or self._again

    def _in_step(self, held: Held, model: str) -> bool:
        state = _read_state(self._folder / STATE)
        generation = state.get("generation")
        if (
            not isinstance(generation, str)
            or any((self._folder / name).exists() for name in (DIRTY, OWED))
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
        with chroma.calls():
            return {c.name for c in self._client.list_collections()}

    def _same(self, kind: str, held: Mapping[str, Floats]) -> bool:
        collection = self._collection(kind)
        with chroma.calls():
            if collection is None or collection.count() != len(held):
                return collection is None and not held
            for part in _parts(list(held), AT_ONCE):
                if self._unneeded:
                    return False
                found = collection.get(ids=part, include=["embeddings"])
                if not _agree(found["ids"], found["embeddings"], part, self._turned(held, part)):
                    return False
        return True

    def _rebuild(self, held: Held) -> None:
        self._drop()
        if self._unneeded:
            return
        with self._disk():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._folder / DIRTY).touch()
        generation = uuid4().hex
        try:
            if sum(map(len, held.values())) > MANY and not multiprocessing.current_process().daemon:
                whole = build(self._folder / generation, self._turned_parts(held), lambda: self._unneeded)
                self._open(generation)
            else:
                self._open(generation)
                whole = self._put_in(held)
            if whole:
                self._note()
            else:
                self._drop()
        except IndexUnavailable:
            self._drop()
            raise

    def _put_in(self, held: Held) -> bool:
        for kind, vectors in held.items():
            for part in _parts(list(vectors), AT_ONCE):
                if self._unneeded:
                    return False
                self._add(kind, {key: vectors[key] for key in part})
        return True

    def _turned_parts(self, held: Held) -> Iterator[Part]:
        for kind, vectors in held.items():
            for part in _parts(list(vectors), BATCH):
                yield kind, part, self._turned(vectors, part)

    def _drop(self) -> None:
        """Deletes all generations. The handle goes first: Chroma must not write into what is gone."""
        try:
            self._close()
        except IndexUnavailable:
            log.debug("a torn index could not be closed")
        shutil.rmtree(self._folder, ignore_errors=True)

    # Chroma

    def _open(self, generation: str) -> None:
        self._close()
        self._client = chroma.connect(self._folder / generation)
        self._generation, self._noted = generation, {}

    def _collection(self, kind: str) -> "Collection | None":
        if self._client is None:
            return None
        if kind not in self._open_kinds:
            found = chroma.existing(self._client, kind)
            if found is None:
                return None
            self._open_kinds[kind] = found
        return self._open_kinds[kind]

    def _add(self, kind: str, vectors: Mapping[str, Floats]) -> None:
        assert self._client is not None
        collection = self._collection(kind) or chroma.made(self._client, kind)
        for part in _parts(list(vectors), AT_ONCE):
            turned = self._turned(vectors, part)
            with chroma.calls():
                collection.upsert(ids=part, embeddings=turned)

    def _remove(self, kind: str, ids: Sequence[str]) -> int:
        collection = self._collection(kind)
        with chroma.calls():
            if collection is not None:
                for part in _parts(ids, AT_ONCE):
                    collection.delete(ids=part)
            assert self._client is not None
            return sum(c.count() for c in self._client.list_collections())

    def _nearest(self, kind: str, vector: Vector, k: int) -> list[tuple[str, float]]:
        collection = self._collection(kind)
        if collection is None:
            return []
        wanted = self._rotation(len(vector)) @ np.asarray(vector, np.float32)
        with chroma.calls():
            found = collection.query(query_embeddings=wanted[None, :], n_results=k, include=["distances"])
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
        folder = self._folder / self._generation
        with self._disk():
            # Chroma writes them once in a thousand vectors; what was put in before is in its log alone.
            if _files(folder) != self._noted:
                blank_unused(folder)
                self._noted = _files(folder)
        state = {
            "generation": self._generation,
            "model": self._model,
            "secret": self._fingerprint(),
            "files": self._noted,
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
            self._turns.announce()
            self._mender = threading.Thread(target=self._mend, name="index-mender")
            self._mender.start()

    def _mend(self) -> None:
        with self._turns.alone():
            if self._truth is not None:
                self._try_rebuild(self._truth)

    def _try_rebuild(self, truth: Truth) -> None:
        try:
            self._rebuild(_by_kind(truth()))
        except (IndexUnavailable, StoreUnavailable) as error:
            log.warning("the vector index cannot be rebuilt (%s); searching by words alone", error.hint)

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise chroma.unavailable(type(error).__name__) from error

    # the rotation

    def _fingerprint(self) -> str:
        return hashlib.blake2b(b"which rotation", key=self._secret, digest_size=8).hexdigest()

    def _turned(self, vectors: Mapping[str, Floats], ids: Sequence[str]) -> Floats:
        rows = np.stack([vectors[key] for key in ids])
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


def _by_kind(rows: Iterable[Entry]) -> Held:
    """By kind and id, without zero vectors, which are near nothing."""
    held: dict[str, dict[str, Floats]] = {}
    for kind, key, vector in rows:
        if any(vector):
            held.setdefault(kind, {})[key] = np.asarray(vector, np.float32)
    return held


def _agree(found: Sequence[str], vectors: object, wanted: Sequence[str], turned: Floats) -> bool:
    """Whether Chroma's answer holds just what was put in. It may keep vectors normalised."""
    if vectors is None or set(found) != set(wanted):
        return False
    kept = np.asarray(vectors, np.float32)
    order = {key: n for n, key in enumerate(found)}
    kept = kept[[order[key] for key in wanted]]
    return kept.shape == turned.shape and bool(np.allclose(_unit(kept), _unit(turned), atol=TOLERANCE))


def _parts(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


def _files(folder: Path) -> Files:
    """Size and time of Chroma's HNSW files; its SQLite file changes by itself and is checked by reading."""
    found = sorted(p for p in folder.glob("*/*") if p.is_file())
    return {str(p.relative_to(folder)): [p.stat().st_size, p.stat().st_mtime_ns] for p in found}


def _read_state(file: Path) -> dict[str, object]:
    try:
        state = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
