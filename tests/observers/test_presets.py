"""The shipped rules: each catches what it is for, none the harmless, and their names in the store stay."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import PrivacySettings
from gum.types import Effect, Rule, RuleId, WindowInfo
from observers.addresses import above
from observers.patterns import SITE, Facts, fits, part, site
from observers.presets import FOLDER, LOCKED, Preset, read, shipped, switchable, switched_off
from observers.privacy import DEFAULT_RULES, KEEP, admit, in_force, rule_name
from tests.observers.windows import HARMLESS, REFUSED, window

PRESETS = {preset.key: preset for preset in shipped()}
OPEN = [preset for preset in shipped() if not preset.locked]
EVERY = [(preset, rule) for preset in shipped() for rule in preset.rules]
FROZEN = Path(__file__).parents[1] / "fixtures" / "shipped_rules.tsv"

PAGE = window("chromium", "A page - Chromium", "https://rail.test/")
domains = st.sampled_from(
    sorted({name for _, rule in EVERY if (name := site(rule.url or "")) and "*" not in name})
)
labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


def example(rule: Rule) -> WindowInfo:
    """A window that `rule` is there for."""
    if rule.private:
        return replace(PAGE, private=True)
    if rule.app is not None:
        return window(_filled(rule.app), "Untitled")
    if rule.url is None:
        title = rule.title or ""
        return replace(PAGE, title=f"{part(title)} | Somewhere" if part(title) else _filled(title).upper())
    name = site(rule.url)
    return replace(PAGE, url=f"https://www.{name.replace('*', 'some')}/a?b" if name else _filled(rule.url))


def _filled(pattern: str) -> str:
    return pattern.replace("[[]", "[").replace("*", "some").replace("?", "-")


def test_every_pattern_catches_what_it_is_for() -> None:
    for preset, rule in EVERY:
        shown = example(rule)
        if (rule.url or "").startswith(SITE) and "*" in (rule.url or ""):
            shown = replace(shown, url=(shown.url or "").replace("://www.", "://"))
        assert fits(rule, Facts(shown)), rule
        assert preset.index.first(Facts(shown)) is not None, rule
        assert not admit(shown).allowed, rule


@pytest.mark.parametrize(("key", "shown"), REFUSED, ids=[shown.title for _, shown in REFUSED])
def test_windows_as_they_are_found_are_refused_by_their_preset(key: str, shown: WindowInfo) -> None:
    answer = admit(shown)
    assert not answer.allowed
    assert rule_name(answer.rule_id) == PRESETS[key].name


def test_every_preset_has_windows_that_it_must_refuse() -> None:
    assert {key for key, _ in REFUSED} == set(PRESETS)
    assert len(HARMLESS) >= 60


@pytest.mark.parametrize("shown", HARMLESS, ids=[shown.title for shown in HARMLESS])
def test_harmless_windows_are_let_alone(shown: WindowInfo) -> None:
    assert admit(shown).rule_id == KEEP


@given(domains, labels)
def test_look_alikes_of_listed_domains_are_not_taken_for_them(name: str, other: str) -> None:
    evil = f"{other}.evil.test"
    rule = next(rule for _, rule in EVERY if rule.url == f"{SITE}{name}")
    for address in (
        f"https://{name}.{evil}/",
        f"https://evil-{name}.{evil}/",
        f"https://{evil}/?x=://{name}/",
        f"https://{evil}/{name}",
        f"https://{name}@{evil}/",
        f"https://{name}:443@{evil}/",
        f"https://{evil}\\@{name}/",
        f"https://{evil}#@{name}",
    ):
        assert not fits(rule, Facts(replace(PAGE, url=address))), address
        found = [preset.index.first(Facts(replace(PAGE, url=address))) for preset in OPEN]
        hosts = [r for preset in OPEN for r in preset.rules if "*" in (site(r.url or "") or "")]
        alike = any(fits(r, Facts(replace(PAGE, url=address))) for r in hosts)  # "netbank.com.au.evil.test"
        assert alike or found == [None] * len(OPEN), address


@given(domains, labels, st.sampled_from(["", ":8443"]))
def test_listed_domains_are_refused_in_whatever_writing(name: str, other: str, port: str) -> None:
    for address in (
        f"https://{name}{port}/",
        f"HTTPS://{other}.{name.upper()}{port}/{other}?{other}#{other}",
        f"https://{other}:{other}@{name}./",
        f"view-source:https://{name}/",
    ):
        assert not admit(replace(PAGE, url=address)).allowed, address


def test_no_domain_lies_under_another_of_its_preset() -> None:
    for preset in shipped():
        names = {name for rule in preset.rules if (name := site(rule.url or ""))}
        assert [name for name in names if names.intersection(above(name)[1:])] == []


def test_each_word_is_written_in_one_script() -> None:
    """A Latin letter in a Cyrillic or Hebrew word would never match, and cannot be seen."""
    scripts = {"LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "HANGUL"}
    for _, rule in EVERY:
        for word in (rule.title or "").split():
            used = {unicodedata.name(sign).partition(" ")[0] for sign in word} & scripts
            assert len(used) <= 1, word


# ---- what is caught by accident


def test_only_the_encyclopedia_itself_is_spared_and_only_its_titles() -> None:
    title = "MyChart - Wikipedia - Chromium"
    wiki = "https://en.wikipedia.org/wiki/MyChart"
    assert admit(replace(PAGE, title=title, url=wiki)).allowed
    for address in (
        "https://portal.example/",
        "https://wikipedia.org.portal.example/",
        "https://wikipedia.org@portal.example/",
        f"https://web.archive.org/web/2024/{wiki}",
        f"https://mychart.hospital.example/?back={wiki}",
        "https://mychart.com/wikipedia.org",
    ):
        assert not admit(replace(PAGE, title=title, url=address)).allowed, address
    assert not admit(replace(PAGE, title="Secret - Wikipedia", url=wiki, private=True)).allowed


def test_a_spared_program_is_still_asked_for_its_address_and_private_mode() -> None:
    chat = window("slack", "design (private) - Slack")
    assert admit(chat).allowed
    assert not admit(replace(chat, private=True)).allowed
    assert not admit(replace(chat, app="slacker")).allowed
    assert not admit(replace(chat, url="https://vault.bitwarden.com/")).allowed
    assert not admit(window("gdm-password", "gdmap")).allowed


def test_only_one_extension_is_spared() -> None:
    for address in (
        "chrome-extension://nngceckbapebfimnlniiiahkandclblb/popup/index.html",
        "moz-extension://0f3a-11/popup/index.html#/tabs/vault",
        "https://x.example/?chrome-extension://eimadpbcbfnmbkopoojfekhnkhdbieeh/../extension://popup/index.html",
    ):
        assert not admit(replace(PAGE, url=address)).allowed, address


# ---- what stored counts name


def test_ids_of_what_was_shipped_before_stay_and_so_does_the_order() -> None:
    lines = [line.split("\t") for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    now = {rule.id: rule for rule in DEFAULT_RULES}
    for rule_id, name, app, title, url, private in lines:
        rule = now[rule_id]  # type: ignore[index]
        assert (rule.name, rule.app or "", rule.title or "", rule.url or "") == (name, app, title, url)
        assert str(rule.private) == private and rule.builtin
    before = [line[0] for line in lines]
    kept = set(before)
    assert [rule.id for rule in DEFAULT_RULES if rule.id in kept] == before


def test_what_a_preset_that_can_be_switched_off_refused_is_not_told() -> None:
    """Which bank, which clinic: neither the id that is counted nor the reason says it."""
    for key, shown in REFUSED:
        answer = admit(shown)
        if key not in LOCKED:
            assert answer.rule_id == f"builtin:{key}"
            assert answer.reason == f"The rule “{PRESETS[key].name}” says not to look at it."


def test_of_a_private_window_no_more_is_told_than_that() -> None:
    for _, shown in REFUSED:
        assert rule_name(admit(replace(shown, private=True)).rule_id) == "Private windows"


def test_a_pattern_that_is_no_longer_shipped_still_has_a_name() -> None:
    gone = next(rule.id for rule in PRESETS["passwords"].rules)[:-8] + "00000000"
    assert rule_name(gone) == "Password managers"  # type: ignore[arg-type]
    assert rule_name("builtin:nobody:app:x:0") == "builtin:nobody:app:x:0"  # type: ignore[arg-type]


# ---- switching off


@pytest.mark.parametrize("preset", OPEN, ids=[preset.key for preset in OPEN])
def test_a_preset_can_be_switched_off_and_the_others_hold_on(preset: Preset) -> None:
    off = switched_off([preset.key])
    assert off == (preset.off,)
    for key, shown in REFUSED:
        assert admit(shown, off).allowed == (key == preset.key), shown
    listed = in_force(off)
    assert preset.off in listed and not set(preset.rules) & set(listed)
    assert {rule.name for rule in listed} >= {other.name for other in shipped() if other != preset}


@pytest.mark.parametrize("key", LOCKED)
def test_what_guards_passwords_and_private_windows_cannot_be_switched_off(key: str) -> None:
    assert switched_off([key]) == ()
    refused = [shown for name, shown in REFUSED if name == key]
    assert not any(admit(shown, [PRESETS[key].off]).allowed for shown in refused)


def test_only_settings_switch_off_not_a_rule_that_calls_itself_so() -> None:
    forged = replace(PRESETS["banking"].off, builtin=False)
    assert not admit(replace(PAGE, url="https://chase.com/"), [forged]).allowed


def test_the_settings_know_every_preset_that_can_be_switched_off_and_no_other() -> None:
    keys = tuple(preset.key for preset in OPEN)
    assert PrivacySettings(presets_off=keys).presets_off == keys  # type: ignore[arg-type]
    for key in LOCKED:
        with pytest.raises(ValueError, match="presets_off"):
            PrivacySettings(presets_off=(key,))  # type: ignore[arg-type]
    assert keys == ("adult", "banking", "health")


# ---- reading them


def test_every_file_is_read_and_the_locked_ones_come_first() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(PRESETS)
    assert tuple(PRESETS)[: len(LOCKED)] == LOCKED
    assert all(preset.locked == (preset.key in LOCKED) for preset in shipped())


def test_a_file_becomes_a_rule_a_pattern() -> None:
    preset = read(
        "news", 'name = "News"\neffect = "text_only"\napp = ["reader"]\ndomain = ["news.example"]\n'
    )
    assert [(rule.app, rule.url) for rule in preset.rules] == [("reader", None), (None, "site:news.example")]
    assert {rule.effect for rule in preset.rules} == {Effect.TEXT_ONLY} and not preset.locked
    told = preset.index.first(Facts(replace(PAGE, url="https://news.example/x")))
    assert told is not None and told.id == "builtin:news"
    assert preset.index.first(Facts(PAGE)) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('app = ["a"]', "needs a name"),
        ('name = "N"', "no pattern"),
        ('name = "N"\napps = ["a"]', "unknown apps"),
        ('name = "N"\napp = "a"', "is no list"),
        ('name = "N"\napp = [1]', "is no pattern"),
        ('name = "N"\ntitle = ["*"]', "fits everything"),
        ('name = "N"\nprivate = "yes"', "can only be true"),
        ('name = "N"\napp = ["a", "a"]', "stands there twice"),
        ('name = "N"\ndomain = ["Bank.example"]', "no domain"),
        ('name = "N"\ndomain = ["https://bank.example/"]', "no domain"),
        ('name = "N"\neffect = "hide"\napp = ["a"]', "hide"),
        ('name = "N"\napp = ["a"]\n[spare]\ntitle = ["x"]', "and nothing else"),
        ('name = "N"\napp = ["a"]\n[spare]\napp = "x"', "is no list"),
        ('name = "N"\napp = ["a"]\n[spare]\napp = ["*"]', "fits everything"),
        ('name = "N"\napp = ["a"]\n[spare]\ndomain = ["X"]', "no domain"),
        ('name = "N"\napp = ["a"]\nspare = 1', "and nothing else"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read("news", text)


def test_only_presets_that_settings_can_end_are_switchable() -> None:
    by_id = {rule.id: preset for preset in shipped() for rule in preset.rules}
    assert {preset.locked for preset in by_id.values()} == {True, False}
    for rule_id, preset in by_id.items():
        assert switchable(rule_id) is not preset.locked
    assert not any(switchable(RuleId(name)) for name in ("builtin:keep", "mine", "banking:x", ""))
