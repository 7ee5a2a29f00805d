import pytest

from assistants import screen
from gum.errors import ActionFailed
from gum.ui import Snapshot, UiNode
from tests.assistants.builders import entry, page, window


def shown(url: str | None = None, *nodes: UiNode) -> Snapshot:
    return Snapshot(window("Mail", url=url), page(*nodes))


@pytest.mark.parametrize(
    ("there", "wanted", "how"),
    [
        ("https://a.example/x?q=b%20c", "https://a.example/x?q=b c", "exactly"),
        ("https://a.example/", "http://a.example", "exactly"),
        ("https://www.a.example/home", "https://a.example/", "forwarded"),
        ("https://a.example.evil/", "https://a.example/", None),
        ("chrome-error://chromewebdata/", "https://a.example/", None),
        (None, "https://a.example/", None),
    ],
)
def test_a_page_is_recognised_by_its_address(there: str | None, wanted: str, how: str | None) -> None:
    assert screen.shows_page(shown(there), wanted) == how


def test_the_address_of_a_document_in_the_tree_counts_too() -> None:
    document = UiNode("document web", attributes={"url": "http://a.example/x"})
    assert screen.shows_page(shown(None, document), "http://a.example/x") == "exactly"


def test_an_address_written_on_a_page_is_not_where_the_page_is() -> None:
    lie = UiNode("paragraph", text="https://bank.example/", attributes={"url": "https://bank.example/"})
    assert screen.shows_page(shown("https://evil.example/", lie), "https://bank.example/") is None


def test_text_is_found_and_a_program_without_a_tree_is_told_apart() -> None:
    assert screen.shows_text(shown(None, entry("a", "one\ntwo")), "two") is True
    assert screen.shows_text(shown(None, entry("a", "one")), "two") is False
    assert screen.shows_text(Snapshot(window("Mail"), None), "two") is None


def test_the_one_field_of_that_name_is_found() -> None:
    seen = shown(None, entry("To", ref="1"), entry("Subject", ref="2"), UiNode("label", "Subject"))
    assert screen.field(seen, "Mail", "entry", "Subject").ref == "2"


def test_two_fields_of_one_name_stop_it() -> None:
    with pytest.raises(ActionFailed, match="more than one"):
        screen.field(shown(None, entry("To", ref="1"), entry("To", ref="2")), "Mail", "entry", "To")


def test_missing_fixed_or_elsewhere_stops_it() -> None:
    seen = shown(None, entry("To", states="showing"))
    for title, name in [("Mail", "To"), ("Mail", "Cc"), ("Editor", "To")]:
        with pytest.raises(ActionFailed):
            screen.field(seen, title, "entry", name)
