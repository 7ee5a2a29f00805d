"""Scripted office work on a private desktop: pages are read and scrolled, a letter is typed, a terminal
shows files. Every word on it is made up and occurs once, so that it can be looked for afterwards.

The same seed gives the same words, windows and pauses. The pace is a person's: 45 words a minute are typed
and 238 read, the mean of 190 studies (Brysbaert 2019, doi 10.1016/j.jml.2019.104047); hands are xdotool's.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.desktop import VirtualDesktop, chromium_argv, program

KEY_MS = 220  # between two keys: 45 words a minute
READ_WPM = 238
THINK_S = 4.0  # between two sentences
LINES = 36  # of a page: two screens
OUTPUT = 14  # lines of a file in the terminal
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened (seconds since the epoch), in which program, and the words it showed."""

    at: float
    kind: str  # "focus", "page", "scroll", "typed", "shown"
    app: str
    words: tuple[str, ...] = ()


class Words:
    """Made-up words that occur once."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._used: set[str] = set()

    def some(self, count: int) -> tuple[str, ...]:
        found: list[str] = []
        while len(found) < count:
            word = "".join(self._chance.choices(SYLLABLES, k=self._chance.choice((2, 3))))
            if word not in self._used:
                self._used.add(word)
                found.append(word)
        return tuple(found)


@dataclass
class Office:
    """Three programs side by side. `cycle` is about two minutes of work."""

    desktop: VirtualDesktop
    seed: int
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._words = Words(self.seed)
        self._folder = self.desktop.folder / "home" / f"office-{self.seed}"
        self._folder.mkdir()
        self._number = 0
        letter = self._folder / "letter.txt"
        letter.write_text("Dear reader,\n")
        (first := self._folder / "start.html").write_text(_html("Start", [("start",)]))
        self.desktop.launch([program("mousepad"), str(letter)])
        font = ["-fa", "DejaVu Sans Mono", "-fs", "11", "-geometry", "100x30"]
        shell = f"cd {self._folder}; PS1='$ ' exec sh -i"
        self.desktop.launch([program("xterm"), *font, "-T", "terminal", "-e", "sh", "-c", shell])
        self.desktop.launch(chromium_argv(first.as_uri(), self._folder / "profile"))
        self._windows = {
            "mousepad": self.desktop.wait_window("*letter.txt*", 30),
            "xterm": self.desktop.wait_window("terminal", 30),
            "chromium": self.desktop.wait_window("*Start*", 60),
        }
        for app, place in (
            ("mousepad", (40, 60, 900, 460)),
            ("xterm", (40, 560, 900, 480)),
            ("chromium", (980, 60, 900, 980)),
        ):
            self.desktop.place(self._windows[app], *place)

    def cycle(self) -> None:
        """A page, a sentence, a file; each is noted in `steps`."""
        self._number += 1
        self._read()
        self._write()
        self._show()

    def _go(self, app: str) -> None:
        self.desktop.activate(self._windows[app])
        self._note("focus", app)
        time.sleep(1.5)

    def _read(self) -> None:
        lines = [self._words.some(8) for _ in range(LINES)]
        title = self._words.some(2)
        page = self._folder / f"page-{self._number}.html"
        page.write_text(_html(" ".join(title), lines))
        self._go("chromium")
        self.desktop.key("ctrl+l")
        self.desktop.type_text(page.as_uri(), 12)
        self.desktop.key("Return")
        half = LINES // 2
        self._note("page", "chromium", [*title, *_flat(lines[:half])])
        time.sleep(_reading_s(lines[:half]))
        for number in range(3):
            self.desktop.key("Next")
            self._note("scroll", "chromium", _flat(lines[half:]) if number == 2 else ())
            time.sleep(_reading_s(lines[half:]) / 3)

    def _write(self) -> None:
        self._go("mousepad")
        for _ in range(2):
            words = self._words.some(6)
            self.desktop.type_text(" ".join(words) + ".", KEY_MS)
            self.desktop.key("Return")
            self._note("typed", "mousepad", words)
            time.sleep(THINK_S)

    def _show(self) -> None:
        lines = [self._words.some(7) for _ in range(OUTPUT)]
        file = self._folder / f"f{self._number}"
        file.write_text("\n".join(" ".join(line) for line in lines) + "\n")
        self._go("xterm")
        self.desktop.type_text(f"clear; cat {file.name}", KEY_MS)
        self.desktop.key("Return")
        self._note("shown", "xterm", _flat(lines))
        time.sleep(_reading_s(lines))

    def _note(self, kind: str, app: str, words: Sequence[str] = ()) -> None:
        self.steps.append(Step(time.time(), kind, app, tuple(words)))


def words_of(steps: Sequence[Step]) -> Iterator[str]:
    """All words that were shown."""
    return (word for step in steps for word in step.words)


def recall(steps: Sequence[Step], seen: str) -> float:
    """Share of the words shown that are in `seen`, a text."""
    shown, found = list(words_of(steps)), set(seen.lower().replace(".", " ").split())
    return sum(word in found for word in shown) / len(shown)


def _reading_s(lines: Sequence[Sequence[str]]) -> float:
    return 60 * len(_flat(lines)) / READ_WPM


def _flat(lines: Sequence[Sequence[str]]) -> list[str]:
    return [word for line in lines for word in line]


def _html(title: str, lines: Sequence[Sequence[str]]) -> str:
    rows = "\n".join(f"<p>{' '.join(line)}</p>" for line in lines)
    style = "body{font:17px/1.5 'DejaVu Sans',sans-serif;margin:2em} p{margin:0 0 1em}"
    return f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{style}</style>\n{rows}\n"


def folder_size(folder: Path) -> int:
    """Bytes of all files below, but for what SQLite keeps beside a database while it is open."""
    left_out = ("-wal", "-shm")
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.name.endswith(left_out))
