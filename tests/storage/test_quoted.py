from gum.types import Evidence, ObservationId, Stance, Status
from storage import observations, propositions
from storage.db import Database
from storage.quoted import beginning
from tests.builders import observation, proposition
from tests.storage.builders import new

SETS = "$ git config core.editor "


def learn(db: Database, name: str, quote: str, kind: str = "prefers", **more: object) -> None:
    seen = observation(quote, id=f"o-{name}")
    slot = "thing" if kind == "prefers" else "topic"
    stance = more.pop("stance", Stance.SUPPORTS)
    cited = [Evidence(ObservationId(seen.id), quote, stance)]  # type: ignore[arg-type]
    made = proposition(name, id=name, type=kind, slots={slot: name}, **more)  # type: ignore[arg-type]
    db.run_sync(lambda s: observations.append(s, seen))
    db.run_sync(lambda s: propositions.commit(s, [new(made, cited)]))


def test_living_claims_of_the_type_are_found_by_how_their_quote_begins(db: Database) -> None:
    learn(db, "vim", f"{SETS}vim")
    learn(db, "nano", "I like nano")
    learn(db, "topic", f"{SETS}topic", kind="interested_in")
    learn(db, "gone", f"{SETS}gone", status=Status.SUPERSEDED)
    learn(db, "against", f"{SETS}against", stance=Stance.CONTRADICTS)
    found = db.read_sync(lambda s: beginning(s, "prefers", [SETS, SETS, "font = "]))
    assert [p.id for p in found] == ["vim"]


def test_a_sign_for_any_letter_is_only_itself_and_nothing_asked_is_nothing_found(db: Database) -> None:
    learn(db, "vim", f"{SETS}vim")
    assert db.read_sync(lambda s: beginning(s, "prefers", ["%", "$_git"])) == []
    assert db.read_sync(lambda s: beginning(s, "prefers", [])) == []
