"""The demo's person: looks for things by name, clicks them and types with a human rhythm."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.demo.eyes import Seen, look
from app.desktop import VirtualDesktop, chromium_argv
from gum.errors import ActionFailed

KEY_MS = (22, 48)  # between two keys: a practised typist
PAUSE_S = (0.03, 0.14)  # between two words
PATIENCE_S = 15.0


class Served(Protocol):
    """Web sites that are served here. `rules` is the option that sends Chromium to them."""

    @property
    def rules(self) -> str: ...


class Person:
    """Works on a desktop. What cannot be found raises ActionFailed, never a guess."""

    def __init__(self, desktop: VirtualDesktop, site: Served, seed: int = 7) -> None:
        self.desktop = desktop
        self._site = site
        self._random = random.Random(seed)

    def browser(self, url: str, *extra: str) -> list[str]:
        """Command line of this person's browser."""
        return chromium_argv(
            url,
            self.desktop.folder / "browser",
            self._site.rules,
            "--hide-crash-restore-bubble",
            *extra,
        )

    def open(
        self, argv: list[str], title: str, place: tuple[int, int, int, int] | None, cwd: Path | None = None
    ) -> int:
        """Starts a program, waits for its window, puts it at left, top, width, height; gives its id."""
        before = set(self.desktop.windows())
        self.desktop.launch(argv, cwd=cwd)
        end = time.monotonic() + 2 * PATIENCE_S
        while (
            window := self.desktop.wait_window(title, 2 * PATIENCE_S)
        ) in before and time.monotonic() < end:
            time.sleep(0.2)
        if place is not None:
            self.desktop.place(window, *place)
        self.desktop.activate(window)
        return window

    def find(self, name: str, role: str, program: str = "", patience_s: float = PATIENCE_S) -> Seen:
        """The one enabled thing of that name and role. Raises ActionFailed when it does not appear."""
        end = time.monotonic() + patience_s
        while True:
            found = [s for s in look(self.desktop.env, name, program=program, role=role) if s.enabled]
            if found:
                return found[0]
            if time.monotonic() > end:
                raise ActionFailed(
                    f"Nothing called “{name}” is on the screen", "The demo cannot go on without it."
                )
            time.sleep(0.3)

    def press(
        self, name: str, role: str = "button", program: str = "", patience_s: float = PATIENCE_S
    ) -> None:
        """Clicks the middle of something."""
        self.desktop.click(*self.find(name, role, program, patience_s).middle)
        self.rest(0.3)

    def write(self, text: str) -> None:
        """Types text word by word."""
        word = ""
        for char in text:
            word += char
            if char in " \n":
                self._strike(word)
                word = ""
        if word:
            self._strike(word)

    def fill(self, name: str, text: str, role: str = "entry") -> None:
        """Clicks a field and types into it."""
        self.press(name, role, program="chromium")
        self.write(text)

    def visit(self, url: str, title: str) -> None:
        """Goes to an address in the browser window that has the keys."""
        self.desktop.key("ctrl+l")
        self.desktop.type_text(url, delay_ms=8)
        self.desktop.key("Delete", "Return")  # what the browser proposes to add is not wanted
        self.desktop.wait_window(title)
        self.rest(1.0)

    def rest(self, seconds: float) -> None:
        """Looks at the screen for about that long."""
        time.sleep(seconds * self._random.uniform(0.85, 1.15))

    def until(self, true: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
        """Waits for something; tells whether it came."""
        end = time.monotonic() + patience_s
        while not true():
            if time.monotonic() > end:
                return False
            time.sleep(0.2)
        return True

    def _strike(self, word: str) -> None:
        self.desktop.type_text(word, delay_ms=self._random.randint(*KEY_MS))
        time.sleep(self._random.uniform(*PAUSE_S))
