from datetime import date
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observers import caldav
from observers.caldav import About, about, contents, key, multiget, query, same, versions
from observers.multistatus import DAV, replies, tree

BASE = "https://cloud.example.org/dav/ada/"
NAMES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'


def answer(*responses: str) -> bytes:
    every = "".join(f"<response>{response}</response>" for response in responses)
    return f"<multistatus {NAMES}>{every}</multistatus>".encode()


def one(href: str, *properties: str) -> str:
    told = f"<prop>{''.join(properties)}</prop><status>HTTP/1.1 200 OK</status>"
    return f"<href>{href}</href><propstat>{told}</propstat>"


def kinds(*named: str) -> str:
    every = "".join(f'<c:comp name="{kind}"/>' for kind in named)
    return f"<c:supported-calendar-component-set>{every}</c:supported-calendar-component-set>"


def told(*properties: str, href: str = "/dav/ada/work/") -> About:
    return about(replies(answer(one(href, *properties)))[0], BASE)


CALENDAR = "<resourcetype><collection/><c:calendar/></resourcetype>"


def test_a_calendar_says_what_it_is_called_and_when_it_changed() -> None:
    found = told(
        CALENDAR,
        "<displayname> Work\n and play </displayname>",
        "<s:getctag>17</s:getctag><sync-token>data:9</sync-token>",
        "<owner><href>/principals/ada/</href></owner>",
        kinds("VTODO", "VEVENT"),
    )
    assert found.calendar
    assert (found.url, found.name, found.mark) == (
        "https://cloud.example.org/dav/ada/work/",
        "Work and play",
        "17",
    )
    assert found.owner == "https://cloud.example.org/principals/ada/"
    assert told(CALENDAR, "<sync-token>data:9</sync-token>").mark == "data:9"
    assert told(CALENDAR).mark == ""


@pytest.mark.parametrize(
    ("properties", "calendar"),
    [
        (CALENDAR, True),
        (CALENDAR + kinds(), True),
        (CALENDAR + kinds("VTODO"), False),
        ("<resourcetype><collection/></resourcetype>", False),
        ("<resourcetype><collection/><c:schedule-inbox/></resourcetype>", False),
        ('<resourcetype><calendar xmlns="urn:somebody"/></resourcetype>', False),
        ("", False),
    ],
)
def test_what_takes_no_events_is_no_calendar(properties: str, calendar: bool) -> None:
    assert told(properties).calendar is calendar


def test_who_asks_and_where_their_calendars_are() -> None:
    found = told(
        "<current-user-principal><href>/principals/ada/</href></current-user-principal>",
        "<c:calendar-home-set><href>/dav/ada/</href><href>https://elsewhere.example/x/</href></c:calendar-home-set>",
        "<c:calendar-user-address-set><href>/principals/ada/</href><href>mailto:Ada%40Example.org</href>"
        "<href>mailto:ada</href></c:calendar-user-address-set>",
    )
    assert found.principal == "https://cloud.example.org/principals/ada/"
    assert found.homes == ("https://cloud.example.org/dav/ada/", "https://elsewhere.example/x/")
    assert found.addresses == ("ada@example.org",)
    assert not found.nobody
    assert told("<current-user-principal><unauthenticated/></current-user-principal>").nobody


def test_a_name_does_nothing_to_a_terminal() -> None:
    found = told(CALENDAR, "<displayname>Work&#x9b;2J&#x202e;&#x200b; now</displayname>")
    assert found.name.isprintable() and found.name.startswith("Work")


def test_the_days_that_are_told_of_are_asked_for() -> None:
    asked = tree(query(date(2026, 11, 23)))
    within = asked.children[1].children[0].children[0].children[0]
    assert within.given == {"start": "20261121T000000Z", "end": "20261209T000000Z"}
    assert [node.name for node in asked.children[0].children] == [DAV + "getetag"]


def test_versions_are_of_events_and_not_of_the_calendar_itself() -> None:
    data = answer(
        one("/dav/ada/", "<getetag>c</getetag>"),
        one("/dav/ada/a%20b.ics", '<getetag>"1"</getetag>'),
        one("https://cloud.example.org/dav/ada/c.ics"),
        "<href>/dav/ada/gone.ics</href><status>HTTP/1.1 404 Not Found</status>",
    )
    found = versions(replies(data), BASE)
    assert found is not None
    assert {name: tuple(version) for name, version in found.items()} == {
        "/dav/ada/a b.ics": ("/dav/ada/a%20b.ics", '"1"'),
        "/dav/ada/c.ics": ("https://cloud.example.org/dav/ada/c.ics", ""),
    }


def test_a_part_is_not_taken_for_all() -> None:
    part = "<href>/dav/ada/</href><status>HTTP/1.1 507 Insufficient Storage</status>"
    assert versions(replies(answer(one("/dav/ada/a.ics"), part)), BASE) is None


def test_events_come_with_their_version_or_are_gone() -> None:
    data = answer(
        one("/dav/ada/a.ics", "<getetag>1</getetag><c:calendar-data>BEGIN:X &lt;\n</c:calendar-data>"),
        "<href>/dav/ada/b.ics</href><status>HTTP/1.1 404 Not Found</status>",
        "<href>/dav/ada/c.ics</href><status>HTTP/1.1 500 Oh</status>",
        one("/dav/ada/d.ics", "<getetag>1</getetag>"),
    )
    assert contents(replies(data), BASE) == {
        "/dav/ada/a.ics": ("1", b"BEGIN:X <\n"),
        "/dav/ada/b.ics": ("", None),
    }


@given(
    st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1), max_size=5)
)
def test_any_name_comes_through_a_question_as_it_is(hrefs: list[str]) -> None:
    asked = [node.text for node in tree(multiget(hrefs)).all(DAV + "href")]
    assert asked == hrefs


@pytest.mark.parametrize(
    "href", ["/dav/ada/a%20b.ics", "a b.ics", "https://cloud.example.org/dav/ada/a%20b.ics"]
)
def test_one_event_has_one_key_however_it_is_written(href: str) -> None:
    assert key(href, BASE) == "/dav/ada/a b.ics"


@given(
    st.text(max_size=60) | st.sampled_from(["//[", "http://[::", "http://x:port/", "///", "?", "https://"])
)
def test_any_address_in_an_answer_does_no_harm(href: str) -> None:
    properties = f"<owner><href>{escape(href)}</href></owner>"
    try:
        found = replies(answer(one(escape(href), properties)))
    except ValueError:
        return  # signs that no document may hold
    for reply in found:
        told_ = about(reply, BASE)
        assert same(told_.url, told_.url)
        assert versions([reply], BASE) is not None


def test_addresses_are_the_same_with_another_way_of_quoting() -> None:
    assert same("https://x.org/a%40b/", "https://X.org/a@b")
    assert not same("https://x.org/a", "https://y.org/a")
    assert not same("", "https://y.org/")


def test_what_is_asked_of_an_address_names_all_that_is_read_of_it() -> None:
    named = {node.name for node in tree(caldav.ABOUT).children[0].children}
    assert DAV + "sync-token" in named and len(named) == 9
