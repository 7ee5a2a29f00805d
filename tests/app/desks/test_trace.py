"""A desk played as a trace: the same again, in time, and nothing that may not be seen."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from app.desks.life import LOCK_S
from app.desks.trace import digest, sights
from app.desks.types import Do, Sight, Step
from app.desktop import VirtualDesktop
from gum.types import Exclusion, Observation, ObservationId, RuleId, Trust
from tests.app.desks.trace_desks import (
    CARD,
    DAY,
    NINE,
    PASSWORD,
    authored,
    browser,
    desk,
    observed,
    step,
    titles,
)
from tests.observers.recorder import wait_for, watching

# --- the same again ----------------------------------------------------------------------------------


def test_the_same_desk_and_seed_give_the_same_sights() -> None:
    one, two = sights(DAY, 3), sights(DAY, 3)
    assert one == two and digest(one) == digest(two)
    assert digest(sights(DAY, 4)) != digest(one)
    assert digest(sights(replace(DAY, id="another"), 3)) != digest(one)


def test_the_digest_is_over_every_field() -> None:
    found = sights(desk(browser("search")))
    told = digest(found)
    first = found[0]
    assert first.observation is not None
    seen = first.observation
    for other in (
        replace(first, step="x"),
        replace(first, observation=replace(seen, id=ObservationId("x"))),
        replace(first, observation=replace(seen, text="x")),
        replace(first, observation=replace(seen, url="x")),
        replace(first, observation=replace(seen, trust=Trust.ADVERT)),
        replace(first, observation=replace(seen, until=NINE)),
        Sight(first.step, exclusion=Exclusion(first.at, seen.app, RuleId("x"))),
    ):
        assert digest([other, *found[1:]]) != told
    assert digest(found[:-1]) != told and len(told) == 64


def test_ids_are_opaque_and_a_find_that_goes_on_keeps_its_own() -> None:
    found = observed(sights(DAY))
    assert all(set(one.id.partition("-")[0]) <= set("0123456789abcdef") for one in found)
    assert all(len(one.id.partition("-")[0]) == 32 for one in found)
    by_id: dict[str, list[Observation]] = {}
    for one in found:
        by_id.setdefault(one.id, []).append(one)
    assert all(len(group) == 1 for group in by_id.values() if group[0].source != "window")
    for group in by_id.values():
        assert len({(one.at, one.text, one.url) for one in group}) == 1
        assert [one.until for one in group] == sorted(one.until for one in group)


def test_nothing_is_misread_unless_asked_for() -> None:
    clean, noisy = sights(DAY), sights(DAY, noise=0.2)
    assert observed(clean, "ui_tree") == observed(noisy, "ui_tree")
    assert [one.text for one in observed(clean, "screen")] != [one.text for one in observed(noisy, "screen")]


def test_a_desk_without_sessions_shows_nothing() -> None:
    assert sights(replace(DAY, sessions=())) == []


# --- time --------------------------------------------------------------------------------------------


def test_times_go_forward_and_are_in_utc() -> None:
    found = sights(DAY)
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert found[0].at >= NINE and found[0].at.tzinfo is UTC
    assert all(one.at <= one.until for one in observed(found))


def test_every_sight_names_a_step_of_the_desk_and_most_steps_show_something() -> None:
    found = {one.step for one in sights(DAY)}
    steps = [one.id for one in DAY.sessions[0].steps]
    assert found <= set(steps)
    assert set(steps) - found <= {"mail", "notify", "idle", "close"}


@pytest.mark.parametrize("seed", range(5))
def test_a_step_with_a_time_begins_then(seed: int) -> None:
    at = NINE + timedelta(minutes=30)
    found = sights(desk(browser("search"), step(Do.VISIT, "later", at=at, page="news")), seed)
    read = [one for one in observed(found, "ui_tree") if "Rivers rise" in one.text]
    assert at < read[0].at < at + timedelta(minutes=2)
    assert {one.step for one in found if one.observation in read} == {"later"}


def test_a_time_that_has_gone_by_is_no_way_back() -> None:
    at = NINE + timedelta(seconds=1)
    found = sights(
        desk(browser("news"), step(Do.READ, seconds=60), step(Do.VISIT, "late", at=at, page="search"))
    )
    assert min(one.at for one in found if one.step == "late") > NINE + timedelta(seconds=60)


def test_sessions_begin_when_they_begin_with_nothing_open() -> None:
    found = sights(desk([browser("news")], [step(Do.OPEN, "second", program="editor", file="a.md")]))
    tomorrow = NINE + timedelta(days=1)
    assert {one.step for one in found if one.at >= tomorrow} == {"second"}
    assert titles([one for one in found if one.at >= tomorrow]) == ["/home/robin/a.md - Mousepad"]
    assert max(one.at for one in found if one.at < tomorrow) < NINE + timedelta(minutes=5)


def test_a_screen_that_nobody_touches_locks_itself() -> None:
    def used(seconds: float) -> list[Observation]:
        found = sights(desk(browser("search"), step(Do.IDLE, seconds=seconds), step(Do.READ, seconds=10)))
        return list({one.id: one for one in observed(found, "window")}.values())

    (whole,) = used(LOCK_S - 60)
    assert (whole.until - whole.at).total_seconds() > LOCK_S - 60
    before, after = used(LOCK_S * 2)
    assert LOCK_S - 30 < (before.until - before.at).total_seconds() < LOCK_S + 60
    assert (after.at - before.until).total_seconds() > LOCK_S - 60


# --- what may not be seen ----------------------------------------------------------------------------


def test_a_password_is_never_seen_and_a_card_number_is_as_the_observers_would() -> None:
    found = sights(
        desk(
            browser("login"),
            step(Do.TYPE, "user", field="user", text="robin"),
            step(Do.TYPE, "secret", field="password", text=PASSWORD),
            step(Do.CLICK, name="sign_in", page="pay"),
            step(Do.TYPE, "card", field="card_number", text=CARD),
            step(Do.IDLE, seconds=3),
        )
    )
    assert PASSWORD not in repr(found) and PASSWORD[:7] not in repr(found)
    assert any("robin" in text for text in authored(found))
    assert any(CARD in text for text in authored(found))


@pytest.mark.parametrize("steps", [[browser("vault")], [browser("search"), step(Do.VISIT, page="vault")]])
def test_a_password_manager_gives_only_exclusions(steps: list[Step]) -> None:
    found = sights(desk(*steps, step(Do.READ, seconds=70)))
    refused = [one for one in found if one.exclusion is not None]
    assert len(refused) in (3, 4) and all(
        "passwords" in one.exclusion.rule_id for one in refused if one.exclusion
    )
    first = refused[0].at
    assert all(one.at <= first for one in observed_sights(found))
    assert PASSWORD not in repr(found)


def observed_sights(found: Sequence[Sight]) -> list[Sight]:
    return [one for one in found if one.observation is not None]


def test_a_private_window_gives_only_exclusions() -> None:
    found = sights(
        desk(
            browser("search", private=True),
            step(Do.TYPE, field="query", text="a rash on the arm"),
            step(Do.CLICK, name="search", page="results"),
            step(Do.READ, seconds=40),
        )
    )
    assert observed(found) == []
    assert {one.exclusion.rule_id for one in found if one.exclusion} == {"builtin:private"}
    assert len(found) >= 2 and "rash" not in repr(found)


@pytest.mark.parametrize(
    "steps",
    [
        [step(Do.VISIT, page="news")],
        [browser("search"), step(Do.RUN, command="ls")],
        [browser("search"), step(Do.SAVE)],
        [browser("search"), step(Do.TYPE, text="words")],
        [browser("search"), step(Do.SWITCH, program="editor")],
        [step(Do.OPEN, program="terminal"), step(Do.TYPE, text="words")],
    ],
)
def test_what_cannot_be_done_is_an_error(steps: list[Step]) -> None:
    with pytest.raises(ValueError, match=r"in front|is open|in no field|be typed into"):
        sights(desk(*steps))


@pytest.mark.parametrize("do", list(Do))
def test_every_kind_of_step_is_played(do: Do) -> None:
    assert do in {one.do for one in DAY.sessions[0].steps}
    assert sights(DAY)


@pytest.mark.desktop
def test_the_real_observers_tell_the_same_of_an_editor(desktop: VirtualDesktop) -> None:
    """The same steps by real keys. Root is warned by the program on every page; nobody else is."""
    words = "The gauge at the weir is wrong."
    steps = [
        step(Do.OPEN, program="editor", file="note.md", folder="Documents", holds="# Weirs\n"),
        step(Do.TYPE, text=words),
        step(Do.SAVE),
    ]

    def told(found: Sequence[Observation], home: str) -> list[tuple[str, str, str]]:
        every = [(one.source, one.trust.value, one.text.replace(home, "~")) for one in found]
        return sorted({one for one in every if "root account" not in one[2] and one[0] != "screen"})

    folder = desktop.folder / "home" / "Documents"
    folder.mkdir(exist_ok=True)
    (folder / "note.md").write_text("# Weirs\n", encoding="utf-8")
    with watching(desktop) as (_, recorder):
        desktop.launch(["mousepad", "--disable-server", str(folder / "note.md")])
        desktop.wait_window("*note.md*")
        assert wait_for(lambda: any(o.trust is Trust.AUTHORED for o in recorder.observations))
        desktop.key("ctrl+End")
        desktop.type_text(words, delay_ms=40)
        assert wait_for(lambda: any(words in o.text for o in recorder.observations))
        desktop.key("ctrl+s")
        desktop.wait_window(f"{folder}/note.md - Mousepad")
        time.sleep(1.5)
    real = told(recorder.observations, str(desktop.folder / "home"))
    made = told(observed(sights(desk(*steps, step(Do.IDLE, seconds=3)))), "/home/robin")
    assert [one for one in made if one[1] != "authored"] == [one for one in real if one[1] != "authored"]
    whole = ("ui_tree", "authored", f"# Weirs\n{words}")
    assert whole in real and whole in made and ("ui_tree", "authored", "# Weirs") in real
    assert all(one[2].startswith("# Weirs") for one in real + made if one[1] == "authored")


def test_a_day_is_played_at_once() -> None:
    """Hours of desk time in as many looks as there is something to see: no look every half second."""
    found = sights(DAY)
    span = (found[-1].at - found[0].at).total_seconds()
    assert span > 300 and 60 < len(found) < span
