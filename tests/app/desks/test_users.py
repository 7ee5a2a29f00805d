"""Simulated users: the same offers give the same log, fatigue never helps, and more help is never worse."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.types import Desk, Sight
from app.desks.users import (
    FREE,
    FRESH,
    IN_BUSY,
    IN_TYPING,
    Hands,
    Mood,
    Offer,
    Span,
    User,
    benefit,
    calmed,
    cost_false,
    cost_missed,
    hands,
    ideal,
    interruptibility,
    live,
    offered,
    react,
    regret,
    user,
    utility,
    willingness,
)
from gum.types import Exclusion, RuleId, Suggestion, SuggestionId, Trust, Verdict
from tests.app.desks.builders import HOUR, at, busy, desk, fact, want
from tests.builders import observation

TRIP = fact("trip", "plans_to_go", {"place": ("Porto",)})
WANTS = (
    want("test", "struggle", 0, 2),
    want("trip", "prepare", 1, 4, fact="trip"),
    want("paper", "deadline", 3, 6),
    want("tomorrow", "find", 24, 26),
)
ROBIN = desk(facts=[fact(), TRIP], wants=WANTS, busy=[busy(1, 1.5)])
KINDS = {"test": "find", "trip": "prepare", "paper": "remind", "tomorrow": "find"}


def made(of: Desk = ROBIN, seed: int = 0, **traits: object) -> User:
    return replace(user(of, seed), **{"keen": 1.0, "careless": 0.0, "talks": 0.0, **traits})  # type: ignore[arg-type]


def offer(kind: str = "find", hours: float = 0.5, text: str = "Search for it?", subject: str = "o") -> Offer:
    return Offer(subject, kind, text, at(hours))


def takes(who: User) -> User:
    """One who takes everything they want when fresh and free."""
    return replace(who, keen=1e9)


def test_a_welcome_offer_is_taken_for_its_benefit_and_calms() -> None:
    who = takes(made())
    reaction, mood = react(who, Mood(annoyance=2.0, at=at(0.5)), offer())
    assert (reaction.verdict, reaction.cause, reaction.want) == (Verdict.ACCEPT, "useful", "test")
    assert reaction.utility == benefit(who, WANTS[0]) > 0
    assert mood.served == ("test",)
    assert mood.annoyance < 2.0


def test_an_offer_must_speak_of_what_is_wanted() -> None:
    who = takes(made())
    assert react(who, FRESH, offer("prepare", 2, "Going to PORTO?"))[0].cause == "useful"
    assert react(who, FRESH, offer("prepare", 2, "Going to Oslo?"))[0].cause == "topic"


@pytest.mark.parametrize(
    ("kind", "hours", "text", "cause"),
    [
        ("prepare", 1.2, "Porto", "timing"),
        ("prepare", 0.5, "Porto", "early"),
        ("prepare", 5, "Porto", "late"),
        ("remind", 2, "x", "early"),
        ("sing", 1, "x", "topic"),
    ],
)
def test_a_useless_offer_costs_annoys_and_has_a_cause(kind: str, hours: float, text: str, cause: str) -> None:
    who = made(patience=1e9)
    reaction, mood = react(who, FRESH, offer(kind, hours, text))
    assert reaction.cause == cause
    assert reaction.utility == -cost_false(who, kind, at(hours)) < 0
    assert mood.annoyance == -reaction.utility
    assert reaction.verdict in (Verdict.DISMISS, Verdict.IGNORE)


def test_what_was_met_is_not_wanted_again() -> None:
    who = takes(made(patience=1e9))
    log = live(who, [offer(hours=0.5, subject="a"), offer(hours=0.6, subject="b")])
    assert [e.reaction.cause for e in log] == ["useful", "repeat"]


def test_interruptions_cost_more_when_busy_or_typing() -> None:
    typing = Hands(typing=(Span(at(2), at(3)),))
    who = replace(made(), hands=typing)
    assert [interruptibility(who, at(h)) for h in (1.2, 2.5, 5)] == [IN_BUSY, IN_TYPING, FREE]
    assert (
        cost_false(who, "find", at(1.2)) > cost_false(who, "find", at(2.5)) > cost_false(who, "find", at(5))
    )


def test_who_has_had_enough_says_never_and_leaves_for_the_day() -> None:
    who = takes(made(patience=20.0, calms=timedelta(days=3)))
    offers = [offer("sing", 0.1 + n / 100, "x", f"s{n}") for n in range(30)] + [offer(subject="good")]
    log = live(who, [*offers, offer("find", 25, subject="next")])
    leaving = [e for e in log if e.reaction.left]
    assert len(leaving) == 1
    assert leaving[0].reaction.verdict is Verdict.NEVER
    assert leaving[0].reaction.words
    after = log[log.index(leaving[0]) + 1 : -1]
    assert {e.reaction.cause for e in after} == {"gone"}
    assert leaving[0].mood.gone is not None
    assert leaving[0].mood.gone.astimezone(ROBIN.persona.zone).hour == 0
    assert log[-1].reaction.cause == "useful"  # the next day


def test_annoyance_halves_in_its_time() -> None:
    who = made(calms=HOUR)
    assert calmed(who, Mood(8.0, at(0)), at(2)).annoyance == pytest.approx(2.0)
    assert calmed(who, Mood(8.0, at(2)), at(1)).annoyance == 8.0  # a clock set back calms nobody


def test_who_is_away_sees_nothing() -> None:
    who = replace(made(), hands=Hands(there=(Span(at(0), at(1)),)))
    reaction, mood = react(who, FRESH, offer("sing", 2))
    assert (reaction.verdict, reaction.utility, reaction.cause, mood.annoyance) == (
        Verdict.IGNORE,
        0,
        "away",
        0,
    )


def test_the_careless_take_what_is_useless_and_undo_it() -> None:
    reaction, _ = react(made(careless=1.0, patience=1e9), FRESH, offer("sing"))
    assert reaction.verdict is Verdict.ACCEPT
    assert reaction.undone is not None
    assert timedelta(seconds=5) <= reaction.undone <= timedelta(minutes=2)
    assert reaction.utility < 0


def test_the_talkative_say_why_in_their_language() -> None:
    german = desk(wants=WANTS, languages=["de-AT"], id="resi")
    reaction, _ = react(made(german, talks=1.0, patience=1e9), FRESH, offer("sing"))
    assert reaction.words in ("kein Interesse", "was soll das?")
    assert reaction.verdict is Verdict.DISMISS


def test_a_suggestion_of_the_product_can_be_offered() -> None:
    made_now = Suggestion(SuggestionId("s1"), "find", "Search?", "now", (), 0.6, 6, 3, 5, None, at(0), at(2))
    assert offered(made_now, at(1)) == Offer("s1", "find", "Search?", at(1))


def test_hands_are_read_off_the_sights() -> None:
    def seen(hours: float, trust: Trust) -> Sight:
        return Sight("s", observation(id=str(hours), at=at(hours), trust=trust, lasts=timedelta(minutes=3)))

    excluded = Sight("s", None, Exclusion(at(0.2), "keepassxc", RuleId("r")))
    got = hands([seen(0, Trust.READ), seen(0.1, Trust.AUTHORED), excluded, seen(5, Trust.AUTHORED)])
    three = timedelta(minutes=3)
    assert got.there == (Span(at(0), at(0.2)), Span(at(5), at(5) + three))
    assert got.typing == (Span(at(0.1), at(0.1) + three), Span(at(5), at(5) + three))
    assert hands([]).there == ()


# --- what must hold of every user -----------------------------------------------------------------

seeds = st.integers(0, 10_000)
hours = st.floats(0, 30).map(lambda h: round(h, 3))
false_offers = st.lists(st.tuples(st.sampled_from(["find", "remind", "sing"]), hours), max_size=25)


def useless(drawn: Sequence[tuple[str, float]]) -> list[Offer]:
    """Offers that meet no want of ROBIN's, whenever they are shown."""
    return [
        Offer(f"f{n:02}", kind if kind == "sing" else f"{kind}-nothing", "x", at(h))
        for n, (kind, h) in enumerate(drawn)
    ]


def right(names: Sequence[str], when: dict[str, float]) -> list[Offer]:
    return [Offer(f"r-{name}", KINDS[name], "Porto", at(when[name])) for name in names]


# Within each want, and not while busy.
moments = st.fixed_dictionaries(
    {
        "test": st.sampled_from([0.0, 0.7, 1.6]),
        "trip": st.sampled_from([1.5, 2.0, 3.9]),
        "paper": st.sampled_from([3.0, 4.5]),
        "tomorrow": st.sampled_from([24.0, 25.5]),
    }
)


@given(seeds, false_offers, moments)
def test_the_same_seed_gives_the_same_log(
    seed: int, wrong: list[tuple[str, float]], when: dict[str, float]
) -> None:
    offers = [*useless(wrong), *right(list(KINDS), when)]
    log = live(user(ROBIN, seed), offers)
    assert log == live(user(ROBIN, seed), list(reversed(offers)))
    for n, entry in enumerate(log):  # each reaction follows from the mood before it alone
        assert react(user(ROBIN, seed), log[n - 1].mood if n else FRESH, entry.offer)[0] == entry.reaction


def test_seeds_and_desks_give_different_users() -> None:
    assert user(ROBIN, 1) != user(ROBIN, 2)
    assert user(ROBIN, 1).patience != user(replace(ROBIN, id="other"), 1).patience


@given(
    seeds,
    false_offers,
    st.sets(st.integers(0, 24)),
    st.sets(st.sampled_from(sorted(KINDS))),
    st.sets(st.sampled_from(sorted(KINDS))),
    moments,
)
def test_more_that_is_wanted_and_less_that_is_not_is_never_worse(
    seed: int,
    wrong: list[tuple[str, float]],
    left_out: set[int],
    some: set[str],
    more: set[str],
    when: dict[str, float],
) -> None:
    who = user(ROBIN, seed)
    worse = [*useless(wrong), *right(sorted(some), when)]
    fewer = [o for n, o in enumerate(useless(wrong)) if n not in left_out]
    better = [*fewer, *right(sorted(some | more), when)]
    low, high = live(who, worse), live(who, better)
    assert utility(high, who) >= utility(low, who) - 1e-9
    assert regret(high, who) <= regret(low, who) + 1e-9


@given(seeds, st.floats(0, 500), st.floats(0, 500), st.sampled_from([0.5, 2.0, 3.5, 25.0]))
def test_fatigue_never_raises_acceptance(seed: int, one: float, other: float, when: float) -> None:
    who = user(ROBIN, seed)
    less, most = sorted((one, other))
    assert willingness(who, most, FREE) <= willingness(who, less, FREE)
    for name, kind in KINDS.items():
        tired, _ = react(who, Mood(most, at(when)), Offer(name, kind, "Porto", at(when)))
        fresh, _ = react(who, Mood(less, at(when)), Offer(name, kind, "Porto", at(when)))
        assert fresh.utility >= tired.utility
        assert fresh.cause == "useful" or tired.cause != "useful"


@given(seeds, false_offers, st.sets(st.sampled_from(sorted(KINDS))), moments)
def test_regret_is_never_negative_and_is_what_is_missing_to_the_oracle(
    seed: int, wrong: list[tuple[str, float]], some: set[str], when: dict[str, float]
) -> None:
    who = user(ROBIN, seed)
    log = live(who, [*useless(wrong), *right(sorted(some), when)])
    oracle = live(who, ideal(who))
    assert regret(log, who) >= 0
    assert regret(oracle, who) == 0
    assert all(e.reaction.cause == "useful" for e in oracle)
    assert regret(log, who) == pytest.approx(utility(oracle, who) - utility(log, who))


@given(seeds)
def test_hidden_utilities_stay_near_what_the_desk_says(seed: int) -> None:
    who = user(ROBIN, seed)
    for one in WANTS:
        assert one.benefit / 2.26 <= benefit(who, one) <= one.benefit * 2.26
        assert 0 < cost_missed(who, one) < benefit(who, one)
    assert cost_false(who, "find", at(0)) > 0


def test_an_oracle_leaves_alone_what_nobody_can_take() -> None:
    always_busy = desk(wants=[want("call", "find", 0, 1)], busy=[busy(0, 1)])
    assert ideal(takes(made(always_busy))) == ()
    away = replace(takes(made()), hands=Hands(there=()))
    assert ideal(away) == ()
    assert regret(live(away, [offer()]), away) == 0


def test_an_oracle_waits_for_the_best_moment() -> None:
    one = desk(wants=[want("later", "find", 0, 3)], busy=[busy(0, 1)])
    who = replace(takes(made(one)), hands=Hands(typing=(Span(at(1), at(2)),)))
    assert [o.at for o in ideal(who)] == [at(2)]
