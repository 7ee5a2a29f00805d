"""The baseline's logic: what is described of the released program, good and bad, is what happens here."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from app.desks.gum_arm import GumArm, GumLogic
from app.desks.gum_prompts import KNOWN, OBSERVED, PROPOSED, RELATED, REVISED, numbered
from app.desks.gum_store import GumStore
from app.desks.judge import Kind, judge
from app.desks.mind import PERFECT, Rates
from app.desks.oracle import Oracle
from app.desks.types import Played
from gum.errors import AnswerUnusable, ModelUnavailable
from gum.model.remote import OpenAiDecoder
from gum.ports import Prompt
from tests.app.desks.oracle_desks import NINE, PAPER, TEA, TRAIN, desk, observation, refused, sights

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Row = Mapping[str, object]


def _row(text: str, confidence: int = 7, decay: int = 5) -> Row:
    return {"reasoning": "r", "proposition": text, "confidence": confidence, "decay": decay}


class Stub:
    """A model that answers as told, and remembers what it was asked: (kind, user's text)."""

    name, takes_grammar = "stub", False

    def __init__(
        self,
        propose: Callable[[int], Sequence[Row]] = lambda n: [],
        relate: Callable[[dict[int, str]], Sequence[Row]] = lambda pool: [],
        revise: Callable[[dict[int, str]], Sequence[Row]] = lambda pool: [],
    ) -> None:
        self.asked: list[tuple[str, str]] = []
        self._propose, self._relate, self._revise = propose, relate, revise

    def complete(self, prompt: Prompt) -> str:
        assert prompt.schema is not None
        (kind,) = prompt.schema["properties"]  # type: ignore[misc, attr-defined]
        self.asked.append((kind, prompt.user))
        lines = prompt.user.split(f"\n{OBSERVED}\n")[0].split("\n")
        pool = {n: texts[0] for n, texts in numbered(lines)} if lines[0] == KNOWN else {}
        rows = {
            PROPOSED: lambda: self._propose(self.count(PROPOSED)),
            RELATED: lambda: self._relate(pool),
            REVISED: lambda: self._revise(pool),
        }[kind]()
        return json.dumps({kind: rows})

    def count(self, kind: str) -> int:
        return sum(one == kind for one, _ in self.asked)


def _identical(pool: dict[int, str]) -> list[Row]:
    return [
        {
            "source": n,
            "label": "identical" if len(pool) > 1 else "unrelated",
            "target": [m for m in pool if m != n],
        }
        for n in pool
    ]


def _unrelated(pool: dict[int, str]) -> list[Row]:
    return [{"source": n, "label": "unrelated", "target": []} for n in pool]


def _feed(logic: GumLogic, count: int, since: datetime = NINE, every: timedelta = MINUTE) -> None:
    for n in range(count):
        at = since + n * every
        logic.observe([observation(f"text {n}", at, title=f"w{n}", id=f"o{since:%H}{n}")], at)


def test_batches_close_by_number_alone_and_the_last_few_wait_for_ever() -> None:
    model = Stub()
    with GumStore() as store:
        logic = GumLogic(store, model)
        _feed(logic, 4, every=24 * HOUR)
        assert model.asked == []
        _feed(logic, 8, NINE + HOUR)
        assert model.count(PROPOSED) == 2
        assert [len(numbered(user.split("\n"))) for _, user in model.asked] == [5, 5]


def test_a_flood_at_one_moment_is_taken_fifteen_at_a_time() -> None:
    model = Stub()
    with GumStore() as store:
        GumLogic(store, model).observe([observation(f"text {n}", title=f"w{n}") for n in range(33)], NINE)
    assert [len(numbered(user.split("\n"))) for _, user in model.asked] == [15, 15]


def test_what_has_no_words_at_all_is_still_an_observation_of_a_program() -> None:
    model = Stub()
    with GumStore() as store:
        GumLogic(store, model).observe([observation("", title="") for _ in range(5)], NINE)
        assert store.everything() == ["mousepad"] * 5


def test_the_same_claim_from_twenty_batches_is_kept_twenty_times() -> None:
    model = Stub(lambda n: [_row("The user likes tea")], _identical)
    with GumStore() as store:
        logic = GumLogic(store, model)
        _feed(logic, 100)
        assert model.count(PROPOSED) == 20
        assert [belief.text for belief in logic.beliefs()] == ["The user likes tea"] * 20
        assert len(logic.beliefs()[0].evidence) > 5  # later sightings are linked to it, too


def test_a_draft_is_searched_before_it_is_kept_so_it_does_not_find_itself() -> None:
    model = Stub(lambda n: [_row("The user likes tea"), _row("The user likes green tea")], _unrelated)
    with GumStore() as store:
        _feed(GumLogic(store, model), 5)
        (pool,) = [user for kind, user in model.asked if kind == RELATED]
    assert [text for _, (text, *_) in numbered(pool.split("\n"))] == [
        "The user likes tea",
        "The user likes green tea",
    ]


def test_each_draft_brings_at_most_three_old_ones_into_one_pool() -> None:
    drafts = {n: [_row(f"The user reads book {n}")] for n in range(1, 7)}
    model = Stub(lambda n: drafts[n], _unrelated)
    with GumStore() as store:
        _feed(GumLogic(store, model), 30)
    sizes = [len(numbered(user.split("\n"))) for kind, user in model.asked if kind == RELATED]
    assert sizes == [1, 2, 3, 4, 4, 4]


def _pairs(pool: dict[int, str]) -> list[Row]:
    """Tea is similar to tea and trains to trains."""
    return [
        {
            "source": n,
            "label": "similar",
            "target": [m for m in pool if m != n and pool[m][-3:] == pool[n][-3:]],
        }
        for n in pool
    ]


def test_two_unrelated_pairs_collapse_into_one_revision_that_links_all_to_all() -> None:
    drafts = [
        _row("The user drinks tea"),
        _row("The user buys tea"),
        _row("Books a train"),
        _row("Takes a train"),
    ]
    model = Stub(lambda n: drafts, _pairs, lambda pool: [_row("The user drinks tea on trains", 9)])
    with GumStore() as store:
        logic = GumLogic(store, model)
        _feed(logic, 5)
        (revising,) = [user for kind, user in model.asked if kind == REVISED]
        assert all(str(draft["proposition"]) in revising for draft in drafts)
        (kept,) = store.all()
    assert (kept.text, kept.version) == ("The user drinks tea on trains", 1)
    assert kept.observations == ("o090", "o091", "o092", "o093", "o094")


def test_a_revision_shows_ten_observations_at_most_and_no_confidence() -> None:
    model = Stub(
        lambda n: [_row("The user drinks tea", 3, 8)], _pairs, lambda pool: [_row("The user drinks tea")]
    )
    with GumStore() as store:
        _feed(GumLogic(store, model), 20)
    revising = [user for kind, user in model.asked if kind == REVISED]
    assert len(revising) == 4
    shown = [numbered(user.split(f"\n{OBSERVED}\n")[1].split("\n")) for user in revising]
    assert [len(pieces) for pieces in shown] == [5, 10, 10, 10]
    assert "confidence" not in revising[-1].lower()


def test_an_unusable_revision_leaves_everything_as_it_was() -> None:
    model = Stub(lambda n: [_row("The user drinks tea")], _pairs, lambda pool: [])
    with GumStore() as store:
        logic = GumLogic(store, model)
        _feed(logic, 10)
        assert len(logic.beliefs()) == 2


def test_ids_that_an_answer_leaves_out_stay_without_grounding_and_strange_ones_are_ignored() -> None:
    model = Stub(
        lambda n: [_row("The user drinks tea"), _row("The user swims")],
        lambda pool: [{"source": min(pool), "label": "unrelated", "target": [99]}, *_unrelated({77: ""})],
    )
    with GumStore() as store:
        logic = GumLogic(store, model)
        _feed(logic, 5)
        assert [len(belief.evidence) for belief in logic.beliefs()] == [5, 0]


def test_any_confidence_is_kept_and_clipped_only_to_be_told() -> None:
    model = Stub(lambda n: [_row("a", 0, 99), _row("b", 14), _row("c", 7)], _unrelated)
    with GumStore() as store:
        logic = GumLogic(store, model)
        _feed(logic, 5)
        assert [belief.confidence for belief in logic.beliefs()] == [0.0, 1.0, 0.7]
        assert [kept.confidence for kept in store.all()] == [0, 14, 7]


def test_no_belief_fades_however_long_ago_it_was() -> None:
    model = Stub(lambda n: [_row("The user swims", 8, 10)], _unrelated)
    seen = sights([f"w{n}\ntext" for n in range(5)]) + sights(["later\ntext"], since=NINE + 1000 * HOUR)
    played = GumArm(model).play(desk(begins=[NINE, NINE + 999 * HOUR]), seen)
    assert [b.confidence for point in played.checkpoints for b in point.beliefs] == [0.8, 0.8, 0.8]


class Dumb:
    """A model that never says anything of use."""

    name, takes_grammar = "dumb", False

    def __init__(self, answer: str | Exception) -> None:
        self._answer = answer

    def complete(self, prompt: Prompt) -> str:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize("answer", ["", "I cannot do that.", "{}", AnswerUnusable("no")])
def test_answers_of_no_use_are_none(answer: str | Exception) -> None:
    played = GumArm(Dumb(answer)).play(desk(), sights([f"w{n}\ntext" for n in range(12)]))
    assert all(point.beliefs == () for point in played.checkpoints)


def test_a_model_that_is_not_there_is_told_to_the_person() -> None:
    with pytest.raises(ModelUnavailable):
        GumArm(Dumb(ModelUnavailable("gone"))).play(desk(), sights([f"w{n}\ntext" for n in range(12)]))


def test_without_a_model_it_observes_and_believes_nothing() -> None:
    played = GumArm(None).play(desk(), sights(["hunter2-Tw1st\nx", "a\nb"]))
    assert played.checkpoints[-1].beliefs == ()
    assert (played.model_tokens, played.model_s) == (0, 0.0)
    assert played.secrets_stored == ("password",)


# --- the whole arm --------------------------------------------------------------------------------

DAY = [
    "*fish-ladder.tex - Mousepad\nWe measured the flow.",
    "Tea shop\nA kettle and green tea",
    "Booking\nTrain to Lyon on 14 March",
    "News\nRivers rise again",
    "fish-ladder.tex - Mousepad\nMore of it.",
]


def _play(rates: Rates = PERFECT, seed: int = 0) -> Played:
    there = desk([PAPER, TRAIN, TEA], begins=[NINE, NINE + 5 * HOUR])
    seen = [*sights(DAY), refused(NINE + 10 * MINUTE), *sights(DAY, since=NINE + 5 * HOUR)]
    with Oracle(there, rates, seed) as oracle:
        return GumArm(OpenAiDecoder(oracle.url, "oracle"), oracle.tell).play(there, seen)


def test_with_a_perfect_oracle_every_belief_of_its_day_is_true_but_nothing_ends() -> None:
    there = desk([PAPER, TRAIN, TEA], begins=[NINE, NINE + 5 * HOUR])
    played = _play()
    first, second, after = played.checkpoints
    assert [verdict.kind for verdict in judge(first.beliefs, there, first.at)] == [Kind.TRUE] * 3
    kinds = [verdict.kind for verdict in judge(second.beliefs, there, second.at)]
    assert kinds.count(Kind.STALE) == 1  # the trip was over, and nothing told it so
    assert kinds.count(Kind.TRUE) == 4  # two facts, each kept a second time
    assert (first.at, second.at, after.at) == (
        NINE + 10 * MINUTE,
        NINE + 5 * HOUR + 4 * MINUTE,
        NINE + 6 * HOUR + 4 * MINUTE,
    )
    assert after.beliefs == second.beliefs


def test_what_it_cost_is_counted() -> None:
    played = _play()
    assert played.arm == "gum"
    assert played.model_tokens > 500
    assert 0 < played.model_s <= played.wall_s
    assert played.hours == pytest.approx(14 / 60)
    assert played.secrets_stored == ()


def test_with_noise_it_comes_out_the_same_every_time_and_other_seeds_differ() -> None:
    def told(played: Played) -> object:
        return played.checkpoints

    assert told(_play(Rates(), 3)) == told(_play(Rates(), 3))
    assert len({str(told(_play(Rates(), seed))) for seed in range(4)}) > 1
