"""Shows suggestion cards one after another: a second offer waits until the first is answered or gone."""

from PySide6.QtCore import QObject, Signal

from app.panels.card import Card
from app.panels.corner import seconds_left
from app.tray import wire
from app.tray.client import Client
from app.tray.wire import Problem, Suggestion

OPEN = ("new", "shown")


class Deck(QObject):
    """Holds at most one card on the screen."""

    evidence_opened = Signal(object)

    def __init__(self, client: Client, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._waiting: list[Suggestion] = []
        self._seen: set[str] = set()
        self.card: Card | None = None
        client.suggestion.connect(self.offer)
        client.stream_opened.connect(self._catch_up)

    def offer(self, suggestion: object) -> None:
        """Shows a suggestion now or after the present one; each is offered once."""
        if not isinstance(suggestion, Suggestion) or suggestion.id in self._seen:
            return
        if suggestion.state in OPEN:
            self._seen.add(suggestion.id)
            self._waiting.append(suggestion)
            self._next()

    def open(self, suggestion: Suggestion) -> None:
        """Shows this one now, because the person asked for it."""
        self._seen.add(suggestion.id)
        self._waiting = [each for each in self._waiting if each.id != suggestion.id]
        if self.card is not None and self.card.suggestion.id == suggestion.id:
            self.card.raise_()
            return
        self._waiting.insert(0, suggestion)
        if self.card is not None and self.card.stage == "offer":
            self._waiting.insert(1, self.card.suggestion)
            self.card.close()  # which brings the next
        self._next()

    def put_away(self) -> None:
        """Takes every offer off the screen and forgets it: the store is locked."""
        self._waiting.clear()
        self._seen.clear()
        if self.card is not None:
            self.card.close()

    def _next(self) -> None:
        while self.card is None and self._waiting:
            suggestion = self._waiting.pop(0)
            left = seconds_left(suggestion.expires_at)
            if left is None or left > 0:
                self._put(suggestion)

    def _put(self, suggestion: Suggestion) -> None:
        self.card = Card(self._client, suggestion)
        self.card.gone.connect(self._gone)
        self.card.evidence_opened.connect(self.evidence_opened)
        self.card.show()
        self.card.place()

    def _gone(self) -> None:
        self.card = None
        self._next()

    def _catch_up(self) -> None:
        """Offers made while no tray ran."""
        self._client.get(
            "/suggestions", self._open_ones, self._no_matter, query={"state": "shown"}, owner=self
        )

    def _open_ones(self, answer: object) -> None:
        for suggestion in wire.read_list(Suggestion, answer):
            self.offer(suggestion)

    def _no_matter(self, problem: Problem) -> None:
        """The icon tells already that the daemon does not answer."""
