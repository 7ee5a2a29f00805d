"""Where things stand on a page, near enough to tell what is on the screen."""

import pytest

from app.desks.dom import parse
from app.desks.flow import flow
from app.desks.layout import Placed, place, text_width

PLAIN = "<style>* { margin: 0; padding: 0; font-size: 10px; line-height: 2 }</style>"


def placed(html: str, width: float = 400) -> tuple[Placed, dict[str, tuple[float, float]]]:
    """The layout, and the edges of each text."""
    made = flow(parse(html))
    found = place(made, width)
    return found, {made.texts[key]: edges for key, edges in found.edges.items() if isinstance(key, tuple)}


def test_blocks_stand_below_each_other() -> None:
    found, texts = placed(PLAIN + "<p>a</p><div><p>b</p><p>c</p></div>")
    assert texts == {"a": (0, 20), "b": (20, 40), "c": (40, 60)} and found.height == 60


def test_neighbouring_margins_are_one() -> None:
    html = PLAIN + "<p style='margin: 0 0 30px'>a</p><div><p style='margin: 10px 0 5px'>b</p></div><p>c</p>"
    assert placed(html)[1] == {"a": (0, 20), "b": (50, 70), "c": (75, 95)}
    inside = "<div style='padding: 4px'><p style='margin: 10px'>a</p></div><p>b</p>"
    assert placed(PLAIN + inside)[1] == {"a": (14, 34), "b": (48, 68)}


def test_lines_break_where_they_are_full() -> None:
    _, texts = placed(PLAIN + f"<p>{'word ' * 40}</p><p>end</p>", 400)
    [(top, _)] = [edges for text, edges in texts.items() if text == "end"]
    assert 40 <= top <= 80  # 40 words of about 27 pixels
    _, wide = placed(PLAIN + f"<p>{'川' * 100}</p><p>end</p>", 400)
    assert wide["end"] == (60, 80)
    _, broken = placed(PLAIN + "<p>a<br>b<br><br>c</p>")
    assert broken == {"a": (0, 20), "b": (20, 40), "c": (60, 80)}


def test_rows_grids_and_tables_put_things_side_by_side() -> None:
    _, row = placed(PLAIN + "<div style='display:flex'><p>a</p><p>b<br>c</p></div><p>d</p>")
    assert row["a"] == (10, 30) and row["b"] == (0, 20) and row["d"] == (40, 60)
    grid = (
        "<div style='display:grid; grid-template-columns: 1fr 1fr; gap: 6px'><p>a</p><p>b</p><p>c</p></div>"
    )
    assert placed(PLAIN + grid)[1] == {"a": (0, 20), "b": (0, 20), "c": (26, 46)}
    table = "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td>c</td><td>d<br>e</td></tr></table>"
    _, cells = placed(PLAIN + table)
    assert cells["a"] == cells["b"] == (0, 20) and cells["c"] == cells["d"] == (20, 40)


def test_what_is_seen_of_a_scrolled_page() -> None:
    html = PLAIN + "".join(f"<p>{number}</p>" for number in range(10)) + "<i style='position:fixed'>bar</i>"
    found, _ = placed(html)

    def seen(scrolled: float, height: float) -> list[str]:
        shown = found.shown(scrolled, height)
        return [key[0].text for key in found.edges if isinstance(key, tuple) and key in shown]

    assert seen(0, 50) == ["0", "1", "2", "bar"]
    assert seen(50, 30) == ["2", "3", "bar"]
    assert found.height == 200


def test_fields_and_frames_have_their_heights() -> None:
    _, texts = placed(PLAIN + "<textarea style='height: 70px'></textarea><p>a</p><iframe></iframe><p>b</p>")
    assert texts["a"][0] == 70 and texts["b"][0] == 70 + 20 + 154


@pytest.mark.parametrize(
    ("text", "size", "bold", "pixels"),
    [  # measured in Chromium 156 with DejaVu Sans
        ("Hello Jonas, could you send me the travel figures before Wednesday?", 16, False, 556),
        ("Most read", 21, True, 118),
        ("混合中文文字", 16, False, 96),
        ("The dam was closed on Monday.", 16, False, 259),
    ],
)
def test_words_are_about_as_wide_as_they_are(text: str, size: float, bold: bool, pixels: float) -> None:
    assert text_width(text, size, bold=bold) == pytest.approx(pixels, rel=0.08)
