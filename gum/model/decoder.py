"""The embedded language model: llama.cpp in this process through xllamacpp, one thread.

The shipped SmolLM2-135M proves the path and is no good writer (measured: zero-shot drafts are noise);
a person with a larger GGUF file puts it in its place or names a server (`gum.model.remote`).
"""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from gum.errors import AnswerUnusable, ModelUnavailable
from gum.model.files import verified
from gum.model.gate import translated
from gum.ports import Prompt

NAME = "smollm2-135m-instruct-q4_1"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 4096  # tokens of question and answer together


class LlamaDecoder:
    """A `gum.ports.Decoder` over a GGUF file. Loads when made (about 0.5 s); not thread-safe."""

    takes_grammar = True

    def __init__(self, path: Path, name: str = "", threads: int = 1) -> None:
        """Raises ModelUnavailable."""
        self.name = name or path.stem
        # Spinning threads starve on a busy machine (measured: 2 threads fell to a tenth), so one.
        with translated("The language model could not be loaded"), _private_folder() as folder, _hushed():
            import xllamacpp

            params = xllamacpp.CommonParams()
            params.model.path = str(path)
            params.n_ctx, params.n_parallel = CONTEXT, 1
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
            params.warmup, params.verbosity, params.offline = False, -1, True
            params.cache_ram_mib = 0  # no copies of earlier prompts, which hold screen text
            # xllamacpp always opens a server of its own. Instead of a port that any local program could
            # talk to, it gets a socket in a private folder that is gone as soon as the model is loaded.
            params.hostnames = [str(folder / "llama.sock")]
            params.api_keys = [secrets.token_hex(16)]
            params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = params.ui = False
            params.n_threads_http = 1
            self._server = xllamacpp.Server(params)

    @classmethod
    def default(cls, folder: Path) -> "LlamaDecoder":
        """The shipped model. Raises ModelFileMissing, ModelFileCorrupt, ModelUnavailable."""
        return cls(verified(folder, "decoder", FILE), NAME)

    def complete(self, prompt: Prompt) -> str:
        """The answer's text. Raises ModelUnavailable, AnswerUnusable."""
        request: dict[str, object] = {
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "max_tokens": prompt.max_tokens,
            "temperature": prompt.temperature,
        }
        if prompt.grammar is not None:
            request["grammar"] = prompt.grammar
        elif prompt.schema is not None:
            schema = {"name": "answer", "strict": True, "schema": dict(prompt.schema)}
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        with translated("The language model failed"), _hushed():
            answer = self._server.handle_chat_completions(request)
        return _content(answer)


def _content(answer: object) -> str:
    if isinstance(answer, str):
        answer = json.loads(answer)
    if not isinstance(answer, dict):
        raise AnswerUnusable("The language model's answer could not be understood")
    if "error" in answer:
        error = cast(Mapping[str, object], answer["error"])
        said = str(error.get("message", ""))
        if error.get("type") == "exceed_context_size_error":
            raise AnswerUnusable("There was more text than the language model can take at once", said)
        raise ModelUnavailable("The language model refused the request", said[:200])
    try:
        return str(answer["choices"][0]["message"]["content"] or "")
    except (KeyError, IndexError, TypeError) as error:
        raise AnswerUnusable("The language model's answer could not be understood") from error


@contextmanager
def _private_folder() -> Iterator[Path]:
    # Short, because the path of a Unix socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="gm-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _hushed() -> Iterator[None]:
    """Sends native output to nowhere: llama.cpp prints prompts and grammars, which hold screen text."""
    kept = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for handle in (*kept, nowhere):
            os.close(handle)
