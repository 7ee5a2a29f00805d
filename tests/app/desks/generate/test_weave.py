"""How scenes become sessions: order, ways between places, times, and what follows from them."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.desks.generate.parts import (
    Act,
    Claim,
    Closed,
    Contribution,
    Help,
    Hidden,
    Lure,
    Place,
    Scene,
)
from app.desks.generate.weave import Woven, weave
from app.desks.types import DecoyKind, Do, Program, SecretKind, Step

ZONE = ZoneInfo("Europe/Berlin")
BEGINS = tuple(datetime(2026, 3, day, 9, 0, tzinfo=ZONE) for day in (2, 3, 5))
INBOX, NEWS = Place(Program.BROWSER, page="inbox"), Place(Program.BROWSER, page="news")
PLAN = Place(Program.EDITOR, file="plan.txt", folder="Documents", holds="Plan\n")
LIST = Place(Program.EDITOR, file="list.txt", folder="Documents")


def way(key: str, place: Place) -> Act:
    return Act(key, None, {}, place)


def act(key: str, do: Do, place: Place | None, **fields: object) -> Act:
    return Act(key, do, fields, place)


def steps(woven: Woven, session: int = 0) -> list[tuple[str, dict[str, object]]]:
    return [(step.do.value, dict(step.fields)) for step in woven.sessions[session].steps]


def woven(*scenes: Scene, seed: int = 0, **parts: object) -> Woven:
    one = Contribution("one", scenes=scenes, **parts)  # type: ignore[arg-type]
    return weave(Random(seed), BEGINS, [one])


def test_going_where_one_is_takes_no_step() -> None:
    found = woven(
        Scene(0, (way("a", INBOX), act("b", Do.READ, INBOX))),
        Scene(0, (way("c", INBOX), act("d", Do.READ, INBOX))),
    )
    assert [do for do, _ in steps(found)] == ["open", "read", "read"]


def test_a_way_to_another_page_another_program_and_back() -> None:
    read = [act(f"r{n}", Do.READ, place) for n, place in enumerate((INBOX, NEWS, PLAN, NEWS))]
    scene = Scene(
        0,
        (way("a", INBOX), read[0], way("b", NEWS), read[1], way("c", PLAN), read[2], way("d", NEWS), read[3]),
    )
    found = steps(woven(scene))
    assert [do for do, _ in found] == ["open", "read", "visit", "read", "open", "read", "switch", "read"]
    assert found[4][1] == {"program": "editor", "file": "plan.txt", "folder": "Documents", "holds": "Plan\n"}


def test_one_document_at_a_time_and_its_first_text_only_once() -> None:
    save = {n: act(f"s{n}", Do.SAVE, place) for n, place in enumerate((PLAN, LIST, PLAN))}
    scene = Scene(0, (way("a", PLAN), save[0], way("b", LIST), save[1], way("c", PLAN), save[2]))
    found = steps(woven(scene))
    assert [do for do, _ in found] == ["open", "save", "close", "open", "save", "close", "open", "save"]
    assert "holds" in found[0][1]
    assert "holds" not in found[6][1]


def test_sessions_begin_with_nothing_open_and_empty_ones_are_left_out() -> None:
    scenes = [Scene(n, (way(f"a{n}", INBOX), act(f"b{n}", Do.READ, INBOX))) for n in (0, 2)]
    found = woven(*scenes)
    assert [session.begins for session in found.sessions] == [BEGINS[0], BEGINS[2]]
    assert [do for do, _ in steps(found, 1)] == ["open", "read"]
    assert found.sessions[1].steps[0].id == "s2.1"


def test_times_only_go_forward_and_scenes_have_theirs() -> None:
    scenes = [
        Scene(0, (way(f"a{n}", NEWS if n % 2 else INBOX), act(f"b{n}", Do.READ, INBOX))) for n in range(6)
    ]
    found = woven(*scenes).sessions[0]
    times = [step.at for step in found.steps if step.at is not None]
    assert times == sorted(times)
    assert found.steps[0].at == found.begins
    assert len(times) >= 6


def test_first_scenes_come_first_and_a_block_keeps_its_order() -> None:
    for seed in range(20):
        one = Contribution(
            "one", tuple(Scene(0, (act(f"o{n}", Do.IDLE, None, seconds=n + 1),)) for n in range(4))
        )
        two = Contribution("two", (Scene(0, (act("t", Do.IDLE, None, seconds=99),), "first"),))
        found = weave(Random(seed), BEGINS, [one, two])
        assert [fields["seconds"] for _, fields in steps(found)] == [99, 1, 2, 3, 4]


def interrupted(seed: int, block: str) -> list[Step]:
    """Something comes while three words are typed into a page; the mail is of `block`."""
    typing = tuple(act(f"t{n}", Do.TYPE, NEWS, text="x", field="query") for n in range(3))
    mail = Scene(0, (act("m", Do.MAIL, None, page="p"),))
    writing = Scene(0, (way("a", NEWS), *typing))
    if block == "one":
        parts = [Contribution("one", (writing, mail))]
    else:
        parts = [Contribution("one", (writing,)), Contribution(block, (mail,))]
    return list(weave(Random(seed), BEGINS, parts).sessions[0].steps)


def test_what_comes_may_interrupt_another_block_but_never_its_own() -> None:
    inside = 0
    for seed in range(60):
        kinds = [step.do for step in interrupted(seed, "two")]
        inside += 0 < kinds.index(Do.MAIL) < len(kinds) - 1
        own = [step.do for step in interrupted(seed, "one")]
        assert own[-1] is Do.MAIL
    assert inside > 10


def test_facts_begin_and_end_with_their_acts() -> None:
    scene = Scene(0, (way("a", INBOX), act("b", Do.READ, INBOX, seconds=30), act("c", Do.READ, INBOX)))
    claims = (
        Claim("first", "F", "interested_in", {"topic": ("x",)}, ("b", "a"), ends="c"),
        Claim("second", "S", "interested_in", {"topic": ("y",)}, ("c",), begins="c", replaces="first"),
        Claim(
            "old",
            "O",
            "interested_in",
            {"topic": ("z",)},
            (),
            begins=BEGINS[0] - timedelta(days=9),
            minor=True,
        ),
    )
    found = woven(scene, claims=claims)
    first, second, old = found.facts
    by_id = {step.id: step for step in found.sessions[0].steps}
    assert first.begins == by_id["s1.1"].at
    assert first.ends == second.begins == by_id["s1.3"].at
    assert first.evidence == ("s1.2", "s1.1")
    assert old.begins == BEGINS[0] - timedelta(days=9)
    assert second.replaces == "first"


def test_decoys_secrets_and_busy_times_find_their_steps() -> None:
    scene = Scene(
        0,
        (
            way("a", INBOX),
            act("b", Do.TYPE, INBOX, text="hunter22", field="x"),
            act("c", Do.IDLE, None, seconds=60),
        ),
    )
    found = woven(
        scene,
        lures=(Lure("l", DecoyKind.SPAM, "t", (("w",),), ("a",)),),
        secrets=(Hidden("hunter22", SecretKind.PASSWORD, ("b",)),),
        busy=(Closed("c", "away"),),
    )
    assert found.decoys[0].steps == ("s1.1",)
    assert found.secrets[0].steps == ("s1.2",)
    (busy,) = found.busy
    assert busy.ends - busy.begins >= timedelta(seconds=60)


def help_from(begins: datetime, ends: datetime, after: datetime | None = None) -> tuple[object, ...]:
    scene = Scene(0, (way("a", INBOX), act("b", Do.READ, INBOX, seconds=60)))
    return woven(scene, wants=(Help("w", "find", "t", begins, ends, 5, 3, None, after),)).wants


def test_wants_without_a_session_in_them_come_to_nothing() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    start = BEGINS[0]
    assert len(help_from(start - hour, start + hour)) == 1
    assert help_from(start + hour, start + 2 * hour) == ()
    assert help_from(start - hour, start + hour, after=start + day) == ()
    assert help_from(start + hour, start - hour) == ()
