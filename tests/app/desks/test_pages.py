"""Pages of every kind look like those of a real site: words, forms, adverts, addresses."""

import re

import pytest

from app.desks import axtree
from app.desks.dom import parse
from app.desks.kinds import PAGES
from app.desks.pages import State, address, blocks, label, own_address, show
from app.desks.types import Desk
from app.desks.wording import languages, words
from gum.types import Trust, WindowInfo
from gum.ui import Snapshot, UiNode
from observers.privacy import admit
from observers.segment import segment
from tests.app.desks import sample_site

DESK = sample_site.desk()
TALL = (1200, 4000)
DESKS = [sample_site.desk(str(number), language) for number, language in enumerate(languages())]


def tree(desk: Desk, page: str, state: State | None = None) -> UiNode:
    return axtree.tree(show(desk, page, state or State()), window=TALL)


def window(desk: Desk, page: str) -> WindowInfo:
    shown = show(desk, page, State())
    return WindowInfo(1, "chromium", f"{shown.title} - Chromium", 1, None, shown.url, False, True)


def texts(node: UiNode) -> str:
    return " ".join(one.name for one in node.walk() if one.role == "static")


def test_there_is_a_page_of_every_kind() -> None:
    assert {page.kind for page in DESK.pages.values()} == set(PAGES)


@pytest.mark.parametrize("desk", DESKS, ids=languages())
def test_forms_and_buttons_are_called_what_their_label_says(desk: Desk) -> None:
    for page in desk.pages.values():
        nodes = list(tree(desk, page.id).walk())
        fields = {node.name for node in nodes if "editable" in node.states}
        buttons = {node.name for node in nodes if node.role == "push button"}
        kind = PAGES[page.kind]
        assert {label(desk, name, page.kind) for name in kind.forms} <= fields, page.kind
        assert {label(desk, name, page.kind) for name in kind.buttons} <= buttons, page.kind


@pytest.mark.parametrize("page", [page.id for page in DESK.pages.values() if PAGES[page.kind].forms])
def test_every_form_shows_what_was_typed_into_it(page: str) -> None:
    forms = PAGES[DESK.pages[page].kind].forms
    typed = {name: f"typed into {name}" for name in forms}
    for name in forms:
        found = tree(DESK, page, State(typed=typed))
        told = [node.text for node in found.walk() if "editable" in node.states]
        assert name in ("password", "security_code") or f"typed into {name}" in told
        [focused] = [
            node
            for node in axtree.tree(show(DESK, page, State(typed=typed)), name, window=TALL).walk()
            if "focused" in node.states
        ]
        assert focused.name == label(DESK, name, DESK.pages[page].kind)
    assert not any(
        "typed into password" in repr(node) for node in tree(DESK, page, State(typed=typed)).walk()
    )


def test_a_form_that_repeats_a_field_starts_with_it() -> None:
    assert 'value="fish ladder flow"' in show(DESK, "results", State()).html
    assert 'value="Bahnhofstrasse 12"' in show(DESK, "event", State()).html
    assert 'value="here"' in show(DESK, "event", State(typed={"where": "here"})).html


@pytest.mark.parametrize("number", range(6))
def test_the_inbox_lists_what_arrived_first_and_counts_it(number: int) -> None:
    desk = sample_site.desk(str(number))
    quiet = show(desk, "inbox", State())
    assert "Inbox" in quiet.title and "(2)" in quiet.title and "Budget review" not in quiet.html
    shown = show(desk, "inbox", State(mails=["letter"]))
    said = texts(axtree.tree(shown, window=TALL))
    assert "(3)" in shown.title
    assert said.index("Budget review") < said.index("Weir gauge") < said.index("Weekly digest")
    assert address(desk, "letter") in shown.html
    assert "(3)" in texts(tree(desk, "compose", State(mails=["letter"])))


def test_the_titles_are_those_of_real_sites() -> None:
    titles = [show(sample_site.desk(str(number)), "inbox", State()).title for number in range(6)]
    assert "Inbox (2) – robin@adler.example – Postbox" in titles and "(2) Inbox | Larkmail" in titles
    assert re.fullmatch(r"Rivers rise again [|-] Morning Herald", show(DESK, "news", State()).title)
    assert show(DESK, "results", State()).title == "fish ladder flow - Lantern"


@pytest.mark.parametrize("desk", DESKS, ids=languages())
def test_password_managers_are_refused_by_the_shipped_rules_and_nothing_else_is(desk: Desk) -> None:
    for page in desk.pages.values():
        assert admit(window(desk, page.id)).allowed != PAGES[page.kind].secret, page.kind


def test_every_password_manager_a_desk_may_have_is_refused() -> None:
    found = [sample_site.desk(str(number), name="山田花子") for number in range(8)]
    assert len({show(desk, "vault", State()).title for desk in found}) == 2
    assert not any(admit(window(desk, "vault")).allowed for desk in found)


@pytest.mark.parametrize("page", [page.id for page in DESK.pages.values() if page.fields.get("adverts")])
def test_adverts_stand_in_containers_that_say_so(page: str) -> None:
    for number, language in enumerate(languages()):
        desk = sample_site.desk(str(number), language)
        told = {str(words(language)[key]) for key in ("advert", "sponsored")}
        html = show(desk, page, State()).html
        marked = [
            element
            for element in parse(html).walk()
            if {element.get("aria-label"), element.get("title")} & told or element.get("class") == "ad-slot"
        ]
        inside = [element.text + element.get("srcdoc") for element in marked]
        adverts = desk.pages[page].fields["adverts"]
        assert isinstance(adverts, list)
        for advert in adverts:
            [where] = [one for one in inside if advert.split("\n")[0] in one]
            assert any(word in where for word in told), (page, language, advert)
            assert html.count(advert.split("\n")[0]) == 1


def test_adverts_differ_from_site_to_site() -> None:
    kinds = ("<iframe", '"ad-slot"', "<section class", "<aside class")
    marks = set()
    for number in range(20):
        desk = sample_site.desk(str(number))
        for page in ("inbox", "results", "lamp", "news", "courrier"):
            html = show(desk, page, State()).html
            marks |= {mark for mark in kinds if mark in html}
    assert len(marks) == 4


def test_an_advert_inside_a_frame_is_readable() -> None:
    frames = [
        node
        for page in DESK.pages
        for node in tree(DESK, page).walk()
        if node.role == "internal frame" and "Cruise" in texts(node)
    ]
    assert frames and frames[0].name == "Advertisement"


def test_a_notice_stands_in_a_banner_of_the_site() -> None:
    assert "Strike on Friday." in texts(tree(DESK, "rail"))


def test_cookie_notices_come_now_and_then_and_never_at_the_bank() -> None:
    asked = {
        (page.kind, desk.id)
        for desk in DESKS
        for page in desk.pages.values()
        if 'class="cookies"' in show(desk, page.id, State()).html
    }
    assert 0 < len(asked) < len(DESKS) * len(DESK.pages) / 4
    assert not any(kind.startswith(("bank", "mail", "vault")) for kind, _ in asked)


def test_what_a_desk_says_cannot_become_html() -> None:
    shown = show(DESK, "thread", State(typed={"reply": "</textarea><b>"}))
    assert "&lt;before&gt;" in shown.html and "<before>" not in shown.html
    assert "</textarea><b>" not in shown.html


def test_a_page_of_the_desks_own_is_served_as_it_is() -> None:
    shown = show(DESK, "own", State())
    assert shown.html == (sample_site.PIECES / "forms.html").read_text(encoding="utf-8")
    assert (shown.title, shown.url) == ("Forms", "http://intranet.adler.test/forms.html")


def test_the_same_desk_always_looks_the_same() -> None:
    again = sample_site.desk()
    assert all(show(DESK, page, State()) == show(again, page, State()) for page in DESK.pages)
    with pytest.raises(KeyError):
        show(DESK, "nowhere", State())


def test_the_persons_address_is_the_one_that_letters_come_to() -> None:
    assert own_address(DESK) == "robin@adler.example"
    other = sample_site.desk(name="山田花子")
    del other.pages["letter"]  # type: ignore[attr-defined]
    assert re.fullmatch(r"[a-z]{8}@[a-z]{8}\.example", own_address(other))


def test_running_text_has_headings_lists_quotes_and_code() -> None:
    told = blocks("One\ntwo.\n\n# Head\n\n- a\n- b\n\n> q\n> r\n\n    x = 1\n    y = 2\n\n\n\nEnd - here")
    assert told == [
        ("paragraph", ["One", "two."]),
        ("heading", ["Head"]),
        ("list", ["a", "b"]),
        ("quote", ["q", "r"]),
        ("code", ["x = 1", "y = 2"]),
        ("paragraph", ["End - here"]),
    ]
    assert blocks("") == []


def test_the_words_of_a_page_reach_the_product() -> None:
    """Nothing of a page is lost or doubled on the way, whatever the product makes of it."""
    for page, said in {"news": "The dam was closed.", "chat": "At last.", "bank": "-39.90"}.items():
        found = segment(Snapshot(window(DESK, page), tree(DESK, page)))
        held = [one.text.count(said) for one in found if one.trust is not Trust.ADVERT]
        assert sum(held) == 1, page
