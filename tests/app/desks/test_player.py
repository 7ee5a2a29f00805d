"""Single steps done for real, with a person who slips all the time; nobody watches."""

import random
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.demo.person import Person
from app.desks import programs
from app.desks.hands import Hands
from app.desks.manner import manner
from app.desks.pages import State
from app.desks.player import Player
from app.desks.rhythm import Rhythm
from app.desks.server import SiteServer
from app.desks.shell import Shell
from app.desks.types import Desk, Do, Step
from app.desktop import VirtualDesktop
from gum.errors import ActionFailed
from tests.app.desks.small_desk import small_desk

pytestmark = pytest.mark.desktop


class Life:
    """A player on a desktop, and what a test looks at."""

    def __init__(self, desk: Desk, hands: Hands, state: State, shell: Shell) -> None:
        self.hands, self.shell, self.state = hands, shell, state
        self.home = Path(hands.desktop.env["HOME"])
        self.player = Player(desk, hands, state, shell, random.Random(3))
        self._count = 0

    def do(self, do: Do, **fields: object) -> None:
        self._count += 1
        given: Mapping[str, object] = fields
        self.player.step(Step(f"step-{self._count}", do, given))


@pytest.fixture
def life(desktop: VirtualDesktop, tmp_path: Path) -> Iterator[Life]:
    desk, state = small_desk(tmp_path), State()
    way = replace(manner("player", 0), screen=desktop.size, slips=1.0)
    way = replace(way, places=dict.fromkeys(way.places, (30, 40, 940, 680)))
    programs.prepare(desktop, way)
    shell = Shell(tmp_path / "shell", Path(desktop.env["HOME"]), "mira")
    with (
        SiteServer(desk, state) as site,
        Hands(desktop, Person(desktop, site), Rhythm("player"), way, random.Random(3)) as hands,
    ):
        yield Life(desk, hands, state, shell)


def test_a_document_is_continued_revised_and_saved_in_spite_of_slips(life: Life) -> None:
    life.do(Do.OPEN, program="editor", file="plan.md", folder="work", holds="# Plan")
    life.do(Do.TYPE, text="Buy twine.")
    life.do(Do.REVISE, texts=["\nOrder two hornbeams.", "\nOrder three hornbeams soon.", "\nOrder none."])
    life.do(Do.SAVE)
    assert (life.home / "work" / "plan.md").read_text() == "# Plan\nBuy twine.\nOrder none."
    life.do(Do.TYPE, text="\nThis is lost.")
    life.do(Do.CLOSE, program="editor")
    life.do(Do.OPEN, program="editor", file="plan.md", folder="work")
    assert life.hands.title().endswith("plan.md - Mousepad")
    assert (life.home / "work" / "plan.md").read_text() == "# Plan\nBuy twine.\nOrder none."
    life.player.leave()
    assert not any("Mousepad" in title for title in life.hands.desktop.windows().values())


def test_an_office_document_is_saved_where_it_was_opened(life: Life) -> None:
    life.do(Do.OPEN, program="office", file="offer.odt", folder="work", holds="Dear Ms Lund,")
    life.do(Do.TYPE, text="the hedge costs 840 euros.")
    life.do(Do.SAVE)
    with zipfile.ZipFile(life.home / "work" / "offer.odt") as pack:
        content = pack.read("content.xml").decode()
    assert "Dear Ms Lund," in content and "the hedge costs 840 euros." in content.replace("The", "the")


def test_commands_run_where_they_should_and_end_as_the_desk_says(life: Life) -> None:
    life.do(Do.OPEN, program="terminal", folder="work")
    life.do(Do.RUN, command="make all", output="error: no twine", status=2)
    life.do(Do.RUN, command="git status | head -1", output="clean", folder="work/hedge")
    life.do(Do.RUN, command="make all", output="done")
    assert life.shell.statuses() == [0, 2, 0, 0, 0]  # the first is the new terminal's, the third of a cd
    assert life.hands.title() == "mira@desk: ~/work/hedge"


def test_mail_comes_in_and_wrong_clicks_lead_back(life: Life) -> None:
    life.do(Do.OPEN, program="browser", page="inbox")
    before = life.hands.title()
    life.do(Do.MAIL, page="mail-osman")
    assert life.hands.title() != before  # it counts the messages
    life.do(Do.CLICK, name="Hornbeam for the north side", page="mail-osman")
    assert life.hands.title().startswith("Hornbeam for the north side")
    life.do(Do.READ, seconds=2)  # with a click on another link, and back
    assert life.hands.title().startswith("Hornbeam for the north side")
    life.do(Do.CLICK, name="No link has this name", page="news")
    assert life.hands.title().startswith("Late frost expected in the hills")
    assert life.state.next is None


def test_a_field_is_entered_again_after_a_button_was_clicked(life: Life) -> None:
    life.do(Do.OPEN, program="browser", page="login")
    life.do(Do.TYPE, field="user", text="mi")
    life.do(Do.CLICK, name="sign_in")  # leads nowhere
    life.do(Do.TYPE, field="user", text="ra")
    life.do(Do.TYPE, text="h")  # where the cursor is
    life.hands.desktop.key("ctrl+a", "ctrl+c")
    life.do(Do.OPEN, program="editor", file="x.txt")
    life.hands.desktop.key("ctrl+v", "ctrl+s")
    life.hands.rest(1)
    assert (life.home / "x.txt").read_text() == "mirah"


def test_windows_are_switched_and_idling_is_short(life: Life) -> None:
    life.do(Do.OPEN, program="files", folder="work")
    life.do(Do.OPEN, program="terminal")
    life.do(Do.SWITCH, program="files")
    assert life.hands.title() == "work"
    life.do(Do.NOTIFY, app="Calendar", title="Dentist", text="at ten")
    life.do(Do.IDLE, seconds=3600)


@pytest.mark.parametrize(
    ("do", "fields", "said"),
    [
        (Do.TYPE, {"text": "x"}, "No window is open"),
        (Do.SWITCH, {"program": "editor"}, "No window of the editor"),
        (Do.CLOSE, {"program": "browser"}, "No window of the browser"),
    ],
)
def test_what_cannot_be_done_is_said(life: Life, do: Do, fields: Mapping[str, object], said: str) -> None:
    with pytest.raises(ActionFailed, match=said):
        life.do(do, **fields)


def test_what_the_window_in_front_cannot_take_is_said(life: Life) -> None:
    life.do(Do.OPEN, program="files", folder="work")
    for do, fields, said in (
        (Do.TYPE, {"text": "x"}, "typed into"),
        (Do.VISIT, {"page": "news"}, "no browser"),
        (Do.RUN, {"command": "make"}, "no terminal"),
        (Do.SAVE, {}, "no document"),
    ):
        with pytest.raises(ActionFailed, match=said):
            life.do(do, **fields)
