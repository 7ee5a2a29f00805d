import pytest

from gum.extract.title import extract
from gum.types import Trust
from tests.builders import observation


def seen(title: str, app: str = "editor", trust: Trust = Trust.ACTED_ON) -> list[dict[str, str]]:
    return [dict(d.slots) for d in extract([observation("", title=title, app=app, trust=trust)])]


@pytest.mark.parametrize(
    ("title", "thing", "project"),
    [
        ("thesis_ch3.md - Mousepad", "thesis_ch3.md", ""),
        ("*thesis_ch3.md - Mousepad", "thesis_ch3.md", ""),
        ("*~/Documents/river-survey/field-report.md - Mousepad", "field-report.md", "river-survey"),
        ("*report.odt — LibreOffice Writer", "report.odt", ""),
        ("Haushalt 2026.ods - LibreOffice Calc", "Haushalt 2026.ods", ""),
        ("main.py - gumption - Visual Studio Code", "main.py", "gumption"),
        ("● main.py - gumption - Visual Studio Code", "main.py", "gumption"),
        ("gumption – main.py", "main.py", "gumption"),
        ("main.py (~/src/gumption) - VIM", "main.py", "gumption"),
        ("main.py + (~/src/gumption) - NVIM", "main.py", "gumption"),
        ("~/src/x/notes.md (x) - Sublime Text", "notes.md", "x"),
        ("notes.md (~/Documents) - gedit", "notes.md", ""),
        ("main.rs — parser — Kate", "main.rs", "parser"),
        ("報告書.docx - Word", "報告書.docx", ""),
        ("figure1.svg - Inkscape", "figure1.svg", ""),
    ],
)
def test_the_file_and_project_are_read_from_real_title_shapes(title: str, thing: str, project: str) -> None:
    assert seen(title) == [{"thing": thing} | ({"project": project} if project else {})]


@pytest.mark.parametrize(
    "title",
    [
        "Untitled 1 — LibreOffice Writer",
        "Untitled-1.py - Visual Studio Code",
        "Unbenannt 1 - Mousepad",
        "Open File",
        "Save As",
        "Save report.odt?",
        "Speichern unter",
        "robin@desk: ~/src",
        "Mousepad",
        "",
        "song.mp3 - VLC",
        "photo.jpg",
        "Settings",
        "invoice.pdf - Viewer",
        "visit example.com today",
        "x" * 1000,
    ],
)
def test_dialogs_untitled_documents_and_other_files_are_no_work(title: str) -> None:
    assert seen(title) == []


@pytest.mark.parametrize(
    ("title", "app"),
    [
        ("How to write report.md files - Chromium", "chromium"),
        ("main.py at master · someone/thing - Mozilla Firefox", "firefox"),
        ("Re: report.docx - Thunderbird", "thunderbird"),
        ("report.docx", "org.gnome.nautilus"),
        ("report.docx - Slack", "slack"),
        ("main.py - Google Chrome", "unknown"),
    ],
)
def test_what_a_browser_a_mailer_or_a_file_manager_shows_is_no_work(title: str, app: str) -> None:
    assert seen(title, app) == []


def test_a_title_that_was_only_read_says_nothing() -> None:
    assert seen("main.py - gumption - Visual Studio Code", trust=Trust.READ) == []
