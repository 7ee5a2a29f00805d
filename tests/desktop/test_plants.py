"""What is planted can be found, and is taken for nothing else."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gum.redact import redacted
from tests.desktop.plants import STEP, Plants, colours_in, palette
from tests.desktop.windows import painted


def test_no_two_plants_have_a_word_or_a_colour_in_common() -> None:
    plants = Plants()
    made = [plants.text() for _ in range(200)]
    assert len({plant.shown for plant in made}) == 200
    assert len({plant.colour for plant in made}) == 200
    assert not {plant.colour for plant in made} & set(plants.spare)
    assert Plants().text() == made[0]


def test_any_two_colours_are_further_apart_than_a_lossy_picture_moves_them() -> None:
    every = np.array(palette())
    apart = np.abs(every[:, None, :] - every[None, :, :]).max(axis=2)
    assert apart[~np.eye(len(every), dtype=bool)].min() >= STEP


@given(st.integers(0, 10_000))
def test_a_painted_plants_colour_is_found_and_no_other_of_the_palette(seed: int) -> None:
    plant = Plants(seed).text()
    picture = np.asarray(painted((520, 220), plant, "some ordinary words below it"))
    assert colours_in(picture) & set(palette()) == {plant.colour}


def test_a_colour_here_and_there_is_no_spot_of_it() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    assert not colours_in(picture)
    assert not colours_in(np.zeros((3, 3, 3), np.uint8))


def test_secrets_are_valid_so_that_only_what_they_are_gives_them_away() -> None:
    plants = Plants(random.Random(7).randrange(99))
    for secret in (plants.card(), plants.iban(), plants.key()):
        assert all(word not in redacted(f"there is {secret.shown} in it") for word in secret.words)
    word = plants.word()
    assert redacted(f"there is {word} in it") == f"there is {word} in it"
