"""The camera sees what is asked for, and outlives changes of the screen (RANDR, on a real server)."""

import subprocess
from collections.abc import Iterator

import numpy as np
import pytest
from Xlib.display import Display

from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.camera import IN_A_ROW, Camera

pytestmark = pytest.mark.desktop


@pytest.fixture
def own() -> Iterator[VirtualDesktop]:
    """A desktop whose screen may be changed."""
    with VirtualDesktop((1000, 700), tray=False) as desktop:
        yield desktop


def resize(desktop: VirtualDesktop, width: int, height: int) -> None:
    """xrandr complains that the output is larger and does it all the same."""
    subprocess.run(["xrandr", "--fb", f"{width}x{height}"], env=desktop.env, capture_output=True, check=False)
    x = Display(desktop.display)
    size = x.screen().root.get_geometry()
    x.close()
    assert (size.width, size.height) == (width, height)


def test_it_sees_the_part_that_is_asked_for(desktop: VirtualDesktop) -> None:
    x = Display(desktop.display)
    root = x.screen().root
    window = root.create_window(
        40, 50, 20, 10, 0, x.screen().root_depth, override_redirect=True, background_pixel=0x123456
    )
    window.map()
    x.sync()
    camera = Camera(desktop.display)
    shown = camera.grab(Region(38, 48, 24, 14))
    camera.close()
    x.close()
    assert shown is not None and shown.shape == (14, 24, 4)
    patch = np.all(shown[..., :3] == (0x56, 0x34, 0x12), axis=-1)
    assert patch[2:12, 2:22].all() and patch.sum() == 200


def test_another_size_of_the_screen_costs_one_shot_at_most(own: VirtualDesktop) -> None:
    camera = Camera(own.display)
    assert camera.grab(Region(0, 0, 1000, 700)) is not None
    resize(own, 600, 400)
    assert camera.grab(Region(0, 0, 1000, 700)) is None  # there is no such place any more
    assert camera.grab(Region(0, 0, 600, 400)) is not None
    resize(own, 1000, 700)  # larger than the camera that was opened meanwhile
    shots = [camera.grab(Region(0, 0, 1000, 700)) for _ in range(2)]
    camera.close()
    assert shots[1] is not None


def test_a_screen_that_cannot_be_read_is_said(desktop: VirtualDesktop) -> None:
    camera = Camera(desktop.display)
    outside = Region(20_000, 0, 10, 10)
    for _ in range(IN_A_ROW - 1):
        assert camera.grab(outside) is None
    with pytest.raises(CaptureUnavailable):
        camera.grab(outside)
    camera.close()
    with pytest.raises(CaptureUnavailable):
        Camera(":987")
