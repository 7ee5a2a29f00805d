from datetime import timedelta

from app.batch import revisions_for
from gum import claims
from gum.types import Cause, Draft, Evidence, ObservationId
from tests.builders import NOON


def draft(observation: str, thing: str = "thesis.md") -> Draft:
    quote = (Evidence(ObservationId(observation), thing),)
    return claims.make("working_on", {"thing": thing}, quote, 0.6)


def test_two_drafts_of_one_claim_in_a_batch_make_one_proposition() -> None:
    made = revisions_for([draft("a"), draft("b")], [], lambda i: (), NOON)
    assert [r.cause for r in made] == [Cause.NEW, Cause.REINFORCE]
    assert len({r.proposition_id for r in made}) == 1


def test_the_same_batch_again_changes_nothing() -> None:
    first = revisions_for([draft("a"), draft("b", "notes.md")], [], lambda i: (), NOON)
    known = [r.after for r in first if r.after is not None]
    cited = {r.proposition_id: r.evidence for r in first}
    again = revisions_for(
        [draft("a"), draft("b", "notes.md")], known, cited.__getitem__, NOON + timedelta(hours=1)
    )
    assert again == []
