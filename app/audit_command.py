"""`gumption audit`: what was held back and why, and how to allow it from now on."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from app.history import short

if TYPE_CHECKING:  # the command line must not load the client before a command needs it
    from app.client import Client

Json = dict[str, Any]

BECAME = {
    ("draft", "withhold"): "not learnt from",
    ("store", "hide"): "kept hidden",
    ("store", "withhold"): "not kept",
    ("leave", "withhold"): "not sent",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--reverse",
        metavar="ID",
        help="allow a line's kind from now on in that place; said again, not any more",
    )
    what.add_argument("--people", action="store_true", help="list other people with their numbers")
    what.add_argument("--real-name", type=int, metavar="N", help="call person N by name outside")
    what.add_argument("--number", type=int, metavar="N", help="call person N by number again")


def answer(client: "Client", arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    """Does what was asked: the daemon's answer, and the same in lines."""
    if arguments.reverse is not None:
        told = client.post(f"/audit/{quote(arguments.reverse.strip() or '-', safe='')}/reverse")
        return told, lines(told)
    for number, real in ((arguments.real_name, True), (arguments.number, False)):
        if number is not None:
            told = client.post(f"/people/{number}", {"real": real})
            return told, people_lines(told)
    if arguments.people:
        told = client.get("/people")
        return told, people_lines(told)
    told = client.get("/audit")
    return told, lines(told)


def lines(told: Mapping[str, object]) -> list[str]:
    """The log in words, the newest first, and what is allowed."""
    made = []
    for item in cast(Sequence[Json], told["items"]):
        times = f", {item['count']} times" if item["count"] > 1 else ""
        over = ", allowed since" if item["reversed_at"] else ""
        outcome = became(item["stage"], item["decision"])
        made.append(f"{item['at'][:16]}  {outcome}{times}{over}: {item['reason']}  ({short(item['id'])})")
        made.append(f"        “{item['what']}”  {item['place']}")
    if not made:
        made.append("Nothing was held back.")
    allowed = cast(Sequence[Json], told["allowed"])
    if allowed:
        made.append("Allowed by you:")
        made += [
            f"  {each['rule']} in {each['place'] or 'unknown'}  ({short(each['id'])})" for each in allowed
        ]
    return made


def became(stage: str, decision: str) -> str:
    """What became of it, in two words."""
    return BECAME.get((stage, decision), decision)


def people_lines(told: Mapping[str, object]) -> list[str]:
    """Everybody with number and names."""
    made = []
    for item in cast(Sequence[Json], told["items"]):
        real = "  (by name outside)" if item["real"] else ""
        made.append(f"Person {item['number']:<4} {', '.join(item['names'])}{real}")
    return made or ["Nobody else is known by name."]
