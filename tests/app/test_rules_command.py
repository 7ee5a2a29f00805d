import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import rules_command
from app.main import _parser, main
from tests.app.living import daemon, without_display

SHIPPED = {"effect": "drop", "builtin": True, "app": None, "title": None, "url": None, "private": None}
RULES = [
    {**SHIPPED, "name": "Private windows", "private": True},
    {**SHIPPED, "name": "Banking", "url": "site:bank.example"},
    {**SHIPPED, "name": "Banking", "url": "site:cash.example"},
    {**SHIPPED, "name": "Banking", "title": "|online banking|"},
    {**SHIPPED, "name": "Mine", "builtin": False, "effect": "text_only", "app": "slack", "private": False},
]


def typed(*words: str) -> dict[str, object]:
    return rules_command.window(_parser().parse_args(["rules", "test", *words]))


def test_shipped_rules_are_a_line_a_preset_and_own_ones_a_line_each() -> None:
    assert rules_command.rule_lines(RULES, every=False) == [
        "never observed         shipped  Private windows",
        "never observed         shipped  Banking: 1 title, 2 addresses",
        "text, no picture       yours    Mine: program slack, private no",
    ]


def test_every_pattern_is_told_when_it_is_asked_for() -> None:
    lines = rules_command.rule_lines(RULES, every=True)
    assert len(lines) == len(RULES)
    assert lines[0].endswith("Private windows: private yes")
    assert lines[3].endswith("Banking: title |online banking|")


def test_the_window_is_what_was_typed_and_unknown_what_was_not() -> None:
    assert typed("--app", "chromium") == {"app": "chromium", "title": "", "url": None, "private": None}
    assert typed("--private")["private"] is True
    assert typed("--no-private", "--url", "https://rail.test/") == {
        "app": "", "title": "", "url": "https://rail.test/", "private": False,
    }  # fmt: skip


def test_what_else_was_typed_is_told_too() -> None:
    told = typed(
        "--window-class",
        "Navigator",
        "--monitor",
        "DP-1",
        "--full-screen",
        "--at",
        "sat 22:30",
        "--no-sharing",
    )
    assert told == {
        "app": "", "title": "", "url": None, "private": None, "window_class": "Navigator", "monitor": "DP-1",
        "full_screen": True, "at": "sat 22:30", "sharing": False,
    }  # fmt: skip


def test_a_new_rule_has_what_was_typed_and_no_more() -> None:
    words = ["--name", "Nights", "--effect", "blur", "--app", "slack", "--hours", "22:00-07:00", "--sharing"]
    assert rules_command.rule(_parser().parse_args(["rules", "add", *words])) == {
        "name": "Nights", "effect": "blur", "app": "slack", "hours": "22:00-07:00", "sharing": True,
    }  # fmt: skip
    line = rules_command.rule_lines(
        [{"name": "Nights", "effect": "blur", "builtin": False, "hours": "sat-sun", "full_screen": False}],
        False,
    )
    assert line == ["only its title         yours    Nights: full screen no, hours sat-sun"]


def test_the_answer_names_the_rule_and_what_was_left_unsaid() -> None:
    judged = {"allowed": False, "effect": "drop", "rule": "Banking", "reason": "So.", "rule_id": "builtin:b"}
    assert rules_command.verdict_lines(judged) == ["It would not be seen.", "  Rule: Banking", "  So."]
    unknown = {**judged, "rule_id": "builtin:unknown-private"}
    assert "--no-private" in rules_command.verdict_lines(unknown)[-1]
    seen = {**judged, "allowed": True, "effect": "text_only"}
    assert rules_command.verdict_lines(seen)[0] == "It would be seen (text, no picture)."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a daemon in which health was switched off."""
    here = tmp_path_factory.mktemp("home")
    off = {"GUMPTION_PRIVACY__PRESETS_OFF": '["health"]'}
    with daemon(here, {**without_display(), **off}):
        yield here


def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setenv("GUMPTION_HOME", str(home))
    with pytest.raises(SystemExit) as ended:
        main(["rules", *words])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_a_running_daemon_tells_its_rules_and_which_preset_is_off(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ask(home, monkeypatch, capsys)
    assert "shipped  Banking and payments: " in told
    assert "shipped  Health: switched off" in told and "Health: 1" not in told
    assert len(told.splitlines()) == 8


def test_a_rule_is_added_and_removed_and_a_wrong_one_is_refused_with_a_hint(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    window = ("test", "--json", "--app", "xterm", "--title", "x", "--at", "23:00")
    assert json.loads(ask(home, monkeypatch, capsys, *window))["allowed"]
    told = ask(
        home, monkeypatch, capsys, "add", "--name", "Nights", "--app", "xterm", "--hours", "22:00-07:00"
    )
    assert told == "never observed         yours    Nights: program xterm, hours 22:00-07:00\n"
    assert json.loads(ask(home, monkeypatch, capsys, *window))["rule"] == "Nights"
    assert ask(home, monkeypatch, capsys, "remove", "--name", "Nights").startswith("Removed: ")
    assert json.loads(ask(home, monkeypatch, capsys, *window))["allowed"]
    for words, helps in (
        (("add", "--url", "site:example.org/diary"), "site:example.org"),
        (("add", "--hours", "at night"), "22:00-07:00"),
        (("add",), "Give a program"),
        (("remove", "--name", "Nights"), "gumption rules"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["rules", *words])
        assert ended.value.code == 1
        assert helps in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (
            ("--app", "chromium", "--title", "x", "--no-private", "--url", "https://www.chase.com/a"),
            "Banking",
        ),
        (
            ("--app", "chromium", "--title", "x", "--no-private", "--url", "https://mychart.org/"),
            "Everything else",
        ),
        (
            ("--app", "chromium", "--title", "x", "--private", "--url", "https://chase.com/"),
            "Private windows",
        ),
        (("--app", "chromium", "--title", "x"), "Browser windows that may be private"),
        (("--app", "KeePassXC", "--title", "x"), "Password managers"),
    ],
)
def test_a_window_can_be_tried(
    words: tuple[str, ...],
    rule: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged = json.loads(ask(home, monkeypatch, capsys, "test", "--json", *words))
    assert judged["rule"].startswith(rule)
    assert judged["allowed"] == (rule == "Everything else")
