import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.panels import style
from app.panels.text import Text, draw, fit, height_of, right_to_left

LONG = "word " * 200
UNBROKEN = "Donaudampfschifffahrt" * 40


@pytest.mark.parametrize("text", [LONG, UNBROKEN, "אתה מתכונן לפגישה " * 30, "あなたは" * 80, "👩‍👩‍👧 " * 60])
def test_text_is_cut_to_the_lines_it_may_have_and_says_so(qtbot: QtBot, text: str) -> None:
    font = style.font()
    shown, height, cut = fit(text, font, 200, 2)
    assert cut and shown.endswith("…") and len(shown) < len(text)
    assert height <= 2.6 * height_of("x", font, 200)


def test_short_text_stays_whole(qtbot: QtBot) -> None:
    assert fit("short", style.font(), 200, 2)[0] == "short"
    assert fit("", style.font(), 200, 2) == ("", 0.0, False)


def test_a_word_longer_than_the_line_stays_inside(qtbot: QtBot) -> None:
    image = QImage(300, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw(painter, QRectF(0, 0, 120, 400), UNBROKEN[:60], style.font(), QColor("black"))
    painter.end()
    outside = [image.pixelColor(x, y).lightness() for x in range(125, 300) for y in range(0, 400, 2)]
    assert min(outside) == 255
    assert min(image.pixelColor(x, 8).lightness() for x in range(120)) < 128


def test_text_is_never_read_as_html(qtbot: QtBot) -> None:
    label = Text("<h1>Big</h1><img src='http://example.org/x.png'>")
    qtbot.addWidget(label)
    plain = height_of(label.text(), label.font(), 600)
    assert label.heightForWidth(600) == round(plain + 0.5)
    label.resize(40, 20)
    cut = Text(LONG + "<b>x</b>", lines=1)
    qtbot.addWidget(cut)
    cut.resize(100, 20)
    cut.show()
    assert "&lt;b&gt;" in cut.toolTip()


def test_direction_follows_the_first_letter_that_has_one() -> None:
    assert right_to_left("(1) שלום world")
    assert right_to_left("أنت")
    assert not right_to_left("12 hello שלום")
    assert not right_to_left("")
