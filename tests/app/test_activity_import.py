import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import activity_import
from app.activity_import import import_activitywatch, lines
from app.burn_in import begun
from app.lock import InstanceLock
from app.paths import Paths
from app.transfer import opened
from gum.errors import AlreadyRunning, ImportRefused
from gum.types import Effect, Rule, RuleId
from gum.zone import HERE
from storage import forget, observations, privacy, retention
from storage.scope import Everything
from tests.builders import NOON, StillClock, observation
from tests.observers.activity_export import Event, event, export, windows

HOUR = timedelta(hours=1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path / "home"))
    return Paths.home().make()


def file_of(tmp_path: Path, *events: Event) -> Path:
    file = tmp_path / "aw-buckets-export.json"
    file.write_text(json.dumps(export(aw_watcher_window_a=windows(*events))))
    return file


def stored(home: Paths) -> list[str]:
    with opened(home) as database:
        return [o.text for o in database.read_sync(lambda s: observations.list_(s, 99))][::-1]


def taken(home: Paths, file: Path, overlapping: bool = False) -> dict[str, int]:
    return import_activitywatch(home, file, overlapping, StillClock(NOON + HOUR))


THREE = tuple(event(n, 1, app="gedit", title=f"{n}.txt") for n in range(3))


def test_history_is_stored_once_and_queued_to_be_learnt_from(home: Paths, tmp_path: Path) -> None:
    file = file_of(tmp_path, *THREE)
    assert taken(home, file) == {"taken": 3, "known": 0, "by_rules": 0, "too_old": 0, "too_late": 0}
    assert taken(home, file) == {"taken": 0, "known": 3, "by_rules": 0, "too_old": 0, "too_late": 0}
    assert stored(home) == ["0.txt", "1.txt", "2.txt"]
    with opened(home) as database:
        queued = "SELECT count(*) FROM work WHERE kind = 'perceive'"
        assert database.read_sync(lambda s: s.connection().exec_driver_sql(queued).scalar()) == 3


def test_an_event_that_was_not_over_goes_on(home: Paths, tmp_path: Path) -> None:
    taken(home, file_of(tmp_path, event(0, 1, app="gedit", title="a")))
    taken(home, file_of(tmp_path, event(0, 9, app="gedit", title="a")))
    with opened(home) as database:
        [seen] = database.read_sync(lambda s: observations.list_(s, 9))
    assert seen.until - seen.at == timedelta(minutes=9)


def test_the_persons_rules_hold_and_secrets_are_redacted(home: Paths, tmp_path: Path) -> None:
    with opened(home) as database:
        rule = Rule(RuleId("r"), "no diary", Effect.DROP, title="*diary*")
        database.run_sync(lambda s: privacy.add_rule(s, rule))
    told = taken(
        home,
        file_of(
            tmp_path,
            event(0, 1, app="gedit", title="Dear Diary"),
            event(1, 1, app="KeePassXC", title="Passwords"),
            event(2, 1, app="gedit", title="password: hunter2"),
        ),
    )
    assert (told["taken"], told["by_rules"]) == (1, 2)
    assert stored(home) == ["password: [password]"]


def test_what_happened_since_gumption_observes_is_left_out_unless_asked_for(
    home: Paths, tmp_path: Path
) -> None:
    with opened(home) as database:
        own = observation("own", source="window", at=NOON + timedelta(minutes=1, seconds=30))
        database.run_sync(lambda s: observations.append(s, own))
    file = file_of(tmp_path, *THREE)
    assert taken(home, file) == {"taken": 1, "known": 0, "by_rules": 0, "too_old": 0, "too_late": 2}
    assert taken(home, file, overlapping=True)["taken"] == 2


def test_what_was_forgotten_or_went_by_age_does_not_come_back(home: Paths, tmp_path: Path) -> None:
    file = file_of(tmp_path, *THREE)
    taken(home, file)
    with opened(home) as database:
        ids = [o.id for o in database.read_sync(lambda s: observations.list_(s, 9))]
        database.run_sync(lambda s: retention.retire(s, ids[:1]))
        database.run_sync(lambda s: forget.forget(s, Everything()))
    assert taken(home, file) == {"taken": 0, "known": 3, "by_rules": 0, "too_old": 0, "too_late": 0}
    assert stored(home) == []


def test_rules_by_hours_hold_at_the_hours_of_the_history(home: Paths, tmp_path: Path) -> None:
    local = NOON.astimezone(HERE)
    hours = f"{local + timedelta(minutes=30):%H:%M}-{local + timedelta(minutes=50):%H:%M}"
    with opened(home) as database:
        rule = Rule(RuleId("r"), "a break", Effect.DROP, hours=hours)
        database.run_sync(lambda s: privacy.add_rule(s, rule))
    events = [event(n, 2, app="gedit", title=f"{n}.txt") for n in (10, 29, 40, 51)]
    assert taken(home, file_of(tmp_path, *events))["by_rules"] == 2  # one begins in it, one ends in it
    assert stored(home) == ["10.txt", "51.txt"]


def test_whether_the_screen_was_shared_then_nobody_can_tell(home: Paths, tmp_path: Path) -> None:
    with opened(home) as database:
        rule = Rule(RuleId("r"), "shared", Effect.DROP, title="1.txt", sharing=True)
        database.run_sync(lambda s: privacy.add_rule(s, rule))
    assert taken(home, file_of(tmp_path, *THREE))["by_rules"] == 1
    assert stored(home) == ["0.txt", "2.txt"]


def test_the_first_day_begins_with_the_import_not_with_the_history(home: Paths, tmp_path: Path) -> None:
    taken(home, file_of(tmp_path, event(-60 * 24 * 30, 1, app="gedit", title="old.txt")))
    with opened(home) as database:
        assert database.run_sync(lambda s: begun(s, NOON + 24 * HOUR)) == NOON + HOUR


def test_what_would_go_by_age_at_once_is_left_out(home: Paths, tmp_path: Path) -> None:
    old = [event(-60 * 24 * days, 1, app="gedit", title=f"{days}.txt") for days in (100, 80, 3)]
    with opened(home) as database:
        rule = Rule(RuleId("r"), "soon", Effect.KEEP, title="3.txt", retention=24 * HOUR)
        database.run_sync(lambda s: privacy.add_rule(s, rule))
    assert taken(home, file_of(tmp_path, *old))["too_old"] == 2
    assert stored(home) == ["80.txt"]


def test_a_running_daemon_comes_first(home: Paths, tmp_path: Path) -> None:
    with InstanceLock(home.lock), pytest.raises(AlreadyRunning):
        taken(home, file_of(tmp_path, *THREE))


def test_what_cannot_be_taken_is_refused_and_nothing_is_made(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"buckets": {"w": {"type": "currentwindow", "events": [{}]}}}')
    for file in (broken, tmp_path / "gone.json", tmp_path):
        with pytest.raises(ImportRefused):
            taken(home, file)
    monkeypatch.setattr(activity_import, "LARGEST", 10)
    with pytest.raises(ImportRefused, match="too large"):
        taken(home, file_of(tmp_path, *THREE))
    assert not home.database.exists()


def test_the_command_says_what_it_did(home: Paths, tmp_path: Path) -> None:
    ago = (datetime.now(UTC) - NOON) / timedelta(minutes=1) - 60
    file = file_of(
        tmp_path,
        event(ago, 1, app="gedit", title="a.txt"),
        event(ago + 1, 1, app="KeePassXC", title="Passwords"),
    )
    command = [sys.executable, "-m", "gumption", "import-activitywatch", str(file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=True)
    assert json.loads(done.stdout) == {"taken": 1, "known": 0, "by_rules": 1, "too_old": 0, "too_late": 0}
    assert lines({"taken": 3, "known": 2, "by_rules": 1, "too_old": 5, "too_late": 4})[1:] == [
        "2 were known, or had been forgotten.",
        "1 were left out by privacy rules.",
        "5 were left out: older than what is seen is kept ([retention]).",
        "4 were left out: Gumption was observing by then (see --overlapping).",
    ]
