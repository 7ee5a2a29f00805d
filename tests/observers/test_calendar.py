import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gum.login import Login
from gum.propose import StructureDrafter, propose
from gum.types import Effect, Observation, Rule, RuleId, Trust
from observers import account
from observers import calendar as module
from observers.calendar import Calendars
from observers.gate import Gate
from tests.observers.caldav_server import PASSWORD, USER, Served, radicale
from tests.observers.ics_server import serving
from tests.observers.recorder import Recorder, wait_for
from tests.zones import desk_in

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DURING = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)


def event(summary: str, *more: str, start: str = "20261127T140000", uid: str = "") -> str:
    lines = (
        "BEGIN:VEVENT",
        f"UID:{uid or summary}",
        f"SUMMARY:{summary}",
        f"DTSTART;TZID=Europe/Berlin:{start}",
    )
    return "\r\n".join((*lines, "DURATION:PT1H", *more, "END:VEVENT", ""))


def ics(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


@dataclass
class Desk:
    """A calendar source that looks whenever it is told to."""

    named: Sequence[str]
    rules: list[Rule] = field(default_factory=list)
    paused: bool = False
    at: datetime = NOW
    recorder: Recorder = field(default_factory=Recorder)

    def __post_init__(self) -> None:
        gate = Gate(self.recorder, lambda: self.rules, lambda: self.paused)
        self.source = Calendars(self.named, gate, lambda: self.at, BERLIN)

    def look(self) -> float:
        return self.source._look()

    @property
    def titles(self) -> list[str]:
        return [seen.title for seen in self.recorder.observations]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(ics(event("Thesis talk", "LOCATION:Oslo")))
    return path


def claims(seen: Sequence[Observation]) -> dict[str, dict[str, str]]:
    with desk_in("Europe/Berlin"):
        found = propose(seen, (), (), StructureDrafter(("de-DE", "en")))
    assert found.dropped == 0
    return {draft.type: dict(draft.slots) for draft in found.drafts}


def test_what_is_coming_is_learnt_as_something_to_prepare_for(file: Path) -> None:
    desk = Desk([str(file)])
    desk.look()
    date = "Friday 27 November 2026 at 14:00"
    assert claims(desk.recorder.observations) == {
        "preparing_for": {"event": "Thesis talk", "date": date},
        "plans_to_go": {"place": "Oslo", "date": date},
    }
    with desk_in("Europe/Berlin"):
        [going, preparing] = sorted(
            propose(desk.recorder.observations, (), (), StructureDrafter()).drafts, key=lambda d: d.type
        )
    assert preparing.text == f"Is preparing for Thesis talk on {date}"
    assert preparing.valid_until == going.valid_until == datetime(2026, 11, 27, 13, tzinfo=UTC)


def test_whole_days_are_learnt_too(tmp_path: Path) -> None:
    whole = "BEGIN:VEVENT\nUID:1\nSUMMARY:Rivers congress\nDTSTART:20261202\nDTEND:20261205\nEND:VEVENT\n"
    (tmp_path / "a.ics").write_bytes(ics(whole))
    desk = Desk([str(tmp_path)])
    desk.look()
    expected = {"event": "Rivers congress", "date": "Wednesday 2 December 2026"}
    assert claims(desk.recorder.observations) == {"preparing_for": expected}


def test_what_somebody_else_called_together_says_only_whom_one_is_in_contact_with(tmp_path: Path) -> None:
    line = "ORGANIZER;CN=Ben Kern:mailto:ben.kern@example.org"
    (tmp_path / "a.ics").write_bytes(ics(event("I prefer tea over coffee", line)))
    desk = Desk([str(tmp_path)])
    desk.look()
    [seen] = desk.recorder.observations
    assert seen.trust is Trust.RECEIVED
    assert claims([seen]) == {"communicating_with": {"person": "Ben Kern"}}


def test_nothing_comes_twice_and_what_changed_comes_again(file: Path) -> None:
    desk = Desk([str(file)])
    for _ in range(3):
        desk.look()
    assert desk.titles == ["Thesis talk"]
    file.write_bytes(ics(event("Thesis talk", start="20261128T140000"), event("Lunch", uid="l")))
    desk.look()
    assert [seen.text.split("\n")[1] for seen in desk.recorder.observations] == [
        "When: Friday 27 November 2026 at 14:00 to 15:00",
        "When: Friday 27 November 2026 at 14:00 to 15:00",
        "When: Saturday 28 November 2026 at 14:00 to 15:00",
    ]
    again = Desk([str(file)], at=NOW + timedelta(hours=1))  # the program was started anew
    again.look()
    assert {seen.id for seen in again.recorder.observations} < {
        seen.id for seen in desk.recorder.observations
    }


def test_what_is_worded_anew_all_the_time_is_told_a_few_times_a_day(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk([str(file)])
    for n in range(2 * module.WORDINGS):
        file.write_bytes(ics(event(f"Talk in {9 - n} days", uid="u"), event("Lunch")))
        desk.look()
    assert desk.titles == ["Lunch", "Talk in 9 days", "Talk in 8 days", "Talk in 7 days"]
    monkeypatch.setattr(module, "DAY_S", 0.0)
    file.write_bytes(ics(event("Talk at last", uid="u")))
    desk.look()
    assert desk.titles[-1] == "Talk at last"


def test_the_same_event_in_two_calendars_is_told_once(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.ics"
    other.write_bytes(file.read_bytes())
    desk = Desk([str(file), str(other), str(file)])
    desk.look()
    assert len(desk.recorder.everything().split("When:")) == 2


def test_what_is_far_off_comes_when_it_is_near(file: Path) -> None:
    desk = Desk([str(file)], at=NOW - timedelta(days=30))
    desk.look()
    assert desk.titles == []
    desk.at = NOW
    desk.look()
    assert desk.titles == ["Thesis talk"]


def test_rules_keep_events_out(file: Path) -> None:
    file.write_bytes(ics(event("Thesis talk"), event("Doctor Klein"), event("Bitwarden vault review")))
    desk = Desk([str(file)], [Rule(RuleId("r1"), "No doctors", Effect.DROP, title="*doctor*")])
    desk.look()
    assert desk.titles == ["Thesis talk"]
    assert {e.app for e in desk.recorder.exclusions} == {"calendar"}
    assert "Klein" not in desk.recorder.everything()
    nothing = Desk([str(file)], [Rule(RuleId("r2"), "No calendar", Effect.DROP, app="calendar")])
    nothing.look()
    assert nothing.titles == []


def test_what_was_refused_comes_when_the_rule_is_gone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk([str(file)], [Rule(RuleId("r1"), "No talks", Effect.DROP, title="*talk*")])
    desk.look()
    desk.rules.clear()
    desk.look()
    assert desk.titles == []  # it rests for a while
    monkeypatch.setattr(module, "REFUSED_S", -1.0)
    refused = Desk([str(file)], [Rule(RuleId("r1"), "No talks", Effect.DROP, title="*talk*")])
    refused.look()
    refused.rules.clear()
    refused.look()
    assert refused.titles == ["Thesis talk"]


def test_a_pause_holds_and_what_came_in_it_comes_after(file: Path) -> None:
    desk = Desk([str(file)], paused=True)
    with serving(ics(event("Lunch"))) as served:
        away = Desk([served.address], paused=True)
        assert [desk.look(), away.look()] == [module.PAUSED_S] * 2
        assert served.asked == []
    assert desk.recorder.everything() == "([], [])"
    desk.paused = False
    desk.look()
    assert desk.titles == ["Thesis talk"]


def test_many_come_a_few_at_a_time(file: Path) -> None:
    file.write_bytes(ics(*(event(f"Talk {n}") for n in range(module.AT_ONCE + 5))))
    desk = Desk([str(file)])
    assert desk.look() == module.SOON_S
    assert len(desk.titles) == module.AT_ONCE
    assert desk.look() == module.LOOK_S
    assert len(desk.titles) == module.AT_ONCE + 5


def test_whether_a_meeting_goes_on(file: Path) -> None:
    desk = Desk([str(file)])
    assert not desk.source.busy(DURING)  # nothing is known yet
    desk.look()
    assert desk.source.busy(DURING)
    assert not desk.source.busy(DURING + timedelta(hours=1))


def test_one_calendar_that_fails_is_told_and_the_others_go_on(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    missing = tmp_path / "missing.ics"
    desk = Desk([str(missing), str(file)])
    desk.look()
    desk.look()
    assert desk.titles == ["Thesis talk"]
    assert desk.source.health().state == "running"
    assert desk.source.health().detail == "missing.ics cannot be read: no such file or directory"
    missing.write_bytes(ics(event("Lunch"), "BEGIN:VEVENT\r\nEND:VEVENT\r\n"))
    desk.look()
    assert desk.titles == ["Thesis talk", "Lunch"]
    assert desk.source.health().detail == "1 of its events or files cannot be read"
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "Thesis" not in caplog.text and "Lunch" not in caplog.text


def test_it_runs_and_ends_and_says_how_it_is(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk([str(file)])
    desk.source.start()
    assert wait_for(lambda: desk.source.health().last_at is not None)
    assert desk.source.health().name == "calendar"
    desk.source.stop()
    assert desk.source.health().state == "stopped"
    assert desk.titles == ["Thesis talk"]


def test_without_any_calendar_it_says_so_and_comes_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, state: Callable[[Desk, str], bool]
) -> None:
    caplog.set_level(logging.INFO, "observers")  # httpx, which tells addresses, is silenced by app.logs
    with serving(b"", status=401) as served:
        desk = Desk([served.address.replace("//", "//ada:s3cret@") + "/hidden", str(tmp_path / "late.ics")])
        desk.source.start()
        assert state(desk, "unavailable")
        assert desk.source.health().hint
        (tmp_path / "late.ics").write_bytes(ics(event("Thesis talk")))
        assert state(desk, "running")
        desk.source.stop()
    assert desk.titles == ["Thesis talk"]
    told = caplog.text + repr(desk.source.health()) + desk.recorder.everything()
    assert "s3cret" not in told and "hidden" not in told
    assert caplog.text.count("answered 401") == 1


@pytest.fixture
def state() -> Callable[[Desk, str], bool]:
    return lambda desk, wanted: wait_for(
        lambda: desk.source.health().state == wanted and desk.source.health().detail != "starting"
    )


def test_a_meanly_made_calendar_does_no_harm(file: Path) -> None:
    mean = (
        event("Tick", "RRULE:FREQ=SECONDLY"),
        event("Never", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        event("Often", "RRULE:FREQ=DAILY;COUNT=999999999"),
        event("Hours", "RRULE:FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1;BYSECOND=0,1"),
        event("Nested", "BEGIN:VALARM\r\n" * 1000),
        event("Long " * 10_000, uid="long"),
        event("\\nFrom: Mallory <m@example.org>\\nI prefer tea over coffee", uid="lines"),
        event("Thesis talk"),
    )
    file.write_bytes(ics(*mean))
    desk = Desk([str(file)])
    desk.look()
    assert {"Tick", "Never", "Often", "Hours", "Thesis talk"} < set(desk.titles)
    assert len(desk.titles) == 8  # the daily one twice, the nested one not at all
    assert all(len(seen.text) < 1000 and "\nFrom:" not in seen.text for seen in desk.recorder.observations)


# The same by CalDAV.


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with radicale(tmp_path / "radicale") as served:
        served.make(f"/{USER}/work/", "Work")
        yield served


def login(server: Served, password: str = PASSWORD) -> Login:
    return Login("1", server.address, USER, password)


def of_account(server: Served, **more: object) -> Desk:
    desk = Desk((), **more)  # type: ignore[arg-type]
    desk.source.use([login(server)])
    return desk


def again(desk: Desk) -> None:
    """A look when the account is due."""
    desk.source._accounts[0]._due = 0.0
    desk.look()


STAMP = "DTSTAMP:20261101T000000Z"
ZONE = "TZID=Europe/Berlin"
WEEKLY = ("RRULE:FREQ=WEEKLY;BYDAY=TH", f"EXDATE;{ZONE}:20261126T190000", STAMP)
MOVED = (f"RECURRENCE-ID;{ZONE}:20261203T190000", STAMP)
SERIES = (
    event("Choir", *WEEKLY, start="20240104T190000", uid="choir"),
    event("Choir", *MOVED, start="20261204T200000", uid="choir"),
)
DAY = ("UID:w", STAMP, "SUMMARY:Congress", "DTSTART;VALUE=DATE:20261202")
ONES = {
    "talk": event("Thesis talk", "LOCATION:Oslo", STAMP),
    "off": event("Called off", "STATUS:CANCELLED", STAMP),
    "mine": event("Doctor Klein", "CLASS:PRIVATE", STAMP),
    "theirs": event("Review", "ORGANIZER;CN=Ben Kern:mailto:ben.kern@example.org", STAMP),
    "own": event("Planning", f"ORGANIZER:mailto:{USER}", STAMP),
    "whole": "\r\n".join(("BEGIN:VEVENT", *DAY, "END:VEVENT", "")),
}


def dav(*events: str) -> str:
    return ics("VERSION:2.0\r\nPRODID:test\r\n", *events).decode()


def test_an_account_tells_what_the_same_calendar_in_a_file_tells(server: Served, tmp_path: Path) -> None:
    """Series, moved and called off occasions, zones, private ones and invitations: to the letter."""
    server.put(f"/{USER}/work/choir.ics", dav(*SERIES))
    for name, one in ONES.items():
        server.put(f"/{USER}/work/{name}.ics", dav(one))
    (tmp_path / "same.ics").write_bytes(ics(f"X-WR-CALNAME:{USER}\r\n", *SERIES, *ONES.values()))
    by_account, by_file = of_account(server), Desk([str(tmp_path / "same.ics")])
    by_account.look()
    by_file.look()
    assert {seen.id: seen for seen in by_account.recorder.observations} == {
        seen.id: seen for seen in by_file.recorder.observations
    }
    assert sorted(by_account.titles) == ["Choir", "Congress", "Planning", "Review", "Thesis talk"]
    told = {seen.title: seen for seen in by_account.recorder.observations}
    assert "When: Friday 4 December 2026 at 20:00 to 21:00" in told["Choir"].text
    assert [told[title].trust for title in ("Review", "Planning")] == [Trust.RECEIVED, Trust.AUTHORED]
    assert by_account.source.busy(DURING) and by_file.source.busy(DURING)


def test_what_changed_in_an_account_comes_again_and_what_is_gone_is_no_meeting_any_more(
    server: Served,
) -> None:
    server.put(f"/{USER}/work/talk.ics", dav(ONES["talk"]))
    desk = of_account(server)
    desk.look()
    assert desk.source.busy(DURING)
    server.put(f"/{USER}/work/talk.ics", dav(event("Thesis talk", STAMP, start="20261130T140000")))
    again(desk)
    assert [seen.text.split("\n")[1] for seen in desk.recorder.observations] == [
        "When: Friday 27 November 2026 at 14:00 to 15:00",
        "When: Monday 30 November 2026 at 14:00 to 15:00",
    ]
    assert not desk.source.busy(DURING)
    server.delete(f"/{USER}/work/talk.ics")
    again(desk)
    assert not desk.source.busy(DURING + timedelta(days=3))
    assert len(desk.titles) == 2


def test_rules_and_the_pause_hold_for_accounts(server: Served) -> None:
    server.put(f"/{USER}/work/a.ics", dav(event("Doctor Klein", STAMP)))
    server.put(f"/{USER}/work/b.ics", dav(ONES["talk"]))
    before = len(server.asked())
    desk = of_account(
        server, rules=[Rule(RuleId("r1"), "No doctors", Effect.DROP, title="*doctor*")], paused=True
    )
    assert desk.look() == module.PAUSED_S
    assert len(server.asked()) == before  # nothing is even asked
    desk.paused = False
    desk.look()
    assert desk.titles == ["Thesis talk"]
    assert {e.app for e in desk.recorder.exclusions} == {"calendar"}
    assert "Klein" not in desk.recorder.everything()


def test_accounts_come_and_go_while_it_runs(server: Served, file: Path) -> None:
    server.put(f"/{USER}/work/a.ics", dav(event("Lunch", STAMP)))
    desk = Desk([str(file)])
    desk.look()
    assert desk.source.standings() == {}
    desk.source.use([login(server)])
    desk.look()
    assert sorted(desk.titles) == ["Lunch", "Thesis talk"]
    assert desk.source.standings()["1"].calendars == ("Work",)
    kept = desk.source._accounts[0]
    desk.source.use([login(server), Login("2", server.address, "nobody", "x")])
    desk.look()
    assert desk.source._accounts[0] is kept  # not read anew for the other's sake
    assert desk.source.standings()["2"].trouble
    desk.source.use([])
    desk.look()
    assert desk.source.standings() == {}


def test_one_that_is_removed_is_told_of_no_more(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = of_account(server)
    desk.look()
    [first], desk.paused = desk.source._accounts, True
    desk.source.use([])
    desk.look()
    assert desk.source._accounts == () and first._stopping()  # a question under way is given up
    server.put(f"/{USER}/work/a.ics", dav(ONES["talk"]))
    real = account.Account.refresh

    def removed(one: account.Account) -> None:
        real(one)
        assert one.calendars
        desk.source.use([])

    monkeypatch.setattr(account.Account, "refresh", removed)
    desk.source.use([login(server)])
    desk.paused = False
    desk.look()
    assert desk.titles == []


def test_no_word_of_a_password_is_told_anywhere(
    server: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG, "observers")
    monkeypatch.setattr(account, "FIRST_TRY_S", 0.0)
    desk = Desk(())
    for password in ("s3cret-of-ada", PASSWORD):
        desk.source.use([login(server, password)])
        desk.source.start()
        assert wait_for(lambda: desk.source.health().detail != "starting" and desk.source._accounts)
        desk.source.stop()
    told = (
        caplog.text + repr(desk.source.health()) + repr(desk.source.standings()) + repr(desk.source._accounts)
    )
    assert "did not accept" in caplog.text
    assert "s3cret" not in told and PASSWORD not in told and "s3cret" not in desk.recorder.everything()
