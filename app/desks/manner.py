"""How a person has set up their desktop and how their hands work: drawn from the seed. Pure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from app.desks.types import Program

SCREENS = ((1920, 1080), (1680, 1050), (1600, 900), (1440, 900))  # pixels
FONTS = (9, 10, 10, 11, 11, 12, 13)  # points, of menus and editors
ZOOMS = (0.9, 1.0, 1.0, 1.0, 1.1, 1.25)  # of pages
SMALLEST = {  # width and height below which nobody works in it
    Program.BROWSER: (900, 620),
    Program.PRIVATE: (860, 600),
    Program.EDITOR: (560, 380),
    Program.TERMINAL: (640, 400),
    Program.OFFICE: (860, 620),
    Program.FILES: (600, 400),
}
_LARGEST = 0.92  # of the screen: below this a window still shows what lies beside it
_BAR = 30  # pixels of a title bar, which stands above the height

Place = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Manner:
    """`places` are where windows of each program are put; `slips` is how often a step has a wrong click."""

    screen: tuple[int, int]
    dark: bool
    font: int
    zoom: float
    places: Mapping[Program, Place]
    slips: float


def manner(desk: str, seed: int) -> Manner:
    """The manner of the person of a desk (its id). The same for the same arguments."""
    dice = random.Random(f"manner {desk} {seed}")
    screen = dice.choice(SCREENS)
    return Manner(
        screen=screen,
        dark=dice.random() < 0.4,
        font=dice.choice(FONTS),
        zoom=dice.choice(ZOOMS),
        places={program: _place(dice, screen, *SMALLEST[program]) for program in Program},
        slips=dice.uniform(0.03, 0.12),
    )


def _place(dice: random.Random, screen: tuple[int, int], width: int, height: int) -> Place:
    """A window between its smallest size and nearly the whole screen, all of it on the screen."""
    wide = dice.randint(width, int(screen[0] * _LARGEST))
    high = dice.randint(height, int(screen[1] * _LARGEST) - _BAR)
    return dice.randint(0, screen[0] - wide), dice.randint(0, screen[1] - high - _BAR), wide, high
