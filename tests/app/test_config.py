from pathlib import Path

import pytest

from app import config
from gum.errors import SettingsInvalid


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert config.load(tmp_path / "none.toml").model_dump() == config.Settings().model_dump()


def test_the_environment_beats_the_file_and_the_file_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[pipeline]\nbatch_count = 9\nbatch_wait_s = 7\n")
    monkeypatch.setenv("GUMPTION_PIPELINE__BATCH_COUNT", "3")
    settings = config.load(file)
    assert settings.pipeline.batch_count == 3
    assert settings.pipeline.batch_wait_s == 7


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[pipeline]\nbatch_count = 0\n", "pipeline.batch_count"),
        ("[pipeline]\nbatchcount = 1\n", "pipeline.batchcount"),
        ("[pipeline\n", "settings.toml"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(SettingsInvalid) as refused:
        config.load(file)
    assert named in refused.value.title


def test_every_setting_says_what_it_is_for() -> None:
    for part in config.Settings.model_fields.values():
        fields = part.annotation.model_fields  # type: ignore[union-attr]
        assert fields
        for name, field in fields.items():
            assert field.description, name


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        config.Settings().pipeline.batch_count = 1  # type: ignore[misc]
