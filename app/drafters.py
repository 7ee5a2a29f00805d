"""Who drafts: the extractors, in the languages of the interface, and a language model where one is set."""

from collections.abc import Mapping
from pathlib import Path

from app.config import ModelSettings
from gum.model.client import ModelWorker, WorkerSettings
from gum.model.llm_drafter import LlmDrafter
from gum.ports import Drafter


def worker_settings(settings: ModelSettings) -> WorkerSettings:
    """What the model process has to know of the settings."""
    return WorkerSettings(
        idle_s=settings.idle_s,
        call_timeout_s=settings.call_timeout_s,
        drafter=settings.drafter,
        server_url=settings.server_url,
        server_model=settings.server_model,
        server_key=settings.server_key,
        embedder_folder=Path(settings.embedder_folder).expanduser() if settings.embedder_folder else None,
    )


def deep_drafter(settings: ModelSettings, worker: ModelWorker) -> Drafter | None:
    """The drafter for observations that surprise; None when the settings want the extractors alone."""
    return None if settings.drafter == "structure" else LlmDrafter(worker.decoder)


def interface_languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The interface's languages with their region, the likeliest first, as BCP 47 tags ("en-GB"). Pure.

    From the POSIX locale variables, which name them as "en_GB.UTF-8" and, in LANGUAGE, as a list.
    """
    names = [environment.get(variable, "") for variable in ("LC_ALL", "LC_TIME", "LC_MESSAGES", "LANG")]
    names += environment.get("LANGUAGE", "").split(":")
    tags = (name.split(".")[0].split("@")[0].replace("_", "-") for name in names)
    return tuple(dict.fromkeys(tag for tag in tags if tag and tag not in ("C", "POSIX")))
