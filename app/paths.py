"""Where Gumption keeps its things. `GUMPTION_HOME` puts all of them under one folder of its own.

data    the database, the vector index, the lock, the daemon's address and token
config  settings.toml, the database's key where the desktop has no keyring, tokens for `gumption mcp`
models  model files; shared by all data folders, so `GUMPTION_HOME` does not move it:
        `GUMPTION_MODELS` does
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from gum.errors import NotAllowed, StoreReadOnly

_CLIENT = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one Gumption and the files in them."""

    data: Path
    config: Path
    models: Path

    @classmethod
    def home(cls) -> "Paths":
        """The folders of the person who runs this process."""
        # platformdirs is imported here, not above: `gumption --help` has 0.4 s for everything.
        import platformdirs

        models = os.environ.get("GUMPTION_MODELS", "")
        shared = Path(models) if models else platformdirs.user_data_path("gumption") / "models"
        root = os.environ.get("GUMPTION_HOME", "")
        if root:
            return cls(Path(root) / "data", Path(root) / "config", shared)
        return cls(platformdirs.user_data_path("gumption"), platformdirs.user_config_path("gumption"), shared)

    def make(self) -> "Paths":
        """Makes the folders, readable by the person alone. Raises StoreReadOnly."""
        for folder in (self.data, self.config):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
            except OSError as error:
                raise StoreReadOnly(
                    f"The folder {folder} cannot be used",
                    f"{error.strerror}. Make it writable, or set GUMPTION_HOME to a folder that is.",
                ) from error
        return self

    @property
    def database(self) -> Path:
        return self.data / "gumption.db"

    @property
    def index(self) -> Path:
        return self.data / "index"

    @property
    def lock(self) -> Path:
        return self.data / "daemon.lock"

    @property
    def daemon_file(self) -> Path:
        """Port and process of the running daemon, as JSON."""
        return self.data / "daemon.json"

    @property
    def token_file(self) -> Path:
        return self.data / "token"

    @property
    def log(self) -> Path:
        return self.data / "daemon.log"

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.toml"

    def client_token(self, name: str) -> Path:
        """The token `gumption mcp --as NAME` speaks with. Raises NotAllowed for a name that is no file's."""
        if not _CLIENT.fullmatch(name):
            raise NotAllowed(
                f"{name[:40]!r} is no name for an assistant",
                "Small letters, digits and hyphens, at most 40 of them.",
            )
        return self.config / "clients" / f"{name}.token"

    def client_note(self, name: str) -> Path:
        """What `gumption connect NAME` changed, so that it can be undone. Raises NotAllowed likewise."""
        return self.client_token(name).with_suffix(".json")
