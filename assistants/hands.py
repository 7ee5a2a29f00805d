"""Doing one step, looking whether it happened, and taking it back. Knows nothing of plans or approvals.

Each kind has three parts: what must be noted before, the deed, and what must be seen afterwards. A
step whose effect cannot be seen counts as failed, even if it may have happened.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar

from assistants import event, files, guard, screen
from assistants.guard import Folders
from assistants.launch import Launcher, Started
from assistants.windows import Windows
from gum.errors import ActionFailed, GumptionError, NotAllowed
from gum.ports import Surface
from gum.types import Outcome, Step
from gum.ui import Snapshot, UiNode

T = TypeVar("T")
PATIENCE_S = 20.0  # a browser's first start on a slow machine takes ten
PAUSE_S = 0.1
MAX_KEPT = 20_000  # a surface may cut longer texts, and a cut text cannot be put back


@dataclass(frozen=True, slots=True)
class Hands:
    """What acts on the desktop. Without `windows` nothing that was opened can be closed again."""

    surface: Surface
    folders: Folders
    launcher: Launcher = field(default_factory=Launcher)
    windows: Windows | None = None
    patience_s: float = PATIENCE_S

    def check(self, step: Step) -> None:
        """The hard blocks, before anything is done. Raises NotAllowed."""
        if step.kind == "open_page":
            guard.web_address(step.target)
        elif step.kind == "open_path":
            guard.startable(step.target, self.folders) if _is_program(step) else guard.openable(
                step.target, self.folders
            )
        elif step.kind == "put_text":
            guard.text_field(step.args["role"], step.target)
        else:
            guard.local_path(step.target, self.folders)
            if step.kind == "make_event":
                event.to_ics(**step.args)

    def perform(self, step: Step, index: int) -> Outcome:
        """Does the step and looks. What the world refuses becomes an outcome that is not ok."""
        token: dict[str, str] = {}
        try:
            self.check(step)
            return Outcome(index, True, _DO[step.kind](self, step, token), token)
        except GumptionError as error:
            return Outcome(index, False, _said(error), token)

    def revert(self, step: Step, outcome: Outcome) -> Outcome:
        """Takes the step back and looks. `outcome.undo_token` says what was done."""
        index, token = outcome.step_index, outcome.undo_token
        if not token:
            return Outcome(index, True, "There is nothing to take back.")
        try:
            return Outcome(index, True, _UNDO[step.kind](self, step, token))
        except GumptionError as error:
            return Outcome(index, False, _said(error), token)

    def wait(self, look: Callable[[], T | None], started: Started | None = None) -> T | None:
        """What `look` finds, as soon as it finds something; None when patience is at its end."""
        end = time.monotonic() + self.patience_s
        while True:
            found = look()
            if found is not None or time.monotonic() > end:
                return found
            if started is not None:
                started.check()
            time.sleep(PAUSE_S)

    def open_windows(self) -> Mapping[int, str]:
        return self.windows.titles() if self.windows is not None else {}


# --- open_page ------------------------------------------------------------------------------------


def _open_page(hands: Hands, step: Step, token: dict[str, str]) -> str:
    before, seen_before = hands.open_windows(), hands.surface.snapshot()
    old = set(screen.addresses(seen_before)) if seen_before is not None else set()
    started = hands.launcher.page(step.target)

    def look() -> tuple[str, Snapshot] | None:
        seen = hands.surface.snapshot()
        how = screen.shows_page(seen, step.target) if seen is not None else None
        if seen is None or how is None or (how == "forwarded" and set(screen.addresses(seen)) <= old):
            return None
        return how, seen

    found = hands.wait(look, started)
    if found is None:
        raise ActionFailed(
            "The page did not appear", "The browser may be slow, offline, or behind another window."
        )
    how, seen = found
    _note_window(hands, before, seen.window.window_id, token)
    where = f"in the window “{seen.window.title}”"
    return (
        f"The page is shown {where}." if how == "exactly" else f"The site is shown {where}, on another page."
    )


# --- open_path ------------------------------------------------------------------------------------


def _open_path(hands: Hands, step: Step, token: dict[str, str]) -> str:
    name, before, titles = PurePosixPath(step.target).name, hands.open_windows(), hands.surface.windows()
    if _is_program(step):
        started = hands.launcher.program(step.target)
    else:
        if not files.exists(step.target, hands.folders):
            raise ActionFailed(f"{name} is not there", "It may have been moved or deleted.")
        started = hands.launcher.file(step.target)

    def look() -> Snapshot | None:
        seen = hands.surface.snapshot()
        if seen is None:
            return None
        if _is_program(step):
            return seen if len(hands.surface.windows()) > len(titles) else None
        if screen.names_file(seen.window.title, name):
            return seen
        _bring_forward(hands, name, before)
        return None

    seen = hands.wait(look, started)
    if seen is None:
        raise ActionFailed(f"No window of {name} appeared", "The program for it may be slow or missing.")
    _note_window(hands, before, seen.window.window_id, token)
    return f"The window “{seen.window.title}” is open{_look_for_line(hands, step, seen, titles)}."


def _bring_forward(hands: Hands, name: str, before: Mapping[int, str]) -> None:
    """A program that was running already may open its new window behind the card that was clicked."""
    if hands.windows is None:
        return
    for window, title in hands.windows.titles().items():
        if window not in before and screen.names_file(title, name):
            hands.windows.activate(window)
            return


def _look_for_line(hands: Hands, step: Step, opened: Snapshot, titles: list[str]) -> str:
    """Whether the line the step promises is on the screen too."""
    line = step.args.get("shows", "")
    if not line:
        return ""

    def look() -> str | None:
        seen = hands.surface.snapshot()
        if seen is None or seen.window.window_id != opened.window.window_id:
            return None
        there = screen.shows_text(seen, line)
        return " (its text cannot be read)" if there is None else f" and shows “{line}”" if there else None

    found = hands.wait(look)
    if found is not None:
        return found
    name = PurePosixPath(step.target).name
    if any(screen.names_file(title, name) for title in titles):
        return ", but it was open before and shows an older copy"
    raise ActionFailed(f"The window is open but does not show “{line}”", "Look at the file yourself.")


def _note_window(hands: Hands, before: Mapping[int, str], window: int, token: dict[str, str]) -> None:
    """A window may be closed again only when it is new: an older one holds somebody's work."""
    title = hands.windows.titles().get(window) if hands.windows is not None and window not in before else None
    if title is not None:
        token |= {"window": str(window), "title": title}


def _close(hands: Hands, step: Step, token: Mapping[str, str]) -> str:
    window = int(token["window"])
    if hands.windows is None:
        raise ActionFailed("The window cannot be closed from here", "Close it yourself.")
    title = hands.windows.titles().get(window)
    if title is None:
        return "The window had been closed already."
    file = PurePosixPath(step.target).name if step.kind == "open_path" and not _is_program(step) else None
    if title != token.get("title", title) if file is None else file not in title:
        # A page gone on to, a tab added: that is the person's by now.
        raise ActionFailed("The window shows something else by now", "It was left open.")
    hands.windows.close(window)
    if hands.wait(lambda: True if window not in hands.open_windows() else None) is None:
        raise ActionFailed("The window did not close", "It may be asking whether to save something.")
    return f"The window “{title}” is closed."


# --- put_text -------------------------------------------------------------------------------------


def _put_text(hands: Hands, step: Step, token: dict[str, str]) -> str:
    role, window, text = step.args["role"], step.args["window"], step.args["text"]

    def in_front() -> Snapshot | None:
        # The approval card itself is in front for a moment after the click.
        seen = hands.surface.snapshot()
        return seen if seen is not None and seen.window.title == window else None

    seen = hands.wait(in_front)
    if seen is None:
        raise ActionFailed(f"The window “{window}” is not in front", "Bring it to the front and try again.")
    node = screen.field(seen, window, role, step.target)
    if len(node.text) >= MAX_KEPT:
        raise ActionFailed("The field holds too much to be put back later", "It was left as it is.")
    hands.surface.set_text(node.ref, text)
    token.update(window=str(seen.window.window_id), ref=node.ref, before=node.text, text=text)
    if hands.wait(lambda: _holds(hands, seen.window.window_id, node.ref, text)) is None:
        raise ActionFailed("The field does not hold the text", "The program may have changed or refused it.")
    return f"{_named(step)} holds the text."


def _take_text_back(hands: Hands, step: Step, token: Mapping[str, str]) -> str:
    window, ref = int(token["window"]), token["ref"]
    node = hands.wait(lambda: _node(hands, window, ref))
    if node is None:
        raise ActionFailed(
            "The window with the field is not in front", "Bring it to the front and try again."
        )
    if not _same(node.text, token["text"]):
        raise ActionFailed("The field has been changed since", "It was left as it is.")
    hands.surface.set_text(ref, token["before"])
    if hands.wait(lambda: _holds(hands, window, ref, token["before"])) is None:
        raise ActionFailed("The field does not hold its old text", "Look at it yourself.")
    return f"{_named(step)} holds what it held before."


def _node(hands: Hands, window: int, ref: str) -> UiNode | None:
    seen = hands.surface.snapshot()
    if seen is None or seen.window.window_id != window or seen.tree is None:
        return None
    return next((n for n in seen.tree.walk() if n.ref == ref and "password" not in n.role), None)


def _holds(hands: Hands, window: int, ref: str, text: str) -> bool | None:
    node = _node(hands, window, ref)
    return True if node is not None and _same(node.text, text) else None


def _named(step: Step) -> str:
    return f"The field “{step.target}”" if step.target else "The field"


def _same(left: str, right: str) -> bool:
    """Equal but for a last line break, which some programs add or drop."""
    return left.removesuffix("\n") == right.removesuffix("\n")


# --- files ----------------------------------------------------------------------------------------


def _add_todo(hands: Hands, step: Step, token: dict[str, str]) -> str:
    line, name = step.args["line"], PurePosixPath(step.target).name
    token.update(files.append_line(step.target, line, hands.folders))
    if line not in files.read(step.target, hands.folders).decode("utf-8", "replace").splitlines():
        raise ActionFailed(f"{name} does not hold the line", "Something else may be writing to it.")
    seen = hands.surface.snapshot()
    shown = seen is not None and screen.names_file(seen.window.title, name) and screen.shows_text(seen, line)
    return f"{name} holds the line{', and it is on the screen' if shown else ''}."


def _remove_todo(hands: Hands, step: Step, token: Mapping[str, str]) -> str:
    lines = _lines(hands, step).count(token["line"])
    files.remove_line(step.target, token, hands.folders)
    if _lines(hands, step).count(token["line"]) != lines - 1:
        raise ActionFailed("The line is still there", "Something else may be writing to the file.")
    return f"The line is no longer in {Path(step.target).name}."


def _lines(hands: Hands, step: Step) -> list[str]:
    if not files.exists(step.target, hands.folders):
        return []
    return files.read(step.target, hands.folders).decode("utf-8", "replace").split("\n")


def _make_event(hands: Hands, step: Step, token: dict[str, str]) -> str:
    token.update(files.create(step.target, event.to_ics(**step.args), hands.folders))
    found = event.from_ics(files.read(step.target, hands.folders))
    if found != [(step.args["summary"], event.iso(step.args["start"]))]:
        raise ActionFailed(
            "The calendar file does not hold the entry", "Delete it and make the entry yourself."
        )
    return f"{PurePosixPath(step.target).name} holds “{found[0][0]}” on {found[0][1]}."


def _delete_event(hands: Hands, step: Step, token: Mapping[str, str]) -> str:
    files.delete(step.target, token, hands.folders)
    if files.exists(step.target, hands.folders):
        raise ActionFailed("The file is still there", "Delete it yourself.")
    return f"{PurePosixPath(step.target).name} is deleted."


def _is_program(step: Step) -> bool:
    return step.args.get("program") == "yes"


def _said(error: GumptionError) -> str:
    prefix = "Refused: " if isinstance(error, NotAllowed) else ""
    return f"{prefix}{error.title}. {error.hint}".strip()


_DO: Mapping[str, Callable[[Hands, Step, dict[str, str]], str]] = {
    "open_page": _open_page,
    "open_path": _open_path,
    "put_text": _put_text,
    "add_todo": _add_todo,
    "make_event": _make_event,
}
_UNDO: Mapping[str, Callable[[Hands, Step, Mapping[str, str]], str]] = {
    "open_page": _close,
    "open_path": _close,
    "put_text": _take_text_back,
    "add_todo": _remove_todo,
    "make_event": _delete_event,
}
