import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from gum.model import worker
from gum.model.messages import Complete, Embed, Failed, Loading
from gum.ports import Prompt

ROOT = Path(__file__).parents[3]


def plan(folder: Path, idle_s: float = 60.0) -> worker.Plan:
    return worker.Plan(folder, None, idle_s, 1)


def test_a_missing_file_is_answered_not_died_of(tmp_path: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=lambda: worker.serve(theirs, plan(tmp_path, idle_s=0.5)))
    thread.start()
    for request, name in ((Embed(("a",)), "embedder"), (Complete(Prompt("", "a")), "decoder")):
        ours.send(request)
        assert ours.recv() == Loading(name)
        reply = ours.recv()
        assert isinstance(reply, Failed)
        assert (reply.kind, reply.name) == ("ModelFileMissing", name)
        assert "gumption models pull" in reply.hint
    thread.join()  # it ends by itself when nobody asks for anything


def test_it_ends_when_the_pipe_closes(tmp_path: Path) -> None:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=worker.main, args=(theirs, plan(tmp_path)))
    process.start()
    theirs.close()
    ours.close()
    process.join(30)
    assert process.exitcode == 0


PARENT = """
import multiprocessing, sys, time
from pathlib import Path
from gum.model import worker
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=worker.main, args=(theirs, worker.Plan(Path("/nowhere"), None, 600.0, 1)))
    child.start()
    ours.send(worker.Embed(("a",)))
    ours.recv(), ours.recv()  # it is up
    print(child.pid, flush=True)
    time.sleep(600)
"""


def test_it_is_polite_ignores_ctrl_c_and_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment)
    try:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.nice() >= worker.NICENESS
        child.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert child.is_running() and child.status() != psutil.STATUS_ZOMBIE
    finally:
        parent.kill()
        parent.wait()
        if parent.stdout is not None:
            parent.stdout.close()
    gone, _ = psutil.wait_procs([child], timeout=30)
    assert gone == [child]


@pytest.mark.model
def test_what_it_loads_it_keeps(models: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=lambda: worker.serve(theirs, plan(models, idle_s=2.0)))
    thread.start()
    ours.send(Embed(("a", "b")))
    assert ours.recv() == Loading("embedder")
    first = ours.recv()
    ours.send(Embed(("a", "b")))
    assert ours.recv() == first  # at once, no second Loading
    thread.join()
