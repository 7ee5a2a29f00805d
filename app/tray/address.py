"""Where the daemon is: its port and token, read from the files it leaves in the data folder."""

import json
from dataclasses import dataclass, field

from app.paths import Paths


@dataclass(frozen=True, slots=True)
class Address:
    """Of one life of the daemon; a restarted daemon has another. `token` stays out of `repr` and logs."""

    port: int
    token: str = field(repr=False)
    pid: int = 0
    started_at: str = ""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def find(paths: Paths) -> Address | None:
    """The address the daemon wrote last; None when there is none or it is half written."""
    try:
        told = json.loads(paths.daemon_file.read_text("utf-8"))
        token = paths.token_file.read_text("utf-8").strip()
        port, pid = int(told["port"]), int(told.get("pid", 0))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if not (0 < port < 65536 and token and token.isascii() and token.isprintable()):
        return None
    return Address(port, token, pid, str(told.get("started_at", "")))
