"""Privacy, third tab: forgetting. What was removed is told in numbers."""

from collections.abc import Mapping

from PySide6.QtWidgets import QLayout, QLineEdit, QSpinBox, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Forgotten, Today

TYPED = "forget everything"


def removed(what: Forgotten) -> str:
    """What a forgetting took away, in words."""
    if not (what.observations or what.propositions):
        return "There was nothing to forget."
    pieces = words.many(what.observations, "captured piece")
    return (
        f"Forgotten: {pieces} and {words.many(what.propositions, 'conclusion')}. They are gone from the disk."
    )


class ForgetTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self.minutes = QSpinBox(minimum=1, maximum=60 * 24 * 7, value=10, suffix=" minutes")
        self.minutes.setMinimumHeight(32)
        self.minutes.setAccessibleName("Minutes to forget")
        self.app = parts.choice(editable=True)
        self.app.setMinimumWidth(240)
        self.app.setAccessibleName("Application to forget")
        self.typed = QLineEdit(placeholderText=TYPED)
        self.typed.setMinimumWidth(240)
        self.typed.setAccessibleName("Type the words to confirm")
        self.minutes_button = parts.button("Forget these minutes", self._forget_minutes, role="danger")
        self.app_button = parts.button("Forget this application", self._forget_app, role="danger")
        self.all_button = parts.button("Forget everything", self._forget_all, role="danger")
        self.all_button.setEnabled(False)
        self.typed.textChanged.connect(
            lambda text: self.all_button.setEnabled(text.strip().casefold() == TYPED)
        )
        self.app_button.setEnabled(False)
        self.app.currentTextChanged.connect(lambda text: self.app_button.setEnabled(bool(text.strip())))
        self.result = Text(bold=True)
        page = parts.column(
            Text(
                "Forgetting removes what was captured and every conclusion that rests on it alone.",
                muted=True,
            ),
            _block("The last minutes", parts.row(self.minutes, None, self.minutes_button)),
            _block("An application", parts.row(self.app, None, self.app_button)),
            _block(
                "Everything",
                parts.row(Text(f"Type “{TYPED}” to be able to press the button.")),
                parts.row(self.typed, None, self.all_button),
            ),
            self.result,
            margin=style.MARGIN,
            gap=style.MARGIN,
        )
        page.addStretch(1)
        self.setLayout(page)

    def load(self) -> None:
        """Offers the applications seen today; any other name can be typed."""
        self._client.get("/privacy/today", self._apps, self._banner.tell, owner=self)

    def _apps(self, answer: object) -> None:
        typed = self.app.currentText()
        self.app.clear()
        self.app.addItems(sorted({each.app for each in wire.read(Today, answer).captured if each.app}))
        self.app.setCurrentText(typed)

    def _forget_minutes(self) -> None:
        minutes = self.minutes.value()
        asked = f"Forget everything captured in the last {words.many(minutes, 'minute')}?"
        self._ask(asked, {"minutes": minutes})

    def _forget_app(self) -> None:
        app = self.app.currentText().strip()
        if app:
            self._ask(f"Forget everything ever captured from “{app}”?", {"app": app})

    def _forget_all(self) -> None:
        self._ask("Forget everything that was ever captured and concluded?", {"everything": True})

    def _ask(self, asked: str, body: Mapping[str, object]) -> None:
        text = f"{asked}\n\nThis cannot be taken back."
        parts.confirm(self, "forget", text, "Forget", lambda: self._forget(body))

    def _forget(self, body: Mapping[str, object]) -> None:
        self._client.post("/forget", body, self._forgotten, self._banner.tell, owner=self, timeout_s=120)

    def _forgotten(self, answer: object) -> None:
        told = answer.get("forgotten") if isinstance(answer, dict) else None
        self.result.setText(removed(wire.read(Forgotten, told)))
        self.typed.clear()
        self.load()


def _block(title: str, *rows: QLayout) -> QWidget:
    return parts.box("box", parts.column(parts.heading(title), *rows, margin=style.GAP + style.HALF))
