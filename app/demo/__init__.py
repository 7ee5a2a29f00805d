"""`gumption demo`: the whole program at work on a private display, for about two minutes."""

from pathlib import Path


def run(json: bool = False, keep: Path | None = None, report: Path | None = None) -> int:
    """Plays the demo, prints what was found and writes the report; the exit status, 0 or 1.

    `keep`: a folder that gets the data folder and the log of the run; without it they are deleted.
    Raises CaptureUnavailable when a program of the virtual desktop is missing, DaemonUnreachable when
    the daemon does not start, StoreReadOnly when the report cannot be written.
    """
    # Imported here, not above: `gumption --help` has 0.4 s for everything.
    from app.demo.runner import play, say_on_stderr
    from app.demo.tell import tell

    told = play(keep, report, say_on_stderr)
    tell(told, json)
    return 0 if told["ok"] else 1
