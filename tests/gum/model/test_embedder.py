import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.errors import ModelFileCorrupt, ModelFileMissing, ModelUnavailable
from gum.model.embedder import HashingEmbedder, MiniLmEmbedder, TransformersEmbedder, space_of
from gum.types import Vector


def cosine(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@given(st.lists(st.text(max_size=200), max_size=5))
def test_hashing_gives_one_unit_vector_a_text(texts: list[str]) -> None:
    vectors = HashingEmbedder().embed(texts)
    assert len(vectors) == len(texts)
    for vector in vectors:
        assert len(vector) == 384
        assert math.isclose(cosine(vector, vector), 1.0, abs_tol=1e-9)


def test_hashing_is_the_same_in_another_process_with_another_hash_seed() -> None:
    code = "from gum.model.embedder import HashingEmbedder as H; print(H().embed(['Grüße an Maria'])[0])"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert runs == {str(HashingEmbedder().embed(["Grüße an Maria"])[0])}


def test_hashing_puts_shared_wording_nearer_than_none() -> None:
    one, like, other = HashingEmbedder().embed(
        ["Works on thesis chapter three", "working on the thesis chapters", "Bought a train ticket"]
    )
    assert cosine(one, like) > 0.3 > cosine(one, other)


@pytest.fixture(scope="module")
def minilm(models: Path) -> MiniLmEmbedder:
    return MiniLmEmbedder(models)


@pytest.mark.model
def test_minilm_puts_meaning_nearer_than_wording(minilm: MiniLmEmbedder) -> None:
    one, like, other = minilm.embed(["The user prefers dark mode", "Likes dark themes", "A ticket to Lisbon"])
    assert cosine(one, like) > 0.5 and abs(cosine(one, other)) < 0.2


@pytest.mark.model
def test_minilm_vectors_do_not_depend_on_the_batch(minilm: MiniLmEmbedder) -> None:
    texts = ["short", "a somewhat longer text about gardens " * 5, "", "日本語の文章", "word " * 2000]
    together = minilm.embed(texts)
    for text, vector in zip(texts, together, strict=True):
        alone = minilm.embed([text])[0]
        assert len(vector) == 384
        assert cosine(vector, alone) == pytest.approx(1.0, abs=1e-4)
        assert cosine(vector, vector) == pytest.approx(1.0, abs=1e-5)


def test_missing_and_damaged_minilm_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing):
        MiniLmEmbedder(tmp_path)
    (tmp_path / "embedder").mkdir()
    (tmp_path / "embedder" / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelFileCorrupt):
        MiniLmEmbedder(tmp_path)


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT with random weights in the sentence-transformers layout."""
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "garden", "thesis", "train"]
    (folder / "vocab.txt").write_text("\n".join(words))
    transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def test_a_folder_of_ones_own_is_used_as_it_is(own_folder: Path) -> None:
    embedder = TransformersEmbedder(own_folder)
    one, two = embedder.embed(["the garden", "the thesis " * 600])
    assert (embedder.name, embedder.dimension) == space_of(own_folder)
    assert len(one) == embedder.dimension == 32
    assert cosine(one, one) == pytest.approx(1.0, abs=1e-5)
    assert embedder.embed(["the garden"])[0] == pytest.approx(one, abs=1e-5)
    assert one != pytest.approx(two, abs=1e-3)


def test_a_folder_that_asks_for_first_token_pooling_gets_it(own_folder: Path, tmp_path: Path) -> None:
    mean = TransformersEmbedder(own_folder).embed(["the garden train"])[0]
    (own_folder / "1_Pooling").mkdir()
    (own_folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    first = TransformersEmbedder(own_folder).embed(["the garden train"])[0]
    assert first != pytest.approx(mean, abs=1e-4)


def test_a_folder_that_holds_no_model_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing) as caught:
        TransformersEmbedder(tmp_path)
    assert caught.value.hint
    (tmp_path / "config.json").write_text('{"hidden_size": 8}')
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelUnavailable):
        TransformersEmbedder(tmp_path)
