import re
from pathlib import Path

import pytest

from gum.errors import NotFound
from gum.model.manifest import FILE, Manifest


def test_the_shipped_manifest_names_licence_sum_size_and_a_source_for_every_file() -> None:
    manifest = Manifest.load()
    assert [model.name for model in manifest.models] == ["reader", "embedder", "decoder"]
    for model in manifest.models:
        assert model.licence and model.purpose
        for file in model.files:
            assert re.fullmatch("[0-9a-f]{64}", file.sha256)
            assert file.size > 0 and file.sources


def test_an_unknown_model_is_named_and_the_known_ones_listed() -> None:
    with pytest.raises(NotFound) as caught:
        Manifest.load().model("oracle")
    assert "oracle" in caught.value.title and "embedder" in caught.value.hint


@pytest.mark.parametrize(
    "old, new", [('kind = "hub"', 'kind = "carrier pigeon"'), ('sha256 = "0', 'sha256 = "')]
)
def test_a_manifest_with_a_mistake_does_not_load(tmp_path: Path, old: str, new: str) -> None:
    text = FILE.read_text()
    wrong = tmp_path / "manifest.toml"
    wrong.write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=r"pigeon|64"):
        Manifest.load(wrong)
