import pytest

from assistants import doing
from gum.types import Trust
from tests.assistants.builders import moment
from tests.builders import observation


def test_typing_in_the_document_of_the_task_is_working_on_it() -> None:
    now = moment(title="grant-report.odt - LibreOffice Writer", activity="typing")
    assert doing.working_on(now, "grant report")
    assert not doing.working_on(now, "tax report")


def test_a_mail_or_an_open_but_untouched_file_about_it_is_not_work_on_it() -> None:
    assert not doing.working_on(
        moment(title="grant report", activity="typing", url="http://mail/1"), "grant report"
    )
    assert not doing.working_on(moment(title="grant report.odt", activity="reading"), "grant report")


def test_a_search_for_it_is_looking_it_up() -> None:
    now = moment(title="Search", url="https://s.example/?q=sqlite+locked+error")
    assert doing.looking_up(now, "SQLite locked")
    assert not doing.looking_up(now, "postgres locked")
    assert not doing.looking_up(moment(title="pytest: sqlite locked"), "sqlite locked")


def test_a_calendar_that_names_it_shows_it_is_planned() -> None:
    entry = observation("Summary: Thesis defence", title="Calendar", app="orage")
    assert doing.planned(moment(title="Calendar", app="orage", recent=[entry]), "thesis defence")
    assert not doing.planned(moment(title="Mail", recent=[entry]), "thesis defence")


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("I submitted the grant report this morning.", True),
        ("- [x] grant report", True),
        ("The grant report is not finished", False),
        ("- [ ] grant report", False),
        ("Is the grant report done?", False),
        ("the grant report must be sent on Friday", False),
        ("I paid the rent", False),
    ],
)
def test_own_words_that_it_is_done_are_understood(line: str, done: bool) -> None:
    assert doing.finished(moment(recent=[observation(line)]), "grant report") is done


def test_somebody_elses_words_finish_nothing() -> None:
    line = observation("the grant report is done", trust=Trust.READ)
    assert not doing.finished(moment(recent=[line]), "grant report")
