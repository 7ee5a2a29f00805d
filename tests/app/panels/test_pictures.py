"""Small pictures beside what was read: shown as wide as there is room, and never trusted."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QAccessible, QImage
from pytestqt.qtbot import QtBot

from app.panels import style
from app.panels.pictures import BROKEN, GONE, LARGEST, Pictures, Side, decoded
from app.tray import wire
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon

SEEN = wire.Observation("o", title="notes <b>bold</b>")


def webp(width: int = 480, height: int = 300, colour: str = "red", kind: str = "webp") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


RED, BLUE = webp(), webp(colour="blue")


def serve(daemon: FakeDaemon, key: str = "o", before: bytes | None = None, data: bytes = RED) -> None:
    """The FAKE daemon has a picture of `key`, and one of the same window before."""
    was = {"observation_id": "was", "at": fake_data.iso(60)} if before is not None else None
    picture = {"observation_id": key, "at": fake_data.iso(5)}
    told = {"state": "kept", "picture": picture, "before": was}
    daemon.reply[f"GET /observations/{key}/pictures"] = (200, told)
    daemon.reply[f"GET /observations/{key}/thumbnail"] = (200, data)
    daemon.reply["GET /observations/was/thumbnail"] = (200, before or b"")


@pytest.fixture
def pictures(client: Client, qtbot: QtBot) -> Iterator[Pictures]:
    made = Pictures(client)
    qtbot.addWidget(made)
    made.resize(640, 600)
    yield made


def middle(side: Side) -> str:
    """The colour in the middle of a picture that is shown."""
    shown = side.picture.pixmap().toImage()
    colour = shown.pixelColor(shown.width() // 2, shown.height() // 2)
    return "red" if colour.red() > 200 else "blue" if colour.blue() > 200 else colour.name()


def test_one_picture_is_shown_and_told_to_a_screen_reader(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    serve(daemon)
    pictures.open(SEEN)
    assert pictures.isHidden()  # until it is there
    qtbot.waitUntil(lambda: not pictures.after.isHidden())
    assert middle(pictures.after) == "red"
    assert pictures.before.isHidden() and pictures.note.isHidden()
    name = pictures.after.picture.accessibleName()
    assert name.startswith("Small picture of the window “notes <b>bold</b>”. When this was read, today")
    spoken = QAccessible.queryAccessibleInterface(pictures.after.picture)
    assert spoken is not None and spoken.role() == QAccessible.Role.Graphic


def test_two_stand_side_by_side_the_one_before_first(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    serve(daemon, before=BLUE)
    pictures.open(SEEN)
    pictures.show()
    qtbot.waitUntil(lambda: pictures.after.isVisible() and pictures.before.isVisible())
    assert (middle(pictures.before), middle(pictures.after)) == ("blue", "red")
    assert "Before, " in pictures.before.picture.accessibleName()
    qtbot.waitUntil(lambda: pictures.after.x() > pictures.before.geometry().right())
    assert pictures.before.y() == pictures.after.y()


@pytest.mark.parametrize("width", [320, 640, 1600])
def test_they_take_the_width_there_is_and_keep_their_shape(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot, width: int
) -> None:
    serve(daemon, before=BLUE)
    pictures.resize(width, 900)
    pictures.open(SEEN)
    pictures.show()
    qtbot.waitUntil(lambda: pictures.after.isVisible() and pictures.before.isVisible())
    qtbot.waitUntil(lambda: pictures.after.x() > pictures.before.geometry().right())
    for side in (pictures.before, pictures.after):
        shown = side.picture.pixmap().deviceIndependentSize()
        expected = min(480, (width - style.MARGIN) / 2)  # never larger than it is: that would not be crisp
        assert abs(shown.width() - expected) <= style.GAP
        assert abs(shown.width() / shown.height() - 480 / 300) < 0.02
        assert side.picture.height() >= shown.height()  # all of it can be seen
    assert pictures.width() == width  # they never push the window wider


@pytest.mark.parametrize("size", [(480, 8), (8, 480), (1, 1)])
def test_odd_shapes_are_shown_whole(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot, size: tuple[int, int]
) -> None:
    serve(daemon, data=webp(*size))
    pictures.open(SEEN)
    qtbot.waitUntil(lambda: not pictures.after.isHidden())
    shown = pictures.after.picture.pixmap()
    assert shown.width() >= 1 and 1 <= shown.height() <= 600 * 0.42


def test_one_that_is_gone_is_said_so_and_where_none_is_wanted_nothing_is(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    path = "GET /observations/o/pictures"
    daemon.reply[path] = (200, {"state": "gone", "picture": None, "before": None})
    pictures.open(SEEN)
    qtbot.waitUntil(lambda: not pictures.isHidden())
    assert pictures.note.text() == GONE and pictures.after.isHidden()
    for state in ("off", "none"):
        daemon.reply[path] = (200, {"state": state})
        daemon.asked.clear()
        pictures.open(SEEN)
        qtbot.waitUntil(lambda: ("GET", "/observations/o/pictures", {}) in daemon.asked)
        qtbot.wait(50)
        assert pictures.isHidden()


def test_one_that_went_meanwhile_is_said_so_a_locked_store_says_nothing(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    serve(daemon)
    daemon.reply["GET /observations/o/thumbnail"] = (404, {"title": "There is no picture of this"})
    pictures.open(SEEN)
    qtbot.waitUntil(lambda: pictures.note.text() == GONE)
    daemon.reply["GET /observations/o/pictures"] = (423, {"title": "Gumption is locked"})
    pictures.open(SEEN)
    qtbot.wait(100)
    assert pictures.isHidden()


def test_of_two_questions_the_last_one_wins(pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot) -> None:
    serve(daemon, "o", data=RED)
    serve(daemon, "p", data=BLUE)
    pictures.open(SEEN)
    pictures.open(wire.Observation("p"))
    qtbot.waitUntil(lambda: not pictures.after.isHidden())
    qtbot.wait(100)
    assert middle(pictures.after) == "blue"


def test_what_is_put_away_is_held_no_longer_and_does_not_come_late(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    serve(daemon, before=BLUE)
    pictures.open(SEEN)
    qtbot.waitUntil(lambda: not pictures.after.isHidden())
    pictures.open(SEEN)
    pictures.clear()
    qtbot.wait(200)
    for side in (pictures.before, pictures.after):
        assert side.picture.empty and side.picture.pixmap().isNull() and not side.picture.accessibleName()
    assert pictures.isHidden()


ANIMATED = io.BytesIO()
Image.new("RGB", (40, 30), "red").save(
    ANIMATED, "webp", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")] * 3
)
HOSTILE = {
    "nothing": b"",
    "no picture": b"{}",
    "half of one": RED[: len(RED) // 2],
    "only a head": RED[:30],
    "too wide": webp(LARGEST + 1, 10),
    "too high": webp(10, LARGEST + 1),
    "PNG": webp(40, 30, kind="png"),
    "GIF": webp(40, 30, kind="gif"),
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
    "a size that lies": RED[:12] + b"VP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6 + RED[12:],
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_small_webp_is_not_shown_and_said_so(
    pictures: Pictures, daemon: FakeDaemon, qtbot: QtBot, data: bytes
) -> None:
    serve(daemon, before=data, data=data)
    pictures.open(SEEN)
    qtbot.waitUntil(lambda: pictures.note.text() == BROKEN)
    assert pictures.after.isHidden() and pictures.before.isHidden()


def test_of_a_moving_one_the_first_picture_is_shown() -> None:
    image = decoded(ANIMATED.getvalue())
    assert image is not None and (image.width(), image.height()) == (40, 30)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, len(RED) - 1), st.integers(0, 255)), max_size=20),
    st.integers(0, len(RED)),
)
def test_damaged_bytes_are_a_picture_of_modest_size_or_none(changes: list[tuple[int, int]], end: int) -> None:
    data = bytearray(RED)
    for place, value in changes:
        data[place] = value
    for piece in (bytes(data), bytes(data[:end])):
        image = decoded(piece)
        assert image is None or (isinstance(image, QImage) and max(image.width(), image.height()) <= LARGEST)
