"""Deny by default, and denial always wins."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Effect, Region, Rule, RuleId, WindowInfo
from observers.privacy import (
    DEFAULT_RULES,
    KEEP,
    PROTECTED,
    UNKNOWN_ADDRESS,
    UNKNOWN_APP,
    UNKNOWN_PRIVATE,
    admit,
    admit_all,
    matches,
    rule_name,
)

EDITOR = WindowInfo(1, "mousepad", "notes.txt - Mousepad", 10, None, private=False)
PAGE = WindowInfo(
    2, "chromium", "Trains - Chromium", 11, None, url="https://rail.test/", private=False, browser=True
)

words = st.text("abcXYZ *?.[]!-:/äß\n", max_size=12)
maybe = st.none() | words
windows = st.builds(
    WindowInfo,
    window_id=st.just(1),
    app=words,
    title=words,
    pid=st.none(),
    region=st.none(),
    url=maybe,
    private=st.sampled_from([None, False, True]),
    browser=st.booleans(),
    instance=words,
    monitors=st.lists(words, max_size=2).map(tuple),
    full_screen=st.booleans(),
    protected=st.booleans(),
)
rules = st.builds(
    Rule,
    id=st.uuids().map(lambda u: RuleId(u.hex)),
    name=words,
    effect=st.sampled_from(Effect),
    app=maybe,
    title=maybe,
    url=maybe,
    private=st.sampled_from([None, False, True]),
    window_class=maybe,
    monitor=maybe,
    full_screen=st.sampled_from([None, False, True]),
)


def user(effect: Effect, **fields: str | bool) -> Rule:
    return Rule(RuleId("mine"), "Mine", effect, **fields)  # type: ignore[arg-type]


def test_ordinary_windows_are_kept() -> None:
    for window in (EDITOR, PAGE):
        answer = admit(window)
        assert answer.allowed and answer.effect is Effect.KEEP and answer.rule_id == KEEP and answer.reason


@given(windows, st.lists(rules, max_size=5))
def test_no_rule_of_the_person_makes_a_refused_window_visible(window: WindowInfo, own: list[Rule]) -> None:
    if not admit(window).allowed:
        assert not admit(window, own).allowed


@given(windows, st.lists(rules, max_size=5))
def test_a_drop_that_fits_always_wins(window: WindowInfo, own: list[Rule]) -> None:
    if any(rule.effect is Effect.DROP and matches(rule, window) for rule in own):
        assert not admit(window, own).allowed


@given(windows, st.lists(rules, max_size=5), st.randoms())
def test_the_order_of_rules_does_not_matter(window: WindowInfo, own: list[Rule], chance: object) -> None:
    turned = list(reversed(own))
    first, second = admit(window, own), admit(window, turned)
    assert (first.allowed, first.effect) == (second.allowed, second.effect)


@given(windows)
def test_private_and_unknown_windows_are_refused(window: WindowInfo) -> None:
    blind = window.browser and (window.private is None or window.url is None)
    if window.private or blind or window.protected or not window.app or not window.title:
        answer = admit(window)
        assert not answer.allowed and answer.effect is Effect.DROP and answer.reason


@given(windows, st.lists(rules, max_size=3))
def test_the_answer_names_a_rule_a_person_can_read(window: WindowInfo, own: list[Rule]) -> None:
    answer = admit(window, own)
    names = {rule.id: rule.name for rule in own}
    assert rule_name(answer.rule_id, own) == names.get(answer.rule_id, rule_name(answer.rule_id))
    assert answer.allowed == (answer.effect is not Effect.DROP)


def test_the_unknown_says_what_is_unknown() -> None:
    assert admit(replace(EDITOR, app="")).rule_id == UNKNOWN_APP
    assert admit(replace(EDITOR, title="")).rule_id == UNKNOWN_APP
    assert admit(replace(EDITOR, app=" ")).rule_id == UNKNOWN_APP
    assert admit(replace(EDITOR, title="\u200b\u00a0")).rule_id == UNKNOWN_APP  # nothing to be seen in it
    assert admit(replace(PAGE, private=None)).rule_id == UNKNOWN_PRIVATE
    assert admit(replace(PAGE, url=None)).rule_id == UNKNOWN_ADDRESS


def test_a_window_that_asks_not_to_be_captured_is_not_whatever_the_rules_say() -> None:
    shown = replace(EDITOR, protected=True)
    answer = admit(shown, [user(Effect.KEEP)])
    assert (answer.allowed, answer.rule_id) == (False, PROTECTED)
    assert answer.reason == "The program asks not to be captured."
    assert rule_name(PROTECTED) == "Windows that ask not to be captured"


def test_rules_by_class_monitor_and_full_screen() -> None:
    place = Region(0, 0, 10, 10)
    shown = replace(EDITOR, region=place, instance="notes", monitors=("HDMI-1", "eDP-1"), full_screen=True)
    for fields in (
        {"window_class": "NOTES"}, {"window_class": "mouse*"}, {"monitor": "hdmi-*"}, {"monitor": "edp-1"},
        {"full_screen": True}, {"monitor": "HDMI-1", "full_screen": True, "app": "mousepad"},
    ):  # fmt: skip
        assert not admit(shown, [user(Effect.DROP, **fields)]).allowed, fields
    for fields in (
        {"window_class": "note"}, {"monitor": "HDMI-2"}, {"full_screen": False},
        {"monitor": "HDMI-1", "full_screen": False}, {"window_class": "notes", "app": "gedit"},
    ):  # fmt: skip
        assert admit(shown, [user(Effect.DROP, **fields)]).allowed, fields


def test_a_window_of_which_it_is_not_known_on_which_monitor_it_lies_may_lie_on_this_one() -> None:
    rule = user(Effect.DROP, monitor="HDMI-1")
    assert not admit(replace(EDITOR, region=Region(0, 0, 10, 10)), [rule]).allowed
    assert not admit(replace(EDITOR, region=None), [rule]).allowed  # nor does its place have to be known
    notice = replace(EDITOR, window_id=0, region=None)  # what has no place at all, a file, too, lies on none
    assert admit(notice, [rule]).allowed


def test_a_window_of_which_nobody_tells_its_place_may_fill_the_screen() -> None:
    """So accessibility tells them on Wayland."""
    unknown = replace(EDITOR, region=None, monitors=())
    for full_screen in (True, False):
        rule = user(Effect.DROP, full_screen=full_screen)
        assert not admit(unknown, [rule]).allowed
        assert admit(replace(unknown, window_id=0), [rule]).allowed is full_screen  # no window at all
        elsewhere = replace(unknown, monitors=("HDMI-1",), full_screen=not full_screen)
        assert admit(elsewhere, [rule]).allowed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("app", name)
            for name in ("KeePassXC", "bitwarden", "1Password", "seahorse", "Enpass", "gumption")
        ),
        *(
            ("app", name)
            for name in ("pinentry-gtk-2", "polkit-gnome-authentication-agent-1", "xscreensaver")
        ),
        *(("title", name) for name in ("Gumption", "My vault - Bitwarden", "KeePassXC - passwords.kdbx")),
        *(("title", name) for name in ("Password Manager - Settings", "Gestor de contraseñas - Ajustes")),
    ],
)
def test_shipped_rules_refuse_secrets_and_our_own_windows(field: str, value: str) -> None:
    window = replace(EDITOR, app=value.lower()) if field == "app" else replace(EDITOR, title=value)
    assert not admit(window).allowed
    assert not admit(window, [user(Effect.KEEP)]).allowed


@pytest.mark.parametrize(
    "url",
    [
        "https://vault.bitwarden.com/#/vault",
        "https://vault.bitwarden.eu/",
        "https://passwords.google.com/options",
        "chrome://password-manager/passwords",
        "https://my.1password.com/vaults",
        "https://lastpass.com/vault",
        "about:logins",
        "edge://settings/passwords",
    ],
)
def test_password_sites_are_refused_whatever_their_title(url: str) -> None:
    assert not admit(replace(PAGE, url=url)).allowed


def test_patterns_ignore_case_and_must_fit_the_whole() -> None:
    assert matches(user(Effect.DROP, title="*BANK*"), replace(PAGE, title="My bank - Chromium"))
    assert not matches(user(Effect.DROP, title="bank"), replace(PAGE, title="My bank"))
    assert not matches(user(Effect.DROP, url="*bank*"), replace(PAGE, url=None))


def test_the_strictest_effect_of_the_persons_rules_holds() -> None:
    text_only, keep = user(Effect.TEXT_ONLY, app="mousepad"), user(Effect.KEEP, title="*notes*")
    assert admit(EDITOR, [keep, text_only]).effect is Effect.TEXT_ONLY
    assert admit(EDITOR, [keep]).effect is Effect.KEEP


def test_of_several_documents_in_one_window_the_strictest_answer_holds() -> None:
    rule = user(Effect.DROP, url="*clinic*")
    assert admit_all(PAGE, ["https://rail.test/"], [rule]).allowed
    assert not admit_all(PAGE, ["https://rail.test/", "https://clinic.test/"], [rule]).allowed


def test_what_is_said_of_a_window_holds_for_its_dialogs() -> None:
    bank = replace(EDITOR, window_id=3, title="Accounts | Online Banking")
    unnamed, asking = replace(EDITOR, title=""), replace(EDITOR, title="Confirm")
    assert admit_all(asking, ()).allowed
    assert admit_all(replace(asking, owners=(unnamed, EDITOR)), ()).allowed
    assert not admit_all(replace(asking, owners=(EDITOR, bank)), ()).allowed
    names_only = user(Effect.BLUR, title="*notes*")
    assert admit_all(replace(asking, owners=(EDITOR,)), (), [names_only]).effect is Effect.BLUR


def test_shipped_rules_have_ids_of_their_own_and_names() -> None:
    assert len({rule.id for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)
    assert all(rule.builtin and rule.name for rule in DEFAULT_RULES)


def test_a_shipped_rule_holds_even_when_it_is_handed_in_weakened() -> None:
    weak = [replace(rule, effect=Effect.KEEP) for rule in DEFAULT_RULES]
    assert not admit(replace(PAGE, private=True), weak).allowed
