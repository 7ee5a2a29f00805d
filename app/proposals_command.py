"""`gumption proposals`: what assistants would have remembered or forgotten, and the answer to it."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from app.history import short
from gum.errors import NotAllowed, NotFound
from gum.text import clean

if TYPE_CHECKING:  # the command line must not load the client before a command needs it
    from app.client import Client

Json = dict[str, Any]
ACTIONS = ("list", "accept", "reject")
LEAST = 4  # characters of the beginning of an id: with fewer a slip of the finger would name another one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        help="list: what waits for you; accept: have it remembered as your own words, or forgotten for good; "
        "reject: nothing is done, and that assistant does not ask for the same again for 30 days",
    )
    parser.add_argument(
        "id", nargs="?", help="with accept and reject: of the proposal, or how it begins; the list shows it"
    )
    parser.add_argument("--all", action="store_true", help="with list: also those that are over")


def answer(client: "Client", arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    """What the daemon said, and the same in lines. Raises what `Client` raises, NotFound, NotAllowed."""
    if arguments.action == "list":
        told = client.get("/proposals", {"state": "all" if arguments.all else "waiting"})
        return told, lines(cast(Sequence[Json], told["items"]))
    if arguments.all:
        raise NotAllowed("Only one is answered at a time", f"gumption proposals {arguments.action} ID")
    waiting = cast(Sequence[Json], client.get("/proposals", {"state": "waiting"})["items"])
    found = _named(waiting, (arguments.id or "").strip())
    accept = arguments.action == "accept"
    told = client.post(f"/proposals/{quote(found['id'], safe='')}", {"accept": accept})
    if not accept:
        return told, ["Nothing was done."]
    return told, ["Forgotten." if found["kind"] == "forget" else "Noted, as your own words."]


def lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """One a line: who, what, and how its id begins."""
    made = []
    for item in items:
        asks = "would have remembered" if item["kind"] == "fact" else "asks"
        said = f": {_plain(item['text'])}" if item["text"] else f" ({item['kind']})"
        made.append(f"{item['state']:<9} {_plain(item['client'])} {asks}{said}  ({short(item['id'])})")
    return made or ["Nothing waits for you."]


def _named(waiting: Sequence[Json], typed: str) -> Json:
    found = [item for item in waiting if item["id"] == typed]
    found = found or [item for item in waiting if len(typed) >= LEAST and item["id"].startswith(typed)]
    if len(found) != 1:
        raise NotFound(
            "There are several such proposals" if found else "Nothing of that id waits",
            "Give its id, or how that begins; `gumption proposals` lists them.",
        )
    return found[0]


def _plain(text: str) -> str:
    """For a terminal: on one line, and nothing in it that could steer the terminal."""
    return " ".join(clean(text).split())
