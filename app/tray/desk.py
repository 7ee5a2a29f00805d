"""Puts the tray process together: client, daemon, commands, icon or window, panels and cards."""

import logging
import signal
import socket
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.panels import style
from app.panels.assistants import AssistantsWindow
from app.panels.deck import Deck
from app.panels.known import KnownWindow
from app.panels.observation import ObservationView
from app.panels.own_words import WelcomeWindow
from app.panels.privacy import PrivacyWindow
from app.panels.requests import Requests
from app.panels.status import StatusWindow
from app.panels.suggestions import SuggestionsWindow
from app.panels.unlock import UnlockWindow
from app.paths import Paths
from app.tray import icon
from app.tray.client import Client
from app.tray.commands import Commands, Windows
from app.tray.control import ControlWindow
from app.tray.daemon_link import DaemonLink
from app.tray.face import Kind
from app.tray.single import Doorbell, wake_other
from app.tray.tray_icon import TrayIcon
from app.tray.wire import Evidence, Problem, Suggestion

log = logging.getLogger(__name__)
LOOK_MS = 3000
QUIT_MS = 4000


class Desk(QObject):
    """Everything a person sees of one Gumption."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.client = Client(paths, self)
        self.link = DaemonLink(self.client, self)
        self._known: KnownWindow | None = None
        self._suggestions: SuggestionsWindow | None = None
        self._privacy: PrivacyWindow | None = None
        self._assistants: AssistantsWindow | None = None
        self._status: StatusWindow | None = None
        self._observation: ObservationView | None = None
        self._unlock: UnlockWindow | None = None
        self._locked = False
        self.welcome: WelcomeWindow | None = None
        windows = Windows(
            self.open_known,
            self.open_suggestions,
            self.open_privacy,
            self.open_assistants,
            self.open_status,
        )
        self.commands = Commands(self.client, windows, self)
        self.deck = Deck(self.client, self)
        self.requests = Requests(self.client, self)
        self.tray: TrayIcon | None = None
        self.control: ControlWindow | None = None
        self._wire()

    def _wire(self) -> None:
        self.deck.evidence_opened.connect(self._open_evidence)
        self.requests.waiting_changed.connect(self.commands.tell_waiting)
        self.client.problem.connect(self._tell)
        self.client.health_changed.connect(self._ask_details)
        self.link.failed.connect(self._tell)
        self.link.failed.connect(self._show_trouble)
        self.commands.quit_wanted.connect(self.quit)
        self.commands.unlock_wanted.connect(self.open_unlock)
        self.client.health_changed.connect(self._heed_lock)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)

    def start(self) -> None:
        """Shows the icon, or the window where there is no tray, and looks for the daemon."""
        self.look()
        self._look.start()
        self.client.start()
        self.link.ensure()

    def look(self) -> None:
        """Keeps the icon honest, and moves from the window to a tray that appears (and back)."""
        self.commands.look()
        available = QSystemTrayIcon.isSystemTrayAvailable()
        if available and self.tray is None:
            self.tray = TrayIcon(self.commands, self)
            if self.control is not None:
                self.control.hide()
        elif not available and (self.control is None or self.control.isHidden()):
            self._to_window()

    def _to_window(self) -> None:
        if self.tray is not None:
            self.tray.icon.hide()
            self.tray.deleteLater()
            self.tray = None
        if self.control is None:
            log.info("this desktop has no tray; the control window is shown instead")
            self.control = ControlWindow(self.commands)
        self.control.show()

    def wake(self) -> None:
        """Another start of Gumption: show that this one is here."""
        if self.client.locked:
            self.open_unlock()
        elif self.control is not None and self.tray is None:
            self.control.present()
        else:
            self.open_known()

    def quit(self) -> None:
        """Stops the daemon and the tray: without a sign on the screen nothing is observed."""
        self.link.stop()
        self.client.stop()
        application = QApplication.instance()
        if application is None:
            return
        # exit, not quit: quit asks every window first, and the control window refuses to close
        leave: Callable[[object], None] = lambda _: application.exit(0)  # noqa: E731
        self.client.post("/shutdown", {}, leave, leave)
        QTimer.singleShot(QUIT_MS, lambda: application.exit(0))

    # windows, made when first asked for: a tray that only sits there stays small

    def open_known(self) -> None:
        self._known = self._known or KnownWindow(self.client)
        self._known.present()

    def open_suggestions(self) -> None:
        if self._suggestions is None:
            self._suggestions = SuggestionsWindow(self.client)
            self._suggestions.opened.connect(self._open_suggestion)
        self._suggestions.present()

    def open_privacy(self) -> None:
        self._privacy = self._privacy or PrivacyWindow(self.client)
        self._privacy.present()

    def open_assistants(self) -> None:
        """With what waits for the person in front, if anything does."""
        if self._assistants is None:
            self._assistants = AssistantsWindow(self.client)
            self._assistants.plan_opened.connect(self.requests.open)
        if self.requests.waiting:
            self._assistants.show_waiting()
        else:
            self._assistants.present()

    def open_status(self) -> None:
        self._status = self._status or StatusWindow(self.client)
        self._status.present()

    def open_unlock(self) -> None:
        self._unlock = self._unlock or UnlockWindow(self.client)
        self._unlock.present()

    def _heed_lock(self) -> None:
        """What a locked store knows is not to be read from our windows either; unlocking is offered once."""
        before, self._locked = self._locked, self.client.locked
        if self._locked and not before:
            self._put_away()
            self.open_unlock()
        elif before and not self._locked and self._unlock is not None:
            self._unlock.close()

    def _put_away(self) -> None:
        """Hides what the windows show; they load anew when they are opened again."""
        self.deck.put_away()
        self.requests.put_away()
        windows = (self._known, self._suggestions, self._privacy, self._assistants, self._observation)
        for window in windows:
            if window is not None:
                window.close()

    def _open_suggestion(self, suggestion: object) -> None:
        if isinstance(suggestion, Suggestion):
            self.deck.open(suggestion)

    def _open_evidence(self, piece: object) -> None:
        if isinstance(piece, Evidence):
            self._observation = self._observation or ObservationView(self.client)
            self._observation.open(piece.observation_id, piece.quote)

    def _ask_details(self) -> None:
        """At the first start a few lines about the person may be given; it is asked once."""
        status = self.client.status
        if status is not None and not status.welcomed and self.welcome is None:
            self.welcome = WelcomeWindow(self.client)
            self.welcome.present()

    # trouble

    def _tell(self, problem: object) -> None:
        if not isinstance(problem, Problem):
            return
        if self.tray is not None:
            self.tray.tell(problem)
        elif self.control is not None:
            self.control.banner.tell(problem)

    def _show_trouble(self, problem: object) -> None:
        if isinstance(problem, Problem):
            self.client.fail(problem)


def dress(application: QApplication) -> style.Style:
    """Names and looks of the application."""
    application.setApplicationName("gumption")
    application.setApplicationDisplayName("")
    application.setDesktopFileName("gumption")
    application.setQuitOnLastWindowClosed(False)
    application.setWindowIcon(icon.icon(Kind.OBSERVING))
    return style.Style(application)


class Signals(QObject):
    """Ctrl+C and a polite kill end the loop. Python alone would notice them only when Qt calls it next."""

    def __init__(self, do: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._do = do
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._before = signal.set_wakeup_fd(self._mouth.fileno())
        self._notifier = QSocketNotifier(self._ear.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: None)

    def _heard(self) -> None:
        self._ear.recv(64)
        self._do()

    def close(self) -> None:
        """Gives the signals back."""
        signal.set_wakeup_fd(self._before)
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._ear.close()
        self._mouth.close()


def run(paths: Paths) -> int:
    """The tray process, until the person quits. See `app.tray.run`."""
    paths.make()
    application = QApplication(sys.argv[:1])
    dress(application)
    if wake_other(paths):
        log.info("Gumption's tray runs already; it was asked to show itself")
        return 0
    desk = Desk(paths)
    bell = Doorbell(paths, desk.wake, desk)
    signals = Signals(
        lambda: application.exit(0), desk
    )  # a killed tray leaves the daemon to whoever killed it
    desk.start()
    status = application.exec()
    signals.close()
    bell.close()
    desk.client.stop()
    return status
