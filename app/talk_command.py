"""Talking to Gumption on the command line: verdict, tell, suggestions, react, questions, answer, timing."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from app import history
from app.paths import Paths

if TYPE_CHECKING:
    from app.client import Client

Row = Mapping[str, object]
Command = Callable[[argparse.Namespace], int]
Printer = Callable[[object, bool, Sequence[str]], None]
Adder = Callable[[str, Command, str, bool], argparse.ArgumentParser]


def add_to(add: Adder, show: Printer) -> None:
    """Adds the commands; `show` prints a result as JSON or as lines."""

    def verdict(arguments: argparse.Namespace) -> int:
        if not arguments.id.strip():
            print("gumption verdict: on which proposition?", file=sys.stderr)  # noqa: T201
            return 2
        body = {"verdict": arguments.verdict, "note": arguments.note, **_slots(arguments)}
        told = _client().post(f"/propositions/{quote(arguments.id, safe='')}/verdict", body)
        show(told, arguments.json, history.lines(told))
        return 0

    def tell(arguments: argparse.Namespace) -> int:
        told = _client().post("/tell", {"text": " ".join(arguments.text)})
        show(told, arguments.json, ["Noted. What it comes to appears in `gumption propositions`."])
        return 0

    def suggestions(arguments: argparse.Namespace) -> int:
        state = "all" if arguments.all else "open"
        found = _client().get("/suggestions", {"state": state})
        show(found, arguments.json, suggestion_lines(found))
        return 0

    def react(arguments: argparse.Namespace) -> int:
        body = {"verdict": arguments.verdict, "note": arguments.note}
        told = _client().post(f"/suggestions/{quote(arguments.id, safe='')}/reaction", body)
        show(told, arguments.json, suggestion_lines({"items": [told]}))
        return 0

    def questions(arguments: argparse.Namespace) -> int:
        asked = {"sensitive": "true"} if arguments.sensitive else {}
        if arguments.again:
            _client().delete("/questions/never")
        found = _client().get("/questions", asked)
        show(found, arguments.json, question_lines(found))
        return 0

    def answer(arguments: argparse.Namespace) -> int:
        body = {"answer": arguments.answer, **_slots(arguments)}
        left = _client().post(f"/questions/{quote(arguments.id, safe='')}", body)
        show(left, arguments.json, question_lines(left))
        return 0

    def timing(arguments: argparse.Namespace) -> int:
        told = _client().get("/timing", {"minutes": str(arguments.minutes)})
        show(told, arguments.json, timing_lines(told))
        return 0

    made = add("verdict", verdict, "Say whether something known of you is right.", True)
    made.add_argument("id", help="of the proposition, as lists show it")
    made.add_argument(
        "verdict",
        choices=("right", "wrong", "edit", "hide", "show"),
        help="wrong is not inferred again; hide keeps it and never uses it",
    )
    _slot_option(made)
    made.add_argument("--note", default="", help="what you want to add; it is learnt from")
    made = add("tell", tell, "Say something about yourself; it is learnt from.", True)
    made.add_argument("text", nargs="+", help='in plain sentences, e.g. "I prefer tea over coffee"')
    made = add("suggestions", suggestions, "List what Gumption offers.", True)
    made.add_argument("--all", action="store_true", help="also those that are over")
    made = add("react", react, "React to an offer; accepting prepares its plan and runs nothing.", True)
    made.add_argument("id", help="of the offer, whole, as `gumption suggestions` shows it")
    made.add_argument(
        "verdict", choices=("accept", "dismiss", "never"), help="never: none of this kind again"
    )
    made.add_argument("--note", default="", help="what you want to add, in your own words; it is learnt from")
    made = add("questions", questions, "List what Gumption would like to know.", True)
    made.add_argument("--sensitive", action="store_true", help="also about what is sensitive, like health")
    made.add_argument("--again", action="store_true", help='ask again, after you said "never"')
    made = add("answer", answer, "Answer one of its questions.", True)
    made.add_argument("id", help="of the question, or how it begins; `gumption questions` shows it")
    made.add_argument(
        "answer",
        choices=("yes", "no", "edit", "later", "never"),
        help="later: not now; never: no more questions at all",
    )
    _slot_option(made)
    made = add("timing", timing, "Tell whether now is a good time to propose something to you.", True)
    made.add_argument("--minutes", type=float, default=120.0, help="how long it takes (default 120)")


def _slot_option(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--slot",
        action="append",
        default=[],
        metavar="NAME=WORDS",
        help="with edit: your own words for a part of it, e.g. thing=thesis.tex; empty words take it out",
    )


def _slots(arguments: argparse.Namespace) -> dict[str, object]:
    """The part of a request that says the person's own words; nothing when they gave none."""
    pairs = (slot.partition("=") for slot in arguments.slot)
    slots = {name: words for name, _, words in pairs}
    return {"slots": slots} if slots else {}


def _client() -> "Client":
    # Imported here: `gumption --help` has 0.4 s for everything.
    from app.client import Client

    return Client(Paths.home())


def suggestion_lines(found: Row) -> list[str]:
    """Offers for people: state, words, reason, id."""
    items = cast(Sequence[Row], found["items"])
    lines = []
    for item in items:
        lines.append(f"{item['state']:<9} {item['text']}  ({item['id']})")
        lines.append(f"          {item['why_now']}")
    return lines or ["No offers."]


def question_lines(found: Row) -> list[str]:
    """Questions for people: the claim, why it is asked, and how its id begins."""
    lines = []
    for item in cast(Sequence[Row], found["items"]):
        claim = cast(Row, item["proposition"])
        lines.append(f"Is this so? {claim['text']}  ({history.short(claim['id'])})")
        lines.append(f"      {item['why']}")
    return lines or ["No questions."]


def timing_lines(told: Row) -> list[str]:
    """The answer for people, with what speaks against now."""
    head = "A good time." if told["good"] else "Not a good time."
    reasons = cast(Sequence[Row], told["reasons"])
    return [head, *(f"  {r['text']}  ({float(str(r['weight'])):.0%})" for r in reasons)]


def learning_line(until: object) -> list[str]:
    """What `gumption status` adds while Gumption only learns."""
    if until is None:
        return []
    return [
        f"  learning, first suggestions from {datetime.fromisoformat(str(until)).astimezone():%d %B, %H:%M}"
    ]
