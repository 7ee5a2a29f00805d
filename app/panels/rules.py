"""Privacy, second tab: the rules, and a place to try what they would do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.panels import parts, style
from app.panels.table import chosen, put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Judgement, Problem, Rule

EFFECTS = {
    "drop": "Never capture",
    "text_only": "Text only, no picture",
    "blur": "Only its title",
    "keep": "Capture",
}
PRIVATE: dict[str, bool | None] = {"any": None, "yes": True, "no": False}
KNOWN: dict[str, bool | None] = {"unknown": None, "no": False, "yes": True}
FULL: dict[str, bool | None] = {"no": None, "yes": True}
NOW: dict[str, bool | None] = {"as now": None, "no": False, "yes": True}
COLUMN = 88  # pixels at most: more would leave no room for the names
NO_MATCH = Problem(
    "A rule needs something to match",
    "Fill in an application, a title, an address or one of the others.",
    400,
)


def rule_cells(rule: Rule) -> tuple[str, ...]:
    private = {None: "", True: "yes", False: "no"}[rule.private]
    owner = "yours"
    if rule.builtin:
        owner = "built in, optional" if rule.switchable else "built in, locked"
    effect = EFFECTS.get(rule.effect, rule.effect)
    patterns = (rule.app or "", rule.title or "", rule.url or "")
    return (rule.name, effect, *patterns, private, only(rule), owner)


def only(rule: Rule) -> str:
    """What a rule asks beside program, title, address and private mode, in words."""
    full, shared = rule.full_screen, rule.sharing
    told = (
        rule.window_class and f"class {rule.window_class}",
        rule.monitor and f"on {rule.monitor}",
        full is not None and ("full screen" if full else "not full screen"),
        rule.hours,
        shared is not None and ("while shared" if shared else "while not shared"),
    )
    return ", ".join(part for part in told if part)


def listed(rules: Sequence[Rule]) -> list[tuple[tuple[str, ...], Rule]]:
    """The rows of the table. The shipped rules of one name are one row: how many patterns, and which."""
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        # Every rule of the person's own is a row, also two of one name.
        groups.setdefault(f"shipped {rule.name}" if rule.builtin else f"own {rule.id}", []).append(rule)
    return [(_cells(group), group[0]) for group in groups.values()]


def _cells(group: Sequence[Rule]) -> tuple[str, ...]:
    if len(group) == 1:
        return rule_cells(group[0])
    name, effect, *_, besides, owner = rule_cells(group[0])
    fields = [[r.app for r in group], [r.title for r in group], [r.url for r in group]]
    private = "yes" if any(rule.private for rule in group) else ""
    return (name, effect, *(_patterns_of(patterns) for patterns in fields), private, besides, owner)


def _patterns_of(patterns: Sequence[str | None]) -> str:
    given = [pattern for pattern in patterns if pattern]
    told = ", ".join(given)
    return told if len(given) < 2 else f"{len(given)} patterns: {told}"


def verdict(judged: Judgement) -> str:
    """The answer to "would this be seen?" in a sentence."""
    answer = "✓ Yes, this would be seen" if judged.allowed else "✗ No, this would not be seen"
    if judged.allowed and judged.effect in ("text_only", "blur"):
        answer += f" ({EFFECTS[judged.effect].lower()})"
    rule = f". Rule: {judged.rule}" if judged.rule else ""
    return f"{answer}{rule}. {judged.reason}".rstrip(". ") + "."


def owner_note(rule: Rule) -> str:
    """Why a rule cannot be removed, and what can be done instead."""
    if rule.switchable:
        return "This preset is built in. presets_off under [privacy] in settings.toml switches it off."
    return "This rule is built in and cannot be removed." if rule.builtin else ""


Choices = dict[str, bool | None]
"""Of a combo box: what it says, and what that means."""


class _Fields:
    """What a rule can look at: four things, and five more in a fold that opens on demand."""

    def __init__(
        self, about: str, address: str, private: Choices, more: tuple[Choices, str, str, Choices]
    ) -> None:
        full, when, example, shared = more
        self.app = _line("chromium", f"Application {about}")
        self.title = _line("*bank*", f"Title {about}")
        self.url = _line(address, f"Address {about}")
        self.private = _choice(private, f"Private window {about}")
        self.window_class = _line("navigator", f"Window class {about}")
        self.monitor = _line("HDMI-1", f"Monitor {about}")
        self.full_screen = _choice(full, f"Full screen {about}")
        self.hours = _line(example, f"{when} {about}")
        self.sharing = _choice(shared, f"Screen shared {about}")
        self.more = QWidget()
        self.more.setLayout(
            _labelled(
                ("Window class", self.window_class), ("Monitor", self.monitor), (when, self.hours),
                ("Full screen", self.full_screen), ("Screen shared", self.sharing),
            )
        )  # fmt: skip
        self.more.hide()
        self.fold = parts.button("More", self._unfold, role="quiet", name=f"More {about}")
        self.fold.setCheckable(True)

    def row(self) -> QHBoxLayout:
        made = _labelled(
            ("Application", self.app), ("Title", self.title), ("Address", self.url), ("Private", self.private)
        )  # fmt: skip
        made.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignBottom)
        return made

    def clear(self) -> None:
        for each in (self.app, self.title, self.url, self.window_class, self.monitor, self.hours):
            each.clear()
        for choice in (self.private, self.full_screen, self.sharing):
            choice.setCurrentIndex(0)

    def patterns(self) -> dict[str, str | None]:
        return {key: getattr(self, key).text().strip() or None for key in ("app", "title", "url")}

    def besides(self, when: str) -> dict[str, object]:
        """What of the fold is filled in; `when` is the name of the field for hours."""
        told: dict[str, object] = {
            "window_class": self.window_class.text().strip() or None,
            "monitor": self.monitor.text().strip() or None,
            when: self.hours.text().strip() or None,
            "full_screen": self.full_screen.currentData(),
            "sharing": self.sharing.currentData(),
        }
        return {key: value for key, value in told.items() if value is not None}

    def _unfold(self) -> None:
        self.more.setVisible(self.fold.isChecked())
        self.fold.setText("Less" if self.fold.isChecked() else "More")


def _labelled(*fields: tuple[str, QWidget]) -> QHBoxLayout:
    made = parts.row()
    for label, field in fields:
        head = Text(label, scale=0.88, muted=True)
        made.addLayout(parts.column(head, field, gap=2), 0 if isinstance(field, QComboBox) else 1)
    return made


def _choice(choices: Choices, name: str) -> QComboBox:
    made = parts.choice()
    made.setAccessibleName(name)
    for label, value in choices.items():
        made.addItem(label, value)
    return made


def _line(example: str, name: str) -> QLineEdit:
    made = QLineEdit(placeholderText=example)
    made.setAccessibleName(name)
    made.setMinimumWidth(72)
    return made


class RulesTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        columns = ("Name", "Effect", "Application", "Title", "Address", "Private", "Only", "Whose")
        self.rules = table("Rules", columns)
        self.rules.currentItemChanged.connect(lambda *_: self._enable())
        self.remove_button = parts.button("Remove", self._remove, role="danger", name="Remove rule")
        self.name = _line("My rule", "Name of the new rule")
        self.effect = parts.choice()
        self.effect.setAccessibleName("Effect of the new rule")
        for effect, label in EFFECTS.items():
            self.effect.addItem(label, effect)
        spans = (PRIVATE, "Hours", "mon-fri 09:00-17:30", PRIVATE)
        self.new = _Fields("of the new rule", "site:example.org", PRIVATE, spans)
        self.add_button = parts.button("Add rule", self._add)
        self.tried = _Fields(
            "to try", "https://example.org/", KNOWN, (FULL, "Time", "now, or sat 22:30", NOW)
        )
        self.try_button = parts.button("Would this be seen?", self.try_it, role="primary")
        self.answer = Text(bold=True)
        self._note = Text(muted=True)
        self._build()

    def _build(self) -> None:
        naming = parts.row(self.name, self.effect, self.add_button)
        naming.setStretch(0, 1)
        new = parts.box(
            "box",
            parts.column(
                parts.heading("Add a rule"), naming, self.new.row(), self.new.more, margin=style.GAP
            ),
        )
        trying = parts.row(self.try_button, self.answer)
        trying.setStretch(1, 1)
        head = parts.heading("Would this be seen?")
        test = parts.box(
            "box", parts.column(head, self.tried.row(), self.tried.more, trying, margin=style.GAP)
        )
        under = parts.row(self._note, self.remove_button)
        under.setStretch(0, 1)
        page = parts.column(self.rules, under, new, test, margin=style.MARGIN)
        page.setStretch(0, 1)
        self.setLayout(page)
        self._enable()

    def load(self) -> None:
        self._client.get("/privacy/rules", self._loaded, self._banner.tell, owner=self)

    def _loaded(self, answer: object) -> None:
        put(self.rules, listed(wire.read_list(Rule, answer)), widest=COLUMN)
        for column in (1, 7):  # the effect, and whose it is: every word counts
            self.rules.resizeColumnToContents(column)
        self._enable()

    def _enable(self) -> None:
        rule = chosen(self.rules)
        self.remove_button.setEnabled(isinstance(rule, Rule) and not rule.builtin)
        self._note.setText(owner_note(rule) if isinstance(rule, Rule) else "")

    def _remove(self) -> None:
        rule = chosen(self.rules)
        if not isinstance(rule, Rule) or rule.builtin:
            return
        asked = f"Remove the rule “{rule.name}”? What it kept out may be captured from now on."
        parts.confirm(self, "remove a rule", asked, "Remove", lambda: self._really_remove(rule))

    def _really_remove(self, rule: Rule) -> None:
        self._client.delete(f"/privacy/rules/{rule.id}", lambda _: self.load(), self._banner.tell, owner=self)

    def _add(self) -> None:
        matched = {
            **self.new.patterns(),
            "private": self.new.private.currentData(),
            **self.new.besides("hours"),
        }
        if all(value is None for value in matched.values()):
            self._banner.tell(NO_MATCH)  # it would match everything
            return
        body = {
            "name": self.name.text().strip() or "My rule",
            "effect": self.effect.currentData(),
            **matched,
            "builtin": False,
        }
        self._client.post("/privacy/rules", body, self._added, self._banner.tell, owner=self)

    def _added(self, _: object) -> None:
        self.name.clear()
        self.new.clear()
        self._banner.hide()
        self.load()

    def try_it(self) -> None:
        """Asks the daemon what the rules make of the window described."""
        told = self.tried.patterns()
        body = {
            "app": told["app"] or "",
            "title": told["title"] or "",
            "url": told["url"],
            "private": self.tried.private.currentData(),
            **self.tried.besides("at"),
        }
        self._client.post(
            "/privacy/test",
            body,
            lambda answer: self.answer.setText(words.one_line(verdict(wire.read(Judgement, answer)))),
            self._banner.tell,
            owner=self,
        )
