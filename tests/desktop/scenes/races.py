"""Windows that do not hold still while they are looked at: what was true a moment ago is not any more.

Each goes on for PLAY_S. The ordinary window keeps changing meanwhile, so that there is always a reason to
look, and what is left out is somewhere else at every look.
"""

import math
import random
import time
from collections.abc import Callable, Iterator

from tests.desktop.pages import page
from tests.desktop.scenes.programs import GROUND, WITHIN
from tests.desktop.stage import Stage
from tests.desktop.windows import Shown

PLAY_S = 6.0
REDRAW_S = 0.25


def _play(stage: Stage, ground: Shown, name: str, step: Callable[[int], None], pause_s: float) -> None:
    """Calls `step` again and again, while the ordinary window changes; it must be seen all the same.

    In the second half with rests: a picture is taken when something stood still.
    """
    plant = stage.harmless(f"the ordinary window, while {name}")
    began, drawn, number = time.monotonic(), 0.0, 0
    while time.monotonic() - began < PLAY_S:
        step(number)
        number += 1
        if time.monotonic() - drawn > REDRAW_S:
            ground.draw(plant, f"{number} times")
            stage.poke()
            drawn = time.monotonic()
        late = time.monotonic() - began > PLAY_S / 2
        time.sleep(random.Random(number).uniform(0, 0.6) if late and number % 4 == 0 else pause_s)
    stage.cases[-1].note = f"{number} times"


def _path(number: int) -> tuple[int, int]:
    """Places on a loop that leads over the ordinary window and off it."""
    angle = number / 9
    return int(300 + 420 * math.cos(angle)), int(260 + 240 * math.sin(angle))


def moved_over(stage: Stage) -> None:
    """Windows that are left out are moved over the one in front, by the window manager and past it."""
    ground = stage.screen.show("notes", "What is to be done", None, place=GROUND)
    for popup in (False, True):
        what = "a menu of a window that is left out" if popup else "a window that is left out"
        secret = stage.secret(f"{what}, moved over the front window")
        moving = stage.screen.show("KeePassXC", secret.shown, secret, place=WITHIN, popup=popup)
        stage.screen.activate(ground.id)
        moving.raise_()
        _play(stage, ground, f"{what} moves over it", lambda n, m=moving: m.move(*_path(n)), 0.008)  # type: ignore[misc]
        moving.close()
    stage.seen(stage.cases[-1].plant)


def shown_and_hidden(stage: Stage) -> None:
    """A window that is left out comes and goes above the one in front, and goes under it and above."""
    ground = stage.screen.show("notes", "What is to be done", None, place=GROUND)
    secret = stage.secret("a menu of a window that is left out, shown and hidden")
    flashing = stage.screen.show("KeePassXC", secret.shown, secret, place=WITHIN, popup=True)
    stage.screen.activate(ground.id)
    _play(stage, ground, "a menu flashes", lambda n: flashing.show() if n % 2 else flashing.hide(), 0.013)
    flashing.close()
    secret = stage.secret("a window that is left out, raised and lowered")
    window = stage.screen.show("KeePassXC", secret.shown, secret, place=WITHIN)
    stage.screen.activate(ground.id)
    _play(
        stage,
        ground,
        "a window is raised and lowered",
        lambda n: window.raise_() if n % 2 else window.lower(),
        0.03,
    )
    stage.seen(stage.cases[-1].plant)


def moved_away(stage: Stage) -> None:
    """The window in front is moved about; what is left out lies under it."""
    secret = stage.secret("a window that is left out, under one that is moved away")
    stage.screen.show("KeePassXC", secret.shown, secret, place=(GROUND[0] + 20, GROUND[1] + 20, 600, 400))
    ground = stage.front("notes", "What is to be done", None, place=GROUND)

    def step(n: int) -> None:
        ground.move(GROUND[0] + (n * 37) % 600, GROUND[1] + (n * 23) % 300)

    _play(stage, ground, "it is moved about", step, 0.02)
    ground.move(GROUND[0], GROUND[1])
    stage.seen(stage.cases[-1].plant)


def titles_that_flip(stage: Stage) -> None:
    """A window shows its secret only while its title says so, for some hundredths of a second at a time."""
    secret = stage.secret("what a window shows only while its title is a private one")
    window = stage.screen.show("viewer", "An article on ducks", None, place=GROUND)
    plant = stage.harmless("what it shows between")
    began, number = time.monotonic(), 0
    while time.monotonic() - began < PLAY_S:
        number += 1
        window.title(f"{secret.shown} — Mozilla Firefox Private Browsing")
        window.draw(secret)
        time.sleep(0.02 + 0.05 * (number % 9))
        window.draw(plant, f"{number} times")
        window.title("An article on ducks")
        time.sleep(0.02 + 0.05 * (number % 7))
        if number % 4 == 0:
            stage.poke()
    stage.seen(plant)
    stage.cases[-2].note = f"{number} times"


def fronts_that_flip(stage: Stage) -> None:
    """An ordinary window and one that is left out, at the same place, come to the front by turns."""
    secret = stage.secret("a window that is left out, in front by turns")
    hidden = stage.screen.show("KeePassXC", secret.shown, secret, place=GROUND)
    ground = stage.screen.show("notes", "What is to be done", None, place=GROUND)
    windows = _by_turns(hidden, ground)
    _play(
        stage,
        ground,
        "another comes to the front by turns",
        lambda n: stage.screen.activate(next(windows)),
        0.03,
    )
    stage.screen.activate(ground.id)
    stage.seen(stage.cases[-1].plant)


def _by_turns(*windows: Shown) -> Iterator[int]:
    while True:
        yield from (window.id for window in windows)


def closed_for_another(stage: Stage) -> None:
    """An ordinary window closes, and one that is left out opens at its very place, again and again."""
    secret = stage.secret("a window that is left out, opened where another was")
    plant = stage.harmless("the ordinary window that was there")
    for number in range(12):
        ground = stage.front("notes", "What is to be done", plant, place=GROUND)
        ground.draw(plant, f"{number} times")
        if number == 0:
            stage.seen(plant)
        time.sleep(0.1 + 0.05 * (number % 6))
        vault = stage.screen.show("KeePassXC", secret.shown, secret, place=GROUND)
        ground.close()
        time.sleep(0.1 + 0.05 * (number % 5))
        vault.close()


def tabs_that_flip(stage: Stage) -> None:
    """A page that is left out and an ordinary one, in tabs of one window, come to the front by turns."""
    plant, secret = stage.harmless("an ordinary page, by turns"), stage.secret("a bank's page, by turns")
    ordinary = stage.browser.tab(stage.pages.put("news.example", page("What is new", plant)))
    stage.seen(plant)
    bank = stage.browser.tab(stage.pages.put("www.chase.com", page("What is owed", secret)))
    began, number = time.monotonic(), 0
    while time.monotonic() - began < PLAY_S:
        number += 1
        stage.browser.front(ordinary if number % 2 else bank)
        time.sleep(0.05 + 0.11 * (number % 8))
        stage.poke()
    stage.cases[-1].note = f"{number} times"
    for tab in (bank, ordinary):
        stage.browser.close(tab)


SCENES = (
    moved_over,
    shown_and_hidden,
    moved_away,
    titles_that_flip,
    fronts_that_flip,
    closed_for_another,
    tabs_that_flip,
)
