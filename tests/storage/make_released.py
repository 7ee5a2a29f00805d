"""Makes `released/<newest revision>.db.gz`: run it once when a schema is released, never again for that one.

python -m tests.storage.make_released
"""

import gzip
import tempfile
from pathlib import Path

from gum.types import PropositionId
from storage import observations, propositions
from storage.db import Database
from storage.schema import REVISIONS
from tests.builders import evidence, observation, proposition
from tests.storage.builders import new


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gumption.db"
        database = Database.open(path, None)
        seen = observation("Cafe with a canary", id="seen", title="Café - thesis.tex")
        claim = proposition("Works on thesis.tex", id="claim", slots={"thing": "thesis.tex"})
        database.run_sync(lambda s: observations.append(s, seen))
        database.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("seen", "thesis.tex")])]))
        database.run_sync(lambda s: propositions.set_vectors(s, {PropositionId("claim"): (0.6, 0.8)}, "m"))
        database.close()
        target = Path(__file__).parent / "released" / f"{REVISIONS[-1]}.db.gz"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
