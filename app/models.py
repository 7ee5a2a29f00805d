"""`gumption models list|pull|check`."""

import json as json_text
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from app.paths import Paths
from gum.model import files
from gum.model.files import Manifest, Pulled, Status


class Bars:
    """One progress bar a file, on standard error, only where somebody can see it."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm[NoReturn]] = {}

    def __call__(self, label: str, done: int, total: int) -> None:
        bar = self._bars.get(label)
        if bar is None:
            bar = tqdm(total=total, desc=label, unit="B", unit_scale=True, disable=None)
            self._bars[label] = bar
        if done < bar.n:  # another source starts from nothing
            bar.reset(total)
        bar.update(done - bar.n)

    def close(self) -> None:
        for bar in self._bars.values():
            bar.close()


def run(paths: Paths, action: str, names: Sequence[str], json: bool = False) -> int:
    """Returns 0 when every file asked for is in place, else 1."""
    if action == "pull":
        return _pull(paths.models, names, json)
    manifest = Manifest.load()
    for name in names:
        manifest.model(name)  # raises NotFound for a name that is not in the manifest
    rows = [
        r
        for r in files.check(paths.models, manifest, deep=action == "check")
        if not names or r.model in names
    ]
    _print_status(rows, json)
    return 0 if action == "list" or all(r.state == "ok" for r in rows) else 1


def _pull(folder: Path, names: Sequence[str], json: bool) -> int:
    bars = Bars()
    try:
        pulled = files.pull(folder, list(names) or None, bars)
    finally:
        bars.close()
    if json:
        _out(json_text.dumps([_plain(asdict(p)) for p in pulled], indent=2))
    else:
        _out("\n".join(_pulled_line(p) for p in pulled))
    return 0


def _pulled_line(p: Pulled) -> str:
    what = "fetched from" if p.fetched else "in place:"
    notes = "".join(f"\n    not from {note}" for note in p.notes)
    return f"{p.model}/{p.file}  {p.size / 1e6:.1f} MB  {what} {p.source}{notes}"


def _print_status(rows: Sequence[Status], json: bool) -> None:
    if json:
        _out(json_text.dumps([_plain(asdict(r)) for r in rows], indent=2))
        return
    for r in rows:
        _out(f"{r.state:<8} {r.model}/{r.file}  {r.size / 1e6:.1f} MB  {r.title}, {r.licence}")
        if r.hint:
            _out(f"         {r.detail}. {r.hint}")


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {k: str(v) if isinstance(v, Path) else v for k, v in row.items()}


def _out(text: str) -> None:
    print(text)  # noqa: T201
