"""The whole daemon from its start to its end, as a real process."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from app.config import Settings
from app.daemon import TOLD, Daemon
from app.local_server import LocalServer
from gum.types import Cause, Revision, RevisionId
from storage import keys, observations, propositions
from storage.db import Database
from tests.app.flood import Quiet
from tests.app.living import daemon, paths_under, without_display
from tests.builders import NOON, observation, proposition
from tests.storage.builders import KEY, new


class Mute(LocalServer):
    """FAKE model server, over real HTTP: takes a question and never answers."""

    def __init__(self) -> None:
        self.asked, self.over = threading.Event(), threading.Event()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        asked, over = self.asked, self.over

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                asked.set()
                over.wait()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


def test_told_to_end_it_ends_though_a_model_server_never_answers(tmp_path: Path) -> None:
    """`daemon` sends SIGTERM and waits 30 s; a call would take 120 s, and the lock would be held so long."""
    paths = paths_under(tmp_path).make()
    key = keys.data_key(paths.config, paths.database, keyring_ok=False)
    database = Database.open(paths.database, key)
    database.run_sync(lambda s: observations.append(s, observation("Dear Maria, the talk is on Monday.")))
    database.close()
    with Mute() as server:
        settings = {
            "GUMPTION_MODELS": str(tmp_path / "none"),
            "GUMPTION_API__PORT": "0",
            "GUMPTION_MODEL__DRAFTER": "server",
            "GUMPTION_MODEL__SERVER_URL": f"http://127.0.0.1:{server.port}/v1",
            "GUMPTION_MODEL__SERVER_MODEL": "mute",
        }
        with daemon(tmp_path, {**without_display(), **settings}):
            assert server.asked.wait(60.0), "the server was not asked"
        server.over.set()


def test_of_very_many_changes_at_once_listeners_are_told_of_the_first_in_order(tmp_path: Path) -> None:
    paths = paths_under(tmp_path).make()
    database = Database.open(paths.database, KEY)
    claims = [
        proposition(f"Works on f{n}", id=f"p{n:03}", slots={"thing": f"f{n}"}) for n in range(TOLD + 20)
    ]
    database.run_sync(lambda s: propositions.commit(s, [new(p) for p in claims]))
    made = [Revision(RevisionId(p.id), p.id, Cause.USER, p, p, (), NOON) for p in reversed(claims)]

    async def scenario() -> list[str]:
        lone = Daemon(paths, Settings(), database, KEY, Quiet)
        heard = lone.service.hub.listen()
        await lone._pipeline.tell(made)
        lone.service.hub.close()
        await lone._offers.stop()
        return [event.data["id"] async for event in heard if event.name == "proposition"]  # type: ignore[index]

    assert asyncio.run(scenario()) == [p.id for p in reversed(claims)][:TOLD]
    database.close()
