"""A process that is started, killed with -9 in the middle of its work, and what its successor finds."""

import json
import logging
import os
import random
import time
import traceback
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.forks import context, heard, kill, sayer
from tests.soak.phase import UNOPENED, Findings, Phase

LOOK_S = 0.002
PATIENCE_S = 120.0


class Life:
    """The folders of one run of a phase, which several processes work in, one after the other."""

    def __init__(self, phase: Phase, folder: Path, seed: int) -> None:
        self.phase, self.seed = phase, seed
        self.home, self.said, self.errors = folder / "home", folder / "said", folder / "errors"

    def start(self, what: str, life: int) -> BaseProcess:
        """Begins "work", "recover" or "check" in a process of its own."""
        process = context().Process(target=_child, args=(what, self.phase.name, self.home, self.seed, life))
        process.start()
        return process

    def finish(self, what: str, life: int) -> Findings:
        """Runs `what` to its end; a process that fails or hangs is the finding."""
        if what == "between" and self.phase.between is None:
            return Findings()
        process = self.start(what, life)
        process.join(PATIENCE_S)
        if process.is_alive():
            kill(process)
            return Findings([(UNOPENED, f"{what} did not end within {PATIENCE_S} s")])
        if process.exitcode:
            told = self.errors.read_text()[-1500:] if self.errors.exists() else ""
            return Findings([(UNOPENED, f"{what} ended with {process.exitcode}: {told}")])
        found = self.home.with_name("found")
        looked = what in ("between", "check")
        return Findings([(f, w) for f, w in json.loads(found.read_text())] if looked else [])

    def kill_at(self, what: str, life: int, chance: random.Random, early: bool) -> float:
        """Kills `what` at a random moment; seconds after its start (`early`) or after it was ready.

        Raises AssertionError when it ends by itself.
        """
        before = len(heard(self.said))
        process = self.start(what, life)
        start = time.monotonic()
        while not early and "ready" not in heard(self.said)[before:] and process.is_alive():
            if time.monotonic() - start > PATIENCE_S:
                break
            time.sleep(LOOK_S)
        moment = chance.uniform(0.0, self.phase.window_s)
        process.join(moment)
        ended = process.exitcode
        kill(process)
        if ended not in (None, 0) or (ended == 0 and what == "work"):
            told = self.errors.read_text()[-1500:] if self.errors.exists() else ""
            raise AssertionError(f"{what} ended by itself with {ended}: {told}")
        return moment


def _child(what: str, name: str, home: Path, seed: int, life: int) -> None:
    from tests.soak.phases import PHASES

    os.environ["GUMPTION_HOME"] = str(home / "none")  # nothing here may touch the person's own folders
    phase: Phase = PHASES[name]
    said = home.with_name("said")
    logging.getLogger().addHandler(logging.NullHandler())  # a missing model is told of at every start
    try:
        if what == "work":
            phase.work(home, 100 * seed + life, sayer(said))
        elif what == "recover":
            phase.recover(home, seed)
        elif what in ("between", "check"):
            findings = Findings()
            if what == "check":
                phase.check(home, seed, heard(said), findings)
            elif phase.between is not None:
                phase.between(home, heard(said), findings)
            home.with_name("found").write_text(json.dumps(findings.faults))
        else:
            phase.prepare(home, seed)
    except BaseException:  # noqa: BLE001 - whatever it was, the parent tells of it
        home.with_name("errors").write_text(traceback.format_exc())
        os._exit(1)
