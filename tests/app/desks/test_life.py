"""What each kind of step makes the observers see."""

import pytest

from app.desks.trace import sights
from app.desks.types import Do, Step
from gum.types import Trust
from tests.app.desks.trace_desks import LETTER, NINE, authored, browser, desk, observed, step, titles, writing

# --- what is seen ------------------------------------------------------------------------------------


def test_a_page_is_read_and_its_window_was_chosen() -> None:
    found = sights(desk(browser("news"), step(Do.READ)))
    (window,) = {one.id: one for one in observed(found, "window")}.values()
    assert (window.app, window.trust) == ("chromium", Trust.ACTED_ON)
    assert window.title.endswith(" - Chromium") and "Rivers rise" in window.title
    assert window.url is not None and window.url.startswith("http")
    assert {one.trust for one in observed(found, "ui_tree")} <= {Trust.READ, Trust.SYSTEM}
    assert all(one.url == window.url for one in observed(found, "ui_tree"))


def test_reading_scrolls_to_the_end_and_takes_its_time() -> None:
    found = sights(desk(browser("news"), step(Do.READ)))
    texts = [one.text for one in observed(found, "ui_tree", Trust.READ)]
    assert len(texts) > 1 and "Part 0." in texts[0] and "Part 11." in texts[-1]
    assert "Part 11." not in texts[0]
    assert 120 < (found[-1].at - NINE).total_seconds() < 1200  # 800 words


def test_reading_for_a_moment_does_not_reach_the_end() -> None:
    found = sights(desk(browser("news"), step(Do.READ, seconds=4)))
    assert "Part 11." not in "".join(one.text for one in observed(found))


def test_somebody_elses_letter_is_never_authored_and_ones_own_is() -> None:
    found = sights(desk(browser("letter"), step(Do.CLICK, name="reply", page="compose"), *writing(LETTER)))
    others = [one.trust for one in observed(found, "ui_tree") if "should be with you on Thursday" in one.text]
    assert others and set(others) <= {Trust.RECEIVED, Trust.READ}
    last = authored(found)[-1]
    assert "Could you send me the spare one before Friday?" in last
    assert "should be with you" not in "".join(authored(found))


@pytest.mark.parametrize("seed", range(4))
def test_typing_is_told_in_growing_parts_and_then_whole(seed: int) -> None:
    found = sights(desk(browser("compose"), *writing(LETTER)), seed)
    texts = authored(found)
    assert len(texts) > 5
    assert [len(text) for text in texts] != sorted({len(text) for text in texts})[:1]
    assert texts[-1].rstrip().endswith("Robin")
    halves = [text for text in texts if "the gauge at the weir" in text and "before Friday" not in text]
    assert halves


def test_slips_are_seen_by_nobody_or_corrected() -> None:
    for seed in range(6):
        assert (
            "Tuesday. I took it out this morning"
            in authored(sights(desk(browser("compose"), *writing(LETTER)), seed))[-1]
        )


def test_what_is_rewritten_was_told_before() -> None:
    texts = ["The flow was low in March.", "The flow was lowest in the first days of April."]
    opened = step(Do.OPEN, program="editor", file="paper.md", folder="Documents", holds="# Fish ladders\n")
    told = [authored(sights(desk(opened, step(Do.REVISE, texts=texts)), seed)) for seed in range(5)]
    assert all(one[0] == "# Fish ladders" for one in told)
    assert all(one[-1] == f"# Fish ladders\n{texts[1]}" for one in told)
    assert sum(f"# Fish ladders\n{texts[0]}" in one for one in told) >= 4


def test_an_editor_shows_the_path_and_whether_it_is_saved() -> None:
    found = sights(
        desk(
            step(Do.OPEN, program="editor", file="thesis.md", folder="Documents"),
            step(Do.TYPE, text="The end of it is near now."),
            step(Do.SAVE),
            step(Do.IDLE, seconds=5),
        )
    )
    path = "/home/robin/Documents/thesis.md - Mousepad"
    assert titles(found) == [path, f"*{path}", path]
    assert authored(found)[-1] == "The end of it is near now."
    (menu,) = observed(found, "screen")  # an empty document has no text of its own
    assert menu.text == "File Edit Search View Document Help" and menu.trust is Trust.READ


def test_what_was_saved_is_there_the_next_day() -> None:
    def opened(name: str) -> Step:
        return step(Do.OPEN, name, program="editor", file="thesis.md")

    written = [
        opened("first"),
        step(Do.TYPE, text="Chapter one."),
        step(Do.SAVE),
        step(Do.TYPE, "more", text=" Lost."),
    ]
    found = sights(desk(written, [opened("again"), step(Do.IDLE, seconds=20)]))
    again = [one.observation for one in found if one.step == "again" and one.observation]
    assert [one.text for one in again if one.trust is Trust.AUTHORED] == ["Chapter one."]


def test_an_office_window_tells_the_text_and_its_bar_of_state() -> None:
    found = sights(
        desk(
            step(Do.OPEN, program="office", file="report.odt", folder="Documents", holds="Report"),
            step(Do.TYPE, text="The year was dry."),
        )
    )
    assert titles(found) == ["report.odt - LibreOffice Writer"]
    assert authored(found)[-1] == "Report\nThe year was dry."
    assert any("5 words" in one.text for one in observed(found, "ui_tree", Trust.SYSTEM))
    assert {one.app for one in observed(found)} == {"libreoffice-writer"}


def test_a_long_document_is_read_by_scrolling() -> None:
    text = "\n".join(f"Line {number} of the report." for number in range(120))
    found = sights(
        desk(step(Do.OPEN, program="office", file="report.odt", holds=text), step(Do.READ, seconds=120))
    )
    texts = authored(found)
    assert any("Line 0 " in one for one in texts) and any("Line 119 " in one for one in texts)
    assert all(one.count("\n") < 45 for one in texts)


def test_a_command_is_acted_on_with_its_output() -> None:
    found = sights(
        desk(
            step(Do.OPEN, program="terminal", folder="flow"),
            step(Do.RUN, command="make flow", output="flow.csv written", status=2),
            step(Do.RUN, "there", command="ls", output="a.csv", folder="flow/data"),
            step(Do.IDLE, seconds=5),
        )
    )
    commands = [one.text for one in observed(found, "screen", Trust.ACTED_ON)]
    assert "$ make flow\nflow.csv written" in commands
    assert "$ cd ~/flow/data" in commands and "$ ls\na.csv" in commands
    assert titles(found) == ["robin@desk: ~/flow", "robin@desk: ~/flow/data"]
    assert observed(found, "ui_tree") == []
    assert all(one.frame_id is None for one in observed(found))


def test_a_folder_is_read_from_its_pixels() -> None:
    found = sights(
        desk(
            step(Do.OPEN, program="files", folder="Documents"),
            step(Do.OPEN, "later", program="editor", file="paper.md", folder="Documents", holds="# Fish"),
        )
    )
    (lines,) = observed(found, "screen")
    assert lines.app == "pcmanfm" and lines.title == "Documents" and lines.trust is Trust.READ
    assert "paper.md" in lines.text and "/home/robin/Documents" in lines.text


def test_a_message_that_arrives_is_in_the_inbox() -> None:
    found = sights(
        desk(
            browser("inbox"),
            step(Do.READ, seconds=10),
            step(Do.MAIL, page="letter"),
            step(Do.IDLE, seconds=9),
        )
    )
    texts = [one.text for one in observed(found, "ui_tree") if one.trust in (Trust.READ, Trust.RECEIVED)]
    assert "The spare gauge" not in texts[0] and "The spare gauge" in texts[-1]
    assert "Dinner on Saturday" in texts[0] and "Dinner on Saturday" in texts[-1]
    assert "Thursday" not in titles(found)[-1]


def test_a_message_that_arrives_behind_another_window_is_seen_later() -> None:
    found = sights(
        desk(
            browser("inbox"),
            step(Do.OPEN, "edit", program="editor", file="a.md", holds="words"),
            step(Do.MAIL, page="letter"),
            step(Do.IDLE, seconds=20),
            step(Do.SWITCH, "look", program="browser"),
        )
    )
    told = [one for one in found if one.observation and "The spare gauge" in one.observation.text]
    assert {one.step for one in told} == {"look"}


def test_nobody_sees_a_notice() -> None:
    found = sights(
        desk(browser("search"), step(Do.NOTIFY, app="Calendar", title="Soon", text="Dentist at eleven"))
    )
    assert "Dentist" not in repr(found)


def test_switching_and_closing_bring_windows_to_the_front() -> None:
    found = sights(
        desk(
            browser("search"),
            step(Do.OPEN, "edit", program="editor", file="a.md", holds="words"),
            step(Do.SWITCH, program="browser"),
            step(Do.IDLE, seconds=3),
            step(Do.CLOSE, program="browser"),
            step(Do.IDLE, "end", seconds=3),
        )
    )
    apps = ["chromium" if "Chromium" in title else "mousepad" for title in titles(found)]
    assert apps == ["chromium", "mousepad", "chromium", "mousepad"]


def test_a_wrong_window_or_click_happens_and_is_undone() -> None:
    opened = [
        browser("news"),
        step(Do.OPEN, "edit", program="editor", file="a.md", holds="words"),
        step(Do.OPEN, "shell", program="terminal"),
    ]
    there = [step(Do.SWITCH, f"to.{n}", program=("browser", "editor", "terminal")[n % 3]) for n in range(60)]
    plain = sum(len(titles(sights(desk(*opened, *there), seed))) for seed in range(3)) / 3
    assert 63 < plain < 75  # 63 windows as written; now and then another one comes first
