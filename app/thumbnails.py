"""Small pictures of what was read from the screen, for those who want them: made here, kept by the store.

By default none is. A frame is of a window whose pixels the rules let in; they are asked once more when it has
been read, for they may say something else by then. Where something had to be taken out of the words
(`app.perceive`), no picture is kept either: it would show what was taken out.
"""

import io
from collections.abc import Callable, Sequence

from PIL import Image

from app.config import ScreenSettings
from gum.types import Effect, Frame, Observation, Rule, WindowInfo
from observers.privacy import admit

WIDTH = 480  # pixels: what a window was shows, its small print does not
QUALITY = 60  # some 10 KB for a window full of text

Thumbnail = Callable[[Observation, Frame], bytes | None]
"""The small picture to keep of what an observation was read from; None: none."""


def none(_: Observation, __: Frame) -> bytes | None:
    """For those who keep no pictures."""
    return None


def thumbnails(settings: ScreenSettings, encrypted: bool, rules: Callable[[], Sequence[Rule]]) -> Thumbnail:
    """Makes small pictures as the settings say, none for a store that everybody can read.

    `rules` are the person's; the shipped ones always hold.
    """

    def of(observation: Observation, frame: Frame) -> bytes | None:
        o = observation
        # What was stored came from windows known not to be private.
        window = WindowInfo(0, o.app, o.title, None, None, o.url, private=False)
        answer = admit(window, rules())
        return small(frame) if answer.allowed and answer.effect is Effect.KEEP else None

    return of if settings.thumbnails and encrypted else none


def small(frame: Frame) -> bytes:
    """The frame as WebP, at most WIDTH wide and as high."""
    size = (frame.region.width, frame.region.height)
    picture = Image.frombuffer("RGB", size, frame.pixels, "raw", "BGRX", 0, 1)
    picture.thumbnail((WIDTH, WIDTH), Image.Resampling.BOX)
    out = io.BytesIO()
    picture.save(out, "webp", quality=QUALITY)
    return out.getvalue()
