"""How a person says their passphrase to a command: in a file they name, or in the terminal.

Never in an environment variable or an argument: other programs and the shell's history can read both.
"""

import getpass
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from gum.errors import NotAllowed, StoreLocked
from storage.passphrase import accept

FILE = "GUMPTION_PASSPHRASE_FILE"
LIMIT = 4096  # bytes


def from_file(file: Path, what: str = "passphrase") -> str:
    """The first line of `file`, which nobody else may be able to read. Raises StoreLocked. `what` it is."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.readline(LIMIT)
        line = content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise StoreLocked(f"The {what} file {file} cannot be read", f"{why}.") from error
    if stat.S_ISREG(mode) and mode & 0o077:
        raise StoreLocked(f"Others can read the {what} file {file}", f"Type: chmod 600 '{file}'")
    if not line:
        raise StoreLocked(f"The {what} file {file} is empty", f"Its first line is the {what}.")
    return line


def named(environment: Mapping[str, str] = os.environ) -> str | None:
    """The passphrase in the file that GUMPTION_PASSPHRASE_FILE names; None when it names none."""
    name = environment.get(FILE, "")
    return from_file(Path(name)) if name else None


def asked(prompt: str) -> str | None:
    """What the person types; None without a terminal, or when they type nothing."""
    if not sys.stdin.isatty():
        return None
    try:
        return getpass.getpass(prompt) or None
    except EOFError:
        return None


def given(prompt: str = "Passphrase: ") -> str | None:
    """The passphrase from the named file, else from the terminal; None when it comes from neither."""
    found = named()
    return found if found is not None else asked(prompt)


def new(file: Path | None) -> str:
    """A new passphrase: from `file`, else typed twice. Raises NotAllowed, StoreLocked."""
    if file is not None:
        return accept(from_file(file))
    first = asked("New passphrase: ")
    if first is None:
        raise NotAllowed("No passphrase was given", "Type it in a terminal, or name a file with --new-file.")
    accept(first)
    if asked("Once more: ") != first:
        raise NotAllowed("The two passphrases are not the same", "Nothing was changed.")
    return first
