"""`gumption clients`: which programs were let in, what each may, one more, one less, and codes that wait."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from app.history import short
from gum.errors import NotAllowed, NotFound

if TYPE_CHECKING:  # the command line must not load the client before a command needs it
    from app.client import Client

Json = dict[str, Any]
ACTIONS = ("list", "add", "scope", "revoke")
_LISTS = {
    "types": "only claims of these types",
    "topics": "only what is about one of these topics",
    "not_topics": "nothing that is about one of these topics",
    "apps": "only what was seen in these programs",
    "not_apps": "nothing that was seen in one of these programs",
}
_SWITCHES = {
    "sensitive": "sensitive claims, too",
    "quotes": "the words that a claim rests on",
    "transcripts": "what was on the screen, with titles and addresses",
    "activity": "which program is in use",
    "suggest": "it may see offers, pass on your reactions, and put facts before you",
    "act": "it may propose actions and forgetting, each of which you approve",
    "real_names": "people, places and numbers by name, not under pseudonyms",
}
_KEYS = {"not_topics": "no_topics", "not_apps": "no_apps"}
_PARTS = ("quotes", "transcripts", "activity")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        help="list: those that were let in, and codes that wait; add: lets one in and prints its token once; "
        "scope: changes what one may, by the options below; revoke: one may not ask any more",
    )
    parser.add_argument(
        "client", nargs="?", help="with add: how it is to be called; else its name, or how its id begins"
    )
    parser.add_argument(
        "--preset",
        choices=("claims", "helper", "agent"),
        help="what it may to begin with: claims reads what was concluded; helper also sees offers and which "
        "program is in use; agent also gets quotes and proposes actions",
    )
    for name, text in _LISTS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", metavar="A,B", help=f"{text}; with commas between; '' for no bound"
        )
    for name, text in _SWITCHES.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", action=argparse.BooleanOptionalAction, default=None, help=text
        )
    parser.add_argument(
        "--max-age-days", type=float, metavar="N", help="nothing older than so many days; 0: of any age"
    )
    parser.add_argument(
        "--days", type=float, metavar="N", help="it may ask for so many days; 0: for good (with add: a year)"
    )


def answer(client: "Client", arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    """What the daemon said, and the same in lines. Raises what `Client` raises, NotFound, NotAllowed."""
    if arguments.action == "add":
        return _add(client, arguments)
    told = client.get("/clients")
    items = cast(Sequence[Json], told["items"])
    if arguments.action == "list":
        waiting = client.get("/pairings")["items"]
        return {"clients": items, "pairings": waiting}, [*waiting_lines(waiting), *lines(items)]
    found = _found(items, (arguments.client or "").strip())
    path = f"/clients/{quote(found['id'], safe='')}"
    if arguments.action == "revoke":
        return client.delete(path), [f"{found['name']} may not ask any more."]
    body: Json = {"scope": scope(found["scope"], arguments)}
    if arguments.days is not None:
        body["until"] = _until(arguments.days)
    changed = client.patch(path, body)
    [now] = [each for each in changed["items"] if each["id"] == found["id"]]
    return changed, lines([now])


def scope(before: Mapping[str, Any], arguments: argparse.Namespace) -> Json:
    """The scope `before` as the options change it; a preset takes its place first. Pure."""
    from gum.grants import PRESETS, to_json

    made: Json = dict(to_json(PRESETS[arguments.preset].scope)) if arguments.preset else dict(before)
    for name in _LISTS:
        said = getattr(arguments, name)
        if said is not None:
            made[_KEYS.get(name, name)] = [each.strip() for each in said.split(",") if each.strip()]
    for name in ("sensitive", "real_names"):
        if getattr(arguments, name) is not None:
            made[name] = getattr(arguments, name)
    made["parts"] = _switched(made["parts"], {name: getattr(arguments, name) for name in _PARTS})
    made["rights"] = _switched(
        made["rights"], {name: getattr(arguments, name) for name in ("suggest", "act")}
    )
    if arguments.max_age_days is not None:
        made["max_age_days"] = arguments.max_age_days or None
    return made


def _switched(known: Sequence[str], switches: Mapping[str, bool | None]) -> list[str]:
    kept = [each for each in known if switches.get(each) is not False]
    return kept + [name for name, on in switches.items() if on and name not in kept]


def _add(client: "Client", arguments: argparse.Namespace) -> tuple[Json, list[str]]:
    from gum.grants import PRESETS, to_json

    if not (arguments.client or "").strip():
        raise NotAllowed("How is it to be called?", "gumption clients add 'My chat' --preset helper")
    body: Json = {"name": arguments.client, "scope": scope(to_json(PRESETS["claims"].scope), arguments)}
    if arguments.days is not None:
        body["days"] = arguments.days
    told = client.post("/clients", body)
    return told, [
        *lines([told["client"]]),
        "Its token, which is not shown again; whoever has it can ask as this assistant:",
        told["token"],
    ]


def _found(items: Sequence[Json], which: str) -> Json:
    living = [each for each in items if each["revoked_at"] is None]
    found = [each for each in living if which and each["name"].casefold() == which.casefold()]
    found = found or [each for each in living if which and each["id"].startswith(which)]
    if len(found) != 1:
        raise NotFound(
            "There are several such assistants" if found else "There is no such assistant",
            "Give its name, or how its id begins; `gumption clients` lists them.",
        )
    return found[0]


def lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """An assistant a line, with what it may below it; those that were revoked last."""
    made = []
    for item in sorted(items, key=lambda each: each["revoked_at"] is not None):
        if item["revoked_at"] is not None:
            made.append(f"{item['name']}: revoked {_day(item['revoked_at'])}  ({short(item['id'])})")
            continue
        until = f"until {_day(item['until'])}" if item["until"] else "until you revoke it"
        used = f"last asked {_day(item['last_used_at'])}" if item["last_used_at"] else "never asked"
        made.append(
            f"{item['name']}: {until}, {used}, {item['reads_today']} answers today  ({short(item['id'])})"
        )
        made.append(f"        {said(item['scope'])}")
    return made or ["No assistant was let in. `gumption connect --list` names those that can be connected."]


def waiting_lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """The codes that wait to be typed, for machines without a tray."""
    made = []
    for item in items:
        made.append(f"{item['name']} asks to be let in. Type there, if that is what you want: {item['code']}")
        made.append(f"        {said(item['given'])}")
    return made


def said(scope_: Mapping[str, Any]) -> str:
    """A scope in a line. Pure."""
    made = [", ".join([*scope_["rights"], *(f"of {part}" for part in scope_["parts"])]) or "nothing"]
    for name in ("types", "topics", "apps"):
        made += [f"only {name}: {', '.join(scope_[name])}"] if scope_[name] else []
    for name in ("no_topics", "no_apps"):
        made += [f"never {name[3:]}: {', '.join(scope_[name])}"] if scope_[name] else []
    if scope_["max_age_days"] is not None:
        made.append(f"at most {scope_['max_age_days']:g} days old")
    made.append("sensitive, too" if scope_["sensitive"] else "nothing sensitive")
    made.append("real names" if scope_["real_names"] else "pseudonyms")
    return "; ".join(made)


def _until(days: float) -> str | None:
    from datetime import UTC, datetime, timedelta

    if not 0 <= days <= 36500:
        raise NotAllowed("That is no number of days", "At most a century; 0 is for good.")
    return (datetime.now(UTC) + timedelta(days=days)).isoformat() if days else None


def _day(at: str) -> str:
    from datetime import datetime

    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
