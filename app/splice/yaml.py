"""YAML, only so far as one block below a key of the first column: anything else is left alone.

A line that begins in the first column is a key of the document, whatever stands around it: text that goes on
over several lines is indented deeper than its key (YAML 1.2.2, chapter 6.1). So no parser is needed.
"""

import json
import re
from collections.abc import Mapping, Sequence

from app.splice.edit import Edit, Unreadable, line_end

Json = Mapping[str, object]
_BLANK = re.compile(r"[ \t]*(#.*)?$")
_BLOCK = re.compile(r"( +)(?![ \-])([^\s#'\"&*!|>{\[]|\"[^\"]*\"\s*:|'[^']*'\s*:)")


def entry(text: str, path: tuple[str, str]) -> object | None:
    """The lines of the entry at `path`, joined, or None. Raises Unreadable."""
    lines = _lines(text)
    span = _span(lines, path)
    return "\n".join(line.rstrip("\r\n") for line in lines[span[0] : span[1]]).rstrip() if span else None


def shown(path: tuple[str, str], value: Json, indent: str = "  ") -> str:
    """The entry as `entry` would find it."""
    return "\n".join(f"{indent}{line}" for line in [f"{path[1]}:", *(f"  {each}" for each in _pairs(value))])


def put(text: str, path: tuple[str, str], value: Json) -> Edit:
    """The change by which `value` stands at `path`. Raises Unreadable, also for one that is there already."""
    if entry(text, path) is not None:
        raise Unreadable(
            f"It has an entry {'.'.join(path)} that Gumption did not make", "Take it out, then try again."
        )
    lines, newline = _lines(text), line_end(text)
    place = _holder(lines, path[0])
    if place is None:
        begin = "" if not text or text.endswith("\n") else newline
        made = f"{path[0]}:\n{shown(path, value)}\n".replace("\n", newline)
        return Edit(len(text), "", begin + made)
    line = lines[place]
    at = sum(len(each) for each in lines[:place])
    below = next((each for each in lines[place + 1 :] if not _BLANK.match(each.rstrip("\r\n"))), "")
    empty = re.fullmatch(rf"{re.escape(path[0])}:[ \t]*(\{{\}}|null|~)[ \t]*(#.*)?[\r\n]*", line)
    opened = re.fullmatch(rf"{re.escape(path[0])}:[ \t]*(#.*)?[\r\n]*", line)
    if empty is not None and not below.startswith((" ", "\t")):
        made = f"{newline}{shown(path, value)}".replace("\r\n", "\n").replace("\n", newline)
        start = at + len(path[0]) + 1
        return Edit(start, line[len(path[0]) + 1 : empty.end(1)], made)
    deeper = _BLOCK.match(below)
    if opened is None or (below.startswith((" ", "\t", "-")) and deeper is None):
        raise Unreadable(f"Its {path[0]} are written in a way that is not known", "Add the lines by hand.")
    indent = deeper[1] if deeper is not None else "  "
    made = shown(path, value, indent).replace("\n", newline)
    if not line.endswith("\n"):
        return Edit(at + len(line), "", f"{newline}{made}")
    return Edit(at + len(line), "", f"{made}{newline}")


def without(text: str, path: tuple[str, str]) -> str:
    """The text without the entry at `path`. Raises Unreadable."""
    lines = _lines(text)
    span = _span(lines, path)
    return "".join([*lines[: span[0]], *lines[span[1] :]]) if span else text


def _lines(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    began = [each for each in lines if not _BLANK.match(each.rstrip("\r\n"))]
    if any(each.startswith(("---", "...", "%")) for each in began[1:]) or (
        began and began[0].startswith(("{", "[", "-", "%", "\t", " ")) and began[0].rstrip() != "---"
    ):
        raise Unreadable("It is not a list of settings, one a line", "Add the lines by hand.")
    return lines


def _holder(lines: Sequence[str], name: str) -> int | None:
    found = [n for n, line in enumerate(lines) if re.match(rf"(['\"]?){re.escape(name)}\1[ \t]*:", line)]
    if len(found) > 1:
        raise Unreadable(f"It names {name} twice", "Take one of them out.")
    return found[0] if found else None


def _span(lines: Sequence[str], path: tuple[str, str]) -> tuple[int, int] | None:
    """From the line of the entry's name to the one after its last."""
    place = _holder(lines, path[0])
    if place is None:
        return None
    first = None
    for n in range(place + 1, len(lines)):
        line = lines[n].rstrip("\r\n")
        if _BLANK.match(line):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if first is not None and depth <= first[1]:
            return first[0], n
        if depth == 0:
            return None
        if first is None and re.match(rf" +(['\"]?){re.escape(path[1])}\1[ \t]*:", line):
            first = n, depth
    return (first[0], len(lines)) if first is not None else None


def _pairs(value: Json) -> list[str]:
    # JSON on one line is YAML, too (YAML 1.2.2, chapter 1.3).
    return [f"{name}: {json.dumps(each, ensure_ascii=False)}" for name, each in value.items()]
