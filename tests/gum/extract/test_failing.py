from datetime import timedelta

import pytest

from gum.extract.failing import extract
from gum.types import Observation, Trust
from tests.builders import NOON, observation

UNITTEST = (
    "$ python3 -m unittest test_flow\nF\nFAIL: test_flow_rate (test_flow.TestFlow.test_flow_rate)\n"
    "Traceback (most recent call last):\nAssertionError: 1.4 != 1.2\nRan 1 test in {}s\nFAILED (failures=1)"
)


def ran(text: str, minute: float = 0, trust: Trust = Trust.ACTED_ON) -> Observation:
    return observation(
        text, title="robin@desk: ~", app="xterm", trust=trust, at=NOON + timedelta(minutes=minute)
    )


def seen(*observations: Observation) -> list[str]:
    return [d.text for d in extract(observations)]


def test_a_test_that_fails_twice_is_what_one_struggles_with() -> None:
    runs = [ran(UNITTEST.format(0.001)), ran(UNITTEST.format(0.002), 2)]
    assert seen(*runs) == ["Struggles with test_flow_rate"]
    assert seen(runs[0]) == []


def test_scrollback_that_shows_the_same_run_again_is_one_run() -> None:
    assert seen(*(ran(UNITTEST.format(0.001), n) for n in range(5))) == []


def test_the_same_output_twice_on_one_screen_is_two_runs() -> None:
    assert seen(ran(UNITTEST.format(0.001)), ran(UNITTEST.format(0.001))) == ["Struggles with test_flow_rate"]
    screen = "robin@desk:~/x$ make\nmake: *** [all] Error 2\nrobin@desk:~/x$ make\nmake: *** [all] Error 2"
    assert seen(ran(screen)) == ["Struggles with make"]


@pytest.mark.parametrize(
    ("command", "failure", "thing"),
    [
        ("pytest", "FAILED tests/test_x.py::test_y - AssertionError", "tests/test_x.py::test_y"),
        ("cargo test", "test parser::empty ... FAILED", "parser::empty"),
        ("go test ./...", "--- FAIL: TestParse (0.00s)", "TestParse"),
        ("npm run build", "npm ERR! code ELIFECYCLE", "npm run build"),
        ("cargo build", "error[E0382]: borrow of moved value", "cargo build"),
        ("gti status", "bash: gti: command not found", "gti status"),
        ("./run", "Segmentation fault (core dumped)", "./run"),
        ("python3 main.py", "ValueError: bad", "python3 main.py"),
        ("gcc x.c", "x.c:3:1: fatal error: y.h: No such file", "gcc x.c"),
    ],
)
def test_failures_of_many_tools_are_recognised(command: str, failure: str, thing: str) -> None:
    assert seen(ran(f"$ {command}\none\n{failure}"), ran(f"$ {command}\ntwo\n{failure}", 1)) == [
        f"Struggles with {thing}"
    ]


def test_what_has_worked_since_is_no_trouble_any_more() -> None:
    runs = [
        ran("$ make\na\nmake: *** Error 1"),
        ran("$ make\nb\nmake: *** Error 1", 1),
        ran("$ make\nall good", 2),
    ]
    assert seen(*runs[:2]) == ["Struggles with make"]
    assert seen(*runs) == []


@pytest.mark.parametrize(
    "text",
    [
        "$ grep Error log\nError: x",
        "$ pytest\n3 passed in 0.1s",
        "$ make",
        "the test FAILED again",
        "Total: $ 12 failed",
    ],
)
def test_looking_at_errors_and_prose_about_them_are_no_failures(text: str) -> None:
    assert seen(ran(text), ran(text + "\nmore", 1)) == []


def test_somebody_elses_terminal_on_a_page_is_not_the_persons() -> None:
    assert seen(ran(UNITTEST.format(1), 0, Trust.READ), ran(UNITTEST.format(2), 1, Trust.READ)) == []
