"""Builds a large vector index in a process of its own.

Chroma holds Python's one lock for as long as it puts vectors in (measured: 1000 of them 0.5 to 2 s), so that
in the daemon nothing else would run for most of a minute, searching included. The process gets vectors
through a pipe, works at a lower priority, and ends with it.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gum.errors import IndexUnavailable
from storage import chroma

NICENESS = 10
LOOK_S = 0.1  # how often it is looked whether the index is still needed
PATIENCE_S = 5.0  # until a process that should end is killed

Part = tuple[str, list[str], NDArray[np.float32]]
"""Kind, ids, and their vectors, one a row."""


def build(folder: Path, parts: Iterable[Part], unneeded: Callable[[], bool]) -> bool:
    """Makes an index in `folder` out of `parts`, each at most 5000 vectors. Takes 2 s at least.

    False, with half an index in `folder`, as soon as `unneeded` says so. Raises IndexUnavailable.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_child, args=(str(folder), there), name="index-builder", daemon=True)
    process.start()
    there.close()
    try:
        with here:
            for part in parts:
                if unneeded():
                    return False
                here.send(part)
            here.send(None)
            while not here.poll(LOOK_S):
                if unneeded():
                    return False
            wrong: str = here.recv()
    except (EOFError, OSError) as error:  # it ended: killed, or out of memory
        raise chroma.unavailable(type(error).__name__) from error
    finally:
        _end(process)
    if wrong:
        raise chroma.unavailable(wrong)
    return True


def _end(process: "multiprocessing.process.BaseProcess") -> None:
    process.join(PATIENCE_S)  # without its pipe it ends by itself, after what it has in hand
    if process.is_alive():
        process.kill()
        process.join()


def _child(folder: str, pipe: "Connection[str, Part | None]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the pipe
    os.nice(NICENESS)
    with pipe:
        try:
            client = chroma.connect(Path(folder))
            while (part := pipe.recv()) is not None:
                kind, ids, vectors = part
                collection = chroma.made(client, kind)
                with chroma.calls():
                    collection.upsert(ids=ids, embeddings=vectors)
            with chroma.calls():
                client.close()
            pipe.send("")
        except IndexUnavailable as error:
            pipe.send(type(error.__cause__).__name__)
        except (EOFError, OSError):
            return  # the parent has gone or needs no index any more
