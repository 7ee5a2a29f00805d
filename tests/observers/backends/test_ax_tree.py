"""Trees of macOS give the same texts as the tree that Chromium showed on X11 for the same page."""

import pytest

from gum.types import Region, Trust
from observers.backends.ax_tree import node
from observers.browsers import is_private
from observers.segment import segment
from observers.ui_tree import allowed, documents
from tests.observers.backends.fixtures import SECRET, on_macos, read
from tests.trees import snapshot


def test_a_page_is_split_as_on_x11() -> None:
    assert segment(on_macos("ax_compose")) == segment(snapshot("chromium_compose"))


def test_an_editor_is_the_persons_own_words() -> None:
    texts = {piece.trust: piece.text for piece in segment(on_macos("ax_editor"))}
    assert texts == {Trust.AUTHORED: "Trip to Lisbon\nbook the train", Trust.READ: "plan.txt — Edited"}


def test_a_password_is_not_in_the_tree_even_if_it_was_told() -> None:
    assert SECRET in repr(read("ax_compose"))
    assert SECRET not in repr(on_macos("ax_compose").tree)


@pytest.mark.parametrize(
    "field",
    [
        {
            "AXRole": "AXTextField",
            "AXSubrole": "AXSecureTextField",
            "AXValue": SECRET,
        },
        {"AXRole": "AXSecureTextField", "AXValue": SECRET, "AXValueSettable": True},
        {"AXRole": "AXTextField", "AXTitle": "Passwort", "AXValue": SECRET, "AXValueSettable": True},
    ],
)
def test_what_may_be_a_password_is_one(field: dict[str, object]) -> None:
    found = node({**field, "AXChildren": [{"AXRole": "AXStaticText", "AXValue": SECRET}]})
    assert found.role == "password text" and SECRET not in repr(found)


def test_the_address_and_private_mode_are_told_by_the_tree() -> None:
    tree = on_macos("ax_compose").tree
    assert tree is not None and documents(tree) == ["https://larkmail.example/compose"]
    private = on_macos("ax_private")
    assert private.tree is not None
    assert is_private(private.window.app, private.window.title, [private.tree.name]) is True
    assert allowed(private.window, private.tree, ()) is None


def test_what_is_hidden_or_broken_is_left_out() -> None:
    assert "scrolled out of sight" not in repr(on_macos("ax_compose").tree)
    odd = node({"AXRole": None, "AXTitle": 5, "AXChildren": ["a", None], "AXFrame": {"x": 1}})
    assert (odd.role, odd.name, odd.children, odd.region) == ("panel", "", (), None)
    box = node({"AXRole": "AXStaticText", "AXFrame": {"x": 1.4, "y": 2, "w": 10, "h": 20}})
    assert box.region == Region(1, 2, 10, 20)
