"""Who drafts: the extractors, in the languages of the interface, and a language model where one is set.
It also audits, when it is on this machine, and a server's is asked which claims are one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.config import ModelSettings
from gum.audit import Asker
from gum.model.client import ModelWorker, WorkerSettings
from gum.model.llm_auditor import LlmAuditor
from gum.model.llm_drafter import LlmDrafter
from gum.model.llm_judge import LlmJudge
from gum.model.remote import is_loopback
from gum.ports import Drafter, Judge


def worker_settings(settings: ModelSettings) -> WorkerSettings:
    """What the model process has to know of the settings."""
    return WorkerSettings(
        idle_s=settings.idle_s,
        call_timeout_s=settings.call_timeout_s,
        drafter=settings.drafter,
        server_url=settings.server_url,
        server_model=settings.server_model,
        server_key=settings.server_key,
        allow_remote=settings.allow_remote,
        embedder_folder=Path(settings.embedder_folder).expanduser() if settings.embedder_folder else None,
    )


def deep_drafter(
    settings: ModelSettings, worker: ModelWorker, languages: Sequence[str] = ()
) -> Drafter | None:
    """The drafter for observations that surprise; None when the settings want the extractors alone.

    `languages`: those of the interface, the likeliest first, by which dates are read.
    """
    if settings.drafter == "structure":
        return None
    return LlmDrafter(worker.decoder, languages=languages)


def auditor(settings: ModelSettings, worker: ModelWorker) -> Asker | None:
    """The language model that is asked about what is private, when the one that drafts is on this machine."""
    if settings.drafter == "structure" or (
        settings.drafter == "server" and not is_loopback(settings.server_url)
    ):
        return None
    return LlmAuditor(worker.decoder)


def judge(settings: ModelSettings, worker: ModelWorker) -> Judge | None:
    """Who is asked about claims whose words do not tell: only a server's model.

    The embedded one (SmolLM2-135M) was asked about the 75 unclear pairs of tests/benchmarks/pairs.txt: of 36
    that are one it knew one, it took 8 of 39 different ones for a refinement, and thought 2.6 s about each.
    """
    return LlmJudge(worker.decoder) if settings.drafter == "server" else None


def interface_languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The interface's languages with their region, the likeliest first, as BCP 47 tags ("en-GB"). Pure.

    From the POSIX locale variables, which name them as "en_GB.UTF-8" and, in LANGUAGE, as a list.
    """
    names = [environment.get(variable, "") for variable in ("LC_ALL", "LC_TIME", "LC_MESSAGES", "LANG")]
    names += environment.get("LANGUAGE", "").split(":")
    tags = (name.split(".")[0].split("@")[0].replace("_", "-") for name in names)
    return tuple(dict.fromkeys(tag for tag in tags if tag and tag not in ("C", "POSIX")))
