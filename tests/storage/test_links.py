from datetime import timedelta
from pathlib import Path

from gum.types import Link, LinkKind, PropositionId
from storage import links, observations, propositions
from storage.db import Database
from storage.links import Tie
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import KEY, new

OLD, NOW, NEXT = (PropositionId(name) for name in ("old", "now", "next"))


def test_links_are_told_from_both_sides_oldest_first(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "g.db", KEY)
    try:
        database.run_sync(lambda s: observations.append(s, observation(id="a")))
        later = NOON + timedelta(hours=1)
        took_its_place, opposes = Link(OLD, LinkKind.SUPERSEDES), Link(NOW, LinkKind.CONTRADICTS)
        made = [
            new(proposition(id="old", text="old text", slots={"item": "old"}), [evidence("a")]),
            new(proposition(id="now", text="now text", slots={"item": "now"}), links=[took_its_place]),
            new(proposition(id="next", text="next text", slots={"item": "next"}), at=later, links=[opposes]),
        ]
        database.run_sync(lambda s: propositions.commit(s, made))
        told = {key: database.read_sync(lambda s, key=key: links.of(s, key)) for key in (OLD, NOW, NEXT)}
        assert told[OLD] == [Tie(LinkKind.SUPERSEDES, False, NOW, "now text", NOON)]
        assert told[NOW] == [
            Tie(LinkKind.SUPERSEDES, True, OLD, "old text", NOON),
            Tie(LinkKind.CONTRADICTS, False, NEXT, "next text", later),
        ]
        assert told[NEXT] == [Tie(LinkKind.CONTRADICTS, True, NOW, "now text", later)]
    finally:
        database.close()
