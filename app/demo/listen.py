"""Follows the daemon's events, as any client of the API would."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType

import httpx

from app.client import Client, Json
from gum.errors import DaemonUnreachable

log = logging.getLogger(__name__)

Take = Callable[[str, Json], None]
RETRY_S = 0.5


def events(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(id, name, data) of each event in the lines of a stream (HTML standard, section 9.2.6). Pure."""
    key, name, data = "", "", list[str]()
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield key, name or "message", "\n".join(data)
            name, data = "", []
        elif field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "id":
            key = value


class Listener:
    """Hands every event to `take`, in a thread of its own; resumes where it was when the stream breaks."""

    def __init__(self, client: Client, take: Take) -> None:
        self._client = client
        self._take = take
        self._last = ""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="demo-listener", daemon=True)

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join(timeout=3)

    def _work(self) -> None:
        while not self._end.is_set():
            try:
                self._follow()
            except (httpx.HTTPError, DaemonUnreachable) as error:
                log.debug("the event stream ended: %s", type(error).__name__)
            self._end.wait(RETRY_S)

    def _follow(self) -> None:
        headers = {"Authorization": f"Bearer {self._client.token()}", "Accept": "text/event-stream"}
        if self._last:
            headers["Last-Event-ID"] = self._last
        # The status comes every 15 s at least: silence for much longer means that the stream is dead.
        with (
            httpx.Client(trust_env=False, timeout=httpx.Timeout(5.0, read=40.0)) as http,
            http.stream("GET", self._client.address() + "/events", headers=headers) as answer,
        ):
            answer.raise_for_status()
            for self._last, name, data in events(answer.iter_lines()):
                self._take(name, json.loads(data))
                if self._end.is_set():
                    return
