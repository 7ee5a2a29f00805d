"""What windows hold, and that they show it as the real ones do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.desks import axtree, pages
from app.desks.types import Desk, Page, Persona, Session
from app.desks.windows import Browser, Editor, Files, Office, Terminal, words_below
from gum.ui import UiNode

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BODY = "\n\n".join(f"Part {number}. " + "The river rose over the meadow. " * 10 for number in range(20))
PAGES = (
    Page("inbox", "mail.inbox", {"messages": [{"from": "Sylvie", "subject": "Dinner on Saturday"}]}),
    Page(
        "letter",
        "mail.message",
        {"from": "Maria", "address": "m@w.example", "subject": "Gauge", "body": "Sent."},
    ),
    Page("compose", "mail.compose"),
    Page("login", "login", {"site": "Weirs of the North"}),
    Page("pay", "shop.pay", {"shop": "Gauge & Son", "total": "€ 41.00"}),
    Page("news", "news.article", {"paper": "Herald", "title": "Rivers rise", "body": BODY}),
    Page("event", "calendar.event"),
    Page("edit", "wiki.edit", {"title": "Weirs"}),
    Page(
        "thread",
        "forum.thread",
        {"title": "Weirs", "forum": "Flow", "posts": [{"author": "a", "text": BODY}]},
    ),
)
DESK = Desk(
    "test",
    "",
    Persona("Robin Adler", "hydrologist", 34, ("en",), ZoneInfo("Europe/Berlin")),
    (),
    (),
    (),
    (),
    (),
    {page.id: page for page in PAGES},
    (Session(NINE, ()),),
)


def browser(page: str | None = None, mails: list[str] | None = None, private: bool = False) -> Browser:
    window = Browser(1, DESK, mails if mails is not None else [], private)
    if page is not None:
        window.go(page)
    return window


def fresh(window: Browser) -> UiNode:
    """The window's tree, drawn from its html with the very text that is in it."""
    assert window.page is not None
    shown = pages.show(DESK, window.page, pages.State([], dict(window.typed)))
    return axtree.tree(shown, window.cursor, private=window.private, scrolled=window.scrolled)


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("compose", "to"),
        ("compose", "message"),
        ("pay", "card_number"),
        ("event", "title"),
        ("edit", "text"),
        ("login", "user"),
        ("login", "password"),
        ("thread", "reply"),
    ],
)
def test_a_text_filled_in_is_as_one_drawn_anew(page: str, field: str) -> None:
    window = browser(page)
    window.cursor = field
    window.reveal()
    lines = ["a first line\nand a second"] if field in ("message", "text", "reply") else []
    for text in ("a", "two words", "4929 1184", "<b>&amp;", *lines):
        window.writing = text
        assert window.tree() == fresh(window)
        assert "\ue000" not in repr(window.tree())


def test_a_password_is_in_no_tree() -> None:
    window = browser("login")
    window.cursor = "password"
    window.writing = "hunter2"
    assert "hunter2" not in repr(window.tree())
    window.cursor = "user"
    window.writing = "robin"
    assert "hunter2" not in repr(window.tree()) and "robin" in repr(window.tree())


def test_the_tree_is_the_same_object_until_something_changes() -> None:
    window = browser("compose")
    assert window.tree() is window.tree()
    window.cursor, before = "to", window.tree()
    window.writing = "maria"
    assert window.tree() is window.tree() and window.tree() is not before
    editor = Editor(1, "/home/robin/a.md", "words")
    assert editor.tree() is editor.tree()


def test_x11_tells_neither_address_nor_private_mode_of_a_browser() -> None:
    info = browser("news", private=True).info()
    assert (info.app, info.url, info.private, info.browser) == ("chromium", None, None, True)
    assert info.title.endswith(" - Chromium") and "Incognito" not in info.title
    assert browser("news", private=True).tree().name == f"{info.title} (Incognito)"
    editor = Editor(2, "", "").info()
    assert (editor.private, editor.browser) == (False, False) and editor.window_id != info.window_id


def test_an_empty_browser_shows_a_new_tab() -> None:
    assert browser().title == "New Tab - Chromium"
    assert browser(private=True).title == "New Incognito Tab - Chromium"
    (document,) = [node for node in browser().tree().walk() if node.role == "document web"]
    assert document.attributes["url"].startswith("chrome://")


def test_another_page_has_nothing_typed_and_begins_at_the_top() -> None:
    window = browser("compose")
    window.cursor, window.scrolled = "to", 600
    window.writing = "maria"
    window.go("news")
    assert not window.typed and window.cursor is None
    assert (window.scrolled, window.back) == (0, ["compose"])
    window.go("news")
    assert window.back == ["compose"]


def test_a_page_that_is_loading_has_its_title_only() -> None:
    window = browser("news")
    loaded = window.tree()
    window.loading = True
    empty = window.tree()
    assert empty.name == loaded.name and empty is window.tree()
    (document,) = [node for node in empty.walk() if node.role == "document web"]
    assert document.children == () and document.attributes["url"].startswith("http")
    window.loading = False
    assert window.tree() is loaded


def test_mails_come_into_an_inbox_that_is_refreshed_and_into_no_page_that_was_loaded() -> None:
    mails: list[str] = []
    inbox, letter = browser("inbox", mails), browser("letter", mails)
    before, open_letter = words_below(inbox.tree()), letter.tree()
    mails.append("letter")
    inbox.refresh()
    letter.refresh()
    assert "Gauge" not in " ".join(before) and "Gauge" in " ".join(words_below(inbox.tree()))
    assert letter.tree() is open_letter


def test_a_long_page_is_scrolled_to_its_end() -> None:
    window = browser("news")
    stops = list(window.stops(0))
    assert len(stops) > 2 and [to for to, _ in stops] == sorted({to for to, _ in stops})
    assert "Part 0." in stops[0][1] and "Part 19." not in stops[0][1]
    assert "Part 19." in " ".join(words for _, words in stops[1:])
    assert window.scrolled == 0


def test_a_field_below_the_page_is_scrolled_to() -> None:
    window = browser("thread")
    window.cursor = "reply"
    window.reveal()
    window.writing = "I think so too."
    assert window.scrolled > 0 and "I think so too." in repr(window.tree())


def test_a_document_is_changed_until_it_is_saved() -> None:
    editor = Editor(1, "/home/robin/a.md", "words")
    editor.writing += " more"
    assert editor.title == "*/home/robin/a.md - Mousepad" and editor.text == "words more"
    editor.saved = editor.text
    assert editor.title == "/home/robin/a.md - Mousepad"
    assert Editor(1, "", "", 2).title == "Untitled 2 - Mousepad"
    assert Office(1, "/home/robin/Documents/a.odt", "").title == "a.odt - LibreOffice Writer"
    assert Office(1, "", "").title == "Untitled 1 - LibreOffice Writer"


def test_a_terminal_shows_what_is_typed_then_run_then_said() -> None:
    shell = Terminal(1, "robin", "flow/")
    assert (shell.tree(), shell.title) == (None, "robin@desk: ~/flow")
    shell.typed = "ls"
    assert shell.rows() == ["robin@desk:~/flow$ ls"]
    shell.enter()
    assert shell.rows() == ["robin@desk:~/flow$ ls"] and shell.typed is None
    shell.answer("a.csv\nb.csv\n")
    assert shell.rows() == ["robin@desk:~/flow$ ls", "a.csv", "b.csv", "robin@desk:~/flow$ "]
    shell.enter()
    shell.answer("")
    assert shell.rows()[-2:] == ["robin@desk:~/flow$ ", "robin@desk:~/flow$ "]


def test_a_folder_is_called_by_its_last_name() -> None:
    files = Files(1, "/home/robin/Documents", ["a.md"])
    assert files.title == "Documents" and files.tree() is None and "a.md" in files.rows()
