from datetime import timedelta

from gum.extract.draft import MAX_QUOTE, claim, kept
from tests.builders import NOON, observation


def test_a_slot_that_holds_nothing_or_far_too_much_makes_no_draft() -> None:
    cited = [(observation(), "fox")]
    assert claim("learning", {"subject": "…"}, cited, 0.5, "") is None
    assert claim("learning", {"subject": "x" * 500}, cited, 0.5, "") is None
    assert kept(None, claim("learning", {"subject": "fox"}, cited, 0.5, ""))


def test_long_quotes_are_cut_and_times_are_kept_in_utc() -> None:
    until = (NOON + timedelta(days=1)).astimezone()
    draft = claim("learning", {"subject": "x"}, [(observation(), "y" * 999)], 0.5, "", until)
    assert draft is not None
    assert len(draft.evidence[0].quote) == MAX_QUOTE
    assert draft.valid_until == NOON + timedelta(days=1)
