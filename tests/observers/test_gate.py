from dataclasses import replace

import pytest

from gum.types import Effect, Observation, Rule, RuleId, Trust, WindowInfo
from observers.base import REPORTED
from observers.gate import Gate
from tests.builders import observation
from tests.observers.recorder import Recorder

SEEN = replace(
    observation("three pages of it", id="n1", app="Editor", trust=Trust.ACTED_ON),
    title="plan.txt",
    source="files",
)


def passed(found: Observation, *rules: Rule, paused: bool = False) -> tuple[bool, Recorder]:
    recorder = Recorder()
    gate = Gate(recorder, lambda: rules, lambda: paused)
    return gate.put(found), recorder


def test_what_no_rule_speaks_against_goes_on_as_it_is() -> None:
    let, recorder = passed(SEEN)
    assert let
    assert recorder.observations == [SEEN]


@pytest.mark.parametrize(
    "found",
    [
        replace(SEEN, app="KeePassXC"),
        replace(SEEN, title="Vault - Bitwarden"),
        replace(SEEN, url="https://vault.bitwarden.com/#/vault"),
        replace(SEEN, app="gumption"),
        replace(SEEN, app=""),
        replace(SEEN, title=""),
    ],
)
def test_shipped_rules_hold_and_what_does_not_say_what_it_is_is_refused(found: Observation) -> None:
    let, recorder = passed(found)
    assert not let
    assert recorder.observations == []
    assert len(recorder.exclusions) == 1
    assert "three pages" not in recorder.everything()
    assert "plan.txt" not in recorder.everything()


def test_the_persons_rules_hold_too() -> None:
    drop = Rule(RuleId("r1"), "No plans", Effect.DROP, title="plan*")
    assert not passed(SEEN, drop)[0]
    blur = Rule(RuleId("r2"), "Names only", Effect.BLUR, app="editor")
    let, recorder = passed(SEEN, blur)
    assert let
    assert recorder.observations == [replace(SEEN, text="plan.txt")]


def test_nothing_passes_while_paused_and_nothing_is_told_of_it() -> None:
    let, recorder = passed(SEEN, paused=True)
    assert (let, recorder.observations, recorder.exclusions) == (False, [], [])


def test_a_program_that_is_refused_again_and_again_is_told_of_once() -> None:
    recorder = Recorder()
    gate = Gate(recorder, lambda: (), lambda: False)
    for n in range(5):
        gate.put(replace(SEEN, app="keepassxc", id=SEEN.id + str(n)))
    gate.put(replace(SEEN, app="bitwarden"))
    assert [e.app for e in recorder.exclusions] == ["keepassxc", "bitwarden"]


def test_what_is_remembered_of_refusals_is_bounded() -> None:
    recorder = Recorder()
    gate = Gate(recorder, lambda: (), lambda: False)
    for n in (*range(REPORTED), 0, 1, REPORTED, 1, 0):  # one too many, and the first is forgotten
        gate.put(replace(SEEN, app=f"p{n}", title=""))
    assert len(recorder.exclusions) == REPORTED + 2
    assert [e.app for e in recorder.exclusions[-2:]] == [f"p{REPORTED}", "p0"]


def test_a_source_may_ask_before_it_reads_and_a_refusal_is_counted() -> None:
    recorder = Recorder()
    gate = Gate(recorder, lambda: (), lambda: False)
    window = WindowInfo(1, "editor", "plan.txt", None, None, private=False)
    assert gate.judge(window).allowed
    assert not gate.judge(replace(window, app="keepassxc")).allowed
    assert not gate.judge(replace(window, private=None, browser=True)).allowed
    assert [e.app for e in recorder.exclusions] == ["keepassxc", "editor"]
    assert recorder.observations == []
