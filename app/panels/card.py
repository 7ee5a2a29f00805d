"""The card in the corner: an offer, then exactly what would be done, then what became of it."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.panels import parts, style
from app.panels.own_words import MOST
from app.panels.plan_card import PlanCard
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.rest import Then
from app.tray.wire import Plan, Suggestion

QUOTES = 3


class Card(PlanCard):
    """One suggestion. `stage` is "offer", "approval", "running", "result" or "gone"."""

    evidence_opened = Signal(object)

    def __init__(self, client: Client, suggestion: Suggestion) -> None:
        super().__init__(client, "suggestion")
        self.suggestion = suggestion
        self._offer()

    # the offer

    def _offer(self) -> None:
        page = parts.column(Text(self.suggestion.text, scale=1.15, bold=True, lines=8))
        if self.suggestion.why_now:
            page.addWidget(Text(f"Why now: {self.suggestion.why_now}", lines=6))
        for quote, facts, piece in quotes(self.suggestion):
            page.addWidget(self._quote(quote, facts, piece))
        self.note = QLineEdit(placeholderText="Say something to it, if you like", maxLength=MOST)
        self.note.setAccessibleName("Say something to it")
        page.addWidget(self.note)
        # "Do it" stands on the left; on the next page "Deny" does: a double click never approves.
        page.addLayout(
            parts.row(
                parts.button("Do it", self._accept, role="primary"),
                parts.button("Not now", lambda: self._react("dismiss")),
                None,
                parts.button("Never this kind", lambda: self._react("never"), role="quiet", name="Never"),
            )
        )
        self._show("offer", "a suggestion", page)

    def _quote(self, quote: str, facts: str, piece: wire.Evidence) -> QWidget:
        open_ = parts.button(
            "Show", lambda: self.evidence_opened.emit(piece), role="quiet", name="Show evidence"
        )
        said = parts.column(Text(f"“{quote}”", lines=3), Text(facts, scale=0.88, muted=True, lines=1), gap=2)
        inside = parts.row(said, open_, margin=style.GAP)
        inside.setStretch(0, 1)
        return parts.box("box", inside)

    def _accept(self) -> None:
        self._lock("Preparing…")
        self._post("reaction", self._said("accept"), self._accepted)

    def _accepted(self, answer: object) -> None:
        plan = answer.get("plan") if isinstance(answer, dict) else None
        if plan is None:
            self.close()
        else:
            self.show_plan(wire.read(Plan, plan))

    def _react(self, verdict: str) -> None:
        self._lock("")
        self._post("reaction", self._said(verdict), self._close_now)

    def _said(self, verdict: str) -> dict[str, object]:
        """The reaction, with what the person typed to it."""
        note = self.note.text().strip()
        return {"verdict": verdict, "note": note} if note else {"verdict": verdict}

    def _post(self, what: str, body: dict[str, object], then: Then) -> None:
        path = f"/suggestions/{self.suggestion.id}/{what}"
        self._client.post(path, body, then, self._refused, owner=self)

    def _until(self) -> datetime | None:
        return self.suggestion.expires_at if self.stage == "offer" else super()._until()

    def _over(self) -> None:
        if self.stage == "offer":
            self.close()
        else:
            super()._over()


def quotes(suggestion: Suggestion) -> list[tuple[str, str, wire.Evidence]]:
    """Up to QUOTES pieces of evidence, one a proposition first: quote, facts, the piece."""
    quoted = [[piece for piece in each.evidence if piece.quote] for each in suggestion.why]  # others are old
    firsts = [pieces[0] for pieces in quoted if pieces]
    others = [piece for pieces in quoted for piece in pieces[1:]]
    return [
        (
            words.one_line(piece.quote),
            "  ·  ".join(x for x in (piece.app, words.moment(piece.at)) if x),
            piece,
        )
        for piece in [*firsts, *others][:QUOTES]
    ]
