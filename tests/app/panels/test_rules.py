from app.panels.rules import listed, only, owner_note
from app.tray.wire import Rule

PRIVATE = Rule("p", "Private windows", private=True, builtin=True)
BANKS = [
    Rule("b1", "Banking", url="site:bank.example", builtin=True),
    Rule("b2", "Banking", url="site:cash.example", builtin=True),
    Rule("b3", "Banking", app="gnucash", builtin=True),
]
MINE = [Rule("m1", "Mine", app="slack"), Rule("m2", "Mine", title="*diary*")]


def test_the_patterns_of_a_shipped_preset_are_one_row_that_holds_them_all() -> None:
    rows = listed([PRIVATE, *BANKS, *MINE])
    assert [cells[0] for cells, _ in rows] == ["Private windows", "Banking", "Mine", "Mine"]
    cells, rule = rows[1]
    assert rule == BANKS[0]
    assert cells[2:] == (
        "gnucash",
        "",
        "2 patterns: site:bank.example, site:cash.example",
        "",
        "",
        "built in, locked",
    )


def test_a_preset_that_can_be_switched_off_says_how() -> None:
    banks = Rule("b", "Banking", url="site:bank.example", builtin=True, switchable=True)
    assert listed([banks])[0][0][-1] == "built in, optional"
    assert "presets_off" in owner_note(banks)
    assert "cannot be removed" in owner_note(PRIVATE)
    assert owner_note(MINE[0]) == ""


def test_a_row_of_one_rule_is_as_it_was() -> None:
    assert listed([PRIVATE])[0][0] == (
        "Private windows", "Never capture", "", "", "", "yes", "", "built in, locked",
    )  # fmt: skip
    both = listed([PRIVATE, Rule("q", "Private windows", title="*(private)*", builtin=True)])
    assert both[0][0][3:6] == ("*(private)*", "", "yes")


def test_what_a_rule_asks_besides_is_said_in_words() -> None:
    rule = Rule("m", "Mine", window_class="term*", monitor="HDMI-1", full_screen=True, hours="sat-sun")
    assert only(rule) == "class term*, on HDMI-1, full screen, sat-sun"
    assert listed([rule])[0][0][6] == only(rule)
    assert only(Rule("n", "Mine", full_screen=False, sharing=True)) == "not full screen, while shared"
    assert only(Rule("o", "Mine", sharing=False)) == "while not shared"
