"""Any text in any place that can hold text: NUL, control characters, direction marks, unpaired surrogates.

It is stored, found or not found, forgotten, exported and taken in again; nothing of it is syntax, and what
comes out is UTF-8. Requests are in tests/app/test_hostile_requests.py.
"""

import asyncio
import json
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gum.types import Draft, Effect, Feedback, Percept, Rule, RuleId, Verdict
from storage import export, forget, observations, plans, privacy, propositions, scrub, search, suggestions
from storage.db import Database
from storage.scope import App, Site, Topic
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import change, draft, new, plan, suggestion

HOSTILE = st.text(
    st.characters(codec=None) | st.sampled_from("\0\ud800\udfff\u202e\u2066\ufeff\x1b\x07\r\n\"'%_*")
)
MEGABYTES = 10_000_000


def everywhere(s: Session, text: str) -> None:
    seen = observation(text, id="o", app=text or "a", title=text, url=text, source="screen")
    observations.append(s, seen)
    observations.perceived(s, seen.id, text + text, Percept(seen.id, (0.6, 0.8), 0.5, "m"))
    p = proposition(text, id="p", slots={"thing": text, text: "x"})
    propositions.commit(s, [new(p, [evidence("o", text)], text)])
    propositions.commit(s, [change(p, replace(p, text=text + "!"), [evidence("o", text + "!")])])
    offer = suggestion(["p"], text=text)
    suggestions.add(s, offer)
    plans.save(s, plan(text, offer.id, text), "waiting", NOON, NOON + timedelta(days=1))
    suggestions.add_feedback(s, Feedback(offer.id, Verdict.ACCEPT, text, NOON))
    privacy.add_rule(s, Rule(RuleId("r"), text, Effect.DROP, app=text, title=text, url=text))


def looked_at(s: Session, text: str) -> None:
    drafts: list[Draft] = [draft(proposition(text, slots={"thing": text}), [evidence("o", text)])]
    propositions.neighbours(s, drafts)
    propositions.without_forgotten(s, drafts)
    for typed in (text, text[:3], f'"{text}'):
        search.search(s, typed, {}, 5)
    for scope in (Topic(text), App(text), *([site] if (site := Site.of(text)) else [])):
        forget.weigh(s, scope)


@settings(max_examples=15)
@given(HOSTILE)
@example("\0")
@example("\ud800")
@example("\u202egnp.exe\u202c")
@example("\" OR observations_words MATCH 'x' --")
def test_any_text_goes_in_comes_out_and_goes_for_good(fresh: Path, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = (Database.open(shutil.copy(fresh, Path(folder) / name), None) for name in "ab")
        first.run_sync(lambda s: everywhere(s, text))
        first.read_sync(lambda s: looked_at(s, text))
        told = first.read_sync(lambda s: list(export.export(s)))
        for line in told:
            line.encode("utf-8")
            assert "\n" not in line
            assert "\0" not in str(json.loads(line))
        second.run_sync(lambda s: export.restore(s, told))
        assert second.read_sync(lambda s: list(export.export(s))) == told
        first.run_sync(lambda s: forget.forget(s, App(observations.list_(s, 1)[0].app)))
        assert first.read_sync(observations.count) == 0
        assert first.read_sync(lambda s: propositions.list_(s, status=None)) == []
        first.check()
        first.close()
        second.close()


@pytest.mark.parametrize("piece", ["word ", "東", "\ud800\0"])
def test_ten_megabytes_are_stored_found_and_forgotten(tmp_path: Path, piece: str) -> None:
    text = (piece * (MEGABYTES // len(piece) + 1))[:MEGABYTES]
    database = Database.open(tmp_path / "gumption.db", None)
    database.run_sync(
        lambda s: observations.append(s, observation(f"begins {text} ends", id="huge", app="a"))
    )
    assert database.read_sync(lambda s: search.search(s, "begins", {}, 5)).observations
    database.read_sync(
        lambda s: search.search(s, text[:500], {}, 5)
    )  # more is not asked: app.shapes.SearchIn
    database.run_sync(lambda s: forget.forget(s, App("a")))
    assert database.read_sync(observations.count) == 0
    asyncio.run(scrub.finish(database))
    database.close()
    assert database.path.stat().st_size < 1_000_000
