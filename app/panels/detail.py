"""One proposition in full: how sure, on what evidence, and how it came to be what it is."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.panels import parts, style
from app.panels.observation import TRUST, stance
from app.panels.text import Text
from app.tray import words
from app.tray.wire import Evidence, Proposition, Revision

CAUSES = {
    "new": "First concluded",
    "reinforce": "Seen again",
    "refine": "Made more exact",
    "merge": "Joined with another",
    "contradict": "Contradicted",
    "retract": "Taken back",
    "user": "Changed by you",
}


class Detail(QWidget):
    """The right half of "What I know"."""

    forget = Signal(str)
    """Id of the proposition the person wants forgotten; already confirmed by no one."""
    judged = Signal(str, str)
    """Id of the proposition and what the person says of it: "right", "wrong" or "hide"."""
    evidence_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._item: Proposition | None = None
        self._text = Text(scale=1.25, bold=True)
        self._facts = Text()
        self._times = Text(muted=True)
        self.evidence = plain_list("Evidence")
        self.evidence.itemActivated.connect(self._open)
        self.evidence.itemClicked.connect(self._open)
        self.history = plain_list("History")
        self._evidence_head = parts.heading("Evidence")
        tip = "Removes this and what it was concluded from. It cannot be taken back."
        self.forget_button = parts.button(
            "Forget this…", self._forget, role="danger", name="Forget this", tip=tip
        )
        self.right_button = parts.button(
            "That is so", lambda: self._judge("right"), tip="It stays, whatever is observed later."
        )
        self.wrong_button = parts.button(
            "Not true", lambda: self._judge("wrong"), tip="It goes, and is not concluded again."
        )
        self.hide_button = parts.button(
            "Do not use", lambda: self._judge("hide"), role="quiet", tip="True or not, nothing is made of it."
        )
        said = (self.right_button, self.wrong_button, self.hide_button)
        page = parts.column(
            self._text, self._facts, self._times, self._evidence_head, self.evidence,
            parts.heading("History"), self.history, parts.row(*said, None, self.forget_button),
            margin=style.GAP,
        )  # fmt: skip
        page.setStretch(4, 3)
        page.setStretch(6, 2)
        self.setLayout(page)

    @property
    def item(self) -> Proposition | None:
        return self._item

    def show_item(self, item: Proposition) -> None:
        """Shows `item`; its revisions may come later, with a fuller copy of it."""
        same = self._item is not None and self._item.id == item.id
        if same and self._item is not None and not item.revisions and self._item.revisions:
            revisions = self._item.revisions
        else:
            revisions = item.revisions
        self._item = item
        self._text.setText(item.text)
        settled = "settled by you" if item.settled else words.fades(item.half_life)
        facts = (item.type_label or item.type, words.sure(item.confidence), settled)
        self.right_button.setEnabled(not item.settled)
        self._facts.setText("  ·  ".join(each for each in facts if each))
        self._times.setText(_times(item))
        self._evidence_head.setText(
            f"Evidence: {words.many(len(item.evidence), 'quote')}, open one to see where it stands"
        )
        fill(self.evidence, item.evidence, said_evidence)
        fill(self.history, tuple(reversed(revisions)), said_revision)

    def _open(self, row: QListWidgetItem) -> None:
        piece = row.data(Qt.ItemDataRole.UserRole)
        if isinstance(piece, Evidence):
            self.evidence_opened.emit(piece)

    def _judge(self, said: str) -> None:
        if self._item is not None:
            self.judged.emit(self._item.id, said)

    def _forget(self) -> None:
        if self._item is not None:
            self.forget.emit(self._item.id)


def plain_list(name: str) -> QListWidget:
    """A list of wrapped lines of plain text, usable by keyboard."""
    made = QListWidget()
    made.setAccessibleName(name)
    made.setWordWrap(True)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setSpacing(style.HALF)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setResizeMode(QListWidget.ResizeMode.Adjust)
    made.setMinimumHeight(72)
    return made


def fill(view: QListWidget, items: tuple[object, ...], say: Callable[..., str]) -> None:
    """One row an item, worded by `say`; the item itself is in the row's UserRole."""
    view.clear()
    for item in items:
        said = say(item)
        row = QListWidgetItem(said if len(said) < 600 else said[:600] + "…")
        row.setData(Qt.ItemDataRole.UserRole, item)
        row.setToolTip(words.tip(said))
        view.addItem(row)


def said_evidence(piece: Evidence) -> str:
    where = [piece.app, words.one_line(piece.title), words.moment(piece.at)]
    trust = TRUST.get(piece.trust, piece.trust)
    facts = "  ·  ".join(each for each in [*where, trust, stance(piece)] if each)
    said = f"“{words.one_line(piece.quote)}”" if piece.quote else "Seen then; the words have gone by age"
    return f"{said}\n{facts}"


def said_revision(change: Revision) -> str:
    head = f"{words.moment(change.at)}  ·  {CAUSES.get(change.cause, change.cause)}"
    if change.before_confidence is not None and change.after_confidence is not None:
        head += f"  ·  {round(change.before_confidence * 100)} % → {round(change.after_confidence * 100)} %"
    elif change.after_confidence is not None:
        head += f"  ·  {round(change.after_confidence * 100)} %"
    lines = [head]
    if change.before_text and change.after_text and change.before_text != change.after_text:
        lines.append(f"was: {words.one_line(change.before_text)}")
    if change.reasoning:
        lines.append(words.one_line(change.reasoning))
    return "\n".join(lines)


def _times(item: Proposition) -> str:
    told = [
        f"Last supported {words.moment(item.supported_at)}",
        f"known since {words.moment(item.created_at)}",
    ]
    if item.valid_until is not None:
        told.append(f"holds until {words.moment(item.valid_until)}")
    return "  ·  ".join(told)
