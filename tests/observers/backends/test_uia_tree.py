"""Trees of Windows give the same texts as the tree that Chromium showed on X11 for the same page."""

import pytest

from gum.types import Region, Trust
from observers.backends.uia_tree import node
from observers.browsers import is_private
from observers.segment import segment
from observers.ui_tree import allowed, documents
from tests.observers.backends.fixtures import SECRET, on_windows, read
from tests.trees import snapshot


def test_a_page_is_split_as_on_x11() -> None:
    assert segment(on_windows("uia_compose")) == segment(snapshot("chromium_compose"))


def test_an_editor_is_the_persons_own_words() -> None:
    texts = {piece.trust: piece.text for piece in segment(on_windows("uia_editor"))}
    assert texts[Trust.AUTHORED] == "Trip to Lisbon\nbook the train"
    assert set(texts) == {Trust.AUTHORED, Trust.SYSTEM}  # the status bar; no buttons, no menu


def test_a_password_is_not_in_the_tree_even_if_it_was_told() -> None:
    assert SECRET in repr(read("uia_compose"))
    assert SECRET not in repr(on_windows("uia_compose").tree)


@pytest.mark.parametrize(
    "field",
    [
        {"ControlType": 50004, "Name": "Code", "Value": SECRET, "ValueIsReadOnly": False},  # nobody said no
        {"ControlType": 50004, "Name": "Your password", "IsPassword": False, "Value": SECRET},
        {"ControlType": 50004, "IsPassword": True, "Children": [{"ControlType": 50020, "Name": SECRET}]},
    ],
)
def test_what_may_be_a_password_is_one(field: dict[str, object]) -> None:
    assert node(field).role == "password text" and SECRET not in repr(node(field))


def test_the_address_and_private_mode_are_told_by_the_tree() -> None:
    tree = on_windows("uia_compose").tree
    assert tree is not None and documents(tree) == ["https://larkmail.example/compose"]
    private = on_windows("uia_private")
    assert private.tree is not None
    assert is_private(private.window.app, private.window.title, [private.tree.name]) is True
    assert allowed(private.window, private.tree, ()) is None


def test_what_is_off_the_screen_or_broken_is_left_out() -> None:
    assert "scrolled out of sight" not in repr(on_windows("uia_compose").tree)
    odd = node({"ControlType": "x", "Name": 5, "Children": ["a", None], "IsPassword": False})
    assert (odd.role, odd.name, odd.children, odd.region) == ("panel", "", (), None)
    box = node({"ControlType": 50020, "IsPassword": False, "BoundingRectangle": [1.4, 2, 11, 22]})
    assert box.region == Region(1, 2, 10, 20)
