"""Answers of WebDAV servers (RFC 4918, section 13) as data. Pure, and made for answers by anybody.

No document type is taken, so there are no entities that could grow or be fetched (what defusedxml does, too).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.parsers import expat

MOST_ELEMENTS = 200_000  # 5,000 events have 45,000
DEEPEST = 30
PIECE = 65_536  # bytes that are read at once
LONGEST_TAG = 262_144  # bytes: of one with 16 MB of attributes Python holds 250 MB, and nothing else runs
LONGEST_HREF = 2_000
DAV = "DAV: "  # the namespace, and what stands between it and a name here


@dataclass(slots=True)
class Node:
    """An element; `name` is its namespace, a space, and its name there, `given` its attributes."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def all(self, name: str) -> Iterator["Node"]:
        """Those directly in it that are called so."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Node | None":
        return next(self.all(name), None)

    def said(self, name: str) -> str:
        """The text of the first that is called so, without space around it; "" when there is none."""
        found = self.first(name)
        return found.text.strip() if found is not None else ""


class Reply(NamedTuple):
    """What is said of one address: `status` of the whole, and the properties that are there."""

    href: str
    status: int
    found: Mapping[str, Node]


def replies(data: bytes) -> list[Reply]:
    """Everything a multistatus says. Raises ValueError for what is none, or is made to do harm."""
    root = tree(data)
    if root.name != DAV + "multistatus":
        raise ValueError("no multistatus")
    return [reply for one in root.all(DAV + "response") for reply in _replies(one)]


def _replies(response: Node) -> Iterator[Reply]:
    """One a name: where nothing is said of properties, one answer may be for several names."""
    whole = _status(response.said(DAV + "status")) if response.first(DAV + "status") else 200
    found: dict[str, Node] = {}
    for part in response.all(DAV + "propstat"):
        properties = part.first(DAV + "prop")
        if properties is not None and _status(part.said(DAV + "status")) == 200:
            found |= {child.name: child for child in properties.children}
    for href in response.all(DAV + "href"):
        said = href.text.strip()
        if usable(said):
            yield Reply(said, whole, found)


def usable(href: str) -> bool:
    """Whether it may be an address, or a part of one."""
    try:
        urlsplit(href)
    except ValueError:
        return False
    return 0 < len(href) <= LONGEST_HREF and href.isprintable()


def _status(line: str) -> int:
    """Of "HTTP/1.1 200 OK"; 0 when it says none."""
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[1].isascii() and words[1].isdigit() else 0


def tree(data: bytes) -> Node:
    """The elements of a document without a document type. Raises ValueError for anything else."""
    top = Node("")
    path = [top]
    count = 0

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS or len(path) > DEEPEST:
            raise ValueError("too many elements")
        node = Node(name, given)
        path[-1].children.append(node)
        path.append(node)

    def end(_name: str) -> None:
        path.pop()

    def text(said: str) -> None:
        path[-1].parts.append(said)

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        for begin in range(0, len(data), PIECE):
            parser.Parse(data[begin : begin + PIECE], False)
            if begin - parser.CurrentByteIndex > LONGEST_TAG:
                raise ValueError("a very long tag")
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: in letters that nobody knows
        raise ValueError("no XML") from error
    return top.children[0]
