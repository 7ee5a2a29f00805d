"""Sets this checkout up: system libraries, virtual environment, Python packages, model files.

`python3 packaging/prepare.py run|demo|test` is what `make` calls first. It knows the standard library
alone, says each thing before it does it, and does nothing twice: stamps in `.venv` remember what was
installed, so a second call takes a moment. Ends with status 1 and one line to type where only the
person can go on.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
EXTRAS = {"run": (), "demo": (), "test": ("dev", "torch")}
APT_LISTS = {"run": ("apt-run.txt",), "demo": ("apt-run.txt", "apt-test.txt")}
APT_LISTS["test"] = APT_LISTS["demo"]


class Stop(Exception):
    """Only the person can go on; the message says how."""


def say(text: str) -> None:
    """Tells what comes next. Flushed, so that it stands above what the called program prints."""
    print(f"==> {text}", flush=True)


# --- system libraries ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Needed:
    """A system package with its alternatives, the best first, and what it is for."""

    names: tuple[str, ...]
    purpose: str


def read_list(text: str) -> list[Needed]:
    """The packages of a list: `name | other name   # purpose`, one a line."""
    found = []
    for line in text.splitlines():
        packages, _, purpose = line.partition("#")
        names = tuple(name.strip() for name in packages.split("|") if name.strip())
        if names:
            found.append(Needed(names, purpose.strip()))
    return found


def provided(dpkg: str) -> set[str]:
    """Names that the installed packages answer to, from `status<TAB>name<TAB>provides` lines.

    Provides count: Ubuntu 24.04 renamed many libraries (libglib2.0-0 is provided by libglib2.0-0t64).
    """
    names: set[str] = set()
    for line in dpkg.splitlines():
        status, name, provides = line.split("\t")
        if status.startswith("ii"):
            names.add(name)
            names.update(part.strip().split(" ")[0] for part in provides.split(",") if part.strip())
    return names


def missing(needed: Iterable[Needed], installed: set[str]) -> list[Needed]:
    """Those of which no alternative is installed."""
    return [each for each in needed if not installed.intersection(each.names)]


def apt_choice(need: Needed, known: Callable[[str], bool]) -> str:
    """The alternative to install: the first that the package lists know, else the first."""
    return next((name for name in need.names if known(name)), need.names[0])


def _apt_knows(name: str) -> bool:
    told = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True, check=False).stdout
    return "Candidate:" in told and "Candidate: (none)" not in told


def _root_prefix() -> list[str] | None:
    """How to become root without a question: nothing, sudo, or None when it cannot be done."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def system_libraries(target: str, extra: Sequence[Needed] = ()) -> None:
    """Installs the missing system packages of `target`. Raises Stop where it may not."""
    lists = [ROOT / "packaging" / name for name in APT_LISTS[target]]
    needed = [*extra, *(need for each in lists for need in read_list(each.read_text()))]
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        _explain_elsewhere(needed)
        return
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}\t${Package}\t${Provides}\n"]
    dpkg = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    lacking = missing(needed, provided(dpkg))
    if not lacking:
        return
    say(f"Missing system packages: {len(lacking)}")
    for need in lacking:
        print(f"    {' or '.join(need.names):<24} {need.purpose}", flush=True)
    prefix = _root_prefix()
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    if prefix is None:
        names = " ".join(apt_choice(need, _apt_knows) for need in lacking)
        line = f"sudo apt-get update && sudo {' '.join(install)} {names}"
        raise Stop(
            f"They need an administrator. Type this one line, then the same make command again:\n{line}"
        )
    # env stands behind sudo, which drops the environment it was called with.
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    options = ["-q", "-o", "Dpkg::Use-Pty=0"]
    say("Fetching Debian's package lists (apt-get update)")
    _call([*prefix, *quiet, "apt-get", *options, "update"], "The package lists could not be fetched.")
    names_now = [apt_choice(need, _apt_knows) for need in lacking]
    say(f"Installing them: apt-get install {' '.join(names_now)}")
    _call(
        [*prefix, *quiet, install[0], *options, *install[1:], *names_now],
        "apt-get could not install them; its own message stands above.",
    )


def _explain_elsewhere(needed: Sequence[Needed]) -> None:
    told = ROOT / ".venv" / "gumption-system-told"
    if told.exists():
        return
    say("This is not Debian or Ubuntu, so system libraries are left to you. Needed, by their Debian names:")
    for need in needed:
        print(f"    {' or '.join(need.names):<36} {need.purpose}", flush=True)


# --- the virtual environment and its packages ---------------------------------------------------


def venv_python() -> Path:
    return ROOT / ".venv" / "bin" / "python"


def ensurepip_package() -> list[Needed]:
    """What Debian splits off Python: without it `python3 -m venv` makes an environment without pip."""
    if venv_python().exists() or _runs([sys.executable, "-c", "import ensurepip, venv"]):
        return []
    name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return [Needed((name, "python3-venv"), "virtual environments with pip")]


def virtual_environment() -> None:
    """Makes `.venv` where there is none, or where it is broken (half made, moved, its Python gone)."""
    if _runs([str(venv_python()), "-m", "pip", "--version"]) and _is_here():
        return
    say(f"Making a virtual environment in {ROOT / '.venv'} with Python {sys.version.split()[0]}")
    _call([sys.executable, "-m", "venv", "--clear", str(ROOT / ".venv")], "It could not be made.")


def _is_here() -> bool:
    """Whether the environment was made for this folder: its scripts hold the full path of their Python."""
    pip = ROOT / ".venv" / "bin" / "pip"
    return pip.exists() and str(ROOT / ".venv") in pip.read_text(errors="replace").splitlines()[0]


def packages_digest(root: Path) -> str:
    """Changes when anything changes that decides what is installed, or where."""
    digest = hashlib.sha256(str(root).encode())
    for name in ("pyproject.toml", "packaging/constraints.txt"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(file: Path) -> Mapping[str, object]:
    """What an earlier call noted; empty when there is no note or it cannot be read."""
    try:
        noted = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def extras_to_install(stamp: Mapping[str, object], digest: str, wanted: Sequence[str]) -> list[str] | None:
    """The extras to install now, or None when all that is wanted is there already.

    Those installed earlier stay: `make run` after `make test` must not take the tests' packages away.
    """
    noted = stamp.get("extras", [])
    there = {str(name) for name in noted} if isinstance(noted, list) else set()
    if stamp.get("digest") == digest and there.issuperset(wanted):
        return None
    return sorted(there.union(wanted))


def python_packages(target: str) -> None:
    """Installs the pinned packages and this checkout itself, so that edits take effect at once."""
    wanted = list(EXTRAS[target])
    if target != "test" and shutil.which("nvidia-smi"):
        wanted.append("torch")  # without a GPU the program runs on onnxruntime alone
    stamp = ROOT / ".venv" / "gumption-packages.json"
    digest = packages_digest(ROOT)
    extras = extras_to_install(read_stamp(stamp) if _is_here() else {}, digest, wanted)
    if extras is None:
        return
    virtual_environment()
    pins = str(ROOT / "packaging" / "constraints.txt")
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    if not sys.stdout.isatty():
        pip += ["-qq"]  # a log has no use for thousands of lines of progress; errors are still shown
    if os.geteuid() == 0:
        pip += [
            "--root-user-action",
            "ignore",
        ]  # this is a virtual environment; the warning is not meant for it
    count = sum(1 for line in Path(pins).read_text().splitlines() if "==" in line)
    size = "2 GB on disk with torch" if "torch" in extras else "1.5 GB on disk"
    say("Bringing pip to the pinned version")
    _call([*pip, "--constraint", pins, "pip"], "pip could not be fetched. Is there a network?")
    say(f"Installing up to {count} pinned Python packages (about {size}; some minutes the first time)")
    project = str(ROOT) + (f"[{','.join(extras)}]" if extras else "")
    # --build-constraint pins the build back end too, which pip fetches into a place of its own.
    _call(
        [*pip, "--constraint", pins, "--build-constraint", pins, "--editable", project],
        "The Python packages could not be installed; pip's own message stands above.",
    )
    stamp.write_text(json.dumps({"digest": digest, "extras": extras}))


# --- model files --------------------------------------------------------------------------------


def models_folder(environment: Mapping[str, str]) -> Path:
    """Where the program keeps its model files; the same rule as `app/paths.py`."""
    if environment.get("GUMPTION_MODELS"):
        return Path(environment["GUMPTION_MODELS"])
    data = environment.get("XDG_DATA_HOME", "")
    shared = Path(data) if data.startswith("/") else Path.home() / ".local" / "share"
    return shared / "gumption" / "models"


def folder_state(folder: Path) -> list[list[object]]:
    """Names and sizes of the files in `folder`: a deleted or cut file changes it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [[str(path.relative_to(folder)), path.stat().st_size] for path in files]


def model_files() -> None:
    """Fetches the default model files. The program checks their sums; here only whether to ask it."""
    folder = models_folder(os.environ)
    stamp = ROOT / ".venv" / "gumption-models.json"
    manifest = hashlib.sha256()
    for file in sorted((ROOT / "gum" / "model").glob("*.toml")):
        manifest.update(file.read_bytes())
    asked = {"manifest": manifest.hexdigest(), "folder": str(folder)}
    if read_stamp(stamp) == {**asked, "files": folder_state(folder)} and folder_state(folder):
        return
    say(f"Fetching the default model files into {folder}")
    _call(
        [str(venv_python()), "-m", "gumption", "models", "pull"],
        "The model files could not be fetched; the same make command goes on where this stopped.",
    )
    stamp.write_text(json.dumps({**asked, "files": folder_state(folder)}))


# --- all of it ----------------------------------------------------------------------------------


def _runs(argv: Sequence[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _call(argv: Sequence[str], failed: str) -> None:
    """Runs a program with its output in sight and no input to wait for. Raises Stop when it fails."""
    try:
        status = subprocess.run(argv, stdin=subprocess.DEVNULL, cwd=ROOT, check=False).returncode
    except OSError as error:
        raise Stop(f"{argv[0]} could not be started: {error.strerror}") from error
    if status != 0:
        raise Stop(failed)


def prepare(target: str) -> None:
    """All set-up that `target` needs, in order. Raises Stop."""
    if sys.version_info < OLDEST_PYTHON:
        raise Stop("Gumption needs Python 3.11 or newer: sudo apt-get install python3.11")
    system_libraries(target, ensurepip_package())
    python_packages(target)
    (ROOT / ".venv" / "gumption-system-told").touch()
    model_files()


def main(argv: Sequence[str] | None = None) -> int:
    """Prepares one target; 0 when all is there, 1 when only the person can go on."""
    parser = argparse.ArgumentParser(description="Sets this checkout up; `make` calls it.")
    parser.add_argument("target", choices=sorted(EXTRAS), help="what will be run afterwards")
    target = parser.parse_args(argv).target
    # Two make commands at once would install over each other: the second waits for the first.
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        prepare(target)
    except Stop as stop:
        print(f"\nThe set-up cannot go on. {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    finally:
        os.close(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
