"""Privacy, fourth tab: what was held back or hidden, and allowing its kind from now on."""

from PySide6.QtWidgets import QWidget

from app.audit_command import became
from app.panels import parts, style
from app.panels.table import chosen, put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Exemption, Held

NOTHING = "Nothing was held back yet. What tells of somebody's health, mood or beliefs would be listed here."
ALLOW, STOP = "Allow from now on", "Hold back again"


def held_cells(each: Held) -> tuple[str, ...]:
    outcome = "allowed since" if each.reversed_at else became(each.stage, each.decision)
    times = f" ×{each.count}" if each.count > 1 else ""
    return (each.what, kind(each.rule), outcome + times, each.place, words.moment(each.at))


def explained(each: Held | None) -> str:
    """What the button would do with the chosen row; "" when none is chosen."""
    if each is None:
        return ""
    where = each.place or "an unknown application"
    if each.reversed_at is not None:
        return f"You allowed this kind for {where}."
    return f"{each.reason} Allowing holds for this kind, for {where}, until you take it back."


class HeldTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self.held = table("What was held back", ("Text", "Kind", "What happened", "Where", "When"), stretch=0)
        self.held.currentItemChanged.connect(lambda *_: self._enable())
        self.allow_button = parts.button(ALLOW, lambda: self._turn(chosen(self.held)))
        self.allowed = table("Allowed by you", ("Kind", "Where", "Since"), stretch=0)
        self.allowed.currentItemChanged.connect(lambda *_: self._enable())
        self.stop_button = parts.button(STOP, lambda: self._turn(chosen(self.allowed)))
        self.note = Text(muted=True)
        under = parts.row(self.note, self.allow_button)
        under.setStretch(0, 1)
        page = parts.column(
            parts.heading("What was held back"),
            self.held,
            under,
            parts.heading("Allowed by you"),
            self.allowed,
            parts.row(None, self.stop_button),
            margin=style.MARGIN,
        )
        page.setStretch(1, 3)
        page.setStretch(4, 1)
        self.setLayout(page)
        self._enable()

    def load(self) -> None:
        self._client.get("/audit", self._loaded, self._banner.tell, owner=self)

    def _loaded(self, answer: object) -> None:
        items = wire.read_list(Held, answer)
        put(self.held, ((held_cells(each), each) for each in items), widest=160)
        allowed = wire.read_list(Exemption, answer, "allowed")
        put(self.allowed, ((allowed_cells(each), each) for each in allowed), widest=220)
        self._enable()
        if not items:
            self.note.setText(NOTHING)

    def _enable(self) -> None:
        row = chosen(self.held)
        held = row if isinstance(row, Held) else None
        self.allow_button.setEnabled(held is not None and held.reversed_at is None)
        self.stop_button.setEnabled(isinstance(chosen(self.allowed), Exemption))
        self.note.setText(explained(held))

    def _turn(self, row: object) -> None:
        if isinstance(row, Held | Exemption):
            body = {"allow": isinstance(row, Held)}
            self._client.post(f"/audit/{row.id}/reverse", body, self._loaded, self._banner.tell, owner=self)


def allowed_cells(each: Exemption) -> tuple[str, ...]:
    return (kind(each.rule), each.place or "(unknown)", words.moment(each.at))


def kind(rule: str) -> str:
    """A rule's id in words: "other-health" is "somebody else's health"."""
    whose, _, what = rule.partition("-")
    return f"{WHOSE[whose]} {WHAT.get(what, what)}" if whose in WHOSE else rule.replace("-", " ")


WHOSE = {"own": "your", "other": "somebody else's", "unclear": "somebody's"}
WHAT = {
    "mood": "state of mind",
    "life": "private life",
    "belief": "beliefs",
    "ability": "abilities",
    "money": "debts",
    "law": "trouble with the law",
}
