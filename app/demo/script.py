"""What the person does in the demo, scene by scene. Nothing here knows what Gumption makes of it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.demo.person import Person
from app.demo.story import CLINIC, MAIL, RAIL, SEARCH, VAULT, Story

_LEFT = (20, 40, 1180, 1000)
_RIGHT_TOP = (1220, 40, 680, 420)
_RIGHT_BOTTOM = (1220, 520, 680, 500)
_PROMPT = r"PS1='\[\e]0;robin@desk: \w\a\]robin@desk:\w$ '"


@dataclass(frozen=True, slots=True)
class Scene:
    """A thing the person does. A `secret` one is never photographed for the report."""

    title: str
    play: Callable[[], None]
    secret: bool = False


class Day:
    """The windows of the person, and the scenes that happen in them."""

    def __init__(self, person: Person, story: Story) -> None:
        self._person = person
        self._story = story
        self._desktop = person.desktop
        self._home = Path(person.desktop.env["HOME"])
        self._browser = self._editor = self._terminal = 0

    def scenes(self) -> Sequence[Scene]:
        """All scenes in order."""
        return (
            Scene("reads the inbox", self.inbox),
            Scene("writes a mail to Anna", self.mail),
            Scene("writes the field report", self.report),
            Scene("searches for the flow rate", self.search),
            Scene("runs a test that fails", self.test),
            Scene("looks into the password manager", self.vault, secret=True),
            Scene("opens a private window", self.private, secret=True),
            Scene("searches again", self.search_again),
            Scene("tries the test again", self.test_again),
            Scene("books a train", self.travel),
            Scene("goes back to the report", self.back),
        )

    def inbox(self) -> None:
        self._browser = self._person.open(self._person.browser(f"{MAIL}/"), "Inbox*", _LEFT)
        self._person.rest(3)

    def mail(self) -> None:
        person, story = self._person, self._story
        self._show(self._browser)
        person.visit(f"{MAIL}/compose", "New message*")
        person.fill("To", f"{story.recipient} <{story.address}>")
        person.fill("Subject", story.subject)
        person.fill("Message", story.mail)
        person.rest(2)
        person.press("Send", program="chromium")
        self._desktop.wait_window("Sent*")
        person.rest(1)

    def report(self) -> None:
        person, story = self._person, self._story
        folder = self._home / "Documents" / story.project
        folder.mkdir(parents=True)
        (folder / story.document).touch()
        self._editor = person.open(
            ["mousepad", str(folder / story.document)], f"*{story.document}*", _RIGHT_TOP
        )
        person.rest(0.5)
        person.write(story.notes)
        self._desktop.key("ctrl+s")
        person.rest(2)

    def search(self) -> None:
        self._show(self._browser)
        self._look_up()
        self._person.press("Fish ladders: how much water do they need?", "link", program="chromium")
        self._person.rest(2.5)

    def search_again(self) -> None:
        self._show(self._browser)
        self._look_up()
        self._person.visit(f"{SEARCH}/fish-ladders", "Fish ladders*")
        self._look_up()

    def _look_up(self) -> None:
        self._person.visit(f"{SEARCH}/", "Wayfind*")
        self._person.write(self._story.query + "\n")
        self._desktop.wait_window(f"{self._story.query}*")
        self._person.rest(2)

    def test(self) -> None:
        person, story = self._person, self._story
        folder = self._home / story.project
        folder.mkdir()
        for name, text in story.code.items():
            (folder / name).write_text(text)
        start = self._desktop.folder / "bashrc"
        start.write_text(f'{_PROMPT}\nexport PATH="{Path(sys.executable).parent}:$PATH"\n')
        shell = ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "11", "-bg", "white", "-fg", "black"]
        shell += ["-e", "bash", "--rcfile", str(start)]
        self._terminal = person.open(shell, f"*{story.project}", _RIGHT_BOTTOM, folder)
        self._run_test()

    def test_again(self) -> None:
        self._show(self._terminal)
        self._run_test()
        self._run_test()

    def _run_test(self) -> None:
        self._person.write(self._story.test + "\n")
        self._person.rest(3)

    def vault(self) -> None:
        self._show(self._browser)
        self._person.visit(f"{VAULT}/", "My vault*")
        self._person.rest(3)
        self._person.visit(f"{MAIL}/", "Inbox*")

    def private(self) -> None:
        person = self._person
        window = person.open(
            person.browser(f"{CLINIC}/", "--incognito"), "Your results*", (120, 120, 900, 620)
        )
        person.rest(3)
        # It stays open beside the editor for a while: not being active does not make it less private.
        self._show(self._editor)
        person.rest(2)
        self._desktop.close(window)
        person.rest(0.5)

    def travel(self) -> None:
        person, story = self._person, self._story
        self._show(self._browser)
        person.visit(f"{RAIL}/", "Book a journey*")
        person.fill("From", "Hamburg")
        person.fill("To", story.place)
        person.fill("Date", story.departs)
        person.press("Book", program="chromium")
        self._desktop.wait_window("Booking confirmed*")
        person.rest(3)

    def back(self) -> None:
        self._show(self._editor)
        self._desktop.key("ctrl+End")
        self._person.write("\nTo do: check the flow rate with Jonas.\n")
        self._desktop.key("ctrl+s")
        self._person.rest(3)

    def _show(self, window: int) -> None:
        self._desktop.activate(window)
        self._person.rest(0.5)
