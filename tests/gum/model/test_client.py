import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.errors import ModelUnavailable, NotAllowed, SettingsInvalid
from gum.model import child
from gum.model.client import ModelState, ModelWorker, WorkerSettings, cut
from gum.ports import Decoder, Prompt
from gum.types import Frame, FrameId, Observation, ObservationId, Region, Trust

from .test_reader import TEXTS, drawn, recall

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
STORY = Prompt("", "Tell a very long story about a dog.", max_tokens=3000, temperature=0.8)


@pytest.fixture
def worker(models: Path) -> Iterator[ModelWorker]:
    made = ModelWorker(models, WorkerSettings(drafter="llama"))
    yield made
    made.close()


def state(worker: ModelWorker, name: str) -> ModelState:
    return next(s for s in worker.states() if s.name == name)


def during(worker: ModelWorker, act: "object") -> ModelUnavailable:
    """Begins a long call, does `act` while it runs, gives what the call raised."""
    raised: list[ModelUnavailable] = []

    def call() -> None:
        try:
            worker.complete(STORY)
        except ModelUnavailable as error:
            raised.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    while state(worker, "decoder").state != "loading" and thread.is_alive():
        time.sleep(0.01)
    act()  # type: ignore[operator]
    thread.join()
    (error,) = raised
    return error


def kill(worker: ModelWorker) -> None:
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    gone(worker)


def gone(worker: ModelWorker) -> None:
    while worker.pid is not None:
        time.sleep(0.01)


def test_nothing_starts_before_the_first_call(tmp_path: Path) -> None:
    worker = ModelWorker(tmp_path)
    assert worker.pid is None
    assert [(s.name, s.state) for s in worker.states()] == [
        ("reader", "unloaded"),
        ("embedder", "ready"),
        ("decoder", "off"),
    ]
    worker.close()


def test_pixels_become_lines_in_another_process(tmp_path: Path) -> None:
    worker = ModelWorker(tmp_path)
    frame = drawn(TEXTS, origin=(100, 50))
    lines = worker.read(frame, Region(100, 50, 560, 130))
    assert recall(lines, TEXTS[:4]) >= 0.9 and len(lines) == 4
    assert all(line.region.intersect(frame.region) == line.region for line in lines)
    assert state(worker, "reader").state == "ready"
    worker.close()
    assert (worker.pid, state(worker, "reader").state) == (None, "unloaded")


def test_forgetting_takes_the_process_with_all_it_remembers_and_the_next_call_starts_another(
    tmp_path: Path,
) -> None:
    worker = ModelWorker(tmp_path)
    worker.forget()  # nothing runs yet
    frame = drawn(TEXTS[:1])
    before, pid = worker.read(frame), worker.pid
    assert pid is not None
    worker.forget()
    assert (worker.pid, state(worker, "reader").state) == (None, "unloaded")
    assert not psutil.pid_exists(pid)
    assert worker.read(frame) == before
    worker.close()


@pytest.mark.model
def test_texts_become_vectors(worker: ModelWorker) -> None:
    vectors = worker.embed(["a", "b"])
    assert [len(v) for v in vectors] == [worker.dimension, worker.dimension]
    assert worker.embedder_name == worker.name == "all-minilm-l6-v2-int8"
    assert worker.embed([]) == []


@pytest.mark.model
def test_after_a_kill_the_next_call_works(worker: ModelWorker) -> None:
    before, pid = worker.embed(["a"]), worker.pid
    kill(worker)
    assert state(worker, "embedder").state == "unloaded"
    assert worker.embed(["a"]) == before
    assert worker.pid not in (None, pid)


@pytest.mark.model
def test_a_call_under_way_when_the_child_dies_says_so_and_the_next_works(worker: ModelWorker) -> None:
    error = during(worker, lambda: kill(worker))
    assert "signal 9" in error.hint
    assert state(worker, "decoder").state == "failed"
    assert worker.complete(Prompt("", "Hello", max_tokens=2))
    assert state(worker, "decoder").state == "ready"


@pytest.mark.model
def test_a_child_that_keeps_dying_is_left_alone_for_a_while(
    worker: ModelWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "FIRST_WAIT_S", 30.0)  # long enough for any machine to get there in time
    for _ in range(2):
        during(worker, lambda: kill(worker))
    with pytest.raises(ModelUnavailable) as caught:
        worker.embed(["a"])
    assert "next attempt" in caught.value.hint
    assert worker.pid is None


@pytest.mark.model
def test_a_call_that_takes_too_long_is_given_up_and_its_process_ended(models: Path) -> None:
    worker = ModelWorker(models, WorkerSettings(drafter="llama", call_timeout_s=4.0))
    worker.embed(["a"])
    process = psutil.Process(worker.pid)
    with pytest.raises(ModelUnavailable) as caught:
        worker.complete(STORY)
    assert "4 s" in caught.value.title
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert worker.embed(["a"])
    worker.close()


@pytest.mark.model
def test_closing_ends_a_call_under_way(worker: ModelWorker) -> None:
    error = during(worker, worker.close)
    assert "closing" in error.title
    with pytest.raises(ModelUnavailable):
        worker.embed(["a"])


@pytest.mark.model
def test_idle_models_are_unloaded_and_come_back(models: Path) -> None:
    worker = ModelWorker(models, WorkerSettings(idle_s=0.3))
    before = worker.embed(["a"])
    gone(worker)
    assert state(worker, "embedder").state == "unloaded"
    assert worker.embed(["a"]) == before
    worker.close()


@pytest.mark.model
def test_calls_from_many_threads_get_their_own_answers(worker: ModelWorker) -> None:
    alone = {text: worker.embed([text])[0] for text in TEXTS}
    wrong: list[str] = []

    def ask(text: str) -> None:
        for _ in range(5):
            if worker.embed([text])[0] != alone[text]:
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in TEXTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.model
def test_the_small_language_model_drafts_by_copying(worker: ModelWorker) -> None:
    text = "To: Maria Ortiz\nThe budget for Lisbon"
    seen = Observation(ObservationId("o"), "ui_tree", NOW, NOW, "mail", "", text, Trust.AUTHORED)
    result = worker.draft_llm([seen], [])
    for draft in result.drafts:
        assert all(e.quote in text for e in draft.evidence)
        assert all(value in text for value in draft.slots.values())


def test_without_its_files_search_falls_back_to_words_and_says_so(tmp_path: Path) -> None:
    worker = ModelWorker(tmp_path)
    assert worker.embedder_name == "hashing-1"
    assert len(worker.embed(["a"])[0]) == worker.dimension
    said = state(worker, "embedder")
    assert "similar words" in said.detail and "gumption models pull" in said.hint
    assert worker.pid is None  # no process is needed for it


@pytest.mark.model
def test_a_damaged_embedder_file_falls_back_too(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "embedder", tmp_path / "embedder")
    with (tmp_path / "embedder" / "model.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    worker = ModelWorker(tmp_path)
    assert worker.embedder_name == "hashing-1"
    assert "damaged" in state(worker, "embedder").detail


def test_a_missing_language_model_is_a_failed_one_with_a_hint(tmp_path: Path) -> None:
    worker = ModelWorker(tmp_path, WorkerSettings(drafter="llama"))
    with pytest.raises(ModelUnavailable):
        worker.complete(Prompt("", "hello"))
    said = state(worker, "decoder")
    assert said.state == "failed" and "gumption models pull" in said.hint
    worker.close()


def test_a_server_that_is_down_is_a_failed_decoder(tmp_path: Path) -> None:
    settings = WorkerSettings(drafter="server", server_url="http://127.0.0.1:9/v1", server_model="m")
    worker = ModelWorker(tmp_path, settings)
    assert not worker.decoder.takes_grammar and worker.decoder.name == "m"
    with pytest.raises(ModelUnavailable):
        worker.decoder.complete(Prompt("", "hello"))
    assert state(worker, "decoder").state == "failed"
    assert worker.pid is None


def test_closed_it_asks_no_server_any_more_not_even_behind_a_guard(tmp_path: Path) -> None:
    away = "https://192.0.2.1/v1"  # for documentation: nobody's (RFC 5737)
    settings = WorkerSettings(drafter="server", server_url=away, server_model="m", allow_remote=True)
    worker = ModelWorker(tmp_path, settings, lambda inner, _: inner)
    worker.close()
    with pytest.raises(ModelUnavailable) as refused:
        worker.decoder.complete(Prompt("", "hello"))
    assert refused.value.title == "Gumption is closing"


def test_a_server_elsewhere_is_never_asked_without_a_guard(tmp_path: Path) -> None:
    settings = WorkerSettings(drafter="server", server_url="http://192.168.1.4/v1", allow_remote=True)
    with pytest.raises(SettingsInvalid):
        ModelWorker(tmp_path, settings)
    guarded: list[tuple[str, str]] = []

    class Closed:
        name, takes_grammar = "m", False

        def complete(self, prompt: Prompt) -> str:
            raise NotAllowed("Nothing leaves")

    def guard(inner: Decoder, recipient: str) -> Decoder:
        guarded.append((inner.name, recipient))
        return Closed()

    worker = ModelWorker(tmp_path, replace(settings, server_model="m"), guard)
    assert guarded == [("m", "the model server at 192.168.1.4")]
    with pytest.raises(NotAllowed):
        worker.decoder.complete(Prompt("", "hello"))
    with pytest.raises(SettingsInvalid):
        ModelWorker(tmp_path, replace(settings, allow_remote=False), guard)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 6), st.integers(1, 6))
def test_only_the_pixels_of_the_region_travel(left: int, top: int, width: int, height: int) -> None:
    pixels = bytes(range(4 * 9 * 7 % 256)) + bytes(4 * 9 * 7 - 4 * 9 * 7 % 256)
    frame = Frame(FrameId("f"), NOW, "", Region(100, 200, 9, 7), "", pixels)
    inside = frame.region.intersect(Region(100 + left, 200 + top, width, height))
    assert inside is not None
    rows = [pixels[36 * y : 36 * (y + 1)] for y in range(7)]
    want = b"".join(
        rows[y - 200][4 * (inside.left - 100) : 4 * (inside.right - 100)]
        for y in range(inside.top, inside.bottom)
    )
    assert cut(frame, inside) == want


def test_the_daemon_side_imports_no_model_library(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, gum.model.files, gum.model.encoder; from gum.model.client import ModelWorker;"
        f"w = ModelWorker(pathlib.Path({str(tmp_path)!r})); w.embed(['a']); w.states(); w.close();"
        "heavy = {'torch', 'transformers', 'onnxruntime', 'rapidocr', 'xllamacpp', 'cv2', 'tokenizers'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
