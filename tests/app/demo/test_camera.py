"""The report's camera sees the desktop, and nothing while it is covered."""

import io
import time

import pytest
from PIL import Image

from app.demo.camera import SIZE, Camera
from app.desktop import VirtualDesktop


@pytest.mark.desktop
def test_it_takes_pictures_unless_covered(desktop: VirtualDesktop) -> None:
    with Camera(desktop.display) as camera:
        end = time.monotonic() + 20
        while not camera.shots and time.monotonic() < end:
            time.sleep(0.1)
        camera.cover(True)
        taken = len(camera.shots)
        time.sleep(2.5)
        assert taken >= 1 and len(camera.shots) == taken
    with Image.open(io.BytesIO(camera.shots[0].jpeg)) as picture:
        assert picture.width <= SIZE[0] and picture.height <= SIZE[1]
        assert picture.convert("RGB").getpixel((4, 4)) != (0, 0, 0)
