"""The manner of a person: the same for a seed, different between seeds, always usable."""

from app.desks.manner import SCREENS, SMALLEST, manner
from app.desks.types import Program

MANY = [manner("bakery", seed) for seed in range(200)]


def test_a_seed_always_gives_the_same_manner() -> None:
    assert manner("bakery", 3) == manner("bakery", 3)
    assert manner("bakery", 3) != manner("bakery", 4)
    assert manner("bakery", 3) != manner("thesis", 3)


def test_seeds_differ_in_everything() -> None:
    assert {m.dark for m in MANY} == {True, False}
    assert {m.screen for m in MANY} == set(SCREENS)
    assert len({m.font for m in MANY}) > 3 and len({m.zoom for m in MANY}) > 3
    assert len({m.places[Program.EDITOR] for m in MANY}) > 190
    assert all(0 < m.slips < 0.2 for m in MANY)


def test_every_window_is_large_enough_and_on_the_screen() -> None:
    for each in MANY:
        for program, (left, top, width, height) in each.places.items():
            assert (width, height) >= SMALLEST[program] and height >= SMALLEST[program][1]
            assert left >= 0 and top >= 0
            assert left + width <= each.screen[0] and top + height <= each.screen[1]
