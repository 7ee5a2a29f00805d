from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.guard import Folders
from assistants.learn import KindStats, learn
from assistants.suggest import suggest
from assistants.words import one_line
from gum.claims import TABLE
from gum.types import Moment, Proposition, Sensitivity, Status, Suggestion, Verdict
from tests.assistants.builders import moment
from tests.builders import NOON, observation, proposition

FOLDERS = Folders.under(Path("/home/a/Documents"))
DAY = timedelta(days=1)


def offers(
    *claims: Proposition,
    now: datetime = NOON,
    scene: Moment | None = None,
    already: list[Suggestion] | None = None,
    habits: KindStats | None = None,
) -> list[Suggestion]:
    return suggest(
        scene or moment(at=now), claims, already or [], now, habits or KindStats(), folders=FOLDERS
    )


def deadline(task: str = "the grant report", days: float = 2, **more: object) -> Proposition:
    return replace(
        proposition(
            f"Has to finish {task} by Sunday",
            type="has_deadline",
            slots={"task": task, "date": "Sunday"},
            half_life=14 * DAY,
            valid_until=NOON + days * DAY,
        ),
        **more,  # type: ignore[arg-type]
    )


def claim(type: str, slots: dict[str, str], days: float | None = None) -> Proposition:
    until = None if days is None else NOON + days * DAY
    return proposition(type=type, slots=slots, valid_until=until, half_life=14 * DAY)


def test_a_near_deadline_is_reminded_of_with_its_words_and_day() -> None:
    (offer,) = offers(deadline())
    assert offer.kind == "remind"
    assert (
        offer.text
        == "“the grant report” is due in 2 days, Sunday 22 November 2026. Put it on your to-do list?"
    )
    assert offer.why_now.startswith("It is due in 2 days.")
    assert offer.plan is not None
    add, show = offer.plan.steps
    assert add.args["line"] == "- [ ] the grant report (by Sunday 22 November 2026)"
    assert (show.kind, show.args["shows"]) == ("open_path", add.args["line"])
    assert offer.plan.suggestion_id == offer.id


def test_every_offer_cites_the_proposition_it_comes_from_and_its_evidence() -> None:
    it = deadline()
    (offer,) = suggest(
        moment(), [it], [], NOON, KindStats(), folders=FOLDERS, quotes={it.id: "the grant report by Sunday"}
    )
    assert offer.why == (it.id,)
    assert "“the grant report by Sunday”" in offer.why_now


@pytest.mark.parametrize("days", [8, 30, -1, 0])
def test_far_and_past_deadlines_are_left_in_peace(days: float) -> None:
    assert offers(deadline(days=days)) == []


def test_a_deadline_whose_day_is_unknown_is_left_in_peace() -> None:
    assert offers(replace(deadline(), valid_until=None)) == []


def test_the_nearer_the_deadline_the_more_it_matters() -> None:
    near, far = offers(deadline("tax return", 1), deadline("grant report", 6))
    assert "tax return" in near.text
    assert near.benefit + near.cost_missed > far.benefit + far.cost_missed


def test_an_event_with_a_day_becomes_a_calendar_file_and_a_list_item() -> None:
    (offer,) = offers(claim("preparing_for", {"event": "thesis defence", "date": "Friday"}, days=7))
    assert offer.kind == "prepare"
    assert offer.plan is not None
    event, item = offer.plan.steps
    assert event.kind == "make_event"
    assert event.target == "/home/a/Documents/thesis-defence-2026-11-27.ics"
    assert event.args["summary"] == "thesis defence"
    assert item.args["line"] == "- [ ] Prepare for thesis defence (by Friday 27 November 2026)"


def test_an_event_without_a_day_only_goes_on_the_list() -> None:
    (offer,) = offers(claim("preparing_for", {"event": "thesis defence"}))
    assert offer.plan is not None
    assert [s.kind for s in offer.plan.steps] == ["add_todo", "open_path"]


def test_a_journey_offers_a_page_unless_one_is_being_read() -> None:
    lisbon = claim("plans_to_go", {"place": "Lisbon"}, days=20)
    (offer,) = offers(lisbon)
    assert offer.plan is not None
    assert [s.kind for s in offer.plan.steps] == ["make_event", "open_page"]
    reading = moment(title="Lisbon - Travel guide", url="https://travel.example/lisbon")
    (offer,) = offers(lisbon, scene=reading)
    assert offer.plan is not None
    assert [s.kind for s in offer.plan.steps] == ["make_event"]
    assert offers(claim("plans_to_go", {"place": "Lisbon"}), scene=reading) == []


def test_trouble_offers_a_search_unless_it_is_being_searched_for() -> None:
    trouble = claim("struggling_with", {"thing": "sqlite3.OperationalError: database is locked"})
    (offer,) = offers(trouble)
    assert offer.kind == "find"
    assert offer.plan is not None
    (page,) = offer.plan.steps
    assert page.target == "https://duckduckgo.com/?q=sqlite3.OperationalError%3A+database+is+locked"
    searching = moment(url="https://s.example/?q=sqlite3.operationalerror+database+is+locked")
    assert offers(trouble, scene=searching) == []


def test_learning_offers_material_too() -> None:
    (offer,) = offers(claim("learning", {"subject": "Portuguese"}))
    assert (offer.kind, offer.text) == ("find", "You are learning “Portuguese”. Search for material on it?")


def test_midnight_and_the_last_minute_of_a_day_are_whole_days_and_a_time_is_a_time() -> None:
    zone = ZoneInfo("Europe/Berlin")
    starts = []
    for hour, minute in ((0, 0), (23, 59), (10, 30)):
        until = datetime(2026, 11, 27, hour, minute, tzinfo=zone).astimezone(UTC)
        it = replace(claim("preparing_for", {"event": "defence"}), valid_until=until)
        (offer,) = suggest(moment(), [it], [], NOON, KindStats(), folders=FOLDERS, zone=zone)
        assert offer.plan is not None
        starts.append(offer.plan.steps[0].args["start"])
    assert starts == ["2026-11-27", "2026-11-27", "2026-11-27T09:30:00+00:00"]


def test_what_is_being_done_or_is_done_is_not_offered() -> None:
    assert offers(deadline("grant report"), scene=moment(title="grant report.odt", activity="typing")) == []
    assert (
        offers(deadline("grant report"), scene=moment(recent=[observation("I sent the grant report")])) == []
    )


@pytest.mark.parametrize(
    "state", ["new", "shown", "accepted", "dismissed", "never", "done", "undone", "failed"]
)
def test_nothing_is_offered_twice(state: str) -> None:
    it = deadline()
    old = [replace(o, state=state) for o in offers(it)]
    assert offers(it, already=old) == []
    learnt_again = replace(it, id=proposition().id)
    assert offers(learnt_again, already=old) == []
    nearly = deadline("Grant report, the", 2)
    assert offers(nearly, already=old) == []
    assert len(offers(deadline("tax return"), already=old)) == 1


def test_two_claims_that_say_the_same_make_one_offer() -> None:
    assert len(offers(deadline("the grant report"), deadline("The Grant Report!"))) == 1


def test_next_weeks_report_is_another_one() -> None:
    old = [replace(o, state="done", created_at=NOON - 8 * DAY) for o in offers(deadline("weekly report"))]
    assert len(offers(deadline("weekly report"), already=old)) == 1


def test_what_expired_unnoticed_may_come_back_another_day_but_not_the_same() -> None:
    it = deadline(days=5)
    old = [replace(o, state="expired") for o in offers(it)]
    assert offers(it, already=old) == []
    assert len(offers(it, already=old, now=NOON + 2 * DAY)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.SUPERSEDED},
        {"status": Status.HIDDEN},
        {"sensitivity": Sensitivity.SENSITIVE},
        {"subject": "somebody else"},
        {"confidence": 0.1},
        {"supported_at": NOON - 60 * DAY},
    ],
)
def test_only_active_ordinary_and_believed_claims_about_the_person_are_used(
    change: dict[str, object],
) -> None:
    assert offers(replace(deadline(), **change)) == []  # type: ignore[arg-type]


def test_an_offer_expires_no_later_than_its_deadline() -> None:
    (offer,) = offers(deadline(days=0.25))
    assert offer.expires_at == NOON + 0.25 * DAY


def test_habits_and_certainty_make_the_chance_of_being_useful() -> None:
    liked, hated = learn([("remind", Verdict.ACCEPT)]), learn([("remind", Verdict.NEVER)])
    plain = offers(deadline())[0].p_useful
    assert offers(deadline(), habits=liked)[0].p_useful > plain
    assert offers(deadline(), habits=hated)[0].p_useful == 0.0
    assert offers(deadline(confidence=0.9))[0].p_useful > plain


TEXTS = st.text(min_size=1, max_size=120)


@given(st.sampled_from(sorted(TABLE)), TEXTS, st.floats(-2, 100), st.floats(0, 1))
def test_facts_are_never_reworded_whatever_they_are(kind: str, fact: str, days: float, sure: float) -> None:
    slots = dict.fromkeys(TABLE[kind].slots, fact)
    it = replace(claim(kind, slots, days), confidence=sure)
    for offer in offers(it):
        assert f"“{one_line(fact)}”" in offer.text
        assert len(offer.text.splitlines()) == 1
        assert offer.why == (it.id,)
        assert offer.expires_at > NOON
        assert 0.0 <= offer.p_useful <= 1.0
        assert offer.plan is not None


@given(st.lists(st.tuples(st.sampled_from(sorted(TABLE)), TEXTS, st.floats(0.1, 6)), max_size=6))
def test_asking_again_offers_nothing_new(rows: list[tuple[str, str, float]]) -> None:
    claims = [claim(kind, dict.fromkeys(TABLE[kind].slots, fact), days) for kind, fact, days in rows]
    first = offers(*claims)
    assert offers(*claims, already=first) == []
