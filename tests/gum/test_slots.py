import pytest

from gum.slots import _BETWEEN, names_program, trimmed
from gum.types import Trust
from tests.builders import observation


@pytest.mark.parametrize(
    ("segment", "app"),
    [
        ("Chromium", "chromium"),
        ("LibreOffice Writer", "libreoffice-writer"),
        ("Google Chrome", "google-chrome"),
        ("Visual Studio Code", "code"),
        ("Gedit", "gedit"),
        ("Text Editor", "text-editor"),
    ],
)
def test_a_program_is_known_by_its_window_class(segment: str, app: str) -> None:
    assert names_program(segment, app)


@pytest.mark.parametrize(("segment", "app"), [("Chrome plating", "chromium"), ("", "code"), ("Code", "")])
def test_other_words_are_no_programs_name(segment: str, app: str) -> None:
    assert not names_program(segment, app)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("notes.txt - Mousepad", "notes.txt"),
        ("/home/mia/Documents/notes.txt - Mousepad", "notes.txt"),
        ("/home/mia/Documents/notes.txt", "notes.txt"),
        ("~/Projects/bills", "bills"),
        ("file:///home/mia/notes.txt", "notes.txt"),
        ("notes.txt", "notes.txt"),
        ("Berlin - Rome", "Berlin - Rome"),
        ("either/or", "either/or"),
        ("notes.txt   -   Mousepad", "notes.txt"),
        ("notes.txt - Mousepad - Mousepad", "notes.txt"),
    ],
)
def test_the_frame_of_a_title_and_a_path_goes(value: str, left: str) -> None:
    seen = observation("some words", title=f"{value} - Mousepad", app="mousepad", trust=Trust.ACTED_ON)
    assert trimmed("working_on", {"thing": value}, seen) == {"thing": left}


def test_a_program_whose_name_was_not_copied_to_its_end_goes_too() -> None:
    title = "report.odt - LibreOffice Writer"
    seen = observation("some words", title=title, app="libreoffice-writer", trust=Trust.ACTED_ON)
    assert trimmed("working_on", {"thing": "report.odt - LibreOffice"}, seen) == {"thing": "report.odt"}


def test_where_a_title_is_parted_is_looked_for_once_in_a_run_of_spaces() -> None:
    spaces = " " * 20_000
    assert [cut.span() for cut in _BETWEEN.finditer(f"a{spaces}- b - c")] == [(1, 20_003), (20_004, 20_007)]
    assert _BETWEEN.search(f"a{spaces}b") is None
    # Nothing to find from the second space on: else it is tried anew at each of them.
    assert _BETWEEN.match(f"a{spaces}- b", 2) is None


def test_a_label_of_a_field_goes_and_a_colon_in_a_sentence_stays() -> None:
    seen = observation("Title: cattle show\nI said: never again, not in this weather")
    assert trimmed("preparing_for", {"event": "Title: cattle show"}, seen) == {"event": "cattle show"}
    inside = {"thing": "said: never again"}
    assert trimmed("struggling_with", inside, seen) == inside


def test_a_claim_of_nothing_but_the_programs_name_is_none_unless_the_person_wrote_it() -> None:
    title = observation("hello", title="Inbox - Chromium", app="chromium", trust=Trust.ACTED_ON)
    assert trimmed("learning", {"subject": "Chromium"}, title) is None
    assert trimmed("learning", {"subject": "Inbox - Chromium"}, title) == {"subject": "Inbox"}
    wrote = observation("I like Chromium best", title="Inbox - Chromium", app="chromium")
    assert trimmed("prefers", {"thing": "Chromium"}, wrote) == {"thing": "Chromium"}


def test_a_tool_may_be_a_program_and_an_optional_slot_of_chrome_alone_is_left_out() -> None:
    seen = observation("x", title="notes.txt - Mousepad", trust=Trust.ACTED_ON)
    tool = {"tool": "Mousepad", "purpose": "notes.txt"}
    assert trimmed("uses_for", tool, seen) == tool
    assert trimmed("uses_for", {"tool": "notes.txt - Mousepad", "purpose": "notes.txt"}, seen) == {
        "tool": "notes.txt",
        "purpose": "notes.txt",
    }
    assert trimmed("working_on", {"thing": "notes.txt", "project": "Mousepad"}, seen) == {
        "thing": "notes.txt"
    }


@pytest.mark.parametrize("value", ["I am", "your", "kwame@desk", "kwame@desk:~$", "Date", "date"])
def test_words_that_say_nothing_are_no_claim(value: str) -> None:
    seen = observation(f"Date: Friday\n{value if ' ' in value or '@' in value else 'x'} 3")
    assert trimmed("interested_in", {"topic": value}, seen) is None


@pytest.mark.parametrize("value", ["Will", "IT", "maria@mail.test", "date palms", "Friday"])
def test_words_that_only_look_so_stay(value: str) -> None:
    seen = observation(f"Date: Friday\nI write to {value}", app="x")
    assert trimmed("interested_in", {"topic": value}, seen) == {"topic": value}


def test_the_name_of_the_site_is_no_topic_but_may_be_where_something_was_bought() -> None:
    seen = observation(
        "lamps", title="Inbox - Larkmail - Chromium", app="chromium", url="http://x.test", trust=Trust.READ
    )
    assert trimmed("interested_in", {"topic": "Larkmail"}, seen) is None
    assert trimmed("interested_in", {"topic": "Inbox"}, seen) == {"topic": "Inbox"}
    assert trimmed("bought", {"item": "lamps", "shop": "Larkmail"}, seen) == {
        "item": "lamps",
        "shop": "Larkmail",
    }


@pytest.mark.parametrize(
    ("value", "title", "text"),
    [
        ("New bank card", "Re: New bank card – Courier - Chromium", ""),
        ("Schulplatz – uli@berg.example", "AW: Schulplatz – uli@berg.example – Postbox - Chromium", ""),
        ("New bank card", "New message", "To: help@bank.test\nSubject: New bank card\nHello"),
        ("Thank you for your order 790374", "Thank you for your order 790374 – Courier", ""),
    ],
)
def test_what_a_mail_is_about_is_nobodys_name(value: str, title: str, text: str) -> None:
    seen = observation(text, title=title, app="chromium", trust=Trust.ACTED_ON)
    assert trimmed("communicating_with", {"person": value}, seen) is None
    assert trimmed("interested_in", {"topic": value.split(" – ")[0]}, seen) is not None


@pytest.mark.parametrize(
    "text", ["To: Ann Berg\nSubject: dinner with Ann Berg", "Dear Ann Berg,\nI am late", "From: Ann Berg"]
)
def test_who_is_named_in_a_mail_stays(text: str) -> None:
    seen = observation(text, title="Re: Dinner with Ann Berg", app="x")
    assert trimmed("communicating_with", {"person": "Ann Berg"}, seen) == {"person": "Ann Berg"}


def test_the_site_one_is_at_is_nobody_one_is_in_contact_with() -> None:
    title = "Window forgets its size · Issues · Repair Cafe · Mill - Chromium"
    seen = observation("x", title=title, app="chromium", url="http://x.test", trust=Trust.ACTED_ON)
    for person in ("Mill", "Repair Cafe · Mill"):
        assert trimmed("communicating_with", {"person": person}, seen) is None
