"""Run by the stubs of a played terminal: says what the desk says that a command prints.

The table beside the stubs holds the calls of the command line being run; see `shell`. Standard library only:
it is started with `python -I -S` for every word of the command that is a program.
"""

import json
import sys
from pathlib import Path


def answer(folder: Path, words: list[str]) -> tuple[str, int]:
    """What the call with these words prints and ends with. What the table does not know succeeds silently."""
    table = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    rows = [row for row in table["calls"] if row["words"] == words]
    rows = rows or [row for row in table["calls"] if row["words"][0] == words[0]]
    if not rows:
        return "", 0
    row = rows[-1]
    if not row["speaks"] or not _first(folder / f"said-{table['number']}"):
        return "", int(row["status"])
    return str(table["output"]), int(row["status"])


def _first(mark: Path) -> bool:
    """Whether nobody has been here before: a loop calls a program again and again."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def main() -> None:
    output, status = answer(Path(sys.argv[1]), [Path(sys.argv[2]).name, *sys.argv[3:]])
    if output:
        sys.stdout.write(output if output.endswith("\n") else f"{output}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
