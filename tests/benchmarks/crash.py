"""Whether anything is lost when the program is killed (-9) at random moments, and how long it takes to go on.

The campaign of tests/soak, which says what is looked at after each kill: 240 kills, those in the middle of a
recovery besides. kills_amid: how many fell on work that had begun and was not acknowledged. lost, doubled,
torn, kept, unopened: how many times something acknowledged was gone, there twice, half there, something
forgotten was still there, the store did not open. median_recovery_s: from the next start until the store is
open, the index agrees with it and what forgetting left is done. It goes on where it was broken off (`make
soak` likewise); 20 minutes.
"""

import sys

from app.bench import Result, commit
from app.config import Settings
from tests.soak import campaign
from tests.soak.__main__ import KILLS, LOG

FIGURES = campaign.names()


def run(settings: Settings) -> Result:
    """Goes on with the campaign of this commit."""
    rows = campaign.go(KILLS, LOG, lambda line: print(line, file=sys.stderr, flush=True), commit=commit())
    return campaign.result(rows)
