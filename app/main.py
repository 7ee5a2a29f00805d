"""The command line: `gumption` and its commands. Heavy modules are imported by the command that needs them.

Exit status: 0, 1 (it failed; title and hint on standard error) or 2 (usage).
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence

from app import (
    ask_command,
    audit_command,
    calendar_command,
    clients_command,
    connect_command,
    forget_command,
    history,
    key_command,
    proposals_command,
    rules_command,
    talk_command,
)
from app.paths import Paths
from gum.errors import GumptionError

VERSION = "0.1.0"
FORGET_S = 600.0  # forgetting much also clears the pages it stood on
Command = Callable[[argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gumption",
        description="Learns about you by observing your computer use, on your own machine. "
        "Without a command it starts the tray app.",
    )
    parser.add_argument("--version", action="version", version=f"gumption {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, run: Command, text: str, results: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if results:
            command.add_argument("--json", action="store_true", help="print the result as JSON")
        return command

    daemon = add("daemon", _daemon, "Run the observing daemon in the foreground.")
    daemon.add_argument(
        "--locked",
        action="store_true",
        help="open nothing until it is unlocked, e.g. by `gumption key unlock`",
    )
    add("status", _status, "Tell what the running daemon is doing.", results=True)
    ask = add("ask", _ask, "Search what is known of you.", results=True)
    ask_command.add_arguments(ask)
    known = add("propositions", _propositions, "List what is known of you, with evidence.", results=True)
    known.add_argument("--limit", type=int, default=50, help="at most so many (default 50)")
    forget = add("forget", _forget, "Forget part of what was observed, for good.", results=True)
    forget_command.add_arguments(forget)
    audit = add("audit", _audit, "Tell what was held back or hidden, and why.", results=True)
    audit_command.add_arguments(audit)
    changes = add("history", _history, "Tell how a proposition came to be what it is.", results=True)
    changes.add_argument("id", help="of the proposition, or how it begins; `gumption propositions` shows it")
    add("restore", _restore, "Put the real names back into an assistant's text, given on standard input.")
    calendar = add(
        "calendar", _calendar, "Tell whose calendars (CalDAV) are read, or change that.", results=True
    )
    calendar_command.add_arguments(calendar)
    asked = add(
        "proposals",
        _proposals,
        "List what assistants would have remembered or forgotten, or answer it.",
        True,
    )
    proposals_command.add_arguments(asked)
    speaks = add("mcp", _mcp, "Serve an assistant over standard input and output (MCP).")
    speaks.add_argument(
        "--as",
        dest="name",
        metavar="NAME",
        help="with the token of this assistant, as `gumption connect` wrote it; else that of GUMPTION_TOKEN",
    )
    let_in = add(
        "clients", _clients, "Tell which assistants were let in and what each may, or change that.", True
    )
    clients_command.add_arguments(let_in)
    connect = add("connect", _connect, "Let an assistant of this machine in, and tell it so.", results=True)
    connect_command.add_arguments(connect)
    rules = add("rules", _rules, "List what is never observed, or try a window on it.", results=True)
    rules_command.add_arguments(rules)
    talk_command.add_to(add, _print)
    out = add("export", _export, "Write all that is known to a file, as JSON Lines or Markdown.")
    out.add_argument("file", nargs="?", help="a new file; standard output when left out")
    out.add_argument("--markdown", action="store_true", help="what is believed, for people to read")
    back = add("import", _import, "Fill an empty data folder from an export.", results=True)
    back.add_argument("file", help="what `gumption export` wrote")
    history_of = add(
        "import-activitywatch", _import_activitywatch, "Take over what ActivityWatch noted.", results=True
    )
    history_of.add_argument("file", help="an export of all its buckets, as JSON")
    history_of.add_argument(
        "--overlapping",
        action="store_true",
        help="also what happened since Gumption observes by itself, e.g. at another computer",
    )
    key = add("key", _key, "Tell where the key of what is known is, and change that.", results=True)
    key_command.add_arguments(key)
    demo = add("demo", _demo, "Show the whole program at work on a private display.", results=True)
    demo.add_argument("--report", metavar="FILE", help="where to write the HTML report")
    demo.add_argument("--keep", metavar="FOLDER", help="keep the data folder there instead of deleting it")
    add("doctor", _doctor, "Check this machine and say how to mend what is wrong.", results=True)
    models = add("models", _models, "List, fetch or check the model files.", results=True)
    models.add_argument("action", nargs="?", choices=("list", "pull", "check"), default="list")
    models.add_argument("names", nargs="*", help="only these models")
    bench = add("bench", _bench, "Measure something and print its figures.", results=True)
    bench.add_argument("name", nargs="?", help="what to measure")
    bench.add_argument("--list", action="store_true", help="name the benchmarks and their figures")
    evaluate = add(
        "eval", _eval, "Measure how good what is inferred is, and print the figures.", results=True
    )
    evaluate.add_argument("name", nargs="?", help="what to evaluate")
    evaluate.add_argument("--list", action="store_true", help="name the evaluations and their figures")
    evaluate.add_argument(
        "--set",
        choices=("small", "pixels", "all", "held-out"),
        default="small",
        help="which desks; pixels: the hand-written ones, on a real display",
    )
    evaluate.add_argument("--path", metavar="DIR", help="a desk, or a folder of desks, instead of a set")
    evaluate.add_argument(
        "--model",
        default="default",
        metavar="NAME",
        help="default: as shipped; oracle: a noisy one that knows the truth; or a model of the set server",
    )
    evaluate.add_argument("--arm", choices=("gumption", "gum", "last_k", "base_rate"), help="only this one")
    evaluate.add_argument("--seed", type=int, default=0, help="of rhythms, noise and intervals")
    evaluate.add_argument("--count", type=int, metavar="N", help="the first N desks of the set")
    evaluate.add_argument(
        "--alike", action="store_true", help="besides, what an embedding takes for the same as a fact"
    )
    evaluate.add_argument("--html", metavar="FILE", help="write the report with every verdict there")
    evaluate.add_argument(
        "--false", type=float, metavar="RATE", help="with the oracle: share of drafts that are false, 0 to 1"
    )
    evaluate.add_argument(
        "--duplicated", type=float, metavar="RATE", help="with the oracle: share said twice in other words"
    )
    evaluate.add_argument("--record", action="store_true", help="keep the figures as the last recorded run")
    evaluate.add_argument(
        "--scene",
        action="append",
        default=[],
        metavar="NAME",
        help="of privacy: only this scene; may be given again",
    )
    train = add("train", _train, "Learn at simulated desks what is shipped with the source.", results=True)
    train.add_argument("name", nargs="?", help="what to learn: confidence")
    train.add_argument("--count", type=int, metavar="N", help="from the first N desks only")
    return parser


def _print(result: object, as_json: bool, lines: Sequence[str]) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))  # noqa: T201


def _tray(arguments: argparse.Namespace) -> int:
    from app.tray import run

    return run(Paths.home().make())


def _daemon(arguments: argparse.Namespace) -> int:
    from app.daemon import run

    return run(Paths.home().make(), locked=arguments.locked)


def _status(arguments: argparse.Namespace) -> int:
    from app.client import Client

    status = Client(Paths.home()).get("/status")
    lines = [f"{status['state']}: {status['reason']}"]
    lines += [
        f"  {s['name']:<10} {s['state']:<12} {s['detail']} {s['hint']}".rstrip() for s in status["sources"]
    ]
    lines += [
        f"  {m['name']:<10} {m['state']:<12} {m['model']} {m['detail']}".rstrip() for m in status["models"]
    ]
    age = status["last_observation_age_s"]
    if status["state"] != "locked":
        lines.append("  nothing stored yet" if age is None else f"  last stored {age:.0f} s ago")
    if not status["encrypted"]:
        lines.append("  not encrypted, as set: whoever can read the database's file can read everything")
    lines += talk_command.learning_line(status["learning_until"])
    _print(status, arguments.json, lines)
    return 0


def _claim_lines(items: Sequence[dict[str, object]]) -> list[str]:
    lines = []
    for item in items:
        sure, id_ = float(str(item["confidence"])), history.short(item["id"])
        lines.append(f"{sure:4.0%}  {item['text']}  ({item['half_life']}, {id_})")
        evidence = item["evidence"]
        assert isinstance(evidence, list)
        lines += [f"        {history.quoted(e)}  {e['app']}, {e['at']}" for e in evidence[:3]]
    return lines or ["Nothing yet."]


def _ask(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from app.client import Client

    found = Client(Paths.home()).get("/search", ask_command.request(arguments, datetime.now(UTC)))
    _print(found, arguments.json, ask_command.lines(found))
    return 0


def _propositions(arguments: argparse.Namespace) -> int:
    from app.client import Client

    found = Client(Paths.home()).get("/propositions", {"limit": str(arguments.limit)})
    _print(found, arguments.json, _claim_lines(found["items"]))
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from app.client import Client

    what = forget_command.request(arguments, datetime.now(UTC))
    if what is None:
        print("gumption forget: say one thing to forget; --since and --until count as one", file=sys.stderr)  # noqa: T201
        return 2
    client = Client(Paths.home(), timeout_s=FORGET_S)
    if arguments.topic is not None and not (arguments.yes or arguments.dry_run):
        counted = forget_command.told(client.post("/forget", {**what, "dry_run": True}))
        if not forget_command.agreed(counted, ask=not arguments.json):
            return 1
    gone = client.post("/forget", what)
    lines = [forget_command.told(gone), *forget_command.nothing(arguments, gone)]
    _print(gone, arguments.json, lines)
    return 0


def _audit(arguments: argparse.Namespace) -> int:
    from app.client import Client

    told, lines = audit_command.answer(Client(Paths.home()), arguments)
    _print(told, arguments.json, lines)
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from app import restore_command
    from app.client import Client

    sys.stdout.write(restore_command.answer(Client(Paths.home()), sys.stdin.read()))
    return 0


def _calendar(arguments: argparse.Namespace) -> int:
    from app.client import Client

    client = Client(Paths.home(), timeout_s=calendar_command.TRIAL_S)
    told, lines = calendar_command.answer(client, arguments)
    _print(told, arguments.json, lines)
    return 0


def _proposals(arguments: argparse.Namespace) -> int:
    from app.client import Client

    told, lines = proposals_command.answer(Client(Paths.home(), timeout_s=FORGET_S), arguments)
    _print(told, arguments.json, lines)
    return 0


def _clients(arguments: argparse.Namespace) -> int:
    from app.client import Client

    told, lines = clients_command.answer(Client(Paths.home()), arguments)
    _print(told, arguments.json, lines)
    return 0


def _connect(arguments: argparse.Namespace) -> int:
    told, lines = connect_command.run(Paths.home(), arguments, connect_command.asked)
    _print(told, arguments.json, lines)
    return 0


def _mcp(arguments: argparse.Namespace) -> int:
    from app.mcp_command import run

    return run(Paths.home(), arguments.name, VERSION)


def _history(arguments: argparse.Namespace) -> int:
    from urllib.parse import quote

    from app.client import Client

    if not arguments.id.strip():
        print("gumption history: of which proposition?", file=sys.stderr)  # noqa: T201
        return 2
    told = Client(Paths.home()).get(f"/propositions/{quote(arguments.id, safe='')}")
    _print(told, arguments.json, history.lines(told))
    return 0


def _rules(arguments: argparse.Namespace) -> int:
    from app.client import Client

    told, lines = rules_command.answer(Client(Paths.home()), arguments)
    _print(told, arguments.json, lines)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from app.transfer import export_to

    file = Path(arguments.file) if arguments.file else None
    lines = export_to(Paths.home(), file, arguments.markdown)
    if file is not None:
        _print(
            lines,
            False,
            [f"{lines} lines written to {file}. Everything in it can be read by whoever has it."],
        )
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from app.transfer import import_from

    counts = import_from(Paths.home(), Path(arguments.file))
    lines = [f"{count:>8} {table}" for table, count in counts.items()]
    _print(counts, arguments.json, lines or ["The export was empty."])
    return 0


def _import_activitywatch(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from app.activity_import import import_activitywatch, lines

    counts = import_activitywatch(Paths.home(), Path(arguments.file), arguments.overlapping)
    _print(counts, arguments.json, lines(counts))
    return 0


def _key(arguments: argparse.Namespace) -> int:
    told, lines = key_command.run(arguments, Paths.home())
    _print(told, arguments.json, lines)
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from app.demo import run

    return run(
        json=arguments.json,
        keep=Path(arguments.keep) if arguments.keep else None,
        report=Path(arguments.report) if arguments.report else None,
    )


def _doctor(arguments: argparse.Namespace) -> int:
    from app.doctor import run

    return run(Paths.home(), json=arguments.json)


def _models(arguments: argparse.Namespace) -> int:
    from app.models import run

    return run(Paths.home(), arguments.action, arguments.names, json=arguments.json)


def _bench(arguments: argparse.Namespace) -> int:
    from app.bench import run

    return run(arguments.name, json=arguments.json, list_=arguments.list)


def _eval(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from app import evaluate, evaluate_privacy
    from app.desks.campaign import ARMS, Wanted, rates

    if arguments.list:
        return evaluate.list_(arguments.json)
    if arguments.name == evaluate_privacy.NAME:
        return evaluate_privacy.run(arguments.json, arguments.scene)
    wanted = Wanted(
        set=arguments.set,
        path=Path(arguments.path) if arguments.path else None,
        model=arguments.model,
        arms=(arguments.arm,) if arguments.arm else ARMS,
        seed=arguments.seed,
        count=arguments.count,
        rates=rates(arguments.false, arguments.duplicated),
    )
    html = Path(arguments.html) if arguments.html else None
    return evaluate.run(arguments.name, wanted, arguments.json, html, arguments.record, arguments.alike)


def _train(arguments: argparse.Namespace) -> int:
    from app.train import run

    return run(arguments.name, arguments.count, arguments.json)


def main(argv: Sequence[str] | None = None) -> None:
    """Runs a command and ends the process with its exit status."""
    arguments = _parser().parse_args(argv)
    run: Command = getattr(arguments, "run", _tray)
    try:
        status = run(arguments)
    except GumptionError as error:
        if getattr(arguments, "json", False):
            print(json.dumps({"error": {"title": error.title, "hint": error.hint}}))  # noqa: T201
        print(f"gumption: {error.title}", file=sys.stderr)  # noqa: T201
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)  # noqa: T201
        status = 1
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        # The reader of a pipe went away (`gumption ask | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)
