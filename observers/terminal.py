"""Lines of a terminal: which are commands that were run, and which output is theirs. Pure."""

import re
from collections.abc import Sequence

from gum.types import Line

TERMINALS = frozenset(
    {
        *(
            "xterm",
            "uxterm",
            "urxvt",
            "rxvt",
            "gnome-terminal",
            "gnome-terminal-server",
            "org.gnome.terminal",
        ),
        *("kgx", "org.gnome.console", "org.gnome.ptyxis", "ptyxis", "konsole", "org.kde.konsole", "yakuake"),
        *("alacritty", "kitty", "foot", "terminator", "tilix", "com.gexperts.tilix", "xfce4-terminal"),
        *(
            "mate-terminal",
            "lxterminal",
            "qterminal",
            "st",
            "st-256color",
            "wezterm",
            "org.wezfurlong.wezterm",
        ),
        *(
            "ghostty",
            "com.mitchellh.ghostty",
            "guake",
            "tilda",
            "terminology",
            "deepin-terminal",
            "cool-retro-term",
        ),
    }
)
FIRST_LINES, LAST_LINES = 4, 12  # of a command's output: what it began with and how it ended

# "anna@host:~/code$ make", "[anna@host code]$ make", "bash-5.2# make", "(venv) $ make", "PS C:\> make".
# Reading from pixels may lose or add spaces around the sign.
_PROMPT = re.compile(
    r"""^\s*(?:\([\w.\-]+\)\s*)?                               # a virtual environment
        (?: \[?[\w.\-]+@[\w.\-]+(?:\s*[:\s]\s*[^\s$\#%>]*)?\]?\s*[$\#%>]
          | (?:bash|sh|zsh|dash|fish|ksh)[\w.\-]*\s*[$\#%>]
          | PS\s+[A-Z]:[^>]*>
          | [\w~/.\-]*\s*[❯➜λ]
          | (?:~|/)?[\w~/.\-]*[$]
        )\s*(?P<command>.*)$""",
    re.VERBOSE,
)
_ROOT = re.compile(r"^\s*#\s?(?P<command>.*)$")


def is_terminal(app: str) -> bool:
    """Whether `app` (WM_CLASS in lower case) is a terminal."""
    return app.lower() in TERMINALS


def rows(lines: Sequence[Line]) -> list[str]:
    """Texts top to bottom; pieces that stand side by side become one line."""
    ordered = sorted(lines, key=lambda line: (line.region.top + line.region.height / 2, line.region.left))
    groups: list[list[Line]] = []
    for line in ordered:
        middle = line.region.top + line.region.height / 2
        last = groups[-1][0].region if groups else None
        if last is not None and abs(middle - (last.top + last.height / 2)) < 0.4 * min(
            last.height, line.region.height
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        " ".join(piece.text.strip() for piece in sorted(group, key=lambda piece: piece.region.left))
        for group in groups
    ]


def terminal_segments(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Commands that were run, each "$ command" and the ends of its output; and lines before the first.

    A last line with a command but nothing after it is still being typed: it is neither.
    """
    texts = [line.rstrip() for line in lines if line.strip()]
    root = bool(texts) and texts[-1].strip() == "#"  # a waiting "#" prompt: then "# ..." are commands too
    commands: list[tuple[str, list[str]]] = []
    before: list[str] = []
    ended = False
    for index, text in enumerate(texts):
        command = _command(text, root=root)
        if command is None:
            (commands[-1][1] if commands and not ended else before).append(text)
        elif not command:
            ended = ended or not commands
        elif index < len(texts) - 1:
            commands.append((command, []))
            ended = False
    return [_told(command, output) for command, output in commands], before


def _command(text: str, *, root: bool) -> str | None:
    """The command of a prompt line, "" for a prompt that waits, None for other lines."""
    found = _PROMPT.match(text) or (_ROOT.match(text) if root else None)
    return found["command"].strip() if found else None


def _told(command: str, output: Sequence[str]) -> str:
    kept = list(output)
    if len(kept) > FIRST_LINES + LAST_LINES:
        kept = [*kept[:FIRST_LINES], "…", *kept[-LAST_LINES:]]
    return "\n".join([f"$ {command}", *kept])
