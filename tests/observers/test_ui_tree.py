"""The tree that was read is held against the rules once more. Pure parts; the rest is in test_watch."""

from gum.types import Effect, Rule, RuleId, WindowInfo
from gum.ui import UiNode
from observers.ui_tree import allowed, documents, pruned

WINDOW = WindowInfo(1, "chromium", "Rail - Chromium", 1, None, private=False, browser=True)
CLINIC = Rule(RuleId("mine"), "No clinics", Effect.DROP, url="*clinic*")


def document(url: str, *children: UiNode) -> UiNode:
    return UiNode("document web", attributes={"url": url}, children=children)


def frame(*children: UiNode, name: str = WINDOW.title) -> UiNode:
    return UiNode("frame", name=name, children=(UiNode("panel", children=children),))


def test_the_tree_says_what_the_window_shows() -> None:
    seen = allowed(WINDOW, frame(document("https://rail.test/", document("https://inner.test/"))), ())
    assert seen is not None and seen.url == "https://rail.test/" and seen.private is False


def test_a_tree_that_became_private_or_moved_on_is_thrown_away() -> None:
    page = document("https://rail.test/")
    assert allowed(WINDOW, frame(page, name="Rail - Chromium (Incognito)"), ()) is None
    assert allowed(WINDOW, frame(page, name="Other - Chromium"), ()) is None
    assert allowed(WINDOW, frame(), ()) is None


def test_one_refused_document_of_a_split_view_refuses_the_window() -> None:
    tree = frame(document("https://rail.test/"), document("https://clinic.test/"))
    assert allowed(WINDOW, tree, (CLINIC,)) is None
    assert documents(tree) == ["https://rail.test/", "https://clinic.test/"]


def test_a_refused_frame_inside_a_page_is_cut_out() -> None:
    inner = document("https://clinic.test/", UiNode("static", name="diagnosis"))
    tree = frame(document("https://rail.test/", inner, UiNode("static", name="trains")))
    seen = allowed(WINDOW, tree, (CLINIC,))
    assert seen is not None
    kept = [node.name for node in pruned(tree, seen, (CLINIC,)).walk()]
    assert "trains" in kept and "diagnosis" not in kept
