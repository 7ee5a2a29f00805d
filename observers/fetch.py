"""A file at an address that is asked for again and again: only when it changed, and never without bounds.

Over https alone; plain http only on this machine itself. What stands in the address before the host (a name
and a password) and behind it (often as good as a password) is told to nobody: errors name the host.
"""

import base64
import hashlib
import ipaddress
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from functools import cache
from threading import Event, Thread
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

import httpx

from gum.errors import CaptureUnavailable
from observers.reasons import why

MOST = 16_000_000  # bytes of one file
HOPS = 5
WAIT_S = 8.0  # to connect, and for each piece
WHOLE_S = 60.0
STEP_S = 0.5  # how long it takes at most to notice that it is to stop
AGENT = "Gumption"
T = TypeVar("T")
Traced = dict[str, object]
Found = tuple[bytes, dict[str, str]]  # what stands there, and what to ask with the next time


class Remote:
    """One address. `stopping` ends a fetch that is under way. Not thread-safe."""

    def __init__(self, address: str, stopping: Callable[[], bool] = lambda: False) -> None:
        """Raises CaptureUnavailable for an address that is not asked."""
        parts = checked(address)
        self.where = parts.hostname or ""
        self._start, self._secret = bare(parts), _secret(parts)
        self._stopping = stopping
        self._marks: dict[str, str] = {}
        self._digest = b""

    def fetch(self) -> bytes | None:
        """What stands there now; None: what stood there the last time. Raises CaptureUnavailable."""
        found = within_bounds(self.where, self._start, self._stopping, self._follow)
        if found is None:
            return None
        content, self._marks = found
        digest = hashlib.sha256(content).digest()
        if digest == self._digest:
            return None
        self._digest = digest
        return content

    def _follow(self, client: httpx.Client, traced: Traced) -> Found | None:
        url = self._start
        for _ in range(HOPS):
            with client.stream("GET", url, headers=self._headers(url), extensions=traced) as answer:
                if answer.status_code == httpx.codes.NOT_MODIFIED and self._marks:
                    return None
                if answer.is_redirect:
                    url = self._next(url, answer.headers.get("location", ""))
                    continue
                if answer.status_code != httpx.codes.OK:
                    raise trouble(self.where, f"answered {answer.status_code}", _hint(answer.status_code))
                return body(self.where, answer), _marks(answer.headers)
        raise trouble(self.where, "sends on and on to somewhere else", "Check the address in the settings.")

    def _headers(self, url: str) -> dict[str, str]:
        # Packed, a small answer could become a very large one.
        headers = {"User-Agent": AGENT, "Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "identity"}
        if self._secret and origin(url) == origin(self._start):
            headers["Authorization"] = self._secret
        return headers | self._marks

    def _next(self, url: str, location: str) -> str:
        """Where it is sent on to: within https, and from this machine not anywhere but there or https."""
        try:
            target = bare(urlsplit(urljoin(url, location)))
            stays = target.startswith("http:") and is_local(target) and is_local(url)
            fine = (
                bool(location) and bool(urlsplit(target).hostname) and (target.startswith("https:") or stays)
            )
        except ValueError:
            fine = False
        if not fine:
            raise trouble(self.where, "sends on to an address that is not safe", "Only https is followed.")
        return target


def within_bounds(
    where: str,
    url: str,
    stopping: Callable[[], bool],
    ask: Callable[[httpx.Client, Traced], T],
    whole_s: float | None = None,
) -> T:
    """What `ask` finds, unless it is given up before: after `whole_s` or WHOLE_S, or, when it is to stop, in
    STEP_S. Raises CaptureUnavailable, in which the server is called `where`.

    `ask` gets a client, which follows nothing by itself, and what to give to each request as `extensions`.

    It is waited for in a thread of its own that nobody joins. A call of httpx cannot be broken off, and
    its time limit begins anew with each byte: a server that sends its headers drop by drop, or for ever
    that they will come (103), would hold it for good.
    """
    try:
        client = httpx.Client(
            timeout=WAIT_S, trust_env=not is_local(url), verify=_tls(), follow_redirects=False
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # a proxy of a kind that nobody here speaks
        raise trouble(
            where, "cannot be asked through this proxy", "Check the proxy settings of the desktop."
        ) from None
    answer: Future[T] = Future()
    ended = Event()

    def step(name: str, _told: object) -> None:
        # A connection that was not there yet could not be closed. Only where httpcore closes it itself.
        if ended.is_set() and name.startswith(("http11.send_request", "http11.receive_response")):
            raise httpx.ReadTimeout("given up")

    def run() -> None:
        try:
            answer.set_result(ask(client, {"trace": step}))
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
            answer.set_exception(error)

    deadline = time.monotonic() + (WHOLE_S if whole_s is None else whole_s)
    with client:  # closing it ends its connection, and so the thread
        Thread(target=run, name="calendar-fetch", daemon=True).start()
        try:
            while not stopping() and time.monotonic() < deadline:
                if wait({answer}, STEP_S).done:
                    return answer.result()
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise trouble(where, *why(error)) from None  # not `from error`: its text holds the address
        finally:
            ended.set()
    raise trouble(where, "did not send all of it in time", "It is tried again later.")


def body(where: str, answer: httpx.Response) -> bytes:
    """What was sent, MOST bytes at the most. Raises CaptureUnavailable."""
    if answer.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise trouble(where, "sent it packed though it was asked not to", "It is tried again later.")
    data = bytearray()
    for chunk in answer.iter_raw():
        data += chunk
        if len(data) > MOST:
            raise trouble(where, f"sends more than {MOST // 1_000_000} MB", "Name a smaller calendar.")
    return bytes(data)


def trouble(where: str, what: str, hint: str) -> CaptureUnavailable:
    """`where` is all that is told of an address."""
    return CaptureUnavailable(f"{where} {what}", hint)


def is_address(text: str) -> bool:
    """Whether it is an address, and not a file or folder."""
    return "://" in text[:20]


def checked(address: str) -> SplitResult:
    """The parts of an address that may be asked. Raises CaptureUnavailable for any other."""
    scheme, rest = address.strip().split("://", 1)
    if scheme.lower() in ("webcal", "webcals"):
        scheme = "https"
    bad = CaptureUnavailable("An address of a calendar cannot be used", "Write https://, a host and a path.")
    try:
        parts = urlsplit(f"{scheme.lower()}://{rest}")
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise bad
        _ = parts.port
    except ValueError:
        raise bad from None
    if parts.scheme == "http" and not is_local(bare(parts)):
        told = f"{parts.hostname} is not asked without encryption"
        raise CaptureUnavailable(told, "Write https:// instead of http://.")
    return parts


def bare(parts: SplitResult) -> str:
    """The address without a name and a password, and without what only a browser needs."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = f":{parts.port}" if parts.port is not None else ""
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, ""))


def _secret(parts: SplitResult) -> str:
    """What proves who asks; "" when the address names nobody."""
    if parts.username is None and parts.password is None:
        return ""
    both = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(both.encode('utf-8', 'replace')).decode()}"


def origin(url: str) -> tuple[str, str, int | None]:
    """Which server it is: nobody else gets a password."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def is_local(url: str) -> bool:
    """Whether it stays on this machine. A name other than localhost does not count."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _marks(headers: Mapping[str, str]) -> dict[str, str]:
    """What to ask with the next time, so that the same is not sent again (RFC 9110, section 13)."""
    pairs = (("If-None-Match", headers.get("etag")), ("If-Modified-Since", headers.get("last-modified")))
    return {name: value for name, value in pairs if value and len(value) < 1000 and value.isascii()}


def _hint(status: int) -> str:
    if status in (401, 403):
        return "It wants a name and a password: a private address, or, of CalDAV, `gumption calendar add`."
    if status in (404, 410):
        return "There is no such calendar (any more). Check the address in the settings."
    return "It is tried again later."


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificates costs 50 ms. The system's count, too: a server of one's own."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
