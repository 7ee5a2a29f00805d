"""Which language model, if any, drafts beside the extractors."""

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
    )


def deep_drafter(settings: ModelSettings, worker: ModelWorker) -> Drafter | None:
    """The drafter for observations that surprise; None when the settings want the extractors alone."""
    return None if settings.drafter == "structure" else LlmDrafter(worker.decoder)
