from dataclasses import replace

import pytest

from gum.types import Cause, Status
from storage import observations, propositions
from storage.db import Database
from storage.rescoring import rescore
from tests.builders import evidence, observation, proposition
from tests.storage.builders import change, new


def test_it_does_what_commit_does(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation("tea cake", id="o")))
    for key in ("one", "two"):
        p = proposition(f"Likes {key}", id=key, slots={"thing": key}, confidence=0.9)
        db.run_sync(lambda s, p=p: propositions.commit(s, [new(p, [evidence("o", "tea")])]))
        db.run_sync(lambda s, p=p: propositions.set_vectors(s, {p.id: (1.0, 0.0)}, "m"))
        made = change(p, replace(p, confidence=0.4, status=Status.STALE), [], Cause.RETRACT)
        write = propositions.commit if key == "one" else rescore
        db.run_sync(lambda s, made=made, write=write: write(s, [made]))
        kept = db.read_sync(lambda s, p=p: propositions.get(s, p.id))
        assert kept == made.after
        assert db.read_sync(lambda s, p=p: propositions.revisions_of(s, p.id))[1] == made
        assert db.read_sync(lambda s, p=p: propositions.list_(s, "stale")) != []


def test_what_changes_more_is_refused_and_nothing_is_nothing(db: Database) -> None:
    p = proposition()
    for made in (change(p, p, [evidence("o")]), replace(change(p, p), after=None)):
        with pytest.raises(ValueError, match="alone"):
            db.run_sync(lambda s, made=made: rescore(s, [made]))
    db.run_sync(lambda s: rescore(s, []))
