"""The window that stands in where the desktop has no tray: the same state, the commands as buttons."""

from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.panels import parts, style
from app.panels.text import Text
from app.tray import icon, words
from app.tray.commands import Commands
from app.tray.face import Face
from app.tray.wire import Problem

NO_TRAY = (
    "This desktop shows no tray icons, so Gumption shows this window instead. Closing it only minimises it; "
    "“Quit” stops Gumption and its observing."
)


class ControlWindow(parts.Window):
    """Named "Gumption control"."""

    def __init__(self, commands: Commands) -> None:
        super().__init__("control", 520, 320)
        self._commands = commands
        self.banner = parts.Banner()
        self.picture = QLabel()
        self.line = Text(scale=1.1, bold=True)
        self.hint = Text(muted=True)
        said = parts.column(self.line, self.hint, gap=2)
        head = parts.row(self.picture, said, gap=style.MARGIN)
        head.setStretch(1, 1)
        page = parts.column(
            self.banner, head, self._buttons(), Text(NO_TRAY, muted=True), margin=style.MARGIN
        )
        page.addStretch(1)
        self.setLayout(page)
        commands.face_changed.connect(self.show_face)
        commands.told.connect(lambda text: self.banner.tell(Problem(text)))
        self.show_face(commands.face)

    def _buttons(self) -> QWidget:
        commands = self._commands
        rows = (
            commands.pauses, [commands.off_the_record], [commands.resume], [commands.unlock, commands.lock],
            [commands.known, commands.suggestions],
            [commands.privacy, commands.assistants], [commands.status, commands.forget], [commands.quit],
        )  # fmt: skip
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(style.GAP)
        for number, row in enumerate(rows):
            for place, action in enumerate(row):
                grid.addWidget(button_of(action), number, place * 6 // len(row), 1, 6 // len(row))
        return holder

    def show_face(self, shown: object) -> None:
        if isinstance(shown, Face):
            self.picture.setPixmap(icon.pixmap(shown.kind, 48))
            self.picture.setAccessibleName(shown.kind.value)
            self.line.setText(words.one_line(shown.line))
            self.hint.setText(shown.hint)
            self.hint.setVisible(bool(shown.hint))
            self.setWindowIcon(icon.icon(shown.kind))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Never out of reach: without a tray this window is the only way back."""
        event.ignore()
        self.showMinimized()


def button_of(action: QAction) -> QPushButton:
    """A push button that is an action: same words, shown and enabled when it is."""
    made = parts.button(action.text(), action.trigger)

    def follow() -> None:
        made.setText(action.text())
        made.setAccessibleName(action.text().rstrip("…"))
        made.setEnabled(action.isEnabled())
        made.setVisible(action.isVisible())

    action.changed.connect(follow)
    made.setAccessibleName(action.text().rstrip("…"))
    made.setEnabled(action.isEnabled())
    made.setHidden(not action.isVisible())
    return made
