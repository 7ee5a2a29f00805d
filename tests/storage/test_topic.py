"""The full-text indexes and the pure rule must agree on what is about a topic."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gum.text import pieces
from gum.topic import says
from gum.types import Feedback, Outcome, Verdict
from storage import observations, plans, propositions, suggestions, topic
from storage.db import Database
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import new, plan, suggestion

TEXTS = (
    "Tickets for the opera",
    "the opera, and more",
    "Le Café de Flore",
    "a taxi to the platform",
    "the tax-form",
    "chapter3.md - Mousepad",
    "来月東京都へ行く",
    "京東で買う",
    "100%_sure",
    'say "NEAR" AND (nothing*)',
)
TYPED = (
    *("opera tickets", "opera", "CAFE flore", "tax", "taxi platform", "form", "chapter3.md", "東京", "東"),
    *("東京都 来月", "東京都 opera", "100%", "100%_", "NEAR", '"', "nothing* AND", "", "   ", "moonlight"),
)


@pytest.mark.parametrize("typed", TYPED)
def test_observations_are_found_by_the_index_as_the_rule_says(db: Database, typed: str) -> None:
    rows = [observation(text, id=str(n), title="") for n, text in enumerate(TEXTS)]
    db.run_sync(lambda s: [observations.append(s, o) for o in rows])
    found = db.read_sync(lambda s: topic.observations(s, typed))
    assert sorted(found) == [str(n) for n, text in enumerate(TEXTS) if says(pieces(typed), text)]


def test_words_may_be_spread_over_title_text_and_address(db: Database) -> None:
    o = observation("the opera", id="o", title="Tickets", url="https://vienna.example/")
    db.run_sync(lambda s: observations.append(s, o))
    assert db.read_sync(lambda s: topic.observations(s, "opera ticket vienna")) == ["o"]


def test_what_is_believed_offered_planned_and_noted_is_read(db: Database) -> None:
    def fill(s: Session) -> None:
        observations.append(s, observation("nothing of the kind", id="o"))
        p = proposition("Prefers tea", id="p", slots={"thing": "tea", "over": "Kräuter\nlikör"})
        propositions.commit(s, [new(p, [evidence("o", "nothing")], "tea,\nhe said")])
        offer = suggestion(["p"], text="Buy\nmoonlight tea", at=NOON)
        suggestions.add(s, offer)
        todo = plan("harmless", target="/home/me/moonlight.txt")
        plans.save(s, todo, "waiting", NOON + timedelta(hours=1), NOON)
        done = plan("harmless too")
        plans.save(s, done, "done", NOON + timedelta(hours=1), NOON)
        plans.add_outcomes(s, done.id, [Outcome(0, True, "saw moonlight", {})], NOON)
        suggestions.add_feedback(s, Feedback("p", Verdict.EDIT, "no moonlight", NOON))

    db.run_sync(fill)
    assert db.read_sync(lambda s: topic.propositions(s, "krauterlikor")) == []  # two words
    assert db.read_sync(lambda s: topic.propositions(s, "prefers KRAUTER likör")) == ["p"]
    assert db.read_sync(lambda s: topic.revisions(s, "likor he")) == [1]
    assert len(db.read_sync(lambda s: topic.suggestions(s, "moonlight buy"))) == 1
    assert len(db.read_sync(lambda s: topic.plans(s, "moonlight"))) == 2
    assert db.read_sync(lambda s: topic.notes(s, "moonlight")) == [1]
    for find in (topic.propositions, topic.revisions, topic.suggestions, topic.plans, topic.notes):
        assert db.read_sync(lambda s, find=find: find(s, " ")) == []
