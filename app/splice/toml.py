"""TOML: a table is added at the end of the file, where it can touch nothing that stands before it."""

import json
import re
import tomllib
from collections.abc import Mapping

from app.splice.edit import Edit, Unreadable, line_end

Json = Mapping[str, object]


def read(text: str) -> dict[str, object]:
    """What the text says. Raises Unreadable."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(f"It cannot be understood: {error}", "Mend it in an editor.") from error


def entry(text: str, path: tuple[str, str]) -> object | None:
    """What stands at `path`, or None. Raises Unreadable."""
    holder = read(text).get(path[0])
    return holder.get(path[1]) if isinstance(holder, dict) else None


def put(text: str, path: tuple[str, str], value: Json) -> Edit:
    """The change by which `value` stands at `path`. Raises Unreadable, also for one that is there already."""
    if entry(text, path) is not None:
        raise Unreadable(
            f"It has an entry {'.'.join(path)} that Gumption did not make", "Take it out, then try again."
        )
    newline = line_end(text)
    plain = {name: each for name, each in value.items() if not isinstance(each, Mapping)}
    tables = {name: each for name, each in value.items() if isinstance(each, Mapping)}
    lines = [f"[{_key(*path)}]", *_pairs(plain)]
    for name, each in tables.items():
        lines += ["", f"[{_key(*path, name)}]", *_pairs(each)]
    begin = "" if not text or text.endswith("\n") else newline
    space = newline if text.strip() else ""
    edit = Edit(len(text), "", begin + space + newline.join(lines) + newline)
    before = read(text)
    held = before.get(path[0], {})
    if not isinstance(held, dict) or read(edit.done(text)) != {**before, path[0]: {**held, path[1]: value}}:
        raise Unreadable(f"Its {path[0]} cannot be added to safely", "Add the lines by hand.")
    return edit


def without(text: str, path: tuple[str, str]) -> str:
    """The text without the table at `path` and those below it. Raises Unreadable."""
    before = read(text)
    held = before.get(path[0])
    if not isinstance(held, dict) or path[1] not in held:
        return text
    ours = re.compile(rf"\[{re.escape(_key(*path))}(\.[^\]]*)?\][ \t]*(#.*)?\r?\n?$")
    kept, cutting = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            cutting = ours.match(line) is not None
        if not cutting or line.startswith("#"):
            kept.append(line)
    left = "".join(kept)
    rest = {name: each for name, each in held.items() if name != path[1]}
    wanted = {**before, path[0]: rest} if rest else {n: e for n, e in before.items() if n != path[0]}
    if read(left) != wanted:
        raise Unreadable(f"{'.'.join(path)} cannot be taken out safely", "Take it out by hand.")
    return left


def _key(*names: str) -> str:
    return ".".join(n if re.fullmatch(r"[A-Za-z0-9_-]+", n) else json.dumps(n) for n in names)


def _pairs(value: Json) -> list[str]:
    # A JSON string without surrogates is a TOML string, but for DEL, which JSON leaves as it is.
    return [
        f"{_key(name)} = {json.dumps(each, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        for name, each in value.items()
    ]
