from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from app.panels.scope_form import NOT_READ, ScopeForm
from gum.grants import PRESETS, Part, Right, Scope, from_json

ODD = Scope(
    types=frozenset({"learning"}), topics=("work, at home", "thesis"), no_apps=frozenset({"keepassxc"}),
    max_age=timedelta(hours=36),
)  # fmt: skip


def put(
    qtbot: QtBot, scope: Scope | None, asked: Scope | None = None
) -> tuple[ScopeForm, list[dict[str, object]]]:
    form = ScopeForm("Claude", scope, asked=asked)
    qtbot.addWidget(form)
    form.present()
    saved: list[dict[str, object]] = []
    form.saved.connect(saved.append)
    return form, saved


def given(saved: list[dict[str, object]]) -> Scope:
    told = saved[-1]["scope"]
    assert isinstance(told, dict)
    return from_json(told)


@pytest.mark.parametrize("scope", [Scope(), ODD, *(preset.scope for preset in PRESETS.values())])
def test_what_was_not_touched_stays_to_the_letter(qtbot: QtBot, scope: Scope) -> None:
    form, saved = put(qtbot, scope)
    form.save_button.click()
    assert given(saved) == scope and "days" not in saved[0]


def test_everything_can_be_changed(qtbot: QtBot) -> None:
    form, saved = put(qtbot, ODD)
    form.rights[Right.ACT].click()
    form.parts[Part.QUOTES].click()
    form.types.click()
    form.topics.setText(" travel ,, thesis ")
    form.no_topics.setText("health")
    form.apps.setText("Code")
    form.no_apps.setText("")
    form.sensitive.click()
    form.real_names.click()
    form.age.setValue(7)
    form.until.setCurrentIndex(form.until.findData(30))
    assert "Real names are shown" in form.summary.text() and "at most 7 days old" in form.summary.text()
    form.save_button.click()
    assert given(saved) == Scope(
        frozenset({Right.READ, Right.ACT}), frozenset({Part.CLAIMS, Part.QUOTES}), frozenset(),
        ("travel", "thesis"), ("health",), frozenset({"code"}), frozenset(), True, timedelta(days=7), True,
    )  # fmt: skip
    assert saved[0]["days"] == 30


def test_a_preset_sets_rights_and_parts_and_leaves_topics_alone(qtbot: QtBot) -> None:
    form, saved = put(qtbot, replace(PRESETS["claims"].scope, no_topics=("health",), sensitive=True))
    assert form.preset.currentData() == ""
    form.preset.setCurrentIndex(form.preset.findData("agent"))
    form.preset.activated.emit(form.preset.currentIndex())
    form.save_button.click()
    assert given(saved) == replace(PRESETS["agent"].scope, no_topics=("health",))
    form.parts[Part.TRANSCRIPTS].click()
    assert form.preset.currentData() == ""


def test_more_than_was_asked_for_cannot_be_given(qtbot: QtBot) -> None:
    form, saved = put(qtbot, Scope(), Scope(topics=("thesis",)))
    assert not form.parts[Part.TRANSCRIPTS].isEnabled() and not form.real_names.isEnabled()
    assert not form.rights[Right.ACT].isEnabled() and not form.sensitive.isEnabled()
    form.preset.setCurrentIndex(form.preset.findData("agent"))
    form.preset.activated.emit(form.preset.currentIndex())
    assert "only about ‘thesis’" in form.summary.text()
    form.save_button.click()
    assert given(saved) == Scope()


def test_what_was_asked_for_and_left_out_can_be_switched_on(qtbot: QtBot) -> None:
    asked = Scope(sensitive=True, real_names=True)
    form, saved = put(qtbot, Scope(), asked)
    form.sensitive.click()
    form.real_names.click()
    form.save_button.click()
    assert given(saved) == asked


def test_what_is_no_scope_cannot_be_saved(qtbot: QtBot) -> None:
    form, _saved = put(qtbot, Scope())
    form.topics.setText("?!")
    assert not form.save_button.isEnabled() and "is no topic" in form.summary.text()
    form.topics.setText("thesis")
    assert form.save_button.isEnabled()


def test_one_that_cannot_be_read_starts_with_the_narrowest_and_says_so(qtbot: QtBot) -> None:
    form, saved = put(qtbot, None)
    assert NOT_READ in form.banner.told
    form.save_button.click()
    assert given(saved) == Scope()


def test_every_field_has_a_name_for_a_screen_reader(qtbot: QtBot) -> None:
    form, _ = put(qtbot, ODD)
    fields = (form.preset, form.topics, form.no_topics, form.apps, form.no_apps, form.age, form.until)
    assert all(each.accessibleName() for each in fields)
    assert all(box.text() for box in (*form.rights.values(), *form.parts.values(), form.types))
