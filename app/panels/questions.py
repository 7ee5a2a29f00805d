"""What Gumption would like to know: one question at a time, answered with one press."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Problem, Proposition, Question

_CALLED = {"org": "organisation", "over": "rather than"}  # the names of other slots say what they are


class Questions(QWidget):
    """Shows the worthiest question; hidden while there is none. Emits `failed` with a Problem."""

    failed = Signal(object)

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._items: tuple[Question, ...] = ()
        self.editing: EditWindow | None = None
        self._head = Text(muted=True)
        self._claim = Text(scale=1.15, bold=True, lines=3)
        self._why = Text(lines=3)
        self.yes = parts.button(
            "Yes", lambda: self._answer("yes"), tip="It stays, whatever is observed later."
        )
        self.no = parts.button("No", lambda: self._answer("no"), tip="It goes, and is not concluded again.")
        self.edit = parts.button("Edit…", self._edit, name="Edit", tip="Right, but in other words.")
        self.later = parts.button("Not now", lambda: self._answer("later"), role="quiet")
        self.never = parts.button(
            "Never ask",
            lambda: self._answer("never"),
            role="quiet",
            tip="No more questions of any kind. `gumption questions --again` takes that back.",
        )
        buttons = parts.row(self.yes, self.no, self.edit, None, self.later, self.never)
        inside = parts.column(self._head, self._claim, self._why, buttons, margin=style.GAP + style.HALF)
        self.setLayout(parts.column(parts.box("box", inside)))
        self.hide()

    def load(self) -> None:
        """Asks the daemon what is open."""
        self._client.get("/questions", self._loaded, self.failed.emit, owner=self)

    def _loaded(self, answer: object) -> None:
        self.setEnabled(True)
        self._items = wire.read_list(Question, answer)
        self.setVisible(bool(self._items))
        if self._items:
            first, more = self._items[0], len(self._items) - 1
            self._head.setText("Is this so?" + (f"  ·  {words.many(more, 'more question')}" if more else ""))
            self._claim.setText(words.one_line(first.proposition.text))
            quote = next((words.one_line(e.quote) for e in first.proposition.evidence if e.quote), "")
            self._why.setText(f"{first.why} It was concluded from “{quote}”." if quote else first.why)

    @property
    def shown(self) -> Question | None:
        return self._items[0] if self._items else None

    def _answer(self, said: str) -> None:
        if self.shown is None:
            return
        if self.editing is not None:
            self.editing.close()  # what was being typed is about a question that is answered otherwise now
        self._send(self.shown.proposition.id, {"answer": said})

    def _send(self, about: str, body: dict[str, object]) -> None:
        self.setEnabled(False)  # no second press while the first is on its way
        self._client.post(f"/questions/{about}", body, self._loaded, self._refused, owner=self)

    def _refused(self, problem: Problem) -> None:
        self.setEnabled(True)
        self.failed.emit(problem)

    def _edit(self) -> None:
        if self.shown is not None:
            about = self.shown.proposition  # another one may be shown by the time it is saved
            self.editing = EditWindow(about)
            self.editing.saved.connect(
                lambda slots: self._send(about.id, {"answer": "edit", "slots": dict(slots)})
            )
            self.editing.present()


class EditWindow(parts.Window):
    """A claim's own words as fields. Emits `saved` with those that were changed."""

    saved = Signal(object)

    def __init__(self, item: Proposition) -> None:
        super().__init__("edit", 460, 200)
        self.fields: dict[str, QLineEdit] = {}
        form = QFormLayout()
        form.setSpacing(style.GAP)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for name, value in item.slots.items():
            field = QLineEdit(words.one_line(value))
            field.setAccessibleName(name)
            field.returnPressed.connect(self.save)
            form.addRow(_CALLED.get(name, name).capitalize(), field)
            self.fields[name] = field
        self._before = {name: field.text() for name, field in self.fields.items()}
        buttons = parts.row(
            None, parts.button("Cancel", self.close), parts.button("Save", self.save, role="primary")
        )
        head = Text(words.one_line(item.text), scale=1.15, bold=True, lines=3)
        page = parts.column(head, form, buttons, margin=style.MARGIN)
        page.insertStretch(2, 1)
        self.setLayout(page)

    def save(self) -> None:
        """What was not touched stays as it was observed, to the letter."""
        changed = {n: f.text() for n, f in self.fields.items() if f.text() != self._before[n]}
        if changed:
            self.saved.emit(changed)
        self.close()
