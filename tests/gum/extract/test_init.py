from gum.extract import everything
from tests.builders import observation


def test_every_extractor_is_asked_and_an_empty_desk_says_nothing() -> None:
    assert everything([]) == []
    desk = observation(
        "To: Anna Keller <a@x.test>\nI must submit the essay by Friday", title="essay.md - Mousepad"
    )
    assert {d.type for d in everything([desk])} == {"working_on", "communicating_with", "has_deadline"}
