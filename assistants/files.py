"""Changing files inside the allowed folders: the one gate to the disk.

Every path is walked from its allowed folder part by part with O_NOFOLLOW, and the file is opened
relative to the folder reached, so a link slipped in at the last moment leads nowhere.
"""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistants.guard import Folders, split
from gum.errors import ActionFailed, NotAllowed

MAX_BYTES = 5_000_000  # a to-do file; a larger one is no to-do file


def append_line(path: str, line: str, folders: Folders) -> Mapping[str, str]:
    """Appends `line` and a line break, making the file and its folders when missing.

    A missing line break at the end of the file is added first. Returns what `remove_line` needs.
    Raises NotAllowed, ActionFailed.
    """
    with _gate(path), _parent(path, folders, make=True) as (folder, name):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        made = not _exists(name, folder)
        handle = os.open(name, flags, 0o644, dir_fd=folder)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            size = _plain_size(file.fileno(), name)
            lead = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
            added = (b"\n" if lead else b"") + line.encode() + b"\n"
            if file.write(added) != len(added):
                raise ActionFailed(f"{name} could not be written in full", "The disk may be full.")
            os.fsync(file.fileno())
    offset = size + (1 if lead else 0)
    return {"line": line, "offset": str(offset), "lead": "1" if lead else "", "made": "1" if made else ""}


def remove_line(path: str, token: Mapping[str, str], folders: Folders) -> None:
    """Removes exactly the line that `append_line` added; a file made by it and empty again goes too.

    Raises ActionFailed when the line is no longer there as it was written, NotAllowed.
    """
    content = read(path, folders)
    start, end = _find(content, token, Path(path).name)
    if token.get("lead") and start == int(token["offset"]) and end == len(content):
        start -= 1
    rest = content[:start] + content[end:]
    with _gate(path), _parent(path, folders) as (folder, name):
        if not rest and token.get("made"):
            os.unlink(name, dir_fd=folder)
        else:
            _replace(folder, name, rest)


def create(path: str, content: bytes, folders: Folders) -> Mapping[str, str]:
    """Makes a new file; never touches one that is there. Returns what `delete` needs.

    Raises ActionFailed, NotAllowed.
    """
    with _gate(path), _parent(path, folders, make=True) as (folder, name):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(name, flags, 0o644, dir_fd=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return {"sha256": hashlib.sha256(content).hexdigest()}


def delete(path: str, token: Mapping[str, str], folders: Folders) -> None:
    """Deletes the file `create` made, unless it was changed since. Raises ActionFailed, NotAllowed."""
    if hashlib.sha256(read(path, folders)).hexdigest() != token.get("sha256"):
        raise ActionFailed(f"{Path(path).name} has been changed since", "It was left as it is.")
    with _gate(path), _parent(path, folders) as (folder, name):
        os.unlink(name, dir_fd=folder)


def read(path: str, folders: Folders) -> bytes:
    """The content of a plain file. Raises ActionFailed when there is none, NotAllowed."""
    with _gate(path), _parent(path, folders) as (folder, name):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(name, flags, dir_fd=folder), "rb") as file:
            _plain_size(file.fileno(), name)
            return file.read()


def exists(path: str, folders: Folders) -> bool:
    """Whether anything lies at `path`. Raises NotAllowed."""
    try:
        with _parent(path, folders) as (folder, name):
            return _exists(name, folder)
    except FileNotFoundError:
        return False


def _find(content: bytes, token: Mapping[str, str], name: str) -> tuple[int, int]:
    """Where the added line begins, and where what follows its line break begins."""
    line, at = token["line"].encode(), int(token["offset"])

    def is_line(start: int) -> bool:
        end = start + len(line)
        begins = start == 0 or content[start - 1 : start] == b"\n"
        return begins and content[start:end] == line and content[end : end + 1] in (b"\n", b"")

    if not is_line(at):
        # Lines above were edited meanwhile: take it only when nothing else looks like it.
        starts = [i for i in _line_starts(content) if is_line(i)]
        if len(starts) != 1:
            raise ActionFailed(f"The line in {name} has been changed since", "The file was left as it is.")
        at = starts[0]
    return at, min(len(content), at + len(line) + 1)


def _line_starts(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        yield at
        at = content.find(b"\n", at) + 1 or len(content)


def _replace(folder: int, name: str, content: bytes) -> None:
    """Swaps in new content in one step, so that a crash leaves either the old or the new file."""
    mode = stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    spare = f".{name}.{os.urandom(6).hex()}"
    handle = os.open(
        spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(spare, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(spare, dir_fd=folder)
        raise


def _plain_size(handle: int, name: str) -> int:
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        raise NotAllowed(f"{name} is not a plain file", "Only plain files are read and written.")
    if found.st_size > MAX_BYTES:
        raise NotAllowed(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB", "Name a smaller file in the settings."
        )
    return found.st_size


def _exists(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


@contextlib.contextmanager
def _parent(path: str, folders: Folders, make: bool = False) -> Iterator[tuple[int, str]]:
    """A descriptor of the folder that holds `path`, and the file's name in it."""
    root, parts = split(path, folders)
    if make:
        root.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    here = os.open(root, flags)
    try:
        for part in parts[:-1]:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=here)
            below = os.open(part, flags | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here, parts[-1]
    finally:
        os.close(here)


@contextlib.contextmanager
def _gate(path: str) -> Iterator[None]:
    """Translates what the disk says."""
    name = Path(path).name
    try:
        yield
    except FileExistsError as error:
        raise ActionFailed(
            f"{name} is already there", "It was left as it is; nothing is overwritten."
        ) from error
    except FileNotFoundError as error:
        raise ActionFailed(f"{name} is not there", "It may have been moved or deleted.") from error
    except OSError as error:
        # ENOTDIR is what O_DIRECTORY | O_NOFOLLOW says of a link to a folder.
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise NotAllowed(f"There is a link on the way to {name}", "Links are not followed.") from error
        raise ActionFailed(
            f"{name} could not be used: {error.strerror}", "Nothing else was changed."
        ) from error
