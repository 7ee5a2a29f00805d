"""`gumption forget`: from what was typed to one request, and what came of it in words."""

import argparse
import re
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from gum.errors import NotAllowed

SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_AGO = re.compile(r"(\d{1,6})([mhdw])")
SCOPES = ("minutes", "app", "site", "source", "topic", "proposition", "everything")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--minutes", type=float, help="everything of the last so many minutes")
    what.add_argument("--app", help="everything seen in an application")
    what.add_argument("--site", metavar="HOST", help="everything seen of a site and the sites under it")
    what.add_argument(
        "--source",
        help="all that one source brought, by its name in `gumption status`, e.g. window or files; "
        "or activitywatch; or what you said to Gumption: told or feedback",
    )
    what.add_argument("--topic", metavar="WORDS", help="what has all these words; counted before it goes")
    what.add_argument("--proposition", metavar="ID", help="one proposition; the beginning of its id will do")
    what.add_argument("--everything", action="store_true", help="all of it")
    when = "2026-11-20, 2026-11-20T14:30 or an age like 90m, 3h, 7d, 2w"
    parser.add_argument("--since", metavar="TIME", help=f"everything seen from then on: {when}")
    parser.add_argument("--until", metavar="TIME", help="everything seen up to then; a day counts to its end")
    parser.add_argument("--dry-run", action="store_true", help="only count what would go")
    parser.add_argument("--yes", action="store_true", help="do not ask before a topic goes")


def request(arguments: argparse.Namespace, now: datetime) -> dict[str, object] | None:
    """The body of the request; None when not exactly one thing was named. Raises NotAllowed for no time.

    An empty value, e.g. of an unset shell variable, goes as it is and is refused; it never means "all".
    """
    named = {name: getattr(arguments, name) for name in SCOPES}
    given = {name: value for name, value in named.items() if value is not None and value is not False}
    span = {"since": arguments.since, "until": arguments.until}
    times = {
        name: moment(typed, now, end=name == "until").isoformat()
        for name, typed in span.items()
        if typed is not None
    }
    if len(given) + bool(times) != 1:
        return None
    if "proposition" in given:
        given = {"proposition_id": given["proposition"]}
    return {**given, **times, **({"dry_run": True} if arguments.dry_run else {})}


def moment(typed: str, now: datetime, end: bool = False) -> datetime:
    """A time as typed: a day, a day and time (of this computer's zone), or an age. Raises NotAllowed.

    A day is its beginning, or with `end` its end.
    """
    try:
        return _moment(typed.strip(), now, end)
    except (ValueError, OverflowError) as error:  # no time at all, or one that no calendar has
        raise NotAllowed(
            f"{typed!r} is no time", "Write 2026-11-20, 2026-11-20T14:30, or an age like 90m, 3h, 7d, 2w."
        ) from error


def _moment(typed: str, now: datetime, end: bool) -> datetime:
    if ago := _AGO.fullmatch(typed):
        return now - int(ago[1]) * SPANS[ago[2]]
    at = datetime.fromisoformat(typed)
    if len(typed) == len("2026-11-20") and end:
        at += timedelta(days=1) - timedelta(microseconds=1)
    return at if at.tzinfo is not None else at.astimezone()  # the zone's rules of that day, not of today


def told(answer: Mapping[str, object]) -> str:
    """What went, or with a dry run would go, in one line."""
    counts = cast(Mapping[str, int], answer["forgotten"])
    gone = f"{counts['observations']} observations, {counts['propositions']} propositions"
    less = f"; {counts['weakened']} propositions are less sure" if counts.get("weakened") else ""
    return f"{'Would be forgotten' if answer.get('dry_run') else 'Forgotten'}: {gone}{less}."


def nothing(arguments: argparse.Namespace, answer: Mapping[str, object]) -> list[str]:
    """What to try when nothing was there."""
    counts = cast(Mapping[str, int], answer["forgotten"])
    if counts["observations"]:
        return []
    if arguments.app:
        return ["Nothing was seen in an application of that name; the privacy panel lists their names."]
    if arguments.site:
        return ["Nothing was seen of a site of that name; the privacy panel lists their names."]
    if arguments.source:
        return [
            "No source of that name brought anything; `gumption status` lists them, beside told and feedback."
        ]
    return []


def agreed(counted: str, ask: bool) -> bool:
    """Shows what would go and asks. Raises NotAllowed where nobody can answer."""
    if not ask or not sys.stdin.isatty():
        raise NotAllowed("A topic goes only when somebody says yes", f"{counted} Add --yes to go on.")
    return input(f"{counted}\nForget it for good? [y/N] ").strip().lower() in ("y", "yes")
