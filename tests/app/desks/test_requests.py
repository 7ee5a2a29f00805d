from app.desks import generate
from app.desks.judge import holds
from app.desks.requests import IDLE, Need, every, needed, shown
from app.desks.trace import sights
from app.desks.types import Desk, Fact
from gum.claims import TABLE


def test_there_are_enough_requests_in_both_parts_and_none_twice() -> None:
    asked = [r for r in every() if r.need.id != IDLE]
    assert len({r.text for r in every()}) == len(every())
    assert len(asked) >= 120
    assert 0.4 < sum(r.test for r in asked) / len(asked) < 0.6
    assert {r.language for r in asked} == {"en", "de", "fr", "es", "ja"}
    assert all(set(r.need.types) <= set(TABLE) for r in every())
    assert set(TABLE) == {t for r in asked for t in r.need.types}


def test_a_need_is_touched_by_its_types_and_words_alone() -> None:
    drink = Need("drink", ("prefers",), ("tea",))
    assert drink.touches("prefers", ["green Tea"])
    assert not drink.touches("prefers", ["teapots"])
    assert not drink.touches("bought", ["tea"])
    assert Need("any", ("bought",)).touches("bought", ["tea"])
    assert Need("drink", ("prefers",), ("thé",)).touches("prefers", ["Thé vert"])
    assert not Need("drink", ("prefers",), ("thé",)).touches("prefers", ["the train"])


def test_what_is_needed_holds_was_shown_and_matters() -> None:
    found = 0
    for seed in range(8):
        desk = generate.desk(seed)
        seen = sights(desk, 0)
        at = seen[len(seen) // 2].at
        steps = shown(seen, at)
        for need in {r.need for r in every()}:
            for fact in needed(need, desk, steps, at):
                found += 1
                assert holds(fact, at)
                assert not fact.minor
                assert steps & set(fact.evidence)
                assert fact.type in need.types
        assert not needed(Need("work", ("working_on",)), desk, frozenset(), at)
    assert found > 10


def test_of_deadlines_the_nearest_one_is_needed() -> None:
    desk = next(d for d in map(generate.desk, range(60)) if len(_dated(d)) > 1)
    facts = _dated(desk)
    at = max(f.begins for f in facts)
    steps = frozenset(step for f in facts for step in f.evidence)
    got = needed(Need("due", ("has_deadline",), nearest=True), desk, steps, at)
    held = [f for f in facts if holds(f, at) and f.ends]
    assert got == sorted(held, key=lambda f: (f.ends or at, f.id))[:1]


def _dated(desk: Desk) -> list[Fact]:
    return [f for f in desk.facts if f.type == "has_deadline" and not f.minor]
