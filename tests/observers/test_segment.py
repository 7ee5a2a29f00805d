"""Whose words: on recorded trees of real programs, and on small made ones."""

import pytest

from gum.types import Line, Region, Trust, WindowInfo
from gum.ui import Snapshot, UiNode
from observers.segment import MAX_CHARS, is_advert, segment, segment_lines
from tests.trees import names, observations, snapshot

EDITABLE = frozenset({"editable", "showing"})
MANY = EDITABLE | {"multi line"}


def static(text: str) -> UiNode:
    return UiNode("static", name=text)


def block(*words: str, role: str = "paragraph") -> UiNode:
    return UiNode(role, children=tuple(static(word) for word in words))


def page(
    *nodes: UiNode, url: str = "https://a.test/", title: str = "A page", app: str = "chromium"
) -> Snapshot:
    window = WindowInfo(1, app, title, 1, None, url=url, private=False, browser=app == "chromium")
    document = UiNode("document web", attributes={"url": url}, children=nodes)
    bar = UiNode("entry", name="Address and search bar", text=url, states=EDITABLE)
    tools = UiNode("tool bar", children=(UiNode("push button", name="Back"), bar))
    tabs = UiNode("page tab list", children=(UiNode("page tab", name="Another tab"),))
    return Snapshot(window, UiNode("frame", name=title, children=(tabs, tools, document)))


def told(taken: Snapshot) -> dict[Trust, str]:
    return {piece.trust: piece.text for piece in segment(taken)}


@pytest.mark.parametrize("name", names())
def test_recorded_windows_still_yield_what_was_recorded(name: str) -> None:
    kept = [(one.trust, one.text) for one in observations(name)]
    assert kept == [(piece.trust, piece.text) for piece in segment(snapshot(name))]


@pytest.mark.parametrize("name", names())
def test_no_recorded_tree_holds_a_password(name: str) -> None:
    tree = snapshot(name).tree
    assert tree is not None
    assert not [node for node in tree.walk() if "SECRET" in node.text + node.name]


def test_a_mail_being_written_is_authored_with_its_labels() -> None:
    texts = told(snapshot("chromium_compose"))
    assert texts[Trust.AUTHORED].startswith(
        "To: maria.silva@example.org\nSubject: Slides for the Lisbon workshop\n"
    )
    assert "Friday 27 November" in texts[Trust.AUTHORED]
    assert "Aerodeal" in texts[Trust.ADVERT] and "Aerodeal" not in texts[Trust.READ]


def test_somebodys_message_is_received_and_not_read() -> None:
    texts = told(snapshot("chromium_message"))
    assert "From: Anna Keller" in texts[Trust.RECEIVED] and "travel figures" in texts[Trust.RECEIVED]
    assert "travel figures" not in texts[Trust.READ]


def test_an_order_reads_as_labelled_lines_and_rows() -> None:
    texts = told(snapshot("chromium_order"))
    assert "Order number: TB-20417" in texts[Trust.READ].splitlines()
    assert "Portuguese in Three Months | 1 | 18.00 EUR" in texts[Trust.READ].splitlines()
    assert texts[Trust.SYSTEM] == "Your session ends in 10 minutes."


def test_a_calendar_form_tells_its_date_and_time() -> None:
    lines = told(snapshot("chromium_calendar"))[Trust.AUTHORED].splitlines()
    assert lines[:3] == ["Title: Dentist Dr. Hoffmann", "Date: 12/03/2026", "Starts: 02:30 PM"]


def test_the_browsers_own_dress_is_not_content() -> None:
    assert told(page(block("Hello"))) == {Trust.READ: "Hello"}


@pytest.mark.parametrize(
    ("text", "authored"),
    [("https://a.test/x", False), ("a.test/x y", True), ("cheap trains", True), ("/home/a", False)],
)
def test_words_typed_into_the_address_bar_are_authored_but_an_address_is_not(
    text: str, authored: bool
) -> None:
    taken = page()
    assert taken.tree is not None
    bar = UiNode("entry", name="Address and search bar", text=text, states=EDITABLE | {"focused"})
    frame = UiNode("frame", children=(UiNode("panel", children=(bar,)), taken.tree.children[2]))
    assert (Trust.AUTHORED in told(Snapshot(taken.window, frame))) is authored


def test_password_text_never_appears_even_if_a_tree_held_it() -> None:
    secret = UiNode("password text", name="Password", text="s3cret", states=EDITABLE)
    shown = UiNode("entry", name="Passwort (sichtbar)", text="s3cret", states=EDITABLE)
    nested = UiNode("label", children=(static("Kennwort"), shown))
    assert "s3cret" not in repr(segment(page(secret, shown, nested, block("Hello"))))


def test_the_form_with_the_focus_comes_first() -> None:
    search = UiNode("form", children=(UiNode("entry", name="Search", text="trains", states=EDITABLE),))
    note = UiNode("entry", name="Note", text="milk\neggs", states=MANY | {"focused"})
    assert (
        told(page(search, UiNode("form", children=(note,))))[Trust.AUTHORED] == "milk\neggs\nSearch: trains"
    )


def test_rich_text_fields_are_read_by_their_parts() -> None:
    body = UiNode("section", name="Body", states=MANY, children=(block("Dear", "Ann,"), block("see you")))
    assert told(page(body)) == {Trust.AUTHORED: "Dear Ann,\nsee you"}


@pytest.mark.parametrize(
    "label", ["Sponsored", "Anzeige", "Publicité", "広告", "Реклама", "广告", "AD", "Ad ·"]
)
def test_adverts_are_known_by_their_label_in_many_languages(label: str) -> None:
    assert is_advert(UiNode("section", name=label))
    assert is_advert(UiNode("section", children=(static(label), block("Buy shoes"))))
    texts = told(
        page(block("News of the day"), block(label), block("Buy shoes"), block("More", role="table"))
    )
    assert texts[Trust.ADVERT] == f"{label}\nBuy shoes"
    assert texts[Trust.READ] == "News of the day\nMore"


def test_a_page_about_adverts_is_not_an_advert() -> None:
    article = UiNode("article", children=(block("How ads work"), block("Ads pay for the web.")))
    assert told(page(article)) == {Trust.READ: "How ads work\nAds pay for the web."}


def test_all_lines_of_a_rich_mail_field_are_authored() -> None:
    """Chromium gives the first line as the field's text and every later one as a box in it."""
    editable = frozenset({"editable"})

    def box(*words: str) -> UiNode:
        parts = tuple(UiNode("static", word, word, editable) for word in words)
        return UiNode("section", "", words[0] if words else "", editable, children=parts)

    first = UiNode("static", "Dear Anna,", "Dear Anna,", editable)
    item = UiNode("list item", "", "milk", editable, children=(static("• "), static("milk")))
    body = (first, box("second ", "line"), box("\n"), box("fourth"), UiNode("list", children=(item,)))
    states = frozenset({"editable", "multi line", "focused"})
    field = UiNode("entry", "Message body", "Dear Anna,", states, children=body)
    [authored] = [text for trust, text in told(page(field)).items() if trust is Trust.AUTHORED]
    assert authored.split("\n") == ["Dear Anna,", "second line", "", "fourth", "• milk"]


def test_articles_are_messages_only_where_mail_or_chat_is_read() -> None:
    article = UiNode("article", children=(block("Lunch at noon?"),))
    assert told(page(article, url="https://chat.a.test/")) == {Trust.RECEIVED: "Lunch at noon?"}
    assert told(page(article)) == {Trust.READ: "Lunch at noon?"}
    assert told(page(article, app="slack")) == {Trust.RECEIVED: "Lunch at noon?"}


def test_menus_and_navigation_are_left_out() -> None:
    menu = UiNode("menu bar", children=(UiNode("menu", name="File"),))
    nav = UiNode("landmark", attributes={"xml-roles": "navigation"}, children=(block("Home"),))
    assert told(page(menu, nav, block("Text"), UiNode("push button", name="Buy"))) == {Trust.READ: "Text"}


def test_a_text_is_never_longer_than_allowed() -> None:
    texts = told(page(*(block("word " * 50) for _ in range(100))))
    assert len(texts[Trust.READ]) <= MAX_CHARS


def test_lines_from_pixels_are_read_unless_a_terminal_shows_commands() -> None:
    lines = [Line(text, Region(0, 20 * i, 300, 16), 0.9) for i, text in enumerate(["$ make", "ok", "$"])]
    assert [(s.trust, s.text) for s in segment_lines("xterm", lines)] == [(Trust.ACTED_ON, "$ make\nok")]
    assert [(s.trust, s.text) for s in segment_lines("gimp", lines)] == [(Trust.READ, "$ make\nok\n$")]
    assert segment_lines("gimp", []) == []
