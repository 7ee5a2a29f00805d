import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Effect, Observation, Rule, RuleId, Trust
from observers import files
from observers.files import Files, Visits, listed, recent_list
from observers.gate import Gate
from tests.builders import NOON
from tests.observers.recorder import Recorder, wait_for

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<xbel version="1.0"
      xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks"
      xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info"
>"""
MINUTE = timedelta(minutes=1)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def mark(
    href: str,
    *uses: tuple[str, str, datetime],
    at: datetime = NOON,
    private: bool = False,
    kind: str = "application/pdf",
) -> str:
    """A bookmark as GLib writes it; a use is name, command and time."""
    told = "".join(
        f'<bookmark:application name="{name}" exec="{command}" modified="{stamp(when)}" count="2"/>'
        for name, command, when in uses
    )
    return f"""
  <bookmark href="{href}" added="{stamp(at)}" modified="{stamp(at)}" visited="{stamp(at)}">
    <info>
      <metadata owner="http://freedesktop.org">
        <mime:mime-type type="{kind}"/>
        {"<bookmark:private/>" if private else ""}
        <bookmark:applications>{told}</bookmark:applications>
      </metadata>
    </info>
  </bookmark>"""


def document(*marks: str) -> bytes:
    return f"{HEAD}{''.join(marks)}\n</xbel>\n".encode()


GEDIT = "&apos;gedit %u&apos;"


# the list


def test_a_list_tells_files_with_the_program_that_used_them_last() -> None:
    xml = document(
        mark("file:///home/anna/a%20b.pdf", ("Document Viewer", "&apos;evince %u&apos;", NOON)),
        mark(
            "file:///home/anna/letter.odt",
            ("LibreOffice 7.4 Writer", "soffice %u", NOON + MINUTE),
            ("gedit", GEDIT, NOON - MINUTE),
        ),
        mark("file://localhost/home/anna/plain.txt", ("Kate", "", NOON)),
        mark("file:///home/anna/nobody.txt", at=NOON + MINUTE),
    )
    assert [(str(e.path), e.app, e.at, e.private) for e in listed(xml)] == [
        ("/home/anna/a b.pdf", "evince", NOON, False),
        ("/home/anna/letter.odt", "libreoffice 7.4 writer", NOON + MINUTE, False),
        ("/home/anna/plain.txt", "kate", NOON, False),
        ("/home/anna/nobody.txt", "", NOON + MINUTE, False),
    ]


def test_what_is_meant_for_one_program_or_may_come_from_a_private_window_is_marked() -> None:
    xml = document(
        mark("file:///home/anna/a.pdf", ("gedit", GEDIT, NOON), private=True),
        mark("file:///home/anna/b.pdf", ("Firefox", "firefox %u", NOON)),
        mark("file:///home/anna/c.pdf", ("Web", "/usr/bin/google-chrome %U", NOON)),
    )
    assert [e.private for e in listed(xml)] == [True, True, True]


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/x.pdf",
        "sftp://host/x.pdf",
        "file://server/x.pdf",
        "x.pdf",
        "file:///a%00b",
        "file://[",
    ],
)
def test_what_is_no_file_of_this_machine_is_left_out(href: str) -> None:
    assert listed(document(mark(href))) == []


def test_a_folder_and_what_bears_no_time_are_left_out() -> None:
    xml = document(mark("file:///home/anna/Music", kind="inode/directory"))
    assert listed(xml) == []
    assert listed(document(mark("file:///home/anna/a.pdf")).replace(stamp(NOON).encode(), b"soon")) == []


BOMB = b"""<?xml version="1.0"?><!DOCTYPE xbel [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<xbel version="1.0"><bookmark href="&b;"/></xbel>"""


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        b"",
        b"<xbel>",
        b"\xff\xfe\x00",
        b"<!DOCTYPE x SYSTEM 'file:///etc/passwd' [<!ENTITY c SYSTEM 'x'>]><x>&c;</x>",
    ],
)
def test_a_damaged_or_hostile_list_is_refused(xml: bytes) -> None:
    with pytest.raises(ValueError):
        listed(xml)


def test_a_list_with_a_plain_document_type_is_read() -> None:
    xml = document(mark("file:///home/anna/a.pdf")).replace(b"<xbel", b"<!DOCTYPE xbel>\n<xbel", 1)
    assert len(listed(xml)) == 1


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=30))
def test_whatever_stands_in_a_bookmark_does_no_harm(href: str, command: str, when: str) -> None:
    one, two, three = map(quoteattr, (href, when, command))
    use = f'<bookmark:application name="x" exec={three} modified={two}/>'
    inside = f"<info><metadata>{use}</metadata></info>"
    xml = f"{HEAD}<bookmark href={one} modified={two}>{inside}</bookmark></xbel>"
    try:
        entries = listed(xml.encode("utf-8", "surrogatepass"))
    except ValueError:
        return
    assert all(e.path.is_absolute() and e.at.tzinfo is UTC for e in entries)


def test_the_list_is_where_the_environment_says() -> None:
    assert recent_list({"XDG_DATA_HOME": "/data"}) == Path("/data/recently-used.xbel")
    at_home = Path.home() / ".local/share/recently-used.xbel"
    assert recent_list({"XDG_DATA_HOME": "data"}) == recent_list({}) == at_home


# visits


def test_saving_again_soon_is_the_same_visit_and_later_another_one() -> None:
    visits = Visits()
    path = Path("/home/anna/a.txt")
    one = visits.see(path, "gedit", NOON)
    two = visits.see(path, "gedit", NOON + 10 * MINUTE)
    three = visits.see(path, "gedit", NOON + 40 * MINUTE)
    assert (one.id, one.at) == (two.id, two.at)
    assert two.until == NOON + 10 * MINUTE
    assert (three.id == one.id, three.at) == (False, NOON + 40 * MINUTE)
    assert visits.known(path, NOON + 40 * MINUTE)
    assert not visits.known(path, NOON + 41 * MINUTE)


# the source


class Desk:
    """A list, a folder, and a source that looks at both."""

    def __init__(self, tmp_path: Path) -> None:
        self.list, self.folder, self.own = (
            tmp_path / "recently-used.xbel",
            tmp_path / "work",
            tmp_path / "work/own",
        )
        self.own.mkdir(parents=True)
        self.paused = threading.Event()
        self.rules: list[Rule] = []
        self.seen = Recorder()
        gate = Gate(self.seen, lambda: self.rules, self.paused.is_set)
        self.source = Files(gate, self.list, [self.folder], [self.own], look_s=0.1, rest_s=0.1)

    def start(self) -> None:
        self.source.start()
        time.sleep(0.02)  # the clock that files get their time from ticks up to 10 ms late

    def uses(self, *marks: str) -> None:
        """Written as programs do: beside, then put in place."""
        fresh = self.list.with_suffix(".new")
        fresh.write_bytes(document(*marks))
        fresh.replace(self.list)

    def saves(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("the content is nobody's business")
        return path

    def told(self) -> list[Observation]:
        return sorted(self.seen.observations, key=lambda o: o.title)

    def titles(self) -> list[str]:
        return [o.title for o in self.told()]

    def settled(self, fence: str = "zz-fence.txt") -> list[str]:
        """What has been told when something that is saved now has been: without that."""
        self.saves(fence)
        assert wait_for(lambda: fence in self.titles(), 20)
        return [title for title in self.titles() if not title.startswith("zz-")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.source.stop()


def now() -> datetime:
    return datetime.now(UTC)


def test_what_is_opened_and_saved_is_told_by_name_alone(desk: Desk) -> None:
    desk.saves("before.txt")
    desk.uses(mark("file:///home/anna/before.pdf", ("evince", "evince", now())))
    desk.start()
    assert desk.settled() == []
    opened = now()
    desk.uses(
        mark("file:///home/anna/before.pdf", ("evince", "evince", opened - MINUTE)),
        mark("file:///home/anna/Thesis%20draft.pdf", ("Document Viewer", "&apos;evince %u&apos;", opened)),
    )
    saved = desk.saves("deep/notes.txt")
    assert wait_for(lambda: len(desk.seen.observations) >= 3, 20)
    thesis, notes, _ = desk.told()
    assert (thesis.title, thesis.text, thesis.app) == ("Thesis draft.pdf", "Thesis draft.pdf", "evince")
    assert (thesis.source, thesis.trust, thesis.at) == ("files", Trust.ACTED_ON, opened)
    assert thesis.url == "file:///home/anna/Thesis%20draft.pdf"
    assert (notes.title, notes.app, notes.url) == ("notes.txt", "files", saved.as_uri())
    assert "business" not in desk.seen.everything()
    assert desk.source.health().state == "running"


def test_what_is_no_document_or_our_own_is_not_told(desk: Desk) -> None:
    desk.start()
    for name in (".hidden", "x.tmp", "notes.txt~", "node_modules/x.js", "own/gumption.md", "Passwords.kdbx"):
        desk.saves(name)
    desk.uses(*(mark(f"file://{p}", ("gedit", GEDIT, now())) for p in ("/tmp/x.txt", "/home/anna/.bashrc")))
    assert desk.settled() == []


def test_the_rules_hold_also_for_what_an_excluded_program_saves_in_a_folder(desk: Desk) -> None:
    desk.rules.append(Rule(RuleId("r"), "no diary", Effect.DROP, app="diary*"))
    desk.rules.append(Rule(RuleId("t"), "no pay", Effect.DROP, title="*salary*"))
    desk.start()
    desk.uses(
        mark((desk.folder / "dear.txt").as_uri(), ("Diary", "diary %u", now())),
        mark((desk.folder / "page.html").as_uri(), ("Firefox", "firefox %u", now())),
    )
    for name in ("dear.txt", "page.html", "My Salary.ods"):
        desk.saves(name)
    assert desk.settled() == []
    assert {e.rule_id for e in desk.seen.exclusions} == {"r", "t"}


def test_a_pause_is_not_made_up_for(desk: Desk) -> None:
    desk.start()
    desk.settled("zz-1.txt")
    desk.paused.set()
    assert wait_for(lambda: desk.source._was_paused, 20)
    desk.saves("secret.txt")
    entry = mark("file:///home/anna/secret.pdf", ("evince", "evince", now()))
    desk.uses(entry)
    resumed = threading.Timer(0.1, desk.paused.clear)
    resumed.start()
    assert wait_for(lambda: not desk.source._was_paused, 20)
    desk.uses(
        entry, mark("file:///home/anna/after.pdf", ("evince", "evince", now() + timedelta(seconds=0.5)))
    )
    assert wait_for(lambda: "after.pdf" in desk.titles(), 20)
    assert desk.settled("zz-2.txt") == ["after.pdf"]


def test_many_files_at_once_are_a_programs_doing(desk: Desk, tmp_path: Path) -> None:
    desk.start()
    began = desk.source._not_before
    for n in range(files.AT_ONCE + 1):
        (tmp_path / "archive").mkdir(exist_ok=True)
        (tmp_path / "archive" / f"{n}.txt").write_text("x")
    (tmp_path / "archive").rename(desk.folder / "unpacked")
    assert wait_for(lambda: desk.source._not_before > began, 20)
    assert desk.settled() == []


def test_a_damaged_list_is_told_once_and_read_again_when_it_is_whole(desk: Desk) -> None:
    desk.list.write_bytes(BOMB)
    desk.start()
    assert wait_for(lambda: "cannot be read" in desk.source.health().detail, 20)
    desk.uses(mark("file:///home/anna/a.pdf", ("evince", "evince", now())))
    assert wait_for(lambda: desk.titles() == ["a.pdf"], 20)
    assert desk.source.health().detail == ""


def test_a_folder_that_is_gone_shows_and_the_others_go_on(tmp_path: Path) -> None:
    seen = Recorder()
    there = tmp_path / "there"
    there.mkdir()
    source = Files(
        Gate(seen, lambda: (), lambda: False), None, [tmp_path / "gone", there], look_s=0.1, rest_s=0.1
    )
    source.start()
    time.sleep(0.02)  # as above
    try:
        (there / "a.txt").write_text("x")
        assert wait_for(lambda: [o.title for o in seen.observations] == ["a.txt"], 20)
        assert source.health().detail == "1 of the folders cannot be read"
    finally:
        source.stop()
    assert source.health().state == "stopped"


def test_a_name_that_is_no_text_is_told_as_well_as_it_can_be(desk: Desk) -> None:
    desk.start()
    Path(os.fsdecode(os.fsencode(desk.folder) + b"/caf\xe9.txt")).write_text("x")
    assert wait_for(lambda: desk.titles() == ["caf\ufffd.txt"], 20)
