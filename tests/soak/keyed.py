"""A store as the program lays it out, with its key in a file."""

import os
from pathlib import Path

from app.paths import Paths
from storage.keys import data_key


def paths_in(folder: Path) -> Paths:
    """The folders of a store of its own, from now on those of this process."""
    os.environ["GUMPTION_HOME"] = str(folder)  # the key is in a file then, not in the person's keyring
    return Paths(folder / "data", folder / "config", folder / "none")


def key_in(paths: Paths) -> bytes:
    return data_key(paths.config, paths.database, keyring_ok=False)
