"""Typed plans: what would happen, in full, before anybody is asked.

`step(kind, target, args)` is the only way to make a step. Its sentences are computed from what will
be done, so an approval card cannot say one thing and the plan do another: the executor makes every
step again and refuses one whose words differ.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import urlsplit

from assistants import guard
from assistants.words import in_markdown, one_line
from gum.errors import NotAllowed
from gum.types import Plan, PlanId, Reversibility, Step, SuggestionId, new_id

MAX_TYPED = 20_000  # characters put into a field
_NONE: Mapping[str, str] = MappingProxyType({})


def step(kind: str, target: str, args: Mapping[str, str] = _NONE) -> Step:
    """The step of that kind; see the builders below. Raises NotAllowed for one nobody knows how to do."""
    describe, names = _KINDS.get(kind, (None, frozenset[str]()))
    if describe is None:
        raise NotAllowed(f"There is no action called {kind}", "Nothing was done.")
    if not set(args) <= names or any(not isinstance(v, str) for v in args.values()):
        raise NotAllowed(f"The action {kind} has an argument that does not belong to it", "Nothing was done.")
    return describe(target, MappingProxyType(dict(args)))


def open_page(address: str) -> Step:
    """Opens a web page in the person's browser. Raises NotAllowed (guard.web_address)."""
    return step("open_page", address)


def open_path(path: Path, shows: str = "") -> Step:
    """Opens a file with the program the desktop has for it; `shows` is a line that must be seen in it."""
    return step("open_path", str(path), {"shows": shows} if shows else _NONE)


def open_program(path: Path) -> Step:
    """Starts a program, which must be in Folders.programs, without arguments."""
    return step("open_path", str(path), {"program": "yes"})


def put_text(window: str, name: str, text: str, role: str = "entry") -> Step:
    """Puts `text` into the one field of that role and accessible name in the window titled `window`.

    An empty `name` means the only field without one, such as the page of an editor.
    """
    return step("put_text", name, {"window": window, "role": role, "text": text})


def add_todo(path: Path, words: str, day: str = "") -> Step:
    """Appends an open item to a to-do file; in a Markdown file the words cannot become anything else."""
    said = in_markdown(words) if path.suffix.lower() in (".md", ".markdown") else one_line(words)
    line = f"- [ ] {said}" + (f" (by {one_line(day)})" if day else "")
    return step("add_todo", str(path), {"line": line})


def make_event(path: Path, summary: str, start: str, stamp: str, end: str = "") -> Step:
    """Makes a calendar file of one entry.

    `start`: an ISO date (all day) or an ISO time with its zone, `end` likewise or empty (that day, or
    one hour); `stamp`: ISO time of making. All are fixed here, so the file's bytes are known beforehand.
    """
    args = {"summary": one_line(summary), "start": start, "stamp": stamp, **({"end": end} if end else {})}
    return step("make_event", str(path), args)


def build(goal: str, steps: Sequence[Step], suggestion: SuggestionId | None = None) -> Plan:
    """A plan of those steps with a fresh id. Raises ValueError when there is none."""
    if not steps:
        raise ValueError("a plan without steps")
    return Plan(PlanId(new_id()), one_line(goal), tuple(steps), suggestion)


def canonical(plan: Plan) -> str:
    """Everything that would happen, as one canonical JSON text."""
    steps = [
        {
            **{name: getattr(s, name) for name in _STEP_FIELDS},
            "args": dict(s.args),
            "reversibility": s.reversibility.value,
        }
        for s in plan.steps
    ]
    whole = {"id": plan.id, "goal": plan.goal, "suggestion": plan.suggestion_id, "steps": steps}
    return json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def digest(plan: Plan) -> str:
    """SHA-256 of `canonical(plan)` in hexadecimal: what an approval is given for."""
    return hashlib.sha256(canonical(plan).encode("ascii")).hexdigest()


_STEP_FIELDS = ("kind", "target", "what", "where", "risk", "expected", "undo")


def _page(target: str, args: Mapping[str, str]) -> Step:
    host = urlsplit(guard.web_address(target)).netloc
    return Step(
        "open_page",
        target,
        args,
        what=f"Open the page {target}",
        where=f"{host}, in your browser",
        reversibility=Reversibility.READ_ONLY,
        risk=f"{host} learns that somebody asked for this address.",
        expected="The page is shown in a window.",
        undo="Close the window, if the page opened a window of its own.",
    )


def _path(target: str, args: Mapping[str, str]) -> Step:
    name = PurePosixPath(target).name
    if not name:
        raise NotAllowed("That is not the path of a file", "Nothing was done.")
    program = args.get("program") == "yes"
    seen = f" and in it the line “{args['shows']}”" if args.get("shows") else ""
    return Step(
        "open_path",
        target,
        args,
        what=f"Start the program {name}" if program else f"Open the file {name}",
        where=target,
        reversibility=Reversibility.READ_ONLY,
        risk="",
        expected="A new window appears." if program else f"A window with {name} in its title appears{seen}.",
        undo="Close the window that appeared.",
    )


def _text(target: str, args: Mapping[str, str]) -> Step:
    role, window, text = (
        guard.text_field(args.get("role", ""), target),
        args.get("window", ""),
        args.get("text", ""),
    )
    named = f"“{target}”" if target else "that has no name"
    if not window:
        raise NotAllowed("A field in no window cannot be found again", "Nothing was done.")
    if len(text) > MAX_TYPED:
        raise NotAllowed(f"That text is longer than {MAX_TYPED} characters", "Nothing was done.")
    return Step(
        "put_text",
        target,
        args,
        what=f"Put this text into the field {named}, in place of what is there: “{text}”",
        where=f"the {role} {named} in the window “{window}”",
        reversibility=Reversibility.REVERSIBLE,
        risk="The program may act on the text at once, for example search as you type.",
        expected="The field holds exactly this text.",
        undo="Put back what was in the field before.",
    )


def _todo(target: str, args: Mapping[str, str]) -> Step:
    line = args.get("line", "")
    if not line.strip() or one_line(line) != line:
        raise NotAllowed("A to-do item is one line of text", "Nothing was done.")
    return Step(
        "add_todo",
        target,
        args,
        what=f"Add this line at the end: {line}",
        where=target,
        reversibility=Reversibility.REVERSIBLE,
        risk="",
        expected="The file holds this line.",
        undo="Remove exactly this line.",
    )


def _event(target: str, args: Mapping[str, str]) -> Step:
    summary, start = args.get("summary", ""), args.get("start", "")
    if not summary or one_line(summary) != summary or not args.get("stamp") or not target.endswith(".ics"):
        raise NotAllowed(
            "A calendar file needs a name that ends in .ics and one line of text", "Nothing was done."
        )
    until = f" until {args['end']}" if args.get("end") else ""
    return Step(
        "make_event",
        target,
        args,
        what=f"Make a calendar file with the entry “{summary}” on {start}{until}",
        where=target,
        reversibility=Reversibility.REVERSIBLE,
        risk="",
        expected="The file can be read back and holds this entry.",
        undo="Delete the file, unless it has been changed since.",
    )


_KINDS: Mapping[str, tuple[Callable[[str, Mapping[str, str]], Step], frozenset[str]]] = {
    "open_page": (_page, frozenset()),
    "open_path": (_path, frozenset({"shows", "program"})),
    "put_text": (_text, frozenset({"window", "role", "text"})),
    "add_todo": (_todo, frozenset({"line"})),
    "make_event": (_event, frozenset({"summary", "start", "end", "stamp"})),
}
