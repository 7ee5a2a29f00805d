"""The part of css that decides where things stand."""

import pytest

from app.desks.css import Style, share, sheet
from app.desks.dom import Element, parse
from app.desks.flow import flow


def style(html: str, tag: str = "b") -> Style:
    """The style of the first element of that tag."""
    made = flow(parse(html))
    return next(found for element, found in made.styles.items() if element.tag == tag)


def test_what_a_browser_does_by_itself() -> None:
    assert style("<p>x</p>", "p").display == "block" and style("<p>x</p>", "p").margin == (16, 0, 16, 0)
    assert style("<b>x</b>").display == "inline" and style("<b>x</b>").bold
    assert style("<h1>x</h1>", "h1").size == 32
    assert style("<ol><li>x</li></ol>", "li").marker == "decimal"
    assert style("<pre>x</pre>", "pre").pre


def test_the_page_outdoes_the_browser_and_the_closer_rule_the_wider_one() -> None:
    rules = "<style>{}</style><div class='a'><b id='i' class='c d'>x</b></div>"
    assert style(rules.format("b { display: block }")).display == "block"
    assert style(rules.format(".c { width: 1px } b { width: 2px }")).width == "1px"
    assert style(rules.format("#i { width: 3px } .c.d { width: 4px }")).width == "3px"
    assert style(rules.format(".c { width: 5px } .d { width: 6px }")).width == "6px"
    assert style(rules.format(".a b, i { width: 7px }")).width == "7px"
    assert style(rules.format(".z b, .c.z { width: 8px }")).width == ""
    assert style(rules.format("b:hover { width: 9px } a > b { width: 9px }")).width == ""
    assert style('<b style="width: 10px" class="c">x</b><style>.c { width: 1px }</style>').width == "10px"
    assert style(rules.format("/* b { width: 1px } */ b { margin: 2px 3px }")).margin == (2, 3, 2, 3)


def test_what_is_handed_down() -> None:
    html = "<style>div { font: 20px/1.5 sans-serif; visibility: hidden } b { font-size: 50% }</style>"
    found = style(html + "<div><b>x</b></div>")
    assert (found.size, found.line, found.hidden) == (10, 1.5, True)
    assert style("<ul style='list-style: none'><li>x</li></ul>", "li").marker == "none"


def test_what_is_not_drawn_has_no_style() -> None:
    made = flow(
        parse("<p hidden>a</p><p style='display:none'>b</p><style>i { display: none }</style><i>c</i>")
    )
    assert not made.texts


def test_boxes() -> None:
    found = style("<b style='padding: 1px 2px 3px; margin-top: 1em; min-height: 9px; position: fixed'>x</b>")
    assert (found.padding, found.margin, found.least, found.fixed) == ((1, 2, 3, 2), (16, 0, 0, 0), 9, True)
    lined = style("<b style='border: 1px solid red; gap: 4px; grid-template-columns: 190px 1fr'>x</b>")
    assert (lined.padding, lined.gap, lined.columns) == ((1, 1, 1, 1), 4, ("190px", "1fr"))


@pytest.mark.parametrize(
    ("length", "pixels"),
    [("12px", 12), ("2em", 20), ("50%", 100), ("1rem", 16), ("-3px", -3), ("0", 0), ("auto", None)],
)
def test_lengths(length: str, pixels: float | None) -> None:
    assert share(length, 200, 10) == pixels


def test_a_sheet_fits_only_what_it_names() -> None:
    rules = sheet(parse("<style>p.x b { width: 1px }</style>"))
    outer, inner = Element("p", {"class": "x y"}), Element("b")
    assert rules.style([outer, inner], Style()).width == "1px"
    assert rules.style([Element("p"), inner], Style()).width == ""
