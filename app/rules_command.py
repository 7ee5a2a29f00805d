"""`gumption rules`: which rules say what is observed, and whether a window like this one would be."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from app.client import Client

Row = Mapping[str, object]

EFFECTS = {
    "drop": "never observed",
    "blur": "only that it was used",
    "text_only": "text, no picture",
    "keep": "observed",
}
_FIELDS = (("app", "program"), ("title", "title"), ("url", "address"), ("private", "private"))
_BROWSER_HINT = "Say --private or --no-private, and give --url, for a window of a browser."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("action", nargs="?", choices=("list", "test"), default="list")
    parser.add_argument("--all", action="store_true", help="list every pattern of the shipped rules, too")
    window = parser.add_argument_group("the window to test")
    window.add_argument("--app", default="", help="its program, as `gumption status` or a rule names it")
    window.add_argument("--title", default="", help="its title")
    window.add_argument("--url", help="the address it shows, for a browser")
    window.add_argument(
        "--private",
        action=argparse.BooleanOptionalAction,
        help="whether a browser's window is private; unknown when left out",
    )


def answer(client: "Client", arguments: argparse.Namespace) -> tuple[Row, list[str]]:
    """What the daemon said, and the same in lines. Raises what `Client` raises."""
    if arguments.action == "test":
        judged = client.post("/privacy/test", window(arguments))
        return judged, verdict_lines(judged)
    told = client.get("/privacy/rules")
    return told, rule_lines(cast(Sequence[Row], told["items"]), arguments.all)


def window(arguments: argparse.Namespace) -> dict[str, object]:
    """The window that was described, as the API takes it."""
    return {
        "app": arguments.app,
        "title": arguments.title,
        "url": arguments.url,
        "private": arguments.private,
    }


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
    counts = {word: sum(rule.get(field) is not None for rule in rules) for field, word in _FIELDS[:3]}
    told = [f"{count} {_plural(word, count)}" for word, count in counts.items() if count]
    return ", ".join(told)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else {"address": "addresses"}.get(word, f"{word}s")
