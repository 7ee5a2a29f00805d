from pathlib import Path

import pytest

from app.config import ModelSettings
from app.drafters import auditor, deep_drafter, interface_languages, judge, worker_settings
from gum.model.client import ModelWorker
from gum.model.llm_drafter import LlmDrafter


@pytest.mark.parametrize(
    ("environment", "tags"),
    [
        ({"LANG": "en_GB.UTF-8"}, ("en-GB",)),
        (
            {"LANG": "de_DE@euro", "LC_TIME": "en_DK.UTF-8", "LANGUAGE": "de:fr"},
            ("en-DK", "de-DE", "de", "fr"),
        ),
        ({"LANG": "C.UTF-8", "LC_ALL": "POSIX"}, ()),
        ({}, ()),
    ],
)
def test_the_interfaces_languages_come_from_the_locale(
    environment: dict[str, str], tags: tuple[str, ...]
) -> None:
    assert interface_languages(environment) == tags


def test_a_language_model_drafts_only_when_the_settings_ask_for_one(tmp_path: Path) -> None:
    for chosen, drafts in (("structure", False), ("llama", True)):
        settings = ModelSettings(drafter=chosen)
        worker = ModelWorker(tmp_path, worker_settings(settings))
        assert (deep_drafter(settings, worker) is not None) is drafts
        worker.close()


def test_the_language_model_reads_dates_by_the_interfaces_languages(tmp_path: Path) -> None:
    settings = ModelSettings(drafter="llama")
    worker = ModelWorker(tmp_path, worker_settings(settings))
    made = deep_drafter(settings, worker, ("fr-FR",))
    assert isinstance(made, LlmDrafter)
    assert made.languages == ("fr-FR",)
    worker.close()


@pytest.mark.parametrize(
    ("drafter", "url", "audits"),
    [
        ("structure", "", False),
        ("llama", "", True),
        ("server", "http://127.0.0.1:9/v1", True),
        ("server", "http://192.0.2.1/v1", False),  # nobody is asked elsewhere what may go there
    ],
)
def test_only_a_model_on_this_machine_audits(tmp_path: Path, drafter: str, url: str, audits: bool) -> None:
    settings = ModelSettings(drafter=drafter, server_url=url, allow_remote=True)
    worker = ModelWorker(tmp_path, worker_settings(settings), lambda inner, recipient: inner)
    assert (auditor(settings, worker) is not None) is audits
    worker.close()


def test_only_a_servers_model_is_asked_which_claims_are_one(tmp_path: Path) -> None:
    for chosen, asked in (("structure", False), ("llama", False), ("server", True)):
        settings = ModelSettings(drafter=chosen, server_url="http://127.0.0.1:9/v1", server_model="m")
        worker = ModelWorker(tmp_path, worker_settings(settings))
        assert (judge(settings, worker) is not None) is asked
        worker.close()
