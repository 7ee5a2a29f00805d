"""The soak of the API: a short one, and that it finds what is wrong. The whole is `make soak`."""

import random
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.local_server import LocalServer
from storage.disclosures import Disclosure, add
from tests.app.living import paths_under
from tests.builders import NOON
from tests.soak import serving
from tests.soak.phase import DOUBLED, FAULTS, KEPT, LOST
from tests.soak.serving import FIGURES, SECRET, soak
from tests.soak.talking import Access, Asker, Ledger, Outcast, Program, compared, exact

WHO = Access("any", "c1", "t", (SECRET,))


@pytest.mark.timeout(180)
def test_killed_while_it_is_asked_nothing_is_lost_and_nothing_gets_out(tmp_path: Path) -> None:
    found = soak(10.0, tmp_path, lambda line: None, life_s=(4.0, 6.0))
    assert found.settings["faults"] == []
    assert set(found.figures) == set(FIGURES)
    assert all(found.figures[name] > 0 for name in ("kills", "acknowledged"))


def _log_of(tmp_path: Path, answers: int) -> Ledger:
    """A ledger of two answers, compared with a store whose log has so many of them."""
    database = serving._opened(paths_under(tmp_path).make())
    ledger = Ledger()
    ledger.told[("c1", exact(b"{}"))] = 2
    ledger.proposals["key"] = "p1"

    def write(s: Session) -> None:
        add(s, [Disclosure(NOON, "c1", "any", "ask", "", 0, 0, b"{}")] * answers)

    database.run_sync(write)
    database.read_sync(lambda s: serving._log(s, ledger))
    if answers < 2:
        database.read_sync(lambda s: serving._store(s, ledger))
    database.close()
    return ledger


def test_an_answer_that_the_log_lacks_is_found(tmp_path: Path) -> None:
    assert _log_of(tmp_path / "whole", 2).findings.faults == []
    faults = _log_of(tmp_path / "lost", 1).findings.faults
    assert [fault for fault, _ in faults] == [LOST, LOST]
    assert "1 times" in faults[0][1] and "proposal" in faults[1][1]


def test_events_that_one_of_two_listeners_missed_are_found() -> None:
    ledger = Ledger()
    ledger.events = {"one": {"r": [1, 2, 3, 5]}, "other": {"r": [2, 5, 6], "q": [1]}}
    compared(ledger, "one", "other")
    assert [fault for fault, _ in ledger.findings.faults] == [LOST]
    ledger.findings.faults.clear()
    ledger.events["other"]["r"] = [2, 3, 5, 6]
    compared(ledger, "one", "other")
    assert ledger.findings.faults == []


class Leaky(LocalServer):
    """FAKE daemon: tells everybody everything, and makes a new proposal each time it is asked."""

    made = 0

    def handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                owner.made += 1
                data = f'{{"id": "p{owner.made}", "text": "{SECRET}"}}'.encode()
                self.send_response(202 if self.path == "/v1/facts" else 200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


def _twice(asker: Asker) -> None:
    asker.open = ("any-1", "")
    asker._propose()
    asker.open = ("any-1", "")
    asker._propose()


@pytest.mark.parametrize(
    ("kind", "do", "faults"),
    [
        (Asker, lambda one: one.ask("GET", "/v1/search", {}), {KEPT}),
        (Outcast, lambda one: one.turn(), {KEPT}),
        (Asker, _twice, {KEPT, DOUBLED}),
    ],
)
def test_what_a_leaky_daemon_does_is_found(
    kind: type[Program], do: Callable[[Program], object], faults: set[str]
) -> None:
    end = threading.Event()
    end.set()
    with Leaky() as server:
        one = kind(f"http://127.0.0.1:{server.port}", WHO, ledger := Ledger(), end, random.Random(1))
        do(one)
        one.http.close()
    assert {fault for fault, _ in ledger.findings.faults} == faults
    assert faults <= set(FAULTS)


def test_a_claim_that_is_kept_twice_is_found(tmp_path: Path) -> None:
    paths = paths_under(tmp_path).make()
    serving.prepare(paths)
    database, ledger = serving._opened(paths), Ledger()
    database.run_sync(lambda s: s.execute(text("UPDATE propositions SET text = 'same' WHERE id < 'h'")))
    database.read_sync(lambda s: serving._store(s, ledger))
    database.close()
    assert [fault for fault, _ in ledger.findings.faults] == [DOUBLED]
