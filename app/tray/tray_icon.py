"""The icon in the tray."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from app.tray import icon
from app.tray.commands import Commands
from app.tray.face import Face, Kind
from app.tray.wire import Problem


class TrayIcon(QObject):
    """Shows the face of `commands` and their menu. A left click opens what is known."""

    def __init__(self, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self._kind: Kind | None = None
        self._menu = commands.menu()
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        commands.face_changed.connect(self.show_face)
        commands.told.connect(lambda text: self.icon.showMessage("Gumption", text))
        self.show_face(commands.face)
        self.icon.show()

    def show_face(self, shown: object) -> None:
        if not isinstance(shown, Face):
            return
        if shown.kind is not self._kind:
            self._kind = shown.kind
            self.icon.setIcon(icon.icon(shown.kind))
        self.icon.setToolTip(shown.tooltip)

    def tell(self, problem: Problem) -> None:
        """Says a problem as a notification."""
        self.icon.showMessage(problem.title, problem.hint, QSystemTrayIcon.MessageIcon.Warning)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._commands.known.trigger()
