from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from assistants.learn import KindStats, learn
from gum.types import Verdict

KINDS = st.sampled_from(["remind", "prepare", "find"])
REACTIONS = st.lists(
    st.tuples(KINDS, st.sampled_from([v for v in Verdict if v is not Verdict.NEVER])), max_size=30
)


@given(REACTIONS, KINDS)
def test_accept_raises(reactions: list[tuple[str, Verdict]], kind: str) -> None:
    assert learn([*reactions, (kind, Verdict.ACCEPT)]).p(kind) > learn(reactions).p(kind)


@given(REACTIONS, KINDS)
def test_dismiss_lowers_and_ignoring_lowers_less(reactions: list[tuple[str, Verdict]], kind: str) -> None:
    before = learn(reactions).p(kind)
    assert learn([*reactions, (kind, Verdict.DISMISS)]).p(kind) < before
    assert before > learn([*reactions, (kind, Verdict.IGNORE)]).p(kind)
    assert learn([*reactions, (kind, Verdict.IGNORE)]).p(kind) > learn(
        [*reactions, (kind, Verdict.DISMISS)]
    ).p(kind)


@given(REACTIONS, KINDS, st.integers(0, 30))
def test_never_silences_for_good_until_reset(
    reactions: list[tuple[str, Verdict]], kind: str, place: int
) -> None:
    said = [*reactions[:place], (kind, Verdict.NEVER), *reactions[place:]]
    assert learn(said).p(kind) == 0.0
    assert learn(said).reset(kind).p(kind) == KindStats().p(kind) > 0.0


@given(REACTIONS, KINDS, KINDS, st.sampled_from(list(Verdict)))
def test_a_reaction_to_one_kind_leaves_the_others_alone(
    reactions: list[tuple[str, Verdict]], kind: str, other: str, verdict: Verdict
) -> None:
    if kind != other:
        assert learn([*reactions, (kind, verdict)]).p(other) == learn(reactions).p(other)


@given(st.lists(st.tuples(KINDS, st.sampled_from(list(Verdict))), max_size=5))
def test_the_order_of_reactions_does_not_matter(reactions: list[tuple[str, Verdict]]) -> None:
    assert len({str(sorted(learn(p).counts.items())) for p in permutations(reactions)}) == 1


def test_stored_rows_count_like_reactions() -> None:
    rows = KindStats.of({"find": (2, 1, 0), "remind": (9, 0, 1)})
    counted = learn([("find", Verdict.ACCEPT), ("find", Verdict.DISMISS), ("find", Verdict.ACCEPT)])
    assert rows.p("find") == counted.p("find")
    assert rows.p("remind") == 0.0
