"""The person's own model server, as the proxy asks it: one address, two paths, nothing else.

No redirect is followed, no proxy of the environment used, no header of the caller passed on; a request is
given up when its caller has left (its task is cancelled), is too slow, or gets too much.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import httpx

from gum.errors import ModelUnavailable, NotAllowed, RequestUnusable, SettingsInvalid
from gum.model.remote import in_house, is_loopback

MOST_ANSWER = 16 << 20  # bytes
PATHS = ("/models", "/chat/completions")
_ERROR_BYTES = 16_384  # of a refusal, in which its reason is looked for
_KEYLIKE = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][\w-]{6,}")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `first`: a large model is loaded and a long prompt read before the first word comes."""

    connect: float = 5.0
    first: float = 300.0
    between: float = 120.0
    whole: float = 1800.0


@dataclass(frozen=True, slots=True)
class Address:
    """`url` ends before "/chat/completions"."""

    url: str
    key: str = field(default="", repr=False)
    remote: bool = False
    patience: Patience = Patience()

    def checked(self) -> "Address":
        """Raises SettingsInvalid for what is no address, NotAllowed for another machine's without leave."""
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or "@" in parts.netloc or parts.query or parts.fragment:
            raise SettingsInvalid(
                "The model server's address cannot be used",
                "Set upstream under [plugin] to one like http://127.0.0.1:11434/v1, a key to upstream_key.",
            )
        if not self.local and not self.remote:
            raise NotAllowed(
                f"The model server {self.where} is not on this machine, and nothing leaves it unasked",
                "Use one on 127.0.0.1, or write upstream_remote = true under [plugin] in the settings.",
            )
        if parts.scheme == "http" and not self.local and (self.key or not in_house(parts.hostname or "")):
            raise SettingsInvalid(
                f"What goes to the model server {self.where} could be read by everybody on the way",
                "Use an https:// address. Plain http is for this machine, and without a key for the house.",
            )
        return self

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(self.url)

    @property
    def where(self) -> str:
        """Its host and port."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


@dataclass(slots=True)
class Answer:
    """A good answer that has begun. `pieces` and `whole` raise ModelUnavailable."""

    kind: str
    _got: httpx.Response
    _address: Address
    _until: float

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        got = 0
        stream = self._got.aiter_bytes()
        while True:
            left = min(self._address.patience.between, self._until - asyncio.get_running_loop().time())
            try:
                async with asyncio.timeout(left):
                    piece = await anext(stream, None)
            except (TimeoutError, httpx.HTTPError) as error:
                raise ModelUnavailable(
                    f"The model server at {self._address.where} stopped in the middle of its answer",
                    "Look at the server's own log, and ask again.",
                ) from error
            if piece is None:
                return
            got += len(piece)
            if got > MOST_ANSWER:
                raise ModelUnavailable(
                    f"The model server at {self._address.where} never stopped talking",
                    "Ask for less at once.",
                )
            yield piece

    async def whole(self) -> bytes:
        return b"".join([piece async for piece in self.pieces()])


@asynccontextmanager
async def asking(address: Address, path: str, body: bytes | None = None) -> AsyncIterator[Answer]:
    """Asks `path` of PATHS; with a body by POST. Raises ModelUnavailable, and RequestUnusable where the
    server says that the request is at fault."""
    assert path in PATHS
    patience = address.patience
    until = asyncio.get_running_loop().time() + patience.whole
    headers = {"Accept-Encoding": "identity", "User-Agent": "gumption"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if address.key:
        headers["Authorization"] = f"Bearer {address.key}"
    times = httpx.Timeout(None, connect=patience.connect)
    async with httpx.AsyncClient(
        timeout=times, trust_env=False, follow_redirects=False, verify=_tls()
    ) as client:
        method = "GET" if body is None else "POST"
        request = client.build_request(method, address.url.rstrip("/") + path, content=body, headers=headers)
        try:
            async with asyncio.timeout(patience.first):
                got = await client.send(request, stream=True)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise ModelUnavailable(
                f"The model server at {address.where} did not answer in time",
                "It may be loading a large model. Try again, or choose a smaller model.",
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelUnavailable(
                f"The model server at {address.where} cannot be reached",
                "Start it, or change upstream under [plugin]; `gumption doctor` lists servers it finds.",
            ) from error
        try:
            answer = Answer(got.headers.get("content-type", ""), got, address, until)
            if got.status_code != httpx.codes.OK:
                raise await _refused(answer, got.status_code)
            yield answer
        finally:
            await got.aclose()


async def _refused(answer: Answer, status: int) -> ModelUnavailable | RequestUnusable:
    """What a server that says no is told the caller as: its own reason where the request is at fault."""
    where = answer._address.where
    if status in (400, 404, 413, 422):
        said = b""
        try:
            async for piece in answer.pieces():
                said += piece
                if len(said) > _ERROR_BYTES:
                    break
        except ModelUnavailable:
            said = b""
        hint = _reason(said, answer._address.key) or "Look at the request, and at the model's name in it."
        return RequestUnusable(f"The model server at {where} refused the request ({status})", hint)
    hints: Mapping[int, str] = {
        401: "It wants a key: set upstream_key under [plugin].",
        403: "It wants a key: set upstream_key under [plugin].",
        429: "It is busy or a limit is reached. Ask again later.",
    }
    moved = "It points to another address. Set upstream under [plugin] to the right one."
    hint = moved if 300 <= status < 400 else hints.get(status, "Look at the server's own log.")
    return ModelUnavailable(f"The model server at {where} answered {status}", hint)


def _reason(said: bytes, key: str) -> str:
    """The words of a refusal, without whatever looks like a key."""
    found = re.search(rb'"message"\s*:\s*"((?:[^"\\]|\\.){1,300})', said)
    text = found[1].decode(errors="replace") if found is not None else ""
    if key:
        text = text.replace(key, "…")
    return _KEYLIKE.sub("…", text)


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificates costs 25 ms."""
    return httpx.create_ssl_context(trust_env=False)
