"""`gumption calendar`: the CalDAV accounts whose calendars are read, one more, one less."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from app.history import short
from gum.errors import NotAllowed, NotFound

if TYPE_CHECKING:  # the command line must not load the client before a command needs it
    from app.client import Client

Json = dict[str, Any]
TRIAL_S = 90.0  # the daemon gives up after a minute
ACTIONS = ("list", "add", "remove")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        help="list: the accounts, and what is wrong with them; add: one more, which is tried at once; "
        "remove: one is not read any more, and its password is deleted",
    )
    parser.add_argument(
        "account",
        nargs="?",
        help="with add: the https address of the server, of you there, or of one calendar; with remove: its "
        "address, its host, or how its id begins",
    )
    parser.add_argument("--user", metavar="NAME", help="with add: the name you log in by")
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="with add: take the password from this file's first line; it is asked for when left out",
    )


def answer(client: "Client", arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    """What the daemon said, and the same in lines. Raises what `Client` raises, NotFound, NotAllowed."""
    if arguments.action == "add":
        return _add(client, arguments)
    told = client.get("/calendars")
    items = cast(Sequence[Json], told["items"])
    if arguments.action == "remove":
        return _remove(client, items, (arguments.account or "").strip())
    return told, lines(items)


def _add(client: "Client", arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    from app import passphrases

    if not arguments.account or not arguments.user:
        raise NotAllowed(
            "An account needs an address and a name",
            "gumption calendar add https://cloud.example.org --user NAME",
        )
    if arguments.password_file:
        password: str | None = passphrases.from_file(Path(arguments.password_file), "password")
    else:
        password = passphrases.asked("Password: ")
    if password is None:
        raise NotAllowed("No password was given", "Type it in a terminal, or name a file: --password-file.")
    body = {"address": arguments.account, "user": arguments.user, "password": password}
    told = client.post("/calendars", body)
    found = ", ".join(told["calendars"])
    return told, [f"It works. These are read from now on: {found}  ({short(told['id'])})"]


def _remove(client: "Client", items: Sequence[Json], which: str) -> tuple[Json, list[str]]:
    found = [item for item in items if which and which in (item["address"], _host(item["address"]))]
    found = found or [item for item in items if which and item["id"].startswith(which)]
    if len(found) != 1:
        raise NotFound(
            "There are several such accounts" if found else "There is no such account",
            "Give its id, or how that begins; `gumption calendar` lists them.",
        )
    client.delete(f"/calendars/{quote(found[0]['id'], safe='')}")
    return {"removed": found[0]["id"]}, [
        f"Not read any more, and its password is deleted: {found[0]['address']}",
        "What was learnt of it stays; `gumption forget --source calendar` forgets what all calendars told.",
    ]


def lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """An account a line, with its calendars; what is wrong below it."""
    made = []
    for item in items:
        read = ", ".join(item["calendars"]) or "not read yet"
        made.append(f"{item['address']}  {item['user']}: {read}  ({short(item['id'])})")
        if item["trouble"]:
            made.append(f"        {item['trouble']}. {item['hint']}")
    return made or ["No CalDAV account. `gumption calendar add ADDRESS --user NAME` adds one."]


def _host(address: str) -> str:
    return address.split("://", 1)[-1].split("/", 1)[0]
