"""A CalDAV account, with Radicale as the server, and with servers that mean no good."""

from collections.abc import Callable, Iterator
from datetime import UTC, date
from itertools import repeat
from pathlib import Path

import pytest

from gum.errors import CaptureUnavailable
from gum.login import Login, Standing
from observers import account as module
from observers import fetch
from observers.account import Account, names
from observers.dav import Refused
from tests.observers.caldav_server import OTHER, PASSWORD, USER, Served, radicale
from tests.observers.certificate import made
from tests.observers.dav_server import Answer, Asked, mean, said

TODAY = date(2026, 11, 23)
HOME = f"/{USER}/"


def event(summary: str, *more: str, day: str = "20261127", uid: str = "") -> str:
    lines = [f"UID:{uid or summary}", f"SUMMARY:{summary}", "DTSTAMP:20261101T000000Z"]
    lines += [f"DTSTART:{day}T130000Z", f"DTEND:{day}T140000Z", *more]
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def ics(*events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{''.join(events)}END:VCALENDAR\r\n"


class Tick:
    """Seconds that pass when they are told to, and the day."""

    now = 0.0
    day = TODAY

    def __call__(self) -> float:
        return self.now


def account(address: str, tick: Tick, password: str = PASSWORD, user: str = USER) -> Account:
    return Account(Login("1", address, user, password), lambda: tick.day, UTC, lambda: False, tick)


def later(kept: Account, tick: Tick, seconds: float = module.FRESH_S + 1) -> None:
    tick.now += seconds
    kept.refresh()


def summaries(kept: Account) -> list[str]:
    return sorted(event.summary for calendar in kept.calendars for event in calendar.events)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with radicale(tmp_path_factory.mktemp("caldav") / "radicale") as server:
        yield server


@pytest.fixture
def server(served: Served) -> Iterator[Served]:
    """With two calendars: "work", in which there is a talk, and "home"."""
    served.make(f"{HOME}work/", "Work &amp; more")
    served.make(f"{HOME}home/", "Home")
    served.put(f"{HOME}work/talk.ics", ics(event("Thesis talk")))
    yield served
    for name in ("work", "home"):
        served.delete(f"{HOME}{name}/")


@pytest.mark.parametrize("path", ["", "/", HOME, f"/{USER.replace('@', '%40')}"])
def test_its_calendars_are_found_from_server_and_person(server: Served, path: str) -> None:
    found = names(Login("1", server.address + path, USER, PASSWORD), lambda: False)
    assert sorted(found) == ["Home", "Work & more"]


def test_the_address_of_one_calendar_is_that_one(server: Served) -> None:
    kept = account(f"{server.address}{HOME}work/", Tick())
    kept.refresh()
    assert kept.standing == Standing(("Work & more",))
    assert summaries(kept) == ["Thesis talk"]


def test_what_takes_no_events_is_no_calendar(server: Served) -> None:
    server.make(f"{HOME}todo/", "Things", kinds="VTODO")
    try:
        assert "Things" not in names(Login("1", server.address, USER, PASSWORD), lambda: False)
    finally:
        server.delete(f"{HOME}todo/")


@pytest.mark.parametrize(
    ("path", "user", "password", "words"),
    [
        ("/", USER, "wrong", "did not accept the name or the password"),
        ("/", "nobody", PASSWORD, "did not accept the name or the password"),
        (f"{HOME}nowhere/", USER, PASSWORD, "has nothing at this address"),
        (f"{HOME}nowhere/a.ics", USER, PASSWORD, "has nothing at this address"),
        (f"/{OTHER}/", USER, PASSWORD, "does not let this name in there"),
        ("/", OTHER, PASSWORD, "has no calendar of yours there"),
    ],
)
def test_what_is_wrong_is_told(server: Served, path: str, user: str, password: str, words: str) -> None:
    with pytest.raises(CaptureUnavailable) as caught:
        names(Login("1", server.address + path, user, password), lambda: False)
    assert words in caught.value.title
    assert caught.value.hint


def test_only_the_days_that_are_told_of_are_fetched(server: Served) -> None:
    server.put(f"{HOME}home/old.ics", ics(event("Old", day="20251127")))
    server.put(f"{HOME}home/far.ics", ics(event("Far", day="20270305")))
    server.put(f"{HOME}home/weekly.ics", ics(event("Weekly", "RRULE:FREQ=WEEKLY", day="20200106")))
    server.put(f"{HOME}home/over.ics", ics(event("Over", "RRULE:FREQ=WEEKLY;COUNT=3", day="20200106")))
    tick = Tick()
    kept = account(server.address, tick)
    kept.refresh()
    assert summaries(kept) == ["Thesis talk", "Weekly"]
    tick.day = date(2027, 3, 1)
    later(kept, tick)
    assert summaries(kept) == ["Far", "Weekly"]


def test_what_did_not_change_is_not_asked_for_and_what_did_alone(server: Served) -> None:
    tick = Tick()
    kept = account(server.address, tick)
    kept.refresh()
    for n in range(3):
        server.put(f"{HOME}home/{n}.ics", ics(event(f"Lunch {n}")))

    def asked() -> list[str]:
        before = len(server.asked())
        later(kept, tick)
        return server.asked()[before:]

    assert asked() == [f"PROPFIND '{HOME}'", *[f"REPORT '{HOME}home/'"] * 2]
    assert asked() == [f"PROPFIND '{HOME}'"]
    assert summaries(kept) == ["Lunch 0", "Lunch 1", "Lunch 2", "Thesis talk"]
    wanted: list[bytes] = []
    real = module.caldav.multiget
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.caldav, "multiget", lambda hrefs: wanted.append(real(hrefs)) or wanted[-1])
        server.put(f"{HOME}home/1.ics", ics(event("Dinner", uid="Lunch 1")))
        server.delete(f"{HOME}home/2.ics")
        asked()
    assert summaries(kept) == ["Dinner", "Lunch 0", "Thesis talk"]
    [once] = wanted
    assert once.count(b"<d:href>") == 1 and b"1.ics" in once


def test_a_quarter_of_an_hour_goes_by_between_two_looks(server: Served) -> None:
    tick = Tick()
    kept = account(server.address, tick)
    kept.refresh()
    before = len(server.asked())
    later(kept, tick, module.FRESH_S - 1)
    assert len(server.asked()) == before


def test_calendars_come_and_go(server: Served) -> None:
    tick = Tick()
    kept = account(server.address, tick)
    kept.refresh()
    server.make(f"{HOME}new/", "New")
    try:
        server.put(f"{HOME}new/a.ics", ics(event("Concert")))
        later(kept, tick)
        assert summaries(kept) == ["Concert", "Thesis talk"]
    finally:
        server.delete(f"{HOME}new/")
    later(kept, tick)
    assert summaries(kept) == ["Thesis talk"]
    assert sorted(kept.standing.calendars) == ["Home", "Work & more"]


def test_many_events_come_in_portions(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 3)
    for n in range(8):
        server.put(f"{HOME}home/{n} ü&.ics", ics(event(f"Lunch {n}")))
    kept = account(server.address, Tick())
    kept.refresh()
    assert len(summaries(kept)) == 9


@pytest.mark.parametrize(("name", "most"), [("MOST_FILES", 1), ("MOST_IN_FOLDER", 200)])
def test_what_is_too_large_is_told_and_the_rest_is_read(
    server: Served, name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, most)
    for n in range(2):
        server.put(f"{HOME}home/{n}.ics", ics(event(f"Lunch {n}")))
    kept = account(server.address, Tick())
    kept.refresh()
    assert kept.trouble is not None and "too" in kept.trouble.title and kept.trouble.hint
    assert summaries(kept) == ["Thesis talk"]


def test_whose_calendars_they_are_is_known_by_the_name_that_is_an_address(server: Served) -> None:
    kept = account(server.address, Tick())
    kept.refresh()
    assert {calendar.owner for calendar in kept.calendars} == {USER}


def test_a_wrong_password_is_not_tried_again_and_again(server: Served) -> None:
    tick = Tick()
    kept = account(server.address, tick, "wrong")
    kept.refresh()
    assert isinstance(kept.trouble, Refused)
    before = len(server.asked())
    later(kept, tick, module.LAST_TRY_S - 1)
    assert len(server.asked()) == before
    later(kept, tick, 2)
    assert len(server.asked()) > before


def test_what_was_read_holds_while_the_server_is_away(tmp_path: Path) -> None:
    tick = Tick()
    with radicale(tmp_path / "radicale") as one:
        one.make(f"{HOME}work/", "Work")
        one.put(f"{HOME}work/a.ics", ics(event("Thesis talk")))
        kept = account(one.address, tick)
        kept.refresh()
    tries = []
    for _ in range(24 * 60):
        later(kept, tick, 60)
        tries.append(kept._due)
    assert summaries(kept) == ["Thesis talk"]
    assert kept.standing == Standing(("Work",), "127.0.0.1 cannot be reached", "It is tried again later.")
    assert 20 < len(set(tries)) < 40  # less and less often, at least once an hour


def test_over_https_with_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = made(tmp_path)
    with radicale(tmp_path / "radicale", files) as one:
        one.make(f"{HOME}work/", "Work")
        one.put(f"{HOME}work/a.ics", ics(event("Thesis talk")))
        tick = Tick()
        kept = account(one.address, tick)
        kept.refresh()
        assert kept.trouble is not None and "certificate" in kept.trouble.title
        assert "PROPFIND" not in one.log.read_text()
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        fetch._tls.cache_clear()
        try:
            later(kept, tick)
        finally:
            fetch._tls.cache_clear()
        assert summaries(kept) == ["Thesis talk"]


# What Radicale never does, by a server made up for it.

PRINCIPAL = "<current-user-principal><href>/me/</href></current-user-principal>"
ROOM = "<c:calendar-home-set><href>/cal/</href></c:calendar-home-set>"
CALENDAR = "<resourcetype><collection/><c:calendar/></resourcetype>"


def account_of(calendars: dict[str, str], inside: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """A server with these calendars, which answers reports by `inside`."""

    def says(asked: Asked) -> Answer:
        if asked.method == "REPORT":
            return inside(asked)
        return {
            "/": said({"/": PRINCIPAL}),
            "/me/": said({"/me/": PRINCIPAL + ROOM}),
            "/cal/": said({"/cal/": "<resourcetype><collection/></resourcetype>", **calendars}),
        }.get(asked.path, Answer(404))

    return says


def test_a_home_on_another_server_is_told_and_not_asked() -> None:
    with mean(lambda asked: said({"/": PRINCIPAL + ROOM})) as other:
        far = f"<c:calendar-home-set><href>{other.address}/cal/</href></c:calendar-home-set>"
        with mean(lambda asked: said({"/": PRINCIPAL + far})) as server:
            kept = account(server.address, Tick())
            kept.refresh()
        assert kept.trouble is not None and "is not asked" in kept.trouble.title
        assert other.asked == []


def test_a_server_is_found_by_its_well_known_place_also_behind_a_page() -> None:
    def says(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer(405, b"<html>")
        if asked.path == "/.well-known/caldav":
            return Answer(301, headers={"Location": "/dav/"})
        if asked.path == "/dav/":
            return said({"/dav/": PRINCIPAL})
        return account_of({"/cal/a/": CALENDAR}, lambda a: said({}))(asked)

    with mean(says) as server:
        assert names(Login("1", server.address, "ada", "x"), lambda: False) == ("unnamed",)


def test_who_is_nobody_to_the_server_has_no_right_password() -> None:
    anybody = "<current-user-principal><unauthenticated/></current-user-principal>"
    with mean(lambda asked: said({asked.path: anybody})) as server, pytest.raises(Refused):
        names(Login("1", server.address, "ada", "x"), lambda: False)


def entry(uid: str, etag: str = "<getetag>1</getetag>") -> str:
    return f"{etag}<c:calendar-data>{ics(event(uid))}</c:calendar-data>"


def test_a_server_that_tells_no_versions_is_read_anew_each_time() -> None:
    reports: list[str] = []

    def inside(asked: Asked) -> Answer:
        reports.append(asked.body)
        return said({"/cal/a/1.ics": entry(f"Talk {len(reports)}", "") if "multiget" in asked.body else ""})

    tick = Tick()
    with mean(account_of({"/cal/a/": CALENDAR}, inside)) as server:
        kept = account(server.address, tick)
        kept.refresh()
        later(kept, tick)
    assert len(reports) == 4
    assert summaries(kept) == ["Talk 4"]


def test_what_was_promised_and_did_not_come_is_asked_for_again() -> None:
    comes = False

    def inside(asked: Asked) -> Answer:
        if "multiget" in asked.body:
            return said({"/cal/a/1.ics": entry("Talk")} if comes else {})
        return said({"/cal/a/1.ics": "<getetag>1</getetag>"})

    tick = Tick()
    calendar = f"{CALENDAR}<s:getctag>1</s:getctag>"
    with mean(account_of({"/cal/a/": calendar}, inside)) as server:
        kept = account(server.address, tick)
        kept.refresh()
        assert summaries(kept) == []
        comes = True
        later(kept, tick)
        assert summaries(kept) == ["Talk"]
        before = len(server.asked)
        later(kept, tick)
        assert len(server.asked) == before + 1


def test_one_broken_calendar_or_event_does_not_hide_the_others() -> None:
    def inside(asked: Asked) -> Answer:
        if asked.path == "/cal/a/":
            return Answer(403)
        if "multiget" in asked.body:
            broken = "<getetag>1</getetag><c:calendar-data>no calendar</c:calendar-data>"
            return said({"/cal/b/1.ics": entry("Talk"), "/cal/b/2.ics": broken})
        return said({f"/cal/b/{n}.ics": "<getetag>1</getetag>" for n in (1, 2)})

    with mean(account_of({"/cal/a/": CALENDAR, "/cal/b/": CALENDAR}, inside)) as server:
        kept = account(server.address, Tick())
        kept.refresh()
    assert summaries(kept) == ["Talk"]
    assert sum(calendar.lost for calendar in kept.calendars) == 1
    assert kept.trouble is not None and "does not let" in kept.trouble.title


@pytest.mark.parametrize("kind", ["error", "endless"])
def test_a_calendar_that_always_fails_does_not_starve_the_others(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MOST", 100_000)

    def inside(asked: Asked) -> Answer:
        if asked.path == "/cal/a/":
            return Answer(500) if kind == "error" else Answer(207, repeat(b"<a>" * 1000))
        return said({f"{asked.path}1.ics": entry(asked.path)})

    tick = Tick()
    with mean(account_of({f"/cal/{name}/": CALENDAR for name in "abc"}, inside)) as server:
        kept = account(server.address, tick)
        kept.refresh()
        assert kept.trouble is not None
        later(kept, tick)
    assert summaries(kept) == ["/cal/b/", "/cal/c/"]
    assert kept.trouble is not None  # and it is told still


def test_a_file_of_very_many_events_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.ics, "MOST", 7)

    def inside(asked: Asked) -> Answer:
        many = ics(*(event(f"{asked.path} {n}") for n in range(5)))
        data = f"<c:calendar-data>{many}</c:calendar-data>"
        return said({f"{asked.path}1.ics": f"<getetag>1</getetag>{data}"})

    with mean(account_of({"/cal/a/": CALENDAR, "/cal/b/": CALENDAR}, inside)) as server:
        kept = account(server.address, Tick())
        kept.refresh()
    assert summaries(kept) == [f"/cal/a/ {n}" for n in range(5)]
    assert kept.trouble is not None and "too many events" in kept.trouble.title


def test_what_is_meant_to_do_harm_does_none() -> None:
    bomb = b'<!DOCTYPE m [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><multistatus xmlns="DAV:">&b;</multistatus>'
    for answer in (Answer(207, bomb), Answer(207, b"\xff" * 1000), said({"http://[": "", "/x": ""})):
        with mean(account_of({"/cal/a/": CALENDAR}, lambda asked, answer=answer: answer)) as server:
            kept = account(server.address, Tick())
            kept.refresh()
            assert summaries(kept) == []
