"""From what may be seen to the shapes that leave."""

from datetime import timedelta

from app.plugin.shapes import AnswerOut, ContextOut
from app.plugin.views import claim_view, spans, with_answer, with_text
from gum.types import ObservationId
from storage.granted import Cited, Sight
from tests.builders import NOON, proposition

MINUTE = timedelta(minutes=1)


def sight(minute: int, app: str | None, title: str | None = None) -> Sight:
    at = NOON + minute * MINUTE
    return Sight(ObservationId(f"o{minute}"), at, at + MINUTE, app, title)


def test_sights_of_one_program_are_one_stretch_until_it_rests() -> None:
    made = spans(
        [sight(0, "code", "a"), sight(2, "code", "b"), sight(3, None), sight(5, "code"), sight(30, "code")]
    )
    assert [(s.app, s.observations) for s in made] == [("code", 1), ("code", 1), (None, 1), ("code", 2)]
    assert made[-1].titles == ["a", "b"]
    assert (made[-1].start, made[-1].end) == (NOON, NOON + 3 * MINUTE)
    assert spans([]) == []


def test_a_claim_does_not_change_with_every_second() -> None:
    p = proposition(confidence=0.712345)
    one, other = (claim_view(p, [], NOON + timedelta(seconds=n)) for n in (0, 1))
    assert one == other
    assert one.confidence == 0.71
    cited = claim_view(p, [Cited(ObservationId("o"), NOON, "supports", quote="q")], NOON, 0.98765)
    assert (cited.score, cited.citations[0].quote) == (0.988, "q")


def test_the_text_of_a_context_holds_the_claims_that_are_told_and_no_others() -> None:
    views = [
        claim_view(proposition(f"Works on chapter {n} " + "of a long book " * 8), [], NOON) for n in range(20)
    ]
    made = with_text(ContextOut(items=views, text="", tokens=0), 300)
    assert 0 < len(made.items) < 20
    assert made.tokens <= 300
    assert all(view.text.strip() in made.text for view in made.items)
    assert views[len(made.items)].text.strip() not in made.text
    assert "untrusted" in made.text
    assert with_text(ContextOut(items=[], text="", tokens=0), 300).text == ""


def test_an_answer_is_made_of_claims_or_says_that_nothing_is_known() -> None:
    empty = AnswerOut(known=False, answer="", confidence=0, claims=[])
    assert not with_answer(empty).known
    assert "Nothing" in with_answer(empty).answer
    told = with_answer(
        empty.model_copy(update={"claims": [claim_view(proposition("Works on thesis"), [], NOON)]})
    )
    assert told.known
    assert told.answer == "Probable: Works on thesis (last seen 2026-11-20)."
    assert told.confidence == 0.6
