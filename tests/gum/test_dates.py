import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gum.dates import FAR, deadlines, find

FRIDAY_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

SAID = [
    ("I need to finish the grant report by Friday", "finish the grant report", "2026-11-27"),
    ("Essay due 28 November", "Essay", "2026-11-28"),
    ("Deadline for the thesis draft: 28 November 2026", "thesis draft", "2026-11-28"),
    ("- [ ] submit tax return by 30 November at 5pm", "submit tax return", "2026-11-30"),
    ("Don't forget to return the books by 1 December", "return the books", "2026-12-01"),
    ("We'll send you the draft by Friday.", "send you the draft", "2026-11-27"),
    ("Buy tulip bulbs by Saturday 28 November.", "Buy tulip bulbs", "2026-11-28"),
    ("TODO: pay rent by tomorrow", "pay rent", "2026-11-21"),
    ("Lab report 2 - due Mon 23 Nov, 17:00", "Lab report 2", "2026-11-23"),
    ("Send slides by Nov. 28 to Anna", "Send slides", "2026-11-28"),
    ("Thesis chapter 3 deadline is 5 December", "Thesis chapter 3", "2026-12-05"),
    ("Hausarbeit bis Freitag abgeben", "Hausarbeit", "2026-11-27"),
    ("Ich muss den Bericht bis 28.11. einreichen", "Bericht", "2026-11-28"),
    ("Abgabe der Hausarbeit: 28. November", "Hausarbeit", "2026-11-28"),
    ("Rendre le mémoire avant le 3 décembre", "Rendre le mémoire", "2026-12-03"),
    ("Échéance du rapport : 3 décembre", "rapport", "2026-12-03"),
    ("Entregar el informe antes del 28 de noviembre", "Entregar el informe", "2026-11-28"),
    ("Entregar o relatório até 28 de novembro", "Entregar o relatório", "2026-11-28"),
    ("Consegnare la tesi entro il 28 novembre", "Consegnare la tesi", "2026-11-28"),
    ("Scriptie inleveren voor 28 november", "Scriptie", "2026-11-28"),
    ("レポート締切 11月28日", "レポート", "2026-11-28"),
    ("11月28日までにレポートを提出", "レポートを提出", "2026-11-28"),
    ("报告截止日期：11月28日", "报告", "2026-11-28"),
    ("11月28日前提交报告", "提交报告", "2026-11-28"),
]
NOT_SAID = [
    "The shop is open until Friday",
    "Is it due Friday?",
    "He must submit the essay by Friday",
    "Please send me the slides by Friday",
    "You have to pay the fee by Friday",
    "Not due until 28 November",
    "I wish the essay was due in a year, not by Friday",
    "Bitte den Bericht bis Freitag schicken",
    "Vous devez payer avant le 3 décembre",
    "Born 28 November 1990",
    "Lunch on Tuesday; buy milk",
    "Due date: 2026-11-28",  # of what?
    "submit the form by 31 February",
    "finish the report by Friday 2",  # still being typed
    "submit the essay by 2 January 2020",
    "submit the essay by 2 January 2096",
    "",
]


@pytest.mark.parametrize(("line", "task", "day"), SAID)
def test_deadlines_are_read_in_nine_languages(line: str, task: str, day: str) -> None:
    [found] = deadlines(line, FRIDAY_NOON)
    assert (found.task, found.at.date().isoformat()) == (task, day)
    assert found.phrase in line


@pytest.mark.parametrize("line", NOT_SAID)
def test_a_date_without_a_deadline_of_ones_own_is_none(line: str) -> None:
    assert deadlines(line, FRIDAY_NOON) == []


def test_a_form_lends_its_title_to_its_due_date() -> None:
    [found] = deadlines("Title: Physics essay\nDue date: 2026-11-28\nCourse: PH1", FRIDAY_NOON)
    assert (found.task, found.phrase) == ("Physics essay", "2026-11-28")


def test_a_time_of_day_is_read_and_a_day_without_one_ends_at_its_end() -> None:
    assert deadlines("submit it all by 30 November at 5pm", FRIDAY_NOON)[0].at.hour == 17
    assert deadlines("submit it all by 30 November", FRIDAY_NOON)[0].at.hour == 23
    assert find("28 November 3 copies", FRIDAY_NOON)[0].at.hour == 23


def test_today_is_not_next_year() -> None:
    assert deadlines("reply to Sam before 20 November", FRIDAY_NOON)[0].at.year == 2026
    assert find("11月20日", FRIDAY_NOON)[0].at.year == 2026


def test_numbers_are_only_read_when_it_is_plain_which_is_the_month() -> None:
    assert deadlines("submit form by 03/12/2026", FRIDAY_NOON) == []
    assert deadlines("submit form by 28/11/2026", FRIDAY_NOON)[0].at.month == 11
    [british] = deadlines("submit form by 03/12/2026", FRIDAY_NOON, ["en-GB"])
    assert (british.at.day, british.at.month) == (3, 12)
    [french] = deadlines("remettre le rapport avant le 03/12/2026", FRIDAY_NOON, ["fr"])
    assert (french.at.day, french.at.month) == (3, 12)


def test_results_are_in_the_zone_the_text_was_seen_in() -> None:
    tokyo = FRIDAY_NOON.astimezone(datetime.fromisoformat("2026-01-01T00:00+09:00").tzinfo)
    [found] = deadlines("pay rent by tomorrow", tokyo)
    assert found.at.utcoffset() == timedelta(hours=9)


@settings(deadline=None)  # the first date loads a library
@given(st.text(max_size=120) | st.builds(lambda a, b: f"{a} by {b} Friday", st.text(), st.text()))
def test_whatever_the_text_a_deadline_is_cut_from_it_and_lies_ahead(text: str) -> None:
    for found in deadlines(text, FRIDAY_NOON):
        assert found.phrase in text
        assert FRIDAY_NOON.date() <= found.at.date() <= (FRIDAY_NOON + FAR).date()


def test_text_without_dates_never_loads_the_date_library() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from gum.dates import deadlines;"
        "deadlines('submit the essay soon', datetime.now(UTC)); sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "tag",
    [
        "de-DE",
        "fr-FR",
        "es-ES",
        "it-IT",
        "pt-BR",
        "nl-NL",
        "pl-PL",
        "ja-JP",
        "zh-CN",
        "ru-RU",
        "sv-SE",
        "xx-YY",
    ],
)
def test_every_interface_language_reads_a_date(tag: str) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert deadlines("The report is due 28 November 2026", at, [tag])
