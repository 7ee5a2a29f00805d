"""What programs do with a daemon that is killed under them: ask over REST and MCP, listen, put facts before
the person, be shown out. What they were answered in full stands in a `Ledger`, to be compared with the log.
"""

import hashlib
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from app.client import Json
from tests.soak.phase import DOUBLED, KEPT, LOST, Findings

REST: tuple[tuple[str, str, Json], ...] = (
    ("POST", "/v1/context", {"query": "what does the person like in the garden"}),
    ("POST", "/v1/context", {"query": "book me a table"}),
    ("POST", "/v1/ask", {"question": "Which garden does the person like?"}),
    ("GET", "/v1/search", {"q": "garden"}),
    ("GET", "/v1/search", {"q": ""}),
    ("GET", "/v1/agenda", {}),
    ("GET", "/v1/claims/g1", {}),
)
TOOLS: tuple[tuple[str, Json], ...] = (
    ("get_context", {"query": "tell me of the garden"}),
    ("ask_memory", {"question": "Which garden does the person like?"}),
)
PAUSE_S = 0.02
PATIENCE_S = 20.0


@dataclass
class Ledger:
    """What was acknowledged, and what was found wrong on the way. Used by many threads."""

    told: Counter[tuple[str, str]] = field(default_factory=Counter)  # (client, digest of the answer)
    proposals: dict[str, str] = field(default_factory=dict)  # key -> id
    events: dict[str, dict[str, list[int]]] = field(default_factory=dict)  # listener -> run -> numbers
    asked: int = 0
    resyncs: int = 0
    resumed: int = 0
    repeated: int = 0
    findings: Findings = field(default_factory=Findings)
    lock: threading.Lock = field(default_factory=threading.Lock)


def exact(content: bytes) -> str:
    """The digest of an answer as it came over REST."""
    return hashlib.sha256(content).hexdigest()


def digest(answer: object) -> str:
    """That of an answer that came in an envelope, as over MCP."""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Access:
    """A client that was let in. `never`: words that no byte for it may hold."""

    name: str
    id: str
    token: str
    never: tuple[str, ...]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Program(threading.Thread):
    """One client's program: asks until `end` is set."""

    def __init__(
        self, address: str, access: Access, ledger: Ledger, end: threading.Event, chance: random.Random
    ) -> None:
        super().__init__(name=access.name, daemon=True)
        self.http = httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE_S)
        self.access, self.ledger, self.end, self.chance = access, ledger, end, chance

    def run(self) -> None:
        while not self.end.is_set():
            try:
                self.turn()
            except (httpx.HTTPError, ValueError):  # killed in the middle of it
                self.end.wait(0.1)
            except Exception as error:  # noqa: BLE001 - a thread that died silently would find nothing
                self.wrong(LOST, f"{self.access.name} failed: {error!r:.300}")
            self.end.wait(PAUSE_S)
        self.http.close()

    def turn(self) -> None:
        raise NotImplementedError

    def wrong(self, fault: str, words: str) -> None:
        with self.ledger.lock:
            self.ledger.findings.expect(False, fault, words)

    def look(self, got: bytes, where: str) -> None:
        """That nothing in it is beyond the scope."""
        for word in self.access.never:
            if word.encode() in got:
                self.wrong(KEPT, f"{self.access.name} read {word} at {where}")

    def ask(
        self, method: str, path: str, body: Json, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        given = {"params": body} if method == "GET" else {"json": body}
        sent = {**self.access.headers, **(headers or {})}
        answer = self.http.request(method, path, headers=sent, **given)  # type: ignore[arg-type]
        self.look(answer.content + str(answer.headers).encode(), path)
        with self.ledger.lock:
            self.ledger.asked += 1
        return answer

    def note(self, told: str) -> None:
        with self.ledger.lock:
            self.ledger.told[(self.access.id, told)] += 1


class Asker(Program):
    """Over REST and MCP in turn, and now and then a fact, whose key is used again after every failure."""

    def __init__(self, *given: object, facts: bool = False) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.facts = facts
        self.number = 0
        self.open: tuple[str, str] | None = None  # the key and text of a fact that got no answer yet

    def turn(self) -> None:
        if self.facts and (self.open is not None or self.chance.random() < 0.1):
            self._propose()
        elif self.chance.random() < 0.3:
            self._tool(*self.chance.choice(TOOLS))
        else:
            answer = self.ask(*self.chance.choice(REST))
            if answer.status_code == 200:
                self.note(exact(answer.content))
            elif answer.status_code not in (404, 403, 503):
                self.wrong(LOST, f"{self.access.name} was answered {answer.status_code}: {answer.text:.200}")

    def _tool(self, name: str, arguments: Json) -> None:
        call = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": name, "arguments": arguments},
        }
        accept = {"Accept": "application/json, text/event-stream"}
        answer = self.ask("POST", "/mcp", call, accept)
        told = answer.json().get("result", {})
        if answer.status_code == 200 and not told.get("isError"):
            self.note(digest(told["structuredContent"]))

    def _propose(self) -> None:
        with self.ledger.lock:
            old = dict(self.ledger.proposals)
        mine = [key for key in old if key.startswith(self.access.name)]
        if self.open is None and mine and self.chance.random() < 0.3:
            key = self.chance.choice(mine)  # once more what was answered long ago
            with self.ledger.lock:
                self.ledger.repeated += 1
        else:
            if self.open is None:
                self.number += 1
                self.open = (f"{self.access.name}-{self.number}", "")
            key = self.open[0]
        text = f"I like the flower garden{key.rpartition('-')[2]}x"
        answer = self.ask("POST", "/v1/facts", {"text": text}, {"Idempotency-Key": key})
        if answer.status_code == 202:
            id = str(answer.json()["id"])
            self.open = None
            with self.ledger.lock:
                known = self.ledger.proposals.setdefault(key, id)
            if known != id:
                self.wrong(DOUBLED, f"the key {key} made {known} and then {id}")
        elif answer.status_code == 403:  # too many wait
            self.open = None
        elif answer.status_code != 503:
            self.wrong(LOST, f"a fact was answered {answer.status_code}: {answer.text:.200}")


class Outcast(Program):
    """Was shown out before it began: whatever answers it is a fault."""

    def turn(self) -> None:
        answer = self.ask(*self.chance.choice(REST))
        if answer.status_code not in (401, 429):
            self.wrong(KEPT, f"who was shown out was answered {answer.status_code}")
        self.end.wait(0.5)


class Listener(Program):
    """Server-sent events; with `breaks` it hangs up now and then, and resumes."""

    def __init__(self, *given: object, label: str, breaks: bool) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.label, self.breaks = label, breaks
        self.last: str | None = None

    def turn(self) -> None:
        headers = {**self.access.headers, **({"Last-Event-ID": self.last} if self.last else {})}
        resumes, until = self.last is not None, time.monotonic() + self.chance.uniform(0.2, 4.0)
        name = id = ""
        with self.http.stream("GET", "/v1/events", headers=headers, timeout=1.0) as answer:
            if answer.status_code != 200:
                return
            try:
                for line in answer.iter_lines():
                    self.look(line.encode(), "events")
                    if line.startswith("event:"):
                        name = line[6:].strip()
                    elif line.startswith("id:"):
                        id = line[3:].strip()
                    elif not line and id:  # the event is whole, whichever field came first
                        self._heard(id, name)
                        name = id = ""
                    if self.end.is_set() or (self.breaks and not line and time.monotonic() > until):
                        break
            except httpx.ReadTimeout:
                pass  # nothing happened for a while: another way to hang up
        if resumes:
            with self.ledger.lock:
                self.ledger.resumed += 1

    def _heard(self, id: str, name: str) -> None:
        run, _, number = id.partition("-")
        before = self.last.partition("-") if self.last else ("", "", "0")
        if before[0] and before[0] != run and name != "resync":
            self.wrong(LOST, f"{self.label} was told {name} of a new run without a resync")
        if before[0] == run and name != "resync" and int(number) <= int(before[2]):
            self.wrong(DOUBLED, f"{self.label} was told {id} after {self.last}")
        self.last = id
        with self.ledger.lock:
            self.ledger.resyncs += name == "resync"
            if name != "resync":
                self.ledger.events.setdefault(self.label, {}).setdefault(run, []).append(int(number))


def compared(ledger: Ledger, one: str, other: str) -> None:
    """Two listeners of one scope heard the same, as far as both had come in a run."""
    runs, others = ledger.events.get(one, {}), ledger.events.get(other, {})
    for run in runs.keys() & others.keys():
        first, last = max(runs[run][0], others[run][0]), min(runs[run][-1], others[run][-1])
        a, b = ([n for n in each if first <= n <= last] for each in (runs[run], others[run]))
        ledger.findings.same(a, b, LOST, f"events of run {run}, {one} and {other}")
