"""Assistants, first tab: which programs may ask, how far each gets, and taking that back."""

from datetime import UTC, datetime, timedelta

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QWidget

from app.panels import parts, style
from app.panels.scope_form import ScopeForm
from app.panels.scope_words import brief, said
from app.panels.table import chosen, put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire_assistants import Assistant, scope_of

NARROW = 720  # pixels
NOTHING = (
    "No assistant is connected",
    "A chat program on this computer can ask Gumption what it knows, as far as you allow. In a terminal, "
    "`gumption connect --list` names the programs it knows, and `gumption connect NAME` sets one of them up. "
    "Another program may ask by itself: then a card comes up here with a code for it.",
)


def called(name: str) -> str:
    """A program's name as it gave it, on one line and with nothing hidden in it."""
    return words.visible(words.one_line(name)) or "(without a name)"


def until(each: Assistant, now: datetime | None = None) -> str:
    """When it ends, or that it has."""
    if each.revoked_at is not None:
        return f"taken back {words.moment(each.revoked_at)}"
    if each.until is None:
        return "without end"
    return words.moment(each.until) if each.holds(now) else f"ended {words.moment(each.until)}"


def cells(each: Assistant) -> tuple[str, ...]:
    used = words.moment(each.last_used_at)
    return (called(each.name), brief(scope_of(each.scope)), used, until(each), f"{each.reads_today:n}")


def ordered(items: tuple[Assistant, ...], now: datetime | None = None) -> list[Assistant]:
    """Those that may ask first, the last used on top."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    by_use = sorted(items, key=lambda each: each.last_used_at or each.given_at or long_ago, reverse=True)
    return sorted(by_use, key=lambda each: not each.holds(now))


class ClientsTab(QWidget):
    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self.form: ScopeForm | None = None
        columns = ("Name", "What it may do", "Last used", "Until", "Reads today")
        self.clients = table("Assistants", columns, stretch=1)
        self.clients.currentItemChanged.connect(lambda *_: self._enable())
        self.clients.itemActivated.connect(lambda *_: self._change())
        self.name = Text(bold=True, lines=2)
        self.may = Text()
        self.change_button = parts.button("Change…", self._change, name="Change what it may do")
        self.revoke_button = parts.button(
            "Revoke…", self._ask_revoke, role="danger", name="Revoke", tip="It can ask nothing from then on"
        )
        buttons = parts.row(None, self.change_button, self.revoke_button)
        self.told = parts.box("box", parts.column(self.name, self.may, margin=style.GAP + style.HALF))
        some = QWidget()
        listed = parts.column(self.clients, self.told, buttons)
        listed.setStretch(0, 1)
        some.setLayout(listed)
        self.pages = QStackedWidget()
        self.pages.addWidget(some)
        self.pages.addWidget(parts.Empty(*NOTHING))
        self.setLayout(parts.column(self.pages, margin=style.MARGIN))
        self._enable()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where it is narrow, what an assistant may do stands below the list only."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.clients.setColumnHidden(1, narrow)
        mode = QHeaderView.ResizeMode.Stretch if narrow else QHeaderView.ResizeMode.Interactive
        self.clients.header().setSectionResizeMode(0, mode)

    def load(self) -> None:
        self._client.get("/clients", self._loaded, self._banner.tell, owner=self)

    def _loaded(self, answer: object) -> None:
        items = ordered(wire.read_list(Assistant, answer))
        before = self._chosen()
        put(
            self.clients,
            ((cells(each), each) for each in items),
            widest=130 if self.clients.isColumnHidden(1) else 190,
        )
        self.pages.setCurrentIndex(0 if items else 1)
        place = next((n for n, each in enumerate(items) if before and each.id == before.id), 0)
        row = self.clients.topLevelItem(place)
        if row is not None:
            self.clients.setCurrentItem(row)  # by its id: the order changes with the use
        self._enable()

    def _chosen(self) -> Assistant | None:
        each = chosen(self.clients)
        return each if isinstance(each, Assistant) else None

    def _enable(self) -> None:
        each = self._chosen()
        self.told.setVisible(each is not None)
        self.change_button.setEnabled(each is not None and each.revoked_at is None)
        self.revoke_button.setEnabled(each is not None and each.revoked_at is None)
        if each is not None:
            self.name.setText(called(each.name))
            self.may.setText(" ".join(said(scope_of(each.scope))))

    def _change(self) -> None:
        each = self._chosen()
        if each is None or each.revoked_at is not None:
            return
        if self.form is not None:
            self.form.close()
        form = self.form = ScopeForm(each.name, scope_of(each.scope), until=each.until)
        form.saved.connect(lambda body: self._save(form, each, body))
        form.present()

    def _save(self, form: ScopeForm, each: Assistant, body: dict[str, object]) -> None:
        def took(_: object) -> None:
            form.close()
            self.load()

        days = body.pop("days", None)
        if isinstance(days, int):
            body["until"] = (datetime.now(UTC) + timedelta(days=days)).isoformat() if days else None
        self._client.patch(f"/clients/{each.id}", body, took, form.refuse, owner=form)

    def _ask_revoke(self) -> None:
        each = self._chosen()
        if each is None:
            return
        asked = (
            f"Take back everything from “{called(each.name)}”?\n\nIt can ask nothing from now on, and has to "
            "be let in anew. What it read already cannot be fetched back."
        )
        parts.confirm(self, "revoke", asked, "Revoke", lambda: self._revoke(each))

    def _revoke(self, each: Assistant) -> None:
        self._client.delete(f"/clients/{each.id}", lambda _: self.load(), self._banner.tell, owner=self)

    def clear(self) -> None:
        """Closes what stands open beside it: the store is locked, or the window is closed."""
        if self.form is not None:
            self.form.close()
