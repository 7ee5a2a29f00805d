"""The launcher: the one name Gumption puts into site-packages.

The wheel keeps the program's folders under `gumption/_lib`, so that generic names such as `app`
and `storage` never reach anybody else's imports. In a checkout `_lib` is absent, which is harmless:
the editable install has the folders on the path already.
"""

import sys
from pathlib import Path

_LIB = str(Path(__file__).parent / "_lib")
if _LIB not in sys.path:
    sys.path.insert(0, _LIB)


def main() -> None:
    """Runs the command line."""
    from app.main import main as run

    run()
