"""One file in the place of another: in one durable step, and what lay there is blanked."""

import contextlib
import os
from pathlib import Path

AT_ONCE = 1024 * 1024  # bytes


def replace(new: Path, old: Path) -> None:
    """Renames `new` to `old`, for good when it returns, and writes zeros over what `old` held before.

    The zeros go to the blocks of the file, as far as the file system writes in place and the disk does not
    move them. Raises OSError, before or after the step; the step itself is all or nothing.
    """
    _sync_file(new)
    handle = _open_for_blanking(old)
    try:
        new.replace(old)
        sync_folder(old.parent)
        if handle is not None:
            _blank(handle)
    finally:
        if handle is not None:
            os.close(handle)


def remove(file: Path) -> None:
    """Deletes `file` if it is there, after zeros were written over it."""
    handle = _open_for_blanking(file)
    if handle is not None:
        try:
            _blank(handle)
        finally:
            os.close(handle)
    file.unlink(missing_ok=True)
    sync_folder(file.parent)


def write_new(file: Path, text: str) -> None:
    """Makes `file` for the person alone, whole or not at all. Raises FileExistsError when it is there."""
    part = _write_part(file, text)
    try:
        os.link(part, file)  # unlike a rename it refuses what is there
        part.unlink()
    except FileExistsError:
        remove(part)
        raise
    except OSError:  # a stick's file system without links: then not in one step
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(file)
    sync_folder(file.parent)


def write(file: Path, text: str) -> None:
    """Puts `text` in the place of what `file` held, for the person alone, whole or not at all."""
    replace(_write_part(file, text), file)


def sync_folder(folder: Path) -> None:
    """Makes names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_part(file: Path, text: str) -> Path:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return part


def _open_for_blanking(file: Path) -> int | None:
    with contextlib.suppress(OSError):
        return os.open(file, os.O_WRONLY)
    return None


def _blank(handle: int) -> None:
    left, zeros = os.fstat(handle).st_size, bytes(AT_ONCE)
    with contextlib.suppress(OSError):  # e.g. a copy-on-write disk that is full: the file goes all the same
        while left > 0:
            left -= os.write(handle, zeros[:left])
        os.fsync(handle)


def _sync_file(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
