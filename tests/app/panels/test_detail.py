from app.panels.card import quotes
from app.panels.detail import said_evidence
from app.tray.wire import Evidence, Proposition, Suggestion

QUOTED = Evidence("o", "“budget” by\nFriday", app="mousepad", title="plan.md")
AGED = Evidence("", "", app="firefox")


def test_evidence_is_told_with_its_words_or_that_they_have_gone_by_age() -> None:
    assert said_evidence(QUOTED).splitlines()[0] == "““budget” by Friday”"
    assert said_evidence(AGED).splitlines()[0] == "Seen then; the words have gone by age"
    assert "firefox" in said_evidence(AGED)


def test_an_offer_shows_no_evidence_without_words() -> None:
    why = (Proposition("p", "x", evidence=(AGED, QUOTED)), Proposition("q", "y", evidence=(AGED,)))
    assert [piece for _, _, piece in quotes(Suggestion("s", "t", why=why))] == [QUOTED]
