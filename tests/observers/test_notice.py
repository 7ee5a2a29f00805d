from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Trust
from observers.notice import (
    FOLD,
    MAX_BODY,
    MAX_TITLE,
    REMEMBERED,
    Notice,
    Told,
    added,
    form,
    notified,
    plain,
)
from observers.privacy import UNKNOWN_ADDRESS, UNKNOWN_PRIVATE, admit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sent(
    app: str = "Tally",
    title: str = "Anna",
    body: str = "Lunch at one?",
    replaces: int = 0,
    hints: Mapping[str, object] | None = None,
) -> Notice | None:
    return notified([app, replaces, "", title, body, [], dict(hints or {}), -1])


def told(**given: object) -> Notice:
    notice = sent(**given)  # type: ignore[arg-type]
    assert notice is not None
    return notice


def test_a_notice_is_somebody_elses_words_under_the_name_of_its_program() -> None:
    notice = told(hints={"desktop-entry": "org.example.Tally.desktop"})
    assert notice.names == ("org.example.tally", "tally")
    assert (notice.app, notice.title, notice.text) == ("org.example.tally", "Anna", "Anna\nLunch at one?")
    assert (notice.trust, notice.url, notice.update) == (Trust.RECEIVED, None, False)
    assert told(replaces=7).update


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Lunch</b> at <i>one</i>?", "Lunch at one?"),
        ('see <a href="https://x.test/?a=1&amp;b=2">the plan</a>', "see the plan"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ('<img src="file:///x.png" alt="a cat"/>hello', "hello"),
        ("a &lt; b &amp;&amp; c &gt; d &#8364;", "a < b && c > d €"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("&lt;b&gt; makes it bold", "<b> makes it bold"),
        ("\n\n  far   apart \t\n\n", "far apart"),
        ("right\u202eleft\x07", "rightleft"),
        ("", ""),
    ],
)
def test_markup_is_taken_out_and_the_words_stay(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text())
def test_whatever_a_body_holds_its_text_is_bounded_and_clean(body: str) -> None:
    text = plain(body * 50)
    assert len(text) <= MAX_BODY
    assert all(line == " ".join(line.split()) and line for line in text.split("\n") if text)


ARGUMENTS = st.one_of(st.text(), st.integers(), st.none(), st.dictionaries(st.text(), st.text()))


@given(st.lists(ARGUMENTS))
def test_calls_of_any_form_are_borne(arguments: list[object]) -> None:
    for read in (notified, added):
        found = read(arguments)
        assert found is None or len(found.title) <= MAX_TITLE


def test_a_long_title_is_cut() -> None:
    assert len(told(title="a" * 100_000).title) == MAX_TITLE


@pytest.mark.parametrize(
    "hints",
    [{"transient": True}, {"synchronous": ""}, {"x-canonical-private-synchronous": "volume", "value": 40}],
)
def test_what_asks_not_to_be_kept_and_bars_are_no_notices(hints: dict[str, object]) -> None:
    assert sent(hints=hints) is None
    assert sent(hints={"transient": False}) is not None


@pytest.mark.parametrize(
    ("hints", "trust"),
    [
        ({"category": "im.received", "urgency": 1}, Trust.RECEIVED),
        ({"category": "email.arrived", "urgency": 2}, Trust.RECEIVED),
        ({"category": "device.added"}, Trust.SYSTEM),
        ({"category": "network.disconnected"}, Trust.SYSTEM),
        ({"category": "transfer.complete"}, Trust.SYSTEM),
        ({"urgency": 0}, Trust.SYSTEM),
        ({"urgency": 2}, Trust.RECEIVED),
    ],
)
def test_a_program_that_speaks_of_the_machine_is_not_somebody(hints: dict[str, object], trust: Trust) -> None:
    assert told(hints=hints).trust is trust


def test_what_a_browser_shows_is_a_pages_words_and_nobodys_letter() -> None:
    body = "club.example.org\n\nFrom: Kim Roe <kim@roe.example>"
    assert told(app="Chromium", body=body).trust is Trust.READ
    assert told(app="x", body=body, hints={"desktop-entry": "firefox"}).trust is Trust.READ
    assert told(app="Chromium", hints={"urgency": 0}).trust is Trust.SYSTEM
    as_gtk = added(["firefox", "", {"title": "Kim", "body": body}])
    assert as_gtk is not None and as_gtk.trust is Trust.READ


def test_the_way_of_gtk_is_understood_too() -> None:
    notice = added(["org.gnome.Geary", "mail-7", {"title": "Anna", "body": "a <b> c", "priority": "normal"}])
    assert notice is not None
    assert (notice.names, notice.text, notice.update) == (("org.gnome.geary",), "Anna\na <b> c", True)
    low = added(["org.gnome.Geary", "", {"title": "Updated", "priority": "low"}])
    assert low is not None
    assert (low.trust, low.text, low.update) == (Trust.SYSTEM, "Updated", False)


LINKED = '<a href="https://mail.example.com/">mail.example.com</a>\n\nAnna wrote'


@pytest.mark.parametrize(
    ("body", "hints", "url", "text"),
    [
        (LINKED, {}, "https://mail.example.com/", "Anna wrote"),
        ("mail.example.com\n\nAnna wrote", {}, "https://mail.example.com/", "Anna wrote"),
        ("localhost:8080\n\nAnna wrote", {}, "https://localhost:8080/", "Anna wrote"),
        ("mail.example.com\n\n", {}, "https://mail.example.com/", ""),
        ("Anna wrote", {"x-kde-origin-name": "mail.example.com"}, "https://mail.example.com/", "Anna wrote"),
        ("Anna wrote\n\nto you", {}, None, "Anna wrote\nto you"),
        ("Downloaded\n\nreport.pdf", {}, None, "report.pdf"),
        ("[::1\n\nAnna", {}, None, "Anna"),
    ],
)
def test_the_site_behind_a_browsers_notice_is_told_where_it_is_named(
    body: str, hints: dict[str, object], url: str | None, text: str
) -> None:
    notice = told(app="Chromium", body=body, hints=hints)
    assert (notice.url, notice.body) == (url, text)


def test_other_programs_name_no_site() -> None:
    notice = told(body="mail.example.com\n\nAnna wrote")
    assert (notice.url, notice.body) == (None, "mail.example.com\nAnna wrote")


def test_a_browsers_notice_passes_only_with_a_site_and_from_one_without_private_notices() -> None:
    def judged(app: str, body: str, **hints: object) -> list[str]:
        answers = [admit(window) for window in told(app=app, body=body, hints=hints).windows()]
        return [answer.rule_id for answer in answers if not answer.allowed]

    assert judged("Chromium", LINKED) == []
    assert judged("Google Chrome", LINKED, **{"desktop-entry": "google-chrome"}) == []
    assert judged("Chromium", "Anna wrote") == [UNKNOWN_ADDRESS]
    assert judged("Firefox", LINKED) == [UNKNOWN_PRIVATE]
    assert judged("Tally", LINKED, **{"desktop-entry": "firefox"}) == [UNKNOWN_PRIVATE]
    assert judged("Chromium", LINKED.replace("mail.example", "vault.bitwarden"))[0].startswith("builtin:")


def test_every_name_of_a_program_is_judged() -> None:
    windows = told(app="KeePassXC", hints={"desktop-entry": "kp"}).windows()
    assert [admit(window).allowed for window in windows] == [True, False]
    assert [window.app for window in told(app="").windows()] == [""]


def test_the_same_again_is_the_same_observation_and_lasts_longer() -> None:
    book, later = Told(), NOON + timedelta(minutes=2)
    first = book.new(told(), NOON)
    again = book.again(told(), later)
    assert again == replace(first, until=later)
    assert (first.source, first.app, first.title) == ("notices", "tally", "Anna")
    assert book.again(told(body="And Bob?"), later) is None
    assert book.again(told(app="Other"), later) is None
    assert book.again(told(), later + FOLD + timedelta(seconds=1)) is None


def test_progress_is_one_observation_and_a_correction_is_not() -> None:
    book = Told()
    book.new(told(title="Copying", body="1 of 12 files, 3.5 MB, 8 %"), NOON)
    assert book.again(told(title="Copying", body="2 of 12 files, 6 MB, 16 %", replaces=4), NOON) is not None
    assert book.again(told(title="Copying", body="3 of 12 files, 9 MB, 25 %"), NOON) is None
    assert book.again(told(title="Copying", body="Done", replaces=4), NOON) is None
    book.new(told(body="Lunch at 13:00 on 24.11."), NOON)
    assert book.again(told(body="Lunch at 13:30 on 24.11.", replaces=5), NOON) is None
    assert book.again(told(body="Lunch at 13:00 on 25.11.", replaces=5), NOON) is None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("moved to room 12 on the 14", "moved to room 7 on the 21", False),
        ("Table for 4", "Table for 6", False),
        ("45", "46", True),
        ("1,024", "2,048", True),
        ("1 of 200 files", "2 of 200 files", True),
        ("8 %", "16 %", True),
        ("on 3/12", "on 4/12", False),
    ],
)
def test_only_what_counts_is_told_by_its_form(first: str, second: str, same: bool) -> None:
    book = Told()
    book.new(told(title="Choir", body=first), NOON)
    assert (book.again(told(title="Choir", body=second, replaces=4), NOON) is not None) is same


def test_what_is_remembered_is_bounded() -> None:
    book = Told()
    for n in range(REMEMBERED + 1):
        book.new(told(app=f"p{n}"), NOON)
    assert book.again(told(app="p0"), NOON) is None
    assert book.again(told(app="p1"), NOON) is not None


@given(st.text())
def test_the_form_of_a_form_is_itself(text: str) -> None:
    assert form(form(text)) == form(text)
