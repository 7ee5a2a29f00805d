from gum.types import Percept, Status
from storage import observations, propositions, truth
from storage.db import Database
from tests.builders import observation, proposition
from tests.storage.builders import new


def test_the_index_must_hold_what_is_active_and_of_its_model(db: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for key, status, model in (
            ("p", Status.ACTIVE, "m"),
            ("stale", Status.STALE, "m"),
            ("other", Status.ACTIVE, "n"),
        ):
            p = proposition(key, id=key, slots={"thing": key}, status=status)
            propositions.commit(s, [new(p)])
            propositions.set_vectors(s, {p.id: (0.6, -0.8)}, model)
        propositions.commit(s, [new(proposition("bare", id="bare", slots={"thing": "bare"}))])
        for key, model in (("o", "m"), ("old", "n")):
            observations.append(s, observation("words", id=key))
            seen = observation(id=key).id
            observations.perceived(s, seen, "words", Percept(seen, (1.0, 0.0), 0.5, model))

    db.run_sync(fill)
    held = db.read_sync(lambda s: list(truth.vectors(s, "m")))
    assert [(kind, key) for kind, key, _ in held] == [("propositions", "p"), ("observations", "o")]
    assert [round(float(x), 6) for x in held[0][2]] == [0.6, -0.8]
    assert list(held[1][2]) == [1.0, 0.0]
