from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from gum.types import ObservationId, Percept, Trust
from storage import observations, work
from storage.db import Database
from storage.observations import append, site_of
from tests.builders import NOON, frame, observation

SECOND = timedelta(seconds=1)


def test_an_observation_comes_back_as_it_was(db: Database) -> None:
    seen = observation("a\nb", url="https://www.example.org/x", lasts=SECOND, frame_id="f")
    assert db.run_sync(lambda s: append(s, seen)) is True
    assert db.read_sync(lambda s: observations.get(s, seen.id)) == seen


def test_the_same_observation_is_stored_once_and_queued_once(db: Database) -> None:
    seen = observation()
    assert db.run_sync(lambda s: [append(s, seen), append(s, seen)]) == [True, False]
    assert db.run_sync(lambda s: append(s, seen)) is False
    assert db.read_sync(observations.count) == 1
    assert db.read_sync(work.counts)["perceive"] == 1


def test_what_holds_only_numbers_is_kept_but_never_thought_about(db: Database) -> None:
    typed = observation("typed some 120 keys", id="i", source="input", trust=Trust.SYSTEM)
    seen = observation(id="o")
    assert db.run_sync(lambda s: [append(s, typed), append(s, seen)]) == [True, True]
    assert db.read_sync(work.counts)["perceive"] == 1
    assert {o.id for o in db.read_sync(lambda s: observations.list_(s, 10))} == {"i", "o"}
    # Nor does it take the room of what the drafter and the offers look at.
    around = db.read_sync(lambda s: observations.between(s, NOON - SECOND, NOON + SECOND, 1))
    assert [o.id for o in around] == ["o"]


def test_storing_and_queueing_are_one_transaction(db: Database) -> None:
    def broken(s: Session) -> None:
        append(s, observation())
        raise KeyError("killed here")

    with pytest.raises(KeyError):
        db.run_sync(broken)
    assert db.read_sync(observations.count) == 0
    assert db.read_sync(work.counts)["perceive"] == 0


def test_hostile_text_is_stored(db: Database) -> None:
    seen = observation("nul \0 lone \ud800 quote ' \" ); DROP TABLE observations", title="\ud800", app="a'b")
    db.run_sync(lambda s: append(s, seen))
    kept = db.read_sync(lambda s: observations.get(s, seen.id))
    assert kept is not None
    assert kept.text == "nul  lone ? quote ' \" ); DROP TABLE observations"


def test_a_frame_waits_until_it_is_read_and_is_gone_then(db: Database) -> None:
    picture = frame(6, 5, left=7, top=8)
    seen = observation("", source="screen", frame_id=picture.id)
    percept = Percept(seen.id, (0.6, 0.8), 0.3, "m")
    db.run_sync(lambda s: append(s, seen, b"png", picture))
    kept = db.read_sync(lambda s: observations.frame_of(s, seen.id))
    assert kept is not None
    assert (kept.id, kept.at, kept.display, kept.region) == (picture.id, picture.at, ":1", picture.region)
    assert (kept.digest, kept.encoded) == (picture.digest, b"png")
    assert db.run_sync(lambda s: observations.perceived(s, seen.id, "read", percept, Trust.READ))
    after = db.read_sync(lambda s: observations.get(s, seen.id))
    assert after is not None
    assert (after.text, after.trust) == ("read", Trust.READ)
    assert db.read_sync(lambda s: observations.frame_of(s, seen.id)) is None
    assert db.read_sync(work.counts)["propose"] == 1
    [vector] = db.read_sync(lambda s: observations.recent_vectors(s, "m", 5))
    assert vector == pytest.approx((0.6, 0.8))
    assert db.read_sync(lambda s: observations.recent_vectors(s, "other", 5)) == []


def test_perceiving_twice_changes_nothing_more(db: Database) -> None:
    seen = observation()
    percept = Percept(seen.id, (1.0,), 0.3, "m")

    def twice(s: Session) -> None:
        append(s, seen)
        for _ in range(2):
            assert observations.perceived(s, seen.id, "read", percept)

    db.run_sync(twice)
    assert db.read_sync(work.counts)["propose"] == 1


def test_what_was_forgotten_while_it_was_read_does_not_come_back(db: Database) -> None:
    gone = ObservationId("gone")
    assert not db.run_sync(lambda s: observations.perceived(s, gone, "x", Percept(gone, (1.0,), 0.0, "m")))
    assert db.read_sync(work.counts)["propose"] == 0


def test_extending_never_shortens(db: Database) -> None:
    seen = observation(lasts=5 * SECOND)

    def extend(s: Session) -> None:
        append(s, seen)
        observations.extend(s, seen.id, NOON + SECOND)
        observations.extend(s, seen.id, NOON + 9 * SECOND)

    db.run_sync(extend)
    kept = db.read_sync(lambda s: observations.get(s, seen.id))
    assert kept is not None
    assert kept.until == NOON + 9 * SECOND == db.read_sync(observations.latest_at)


def test_listing_is_newest_first_by_page_and_by_app(db: Database) -> None:
    seen = [observation(id=str(n), at=NOON + n * SECOND, app="ab"[n % 2]) for n in range(6)]
    db.run_sync(lambda s: [append(s, o) for o in seen])

    def ids(**how: object) -> str:
        return "".join(o.id for o in db.read_sync(lambda s: observations.list_(s, 3, **how)))  # type: ignore[arg-type]

    assert ids() == "543"
    assert ids(before=NOON + 3 * SECOND) == "210"
    assert ids(app="b") == "531"
    between = db.read_sync(lambda s: observations.between(s, NOON + SECOND, NOON + 4 * SECOND, 3))
    assert [o.id for o in between] == ["2", "3", "4"]
    assert db.read_sync(lambda s: observations.existing(s, [ObservationId("1"), ObservationId("x")])) == {"1"}


def test_today_counts_by_application_and_site(db: Database) -> None:
    day = [
        observation(app="chromium", url="https://www.example.org/a"),
        observation(app="chromium", url="https://example.org/b", lasts=SECOND),
        observation(app="mousepad"),
        observation(app="old", at=NOON - timedelta(days=1)),
    ]
    db.run_sync(lambda s: [append(s, o) for o in day])
    rows = db.read_sync(lambda s: observations.today(s, NOON))
    assert [(r.app, r.site, r.observations) for r in rows] == [
        ("chromium", "example.org", 2),
        ("mousepad", None, 1),
    ]
    assert rows[0].last_at == NOON + SECOND


@pytest.mark.parametrize(
    ("url", "site"),
    [
        (None, None),
        ("about:blank", None),
        ("http://[bad", None),
        ("https://WWW.A.org:8080/x", "a.org"),
        ("file:///a", None),
    ],
)
def test_a_site_is_the_host(url: str | None, site: str | None) -> None:
    assert site_of(url) == site


def test_an_empty_database_answers(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "x.db", None)
    assert database.read_sync(observations.latest_at) is None
    assert database.read_sync(lambda s: observations.today(s, NOON)) == []
    database.close()
