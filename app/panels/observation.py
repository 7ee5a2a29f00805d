"""One observation in full, as plain text, with the quote that something was concluded from marked.

Beside it the small pictures that were kept of it, if any are (`app.panels.pictures`).
"""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QHideEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from app.panels import parts, style
from app.panels.pictures import Pictures
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client

TRUST = {
    "authored": "your own words",
    "acted-on": "something you did",
    "read": "was on the screen",
    "received": "somebody else's message",
    "advert": "an advertisement",
    "system": "a notice of a program",
}


class ObservationView(parts.Window):
    """Shows what was stored. Captured text is never rendered: no HTML, no links, no images.

    What is forgotten goes from it at once; closed, or with a locked store, it holds nothing.
    """

    def __init__(self, client: Client) -> None:
        super().__init__("what was seen", 680, 520)
        self._client = client
        self._id = ""
        self.banner = parts.Banner()
        self._what = Text(bold=True, lines=2)
        self._where = Text(muted=True, lines=2)
        self._note = Text(muted=True)
        self.pictures = Pictures(client)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Text that was seen")
        self.text.setTabChangesFocus(True)
        close = parts.button("Close", self.close)
        page = parts.column(
            self.banner, self._what, self._where, self.pictures, self.text, margin=style.MARGIN
        )
        page.setStretch(4, 1)
        foot = parts.row(self._note, close)
        foot.setStretch(0, 1)
        foot.setAlignment(self._note, Qt.AlignmentFlag.AlignVCenter)
        page.addLayout(foot)
        self.setLayout(page)
        for signal in (client.forgotten, client.stream_opened):
            parts.while_shown(signal, self, self._look_again)
        parts.while_shown(client.health_changed, self, self._heed_lock)

    def open(self, observation_id: str, quote: str) -> None:
        """Fetches an observation and shows it in front; none when it has gone by age (no id)."""
        if not observation_id:
            return
        self._id = observation_id
        self.banner.hide()
        self._client.get(
            f"/observations/{observation_id}",
            partial(self._came, observation_id, quote),
            partial(self._missing, observation_id),
            owner=self,
        )

    def _came(self, asked: str, quote: str, answer: object) -> None:
        seen = wire.read(wire.Observation, answer)
        if asked == self._id:  # else it was closed, or another was opened since
            self.show_observation(seen, quote)

    def show_observation(self, seen: wire.Observation, quote: str) -> None:
        """Shows `seen` in front, unless the store was locked since it was asked for."""
        if self._client.locked:
            return
        self._what.setText(words.one_line(seen.title) or "(a window without a title)")
        trust = TRUST.get(seen.trust, seen.trust)
        told = [seen.app, words.moment(seen.at), trust, seen.url or ""]
        self._where.setText("  ·  ".join(words.one_line(each) for each in told if each))
        self.text.setPlainText(seen.text)
        self._note.setText(self._mark(seen, quote))
        self.pictures.open(seen)
        self.present()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self.pictures.fit()
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        if not event.spontaneous():  # else it is minimized, and comes back as it was
            self._id = ""
            self._clear()

    def _heed_lock(self) -> None:
        if self._client.locked:
            self.close()

    def _look_again(self) -> None:
        """Something was forgotten, perhaps this."""
        self.pictures.clear()
        asked = self._id

        def there(answer: object) -> None:
            seen = wire.read(wire.Observation, answer)
            if asked == self._id and self.isVisible():
                self.pictures.open(seen)

        def gone(problem: wire.Problem) -> None:
            if asked == self._id and self.isVisible() and not problem.unreachable:
                self._clear()
                self._tell_missing(problem)

        self._client.get(f"/observations/{asked}", there, gone, owner=self)

    def marked(self) -> str:
        """The text that is highlighted; "" when none is."""
        return "".join(each.cursor.selectedText() for each in self.text.extraSelections())

    def _mark(self, seen: wire.Observation, quote: str) -> str:
        """Highlights the quote. Says where it is when it is not in the text."""
        self.text.setExtraSelections([])
        place = words.span(seen.text, quote)
        if place is None:
            if quote and quote in seen.title:
                return "The quote is in the window's title, above."
            if quote and seen.url and quote in seen.url:
                return "The quote is in the address, above."
            return "The quote is no longer in this text." if quote else ""
        cursor = self.text.textCursor()
        cursor.setPosition(place[0])
        cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        selection = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(QColor(style.colours().mark))
        look.setFontUnderline(True)  # not by colour alone
        selection.cursor, selection.format = cursor, look
        self.text.setExtraSelections([selection])
        there = self.text.textCursor()
        there.setPosition(place[0])
        self.text.setTextCursor(there)
        self.text.centerCursor()
        return "The quote is underlined."

    def _missing(self, asked: str, problem: wire.Problem) -> None:
        if asked != self._id:
            return
        self._clear()
        self._tell_missing(problem)
        self.present()

    def _tell_missing(self, problem: wire.Problem) -> None:
        self._what.setText("This observation cannot be shown")
        self.banner.tell(problem)

    def _clear(self) -> None:
        self._what.setText("")
        self._where.setText("")
        self.pictures.clear()
        self.text.setPlainText("")
        self.text.setExtraSelections([])
        self._note.setText("")


def stance(each: wire.Evidence) -> str:
    return "speaks against it" if each.stance == "contradicts" else "speaks for it"
