"""The things `gumption doctor` looks at, one function each. None changes anything.

Every mend is a line that can be typed as it stands, or a thing to do in one sentence.
"""

import errno
import importlib.metadata
import json
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx

from app.checkup_desktop import accessibility, capture, display, libraries, tray
from app.checkup_key import key
from app.checkup_network import network
from app.doctor import APT, CALL_S, Check, Look, Patient, State
from app.paths import Paths
from gum.model import files
from gum.model.remote import find_servers, is_loopback
from storage import ring
from storage.keys import NAME as KEY_NAME

ROOM_WANTED = 1_000_000_000  # bytes: models 0.15 GB, a year of observations and its index
ROOM_NEEDED = 100_000_000  # bytes: below this SQLite's write-ahead log can fill the disk
PLAIN_SQLITE = b"SQLite format 3\0"


def models(patient: Patient) -> Check:
    """Whether each default model file is there with its full size. Sums: `gumption models check`."""
    rows = files.check(patient.paths.models, deep=False)
    bad = [f"{row.model}/{row.file} is {row.state}" for row in rows if row.state != "ok"]
    if bad:
        return Check("models", State.FAIL, "; ".join(bad), "gumption models pull")
    return Check("models", State.OK, f"{len(rows)} files in {patient.paths.models}")


def language_model(patient: Patient) -> Check:
    """The language-model server that the settings name, or those found on this machine."""
    chosen = patient.settings.model
    if chosen.drafter == "server":
        if chosen.server_url and not chosen.allow_remote and not is_loopback(chosen.server_url):
            mend = (
                f"Write allow_remote = true under [model] in {patient.paths.settings_file}, or use one here."
            )
            return Check("language model", State.FAIL, f"{chosen.server_url} is not on this machine", mend)
        return _configured_server(chosen.server_url, chosen.server_key, patient.paths.settings_file)
    found = find_servers(timeout=CALL_S)
    if not found:
        return Check("language model", State.OK, "no server on this machine; none is needed")
    names = ", ".join(f"{server.name} at {server.url}" for server in found)
    mend = (
        "To let it draft, write into "
        f'{patient.paths.settings_file}:\n[model]\ndrafter = "server"\nserver_url = "{found[0].url}"'
    )
    if found[0].models:
        mend += f'\nserver_model = "{found[0].models[0]}"'
    return Check("language model", State.OK, f"found, and not used: {names}", mend)


def _configured_server(url: str, key: str, file: Path) -> Check:
    name = "language model"
    if not url:
        mend = f'Write server_url = "http://127.0.0.1:11434/v1" under [model] in {file}.'
        return Check(name, State.FAIL, "the settings ask for a server but name none", mend)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.get(url.rstrip("/") + "/models", headers=headers, timeout=CALL_S, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = f"the server at {url} does not answer ({type(error).__name__})"
        return Check(name, State.FAIL, what, f"Start it, or correct server_url under [model] in {file}.")
    if answer.status_code in (401, 403):
        what = f"the server at {url} refuses the key"
        return Check(name, State.FAIL, what, f"Correct server_key under [model] in {file}.")
    if not answer.is_success:
        what = f"the server at {url} answers with status {answer.status_code}, not with its models"
        return Check(name, State.FAIL, what, f"Correct server_url under [model] in {file}.")
    return Check(name, State.OK, f"the server at {url} answers")


def gpu(patient: Patient) -> Check:
    """Whether there is a graphics card to compute on. None is needed."""
    if not shutil.which("nvidia-smi"):
        return Check("gpu", State.OK, "none found; none is needed")
    query = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        told = None
    if told is None or told.returncode != 0:
        mend = "Reinstall the driver, then restart: sudo ubuntu-drivers install (or your system's own way)"
        return Check("gpu", State.WARN, "there is a driver, but it does not answer", mend)
    name = told.stdout.strip().splitlines()[0] if told.stdout.strip() else "a card"
    try:
        version = importlib.metadata.version("torch")  # asked without importing it, which takes 2 s
    except importlib.metadata.PackageNotFoundError:
        return Check(
            "gpu", State.WARN, f"{name}, but torch is not installed", "pip install 'gumption[torch]'"
        )
    return Check("gpu", State.OK, f"{name}, torch {version}")


def daemon(patient: Patient) -> Check:
    """Whether the daemon runs and answers."""
    told = _daemon_file(patient.paths)
    if told is None:
        return Check("daemon", State.OK, "not running; the tray app starts it")
    port = told.get("port")
    if isinstance(port, int) and _is_ours(port):
        return Check("daemon", State.OK, f"answers on port {port}")
    if _lives(told.get("pid")):
        mend = f"kill {told['pid']}; gumption"
        return Check("daemon", State.FAIL, f"process {told['pid']} runs but does not answer", mend)
    return Check("daemon", State.OK, "ended without a goodbye; the next start clears up")


def _daemon_file(paths: Paths) -> dict[str, object] | None:
    try:
        told = json.loads(paths.daemon_file.read_text())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _lives(pid: object) -> bool:
    return isinstance(pid, int) and Path(f"/proc/{pid}").exists()


def _is_ours(port: int) -> bool:
    try:
        told = httpx.get(f"http://127.0.0.1:{port}/hello", timeout=CALL_S, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(told, dict) and told.get("name") == "gumption"


def port(patient: Patient) -> Check:
    """Whether the port of the settings is free, or ours already."""
    wanted = patient.settings.api.port
    if wanted == 0:
        return Check("port", State.OK, "a free one is taken at each start")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            refused = error.errno
        else:
            return Check("port", State.OK, f"{wanted} is free")
    if refused == errno.EADDRINUSE and _is_ours(wanted):
        return Check("port", State.OK, f"{wanted} is in use by Gumption itself")
    why = "in use by another program" if refused == errno.EADDRINUSE else "not allowed"
    mend = f"Set port = 0 under [api] in {patient.paths.settings_file}."
    return Check(
        "port", State.FAIL, f"{wanted} is {why}", f"{mend}\nWho has it: ss -ltnp 'sport = :{wanted}'"
    )


def disk(patient: Patient) -> Check:
    """Whether there is room where the data lies."""
    folder = _there(patient.paths.data)
    free = shutil.disk_usage(folder).free
    mend = f"Free some space there: df -h {shlex.quote(str(folder))}"
    if free < ROOM_NEEDED:
        what = f"only {free / 1e6:.0f} MB are free in {folder}; Gumption stops storing before it is full"
        return Check("disk", State.FAIL, what, mend)
    if free < ROOM_WANTED:
        return Check("disk", State.WARN, f"only {free / 1e6:.0f} MB are free in {folder}", mend)
    return Check("disk", State.OK, f"{free / 1e9:.0f} GB are free in {folder}")


def _there(folder: Path) -> Path:
    """The nearest folder that exists and may be looked into."""
    return next((each for each in (folder, *folder.parents) if _exists(each)), Path("/"))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except OSError:  # also where a folder above may not be entered
        return False
    return True


def permissions(patient: Patient) -> Check:
    """Whether the person can write the folders, and nobody else can read them."""
    paths = patient.paths
    private = [paths.token_file, paths.database, paths.log, paths.daemon_file, paths.config / KEY_NAME]
    there = [file for file in private if _exists(file)]
    mends = []
    for folder in (paths.data, paths.config):
        near = _there(folder)
        if not _writable(near):
            place = shlex.quote(str(near))
            mends.append(f"sudo chown -R $(id -u) {place} && chmod u+rwx {place}")
        elif folder in {file.parent for file in there} and folder.stat().st_mode & 0o077:
            mends.append(f"chmod 700 {shlex.quote(str(folder))}")
    loose = [file for file in there if stat.S_IMODE(file.stat().st_mode) & 0o077]
    mends += [f"chmod 600 {shlex.quote(str(file))}" for file in loose]
    if mends:
        what = "some of Gumption's places cannot be written, or can be read by others"
        return Check("permissions", State.FAIL, what, "\n".join(mends))
    return Check("permissions", State.OK, "only you can read what Gumption keeps")


def _writable(folder: Path) -> bool:
    """Tried, not asked: for root, and on a disk mounted read-only, the mode bits say nothing."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def database(patient: Patient) -> Check:
    """Whether the database is what it should be from outside: there, encrypted, its key at hand."""
    file, key = patient.paths.database, patient.paths.config / KEY_NAME
    if not _exists(file) or file.stat().st_size == 0:
        return Check("database", State.OK, "none yet; it is made at the first start")
    with file.open("rb") as opened:
        plain = opened.read(len(PLAIN_SQLITE)) == PLAIN_SQLITE
    if patient.settings.store.encrypt and plain:
        what = "it is not encrypted, but the settings ask for it"
        mend = f"gumption key encrypt\nOr set encrypt = false under [store] in {patient.paths.settings_file}."
        return Check("database", State.FAIL, what, mend)
    if not plain and not patient.settings.store.encrypt:
        mend = f"Take encrypt = false out of {patient.paths.settings_file} (or the environment)."
        return Check("database", State.FAIL, "it is encrypted, but the settings say that it is not", mend)
    if not plain and not _exists(key):
        mend = f"Put {key} back from a backup, or move {file} away to start afresh."
        return Check("database", State.FAIL, "its key is missing", mend)
    size = f"{file.stat().st_size / 1e6:.1f} MB"
    return Check("database", State.OK, f"{size}, {'not encrypted (as set)' if plain else 'encrypted'}")


def key_ring(patient: Patient) -> Check:
    """Whether there is a keyring that the key may be kept in."""
    if not patient.settings.store.keyring or patient.environment.get("GUMPTION_HOME"):
        return Check("keyring", State.OK, "not used, as set")
    if kind := ring.kind():
        return Check("keyring", State.OK, f"the desktop's keyring ({kind})")
    what = "the desktop has none; without a passphrase the database's key is in a file that only you can read"
    return Check("keyring", State.WARN, what, f"{APT} gnome-keyring, then log out and in again")


LOOKS: Mapping[str, Look] = {
    "display": display,
    "capture": capture,
    "accessibility": accessibility,
    "tray": tray,
    "libraries": libraries,
    "models": models,
    "language model": language_model,
    "gpu": gpu,
    "daemon": daemon,
    "port": port,
    "network": network,
    "disk": disk,
    "permissions": permissions,
    "database": database,
    "keyring": key_ring,
    "key": key,
}
