import pytest

from app.desks.generate.names import core, forms, headed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fish-ladder.tex", ("fish-ladder.tex", "fish-ladder")),
        ("fish ladder study", ("fish ladder study",)),
        ("St. Anne", ("St. Anne",)),
        ("家計簿.txt", ("家計簿.txt", "家計簿")),
        ("version 3.11", ("version 3.11",)),
    ],
)
def test_files_also_without_their_ending(text: str, found: tuple[str, ...]) -> None:
    assert forms(text) == found


def test_each_form_once() -> None:
    assert forms("plan.txt", "plan", "plan.txt") == ("plan.txt", "plan")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Oat milk, barista, 6 x 1 l", ("Oat milk, barista, 6 x 1 l", "Oat milk")),
        ("Cast-iron pan 28 cm", ("Cast-iron pan 28 cm", "Cast-iron pan")),
        ("Desk calendar", ("Desk calendar",)),
    ],
)
def test_products_as_people_speak_of_them(name: str, found: tuple[str, ...]) -> None:
    assert core(name) == found


def test_headings_keep_the_rest() -> None:
    assert headed("seminar on the Hanse") == "Seminar on the Hanse"
    assert headed("") == ""
