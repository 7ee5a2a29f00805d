"""Walking a desk: what is in front, and what can be seen there."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.desks.course import scenes, seen
from app.desks.load import load
from app.desks.places import Malformed
from app.desks.types import Desk, Do, Program, Session, Step
from tests.app.desks.gardener import folder


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return load(folder(tmp_path))


def _with(desk: Desk, *sessions: list[tuple[Do, dict[str, object]]]) -> Desk:
    """The desk, with other sessions; their steps are called a1, a2, ..., b1, ..."""
    made = []
    for letter, steps in zip("abcd", sessions, strict=False):
        named = tuple(Step(f"{letter}{i}", do, fields) for i, (do, fields) in enumerate(steps, 1))
        made.append(Session(desk.sessions[0].begins, named))
    return replace(desk, sessions=tuple(made), secrets=())


def test_the_scenes_of_a_desk_say_what_is_in_front(desk: Desk) -> None:
    found = [(scene.step.id, scene.session, scene.program, scene.page) for scene in scenes(desk)]
    assert found == [
        ("open-talk", 0, Program.EDITOR, None),
        ("s1.2", 0, Program.EDITOR, None),
        ("s1.3", 0, Program.EDITOR, None),
        ("s1.4", 0, Program.BROWSER, "news"),
        ("read-news", 0, Program.BROWSER, "news"),
        ("s1.6", 0, Program.BROWSER, "pay-page"),
        ("pay", 0, Program.BROWSER, "pay-page"),
        ("press", 0, Program.BROWSER, "club"),
        ("s2.1", 1, Program.TERMINAL, None),
        ("s2.2", 1, Program.TERMINAL, None),
    ]


def test_words_are_seen_where_they_stand(desk: Desk) -> None:
    shown = seen(desk)
    assert "cruise to Madeira" in shown["read-news"]
    assert "cruise to Madeira" not in shown["s1.6"]
    assert "Documents/bulb-talk.md" in shown["s1.2"]
    assert "Bulbs in pots" in shown["s1.2"]
    assert "4111 1111 1111 1111" not in shown["s1.6"]
    assert "4111 1111 1111 1111" in shown["pay"]
    assert "4111 1111 1111 1111" not in shown["press"]  # the next page has no such field
    assert "The bulb club" in shown["press"]


def test_a_message_stands_in_the_inbox_once_it_has_come(desk: Desk) -> None:
    inbox = replace(desk.pages["letter"], id="inbox", kind="mail.inbox", fields={})
    walked = _with(
        replace(desk, pages={**desk.pages, "inbox": inbox}),
        [
            (Do.OPEN, {"program": "browser", "page": "inbox"}),
            (Do.MAIL, {"page": "letter"}),
            (Do.CLICK, {"name": "moss", "page": "letter"}),
        ],
    )
    shown = seen(walked)
    assert "Moss" not in shown["a1"]
    assert "Moss" in shown["a2"]
    assert "Will you speak" in shown["a3"]


def test_a_message_that_has_not_come_cannot_be_clicked_on(desk: Desk) -> None:
    inbox = replace(desk.pages["letter"], id="inbox", kind="mail.inbox", fields={})
    walked = _with(
        replace(desk, pages={**desk.pages, "inbox": inbox}),
        [
            (Do.OPEN, {"program": "browser", "page": "inbox"}),
            (Do.CLICK, {"name": "moss", "page": "letter"}),
        ],
    )
    with pytest.raises(Malformed, match="no button or link") as caught:
        seen(walked)
    assert caught.value.path == ("sessions", 0, "steps", 1, "name")


def test_a_file_keeps_what_was_typed_into_it(desk: Desk) -> None:
    editor: dict[str, object] = {"program": "editor", "file": "a.txt"}
    shown = seen(
        _with(
            desk,
            [
                (Do.OPEN, {**editor, "holds": "one "}),
                (Do.TYPE, {"text": "two "}),
                (Do.SAVE, {}),
                (Do.CLOSE, {"program": "editor"}),
                (Do.OPEN, editor),
                (Do.TYPE, {"text": "three"}),
            ],
            [(Do.OPEN, editor)],
            [(Do.OPEN, {**editor, "holds": "new"})],
        )
    )
    assert shown["a5"] == "a.txt\none two "
    assert shown["a6"] == "three\na.txt\none two three"
    assert shown["b1"] == "a.txt\none two "  # what was not saved was lost with the session
    assert shown["c1"] == "a.txt\nnew"


def test_all_that_was_rewritten_is_seen_and_the_last_of_it_stays(desk: Desk) -> None:
    shown = seen(
        _with(
            desk,
            [
                (Do.OPEN, {"program": "office", "file": "a.odt"}),
                (Do.REVISE, {"texts": ("perhaps", "surely")}),
                (Do.READ, {}),
            ],
        )
    )
    assert shown["a2"] == "perhaps\nsurely\na.odt\nsurely"
    assert shown["a3"] == "a.odt\nsurely"


def test_typing_goes_on_where_the_cursor_is_until_another_page_comes(desk: Desk) -> None:
    steps: list[tuple[Do, dict[str, object]]] = [
        (Do.OPEN, {"program": "browser", "page": "pay-page"}),
        (Do.TYPE, {"field": "name", "text": "Jo "}),
        (Do.TYPE, {"text": "Fern"}),
        (Do.VISIT, {"page": "pay-page"}),
    ]
    shown = seen(_with(desk, steps))
    assert "Jo Fern" in shown["a3"]
    assert "Jo" not in shown["a4"]
    with pytest.raises(Malformed, match="does not say where"):
        seen(_with(desk, [*steps, (Do.TYPE, {"text": "Fern"})]))


def test_closing_brings_back_what_was_in_front_before(desk: Desk) -> None:
    steps: list[tuple[Do, dict[str, object]]] = [
        (Do.OPEN, {"program": "terminal"}),
        (Do.OPEN, {"program": "files", "folder": "Documents"}),
        (Do.OPEN, {"program": "private", "page": "news"}),
        (Do.SWITCH, {"program": "terminal"}),
        (Do.CLOSE, {"program": "terminal"}),
        (Do.CLOSE, {"program": "private"}),
        (Do.CLOSE, {"program": "files"}),
    ]
    programs = [scene.program for scene in scenes(_with(desk, steps))]
    assert programs == [
        Program.TERMINAL,
        Program.FILES,
        Program.PRIVATE,
        Program.TERMINAL,
        Program.PRIVATE,
        Program.FILES,
        None,
    ]


def test_a_session_begins_with_nothing_open(desk: Desk) -> None:
    walked = _with(desk, [(Do.OPEN, {"program": "terminal"})], [(Do.RUN, {"command": "ls"})])
    with pytest.raises(Malformed, match="no window open") as caught:
        list(scenes(walked))
    assert caught.value.path == ("sessions", 1, "steps", 0)


def test_a_terminal_keeps_its_lines(desk: Desk) -> None:
    shown = seen(
        _with(
            desk,
            [
                (Do.OPEN, {"program": "terminal"}),
                (Do.RUN, {"command": "make", "output": "done"}),
                (Do.RUN, {"command": "make test"}),
            ],
        )
    )
    assert shown["a3"].endswith("make\ndone\nmake test")


def test_a_notice_is_seen_whatever_is_in_front_and_nobody_sees_anything_while_away(desk: Desk) -> None:
    shown = seen(
        _with(
            desk,
            [
                (Do.NOTIFY, {"app": "Printers", "title": "Stopped", "text": "No paper"}),
                (Do.OPEN, {"program": "browser", "page": "news"}),
                (Do.IDLE, {"seconds": 60}),
            ],
        )
    )
    assert shown["a1"] == "Printers\nStopped\nNo paper"
    assert shown["a3"] == ""


def test_a_field_of_a_page_of_ones_own_is_named_by_its_label(desk: Desk) -> None:
    open_club = (Do.OPEN, {"program": "browser", "page": "club"})
    assert "tulip" in seen(_with(desk, [open_club, (Do.TYPE, {"field": "bulb club", "text": "tulip"})]))["a2"]
    with pytest.raises(Malformed, match='has no field "password"'):
        seen(_with(desk, [open_club, (Do.TYPE, {"field": "password", "text": "tulip"})]))
