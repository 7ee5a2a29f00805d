"""The observers in a desk's own time hand over what the real ones do, when they do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from app.desks.eyes import Eyes, seconds
from app.desks.screens import editor, terminal_rows
from app.desks.types import Sight
from gum.types import Exclusion, Observation, RuleId, Trust, WindowInfo
from gum.ui import UiNode
from observers.base import REPORT_EVERY_S
from observers.front import DWELL_S
from observers.segment import segment
from observers.settle import LONGEST_S, PAUSE_S
from tests import trees

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Fake:
    """A window that is what a test says."""

    app: str = "mousepad"
    name: str = "/home/robin/a.txt - Mousepad"
    text: str = "some words"
    number: int = 1
    lines: Sequence[str] = ()
    node: UiNode | None = None
    treeless: bool = False
    made: dict[object, UiNode] = field(default_factory=dict)

    def info(self) -> WindowInfo:
        browser = self.app == "chromium"
        return WindowInfo(
            self.number, self.app, self.name, 1, None, private=None if browser else False, browser=browser
        )

    def tree(self) -> UiNode | None:
        if self.treeless or self.node is not None:
            return self.node
        key = (self.name, self.text)
        return self.made.setdefault(key, editor(self.name, self.text))

    def rows(self) -> Sequence[str]:
        return self.lines


def page(name: str, url: str, *said: str, frame: str = "") -> Fake:
    """A browser's window; `frame` is the accessible name where it is another than the title."""
    document = UiNode(
        "document web",
        name,
        attributes={"url": url},
        children=tuple(UiNode("paragraph", one) for one in said),
    )
    title = f"{name} - Chromium"
    return Fake("chromium", title, node=UiNode("frame", frame or title, children=(document,)))


def eyes() -> Eyes:
    made = Eyes("test", NINE)
    made.begin("one")
    return made


def after(made: Eyes, count: float) -> None:
    made.wait(made.now + seconds(count))


def observations(found: Sequence[Sight], source: str = "") -> list[Observation]:
    seen = [one.observation for one in found if one.observation is not None]
    return [one for one in seen if not source or one.source == source]


def exclusions(found: Sequence[Sight]) -> list[Exclusion]:
    return [one.exclusion for one in found if one.exclusion is not None]


def typed(made: Eyes, window: Fake, text: str, gap: float, look: bool = False) -> None:
    """Types letter by letter. `look`: every letter is looked at, as without any shortcut."""
    for place, letter in enumerate(text):
        window.text += letter
        rest = text[place + 1 :]
        seen_in = gap * (1 + len(rest) - len(rest.lstrip()))
        if look:
            made.changed()
        elif not letter.isspace():
            made.changed(grows_at=made.now + seconds(seen_in) if rest.strip() else None)
        after(made, gap)


# --- windows -------------------------------------------------------------------------------------


def test_a_window_in_use_is_one_observation_that_grows() -> None:
    made, window = eyes(), Fake()
    made.look_at(window)
    after(made, 25)
    made.begin("two")
    after(made, 5)
    made.look_at(None)
    first, again, last = observations(made.sights, "window")
    assert first.id == again.id == last.id and first.at == again.at == last.at == NINE
    assert first.until == NINE + seconds(DWELL_S)
    assert again.until == NINE + seconds(DWELL_S + 20)  # told every ten seconds; the last of them is kept
    assert last.until == NINE + seconds(30)
    assert last.trust is Trust.ACTED_ON and last.text == last.title == window.name


def test_passing_by_is_not_using() -> None:
    made = eyes()
    made.look_at(Fake())
    after(made, 0.3)
    made.look_at(Fake(name="other", number=2))
    after(made, 0.3)
    made.look_at(None)
    assert observations(made.sights, "window") == []


def test_another_title_or_address_is_another_observation() -> None:
    made = eyes()
    for window in (Fake(), Fake(name="*/home/robin/a.txt - Mousepad"), page("A", "http://a.test/1")):
        made.look_at(window)
        after(made, 2)
    made.look_at(page("A", "http://a.test/2"))
    after(made, 2)
    found = observations(made.sights, "window")
    assert len({one.id for one in found}) == 4
    assert [one.url for one in found if one.url] == ["http://a.test/1"] * 2 + ["http://a.test/2"]


def test_a_locked_screen_is_not_looked_at() -> None:
    made, window = eyes(), Fake()
    made.look_at(window)
    after(made, 60)
    made.lock()
    before = len(made.sights)
    after(made, 900)
    assert len(made.sights) == before
    made.look_at(window)
    after(made, 60)
    assert len({one.id for one in observations(made.sights, "window")}) == 2
    assert len(observations(made.sights, "ui_tree")) == 1  # the text is the one that was told


# --- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "rule"),
    [
        (
            page("Rail", "http://rail.test/", "diagnosis", frame="Rail - Chromium (Incognito)"),
            "builtin:private",
        ),
        (page("Bitwarden", "http://vault.bitwarden.test/", "hunter2"), "builtin:passwords:url"),
        (page("My vault | Bitwarden", "http://a.test/", "hunter2"), "builtin:passwords:title"),
        (Fake("keepassxc", "Logins", "hunter2"), "builtin:passwords:app"),
        (page("New", "", "hunter2"), "builtin:unknown-address"),
    ],
)
def test_what_the_rules_refuse_gives_exclusions_and_nothing_else(window: Fake, rule: str) -> None:
    made = eyes()
    made.look_at(window)
    after(made, REPORT_EVERY_S * 2.5)
    assert observations(made.sights) == []
    told = exclusions(made.sights)
    assert [one.at for one in told] == [NINE + seconds(REPORT_EVERY_S * n) for n in range(3)]
    assert all(one.rule_id.startswith(rule) and one.app == window.app for one in told)
    assert "hunter2" not in repr(made.sights) and window.name not in repr(made.sights)


def test_a_refusal_is_not_told_again_soon_after() -> None:
    made, window = eyes(), page("Bitwarden", "http://vault.bitwarden.test/")
    for _ in range(4):
        made.look_at(window)
        after(made, 3)
        made.look_at(Fake(number=2))
        after(made, 3)
    assert len(exclusions(made.sights)) == 1


def test_what_waited_when_the_window_became_refused_is_never_told() -> None:
    made, window = eyes(), page("Rail", "http://rail.test/", "trains")
    made.look_at(window)
    after(made, 0.5)  # read, but not settled
    made.look_at(page("Bitwarden", "http://vault.bitwarden.test/"))
    after(made, 10)
    assert observations(made.sights, "ui_tree") == []


def test_a_refused_frame_inside_a_page_is_not_read() -> None:
    made, window = eyes(), page("Rail", "http://rail.test/", "trains")
    assert window.node is not None
    inner = UiNode(
        "document web",
        attributes={"url": "https://vault.bitwarden.com/"},
        children=(UiNode("paragraph", "hunter2"),),
    )
    (document,) = window.node.children
    whole = UiNode(
        document.role, document.name, attributes=document.attributes, children=(*document.children, inner)
    )
    window.node = UiNode("frame", window.node.name, children=(whole,))
    made.look_at(window)
    after(made, 5)
    assert [one.text for one in observations(made.sights, "ui_tree")] == ["trains"]


# --- trees ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", trees.names())
def test_trust_is_that_of_the_recorded_windows(name: str) -> None:
    recorded = trees.snapshot(name)
    assert recorded.tree is not None
    window = Fake(recorded.window.app, recorded.window.title, node=recorded.tree)
    made = eyes()
    made.look_at(window)
    after(made, 20)
    found = observations(made.sights, "ui_tree")
    assert [(one.trust, one.text) for one in found] == [(one.trust, one.text) for one in segment(recorded)]
    expected = trees.observations(name)
    told = {(one.source, one.app, one.title, one.trust, one.text, one.url) for one in found}
    assert told == {(one.source, one.app, one.title, one.trust, one.text, one.url) for one in expected}
    (used,) = {one.id: one for one in observations(made.sights, "window")}.values()
    assert used.trust is Trust.ACTED_ON and used.text == recorded.window.title


def test_a_text_is_told_when_the_typing_pauses() -> None:
    made, window = eyes(), Fake(text="")
    made.look_at(window)
    after(made, 2)
    typed(made, window, "the first thought", 0.15)
    after(made, 3)
    typed(made, window, " and the second", 0.15)
    after(made, 3)
    texts = [one.text for one in observations(made.sights, "ui_tree")]
    assert texts == ["the first thought", "the first thought and the second"]
    assert all(one.trust is Trust.AUTHORED for one in observations(made.sights, "ui_tree"))


def test_a_text_is_told_in_part_while_the_typing_does_not_pause() -> None:
    made, window = eyes(), Fake(text="")
    made.look_at(window)
    after(made, 2)
    typed(made, window, "long " * 40, 0.2)  # forty seconds
    after(made, 3)
    found = observations(made.sights, "ui_tree")
    assert len(found) in (4, 5, 6)
    assert all(one.text == ("long " * 40)[: len(one.text)] for one in found)
    assert all((one.until - one.at).total_seconds() <= LONGEST_S + PAUSE_S for one in found)


@pytest.mark.parametrize("gap", [0.12, 0.2, 0.45, 0.65, 0.8, 1.1, 1.6])
def test_looks_that_are_left_out_would_have_told_nothing_more(gap: float) -> None:
    def play(look: bool) -> list[str]:
        made, window = eyes(), Fake(text="")
        made.look_at(window)
        after(made, 2)
        typed(made, window, "We measured the flow in March and it was low.", gap, look)
        after(made, 5)
        return [one.text for one in observations(made.sights, "ui_tree")]

    quick, every = play(False), play(True)
    assert quick[-1] == every[-1] and len(quick) == len(every)
    assert all(abs(len(one) - len(two)) <= 3 for one, two in zip(quick, every, strict=True))


def test_what_is_scrolled_to_is_found_by_looking_now_and_then() -> None:
    made, window = eyes(), Fake(text="the first screen")
    made.look_at(window)
    after(made, 5)
    window.text = "quite another part of the document"
    made.changed(heard=False)
    after(made, 1.0)
    assert len(observations(made.sights, "ui_tree")) == 1
    after(made, 3)
    assert [one.text for one in observations(made.sights, "ui_tree")][1:] == [window.text]


def test_a_text_that_waits_is_told_when_the_person_goes_elsewhere() -> None:
    made, window = eyes(), Fake(text="")
    made.look_at(window)
    after(made, 2)
    typed(made, window, "see you", 0.1)
    after(made, 0.4)
    assert observations(made.sights, "ui_tree") == []
    made.look_at(Fake(name="other", text="other words", number=2))
    after(made, 0.1)
    assert [one.text for one in observations(made.sights, "ui_tree")] == ["see you"]


# --- pixels --------------------------------------------------------------------------------------


def shell(*lines: str) -> Fake:
    return Fake("xterm", "robin@desk: ~", treeless=True, lines=terminal_rows(lines))


def test_commands_are_acted_on_and_what_was_there_before_is_read() -> None:
    made = eyes()
    made.look_at(shell("Welcome to desk", "robin@desk:~$ make flow", "flow.csv written", "robin@desk:~$ "))
    after(made, 5)
    first, second = observations(made.sights, "screen")
    assert (first.trust, first.text) == (Trust.ACTED_ON, "$ make flow\nflow.csv written")
    assert (second.trust, second.text) == (Trust.READ, "Welcome to desk")
    assert second.id == f"{first.id}-1" and first.at == first.until
    assert observations(made.sights, "ui_tree") == []


def test_a_command_is_told_again_with_its_output() -> None:
    made, window = eyes(), shell("robin@desk:~$ make", "working")
    made.look_at(window)
    after(made, 5)
    window.lines = [*window.lines, "done", "robin@desk:~$ "]
    made.changed()
    after(made, 5)
    assert [one.text for one in observations(made.sights, "screen")] == [
        "$ make\nworking",
        "$ make\nworking\ndone",
    ]


def test_how_many_spaces_there_are_cannot_be_read() -> None:
    made = eyes()
    made.look_at(shell("robin@desk:~$ ls  -l", "-rw-r--r--   1 robin    12 a.csv", "robin@desk:~$ "))
    after(made, 5)
    assert [one.text for one in observations(made.sights, "screen")] == [
        "$ ls -l\n-rw-r--r-- 1 robin 12 a.csv"
    ]


def test_what_moves_on_and_on_is_told_in_between() -> None:
    made, window = eyes(), shell("robin@desk:~$ ")
    made.look_at(window)
    after(made, 3)
    before = len(observations(made.sights, "screen"))
    for number in range(60):
        window.lines = [f"line {number}"]
        made.changed()
        after(made, 0.2)
    assert 3 <= len(observations(made.sights, "screen")) - before <= 5


def test_an_empty_window_is_read_by_its_pixels_until_it_has_words() -> None:
    made, window = eyes(), Fake(text="", lines=["File Edit Help"])
    made.look_at(window)
    after(made, 3)
    (menu,) = observations(made.sights, "screen")
    assert (menu.text, menu.trust) == ("File Edit Help", Trust.READ)
    typed(made, window, "words that are typed", 0.1)
    after(made, 3)
    assert len(observations(made.sights, "screen")) == 1
    assert observations(made.sights, "ui_tree")[-1].text == "words that are typed"


def test_only_what_changed_is_told_of_other_windows() -> None:
    made, window = eyes(), Fake("pcmanfm", "Documents", treeless=True, lines=["menu", "a.txt", "1 item"])
    made.look_at(window)
    after(made, 3)
    window.lines = ["menu", "a.txt", "b.txt", "2 items"]
    made.changed()
    after(made, 3)
    assert [one.text for one in observations(made.sights, "screen")][1:] == ["b.txt\n2 items"]


def test_noise_misreads_letters_of_pixels_only_and_always_the_same() -> None:
    def play(noise: float) -> list[Observation]:
        made = Eyes("test", NINE, noise)
        made.begin("one")
        for window in (
            shell("robin@desk:~$ sleep 100; tail -f soil.log", "x", "robin@desk:~$ "),
            Fake(number=2),
        ):
            made.look_at(window)
            after(made, 5)
        return observations(made.sights)

    clean, noisy = play(0.0), play(0.4)
    texts = {one.source: one.text for one in noisy}
    assert texts["ui_tree"] == "some words" and noisy == play(0.4)
    assert [one.text for one in clean if one.source == "screen"] != [
        one.text for one in noisy if one.source == "screen"
    ]


# --- steps and ids -------------------------------------------------------------------------------


def test_a_sight_belongs_to_the_step_in_which_it_was_seen() -> None:
    made, window = eyes(), Fake(text="")
    made.look_at(window)
    after(made, 3)
    made.begin("write")
    typed(made, window, "words", 0.1)
    after(made, 0.5)
    made.begin("away")
    after(made, 0.2)
    made.look_at(Fake(name="other", text="", number=2))
    (told,) = [one for one in made.sights if one.observation and one.observation.source == "ui_tree"]
    assert told.step == "write"


def test_ids_follow_from_the_name_and_times_never_go_back() -> None:
    def play(name: str) -> list[Sight]:
        made = Eyes(name, NINE)
        made.begin("one")
        for number in range(4):
            made.look_at(Fake(text=f"text {number}", name=f"window {number}", number=number))
            after(made, 3)
        return made.sights

    one, same, other = play("a"), play("a"), play("b")
    assert one == same
    ids = {found.id for found in observations(one)}
    assert all(len(found) == 32 and set(found) <= set("0123456789abcdef") for found in ids)
    assert not ids & {found.id for found in observations(other)}
    assert [sight.at for sight in one] == sorted(sight.at for sight in one)


def test_a_rule_id_is_the_products_own() -> None:
    made = eyes()
    made.look_at(page("Rail", "http://rail.test/", frame="Rail - Chromium (Incognito)"))
    assert [one.rule_id for one in exclusions(made.sights)] == [RuleId("builtin:private")]
