"""Radicale, a real CalDAV server, as a process of its own on this machine, with users and passwords."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.observers.recorder import wait_for

USER, PASSWORD = "ada@example.org", "pass: wörd-of-ada"
OTHER = "ben"


@dataclass(frozen=True)
class Served:
    """Where it listens, and how a test puts things there as the person's calendar program would."""

    address: str
    verify: ssl.SSLContext | bool
    log: Path

    def put(self, path: str, content: str, user: str = USER) -> None:
        self.request("PUT", path, content, user, {"Content-Type": "text/calendar; charset=utf-8"})

    def make(self, path: str, name: str, user: str = USER, kinds: str = "VEVENT") -> None:
        wanted = "".join(f'<c:comp name="{kind}"/>' for kind in kinds.split())
        self.request(
            "MKCALENDAR",
            path,
            '<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{name}</displayname><c:supported-calendar-component-set>{wanted}"
            "</c:supported-calendar-component-set></prop></set></c:mkcalendar>",
            user,
        )

    def delete(self, path: str) -> None:
        self.request("DELETE", path, "", USER)

    def request(
        self, method: str, path: str, content: str, user: str, headers: dict[str, str] | None = None
    ) -> None:
        answer = httpx.request(
            method,
            self.address + path,
            content=content.encode(),
            headers=headers,
            auth=(user.encode(), PASSWORD.encode()),
            trust_env=False,
            verify=self.verify,
        )
        assert answer.is_success, (method, path, answer.status_code, answer.text)

    def asked(self) -> list[str]:
        """Method and path of every question so far, as its log has them."""
        words = [line.split(" request for ", 1) for line in self.log.read_text().splitlines()]
        return [f"{pair[0].rsplit(' ', 1)[-1]} {pair[1].split()[0]}" for pair in words if len(pair) == 2]


@contextmanager
def radicale(folder: Path, certificate: tuple[Path, Path] | None = None) -> Iterator[Served]:
    """`certificate`: over https, with the files of a certificate, which is trusted, and its key."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder.mkdir()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n{OTHER}:{PASSWORD}\n")
    tls = ""
    if certificate is not None:
        tls = f"ssl = True\ncertificate = {certificate[0]}\nkey = {certificate[1]}\n"
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n{tls}"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\nhtpasswd_encryption = plain\n"
        "delay = 0\n"
        f"[storage]\nfilesystem_folder = {folder / 'store'}\n"
        "[logging]\nlevel = info\n"
    )
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "radicale", "--config", str(folder / "config")],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    scheme = "https" if certificate else "http"
    verify = ssl.create_default_context(cafile=str(certificate[0])) if certificate else True
    try:
        assert wait_for(lambda: process.poll() is not None or _listens(port)), log.read_text()
        assert process.poll() is None, log.read_text()
        yield Served(f"{scheme}://127.0.0.1:{port}", verify, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
