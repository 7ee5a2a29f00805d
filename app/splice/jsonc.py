"""JSON with comments and trailing commas, as editors keep their settings: where each thing stands in it.

It is read only to find the place of one entry. All else stays as it was typed, to the byte.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.splice.edit import Edit, Unreadable, indent_at, line_end

DEEPEST = 100
_GAP = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"[-+.\w]+")
Json = Mapping[str, object]


@dataclass(slots=True)
class _Member:
    name: str
    at: int  # of its name
    value: "_Node"
    comma: int | None = None  # where the one after it stands


@dataclass(slots=True)
class _Node:
    at: int
    end: int
    data: object
    members: list[_Member] | None = None  # of an object
    inside: list["_Node"] = field(default_factory=list)


def read(text: str) -> object:
    """What the text says; of an empty file {}. Raises Unreadable."""
    return {} if empty(text) else _parse(text).data


def empty(text: str) -> bool:
    """Whether there is nothing in the file yet."""
    return not text.strip("\ufeff \t\r\n")


def entry(text: str, path: tuple[str, str]) -> object | None:
    """What stands at `path`, or None. Raises Unreadable."""
    if empty(text):
        return None
    found = _member(_parse(text), path[0])
    found = _member(found.value, path[1]) if found is not None and found.value.members is not None else None
    return found.value.data if found is not None else None


def put(text: str, path: tuple[str, str], value: Json) -> Edit:
    """The change by which `value` stands at `path`, in place of what stood there. Raises Unreadable."""
    outer, inner = path
    if empty(text):
        start = 1 if text.startswith("\ufeff") else 0
        made = json.dumps({outer: {inner: value}}, indent=2, ensure_ascii=False)
        return Edit(start, text[start:], f"{made}\n")
    root = _parse(text)
    if root.members is None:
        raise Unreadable("It does not begin with {", "Look at it in an editor.")
    unit = _unit(text, root)
    holder = _member(root, outer)
    if holder is None:
        return _checked(text, path, value, _added(text, root, outer, {inner: value}, unit))
    if holder.value.members is None:
        raise Unreadable(f"Its {outer!r} is not a list of servers", "Look at it in an editor.")
    known = _member(holder.value, inner)
    if known is None:
        return _checked(text, path, value, _added(text, holder.value, inner, value, unit))
    old = text[known.value.at : known.value.end]
    shown = _shown(value, indent_at(text, known.at), unit, line_end(text) if "\n" in old else "")
    return _checked(text, path, value, Edit(known.value.at, old, shown))


def without(text: str, path: tuple[str, str]) -> str:
    """The text without what stands at `path`, if it does. Raises Unreadable."""
    if empty(text):
        return text
    holder = _member(_parse(text), path[0])
    if holder is None or holder.value.members is None:
        return text
    members = holder.value.members
    found = _member(holder.value, path[1])
    if found is None:
        return text
    place = members.index(found)
    comma = found.comma if found.comma is not None else (members[place - 1].comma if place else None)
    cuts = [(found.at, found.value.end)]
    if comma is not None:
        cuts.append((comma, comma + 1))
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + text[end:]
        line = text.rfind("\n", 0, start) + 1
        rest = re.compile(r"[ \t]*\r?\n").match(text, start)
        if rest is not None and not text[line:start].strip():
            text = text[:line] + text[rest.end() :]
    _parse(text)
    return text


def _checked(text: str, path: tuple[str, str], value: Json, edit: Edit) -> Edit:
    """That the change did what it should, and nothing else."""
    before, after = read(text), read(edit.done(text))
    assert isinstance(before, dict)
    wanted = {**before, path[0]: {**before.get(path[0], {}), path[1]: dict(value)}}
    if after != wanted:
        raise Unreadable("It is written in a way that cannot be changed safely", "Add the lines by hand.")
    return edit


def _added(text: str, holder: _Node, name: str, value: Json, unit: str) -> Edit:
    """One more member at the end of an object, in the style of those that are there."""
    members = holder.members or []
    inside = text[holder.at + 1 : holder.end - 1]
    lines = "\n" in inside or not (members or _flat(text, holder))
    newline = line_end(text)
    outer = indent_at(text, holder.at)
    indent = indent_at(text, members[-1].at) if members and lines else outer + unit
    shown = f"{json.dumps(name, ensure_ascii=False)}: "
    shown += _shown(value, indent, unit, newline if lines else "")
    last = members[-1] if members else None
    tail = holder.at + 1 if last is None else last.value.end if last.comma is None else last.comma + 1
    gap = text[tail : holder.end - 1]
    said = gap[: _last_comment(gap)]
    comma = "," if last is not None and last.comma is None else ""
    if lines or said:
        piece = f"{comma}{said}{newline}{indent}{shown}"
        if "\n" not in gap[len(said) :]:
            piece += f"{newline}{outer}"
    else:
        piece = f"{comma}{said}{' ' if last is not None else ''}{shown}"
    return Edit(tail, said, piece) if comma else Edit(tail + len(said), "", piece[len(said) :])


def _flat(text: str, holder: _Node) -> bool:
    """Whether an empty object stands in a line with others, so that its first entry had better, too."""
    return holder.at > 0 and "\n" not in text.strip()


def _last_comment(gap: str) -> int:
    """Where the last comment in white space ends; 0: there is none."""
    end = at = 0
    while at < len(gap):
        if gap.startswith("//", at):
            found = re.compile(r"[^\r\n]*").match(gap, at)
            assert found is not None
            at = end = found.end()
        elif gap.startswith("/*", at):
            at = end = gap.index("*/", at + 2) + 2
        else:
            at += 1
    return end


def _shown(value: Json, indent: str, unit: str, newline: str) -> str:
    if not newline:
        return json.dumps(value, ensure_ascii=False)
    lines = json.dumps(value, indent=unit or "  ", ensure_ascii=False).split("\n")
    return (newline + indent).join(lines)


def _unit(text: str, root: _Node) -> str:
    """By how much each level is indented."""
    first = indent_at(text, root.members[0].at) if root.members else ""
    return first if first and "\n" in text[root.at : root.members[0].at] else "  "  # type: ignore[index]


def _member(node: _Node, name: str) -> _Member | None:
    found = [each for each in node.members or [] if each.name == name]
    if len(found) > 1:
        raise Unreadable(f"It names {name!r} twice", "Take one of them out; which one counts is not certain.")
    return found[0] if found else None


def _parse(text: str) -> _Node:
    start = 1 if text.startswith("\ufeff") else 0
    node = _value(text, _gap(text, start), 0)
    if _gap(text, node.end) != len(text):
        raise _wrong(text, node.end)
    return node


def _gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found is not None else at


def _wrong(text: str, at: int) -> Unreadable:
    line = text.count("\n", 0, at) + 1
    hint = "Mend it in an editor, or add the lines by hand."
    return Unreadable(f"It cannot be understood at line {line}", hint)


def _value(text: str, at: int, depth: int) -> _Node:
    if depth > DEEPEST:
        raise _wrong(text, at)
    opened = text[at : at + 1]
    if opened == "{":
        return _object(text, at, depth)
    if opened == "[":
        return _list(text, at, depth)
    found = (_STRING if opened == '"' else _WORD).match(text, at)
    if found is None:
        raise _wrong(text, at)
    try:
        return _Node(at, found.end(), json.loads(found[0]))
    except ValueError as error:
        raise _wrong(text, at) from error


def _object(text: str, at: int, depth: int) -> _Node:
    node = _Node(at, at, {}, [])
    assert node.members is not None
    here = _gap(text, at + 1)
    while text[here : here + 1] != "}":
        if text[here : here + 1] != '"':
            raise _wrong(text, here)
        name = _value(text, here, depth + 1)
        colon = _gap(text, name.end)
        if text[colon : colon + 1] != ":":
            raise _wrong(text, colon)
        member = _Member(str(name.data), here, _value(text, _gap(text, colon + 1), depth + 1))
        node.members.append(member)
        here = _gap(text, member.value.end)
        if text[here : here + 1] == ",":
            member.comma = here
            here = _gap(text, here + 1)
        elif text[here : here + 1] != "}":
            raise _wrong(text, here)
    node.end = here + 1
    node.data = {each.name: each.value.data for each in node.members}
    return node


def _list(text: str, at: int, depth: int) -> _Node:
    node = _Node(at, at, [])
    here = _gap(text, at + 1)
    while text[here : here + 1] != "]":
        node.inside.append(_value(text, here, depth + 1))
        here = _gap(text, node.inside[-1].end)
        if text[here : here + 1] == ",":
            here = _gap(text, here + 1)
        elif text[here : here + 1] != "]":
            raise _wrong(text, here)
    node.end = here + 1
    node.data = [each.data for each in node.inside]
    return node
