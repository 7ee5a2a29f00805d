import itertools

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.tray import icon
from app.tray.face import Kind

PANELS = ("#f4f4f4", "#202020")


def grey(kind: Kind, size: int, panel: str) -> list[int]:
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(panel))
    painter = QPainter(image)
    painter.drawPixmap(0, 0, icon.pixmap(kind, size))
    painter.end()
    flat = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return [QColor(flat.pixel(x, y)).red() for y in range(size) for x in range(size)]


@pytest.mark.parametrize("size", [16, 22, 24])
def test_the_icons_differ_by_shape_and_not_by_colour_alone(qtbot: QtBot, size: int) -> None:
    pictures = {kind: grey(kind, size, PANELS[0]) for kind in Kind}
    for one, other in itertools.combinations(Kind, 2):
        different = sum(abs(a - b) > 64 for a, b in zip(pictures[one], pictures[other], strict=True))
        assert different > size * size * 0.1, (one, other)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("kind", list(Kind))
def test_an_icon_stands_out_on_light_and_dark_panels(qtbot: QtBot, kind: Kind, panel: str) -> None:
    ground = QColor(panel).red()
    picture = grey(kind, 22, panel)
    assert sum(abs(value - ground) > 80 for value in picture) > 22 * 22 * 0.12


def test_corners_are_transparent(qtbot: QtBot) -> None:
    for kind in Kind:
        assert icon.pixmap(kind, 24).toImage().pixelColor(0, 0).alpha() == 0
    assert icon.pixmap(Kind.PAUSED, 24).toImage().pixelColor(12, 3).alpha() == 255
