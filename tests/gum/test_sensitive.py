import pytest

from gum.sensitive import sensitive


@pytest.mark.parametrize(
    "text",
    [
        "pregnancy test",
        "Depression treatment",
        "妊娠検査",
        "Scheidung Kosten",
        "dépression",
        "HIV",
        "debt collector",
    ],
)
def test_health_mood_belief_sexuality_and_debt_are_sensitive(text: str) -> None:
    assert sensitive(text)


@pytest.mark.parametrize(
    "text", ["main.py", "hive setup", "Gayatri Rao", "tinderbox", "er sucht ein Buch", ""]
)
def test_words_that_only_begin_alike_are_not(text: str) -> None:
    assert not sensitive(text)
