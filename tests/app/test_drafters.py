from pathlib import Path

import pytest

from app.config import ModelSettings
from app.drafters import deep_drafter, interface_languages, worker_settings
from gum.model.client import ModelWorker


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
