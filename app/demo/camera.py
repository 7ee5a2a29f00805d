"""Takes a picture of the desktop every second, so that a quote can be shown beside what was on the screen."""

import io
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType

import mss
from PIL import Image

EVERY_S = 1.0
SIZE = (1920, 1080)  # large enough to read a card when it is enlarged
QUALITY = 60


@dataclass(frozen=True, slots=True)
class Shot:
    """A JPEG of the whole screen."""

    at: datetime
    jpeg: bytes


class Camera:
    """Photographs while it is open, in a thread of its own that also owns the connection to the display."""

    def __init__(self, display: str) -> None:
        self._display = display
        self._shots: list[Shot] = []
        self._end = threading.Event()
        self._covered = threading.Event()
        self._thread = threading.Thread(target=self._work, name="demo-camera", daemon=True)

    def __enter__(self) -> "Camera":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def cover(self, covered: bool) -> None:
        """While covered no picture is taken."""
        if covered:
            self._covered.set()
        else:
            self._covered.clear()

    @property
    def shots(self) -> list[Shot]:
        """All pictures so far, oldest first."""
        return list(self._shots)

    def _work(self) -> None:
        with mss.MSS(display=self._display) as grabber:
            while not self._end.wait(EVERY_S):
                if self._covered.is_set():
                    continue
                at = datetime.now(UTC)
                grabbed = grabber.grab(grabber.monitors[0])
                shot = Shot(at, _jpeg(Image.frombytes("RGB", grabbed.size, grabbed.rgb)))
                if not self._covered.is_set():  # it may have been covered while the shutter was open
                    self._shots.append(shot)


def _jpeg(picture: Image.Image) -> bytes:
    picture.thumbnail(SIZE, Image.Resampling.BILINEAR, reducing_gap=2)
    out = io.BytesIO()
    picture.save(out, "jpeg", quality=QUALITY)
    return out.getvalue()


def nearest(shots: list[Shot], at: datetime, within: timedelta = timedelta(seconds=6)) -> Shot | None:
    """The picture of what was seen at `at`; None when there is none within a few seconds. Pure.

    The next one is preferred: a text is noticed when it appears, and stays a while.
    """
    soon = next((shot for shot in shots if at <= shot.at <= at + timedelta(seconds=1.5 * EVERY_S)), None)
    best = soon or min(shots, key=lambda shot: abs(shot.at - at), default=None)
    return best if best is not None and abs(best.at - at) <= within else None


def before(shots: list[Shot], at: datetime) -> Shot | None:
    """The last picture taken until `at`. Pure."""
    return next((shot for shot in reversed(shots) if shot.at <= at), None)
