"""Where the door listens beside 127.0.0.1, if the person wants that: a Unix socket, another interface.

At the Unix socket the file's place says who may come: a folder that only the person can enter. At another
interface everybody may come, so there is TLS, and only clients are answered, each with a token from pairing.
"""

import logging
import os
import socket
import ssl
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from app import tls
from app.api.guard import Face
from app.config import PluginSettings
from gum.errors import GumptionError, PortTaken, SettingsInvalid

log = logging.getLogger(__name__)

OUTSIDE = 100  # connections at a time from another interface, half of what there is room for (app.connection)


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that listens, and how it is asked there. `file` is taken away at the end."""

    sock: socket.socket
    face: Face
    context: ssl.SSLContext | None = None
    file: Path | None = None

    def close(self) -> None:
        self.sock.close()
        if self.file is not None:
            self.file.unlink(missing_ok=True)


class _Few(socket.socket):
    """Takes OUTSIDE connections at a time, and hangs up on more.

    Counted from the first moment: whoever never ends the TLS handshake is in no room yet (`app.connection`),
    and a thousand of them would take every file handle that the daemon may have.
    """

    _taken: tuple[socket.socket, ...] = ()

    def accept(self) -> tuple[socket.socket, Any]:
        new, source = super().accept()
        self._taken = tuple(each for each in self._taken if each.fileno() >= 0)
        if len(self._taken) >= OUTSIDE:
            new.close()
            raise BlockingIOError  # as if nobody were there: the event loop asks again
        self._taken = (*self._taken, new)
        return new, source


def listeners(plugin: PluginSettings, data: Path, hosts: frozenset[str], now: datetime) -> Sequence[Listener]:
    """What the settings ask for. `hosts`: the values of `Host` at 127.0.0.1, which do at the socket, too.

    Raises SettingsInvalid and PortTaken for a socket. A network that is not there (yet) does not keep the
    daemon from its work: that is logged.
    """
    made: list[Listener] = []
    if not plugin.enabled:
        return made
    if plugin.socket:
        made.append(at_file(Path(plugin.socket).expanduser(), hosts))
    if plugin.listen:
        try:
            made.append(at_address(plugin, data, now))
        except GumptionError as error:
            log.error("not open to the network: %s. %s", error.title, error.hint)
    return made


def at_file(file: Path, hosts: frozenset[str]) -> Listener:
    """A Unix socket for the person alone; one that nobody listens at is replaced."""
    _private(file)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)  # the file is 0600 from its first moment
    try:
        if _stale(file):
            file.unlink()
        sock.bind(str(file))
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"The socket {file} cannot be used: {error.strerror}",
            "Set socket under [plugin] in settings.toml to another path, or to nothing.",
        ) from error
    finally:
        os.umask(before)
    return Listener(sock, Face(hosts | {"localhost"}), file=file)


def _private(file: Path) -> None:
    """Raises SettingsInvalid unless the folder is the person's, and closed to all others."""
    hint = (
        "Set socket under [plugin] to a path in a folder that only you can enter, e.g. one of your own, 0700."
    )
    if not file.is_absolute():
        raise SettingsInvalid(f"The socket {file} is no whole path", hint)
    try:
        found = file.parent.lstat()
    except OSError as error:
        raise SettingsInvalid(f"The folder {file.parent} cannot be used: {error.strerror}", hint) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise SettingsInvalid(f"{file.parent} is not a folder of yours", hint)
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SettingsInvalid(f"Others can enter {file.parent}", f"Type: chmod 700 '{file.parent}'")


def _stale(file: Path) -> bool:
    """Whether a socket lies there that nobody listens at. Raises OSError where something else does."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISSOCK(found.st_mode):
        raise OSError(17, "it is there already, and no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(file))
        except ConnectionRefusedError:
            return True
    raise OSError(98, "another program listens there")


def at_address(plugin: PluginSettings, data: Path, now: datetime) -> Listener:
    """A port at another interface, for clients, over TLS. Raises SettingsInvalid, PortTaken."""
    if plugin.tls_cert:
        cert, key = Path(plugin.tls_cert).expanduser(), Path(plugin.tls_key).expanduser()
    else:
        cert, key = tls.certificate(data, plugin.listen, now)
    context = tls.context(cert, key)
    address = ip_address(plugin.listen)
    sock = _Few(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((plugin.listen, plugin.listen_port))
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"{plugin.listen} port {plugin.listen_port} cannot be listened at: {error.strerror}",
            "Set listen and listen_port under [plugin] to an address of this computer and a free port.",
        ) from error
    port = sock.getsockname()[1]
    log.info("open to the network at https://%s:%d, SHA-256 %s", plugin.listen, port, tls.fingerprint(cert))
    name = f"[{plugin.listen}]" if address.version == 6 else plugin.listen
    hosts = {f"{name}:{port}"} | ({name} if port == 443 else set())
    return Listener(sock, Face(frozenset(hosts), "https", owner=False), context)
