"""`gumption import-activitywatch`: what ActivityWatch noted is stored as if it had been observed.

It needs the daemon to have ended, as `gumption import` does, and is learnt from when that runs again. Every
event passes the shipped rules and the person's own; secrets are redacted; importing the same again changes
nothing. What happened since Gumption observes by itself is left out: it would count twice, and a pause would
be undone. So is what is older than observations are kept: it would go before it is learnt from.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session
from tqdm import tqdm

from app import config
from app.burn_in import begun
from app.cleaning import Cleaning
from app.clock import SystemClock
from app.lock import InstanceLock
from app.paths import Paths
from app.retention import lifetime
from app.transfer import opened
from gum.errors import ImportRefused
from gum.ports import Clock
from gum.types import Observation, Rule
from gum.zone import HERE
from observers import activitywatch
from observers.holding import holding
from observers.presets import switched_off
from storage import observations, privacy

LARGEST = 256_000_000  # bytes: some 1.8 million events; reading them takes 3 GB of memory
AT_ONCE = 500
OWN = "window"  # the source that is always there where Gumption observes


def import_activitywatch(
    paths: Paths, file: Path, overlapping: bool = False, clock: Clock | None = None
) -> dict[str, int]:
    """Stores the windows and pages of an export; how many were taken, and left out for which reason.

    `overlapping`: also what happened since Gumption observes by itself, e.g. at another computer.
    Raises ImportRefused; AlreadyRunning while a daemon runs; as `app.store.open_store`.
    """
    found = activitywatch.read(activitywatch.parsed(_content(file)))
    now, settings = (clock or SystemClock()).now(), config.load(paths.settings_file)
    with InstanceLock(paths.make().lock), opened(paths) as database:
        own, own_since = database.read_sync(lambda s: (privacy.rules(s), observations.first_at(s, OWN)))
        rules = [*own, *switched_off(settings.privacy.presets_off)]
        kept_for = lifetime(own, timedelta(days=settings.retention.observations_days) or None)
        early = [o for o in found if overlapping or own_since is None or o.until <= own_since]
        young = [
            o for o in early if (span := kept_for(o.app, o.title, o.url)) is None or o.until > now - span
        ]
        kept = [o for o in young if _admitted(o, rules)]
        clean = Cleaning(settings.privacy.contacts)
        database.run_sync(clean.load)
        database.run_sync(lambda s: begun(s, now))  # the first day begins now: it is no history's
        taken = 0
        with tqdm(total=len(kept), unit="event", file=sys.stderr, disable=None) as bar:
            for start in range(0, len(kept), AT_ONCE):
                part = kept[start : start + AT_ONCE]
                taken += database.run_sync(partial(_append, part=part, clean=clean))
                bar.update(len(part))
    return {
        "taken": taken,
        "known": len(kept) - taken,
        "by_rules": len(young) - len(kept),
        "too_old": len(early) - len(young),
        "too_late": len(found) - len(early),
    }


def _admitted(o: Observation, rules: Sequence[Rule]) -> bool:
    """At its first and its last moment. Whether the screen was shared then nobody can tell: then it was."""
    ends = (holding(rules, at.astimezone(HERE), None) for at in (o.at, o.until))
    return all(activitywatch.admitted(o, held) for held in ends)


def lines(counts: dict[str, int]) -> list[str]:
    """What was done, for people."""
    told = [f"{counts['taken']} windows and pages taken over. They are learnt from when Gumption runs."]
    told += [f"{counts['known']} were known, or had been forgotten."] if counts["known"] else []
    told += [f"{counts['by_rules']} were left out by privacy rules."] if counts["by_rules"] else []
    if counts["too_old"]:
        told.append(f"{counts['too_old']} were left out: older than what is seen is kept ([retention]).")
    if counts["too_late"]:
        told.append(
            f"{counts['too_late']} were left out: Gumption was observing by then (see --overlapping)."
        )
    return told


def _append(s: Session, part: Sequence[Observation], clean: Cleaning) -> int:
    fresh = [o for o in part if observations.append(s, clean(o))]
    for o in set(part) - set(fresh):
        observations.extend(s, o.id, o.until)  # the last event of an export was not over yet
    return len(fresh)


def _content(file: Path) -> bytes:
    """Raises ImportRefused."""
    try:
        with file.open("rb") as handle:
            content = handle.read(LARGEST + 1)
    except OSError as error:
        raise ImportRefused(f"{file} cannot be read", f"{error.strerror}.") from error
    if len(content) > LARGEST:
        raise ImportRefused(
            f"{file} is too large", f"At most {LARGEST // 1_000_000} MB; export some buckets."
        )
    return content
