"""What cannot even be sent is refused with a message; a terminal may hand over any bytes."""

import json
from pathlib import Path

import pytest

from app.client import Client
from app.paths import Paths
from gum.errors import DaemonUnreachable, NotAllowed


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """Of a daemon that is not there: what is refused here was never sent."""
    paths = Paths(tmp_path, tmp_path, tmp_path)
    paths.daemon_file.write_text(json.dumps({"port": 1}))
    paths.token_file.write_text("token")
    return Client(paths)


@pytest.mark.parametrize("typed", ["\udcff\udcfe", "a \ud800 b"])
def test_bytes_that_are_no_text_are_refused(client: Client, typed: str) -> None:
    for call in (
        lambda: client.get("/search", {"q": typed}),
        lambda: client.get(f"/propositions/{typed}"),
        lambda: client.post("/forget", {"topic": typed}),
    ):
        with pytest.raises(NotAllowed, match="cannot be asked"):
            call()


def test_a_number_that_is_none_is_refused(client: Client) -> None:
    for number in (float("nan"), float("inf")):
        with pytest.raises(NotAllowed, match="cannot be asked"):
            client.post("/forget", {"minutes": number})


def test_control_signs_in_an_address_are_refused(client: Client) -> None:
    with pytest.raises(NotAllowed, match="cannot be asked"):
        client.get("/propositions/\x01")


def test_what_can_be_sent_is_sent(client: Client) -> None:
    with pytest.raises(DaemonUnreachable, match="does not answer"):
        client.get("/search", {"q": "‮ right to left, \t tabs, ünïcode 東京"})
