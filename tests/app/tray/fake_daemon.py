"""A FAKE daemon for the tray's tests: the HTTP contract over a real socket, with data made up here.

It keeps what it was asked, can be told to hang, to answer garbage, to refuse or to go away, and speaks
server-sent events with ids, so that the client under test does everything it does in earnest.
"""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from app.paths import Paths
from tests.app.tray.fake_data import (
    DONE,
    RULES,
    TODAY,
    Json,
    believable,
    iso,
    observation,
    plan,
    status,
    suggestion,
)


class FakeDaemon:
    """Start it with `with`; `reply` overrides the answer of one "VERB /path"."""

    def __init__(self, paths: Paths, token: str = "secret-token") -> None:
        self.paths = paths
        self.token = token
        self.status = status()
        self.propositions = believable()
        self.rules = [dict(rule) for rule in RULES]
        self.suggestions: list[Json] = []
        self.questions: list[Json] = []
        self.plan = plan()
        self.asked: list[tuple[str, str, Json]] = []
        self.resumed_from: list[str | None] = []
        self.reply: dict[str, tuple[int, object]] = {}
        self.hang = threading.Event()
        self.closing = threading.Event()
        self._streams: list[queue.Queue[bytes | None]] = []
        self._events: list[tuple[int, bytes]] = []
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> "FakeDaemon":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, port: int = 0) -> None:
        self.closing.clear()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self.port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        told = {"port": self.port, "pid": 1, "started_at": datetime.now(UTC).isoformat()}
        self.paths.data.mkdir(parents=True, exist_ok=True)
        self.paths.token_file.write_text(self.token + "\n")
        self.paths.daemon_file.write_text(json.dumps(told))

    def stop(self) -> None:
        self.closing.set()
        self.hang.clear()
        self.break_streams()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def break_streams(self) -> None:
        with self._lock:
            streams, self._streams = self._streams, []
        for each in streams:
            each.put(None)

    @property
    def listeners(self) -> int:
        with self._lock:
            return len(self._streams)

    def publish(self, name: str, data: object) -> None:
        """Sends an event to every listener and keeps it for those that resume."""
        with self._lock:
            number = len(self._events) + 1
            text = f"id: {number}\r\nevent: {name}\r\ndata: {json.dumps(data)}\r\n\r\n".encode()
            self._events.append((number, text))
            for each in self._streams:
                each.put(text)

    def listen(self, after: str | None) -> Iterator[bytes]:
        mine: queue.Queue[bytes | None] = queue.Queue()
        with self._lock:
            self.resumed_from.append(after)
            for number, text in self._events:
                if after is not None and number > int(after):
                    mine.put(text)
            self._streams.append(mine)
        yield b": hello\n\n"
        while (piece := mine.get()) is not None:
            yield piece

    def answer(self, verb: str, path: str, query: dict[str, str], body: Json) -> tuple[int, object]:
        self.asked.append((verb, path, body or query))
        override = self.reply.get(f"{verb} {path}")
        if override is not None:
            return override
        for prefix, handle in self._routes(verb, query, body):
            if path.startswith(prefix):
                return handle(path.removeprefix(prefix))
        return 404, {"title": "There is no such thing", "hint": "Reload the list.", "status": 404}

    def _routes(
        self, verb: str, query: dict[str, str], body: Json
    ) -> list[tuple[str, Callable[[str], tuple[int, object]]]]:
        return {
            "GET": [
                ("/hello", lambda _: (200, {"name": "gumption", "version": "0.1.0", "api": 1})),
                ("/status", lambda _: (200, self.status)),
                ("/observations/", lambda id_: (200, observation(id_))),
                ("/propositions/", self._one),
                ("/propositions", lambda _: (200, {"items": self.propositions})),
                ("/search", lambda _: (200, self._search(query["q"]))),
                ("/suggestions", lambda _: (200, {"items": self.suggestions})),
                ("/questions", lambda _: (200, {"items": self.questions})),
                ("/privacy/today", lambda _: (200, TODAY)),
                ("/privacy/rules", lambda _: (200, {"items": self.rules})),
                ("/plans/", lambda _: (200, self.plan)),
            ],
            "POST": [
                ("/pause", lambda _: (200, self._pause(body.get("minutes")))),
                ("/suggestions/", lambda _: (200, self._react(body))),
                ("/plans/", self._plan),
                ("/privacy/rules", lambda _: (200, self._add_rule(body))),
                ("/privacy/test", lambda _: (200, self._judge(body))),
                ("/propositions/", lambda rest: self._say(rest.removesuffix("/verdict"), body)),
                ("/forget", lambda _: (200, {"forgotten": {"observations": 42, "propositions": 3}})),
                ("/questions/", self._answer),
                ("/tell", lambda _: (200, {"observation_id": "o1"})),
                ("/welcome", lambda _: (200, {})),
                ("/shutdown", lambda _: (200, {})),
            ],
            "DELETE": [
                ("/pause", lambda _: (200, self._pause(0))),
                ("/propositions/", self._forget),
                ("/privacy/rules/", self._drop_rule),
            ],
        }.get(verb, [])

    def _one(self, id_: str) -> tuple[int, object]:
        found = next((each for each in self.propositions if each["id"] == id_), None)
        if found is None:
            return 404, {"title": "There is no such thing", "hint": "", "status": 404}
        changes = [
            {
                "cause": "new",
                "at": iso(90000),
                "reasoning": "A letter names it.",
                "before_confidence": None,
                "after_confidence": 0.6,
                "before_text": None,
                "after_text": found["text"],
            },
            {
                "cause": "reinforce",
                "at": iso(600),
                "reasoning": "Seen again.",
                "before_confidence": 0.6,
                "after_confidence": found["confidence"],
                "before_text": found["text"],
                "after_text": found["text"],
            },
        ]
        return 200, {**found, "revisions": changes}

    def _say(self, id_: str, body: Json) -> tuple[int, object]:
        found = next(each for each in self.propositions if each["id"] == id_)
        status = {"right": "active", "wrong": "contradicted", "hide": "hidden"}[str(body["verdict"])]
        sure = 0.98 if status == "active" else found["confidence"]
        found |= {"settled": True, "status": status, "confidence": sure}
        return self._one(id_)

    def _answer(self, id_: str) -> tuple[int, object]:
        self.questions = [each for each in self.questions if each["proposition"]["id"] != id_]
        return 200, {"items": self.questions}

    def _search(self, words: str) -> Json:
        found = [each | {"score": 1.0} for each in self.propositions if words.lower() in each["text"].lower()]
        return {"propositions": found, "observations": []}

    def _forget(self, id_: str) -> tuple[int, object]:
        self.propositions = [each for each in self.propositions if each["id"] != id_]
        return 200, {"forgotten": {"propositions": 1, "observations": 2}}

    def _pause(self, minutes: float | None) -> Json:
        state = "observing" if minutes == 0 else "paused"
        until = None if not minutes else iso(-60 * minutes)
        self.status = self.status | {"state": state, "paused_until": until}
        return self.status

    def _react(self, body: Json) -> Json:
        answer = suggestion(state="accepted" if body["verdict"] == "accept" else "dismissed")
        return answer | ({"plan": self.plan} if body["verdict"] == "accept" else {})

    def _plan(self, rest: str) -> tuple[int, object]:
        what = rest.partition("/")[2]
        changes = {
            "approve": DONE,
            "deny": {"state": "denied"},
            "undo": {"state": "undone", "can_undo": False},
        }
        self.plan = self.plan | changes[what]
        return 200, self.plan

    def _add_rule(self, body: Json) -> Json:
        self.rules.append({**body, "id": f"u{len(self.rules)}", "builtin": False})
        return self.rules[-1]

    def _drop_rule(self, id_: str) -> tuple[int, object]:
        self.rules = [each for each in self.rules if each["id"] != id_]
        return 200, {}

    def _judge(self, body: Json) -> Json:
        seen = body["private"] is False
        rule = "Default" if seen else "Private windows"
        return {
            "allowed": seen,
            "effect": "keep" if seen else "drop",
            "rule_id": "x",
            "rule": rule,
            "reason": "" if seen else "It could not be told that this window is not private",
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news here."""


def _handler(daemon: FakeDaemon) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            while daemon.hang.is_set() and not daemon.closing.is_set():
                daemon.closing.wait(0.02)
            if daemon.closing.is_set():
                self.close_connection = True
                return
            if parts.path != "/hello" and self.headers.get("Authorization") != f"Bearer {daemon.token}":
                self.say(401, {"title": "The token is wrong", "hint": "Restart Gumption.", "status": 401})
            elif parts.path == "/events":
                self.stream()
            else:
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                self.say(*daemon.answer(self.command, parts.path, query, body))

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def say(self, code: int, answer: object) -> None:
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def stream(self) -> None:
            self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for piece in daemon.listen(self.headers.get("Last-Event-ID")):
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler
