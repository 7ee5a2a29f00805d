"""The part of Gumption a person sees: icon, windows and cards. It knows the daemon by HTTP alone."""

from app.paths import Paths


def run(paths: Paths) -> int:
    """Shows the tray icon (or a small window where there is no tray) until the person quits.

    Starts the daemon when none answers. Returns the exit status of the program: 0, or 1 when
    no window can be opened here.
    """
    # Qt is imported here, not above: `gumption --help` has 0.4 s for everything.
    from app.tray.desk import run as run_desk

    return run_desk(paths)
