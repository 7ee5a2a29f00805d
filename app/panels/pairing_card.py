"""The card with the code that lets another program in. Typing the code there is the person's yes."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from app.panels import parts, style
from app.panels.clients_tab import called
from app.panels.corner import Corner
from app.panels.scope_form import ScopeForm
from app.panels.scope_words import both, said
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Problem
from app.tray.wire_assistants import Pairing, scope_of

ONLY = "Type this code only into a program that you started yourself."
LEFT_OUT = "It also asked for {}. It does not get that unless you choose it under “Change…”."


def grouped(code: str) -> str:
    """Six digits as people read them: "123 456"."""
    return f"{code[:3]} {code[3:]}" if len(code) == 6 else code


def gets(pairing: Pairing) -> list[str]:
    """What the program gets when the code is typed, in sentences; and what it asked for besides."""
    asked, given = scope_of(pairing.asked), scope_of(pairing.given)
    told = said(given)
    if asked is None or given is None:
        return told
    more = (
        (asked.sensitive and not given.sensitive, "sensitive claims"),
        (
            asked.real_names and not given.real_names,
            "real names",
        ),
    )
    if left_out := [name for wanted, name in more if wanted]:
        told.append(LEFT_OUT.format(both(left_out)))
    return told


class PairingCard(Corner):
    """`stage` is "code" or "gone". It goes by itself when the program is in, or the time is up."""

    def __init__(self, client: Client, pairing: Pairing) -> None:
        super().__init__("let an assistant in", high=True)
        self._client = client
        self.pairing = pairing
        self.form: ScopeForm | None = None
        self.code = Text(scale=2.6, bold=True)
        self.take(pairing)

    def take(self, pairing: Pairing) -> None:
        """Shows it as it is now; goes when it does not wait any more."""
        self.pairing = pairing
        if pairing.state != "waiting":
            self.close()
            return
        self.code = Text(grouped(pairing.code), scale=2.6, bold=True)
        self.code.setAccessibleName(f"Code: {' '.join(pairing.code)}")
        digits = self.code.font()
        digits.setStyleHint(QFont.StyleHint.Monospace)
        digits.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 110)
        self.code.setFont(digits)
        middle = parts.row(None, self.code, None)
        middle.setAlignment(self.code, Qt.AlignmentFlag.AlignCenter)
        scope = parts.column(
            Text("What it gets", muted=True, scale=0.88),
            Text(" ".join(gets(pairing))),
            Text(self._ends(), muted=True),
            margin=style.GAP + style.HALF,
            gap=style.HALF,
        )
        page = parts.column(
            Text(ONLY, scale=1.1, bold=True),
            Text(f"It calls itself “{called(pairing.name)}”.", lines=3),
            middle,
            parts.box("box", scope),
        )
        page.addLayout(
            parts.row(
                parts.button("No", self._refuse, tip="It is not let in, and the code is worth nothing"),
                None,
                parts.button("Change…", self._change, name="Change what it gets"),
            )
        )
        self._show("code", "a program asks to be let in", page)

    def _ends(self) -> str:
        return f"Until {words.moment(self.pairing.until)}." if self.pairing.until else "Without an end."

    def _refuse(self) -> None:
        self._lock("")
        path = f"/pairings/{self.pairing.id}"
        self._client.delete(path, lambda _: self.close(), self._refused, owner=self)

    def _change(self) -> None:
        if self.form is not None:
            self.form.close()
        form = self.form = ScopeForm(
            self.pairing.name,
            scope_of(self.pairing.given),
            asked=scope_of(self.pairing.asked),
            until=self.pairing.until,
        )
        form.saved.connect(lambda body: self._save(form, body))
        form.present()

    def _save(self, form: ScopeForm, body: dict[str, object]) -> None:
        def took(answer: object) -> None:
            form.close()
            mine = [each for each in wire.read_list(Pairing, answer) if each.id == self.pairing.id]
            if mine:
                self.take(mine[0])

        path = f"/pairings/{self.pairing.id}"
        self._client.post(path, body, took, form.refuse, owner=form)

    def _refused(self, problem: Problem) -> None:
        if problem.status == 404:  # it was let in, or has ended meanwhile
            self.close()
            return
        self._body.setEnabled(True)
        self.banner.tell(problem)
        self.place()

    def _until(self) -> datetime | None:
        return self.pairing.expires_at

    def close(self) -> bool:
        if self.form is not None:
            self.form.close()
        return super().close()
