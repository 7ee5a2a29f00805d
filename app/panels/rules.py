"""Privacy, second tab: the rules, and a place to try what they would do."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.panels import parts, style
from app.panels.table import chosen, put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Judgement, Problem, Rule

EFFECTS = {
    "drop": "Never capture",
    "text_only": "Text only, no picture",
    "blur": "Blur the picture",
    "keep": "Capture",
}
PRIVATE: dict[str, bool | None] = {"any": None, "yes": True, "no": False}
NO_MATCH = Problem(
    "A rule needs something to match", "Fill in an application, a title, an address or private.", 400
)


def rule_cells(rule: Rule) -> tuple[str, ...]:
    private = {None: "", True: "yes", False: "no"}[rule.private]
    owner = "built in, locked" if rule.builtin else "yours"
    effect = EFFECTS.get(rule.effect, rule.effect)
    return (rule.name, effect, rule.app or "", rule.title or "", rule.url or "", private, owner)


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
    name, effect, *_, owner = rule_cells(group[0])
    fields = [[r.app for r in group], [r.title for r in group], [r.url for r in group]]
    private = "yes" if any(rule.private for rule in group) else ""
    return (name, effect, *(_patterns_of(patterns) for patterns in fields), private, owner)


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


class _Fields:
    """The four things a rule can look at."""

    def __init__(self, about: str, private: tuple[str, ...], address: str) -> None:
        self.app = _line("chromium", f"Application {about}")
        self.title = _line("*bank*", f"Title {about}")
        self.url = _line(address, f"Address {about}")
        self.private = parts.choice()
        self.private.setAccessibleName(f"Private window {about}")
        self.private.addItems(list(private))

    def row(self) -> QHBoxLayout:
        made = parts.row()
        for label, field in (
            ("Application", self.app), ("Title", self.title), ("Address", self.url), ("Private", self.private)
        ):  # fmt: skip
            head = Text(label, scale=0.88, muted=True)
            made.addLayout(parts.column(head, field, gap=2), 0 if field is self.private else 1)
        return made

    def clear(self) -> None:
        for each in (self.app, self.title, self.url):
            each.clear()
        self.private.setCurrentIndex(0)


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
        columns = ("Name", "Effect", "Application", "Title", "Address", "Private", "Whose")
        self.rules = table("Rules", columns)
        self.rules.currentItemChanged.connect(lambda *_: self._enable())
        self.remove_button = parts.button("Remove", self._remove, role="danger", name="Remove rule")
        self.name = _line("My rule", "Name of the new rule")
        self.effect = parts.choice()
        self.effect.setAccessibleName("Effect of the new rule")
        for effect, label in EFFECTS.items():
            self.effect.addItem(label, effect)
        self.new = _Fields("of the new rule", tuple(PRIVATE), "site:example.org")
        self.add_button = parts.button("Add rule", self._add)
        self.tried = _Fields("to try", ("unknown", "no", "yes"), "https://example.org/")
        self.try_button = parts.button("Would this be seen?", self.try_it, role="primary")
        self.answer = Text(bold=True)
        self._note = Text(muted=True)
        self._build()

    def _build(self) -> None:
        naming = parts.row(self.name, self.effect, self.add_button)
        naming.setStretch(0, 1)
        new = parts.box(
            "box", parts.column(parts.heading("Add a rule"), naming, self.new.row(), margin=style.GAP)
        )
        trying = parts.row(self.try_button, self.answer)
        trying.setStretch(1, 1)
        head = parts.heading("Would this be seen?")
        test = parts.box("box", parts.column(head, self.tried.row(), trying, margin=style.GAP))
        under = parts.row(self._note, self.remove_button)
        under.setStretch(0, 1)
        page = parts.column(self.rules, under, new, test, margin=style.MARGIN)
        page.setStretch(0, 1)
        self.setLayout(page)
        self._enable()

    def load(self) -> None:
        self._client.get("/privacy/rules", self._loaded, self._banner.tell, owner=self)

    def _loaded(self, answer: object) -> None:
        put(self.rules, listed(wire.read_list(Rule, answer)), widest=150)
        self._enable()

    def _enable(self) -> None:
        rule = chosen(self.rules)
        self.remove_button.setEnabled(isinstance(rule, Rule) and not rule.builtin)
        locked = isinstance(rule, Rule) and rule.builtin
        self._note.setText("This rule is built in and cannot be removed." if locked else "")

    def _remove(self) -> None:
        rule = chosen(self.rules)
        if not isinstance(rule, Rule) or rule.builtin:
            return
        asked = f"Remove the rule “{rule.name}”? What it kept out may be captured from now on."
        parts.confirm(self, "remove a rule", asked, "Remove", lambda: self._really_remove(rule))

    def _really_remove(self, rule: Rule) -> None:
        self._client.delete(f"/privacy/rules/{rule.id}", lambda _: self.load(), self._banner.tell, owner=self)

    def _add(self) -> None:
        body = {
            "name": self.name.text().strip() or "My rule",
            "effect": self.effect.currentData(),
            **_patterns(self.new),
            "private": PRIVATE[self.new.private.currentText()],
            "builtin": False,
        }
        if not any(body[key] is not None for key in ("app", "title", "url", "private")):
            self._banner.tell(NO_MATCH)  # it would match everything
            return
        self._client.post("/privacy/rules", body, self._added, self._banner.tell, owner=self)

    def _added(self, _: object) -> None:
        self.name.clear()
        self.new.clear()
        self._banner.hide()
        self.load()

    def try_it(self) -> None:
        """Asks the daemon what the rules make of the window described."""
        private = {"unknown": None, "no": False, "yes": True}[self.tried.private.currentText()]
        body = {
            "app": self.tried.app.text().strip(),
            "title": self.tried.title.text().strip(),
            "url": self.tried.url.text().strip() or None,
            "private": private,
        }
        self._client.post(
            "/privacy/test",
            body,
            lambda answer: self.answer.setText(words.one_line(verdict(wire.read(Judgement, answer)))),
            self._banner.tell,
            owner=self,
        )


def _patterns(fields: _Fields) -> dict[str, str | None]:
    return {
        "app": fields.app.text().strip() or None,
        "title": fields.title.text().strip() or None,
        "url": fields.url.text().strip() or None,
    }
