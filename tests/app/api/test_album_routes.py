"""The paths of the small pictures, asked of a real daemon."""

from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy.orm import Session

from app.config import Settings, StoreSettings
from app.store import key_of, open_store
from storage import observations, thumbnails
from tests.app.living import daemon, paths_under, without_display
from tests.builders import NOON, observation


def test_the_daemon_tells_of_them_and_deletes_them(tmp_path: Path) -> None:
    paths, settings = paths_under(tmp_path), Settings(store=StoreSettings(keyring=False))
    paths.data.mkdir(parents=True)
    database = open_store(paths, settings, key_of(paths, settings))

    def put(s: Session) -> None:
        for minute, key in enumerate(("was", "now")):
            at = NOON + timedelta(minutes=minute)
            each = observation("words", id=key, at=at, app="xterm", title="notes", source="screen")
            observations.append(s, each)
            thumbnails.keep(s, each.id, each.at, bytes(5000))

    database.run_sync(put)
    database.close()
    env = {**without_display(), "GUMPTION_SCREEN__THUMBNAILS": "true", "GUMPTION_STORE__KEYRING": "false"}
    with daemon(tmp_path, env) as client:
        assert client.get("/observations/now/pictures")["before"]["observation_id"] == "was"
        assert client.get("/pictures")["bytes"] == 10_000

        def send(verb: str, path: str, token: str) -> httpx.Response:
            head = {"Authorization": f"Bearer {token}"}
            return httpx.request(verb, client.address() + path, headers=head, timeout=30, trust_env=False)

        assert send("DELETE", "/pictures", "wrong").status_code == 401
        assert client.get("/pictures")["count"] == 2
        assert send("DELETE", "/pictures", client.token()).json()["count"] == 0
        assert client.get("/observations/now/pictures")["state"] == "gone"
        assert send("GET", "/observations/now/thumbnail", client.token()).status_code == 404
        assert send("GET", "/observations/nobody/pictures", client.token()).status_code == 404
        assert client.get("/observations/now")["text"] == "words"
