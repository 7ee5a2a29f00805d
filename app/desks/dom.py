"""Html as a tree of elements, read with the standard library's parser. Pure.

Knows the end tags that html lets one leave out, and which elements have no content. It is made for pages
that are well formed otherwise; it does not mend broken nesting the way browsers do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"),
        "wbr",
    }
)
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav"),
        *("ol", "p", "pre", "section", "table", "ul"),
    }
)
# An element that is open is closed by the start of one of these.
_CLOSED_BY = {
    "p": _BLOCKS,
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "thead": frozenset({"tbody", "tfoot"}),
    "tbody": frozenset({"tbody", "tfoot"}),
    "option": frozenset({"option", "optgroup"}),
    "optgroup": frozenset({"optgroup"}),
}
# An end tag is never implied across one of these.
_WALLS = frozenset(
    {"table", "ul", "ol", "dl", "select", "div", "section", "article", "main", "aside", "button"}
)


@dataclass(slots=True, eq=False)
class Element:
    """An element; `children` are elements and texts. Two elements are equal only if they are one."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute; "" where there is none."""
        return self.attributes.get(name, "")

    @property
    def elements(self) -> list["Element"]:
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def text(self) -> str:
        """All words below, as they stand in the file."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, parents first."""
        yield self
        for child in self.elements:
            yield from child.walk()

    def find(self, tag: str) -> "Element | None":
        """The first element of that tag, this one included."""
        return next((one for one in self.walk() if one.tag == tag), None)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._imply(tag)
        made = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self._open[-1].tag == tag:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, one in enumerate(self._open) if one.tag == tag]
        if places:
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _imply(self, tag: str) -> None:
        """Closes what the start of `tag` closes."""
        for place in range(len(self._open) - 1, 0, -1):
            name = self._open[place].tag
            if tag in _CLOSED_BY.get(name, ()):
                del self._open[place:]
                self._imply(tag)
                return
            if name in _WALLS:
                return


def parse(html: str) -> Element:
    """The document; `html`, `head` and `body` are only there where the text has them."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
