"""Finds the accessible frame of a window and reads its tree, within a budget of nodes and time.

Knows AT-SPI's interfaces; nothing of X11 or trust. What is not showing on the screen is not read, and
the text of a password field is never asked for: neither by role nor when its label says it is one.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from gum.types import Region, WindowInfo
from gum.ui import UiNode
from observers.browsers import fits, is_namesake
from observers.bus import Calls, Gone, Ref
from observers.labels import is_secret

ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
DOCUMENT = "org.a11y.atspi.Document"
TEXT = "org.a11y.atspi.Text"
EDITABLE = "org.a11y.atspi.EditableText"
ROOT: Ref = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")

MAX_NODES = 1500
MAX_SECONDS = 0.4
MAX_TEXT = 20_000  # characters of one field; of a longer one, this much around the caret
IN_FLIGHT = 48  # requests at once; more does not make Chromium faster

# Positions in the AT-SPI state set (AtspiStateType).
_STATES = {
    1: "active",
    4: "checked",
    7: "editable",
    11: "focusable",
    12: "focused",
    17: "multi line",
    23: "selected",
    25: "showing",
    26: "single line",
    30: "visible",
    41: "selectable text",
}
_DOCUMENTS = frozenset({"document web", "document frame", "document text", "document email"})
_WITH_ATTRIBUTES = frozenset(
    {
        "spin button",
        "section",
        "landmark",
        "article",
        "entry",
        "list item",
        "internal frame",
        "panel",
        "paragraph",
        "grouping",
    }
)
_LEAF_TEXT = frozenset({"paragraph", "text", "entry", "terminal", "label", "static", "heading", "section"})
_NO_BOUND = -(2**31)  # Qt's and Chromium's "nowhere"


@dataclass(frozen=True, slots=True)
class Probe:
    """What the tree tells of a window without one word of its content.

    A program may have several windows of one title. `frame` is the likeliest of them, by its place;
    `frame_names` and `urls` are those of all of them, for a rule must hold whichever it is.
    """

    frame: Ref | None
    frame_names: tuple[str, ...]
    urls: tuple[str, ...]  # of the documents shown, those of `frame` first
    documents: tuple[Ref, ...]  # the objects that have these addresses


def ref_text(ref: Ref) -> str:
    return f"{ref[0]}{ref[1]}"


def parse_ref(text: str) -> Ref:
    """The inverse of `ref_text`. Raises ValueError."""
    name, slash, path = text.partition("/")
    if not name or not slash:
        raise ValueError("not a reference to an accessible object")
    return name, slash + path


async def probe(calls: Calls, window: WindowInfo) -> Probe:
    """Finds the frame of `window` and the addresses of its documents. Raises Gone when the bus is gone."""
    frames = await _frames(calls, window)
    names = tuple(name for _, name in frames)
    refs = await _nearest_first(calls, [ref for ref, _ in frames], window.region)
    shown = {ref: url for frame in refs for ref, url in (await _documents(calls, frame)).items()}
    return Probe(refs[0] if refs else None, names, tuple(dict.fromkeys(shown.values())), tuple(shown))


async def still(calls: Calls, known: Probe) -> bool:
    """Whether the frame and the documents of an earlier probe are as they were: five calls instead of 300."""
    if known.frame is None or not known.documents:
        return False
    try:
        name = await calls.get(known.frame, ACCESSIBLE, "Name")
        states = await asyncio.gather(*(states_of(calls, ref) for ref in known.documents))
    except Gone:
        return False
    urls = [await _url(calls, ref) for ref in known.documents]
    shown = all("showing" in state for state in states)
    return name in known.frame_names and shown and tuple(dict.fromkeys(urls)) == known.urls


async def _frames(calls: Calls, window: WindowInfo) -> list[tuple[Ref, str]]:
    """Frames whose names fit the window's title, of the window's process.

    A sandboxed program is not known there by its own pid; then programs of the window's name are asked.
    Never all programs: the title "work" of a terminal once fitted the frame "Network error - Chromium".
    """
    programs = await children_of(calls, ROOT)
    pids = await asyncio.gather(*(calls.pid(ref[0]) for ref in programs))
    own = [ref for ref, pid in zip(programs, pids, strict=True) if pid == window.pid and pid is not None]
    found = []
    for program in own or await _namesakes(calls, programs, window.app):
        try:
            frames = await children_of(calls, program)
            names = await asyncio.gather(*(calls.get(ref, ACCESSIBLE, "Name") for ref in frames))
        except Gone:
            continue
        found += [(ref, str(name)) for ref, name in zip(frames, names, strict=True)]
    return [(ref, name) for ref, name in found if fits(window.title, name)]


async def _namesakes(calls: Calls, programs: list[Ref], app: str) -> list[Ref]:
    found = []
    for program in programs:
        try:
            name = await calls.get(program, ACCESSIBLE, "Name")
        except Gone:
            continue
        if is_namesake(app, str(name)):
            found.append(program)
    return found


async def _nearest_first(calls: Calls, frames: list[Ref], region: Region | None) -> list[Ref]:
    """Frames ordered by how far they lie from where the window lies; unknown places last."""
    if region is None or len(frames) < 2:
        return frames
    boxes = await asyncio.gather(*(_region(calls, ref) for ref in frames))

    def distance(index: int) -> int:
        box = boxes[index]
        return 10**6 if box is None else abs(box.left - region.left) + abs(box.top - region.top)

    return [frames[index] for index in sorted(range(len(frames)), key=distance)]


async def _documents(calls: Calls, frame: Ref) -> dict[Ref, str]:
    """The showing documents of a frame with their addresses, outermost ones only, in reading order."""
    level, shown = [frame], dict[Ref, str]()
    for _ in range(40):
        nodes = await _gather([_outline(calls, ref) for ref in level])
        level = []
        for ref, role, children in nodes:
            if role in _DOCUMENTS:
                if url := await _url(calls, ref):
                    shown[ref] = url
            elif role not in ("page tab list", "menu bar", "tool bar"):
                level += children
        if not level:
            break
    return shown


async def _outline(calls: Calls, ref: Ref) -> tuple[Ref, str, list[Ref]] | None:
    """Role and children of a showing object; None when it does not show or is gone."""
    try:
        if "showing" not in await states_of(calls, ref):
            return None
        role = await role_of(calls, ref)
        return ref, role, [] if role in _DOCUMENTS else await children_of(calls, ref)
    except Gone:
        return None


async def _gather(
    asks: Sequence[Awaitable[tuple[Ref, str, list[Ref]] | None]],
) -> list[tuple[Ref, str, list[Ref]]]:
    return [answer for answer in await asyncio.gather(*asks) if answer is not None]


async def _url(calls: Calls, ref: Ref) -> str:
    """The address of a document: Chromium calls it URI, Firefox DocURL."""
    try:
        (found,) = await calls.call(ref, DOCUMENT, "GetAttributes")
    except Gone:
        return ""
    attributes = found if isinstance(found, dict) else {}
    return str(attributes.get("DocURL") or attributes.get("URI") or "")


@dataclass(slots=True)
class _Raw:
    """A node while the tree is being read."""

    ref: Ref
    role: str
    name: str
    states: frozenset[str]
    text: str = ""
    region: Region | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Ref] = field(default_factory=list)


class Walk:
    """One reading of one tree."""

    def __init__(self, calls: Calls, nodes: int = MAX_NODES, seconds: float = MAX_SECONDS) -> None:
        self._calls = calls
        self._left = nodes
        self._deadline = time.monotonic() + seconds
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self.complete = True

    async def read(self, frame: Ref) -> UiNode | None:
        """The showing part of the tree below `frame`; None when the frame is gone."""
        found: dict[Ref, _Raw] = {}
        level = [frame]
        while level:
            if len(level) > self._left or time.monotonic() > self._deadline:
                self.complete = False
                level = level[: self._left] if time.monotonic() <= self._deadline else []
            self._left -= len(level)
            raws = await asyncio.gather(*(self._node(ref) for ref in level))
            level = []
            for raw in raws:
                if raw is not None and raw.ref not in found:
                    found[raw.ref] = raw
                    level += raw.children
        return self._build(frame, found, frozenset()) if frame in found else None

    async def _node(self, ref: Ref) -> _Raw | None:
        async with self._slots:
            if time.monotonic() > self._deadline:
                self.complete = False
                return None
            try:
                return await self._look(ref)
            except Gone:
                return None

    async def _look(self, ref: Ref) -> _Raw | None:
        calls = self._calls
        states = await states_of(calls, ref)
        if "showing" not in states:
            return None
        role, name = await asyncio.gather(role_of(calls, ref), calls.get(ref, ACCESSIBLE, "Name"))
        raw = _Raw(ref, role, str(name), states)
        if role in ("menu bar", "menu"):
            return raw
        secret = is_secret(role, raw.name, states)
        raw.region, children = await asyncio.gather(_region(calls, ref), children_of(calls, ref))
        if not secret:
            raw.children = children
            raw.text = await self._text(raw)
        if role in _DOCUMENTS:
            raw.attributes = {"url": await _url(calls, ref)}
        elif role in _WITH_ATTRIBUTES:
            raw.attributes = await _attributes(calls, ref)
            if secret:
                raw.attributes.pop("valuetext", None)
            else:
                raw.text = raw.text or raw.attributes.pop("valuetext", "")
        return raw

    async def _text(self, raw: _Raw) -> str:
        """Content of a field, or of a leaf that has no name. Objects inside the text are left out."""
        leaf = not raw.children and not raw.name and raw.role in _LEAF_TEXT
        if not leaf and "editable" not in raw.states:
            return ""
        try:
            length = int(str(await self._calls.get(raw.ref, TEXT, "CharacterCount")))
            start, end = 0, length
            if length > MAX_TEXT:
                caret = int(str(await self._calls.get(raw.ref, TEXT, "CaretOffset")))
                start, end = max(0, caret - MAX_TEXT // 2), min(length, caret + MAX_TEXT // 2)
            (text,) = await self._calls.call(raw.ref, TEXT, "GetText", "ii", [start, end])
        except Gone:
            return ""
        return str(text).replace("\ufffc", "")

    def _build(self, ref: Ref, found: dict[Ref, _Raw], above: frozenset[Ref]) -> UiNode:
        """The finished tree; a program whose tree bites its own tail does not make us loop."""
        raw, seen = found[ref], above | {ref}
        return UiNode(
            role=raw.role,
            name=raw.name,
            text=raw.text,
            states=raw.states,
            region=raw.region,
            ref=ref_text(ref),
            attributes=raw.attributes,
            children=tuple(
                self._build(child, found, seen)
                for child in raw.children
                if child in found and child not in seen
            ),
        )


async def field_of(calls: Calls, ref: Ref) -> tuple[str, str, frozenset[str], frozenset[str]]:
    """Role, label, states and interfaces of a field. Raises Gone."""
    role, name, states = await asyncio.gather(
        role_of(calls, ref), calls.get(ref, ACCESSIBLE, "Name"), states_of(calls, ref)
    )
    (found,) = await calls.call(ref, ACCESSIBLE, "GetInterfaces")
    interfaces = frozenset(str(name) for name in found) if isinstance(found, list) else frozenset()
    return role, str(name), states, interfaces


async def frames_pid(calls: Calls, ref: Ref) -> int | None:
    """The process an object belongs to."""
    return await calls.pid(ref[0])


async def children_of(calls: Calls, ref: Ref) -> list[Ref]:
    """The objects below one. Raises Gone."""
    (found,) = await calls.call(ref, ACCESSIBLE, "GetChildren")
    pairs = found if isinstance(found, list) else []
    return [(str(name), str(path)) for name, path in pairs if not str(path).endswith("/null")]


async def role_of(calls: Calls, ref: Ref) -> str:
    """Its role's name in lower case. Raises Gone."""
    (role,) = await calls.call(ref, ACCESSIBLE, "GetRoleName")
    return str(role).lower()


async def states_of(calls: Calls, ref: Ref) -> frozenset[str]:
    """The states it has, of those that matter here. Raises Gone."""
    (found,) = await calls.call(ref, ACCESSIBLE, "GetState")
    words = [int(word) for word in found] if isinstance(found, list) else []
    bits = sum(word << (32 * place) for place, word in enumerate(words))
    return frozenset(name for place, name in _STATES.items() if bits >> place & 1)


async def _attributes(calls: Calls, ref: Ref) -> dict[str, str]:
    try:
        (found,) = await calls.call(ref, ACCESSIBLE, "GetAttributes")
    except Gone:
        return {}
    wanted = ("class", "id", "tag", "xml-roles", "placeholder-text", "text-input-type", "live", "valuetext")
    return {key: str(found[key]) for key in wanted if key in found} if isinstance(found, dict) else {}


async def _region(calls: Calls, ref: Ref) -> Region | None:
    """Where it is on the screen; None for the sentinels of things that are nowhere."""
    try:
        (box,) = await calls.call(ref, COMPONENT, "GetExtents", "u", [0])
    except Gone:
        return None
    if not isinstance(box, list | tuple):
        return None
    left, top, width, height = (int(value) for value in box)
    if width <= 0 or height <= 0 or left <= _NO_BOUND + 1 or top <= _NO_BOUND + 1:
        return None
    return Region(left, top, width, height)


# What tells that text changed. Registering makes programs send these; matching (below) decides whose arrive.
_EVENTS = ("object:text-changed", "object:state-changed:focused", "document:load-complete")
_OBJECTS, _DOCS = "org.a11y.atspi.Event.Object", "org.a11y.atspi.Event.Document"


def listen_to(program: str, instead_of: str) -> Callable[[Calls], Awaitable[None]]:
    """A question that has the events of one program delivered, and those of another one no longer."""

    async def ask(calls: Calls) -> None:
        registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry")
        for event in _EVENTS:
            with contextlib.suppress(Gone):  # an old registry does not know one of them
                await calls.call(registry, "org.a11y.atspi.Registry", "RegisterEvent", "s", [event])
        for name, add in ((instead_of, False), (program, True)):
            for interface in (_OBJECTS, _DOCS) if name else ():
                await calls.match(f"type='signal',sender='{name}',interface='{interface}'", add=add)

    return ask
