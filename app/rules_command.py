"""`gumption rules`: which rules say what is observed, whether a window like this one would be; new ones."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from gum.errors import NotFound

if TYPE_CHECKING:
    from app.client import Client

Row = Mapping[str, object]

EFFECTS = {
    "drop": "never observed",
    "blur": "only its title",
    "text_only": "text, no picture",
    "keep": "observed",
}
_FIELDS = (
    ("app", "program"),
    ("title", "title"),
    ("url", "address"),
    ("private", "private"),
    ("window_class", "window class"),
    ("monitor", "monitor"),
    ("full_screen", "full screen"),
    ("hours", "hours"),
    ("sharing", "while shared"),
)
_COUNTED = _FIELDS[:3]
_BROWSER_HINT = "Say --private or --no-private, and give --url, for a window of a browser."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("action", nargs="?", choices=("list", "test", "add", "remove"), default="list")
    parser.add_argument("--all", action="store_true", help="list every pattern of the shipped rules, too")
    parser.add_argument("--name", help="what the new rule is called, or the rule of yours to remove")
    parser.add_argument("--effect", choices=tuple(EFFECTS), default="drop", help="what the new rule does")
    parser.add_argument("--hours", help="when the new rule holds: 22:00-07:00, or mon-fri 09:00-17:30, sat")
    window = parser.add_argument_group(
        "the window to test, or what the new rule matches (then * is anything)"
    )
    window.add_argument("--app", help="its program, as `gumption status` or a rule names it")
    window.add_argument("--title", help="its title; |a part| between bars for a rule")
    window.add_argument("--url", help="the address it shows, for a browser; site:example.org for a rule")
    window.add_argument(
        "--private",
        action=argparse.BooleanOptionalAction,
        help="whether a browser's window is private; unknown when left out",
    )
    window.add_argument(
        "--window-class", help="the other half of WM_CLASS, as xprop tells it; for a rule, either"
    )
    window.add_argument("--monitor", help="the name of the monitor it lies on, as xrandr tells it")
    window.add_argument(
        "--full-screen", action=argparse.BooleanOptionalAction, help="whether it fills a whole monitor"
    )
    window.add_argument(
        "--sharing",
        action=argparse.BooleanOptionalAction,
        help="while the screen is being shared or recorded",
    )
    window.add_argument("--at", help="test as if it were that time: 22:30, or sat 22:30; now when left out")


def answer(client: "Client", arguments: argparse.Namespace) -> tuple[Row, list[str]]:
    """What the daemon said, and the same in lines. Raises what `Client` raises, NotFound."""
    if arguments.action == "test":
        judged = client.post("/privacy/test", window(arguments))
        return judged, verdict_lines(judged)
    if arguments.action == "add":
        made = client.post("/privacy/rules", rule(arguments))
        return made, [_line(made, _matched(made))]
    told = client.get("/privacy/rules")
    rules = cast(Sequence[Row], told["items"])
    if arguments.action == "remove":
        return _remove(client, rules, arguments.name)
    return told, rule_lines(rules, arguments.all)


def _remove(client: "Client", rules: Sequence[Row], name: str | None) -> tuple[Row, list[str]]:
    found = [rule for rule in rules if not rule["builtin"] and rule["name"] == name]
    if not found:
        raise NotFound(
            "There is no rule of yours with that name",
            "Give it as --name; `gumption rules` lists them. Shipped rules cannot be removed.",
        )
    for each in found:
        client.delete(f"/privacy/rules/{each['id']}")
    return {"removed": [each["id"] for each in found]}, [f"Removed: {_line(r, _matched(r))}" for r in found]


def window(arguments: argparse.Namespace) -> dict[str, object]:
    """The window that was described, as the API takes it."""
    told = {
        "app": arguments.app or "",
        "title": arguments.title or "",
        "url": arguments.url,
        "private": arguments.private,
    }
    return {**told, **_given(arguments, "window_class", "monitor", "full_screen", "sharing", "at")}


def rule(arguments: argparse.Namespace) -> dict[str, object]:
    """The rule that was described, as the API takes it."""
    told = {"name": arguments.name or "My rule", "effect": arguments.effect}
    return {**told, **_given(arguments, *(field for field, _ in _FIELDS))}


def _given(arguments: argparse.Namespace, *fields: str) -> dict[str, object]:
    return {field: value for field in fields if (value := getattr(arguments, field)) is not None}


def verdict_lines(judged: Row) -> list[str]:
    """What the rules say of a window."""
    effect = EFFECTS.get(str(judged["effect"]), str(judged["effect"]))
    word = f"It would be seen ({effect})." if judged["allowed"] else "It would not be seen."
    lines = [word, f"  Rule: {judged['rule']}", f"  {judged['reason']}"]
    unknown = ("builtin:unknown-private", "builtin:unknown-address")
    return [*lines, f"  {_BROWSER_HINT}"] if judged["rule_id"] in unknown else lines


def rule_lines(rules: Sequence[Row], every: bool) -> list[str]:
    """The rules: a shipped one of many patterns in one line, unless `every` pattern is wanted."""
    lines, counted = [], set()
    for rule in rules:
        if every or not rule["builtin"]:
            lines.append(_line(rule, _matched(rule)))
        elif rule["name"] not in counted:
            counted.add(rule["name"])
            lines.append(_line(rule, _counted([r for r in rules if r["name"] == rule["name"]])))
    return lines


def _line(rule: Row, matched: str) -> str:
    effect = EFFECTS.get(str(rule["effect"]), str(rule["effect"]))
    whose = "shipped" if rule["builtin"] else "yours"
    return f"{effect:<22} {whose:<8} {rule['name']}{f': {matched}' if matched else ''}"


def _matched(rule: Row) -> str:
    given = [(word, rule[field]) for field, word in _FIELDS if rule.get(field) is not None]
    return ", ".join(f"{word} {'yes' if v is True else 'no' if v is False else v}" for word, v in given)


def _counted(rules: Sequence[Row]) -> str:
    counts = {word: sum(rule.get(field) is not None for rule in rules) for field, word in _COUNTED}
    told = [f"{count} {_plural(word, count)}" for word, count in counts.items() if count]
    return ", ".join(told)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else {"address": "addresses"}.get(word, f"{word}s")
