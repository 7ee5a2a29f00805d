"""Texts to unit vectors: MiniLM on onnxruntime, any sentence-transformers folder on torch, or hashing.

Vectors of embedders with different names do not compare; the name goes with every stored vector.
"""

import hashlib
import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from gum.errors import ModelFileCorrupt, ModelFileMissing
from gum.model.files import verified
from gum.model.gate import translated
from gum.types import Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MINILM_NAME = "all-minilm-l6-v2-int8"
MINILM_DIMENSION = 384
MAX_TOKENS = 256  # what MiniLM-L6-v2 was trained with; longer texts are cut
BATCH = 16  # texts a run; attention memory grows with it, speed on one thread does not

HASHING_NAME = "hashing-1"
HASHING_DIMENSION = 384


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 (int8 weights) by onnxruntime, one thread: mean of the token vectors."""

    name = MINILM_NAME
    dimension = MINILM_DIMENSION

    def __init__(self, folder: Path) -> None:
        """`folder` is the models folder. Raises ModelFileMissing, ModelFileCorrupt, ModelUnavailable."""
        model = verified(folder, "embedder", "model.onnx")
        words = verified(folder, "embedder", "tokenizer.json")
        with translated("The text embedder could not be loaded"):
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False  # an idle arena would keep its largest size for ever
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(words))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._inputs = {entry.name for entry in self._session.get_inputs()}

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One unit vector of 384 numbers a text, in order. Raises ModelUnavailable."""
        # Texts of like length together: padding costs as much as words do.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors: dict[int, Vector] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors.update(zip(batch, self._run([texts[i] for i in batch]), strict=True))
        return [vectors[i] for i in range(len(texts))]

    def _run(self, texts: list[str]) -> list[Vector]:
        import numpy as np

        coded = self._tokenizer.encode_batch(texts)
        ids = np.array([entry.ids for entry in coded], dtype=np.int64)
        mask = np.array([entry.attention_mask for entry in coded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        with translated("The text embedder failed"):
            tokens = self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})[0]
        return _pooled(np.asarray(tokens, dtype=np.float32), mask)


class TransformersEmbedder:
    """Any local folder in the sentence-transformers layout, by transformers and torch (an optional extra).

    Pools as the folder's `1_Pooling/config.json` says (mean or first token; mean when it says nothing).
    No code from the folder is run, and nothing is downloaded.
    """

    def __init__(self, folder: Path) -> None:
        """Raises ModelFileMissing, ModelFileCorrupt, ModelUnavailable (also when torch is not installed)."""
        self.name, self.dimension = space_of(folder)
        self._first = _pools_first_token(folder)
        with translated(
            f"The embedder in {folder} could not be loaded", "Check the folder; torch is an extra to install."
        ):
            import torch
            from transformers import AutoModel, AutoTokenizer

            torch.set_num_threads(1)
            local = {"local_files_only": True, "trust_remote_code": False}
            self._tokenizer = AutoTokenizer.from_pretrained(str(folder), **local)
            self._model = AutoModel.from_pretrained(str(folder), use_safetensors=True, **local).eval()
        self._longest = min(512, int(getattr(self._model.config, "max_position_embeddings", 512)))

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One unit vector a text, in order. Raises ModelUnavailable."""
        import torch

        vectors: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            batch = self._tokenizer(
                list(texts[start : start + BATCH]),
                padding=True,
                truncation=True,
                max_length=self._longest,
                return_tensors="pt",
            )
            with torch.inference_mode(), translated("The text embedder failed"):
                tokens = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].numpy()
            vectors.extend(_pooled(tokens.float().numpy(), mask, first=self._first))
        return vectors


def space_of(folder: Path) -> tuple[str, int]:
    """Name and dimension of a sentence-transformers folder, from its files alone.

    The name holds a sum of the sizes and settings, so another model in the same folder is another space.
    Raises ModelFileMissing, ModelFileCorrupt.
    """
    config = folder / "config.json"
    try:
        said = json.loads(config.read_text(encoding="utf-8"))
        dimension = int(said["hidden_size"])
        weights = sorted((p.name, p.stat().st_size) for p in folder.glob("*.safetensors"))
    except OSError as error:
        raise ModelFileMissing(
            f"{folder} holds no model", "Name a folder that holds config.json and safetensors weights."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileCorrupt(f"{config} does not describe a model", "Fetch the model again.") from error
    if not weights:
        raise ModelFileMissing(f"{folder} holds no safetensors weights", "Fetch the model again.")
    digest = hashlib.sha256(f"{said}{weights}".encode()).hexdigest()[:8]
    return f"{folder.name}-{digest}", dimension


def _pools_first_token(folder: Path) -> bool:
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return False
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelFileCorrupt(f"{path} is not JSON", "Fetch the model again.") from error
    return isinstance(said, dict) and bool(said.get("pooling_mode_cls_token"))


def _pooled(tokens: "NDArray[np.float32]", mask: "NDArray[np.int64]", *, first: bool = False) -> list[Vector]:
    """Token vectors (texts, tokens, dimension) and mask (texts, tokens) to unit vectors."""
    import numpy as np

    # The mean's divisor falls away when the length is made one.
    sums = tokens[:, 0] if first else (tokens * mask[:, :, None]).sum(axis=1)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    units = sums / np.maximum(lengths, 1e-12)
    return [tuple(cast(list[float], row)) for row in units.tolist()]


class HashingEmbedder:
    """Words and letter triples hashed into 384 signed buckets: the fallback when model files are missing.

    Feature hashing after Weinberger et al. 2009 (section 2). Finds shared wording, not shared meaning.
    Pure, and the same in every process and on every machine.
    """

    name = HASHING_NAME
    dimension = HASHING_DIMENSION

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One unit vector of 384 numbers a text, in order."""
        return [_hashed(text) for text in texts]


def _hashed(text: str) -> Vector:
    buckets = [0.0] * HASHING_DIMENSION
    for feature, count in Counter(_features(text)).items():
        digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
        # Words count more than their letter triples, repetition less than linearly.
        weight = (1.0 if feature[0] == "w" else 0.3) * (1.0 + math.log(count))
        buckets[(digest >> 1) % HASHING_DIMENSION] += weight if digest & 1 else -weight
    length = math.sqrt(sum(value * value for value in buckets))
    if length == 0.0:  # no word at all: any fixed unit vector will do
        return (1.0, *buckets[1:])
    return tuple(value / length for value in buckets)


def _features(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "ignore").decode()
    for word in "".join(c if c.isalnum() else " " for c in folded).split():
        yield f"w{word}"
        padded = f" {word} "
        for i in range(len(padded) - 2):
            yield f"t{padded[i : i + 3]}"
