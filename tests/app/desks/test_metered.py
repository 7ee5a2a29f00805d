import pytest

from app.desks.metered import Metered, tokens
from gum.ports import Prompt


@pytest.mark.parametrize(("text", "count"), [("", 0), ("one two three", 4), ("京都へ", 4)])
def test_words_count_and_letters_where_no_spaces_are(text: str, count: int) -> None:
    assert tokens(text) == count


def test_the_meter_counts_what_is_asked_and_answered() -> None:
    class Parrot:
        name, takes_grammar = "parrot", False

        def complete(self, prompt: Prompt) -> str:
            return "three words here"

    meter = Metered(Parrot())
    assert meter.complete(Prompt("be brief", "say it")) == "three words here"
    assert meter.tokens == sum(map(tokens, ("be brief", "say it", "three words here")))
    assert meter.seconds > 0
