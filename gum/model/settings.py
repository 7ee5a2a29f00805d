"""What the model process is told by the settings."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Times in seconds. `drafter` is "structure" (no language model), "llama" or "server".

    `allow_remote`: the server need not be on this machine.
    """

    idle_s: float = 120.0
    call_timeout_s: float = 120.0
    drafter: str = "structure"
    server_url: str = ""
    server_model: str = ""
    server_key: str = ""
    allow_remote: bool = False
    embedder_folder: Path | None = None
    reader_threads: int = 1
