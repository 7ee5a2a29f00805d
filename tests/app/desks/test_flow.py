"""White space and lines, as a browser shows them."""

import pytest

from app.desks.dom import parse
from app.desks.flow import flow


def texts(html: str) -> list[str]:
    return list(flow(parse(html)).texts.values())


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>  lead <b> spaced </b> tail  </p>", ["lead ", "spaced ", "tail"]),
        ("<p>one\n  two</p>", ["one two"]),
        ("<p>a</p> <p>b</p>\n", ["a", "b"]),
        ("<p><a>x</a> <a>y</a></p>", ["x", " ", "y"]),
        ("<p>a <br> b</p>", ["a", "b"]),
        ("<label>To <input></label>", ["To "]),
        ("<div>a <span style='display:block'> b </span> c</div>", ["a", "b", "c"]),
        ("<div style='display:flex'> <i>a</i> <i> b</i> </div>", ["a", "b"]),
        ("<pre>\na\n  b\n</pre>", ["a\n  b\n"]),
        ("<p style='white-space: pre-wrap'>a\nb</p>", ["a\nb"]),
        ("<p>x&nbsp; y</p>", ["x\xa0 y"]),
        ("<p>川が\n増水した。\nWeir A\n閉鎖</p>", ["川が増水した。 Weir A 閉鎖"]),
        ("<p style='text-transform: uppercase'>up</p>", ["UP"]),
        ("<p style='visibility: hidden'>gone</p><textarea>typed</textarea>", []),
        ("<button> Save </button> it", ["Save", " it"]),
    ],
)
def test_the_words_that_are_shown(html: str, shown: list[str]) -> None:
    assert texts(html) == shown


def test_what_makes_a_box_and_what_stands_in_a_line() -> None:
    made = flow(parse("<p>a<b>b</b><input><u style='display:inline-block'>c</u></p>"))
    kinds = {
        one.tag: (made.block(one), made.inline(one), made.atomic(one))
        for one in made.root.walk()
        if one.tag != "#document"
    }
    assert kinds == {
        "p": (True, False, False),
        "b": (False, True, False),
        "input": (False, False, True),
        "u": (False, False, True),
    }


def test_children_of_a_row_are_boxes() -> None:
    made = flow(parse("<div style='display:flex'><span>a</span></div>"))
    span = next(one for one in made.root.walk() if one.tag == "span")
    assert made.block(span) and made.lined_up(made.root.elements[0])


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<div>a</div>", True),
        ("<div><i>a</i></div>", True),
        ("<div><input></div>", True),
        ("<div></div>", False),
        ("<div> </div>", False),
        ("<div>a<p>b</p></div>", False),
        ("<div style='display:grid'>a</div>", False),
    ],
)
def test_whether_a_box_holds_lines(html: str, lines: bool) -> None:
    made = flow(parse(html))
    assert made.inline_inside(made.root.elements[0]) is lines


def test_what_is_folded_away_is_not_there() -> None:
    assert texts("<details><summary>s</summary><p>p</p></details>") == ["s"]
    assert texts("<details open><summary>s</summary><p>p</p></details>") == ["s", "p"]
