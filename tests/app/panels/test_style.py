import itertools

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels import style
from app.panels.style import DARK, LIGHT, Colours


def luminance(name: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [channel / 255 for channel in QColor(name).getRgb()[:3]]  # type: ignore[index]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("c", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(c: Colours) -> None:
    for ground, text in itertools.product((c.window, c.base, c.chosen, c.hover), (c.text, c.muted)):
        assert contrast(ground, text) >= 4.5, (ground, text)
    assert contrast(c.accent, c.on_accent) >= 4.5
    assert contrast(c.warning, c.text) >= 4.5
    assert contrast(c.mark, c.text) >= 4.5
    assert contrast(c.base, c.danger) >= 4.5
    assert contrast(c.window, c.accent) >= 3  # of a focus ring (1.4.11)


def test_light_and_dark_can_change_while_running(qtbot: QtBot, qapp: QApplication) -> None:
    style.dress(qapp, DARK)
    assert style.colours() is DARK
    style.dress(qapp, LIGHT)
    assert style.colours() is LIGHT
