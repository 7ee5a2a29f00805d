"""Chroma, as far as it is used here: one kind of thing a collection, cosine distance, vectors alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from gum.errors import IndexUnavailable

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection


@contextmanager
def calls() -> Iterator[None]:
    """Wraps calls into Chroma and nothing else. Raises IndexUnavailable."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, IndexUnavailable):
        raise
    # Chroma raises whatever its Rust and its SQLite raise, and a Rust panic is a BaseException. Whatever it
    # is, the cure is the same: the index is derived, so it is thrown away and made again.
    except BaseException as error:  # a Rust panic (pyo3's PanicException) is no Exception
        raise unavailable(type(error).__name__) from error


def unavailable(why: str) -> IndexUnavailable:
    """What to tell when `why`, the name of an exception, came out of Chroma or the disk."""
    return IndexUnavailable(
        "The vector index cannot be used; nothing is lost, searching goes by words meanwhile",
        f"{why}. It is rebuilt at the next start; if this stays, free some disk space.",
    )


def connect(folder: Path) -> "Client":
    """Opens or makes the index in `folder`. Raises IndexUnavailable."""
    # Imported here: 2 s and 77 MB that the daemon's first answer should not wait for.
    with calls():
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))


def existing(client: "Client", kind: str) -> "Collection | None":
    """The collection of `kind`, if there is one. Raises IndexUnavailable."""
    with calls():
        there = kind in {c.name for c in client.list_collections()}
        return client.get_collection(kind, embedding_function=None) if there else None


def made(client: "Client", kind: str) -> "Collection":
    """The collection of `kind`, which is made when it is not there. Raises IndexUnavailable."""
    space = {"hnsw": {"space": "cosine"}}
    with calls():
        return client.get_or_create_collection(
            kind,
            configuration=space,  # type: ignore[arg-type]
            embedding_function=None,
        )
