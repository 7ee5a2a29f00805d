"""Prints the demo's result."""

import json
import sys

from app.client import Json

HINT = "Run it again with --keep FOLDER and look at gumption.log there; `gumption doctor` checks the machine."


def lines(told: Json) -> list[str]:
    """The result for a person to read."""
    out = [f"{len(told['propositions'])} conclusions from {told['observations']} observations:"]
    for claim in told["propositions"]:
        out.append(f"  {claim['confidence']:4.0%}  {claim['text']}")
        out += [f"        “{' '.join(e['quote'].split())}”" for e in claim["evidence"][:1]]
    away = ", ".join(f"{rule}: {count}" for rule, count in told["excluded"].items()) or "never"
    out.append(f"It looked away: {away}. Secrets stored: {len(told['leaks'])}.")
    if told["suggestion"] is not None:
        done = "done and verified" if told["action"]["verified"] else "not verified"
        undone = "undone" if told["action"]["undone"] else "not undone"
        out.append(f"It offered: {told['suggestion']['text']} That was approved, {done}, then {undone}.")
    out.append(f"The report, with pictures: {told['report']}")
    return out


def tell(told: Json, as_json: bool) -> None:
    """Prints `told` on standard output, and what was wrong with it on standard error."""
    text = json.dumps(told, ensure_ascii=False, indent=2) if as_json else "\n".join(lines(told))
    sys.stdout.write(text + "\n")
    if not told["ok"]:
        sys.stderr.write("gumption: the demo did not show everything it should\n")
        sys.stderr.write("".join(f"  - {each}\n" for each in told["problems"]))
        sys.stderr.write(f"  {HINT}\n")
