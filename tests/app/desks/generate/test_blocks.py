"""Every block by itself: it can be built, and what it contributes makes a whole desk."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from app.desks.checks import check
from app.desks.generate import compose, people, stocks
from app.desks.generate.blocks import decoys, habits, secrets
from app.desks.generate.build import Build
from app.desks.generate.parts import Context, Contribution, Unsuited
from app.desks.generate.weave import weave
from app.desks.types import Decoy, Desk, SecretKind
from gum.claims import TABLE

GROUPS = {**compose.BLOCKS, "decoy": decoys.BLOCKS, "habit": habits.BLOCKS, "secret": secrets.BLOCKS}
ALL = [(kind, block) for kind, blocks in GROUPS.items() for block in blocks]
Block = Callable[[Build], None]


@cache
def contexts() -> tuple[Context, ...]:
    """Two people of each language with a job that has a terminal, and two with one that has none."""
    found: dict[tuple[str, bool], list[Context]] = {}
    for n in range(2000):
        one = people.context(Random(f"test {n}"))
        alike = found.setdefault((one.language, one.job["terminal"]), [])
        if len(alike) < 2:
            alike.append(replace(one, load=(0,) * len(one.begins)))
    assert len(found) == 2 * len(stocks.languages())
    return tuple(one for alike in found.values() for one in alike)


def built(kind: str, block: Block, context: Context, seed: int) -> Contribution | None:
    build = Build(f"{kind}.{block.__name__}", Random(seed), context)
    try:
        block(build)
    except Unsuited:
        return None
    return build.done()


def alone(part: Contribution, context: Context) -> Desk:
    """A desk with just this in it, and the pages that all share."""
    rng = Random(0)
    parts = [compose._base(rng, context), part]
    woven = weave(rng, context.begins, parts)
    return compose._desk(0, context, parts, woven)


def test_every_type_has_three_blocks_or_more() -> None:
    assert set(compose.BLOCKS) == set(TABLE)
    for kind, blocks in compose.BLOCKS.items():
        assert len(blocks) >= 3, kind
        assert len({block.__name__ for block in blocks}) == len(blocks)


@pytest.mark.parametrize(("kind", "block"), ALL, ids=[f"{k}.{b.__name__}" for k, b in ALL])
def test_by_itself_it_makes_a_whole_desk(kind: str, block: Block) -> None:
    languages = set()
    for seed, context in enumerate(contexts()):
        part = built(kind, block, context, seed)
        if part is None:
            continue
        languages.add(context.language)
        desk = alone(part, context)
        assert check(desk) == [], (seed, context.language)
        if kind in TABLE:
            mine = [fact for fact in desk.facts if not fact.minor]
            assert mine, seed
            assert {fact.type for fact in mine} == {kind}
        elif kind == "decoy":
            assert desk.decoys
        assert part.acts >= 1
    assert languages == set(stocks.languages())


def test_blocks_take_what_no_other_block_has() -> None:
    for context in contexts():
        first = built("interested_in", compose.BLOCKS["interested_in"][0], context, 1)
        if first is None:
            continue
        taken = {one for one in first.used if one.startswith("topics:")}
        assert len(taken) == 1
        for seed in range(20):
            again = built("x", compose.BLOCKS["interested_in"][0], replace(context, used=first.used), seed)
            assert again is None or not taken & again.used


def test_card_numbers_have_the_right_last_digit() -> None:
    spaced = 0
    for seed in range(300):
        number = secrets.card_number(Random(seed))
        digits = [int(c) for c in number if c.isdigit()]
        assert len(digits) == 16
        doubled = [d if i % 2 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(digits)]
        assert sum(doubled) % 10 == 0
        wrong = [*doubled[:-1], (doubled[-1] + 1) % 10]
        assert sum(wrong) % 10 != 0
        spaced += " " in number
    assert 90 < spaced < 210
    assert len({secrets.card_number(Random(n)) for n in range(300)}) == 300


def test_passwords_are_long_and_differ() -> None:
    found = {secrets.password(Random(seed)) for seed in range(300)}
    assert len(found) == 300
    assert min(map(len, found)) >= 7


def test_adverts_are_put_on_pages_that_are_seen() -> None:
    context = contexts()[0]
    part = built("interested_in", compose.BLOCKS["interested_in"][0], context, 3)
    assert part is not None
    (with_one,) = decoys.with_adverts(Random(1), [part], context.language, 2)
    assert len(with_one.lures) == 2
    assert all(lure.shown for lure in with_one.lures)
    shown = repr([page.fields for page in with_one.pages])
    for lure in with_one.lures:
        assert lure.words[0][0] in shown
        assert lure.words[0][0] not in repr([page.fields for page in part.pages])
    decoy: Decoy = alone(with_one, context).decoys[0]
    assert decoy.steps


def test_private_windows_are_closed_again() -> None:
    for seed, context in enumerate(contexts()):
        part = built("secret", secrets.in_private, context, seed)
        assert part is not None
        assert {one.kind for one in part.secrets} == {SecretKind.PRIVATE}
        last = part.scenes[-1].acts[-1]
        assert last.do is not None
        assert (last.do.value, last.fields["program"]) == ("close", "private")
