"""The sources beside the windows that the settings ask for."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from app.config import SourceSettings
from app.paths import Paths
from gum.types import WindowInfo
from observers.base import Observer
from observers.clipboard import Clipboard
from observers.files import Files, recent_list
from observers.folders import folder_of
from observers.gate import Gate
from observers.notices import Notices
from observers.plugins import plugins
from observers.text_folder import TextFolder
from observers.windows import Windows


def sources(
    settings: SourceSettings,
    gate: Gate,
    front: Callable[[Windows], WindowInfo | None],
    hands: Observer | None = None,
) -> Sequence[Observer]:
    """Each that is wanted, not yet started. One that cannot work here tells that in its health.

    `front` is for what belongs to the window in front (`Watch.readable`), `hands` counts
    what is typed and clicked there (`Watch.input`).
    """
    found: list[Observer] = []
    # One row a source.
    if settings.notifications:
        found.append(Notices(gate))
    if settings.clipboard:
        found.append(Clipboard(gate, front))
    if settings.input and hands is not None:
        found.append(hands)
    if settings.calendars:
        from observers.calendar import Calendars  # 7 MB of memory, and mostly there are none

        found.append(Calendars(settings.calendars, gate))
    if settings.recent_files or settings.watch_folders:
        recent = recent_list(os.environ) if settings.recent_files else None
        found.append(Files(gate, recent, [folder_of(named) for named in settings.watch_folders], _own()))
    if settings.text_folder:
        found.append(TextFolder(gate, folder_of(settings.text_folder), _own()))
    return [*found, *plugins(settings.plugins, gate)]


def _own() -> list[Path]:
    """Where Gumption keeps its things: what it saves there is no doing of the person."""
    paths = Paths.home()
    return [paths.data, paths.config, paths.models]
