"""`make soak`: the whole campaign, going on where it was broken off. Status 1 when anything was found.

python -m tests.soak --kills 240 --log .soak/kills.jsonl
"""

import argparse
import json
import sys
from pathlib import Path

from app import bench
from tests.soak import campaign
from tests.soak.phases import ALL, PHASES

LOG = bench.ROOT / ".soak" / "kills.jsonl"
KILLS = 240


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument(
        "--kills", type=int, default=KILLS, help="how many, at least; those of recovery besides"
    )
    parser.add_argument(
        "--log", type=Path, default=LOG, help="a line for each kill; what is there is not redone"
    )
    parser.add_argument("--phase", choices=sorted(PHASES), action="append", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=campaign.SEED, help="of all moments")
    given = parser.parse_args()
    phases = [PHASES[name] for name in given.phase] if given.phase else ALL

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    rows = campaign.go(given.kills, given.log, tell, phases, given.seed, bench.commit())
    told = bench.as_object("crash", campaign.result(rows, phases, given.seed), campaign.names(phases))
    print(json.dumps(told, indent=2))
    return int(any(row["faults"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
