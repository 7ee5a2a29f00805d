"""How far an assistant gets, as a form: what it may do and read, and about what; and that in words."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QSpinBox, QWidget

from app.panels import parts, style
from app.panels.approval import scrolling
from app.panels.scope_words import both, said
from app.panels.text import Text
from app.tray import words
from app.tray.wire import Problem
from gum.claims import TABLE
from gum.errors import NotAllowed
from gum.grants import DAY, PRESETS, Part, Right, Scope, from_json, narrowed, to_json

RIGHTS = {
    Right.READ: "Read what is known",
    Right.SUGGEST: "See offers, pass on reactions, put facts before me",
    Right.ACT: "Ask to act and to forget; I approve each",
}
PARTS = {
    Part.CLAIMS: "Claims: what Gumption concluded",
    Part.ACTIVITY: "Activity: which program is in use, without titles",
    Part.QUOTES: "Quotes: the words that a claim rests on",
    Part.TRANSCRIPTS: "Transcripts: titles, addresses and text as on the screen",
}
OWN = "My own choice"
SPANS = {"Without end": 0, "7 days from now": 7, "30 days from now": 30, "90 days": 90, "One year": 365}
LIMITED = "What is grey was not asked for, and is not given."
NOT_READ = "Its present bounds could not be read by this version: the form starts with the narrowest."


class ScopeForm(parts.Window):
    """Emits `saved` with `scope`, and with `days` (0: without end) where the end was changed.

    `asked`: all that can be given, since the program asked for no more.
    """

    saved = Signal(object)

    def __init__(
        self,
        name: str,
        scope: Scope | None,
        *,
        asked: Scope | None = None,
        until: datetime | None = None,
    ) -> None:
        super().__init__("what an assistant may do", 560, 720)
        self._before = scope if scope is not None else Scope()
        self._asked = asked
        self.banner = parts.Banner()
        self.preset = parts.choice()
        self.rights = {right: parts.Check(label) for right, label in RIGHTS.items()}
        self.parts = {part: parts.Check(label) for part, label in PARTS.items()}
        self.topics = _line("Only about", "anything; or such as: thesis, holidays", self._before.topics)
        self.no_topics = _line("Nothing about", "such as: health, salary", self._before.no_topics)
        self.apps = _line("Only from", "any program; or such as: code, chromium", sorted(self._before.apps))
        self.no_apps = _line("Nothing from", "such as: thunderbird", sorted(self._before.no_apps))
        self.types = parts.Check(_kinds(self._before))
        self.sensitive = parts.Check("Sensitive claims, too")
        self.real_names = parts.Check("Real names instead of pseudonyms")
        self.age = QSpinBox(minimum=0, maximum=36500, suffix=" days")
        self.age.setSpecialValueText("any age")
        self.until = parts.choice()
        self.summary = Text()
        self.save_button = parts.button("Save", self.save, role="primary")
        self._dress(until)
        self._build(name)
        if scope is None:
            self.banner.tell(Problem("This is not what it may do now", NOT_READ))
        self._fill(self._before)
        self._listen()
        self._tell()

    def _dress(self, until: datetime | None) -> None:
        self.preset.setAccessibleName("How far it gets")
        self.preset.addItem(OWN, "")
        for key, preset in PRESETS.items():
            self.preset.addItem(preset.label, key)
            self.preset.setItemData(
                self.preset.count() - 1, words.tip(preset.what), Qt.ItemDataRole.ToolTipRole
            )
        self.age.setMinimumHeight(32)
        self.age.setAccessibleName("At most so many days old")
        self.until.setAccessibleName("Until when")
        now = f"As it is: until {words.moment(until)}" if until is not None else "As it is: without end"
        self.until.addItem(now, None)
        for label, days in SPANS.items():
            self.until.addItem(label, days)
        if self._asked is None:
            return
        for right, box in self.rights.items():
            box.setEnabled(right in self._asked.rights)
        for part, box in self.parts.items():
            box.setEnabled(part in self._asked.parts)
        self.sensitive.setEnabled(self._asked.sensitive)
        self.real_names.setEnabled(self._asked.real_names)

    def _build(self, name: str) -> None:
        form = QFormLayout()
        form.setSpacing(style.GAP)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("As a whole", self.preset)
        form.addRow("It may", _boxes(self.rights.values()))
        form.addRow("It reads", _boxes(self.parts.values()))
        for field in (self.topics, self.no_topics, self.apps, self.no_apps):
            form.addRow(field.accessibleName(), field)
        form.addRow("Not older than", self.age)
        also = [self.sensitive, self.real_names]
        form.addRow("Besides", _boxes([self.types, *also] if self._before.types else also))
        form.addRow("Until", self.until)
        inside = QWidget()
        rows = parts.column(form, margin=0)
        if self._asked is not None:
            rows.addWidget(Text(LIMITED, muted=True))
        rows.addStretch(1)
        inside.setLayout(rows)
        head = Text(words.visible(words.one_line(name)), scale=1.15, bold=True, lines=2)
        meaning = parts.box("box", parts.column(self.summary, margin=style.GAP + style.HALF))
        buttons = parts.row(None, parts.button("Cancel", self.close), self.save_button)
        page = parts.column(
            self.banner, head, scrolling(inside, "What it may do"), meaning, buttons, margin=style.MARGIN
        )
        page.setStretch(2, 1)
        self.setLayout(page)

    def _fill(self, scope: Scope) -> None:
        self._mark(scope)
        self.types.setChecked(bool(scope.types))
        self.age.setValue(max(1, round(scope.max_age / DAY)) if scope.max_age is not None else 0)

    def _mark(self, scope: Scope) -> None:
        for right, box in self.rights.items():
            box.setChecked(right in scope.rights and box.isEnabled())
        for part, box in self.parts.items():
            box.setChecked(part in scope.parts and box.isEnabled())
        self.sensitive.setChecked(scope.sensitive)
        self.real_names.setChecked(scope.real_names)

    def _listen(self) -> None:
        self.preset.activated.connect(lambda _: self._take_preset())
        for box in (*self.rights.values(), *self.parts.values(), self.types, self.sensitive, self.real_names):
            box.toggled.connect(lambda _: self._tell())
        for field in (self.topics, self.no_topics, self.apps, self.no_apps):
            field.textChanged.connect(lambda _: self._tell())
        self.age.valueChanged.connect(lambda _: self._tell())

    def _take_preset(self) -> None:
        """A preset says how much is read and done; the topics, applications and age stay as they are."""
        key = self.preset.currentData()
        if key:
            self._mark(PRESETS[key].scope)
        self._tell()

    def _tell(self) -> None:
        try:
            scope = self.scope()
        except NotAllowed as error:
            self.summary.setText(f"{error.title}: {error.hint}.")
            self.save_button.setEnabled(False)
            return
        self.save_button.setEnabled(True)
        self.summary.setText(" ".join(said(narrowed(self._asked, scope) if self._asked else scope)))
        plain = {key: preset.scope for key, preset in PRESETS.items()}
        same = [key for key, like in plain.items() if _much(like) == _much(scope)]
        self.preset.setCurrentIndex(max(0, self.preset.findData(same[0])) if same else 0)

    def scope(self) -> Scope:
        """What the form says. What was not touched stays as it was, to the letter. Raises NotAllowed."""
        before = self._before
        made = replace(
            before,
            rights=frozenset(right for right, box in self.rights.items() if box.isChecked()),
            parts=frozenset(part for part, box in self.parts.items() if box.isChecked()),
            types=before.types if self.types.isChecked() else frozenset(),
            topics=_typed(self.topics, before.topics),
            no_topics=_typed(self.no_topics, before.no_topics),
            apps=frozenset(_typed(self.apps, sorted(before.apps))),
            no_apps=frozenset(_typed(self.no_apps, sorted(before.no_apps))),
            sensitive=self.sensitive.isChecked(),
            real_names=self.real_names.isChecked(),
            max_age=self._max_age(),
        )
        return from_json(to_json(made))

    def _max_age(self) -> timedelta | None:
        before, days = self._before.max_age, self.age.value()
        if before is not None and days == max(1, round(before / DAY)):
            return before
        return timedelta(days=days) if days else None

    def save(self) -> None:
        body: dict[str, object] = {"scope": to_json(self.scope())}
        if self.until.currentData() is not None:
            body["days"] = self.until.currentData()
        self.saved.emit(body)

    def refuse(self, problem: Problem) -> None:
        """The daemon did not take it: what was typed stays."""
        self.banner.tell(problem)


def _much(scope: Scope) -> tuple[object, ...]:
    return (scope.rights, scope.parts, scope.sensitive, scope.real_names)


def _kinds(scope: Scope) -> str:
    labels = [TABLE[each].label for each in TABLE if each in scope.types]
    return words.menu(f"Only of the kinds {both(labels)}") if labels else "Only of some kinds"


def _boxes(boxes: Collection[parts.Check]) -> QWidget:
    made = QWidget()
    made.setLayout(parts.column(*boxes, gap=style.HALF))
    return made


def _line(name: str, example: str, entries: Collection[str]) -> QLineEdit:
    made = QLineEdit(", ".join(entries), placeholderText=example)
    made.setProperty("before", made.text())
    made.setAccessibleName(name)
    made.setAccessibleDescription("Several are separated by commas")
    return made


def _typed(field: QLineEdit, before: Collection[str]) -> tuple[str, ...]:
    if field.text() == field.property("before"):
        return tuple(before)  # an entry may have a comma in it
    return tuple(dict.fromkeys(each.strip() for each in field.text().split(",") if each.strip()))
