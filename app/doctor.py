"""`gumption doctor`: what of this machine works, what does not, and the exact mend of each.

A check is a function of a `Patient` that looks at one thing and changes nothing. All run at once, each
in a thread of its own, and none is waited for longer than `PATIENCE_S`: a doctor that hangs is no doctor.
Models and other heavy libraries are looked at from outside, never loaded.
"""

import json as json_text
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from app.config import Settings, load
from app.paths import Paths
from gum.errors import GumptionError, SettingsInvalid

PATIENCE_S = 3.0
CALL_S = 1.0  # for one answer of a bus or of a server on this machine
APT = "sudo apt-get install -y"


class State(StrEnum):
    """How one thing is. Only `fail` makes the doctor end with status 1."""

    OK = "ok"
    WARN = "warn"  # something is less than it could be; the program works
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: which thing, how it is, what was seen, and what to type or do (empty when ok)."""

    name: str
    state: State
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: the folders, the settings and the environment of one person's Gumption."""

    paths: Paths
    settings: Settings
    environment: Mapping[str, str]


Look = Callable[[Patient], Check]


def examine(patient: Patient, looks: Mapping[str, Look], patience_s: float = PATIENCE_S) -> list[Check]:
    """All findings, in the order of `looks`, after at most about `patience_s` seconds."""
    found: dict[str, Check] = {}

    def run(name: str, look: Look) -> None:
        try:
            found[name] = look(patient)
        except GumptionError as error:
            found[name] = Check(name, State.FAIL, error.title, error.hint)
        except PermissionError as error:
            found[name] = Check(name, State.FAIL, f"{error.filename} may not be read", "See permissions.")
        except Exception as error:  # noqa: BLE001
            # A doctor must finish its round on machines nobody has thought of; what it could not
            # look at is a finding, and the kind of error is kept for the report to us.
            what = f"could not be looked at ({type(error).__name__}: {error})"
            found[name] = Check(name, State.FAIL, what, "Please report this with the output of this command.")

    threads = {
        name: threading.Thread(target=run, args=(name, look), name=f"doctor-{name}", daemon=True)
        for name, look in looks.items()
    }
    for thread in threads.values():
        thread.start()
    end = time.monotonic() + patience_s
    for thread in threads.values():
        thread.join(max(0.0, end - time.monotonic()))
    # A copy: a thread that was given up may still answer while the findings are being put in order.
    answered = dict(found)
    return [answered.get(name) or _hangs(name, patience_s) for name in looks]


def _hangs(name: str, patience_s: float) -> Check:
    return Check(
        name,
        State.FAIL,
        f"did not answer within {patience_s:g} s",
        "Log out and in again; if it stays so, restart the computer.",
    )


def as_lines(checks: Sequence[Check]) -> list[str]:
    """The findings for a person to read."""
    lines = []
    for check in checks:
        lines.append(f"{check.state:<5} {check.name:<14} {check.what}")
        if check.mend:
            lines += [f"      {'':<14} -> {part}" for part in check.mend.splitlines()]
    bad = sum(check.state is State.FAIL for check in checks)
    lines.append("Nothing is wrong." if bad == 0 else f"{bad} of {len(checks)} must be mended.")
    return lines


def as_json(checks: Sequence[Check]) -> str:
    """The findings for a program: `{"ok": bool, "checks": [{"name", "state", "what", "mend"}]}`."""
    ok = all(check.state is not State.FAIL for check in checks)
    return json_text.dumps({"ok": ok, "checks": [asdict(check) for check in checks]}, indent=2)


def run(paths: Paths, json: bool = False) -> int:
    """Prints the findings; 0 when nothing failed, else 1."""
    from app.checkup import LOOKS

    wrong: list[Check] = []
    try:
        settings = load(paths.settings_file)
        wrong.append(Check("settings", State.OK, f"{paths.settings_file} or the defaults"))
    except SettingsInvalid as error:
        settings = Settings.model_construct()  # the defaults, so that the rest can still be looked at
        wrong.append(Check("settings", State.FAIL, error.title, error.hint))
    checks = wrong + examine(Patient(paths, settings, os.environ), LOOKS)
    print(as_json(checks) if json else "\n".join(as_lines(checks)), flush=True)  # noqa: T201
    return 1 if any(check.state is State.FAIL for check in checks) else 0
