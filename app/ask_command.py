"""`gumption ask`: from what was typed to one request, and what was found in words."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from app.forget_command import moment
from app.history import quoted, short

LIMIT = 20
Row = Mapping[str, object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("text", nargs="*", help="what to look for; nothing lists the most recent")
    parser.add_argument("--type", help="only claims of this type, e.g. has_deadline or working_on")
    parser.add_argument("--app", help="only what was seen in this application")
    when = "2026-11-20, 2026-11-20T14:30 or an age like 90m, 3h, 7d, 2w"
    parser.add_argument("--since", metavar="TIME", help=f"only what was last seen from then on: {when}")
    parser.add_argument(
        "--until", metavar="TIME", help="only what was last seen up to then; a day counts to its end"
    )
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"at most so many (default {LIMIT})")
    parser.add_argument(
        "--diversity",
        type=float,
        metavar="0..1",
        help="0: by score alone; more: the like of what stands above comes later",
    )
    parser.add_argument(
        "--no-fading", action="store_true", help="what is old counts as if it had been seen just now"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also what is hidden, stale, contradicted, replaced or not believed",
    )
    parser.add_argument("--sensitive", action="store_true", help="also what is sensitive, like health")


def request(arguments: argparse.Namespace, now: datetime) -> dict[str, str]:
    """The query of `/search`; what was not said is left to the daemon. Raises NotAllowed for no time."""
    asked = {"q": " ".join(arguments.text), "limit": str(arguments.limit)}
    for name in ("type", "app"):
        if (value := getattr(arguments, name)) is not None:
            asked[name] = value
    for name in ("since", "until"):
        if (typed := getattr(arguments, name)) is not None:
            asked[name] = moment(typed, now, end=name == "until").isoformat()
    if arguments.diversity is not None:
        asked["diversity"] = str(arguments.diversity)
    if arguments.no_fading:
        asked["fading"] = "false"
    return asked | {name: "true" for name in ("all", "sensitive") if getattr(arguments, name)}


def lines(found: Row) -> list[str]:
    """The claims that were found, for people: score, confidence, wording and newest evidence."""
    items = cast(Sequence[Row], found["propositions"])
    told = [line for item in items for line in _claim(item)]
    return ["score  sure", *told] if told else ["Nothing found."]


def _claim(item: Row) -> list[str]:
    score, sure = float(str(item["score"])), float(str(item["confidence"]))
    status = "" if item["status"] == "active" else f"{item['status']}, "
    head = f"{score:5.2f}  {sure:4.0%}  {item['text']}  ({status}{item['half_life']}, {short(item['id'])})"
    cited = cast(Sequence[Row], item["evidence"])
    return [head, *(f"             {quoted(e)}  {e['app']}, {e['at']}" for e in cited[-3:])]
