"""Html becomes the elements that a browser makes of it."""

from app.desks.dom import Element, parse


def shape(element: Element) -> str:
    """Tags and texts in brackets: "ul(li(a)li(b))"."""
    inside = "".join(child.strip() if isinstance(child, str) else shape(child) for child in element.children)
    return f"{element.tag}({inside})" if element.children else element.tag


def test_end_tags_that_may_be_left_out() -> None:
    assert shape(parse("<ul><li>a<li>b</ul>")) == "#document(ul(li(a)li(b)))"
    assert shape(parse("<p>a<p>b<div>c</div>")) == "#document(p(a)p(b)div(c))"
    assert shape(parse("<dl><dt>a<dd>b<dt>c</dl>")) == "#document(dl(dt(a)dd(b)dt(c)))"
    table = "<table><thead><tr><th>a<th>b<tbody><tr><td>c<td>d<tr><td>e</table>"
    rows = "thead(tr(th(a)th(b)))tbody(tr(td(c)td(d))tr(td(e)))"
    assert shape(parse(table)) == f"#document(table({rows}))"
    assert shape(parse("<select><option>a<option>b</select>")) == "#document(select(option(a)option(b)))"


def test_a_list_inside_a_list_does_not_end_it() -> None:
    assert shape(parse("<ul><li>a<ul><li>b</ul><li>c</ul>")) == "#document(ul(li(aul(li(b)))li(c)))"


def test_elements_without_content_hold_nothing() -> None:
    assert shape(parse("<p>a<br>b<input value=x>c</p>")) == "#document(p(abrbinputc))"
    assert shape(parse("<svg><circle r='1'/><path/></svg>x")) == "#document(svg(circlepath)x)"


def test_attributes_and_letters() -> None:
    found = parse('<input autofocus value="&lt;a&gt; &amp; b" NAME=to>').find("input")
    assert found is not None
    assert found.attributes == {"autofocus": "", "value": "<a> & b", "name": "to"}
    assert found.get("id") == "" and parse("<p>&nbsp;&euro;</p>").text == "\xa0€"


def test_script_and_style_are_not_taken_for_html() -> None:
    assert shape(parse("<style>p > a { }</style><script>if (a<b) {}</script><p>x</p>")).endswith("p(x))")


def test_an_end_tag_without_a_start_is_left_out() -> None:
    assert shape(parse("</div><p>a</b></p>")) == "#document(p(a))"


def test_walking_is_in_reading_order() -> None:
    tags = [one.tag for one in parse("<a><b></b></a><i></i>").walk()]
    assert tags == ["#document", "a", "b", "i"]
    assert parse("<p>x</p>").find("table") is None
