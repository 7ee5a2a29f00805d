from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from observers import multistatus as module
from observers.multistatus import DAV, replies, tree

NAMES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
PLAIN = f"""<?xml version="1.0"?>
<multistatus {NAMES}>
  <response><href> /cal/a%20b.ics </href>
    <propstat><prop><getetag>"1"</getetag><c:calendar-data>BEGIN&#13;
END &amp; more</c:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>
    <propstat><prop><displayname/></prop><status>HTTP/1.1 404 Not Found</status></propstat>
  </response>
  <response><href>/cal/gone.ics</href><status>HTTP/1.1 404 Not Found</status></response>
  <response><href>/one</href><href>/two</href><status>HTTP/1.1 507 Insufficient Storage</status></response>
</multistatus>"""


def test_what_is_there_is_told_by_property() -> None:
    first, gone, one, two = replies(PLAIN.encode())
    assert (first.href, first.status) == ("/cal/a%20b.ics", 200)
    assert first.found[DAV + "getetag"].text == '"1"'
    assert first.found["urn:ietf:params:xml:ns:caldav calendar-data"].text == "BEGIN\r\nEND & more"
    assert DAV + "displayname" not in first.found
    assert [(reply.href, reply.status) for reply in (gone, one, two)] == [
        ("/cal/gone.ics", 404),
        ("/one", 507),
        ("/two", 507),
    ]


TENFOLD = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
BOMB = f"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa">{TENFOLD}]>
<multistatus xmlns="DAV:"><response><href>/&i;</href></response></multistatus>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<multistatus xmlns="DAV:"><response><href>/&x;</href></response></multistatus>"""
PARAMETER = '<!DOCTYPE m SYSTEM "http://127.0.0.1:1/m.dtd"><multistatus xmlns="DAV:"/>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, PARAMETER, "<!DOCTYPE html><html></html>"])
def test_no_document_type_is_taken(text: str) -> None:
    with pytest.raises(ValueError, match="document type"):
        replies(text.encode())


@pytest.mark.parametrize(
    "text",
    ["", "no XML", "<a>", "<html/>", "<multistatus/>", '<multistatus xmlns="DAV:">&nope;</multistatus>'],
)
def test_what_is_no_multistatus_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replies(text.encode())


def test_what_is_too_deep_or_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="too many"):
        tree(b"<a>" * (module.DEEPEST + 1) + b"</a>" * (module.DEEPEST + 1))
    monkeypatch.setattr(module, "MOST_ELEMENTS", 10)
    assert len(tree(b"<a>" + b"<b/>" * 9 + b"</a>").children) == 9
    with pytest.raises(ValueError, match="too many"):
        tree(b"<a>" + b"<b/>" * 10 + b"</a>")


def test_a_tag_of_a_million_attributes_is_refused_a_long_text_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    long = 2 * module.LONGEST_TAG + 2 * module.PIECE
    for inside in (b"x" * long, b"<![CDATA[%b]]>" % (b"y" * long), b"&amp;" * long, "ü".encode() * long):
        assert len(tree(b"<a>%b</a>" % inside).text) == long
    many = b" ".join(b"a%d=''" % n for n in range(long // 9))
    for harm in (b"<a %b/>" % many, b"<%b/>" % (b"a" * long), b"<a %b" % many):
        with pytest.raises(ValueError, match="long tag"):
            tree(harm)


def test_names_that_are_none_are_left_out() -> None:
    said = f"<multistatus {NAMES}><response>%s<status>HTTP/1.1 200 OK</status></response></multistatus>"
    odd = f"<href></href><href>{'x' * 2001}</href><href>/a&#x202e;b</href><href>/fine</href>"
    assert [reply.href for reply in replies((said % odd).encode())] == ["/fine"]


@pytest.mark.parametrize("line", ["", "200", "HTTP/1.1", "HTTP/1.1 ²00 OK", "HTTP/1.1 -1 x"])
def test_a_status_that_is_none_is_not_taken_for_fine(line: str) -> None:
    said = f"<multistatus {NAMES}><response><href>/a</href><propstat><prop><getetag>1</getetag></prop>"
    said += f"<status>{line}</status></propstat></response></multistatus>"
    assert replies(said.encode())[0].found == {}


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda t: f"<m>{t}</m>".encode("utf-8", "replace"))
)
@example(b"\xff\xfe<\x00a\x00/\x00>\x00")
@example(b'<?xml version="1.0" encoding="nobody-knows"?><a/>')
@example(b"\x00")
def test_nothing_but_value_errors_come_of_any_bytes(data: bytes) -> None:
    with suppress(ValueError):
        replies(data)
