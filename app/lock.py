"""One daemon for each data folder, by a lock the kernel drops when its holder dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from gum.errors import AlreadyRunning, StoreReadOnly


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock `file`; one that dies lets go of it."""
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


class InstanceLock:
    """Held from `__enter__` to `__exit__`; a lock file left by a dead process is no obstacle."""

    def __init__(self, file: Path, held: int | None = None) -> None:
        """`held`: the open lock file, where this process was given the lock by the one before it."""
        self._file = file
        self._held = held
        self._handle: int | None = None

    @property
    def handle(self) -> int:
        """The open lock file; to be asked while the lock is held."""
        assert self._handle is not None
        return self._handle

    def __enter__(self) -> "InstanceLock":
        """Raises AlreadyRunning when a living process holds it, StoreReadOnly when no file can be made."""
        if self._held is not None:
            self._handle, self._held = self._held, None
            return self
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreReadOnly(
                f"The folder {self._file.parent} cannot be written",
                f"{error.strerror}. Make it writable, or set GUMPTION_HOME to a folder that is.",
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise AlreadyRunning(
                f"Gumption is running already (process {holder})",
                "Use the icon in the tray, or stop that process first.",
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
