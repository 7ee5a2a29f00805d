import io
import time
from datetime import UTC, datetime, timedelta

import pytest

from app import forget_command
from app.main import _parser, main
from gum.errors import NotAllowed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def request(*typed: str) -> dict[str, object] | None:
    return forget_command.request(_parser().parse_args(["forget", *typed]), NOW)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        (["--minutes", "10"], {"minutes": 10.0}),
        (["--app", "firefox"], {"app": "firefox"}),
        (["--site", "example.org"], {"site": "example.org"}),
        (["--source", "screen", "--dry-run"], {"source": "screen", "dry_run": True}),
        (["--topic", "job hunt"], {"topic": "job hunt"}),
        (["--proposition", "abcd"], {"proposition_id": "abcd"}),
        (["--everything"], {"everything": True}),
        (["--since", "3h"], {"since": "2026-11-20T09:00:00+00:00"}),
        (
            ["--since", "2026-11-01T00:00:00+00:00", "--until", "2w"],
            {"since": "2026-11-01T00:00:00+00:00", "until": "2026-11-06T12:00:00+00:00"},
        ),
        (["--app", ""], {"app": ""}),  # refused by the daemon; never all
    ],
)
def test_what_was_typed_becomes_one_request(typed: list[str], body: dict[str, object]) -> None:
    assert request(*typed) == body


@pytest.mark.parametrize("typed", ["", "--dry-run", "--app a --since 1d", "--everything --until 1d"])
def test_none_or_several_things_are_no_request(typed: str) -> None:
    assert request(*typed.split()) is None
    with pytest.raises(SystemExit) as ended:
        main(["forget", *typed.split()])
    assert ended.value.code == 2


def test_a_day_is_its_beginning_or_its_end_in_this_computers_zone() -> None:
    begins = forget_command.moment("2026-11-20", NOW)
    assert begins == datetime(2026, 11, 20).astimezone()
    assert forget_command.moment("2026-11-20", NOW, end=True) == begins + timedelta(days=1, microseconds=-1)
    assert forget_command.moment("2026-11-20T14:30", NOW, end=True) == begins + timedelta(hours=14.5)


@pytest.mark.parametrize("typed", ["", "yesterday", "20.11.2026", "7", "d", "-3d", "2026-13-01"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(NotAllowed, match="no time"):
        forget_command.moment(typed, NOW)


def test_what_went_is_told_in_one_line() -> None:
    counts = {"observations": 3, "propositions": 1, "weakened": 2}
    line = "3 observations, 1 propositions; 2 propositions are less sure."
    assert forget_command.told({"forgotten": counts}) == f"Forgotten: {line}"
    assert forget_command.told({"forgotten": counts, "dry_run": True}) == f"Would be forgotten: {line}"


class Asked:
    """Fake client: answers every request with the same counts and remembers what it was sent."""

    sent: list[dict[str, object]]

    def __init__(self, *_: object, **__: object) -> None: ...

    def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        self.sent.append(body)
        return {"forgotten": {"observations": 3, "propositions": 1}, "dry_run": bool(body.get("dry_run"))}


@pytest.mark.parametrize(
    ("more", "answer", "tty", "sent", "status"),
    [
        (["--yes"], "", False, 1, 0),
        ([], "y\n", True, 2, 0),
        ([], "\n", True, 1, 1),
        ([], "y\n", False, 1, 1),
        (["--json"], "y\n", True, 1, 1),
        (["--dry-run"], "", True, 1, 0),
    ],
)
def test_a_topic_is_counted_and_goes_only_when_somebody_says_yes(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    answer: str,
    tty: bool,
    sent: int,
    status: int,
) -> None:
    Asked.sent = []
    typed = io.StringIO(answer)
    monkeypatch.setattr(typed, "isatty", lambda: tty, raising=False)
    monkeypatch.setattr("app.client.Client", Asked)
    monkeypatch.setattr("sys.stdin", typed)
    with pytest.raises(SystemExit) as ended:
        main(["forget", "--topic", "job hunt", *more])
    assert (ended.value.code, len(Asked.sent)) == (status, sent)
    forgot = [body for body in Asked.sent if not body.get("dry_run")]
    assert bool(forgot) == (status == 0 and "--dry-run" not in more)
    assert "3 observations" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "typed", ["0001-01-01", "9999-12-31", "99999999999999w", "2026-13-01", "nan", "\ud800", ""]
)
def test_what_no_calendar_has_is_no_time(typed: str) -> None:
    for end in (True, False):
        try:
            at = forget_command.moment(typed, NOW, end)
        except NotAllowed as refused:
            assert "2026-11-20" in refused.hint
        else:
            assert at.tzinfo is not None
            assert typed == "9999-12-31"


@pytest.mark.parametrize(
    ("typed", "offset"), [("2026-03-29T01:30", 1), ("2026-03-29T03:30", 2), ("2026-11-20", 1)]
)
def test_a_time_is_meant_by_the_clock_of_its_own_day(
    typed: str, offset: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert forget_command.moment(typed, NOW).utcoffset() == timedelta(hours=offset)
    finally:
        monkeypatch.undo()
        time.tzset()
