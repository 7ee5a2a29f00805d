import os
from collections.abc import Callable
from datetime import UTC, date
from itertools import pairwise
from pathlib import Path

import pytest

from observers import subscription as module
from observers.subscription import Subscription, subscription
from tests.observers.ics_server import serving

TODAY = date(2026, 11, 23)


def ics(*summaries: str, more: str = "") -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{said}\r\nSUMMARY:{said}\r\nDTSTART:20261127\r\nEND:VEVENT\r\n"
        for said in summaries
    )
    return f"BEGIN:VCALENDAR\r\n{more}{events}END:VCALENDAR\r\n".encode()


class Tick:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def of(named: str | Path, tick: Callable[[], float] = lambda: 0.0) -> Subscription:
    return subscription(str(named), lambda: TODAY, UTC, lambda: False, tick)


def summaries(kept: Subscription) -> list[str]:
    kept.refresh()
    assert kept.calendar is not None
    return [event.summary for event in kept.calendar.events]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read, in order."""
    found: list[Path] = []
    real: Callable[[Path], bytes] = module._content

    def content(path: Path) -> bytes:
        found.append(path)
        return real(path)

    monkeypatch.setattr(module, "_content", content)
    return found


def test_a_file_is_read_when_it_changed(tmp_path: Path, reads: list[Path]) -> None:
    file = tmp_path / "work.ics"
    file.write_bytes(ics("one"))
    kept = of(file)
    assert [summaries(kept), summaries(kept)] == [["one"], ["one"]]
    assert len(reads) == 1
    file.write_bytes(ics("one", "two"))
    assert summaries(kept) == ["one", "two"]
    file.unlink()
    kept.refresh()
    assert kept.calendar is None
    assert (
        kept.trouble is not None
        and kept.trouble.title == "work.ics cannot be read: no such file or directory"
    )
    file.write_bytes(ics("three"))
    assert summaries(kept) == ["three"]
    assert kept.trouble is None


def test_a_folder_is_all_calendars_in_it(tmp_path: Path, reads: list[Path]) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a.ics").write_bytes(ics("a", more="X-WR-CALNAME:ada@example.org\r\n"))
    (tmp_path / "work" / "b.ICS").write_bytes(ics("b"))
    (tmp_path / ".hidden" / "c.ics").write_bytes(ics("c"))
    (tmp_path / "notes.txt").write_bytes(ics("d"))
    (tmp_path / "broken.ics").write_bytes(b"no calendar")
    (tmp_path / "gone.ics").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.ics")
    kept = of(tmp_path)
    assert summaries(kept) == ["a", "b"]
    assert kept.calendar is not None
    assert (kept.calendar.owner, kept.calendar.lost, kept.trouble) == ("", 2, None)  # anybody's files
    before = len(reads)
    assert summaries(kept) == ["a", "b"]
    assert len(reads) == before  # neither those that are fine nor those that are not


def test_a_file_is_whose_it_says_and_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(ics("a", more="X-WR-CALNAME:ada@example.org\r\n"))
    kept = of(tmp_path / "a.ics")
    assert summaries(kept) == ["a"]
    assert kept.calendar is not None and kept.calendar.owner == "ada@example.org"
    odd = of(tmp_path / "caf\udce9.ics")
    odd.refresh()
    assert odd.trouble is not None
    assert odd.trouble.title.encode().startswith(b"caf?.ics cannot be read")


def test_an_empty_folder_is_no_trouble(tmp_path: Path) -> None:
    kept = of(tmp_path)
    assert summaries(kept) == []
    assert kept.trouble is None


@pytest.mark.parametrize("named", ["work.ics", "~nobody-here/work.ics", "folder/", ""])
def test_a_path_that_says_not_where_is_told(named: str) -> None:
    kept = of(named)
    kept.refresh()
    assert kept.calendar is None
    assert kept.trouble is not None and kept.trouble.hint


def test_a_path_may_begin_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work.ics").write_bytes(ics("one"))
    assert [summaries(of(named)) for named in ("~/work.ics", "work.ics")] == [["one"]] * 2


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 50)
    (tmp_path / "a.ics").write_bytes(ics("a"))
    kept = of(tmp_path / "a.ics")
    kept.refresh()
    assert kept.trouble is not None and "larger" in kept.trouble.title
    monkeypatch.setattr(module, "MOST_IN_FOLDER", 50)
    kept = of(tmp_path)
    kept.refresh()
    assert kept.trouble is not None and "too large" in kept.trouble.title


def test_an_address_is_asked_again_when_it_is_time() -> None:
    tick = Tick()
    with serving(ics("one"), etag='"1"') as served:
        kept = of(served.address, tick)
        assert [summaries(kept), summaries(kept)] == [["one"], ["one"]]
        assert len(served.asked) == 1
        tick.now += module.FRESH_S + 1
        assert summaries(kept) == ["one"]  # not modified
        served.body, served.etag = ics("two"), '"2"'
        tick.now += module.FRESH_S + 1
        assert summaries(kept) == ["two"]
        assert len(served.asked) == 3


def test_an_address_that_fails_is_asked_less_and_less_and_what_it_said_holds() -> None:
    tick = Tick()
    with serving(ics("one")) as served:
        kept = of(served.address, tick)
        assert summaries(kept) == ["one"]
        served.status = 503
        times = []
        for _ in range(24 * 60):
            tick.now += 60
            asked = len(served.asked)
            assert summaries(kept) == ["one"]
            if len(served.asked) > asked:
                times.append(tick.now)
        assert kept.trouble is not None and kept.trouble.title == "127.0.0.1 answered 503"
        gaps = [after - before for before, after in pairwise(times)]
        assert gaps[:4] == [60, 120, 240, 480]
        assert gaps[-1] == module.LAST_TRY_S
        served.status, served.body = 200, ics("two")
        tick.now += module.LAST_TRY_S + 60
        assert summaries(kept) == ["two"]
        assert kept.trouble is None


def test_a_page_that_asks_for_a_password_is_no_calendar_also_when_it_stays_the_same() -> None:
    tick = Tick()
    with serving(b"<html>Log in</html>", etag='"1"') as served:
        kept = of(served.address, tick)
        for _ in range(3):
            kept.refresh()
            assert kept.calendar is None
            assert kept.trouble is not None and kept.trouble.title == "127.0.0.1 is no calendar"
            tick.now += module.LAST_TRY_S + 1


@pytest.mark.parametrize(
    ("front", "path", "owner"),
    [
        ("ada%40Example.org:pw@", "/x", "ada@example.org"),
        ("", "/calendar/ical/ada%40example.org/private-0123/basic.ics", "ada@example.org"),
        ("", "/calendar/ical/ada%40example.org/public/basic.ics", ""),
        ("ada:pw@", "/x", ""),
    ],
)
def test_whose_calendar_an_address_is(front: str, path: str, owner: str) -> None:
    with serving(ics("one")) as served:
        kept = of(served.address.replace("//", f"//{front}") + path)
        kept.refresh()
        assert kept.calendar is not None and kept.calendar.owner == owner


def test_a_bad_address_is_told_and_not_asked() -> None:
    kept = of("http://example.org/s3cret")
    kept.refresh()
    assert kept.trouble is not None and "s3cret" not in kept.trouble.title + kept.trouble.hint
