"""Questions to one WebDAV server by one login: read-only, and never to anybody else.

Over https alone (http only on this machine itself). Wherever it sends on to, by a redirect or in its answers,
it is followed only to the very same server: name and password are for that one. Basic or Digest, as it wants.
"""

import base64
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from gum.errors import CaptureUnavailable
from gum.login import Login
from observers import fetch
from observers.fetch import AGENT, HOPS, Traced, body, trouble, within_bounds
from observers.multistatus import Reply, replies

LATER = "It is tried again later."
CHECK = "Check the address: the provider's help has it under CalDAV."
APP_PASSWORD = "Check both. Many providers want a password made for programs: look for “app password” there."


class Refused(CaptureUnavailable):
    """The name or the password is wrong: to try again with the same is of no use."""


class Unfit(CaptureUnavailable):
    """There is nothing of use at this one address; at another there may be."""


class Said(NamedTuple):
    """An answer, and the address that gave it, for it may have sent on."""

    url: str
    replies: list[Reply]


class Dav:
    """Asks the server of one login. `stopping` ends a question that is under way. Not thread-safe."""

    def __init__(self, login: Login, stopping: Callable[[], bool] = lambda: False) -> None:
        """Raises CaptureUnavailable for an address or a name that cannot be used."""
        parts = fetch.checked(_whole(login.address))
        if parts.username is not None or parts.password is not None:
            raise CaptureUnavailable(
                "The address holds a name or a password", "Write it without, and give the name by itself."
            )
        if not login.user.strip() or ":" in login.user or not login.user.isprintable():
            raise CaptureUnavailable(
                "This name cannot be used", "Give the name you log in by, as the provider writes it."
            )
        self.where = parts.hostname or ""
        self.start = fetch.bare(parts)
        self._login, self._stopping = login, stopping
        self._digest: httpx.DigestAuth | None = None
        self._until = float("inf")

    def within(self, seconds: float) -> None:
        """All questions from now on together may take so long."""
        self._until = time.monotonic() + seconds

    def ask(self, method: str, url: str, content: bytes, depth: str = "0") -> Said:
        """One PROPFIND or REPORT. Raises Refused, Unfit, or CaptureUnavailable for what may pass."""
        if not self.own(url):
            raise self._elsewhere(url)
        whole_s = max(0.0, min(fetch.WHOLE_S, self._until - time.monotonic()))

        def go(client: httpx.Client, traced: Traced) -> tuple[str, bytes]:
            return self._follow(client, traced, method, url, content, depth)

        found, data = within_bounds(self.where, url, self._stopping, go, whole_s)
        try:
            return Said(found, replies(data))
        except ValueError:
            raise self._unfit() from None

    def own(self, url: str) -> bool:
        """Whether it is an address of this very server."""
        try:
            return fetch.origin(url) == fetch.origin(self.start)
        except ValueError:  # a port that is none
            return False

    def _follow(
        self, client: httpx.Client, traced: Traced, method: str, url: str, content: bytes, depth: str
    ) -> tuple[str, bytes]:
        tried = False  # to say who asks in another way
        for _ in range(HOPS):
            request = client.build_request(
                method,
                url,
                headers={
                    "User-Agent": AGENT,
                    "Accept": "application/xml, text/xml",
                    "Accept-Encoding": "identity",  # packed, a small answer could become a very large one
                    "Content-Type": "application/xml; charset=utf-8",
                    "Depth": depth,
                    "Authorization": self._basic(),
                },
                content=content,
                extensions=traced,
            )
            if self._digest is not None:
                next(self._digest.auth_flow(request))
            answer = client.send(request, stream=True)
            try:
                if answer.is_redirect:
                    url = self._next(url, answer.headers.get("location", ""))
                elif answer.status_code == httpx.codes.UNAUTHORIZED and not tried and self._learnt(answer):
                    tried = True
                elif answer.status_code == httpx.codes.MULTI_STATUS:
                    return url, body(self.where, answer)
                else:
                    raise self._wrong(answer.status_code)
            finally:
                answer.close()
        raise trouble(self.where, "sends on and on to somewhere else", CHECK)

    def _basic(self) -> str:
        both = f"{self._login.user}:{self._login.password}"
        return f"Basic {base64.b64encode(both.encode('utf-8', 'replace')).decode()}"

    def _learnt(self, answer: httpx.Response) -> bool:
        """Whether it asks for a digest of the password (RFC 7616), which can be given from now on."""
        digest = httpx.DigestAuth(self._login.user.encode(), self._login.password.encode("utf-8", "replace"))
        flow = digest.auth_flow(answer.request)
        next(flow)
        try:
            flow.send(answer)
        except (StopIteration, KeyError, NotImplementedError, ValueError, httpx.ProtocolError):
            return False  # it does not ask for one, or for one that nobody here can make
        self._digest = digest
        return True

    def _next(self, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
            fine = bool(location) and self.own(target)
        except ValueError:
            target, fine = "", False
        if not fine:
            raise self._elsewhere(target)
        return target

    def _elsewhere(self, url: str) -> CaptureUnavailable:
        """The person may follow where Gumption does not: the host is told, and nothing else of it."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            host = ""
        # In letters of other scripts one host looks like another: such a name is not held out to be named.
        told = 0 < len(host) < 254 and host.isascii() and host.isprintable() and host != self.where
        to = host if told else "another address"
        return trouble(
            self.where,
            f"sends on to {to}, which is not asked",
            "Your password goes to no other server than the one you named. If you know that one as your "
            "provider's, too, name it instead.",
        )

    def _wrong(self, status: int) -> CaptureUnavailable:
        match status:
            case 401:
                return Refused(f"{self.where} did not accept the name or the password", APP_PASSWORD)
            case 403:
                return Unfit(f"{self.where} does not let this name in there", CHECK)
            case 404 | 410:
                return Unfit(f"{self.where} has nothing at this address", CHECK)
            case 408 | 425 | 429:
                return trouble(self.where, f"answered {status}", LATER)
            case _ if status >= 500 and status != 501:
                return trouble(self.where, f"answered {status}", LATER)
        return self._unfit()

    def _unfit(self) -> Unfit:
        return Unfit(f"{self.where} does not speak CalDAV at this address", CHECK)


def _whole(address: str) -> str:
    """An address as people write it: without a scheme it is https."""
    said = address.strip()
    if not said or not said.isprintable() or " " in said:
        raise CaptureUnavailable(
            "An address of a calendar cannot be used", "Write https://, a host and a path."
        )
    return said if fetch.is_address(said) else f"https://{said}"
