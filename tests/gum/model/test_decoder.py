import json
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gum import grammar
from gum.errors import AnswerUnusable, ModelFileMissing, ModelUnavailable
from gum.model.decoder import LlamaDecoder
from gum.ports import Prompt
from gum.types import Observation, ObservationId, Trust

pytestmark = pytest.mark.model
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def decoder(models: Path) -> LlamaDecoder:
    return LlamaDecoder.default(models)


def seen(text: str) -> Observation:
    return Observation(ObservationId("o"), "screen", NOW, NOW, "editor", "", text, Trust.AUTHORED)


def test_it_answers_in_words(decoder: LlamaDecoder) -> None:
    assert decoder.complete(Prompt("You are brief.", "What is the capital of France?", max_tokens=24))


def test_a_grammar_binds_it(decoder: LlamaDecoder) -> None:
    rule = 'root ::= "heads" | "tails"'
    assert decoder.complete(Prompt("", "Toss a coin.", grammar=rule)) in ("heads", "tails")


def test_a_schema_binds_it(decoder: LlamaDecoder) -> None:
    schema = {
        "type": "object",
        "properties": {"side": {"type": "string", "enum": ["heads", "tails"]}},
        "required": ["side"],
        "additionalProperties": False,
    }
    answer = decoder.complete(Prompt("", "Toss a coin.", schema=schema))
    assert json.loads(answer)["side"] in ("heads", "tails")


letters = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z"), include_characters='\n"\\')


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(letters))
def test_llama_cpp_takes_the_grammar_of_any_text(decoder: LlamaDecoder, text: str) -> None:
    cited = grammar.sources([seen(text + " word")])
    answer = decoder.complete(Prompt("", "Copy.", max_tokens=3, grammar=grammar.gbnf(cited)))
    assert isinstance(answer, str)


def test_more_text_than_it_can_take_is_said_so(decoder: LlamaDecoder) -> None:
    with pytest.raises(AnswerUnusable) as caught:
        decoder.complete(Prompt("", "x " * 6000))
    assert "more text" in caught.value.title


def test_a_grammar_that_is_none_is_refused_and_printed_nowhere(
    decoder: LlamaDecoder, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelUnavailable):
        decoder.complete(Prompt("", "hello", grammar='root ::= ("private words"'))
    assert "private words" not in "".join(capfd.readouterr())


def test_it_listens_on_no_port_and_leaves_no_socket_file(decoder: LlamaDecoder) -> None:
    mine = psutil.Process().net_connections(kind="inet")
    assert [c for c in mine if c.status == psutil.CONN_LISTEN] == []
    sockets = [c.laddr for c in psutil.Process().net_connections(kind="unix") if "llama" in str(c.laddr)]
    assert not any(Path(str(path)).exists() for path in sockets)


def test_missing_and_broken_files_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing):
        LlamaDecoder.default(tmp_path)
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and then nothing")
    with pytest.raises(ModelUnavailable):
        LlamaDecoder(broken)
