"""The model process as its parent sees it: started when needed, killed when late.

After a crash it is started again: at once after the first, then after 1, 2, 4 … 60 s; an answer sets
that back.
"""

import logging
import multiprocessing
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from gum.errors import AnswerUnusable, ModelFileCorrupt, ModelFileMissing, ModelUnavailable
from gum.model import worker
from gum.model.messages import Failed, Loading, Reply, Request, Result
from gum.model.states import States

log = logging.getLogger(__name__)

FIRST_WAIT_S = 1.0
MAX_WAIT_S = 60.0
MEMORY_HINT = "It is started again when needed. If this goes on, memory may be short: close something."


class Child:
    """The process and the pipe. One call at a time; `close` and `pid` do not wait for it."""

    def __init__(self, plan: worker.Plan, timeout_s: float, states: States) -> None:
        self._plan, self._timeout_s, self._states = plan, timeout_s, states
        self._calls = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Request, Reply] | None = None
        self._crashes = 0
        self._not_before = 0.0
        self._closed = False

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None and _lives(process) else None

    def ask(self, name: str, request: Request) -> object:
        """The answer's value. Raises what the child failed with, or ModelUnavailable."""
        with self._calls:
            for last in (False, True):
                self._ensure()
                try:
                    return self._exchange(name, request)
                except (EOFError, ConnectionError):
                    # Ended because it was idle, in the moment we wrote: nothing was begun, so ask again.
                    if self._ended_idle() and not last and not self._closed:
                        continue
                    raise self._crashed(name) from None
            raise AssertionError("unreachable")

    def _ensure(self) -> None:
        if self._closed:
            raise ModelUnavailable("Gumption is closing")
        if self._process is not None and _lives(self._process):
            return
        if self._process is not None and not self._ended_idle():
            self._count_crash()
        self._drop()
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise ModelUnavailable(
                "The model process keeps ending", f"The next attempt is in {wait:.0f} s. {MEMORY_HINT}"
            )
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(
            target=worker.main, args=(theirs, self._plan), name="gumption-models", daemon=True
        )
        try:
            process.start()
        except OSError as error:
            self._drop()
            raise ModelUnavailable("The model process could not be started", str(error)) from error
        finally:
            theirs.close()
        self._process = process

    def _exchange(self, name: str, request: Request) -> object:
        if self._pipe is None:  # closed by another thread
            raise EOFError
        self._pipe.send(request)
        deadline = time.monotonic() + self._timeout_s
        while self._pipe.poll(max(0.0, deadline - time.monotonic())):
            reply = self._pipe.recv()
            if isinstance(reply, Loading):
                self._states.loading(reply.name)
                continue
            self._crashes = 0
            if isinstance(reply, Result):
                self._states.ready(name)
                return reply.value
            raise self._failed(name, reply)
        self._kill()
        late = ModelUnavailable(
            f"The {name} did not answer within {self._timeout_s:g} s",
            "It was stopped and is tried again later.",
        )
        self._states.failed(name, late)
        raise late

    def _failed(self, name: str, reply: Failed) -> ModelUnavailable:
        kind = _KINDS.get(reply.kind, ModelUnavailable)
        error = kind(reply.title, reply.hint)
        if reply.name:
            self._states.failed(reply.name, error)
        else:  # it is loaded; only this request went wrong
            self._states.ready(name)
        return error

    def _ended_idle(self) -> bool:
        process = self._process
        if process is None:
            return False
        process.join(5.0)
        return process.exitcode == 0

    def _crashed(self, name: str) -> ModelUnavailable:
        if self._closed:
            return ModelUnavailable("Gumption is closing")
        code = self._process.exitcode if self._process is not None else None
        self._count_crash()
        self._drop()
        how = f"by signal {-code}" if code is not None and code < 0 else f"with status {code}"
        log.warning("the model process ended %s while it worked for the %s", how, name)
        error = ModelUnavailable("The model process ended unexpectedly", f"It ended {how}. {MEMORY_HINT}")
        self._states.failed(name, error)
        return error

    def _count_crash(self) -> None:
        """The first restart is at once, then after 1, 2, 4 … seconds; an answer sets it back."""
        self._crashes += 1
        wait = min(MAX_WAIT_S, FIRST_WAIT_S * 2.0 ** (self._crashes - 2)) if self._crashes > 1 else 0.0
        self._not_before = time.monotonic() + wait

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(5.0)
        self._drop()

    def _drop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        self._states.gone()

    def unload(self) -> None:
        """Ends the process, and with it all that its models remember, when no call is under way.

        The next call starts another.
        """
        with self._calls:
            self._kill()

    def close(self) -> None:
        """Ends the process; a call under way raises ModelUnavailable."""
        self._closed = True
        while True:
            process = self._process
            if process is not None:
                # Killed, not asked: it holds nothing that has to be written, and a call under way wakes.
                with suppress(ValueError, OSError):
                    process.kill()
            if self._calls.acquire(timeout=0.1):
                break
        try:
            self._kill()
        finally:
            self._calls.release()


def _lives(process: SpawnProcess) -> bool:
    """Asks the pipe that closes with the process; unlike waiting for it, any thread may do so."""
    return not wait([process.sentinel], 0)


_KINDS: dict[str, type[ModelUnavailable]] = {
    kind.__name__: kind for kind in (ModelUnavailable, ModelFileMissing, ModelFileCorrupt, AnswerUnusable)
}
