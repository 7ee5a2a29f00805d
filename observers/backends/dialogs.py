"""Which windows a dialog may stand over, where nobody tells: all others of its process. Pure.

A dialog is judged with the windows it stands over (`privacy.admit_all`): that of a
private one is private too. Where the window system names no owner, each window of the same process may be it.
"""

from collections.abc import Sequence
from dataclasses import replace

from gum.types import WindowInfo


def over(window: WindowInfo, others: Sequence[WindowInfo]) -> WindowInfo:
    """`window`, a dialog, with the windows among `others` that it may stand over."""
    if window.pid is None:
        return window
    return replace(
        window,
        owners=tuple(
            replace(other, owners=())
            for other in others
            if other.pid == window.pid and other.window_id != window.window_id
        ),
    )
