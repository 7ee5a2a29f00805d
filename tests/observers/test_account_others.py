"""Whose a calendar of a CalDAV account is: what stands in those of others are not the person's words."""

from datetime import UTC, datetime

import pytest

from gum.login import Login
from gum.types import Trust
from observers import agenda
from observers.account import names
from tests.observers.dav_server import Answer, Asked, mean, said
from tests.observers.test_account import CALENDAR, PRINCIPAL, ROOM, Tick, account, account_of, event, ics


def foreign(kind: str) -> str:
    return f"<resourcetype><collection/><c:calendar/><s:{kind}/></resourcetype>"


def test_what_others_share_is_left_out() -> None:
    calendars = {
        "/cal/a/": f"{CALENDAR}<displayname>Mine</displayname><owner><href>/me</href></owner>",
        "/cal/b/": f"{CALENDAR}<displayname>Ben's</displayname><owner><href>/ben/</href></owner>",
        "/cal/c/": f"{CALENDAR}<displayname>Nobody's</displayname>",
        "/cal/e/": f"{foreign('shared')}<displayname>Shared</displayname>",
        "/cal/f/": f"{foreign('subscribed')}<owner><href>/me</href></owner><displayname>Cup</displayname>",
        "/cal/g/": f"{foreign('shared-owner')}<displayname>Given</displayname>",
        "//elsewhere.example/d/": f"{CALENDAR}<displayname>Elsewhere</displayname>",
    }
    with mean(account_of(calendars, lambda asked: said({}))) as server:
        found = names(Login("1", server.address, "ada", "x"), lambda: False)
    assert found == ("Mine", "Nobody's", "Given")


@pytest.mark.parametrize(
    ("properties", "theirs"),
    [
        (f"<owner><href>/ben/</href></owner>{PRINCIPAL}", True),
        ("<owner><href>/ben/</href></owner>", True),  # who asks is told nowhere
        (f"<owner><href>/me/</href></owner>{PRINCIPAL}", False),
        (f"<resourcetype><c:calendar/><s:shared/></resourcetype>{PRINCIPAL}", True),
    ],
)
def test_of_a_calendar_of_others_that_is_named_by_itself_no_word_is_the_persons(
    properties: str, theirs: bool
) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)

    def says(asked: Asked) -> Answer:
        if asked.method == "REPORT":
            own = ics(event("Lunch"), event("Planning", "ORGANIZER:mailto:ada@example.org"))
            data = f"<c:calendar-data>{own}</c:calendar-data>" if "multiget" in asked.body else ""
            return said({"/ben/team/1.ics": f"<getetag>1</getetag>{data}"})
        return said({asked.path: CALENDAR + properties if asked.path == "/ben/team/" else ""})

    with mean(says) as server:
        kept = account(f"{server.address}/ben/team/", Tick(), user="ada@example.org")
        kept.refresh()
    [calendar] = kept.calendars
    told = [
        agenda.observation(one, at, UTC, calendar.owner) for one in agenda.coming(calendar.events, at, UTC)
    ]
    assert [seen.trust for seen in told] == [Trust.RECEIVED if theirs else Trust.AUTHORED] * 2


def test_whoever_is_named_only_who_asks_is_the_person() -> None:
    def address(name: str) -> str:
        return f"<c:calendar-user-address-set><href>mailto:{name}@x.org</href></c:calendar-user-address-set>"

    def says(asked: Asked) -> Answer:
        if asked.path == "/ben/":
            return said({"/ben/": PRINCIPAL + ROOM + address("ben")})
        return said({asked.path: {"/me/": PRINCIPAL + address("ada"), "/cal/": CALENDAR}.get(asked.path, "")})

    with mean(says) as server:
        kept = account(f"{server.address}/ben/", Tick(), user="ada")
        kept.refresh()
    assert [calendar.owner for calendar in kept.calendars] == ["ada@x.org"]
