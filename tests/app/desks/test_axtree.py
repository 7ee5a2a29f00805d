"""The tree made of html is the one that a real Chromium exposes.

Known differences, none of which `pieces` contains: what is inside a video's own controls; `rt` of a ruby;
a bullet that stays when a list has the role "none"; the advice that Chromium adds to the name of a broken
picture. Floats and boxes that css places freely are laid out as if they stood in the page.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from app.desks import axtree
from app.desks.kinds import PAGES
from app.desks.pages import Shown, State, show
from gum.types import Trust
from gum.ui import Snapshot, UiNode
from observers.segment import Segment, segment
from tests.app.desks import sample_site
from tests.app.desks.browsing import Browser, browser, difference, document, outline, size
from tests.observers.recorder import wait_for
from tests.trees import FIXTURES, names, snapshot

PIECES = sorted(sample_site.PIECES.glob("*.html"))
ROOM = (1200, 1560)


def told(taken: Snapshot) -> list[Segment]:
    """What the product makes of a tree, white space folded."""
    return [Segment(one.trust, " ".join(one.text.split())) for one in segment(taken)]


def page(html: str, focused: str | None = None, **more: int) -> UiNode:
    found = document(axtree.tree(Shown("http://a.test/", "A", html), focused, window=ROOM, **more))
    assert found is not None
    return found


def statics(node: UiNode) -> list[str]:
    return [one.name for one in node.walk() if one.role == "static"]


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("chromium")])
def test_the_recorded_pages_of_the_product_give_the_same_segments(name: str) -> None:
    recorded = snapshot(name)
    assert recorded.tree is not None
    real = document(recorded.tree)
    assert real is not None
    html = (FIXTURES / "pages" / f"{name.removeprefix('chromium_')}.html").read_text(encoding="utf-8")
    made = axtree.tree(Shown(real.attributes["url"], real.name, html), window=size(recorded.window))
    assert told(recorded) == told(Snapshot(recorded.window, made)) != []
    ours = document(made)
    assert ours is not None and difference(real, ours) == ""
    assert made.name == recorded.tree.name


@pytest.mark.parametrize("path", PIECES, ids=lambda path: path.stem)
def test_every_piece_of_html_makes_the_objects_that_chromium_made_of_it(path: Path) -> None:
    made = axtree.tree(show(sample_site.desk(asset=path.name), "own", State()), window=ROOM)
    ours = document(made)
    assert ours is not None
    assert outline(ours) == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_the_window_around_the_page() -> None:
    made = axtree.tree(Shown("http://www.weir.test/a?b=1", "Weir – Fish", "<p>x</p>"))
    assert made.role == "frame" and made.name == "Weir – Fish - Chromium" and "active" in made.states
    fields = {node.name: node.text for node in made.walk() if "editable" in node.states}
    assert fields == {"Address and search bar": "weir.test/a?b=1"}
    tabs = [node.name for node in made.walk() if node.role == "page tab"]
    assert tabs == ["Weir – Fish"] and made.attributes == {}
    found = document(made)
    assert found is not None and found.attributes == {"url": "http://www.weir.test/a?b=1"}
    hidden = axtree.tree(Shown("http://a.test/", "A", ""), private=True)
    assert hidden.name == "A - Chromium (Incognito)"


@pytest.mark.parametrize(
    ("url", "bar"),
    [
        ("http://www.a.test/", "a.test"),
        ("https://a.test/b", "a.test/b"),
        ("http://a.test/#/vault", "a.test/#/vault"),
        ("file:///tmp/a.html", "file:///tmp/a.html"),
    ],
)
def test_the_address_as_the_address_bar_shows_it(url: str, bar: str) -> None:
    assert axtree.elided(url) == bar


def test_the_keys_are_in_the_named_field_else_where_the_page_puts_them() -> None:
    html = '<input name="to" autofocus><textarea id="message"></textarea>'

    def focus(focused: str | None) -> list[str]:
        found = page(html, focused)
        return [node.attributes.get("tag", "page") for node in found.walk() if "focused" in node.states]

    assert focus(None) == ["input"]
    assert focus("message") == ["textarea"]
    assert focus("elsewhere") == ["page"]


def test_a_password_says_nothing() -> None:
    html = '<label for="p">Password</label><input id="p" type="password" value="hunter2">'
    assert "hunter2" not in repr(axtree.tree(Shown("http://a.test/", "A", html)))


def test_what_is_typed_into_a_rich_field_is_its_text() -> None:
    desk = next(
        made
        for made in (sample_site.desk(str(number)) for number in range(50))
        if "contenteditable" in show(made, "compose", State()).html
    )
    shown = show(desk, "compose", State(typed={"to": "anna@river.example", "message": "Dear Anna,\nbye"}))
    made = axtree.tree(shown, "message")
    window = snapshot("chromium_compose").window
    [authored] = [one.text for one in segment(Snapshot(window, made)) if one.trust is Trust.AUTHORED]
    assert "To: anna@river.example" in authored and "Dear Anna," in authored
    [field] = [node for node in made.walk() if "focused" in node.states]
    assert field.name == "Message" and [one.text for one in field.walk() if one.text] == [
        "Dear Anna,",
        "Dear Anna,",
        "bye",
        "bye",
    ]


def test_only_what_is_on_the_screen_is_in_the_tree() -> None:
    html = "".join(f"<p>paragraph {number}</p>" for number in range(200)) + "<p id='end'>the end</p>"
    shown = Shown("http://a.test/", "A", html)
    first = statics(page(html))
    assert first[0] == "paragraph 0" and "the end" not in first and 30 < len(first) < 60
    down = statics(page(html, scrolled=1000))
    assert "paragraph 0" not in down and "the end" not in down and set(first) != set(down)
    height = axtree.height(shown, ROOM)
    last = statics(page(html, scrolled=height - axtree.view_size(ROOM)[1]))
    assert last[-1] == "the end" and 6000 < height < 8000


def test_what_stands_still_is_always_on_the_screen() -> None:
    style = "<style>.bar { position: fixed; bottom: 0 }</style>"
    html = style + "<p>long</p>" * 300 + '<div class="bar">We use cookies</div>'
    assert "We use cookies" in statics(page(html)) and "We use cookies" in statics(page(html, scrolled=3000))


# --- against a real browser -------------------------------------------------------------------

FORMS = {
    "to": "anna@river.example",
    "subject": "Slides for Oslo",
    "message": "Dear Anna,\n\nsee you.\nRobin",
    "query": "fish <ladder>",
    "name": "Robin Adler",
    "card_number": "4111",
    "security_code": "123",
    "title": "Dentist!",
    "when": "Tue",
    "where": "Town",
    "text": "One line\nand another",
    "reply": "Hm,\nno.",
    "from": "Hamburg",
    "date": "4 Dec",
    "user": "robin",
    "password": "hunter2-Tw1st",
}


def compare(opened: Browser, state: State, desk_id: str, language: str, pages: list[str]) -> list[str]:
    """Goes to each page with its forms filled and notes what is different."""
    desk = sample_site.desk(desk_id, language)
    found = []
    for page_id in pages:
        forms = PAGES[desk.pages[page_id].kind].forms
        state.typed = {name: FORMS[name] for name in forms}
        shown = show(desk, page_id, state)
        real = opened.visit(shown)
        ours = axtree.tree(shown, window=size(real.window))
        assert real.tree is not None
        inner = document(real.tree), document(ours)
        assert inner[0] is not None and inner[1] is not None
        unlike = difference(inner[0], inner[1])
        if unlike or told(real) != told(Snapshot(real.window, ours)) or real.tree.name != ours.name:
            found.append(f"{desk_id} {page_id}\n{unlike or (told(real), told(Snapshot(real.window, ours)))}")
    return found


SERVICES = [
    "inbox",
    "letter",
    "compose",
    "sent",
    "start",
    "results",
    "week",
    "event",
    "chat",
    "issue",
    "vault",
]


@pytest.mark.desktop
@pytest.mark.parametrize(
    ("desk_id", "language", "pages"),
    [("sample", "en", None), ("4", "de", SERVICES), ("3", "ja", SERVICES[:4])],
)
def test_chromium_exposes_what_we_say(desk_id: str, language: str, pages: list[str] | None) -> None:
    desk, state = sample_site.desk(desk_id, language), State(mails=["letter"])
    start = show(desk, "start", state)
    with browser(desk, state, start.url) as opened:
        opened.loaded(start)
        assert compare(opened, state, desk_id, language, pages or list(desk.pages)) == []


def words(taken: Snapshot) -> set[str]:
    assert taken.tree is not None
    page = document(taken.tree)
    assert page is not None
    return {name for name in statics(page) if name.strip()}


@pytest.mark.desktop
def test_chromium_has_below_the_fold_what_we_have_there() -> None:
    sentence = "The gauge at the lower weir was read every hour while the water rose, number {}."
    body = "\n\n".join(" ".join([sentence.format(number)] * (number % 5 + 1)) for number in range(40))
    desk, state = sample_site.desk(), State()
    pages = {**desk.pages, "long": replace(desk.pages["news"], id="long")}
    pages["long"] = replace(pages["long"], fields={**pages["long"].fields, "title": "Long", "body": body})
    desk = replace(desk, pages=pages)
    shown = show(desk, "long", state)
    small = ("--window-size=945,1060", "--window-position=10,10")
    with browser(desk, state, shown.url, small) as opened:
        real = opened.loaded(shown)
        down = axtree.view_size(size(real.window))[1] * 7 // 8
        for scrolled in (0, down, 2 * down):
            if scrolled:
                before = words(real)
                opened.desktop.key("Next")
                assert wait_for(lambda there=before: words(opened.loaded(shown)) != there)
                real = opened.loaded(shown)
            ours = axtree.tree(shown, scrolled=scrolled, window=size(real.window))
            theirs, mine = words(real), words(Snapshot(real.window, ours))
            assert len(theirs) > 5 and len(theirs ^ mine) <= 2, sorted(theirs ^ mine)
