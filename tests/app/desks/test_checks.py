"""Checks of a desk that no file was read for, as `generate` composes them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.desks.checks import check
from app.desks.load import load
from app.desks.types import Desk
from tests.app.desks.gardener import folder


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return load(folder(tmp_path))


def _paths(desk: Desk) -> list[tuple[str | int, ...]]:
    return [one.path for one in check(desk)]


def test_nothing_is_wrong_with_a_good_desk(desk: Desk) -> None:
    assert check(desk) == []


def test_everything_that_is_wrong_is_found_at_once(desk: Desk) -> None:
    talk, after = desk.facts
    spoilt = replace(
        desk,
        facts=(replace(talk, type="works_on", half_life="year"), replace(after, evidence=("nowhere",))),
        wants=(replace(desk.wants[0], benefit=0, fact="nothing"),),
        busy=(replace(desk.busy[0], ends=desk.busy[0].begins),),
    )
    assert _paths(spoilt) == [
        ("facts", 0, "type"),
        ("facts", 0, "half_life"),
        ("facts", 1, "evidence", 0),
        ("wants", 0, "benefit"),
        ("wants", 0, "fact"),
        ("busy", 0, "ends"),
    ]


def test_fields_of_pages_and_steps_are_looked_at_without_a_file_too(desk: Desk) -> None:
    pages = {**desk.pages, "news": replace(desk.pages["news"], fields={"paper": "Herald", "titel": "x"})}
    assert _paths(replace(desk, pages=pages)) == [("pages", 0, "titel")]
    first = desk.sessions[0]
    steps = (replace(first.steps[0], fields={"program": 7}), *first.steps[1:])
    assert ("sessions", 0, "steps", 0, "program") in _paths(
        replace(desk, sessions=(replace(first, steps=steps), desk.sessions[1]))
    )


def test_a_page_kind_that_is_none_is_found_without_a_file_too(desk: Desk) -> None:
    pages = {**desk.pages, "news": replace(desk.pages["news"], kind="newspaper")}
    assert ("pages", 0, "kind") in _paths(replace(desk, pages=pages))


def test_a_desk_needs_a_session(desk: Desk) -> None:
    assert _paths(replace(desk, sessions=(), facts=(), decoys=(), secrets=(), wants=())) == [()]


def test_a_fact_may_begin_when_the_one_it_replaces_ends_and_no_earlier(desk: Desk) -> None:
    talk, after = desk.facts
    assert after.begins == talk.ends
    early = replace(after, begins=after.begins - timedelta(seconds=1))
    assert _paths(replace(desk, facts=(talk, early))) == [("facts", 1, "replaces")]


def test_the_same_help_may_be_wanted_one_after_the_other(desk: Desk) -> None:
    want = desk.wants[0]
    later = replace(want, id="later", begins=want.ends, ends=want.ends + timedelta(hours=1))
    assert check(replace(desk, wants=(want, later))) == []
    other = replace(want, id="other", kind="find")
    assert check(replace(desk, wants=(want, other))) == []
    same = replace(later, begins=want.ends - timedelta(seconds=1))
    assert _paths(replace(desk, wants=(want, same))) == [("wants", 1)]


def test_words_of_a_decoy_may_stand_in_what_is_denied(desk: Desk) -> None:
    """Who does not like tea may well joke about liking it."""
    decoy = replace(desk.decoys[0], words=(("moss",),))
    talk, after = desk.facts
    assert _paths(replace(desk, decoys=(decoy,))) == [("decoys", 0, "words", 0)]
    assert check(replace(desk, decoys=(decoy,), facts=(talk, replace(after, negative=True)))) == []


def test_accents_hide_nothing(desk: Desk) -> None:
    talk = replace(desk.facts[0], slots={"thing": ("café talk",)}, forbidden=("cafe",))
    assert _paths(replace(desk, facts=(talk, desk.facts[1]))) == [("facts", 0, "slots", "thing", 0)]
