"""The clipboard source: what may be read is, and what may not is never asked for."""

import time
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib.protocol import event

from app.desktop import VirtualDesktop, chromium_argv
from gum.types import Effect, Rule, RuleId, Trust, WindowInfo
from observers.bell import Bell
from observers.clipboard import FOLD, Clipboard, again, bare_secret, secret
from observers.gate import Gate
from observers.selection import Selection
from observers.watch import Watch
from observers.window import X11Windows
from tests.builders import observation
from tests.observers.copier import TARGETS, Copier
from tests.observers.recorder import Paused, Recorder, Rules, never, no_rules, wait_for, watching

HINT = "x-kde-passwordManagerHint"


@pytest.mark.parametrize(
    "targets",
    [[], ["UTF8_STRING", HINT], [HINT.lower()], ["application/x-nspasteboard-concealed-type", "STRING"]],
)
def test_a_copy_that_is_marked_or_says_nothing_of_itself_is_secret(targets: list[str]) -> None:
    assert secret(targets)
    assert not secret(["TARGETS", *TARGETS])


@pytest.mark.parametrize(
    "text",
    [
        *("hunter2", "xK9#mQ2$vL", "482913", "1234", " 0b7c2e \n", "пароль1"),
        *("482 913", "482-913", "4711 4711", "123456789", "123 456 789"),
        *(
            "/x9Kq2!z",
            "./Abc9!x",
            "k9:J://x",
            "9k://x1",
            "https://anna:pa55@x.test/",
            "ssh://anna:pa55@x.test",
        ),
        *("WIFI:T:WPA;S:x;P:hunter2 z;;", "otpauth://totp/Mail:anna?secret=JBSWY3DP"),
        *("hunter2\nxK9#mQ2$vL", "4711 4711\n\n4712 4712\n"),
    ],
)
def test_one_word_that_may_be_a_password_or_a_code_is(text: str) -> None:
    assert bare_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Lunch", "Lunch at 13:00", "14:30", "2026-11-23", "3.5", "+49 30 901820", "1,299.00", "19%"),
        *("https://x.test/a?b=1", "www.x2.test", "/home/anna/plan2.txt", "~/a1", "anna2@example.org"),
        *("/home/x2", "./src/a1.py", "file:///home/anna/x2", "http://localhost:8080/", "ssh://box2"),
        *("Lunch\n13:00", "Ask for\nhunter2"),
    ],
)
def test_words_addresses_paths_and_numbers_are_not(text: str) -> None:
    assert not bare_secret(text)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert bare_secret(text) in (True, False)


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_copy_goes_on_only_in_its_own_window_and_for_a_while() -> None:
    window = WindowInfo(1, "tally", "Plan", None, None, "https://x.test/a")
    last = replace(observation("words", id="c1", at=NOON, app="tally", title="Plan"), url=window.url)
    later = last.until + FOLD
    assert again(last, window, "words", later) == replace(last, until=later)
    assert again(last, window, "words", later + timedelta(seconds=1)) is None
    assert again(last, window, "other words", later) is None
    assert again(None, window, "words", later) is None
    for other in ({"app": "mail"}, {"title": "Diary"}, {"url": "https://x.test/b"}):
        assert again(last, replace(window, **other), "words", later) is None  # type: ignore[arg-type]


def reading(
    desktop: VirtualDesktop, rules: Rules = no_rules, paused: Paused = never
) -> AbstractContextManager[tuple[Watch, Recorder]]:
    """All sources and this one, at work on a desktop."""

    def clipboard(watch: Watch, recorder: Recorder) -> Clipboard:
        return Clipboard(Gate(recorder, rules, paused), watch.readable, desktop.display)

    return watching(desktop, rules, paused, more=clipboard)


def copied(recorder: Recorder) -> list[str]:
    return [found.text for found in recorder.observations if found.source == "clipboard"]


def in_front(desktop: VirtualDesktop, watch: Watch, copier: Copier) -> None:
    """Brings its window to the front, and waits until that is known."""
    assert wait_for(lambda: copier.window in desktop.windows())
    desktop.activate(copier.window)
    assert wait_for(lambda: (now := watch.current()) is not None and now[0].window_id == copier.window)


@pytest.mark.desktop
def test_what_is_copied_in_the_window_in_front_is_read_once(desktop: VirtualDesktop) -> None:
    with reading(desktop) as (watch, recorder), Copier(desktop.display, "Plan of the week") as copier:
        in_front(desktop, watch, copier)
        copier.copy("Ask Maria about the tram line")
        assert wait_for(lambda: copied(recorder) == ["Ask Maria about the tram line"])
        (first,) = [found for found in recorder.observations if found.source == "clipboard"]
        assert (first.app, first.title, first.trust) == ("tally", "Plan of the week", Trust.READ)
        copier.copy("Ask Maria about the tram line")
        assert wait_for(lambda: copier.asked.count("UTF8_STRING") == 2)
        copier.copy("Another line")
        assert wait_for(lambda: copied(recorder) == ["Ask Maria about the tram line", "Another line"])
        health = watch.health()[-1]
        assert (health.name, health.state, health.last_at is not None) == ("clipboard", "running", True)


def never_asked(copier: Copier, recorder: Recorder) -> None:
    """That the text is not asked for, however long one waits."""
    time.sleep(1.0)
    assert not {"UTF8_STRING", "STRING", *TARGETS}.intersection(copier.asked)
    assert copied(recorder) == [] and "unicorn" not in recorder.everything()


@pytest.mark.desktop
@pytest.mark.parametrize("rule", ["shipped", "own", "blur"])
def test_what_is_copied_in_a_refused_window_is_not_even_asked_for(desktop: VirtualDesktop, rule: str) -> None:
    effect = Effect.BLUR if rule == "blur" else Effect.DROP
    rules = [] if rule == "shipped" else [Rule(RuleId("r1"), "Not this", effect, app="tally")]
    title = "My vault - Bitwarden" if rule == "shipped" else "Plan"
    with reading(desktop, lambda: rules) as (watch, recorder), Copier(desktop.display, title) as copier:
        in_front(desktop, watch, copier)
        copier.copy("unicorn of the week")
        never_asked(copier, recorder)
        assert copier.asked == []  # not even what it is


@pytest.mark.desktop
def test_a_copy_marked_as_secret_is_never_read(desktop: VirtualDesktop) -> None:
    with (
        reading(desktop) as (watch, recorder),
        Copier(desktop.display, "Plan", offers=(*TARGETS, HINT)) as copier,
    ):
        in_front(desktop, watch, copier)
        copier.copy("unicorn of the week")
        assert wait_for(lambda: copier.asked == ["TARGETS"])
        never_asked(copier, recorder)
        assert HINT not in copier.asked


@pytest.mark.desktop
def test_what_a_program_without_the_front_window_copies_is_not_read(desktop: VirtualDesktop) -> None:
    """As a password tool does that is run in a terminal: the terminal may be looked at, its copy not."""
    with (
        reading(desktop) as (watch, recorder),
        Copier(desktop.display, "Plan") as shown,
        Copier(desktop.display) as hidden,
        Copier(desktop.display, "Other plan") as behind,
    ):
        assert wait_for(lambda: behind.window in desktop.windows())
        in_front(desktop, watch, shown)
        for copier in (hidden, behind):
            copier.copy("unicorn of the week")
            never_asked(copier, recorder)
            assert copier.asked == []


@pytest.mark.desktop
def test_nothing_is_read_during_a_pause_and_a_password_alone_is_not_kept(desktop: VirtualDesktop) -> None:
    paused = [False]
    with (
        reading(desktop, paused=lambda: paused[0]) as (watch, recorder),
        Copier(desktop.display, "Plan") as copier,
    ):
        in_front(desktop, watch, copier)
        copier.copy("unicorn77")
        assert wait_for(lambda: "UTF8_STRING" in copier.asked)
        copier.asked.clear()
        paused[0] = True
        copier.copy("unicorn of the week")
        never_asked(copier, recorder)


@pytest.mark.desktop
def test_what_comes_to_the_front_while_it_looks_ends_it(desktop: VirtualDesktop) -> None:
    recorder = Recorder()
    with Copier(desktop.display, "Plan") as copier, Copier(desktop.display, "Other") as other:
        for each in (copier, other):
            assert wait_for(lambda c=each: c.window in desktop.windows())
        comes = [True]

        def front(_: X11Windows) -> WindowInfo:
            """Sees the window that was in front when it began to look."""
            if comes[0]:
                desktop.activate(other.window)
            return WindowInfo(copier.window, "tally", "Plan", None, None, private=False)

        source = Clipboard(Gate(recorder, lambda: (), lambda: False), front, desktop.display)
        source.start()
        try:
            assert wait_for(lambda: source.health().detail == "")
            desktop.activate(copier.window)
            copier.copy("unicorn of the week")
            never_asked(copier, recorder)
            comes[0] = False
            copier.copy("Plan of the week")
            assert wait_for(lambda: copied(recorder) == ["Plan of the week"])
        finally:
            source.stop()


class Overtaken(Copier):
    """Somebody else takes the clipboard while it is asked for `form`."""

    form = ""
    other: Copier | None = None

    def _answer(self, asked: event.SelectionRequest) -> None:
        if self.other is not None and self._x.get_atom_name(asked.target) == self.form:
            self.other.copy("unicorn of the week")
        super()._answer(asked)


@pytest.mark.desktop
@pytest.mark.parametrize("form", ["TARGETS", "UTF8_STRING"])
def test_what_was_read_while_another_took_the_clipboard_is_dropped(
    desktop: VirtualDesktop, form: str
) -> None:
    recorder = Recorder()
    copier = Overtaken(desktop.display, "Plan")
    with copier, Copier(desktop.display) as other:
        shown = WindowInfo(copier.window, "tally", "Plan", None, None, private=False)
        source = Clipboard(Gate(recorder, lambda: (), lambda: False), lambda _: shown, desktop.display)
        source.start()
        try:
            assert wait_for(lambda: source.health().detail == "")
            copier.form, copier.other = form, other
            copier.copy("Plan of the week")
            assert wait_for(lambda: form in copier.asked)
            never_asked(other, recorder)
            assert other.asked == [] and copier.asked[-1] == form
        finally:
            source.stop()


@pytest.mark.desktop
@pytest.mark.parametrize("effect", [Effect.DROP, Effect.BLUR])
def test_a_rule_that_came_since_the_front_was_judged_holds(desktop: VirtualDesktop, effect: Effect) -> None:
    rules: list[Rule] = []
    recorder = Recorder()
    with Copier(desktop.display, "Plan") as copier:
        shown = WindowInfo(copier.window, "tally", "Plan", None, None, private=False)
        gate = Gate(recorder, lambda: rules, lambda: False)
        source = Clipboard(gate, lambda _: shown, desktop.display)
        source.start()
        try:
            assert wait_for(lambda: source.health().detail == "")
            copier.copy("Plan of the week")
            assert wait_for(lambda: copied(recorder) == ["Plan of the week"])
            copier.asked.clear()
            rules.append(Rule(RuleId("r1"), "Not this", effect, app="tally"))
            copier.copy("unicorn of the week")
            time.sleep(1.0)
            assert copier.asked == []
        finally:
            source.stop()


@pytest.mark.desktop
def test_marked_text_is_not_asked_for(desktop: VirtualDesktop) -> None:
    with reading(desktop) as (watch, recorder), Copier(desktop.display, "Plan") as copier:
        in_front(desktop, watch, copier)
        copier.copy("unicorn of the week", "PRIMARY")
        never_asked(copier, recorder)
        assert copier.asked == []


@pytest.mark.desktop
def test_a_real_editor(desktop: VirtualDesktop, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("Two loaves for Saturday\n")
    with reading(desktop) as (watch, recorder):
        desktop.launch(["mousepad", str(file)])
        window = desktop.wait_window("*list.txt*")
        desktop.activate(window)
        assert wait_for(lambda: (now := watch.current()) is not None and now[0].window_id == window)
        assert wait_for(lambda: any("loaves" in found.text for found in recorder.observations))
        desktop.key("ctrl+a", "ctrl+c")
        assert wait_for(lambda: copied(recorder) == ["Two loaves for Saturday"])


PAGE = "<title>{0}</title><textarea rows=8 autofocus>{1}</textarea>"


@pytest.mark.desktop
def test_a_real_browser_and_its_private_window(desktop: VirtualDesktop, tmp_path: Path) -> None:
    plain, hidden = tmp_path / "plain.html", tmp_path / "hidden.html"
    plain.write_text(PAGE.format("Trams", "The tram to the fair leaves at noon"))
    hidden.write_text(PAGE.format("Presents", "unicorn for the birthday"))
    profile = tmp_path / "profile"
    with reading(desktop) as (watch, recorder):
        desktop.launch(chromium_argv(plain.as_uri(), profile))
        assert wait_for(
            lambda: any("tram" in f.text and f.source == "ui_tree" for f in recorder.observations)
        )
        desktop.key("ctrl+a", "ctrl+c")
        assert wait_for(lambda: copied(recorder) == ["The tram to the fair leaves at noon"])
        (found,) = [found for found in recorder.observations if found.source == "clipboard"]
        assert found.url == plain.as_uri()
        desktop.launch(chromium_argv(hidden.as_uri(), profile, "--incognito"))
        assert wait_for(lambda: (now := watch.current()) is not None and now[0].private is True)
        selection = Selection(desktop.display)  # knows that it was copied, by reading it
        try:
            for _ in range(5):
                desktop.key("ctrl+a", "ctrl+c")
                time.sleep(0.7)
            copy = selection.wait(Bell())
            assert copy is not None and selection.text(copy) == "unicorn for the birthday"
        finally:
            selection.close()
        assert "unicorn" not in recorder.everything()
        assert len(copied(recorder)) == 1


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    source = Clipboard(Gate(Recorder(), lambda: (), lambda: False), lambda _: None)
    source.start()
    try:
        assert wait_for(lambda: source.health().state == "unavailable")
        assert source.health().hint
    finally:
        source.stop()
