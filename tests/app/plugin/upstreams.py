"""A made-up model server over real HTTP for tests of the proxy, and a daemon that has it for its upstream.

What the server answers is chosen by the `model` of the request; its words are made up.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx

from app.client import Client, Json
from app.local_server import LocalServer
from storage import keys, propositions
from storage.db import Database
from tests.app.living import daemon, paths_under, without_display
from tests.builders import proposition
from tests.storage.builders import new

CLAIM = "Prefers jasmine tea over coffee"
FROM = "tests-of-the-proxy-key"


class FakeModels(LocalServer):
    """FAKE: answers by the name of the model that is asked for. `echo` says what it was told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Json, dict[str, str]]] = []
        self.cut = threading.Event()  # its caller hung up in the middle of a stream
        self.began, self.go = threading.Event(), threading.Event()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.asked.append((self.path, {}, dict(self.headers)))
                self._say(200, json.dumps({"object": "list", "data": [{"id": "echo"}]}).encode())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.asked.append((self.path, body, dict(self.headers)))
                getattr(self, f"_{body.get('model', 'echo')}")(body)

            def _echo(self, body: Json) -> None:
                text = str(body["messages"][-1]["content"])
                if body.get("stream"):
                    self._stream([text[n : n + 3] for n in range(0, len(text), 3)])
                else:
                    self._say(200, json.dumps({"choices": [{"message": {"content": text}}]}).encode())

            def _garbage(self, body: Json) -> None:
                self._say(200, b"<html>It works</html>")

            def _refuses(self, body: Json) -> None:
                said = {"error": {"message": f"too long, and your key is {FROM}"}}
                self._say(400, json.dumps(said).encode())

            def _fails(self, body: Json) -> None:
                self._say(500, b'Traceback (most recent call last): File "secret.py"')

            def _moves(self, body: Json) -> None:
                self.send_response(307)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _breaks(self, body: Json) -> None:
                self._stream(["one "], end=False)
                self.close_connection = True

            def _endless(self, body: Json) -> None:
                try:
                    self._stream("x" for _ in iter(lambda: owner.cut.wait(0.02), True))
                except OSError:
                    owner.cut.set()

            def _waits(self, body: Json) -> None:
                owner.began.set()
                self.connection.settimeout(30)
                if self.connection.recv(1) == b"":
                    owner.cut.set()

            def _stops(self, body: Json) -> None:
                self._stream(self._until_told())

            def _until_told(self) -> Iterator[str]:
                yield "before"
                owner.began.set()
                owner.go.wait(30)
                yield "after"

            def _stream(self, texts: object, end: bool = True) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for text in texts:  # type: ignore[attr-defined]
                    self._piece({"choices": [{"index": 0, "delta": {"content": text}}]})
                if end:
                    self._piece({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                    self._chunk(b"data: [DONE]\n\n")
                    self._chunk(b"")

            def _piece(self, piece: Json) -> None:
                self._chunk(f"data: {json.dumps(piece)}\n\n".encode())

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()

            def _say(self, status: int, data: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


@dataclass
class House:
    """A daemon, and a client that it let in."""

    owner: Client
    id: str
    token: str
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def url(self, path: str) -> str:
        return self.owner.address() + path

    def ask(
        self, content: object, model: str = "echo", headers: Json | None = None, **more: object
    ) -> httpx.Response:
        """A chat, not streamed unless told so; the whole answer."""
        body = {"model": model, "messages": [{"role": "user", "content": content}], **more}
        return httpx.post(
            self.url("/v1/chat/completions"),
            json=body,
            headers={**self.headers, **(headers or {})},
            timeout=60,
            trust_env=False,
        )

    def disclosed(self) -> list[Json]:
        found: list[Json] = self.owner.get("/disclosures", {"limit": "50"})["items"]
        return found


@contextmanager
def house(home: Path, upstream: str, scope: Json | None = None, **settings: str) -> Iterator[House]:
    """A daemon that knows CLAIM, with `upstream`."""
    paths = paths_under(home).make()
    key = keys.data_key(paths.config, paths.database, keyring_ok=False)
    database = Database.open(paths.database, key)
    known = proposition(CLAIM, id="tea", type="prefers", slots={"thing": "jasmine tea"}, confidence=0.9)
    database.run_sync(lambda s: propositions.commit(s, [new(known)]))
    database.close()
    more = {
        "GUMPTION_MODELS": str(home / "none"),
        "GUMPTION_API__PORT": "0",
        "GUMPTION_PLUGIN__UPSTREAM": upstream,
        **{f"GUMPTION_PLUGIN__{name.upper()}": value for name, value in settings.items()},
    }
    with daemon(home, {**without_display(), **more}) as owner:
        made = owner.post(
            "/clients", {"name": "Chat", **({"scope": scope} if scope else {"preset": "claims"})}
        )
        yield House(owner, made["client"]["id"], made["token"])


def said(answer: httpx.Response) -> str:
    """The words of a streamed answer."""
    pieces = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
    deltas = [choice["delta"] for piece in pieces for choice in json.loads(piece).get("choices", [])]
    return "".join(delta.get("content", "") for delta in deltas)
