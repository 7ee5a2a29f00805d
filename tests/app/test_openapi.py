"""Both OpenAPI documents, tried by schemathesis against the real daemon: no 5xx, all as promised.

Operations that end the daemon, or that the next ones could not be tried after, are named in LEFT_OUT with the
reason; they have tests of their own.
"""

import json
import time
from collections.abc import Iterator
from typing import Any, cast
from unittest.mock import MagicMock

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.api.clients_routes import add_pairing
from app.api.proxy_routes import add_proxy
from app.api.routes import create_api
from app.api.v1 import create_v1
from app.client import Client
from app.clients import Clients
from app.main import VERSION
from app.plugin.ports import Backend
from app.plugin.proxy import Proxy
from app.service import Service
from gum.grants import PRESETS, Part, Right, to_json
from tests.app.living import daemon, without_display

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LEFT_OUT = {
    "shutdown": "ends the daemon",
    "lock": "closes the store: nothing else can be asked then",
    "pause": "stops what the other operations tell of",
    "events": "never ends",
    "forget": "with everything nothing is left to try the rest on; tried with dry_run by hand",
}
TRIES = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("home")
    env = {
        **without_display(),
        "GUMPTION_MODELS": str(home),
        "GUMPTION_PIPELINE__BATCH_WAIT_S": "0.2",
        "GUMPTION_PLUGIN__REQUESTS_PER_MINUTE": "1000000",
    }
    with daemon(home, env, "tests.app.flood") as running:
        end = time.monotonic() + 60
        while running.get("/status")["counts"]["propositions"] < 12:
            assert time.monotonic() < end
            time.sleep(0.1)
        yield running


@pytest.fixture(scope="module")
def token(client: Client) -> str:
    whole = to_json(PRESETS["agent"].scope) | {"rights": list(Right), "parts": list(Part)}
    made = client.post("/clients", {"name": "Schemathesis", "scope": whole})
    return str(made["token"])


def documents() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the daemon will say, without one: tests are made of it before any runs."""
    rest = create_v1(lambda grant: cast(Backend, None), VERSION)
    add_pairing(rest, cast(Clients, None))
    add_proxy(rest, cast(Proxy, None))
    whole = create_api(cast(Service, MagicMock()), VERSION, frozenset, "")
    owners = whole._app
    assert isinstance(owners, FastAPI)
    return rest.openapi(), owners.openapi()


FOR_CLIENTS, FOR_OWNER = documents()
clients_document = schemathesis.openapi.from_dict(FOR_CLIENTS).exclude(operation_id=["events"])
owners_document = schemathesis.openapi.from_dict(FOR_OWNER).exclude(operation_id=list(LEFT_OUT))


def test_the_daemon_says_the_same(client: Client) -> None:
    told = httpx.get(f"{client.address()}/v1/openapi.json", trust_env=False).json()
    assert told == json.loads(json.dumps(FOR_CLIENTS))
    assert client.get("/openapi.json") == json.loads(json.dumps(FOR_OWNER))
    assert told["openapi"].startswith("3.1")


def tried(case: Case, address: str, token: str) -> None:
    answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=CHECKS)


@clients_document.parametrize()
@TRIES
def test_what_is_for_clients_is_as_promised(case: Case, client: Client, token: str) -> None:
    tried(case, client.address(), token)


@owners_document.parametrize()
@TRIES
def test_what_is_for_the_person_is_as_promised(case: Case, client: Client) -> None:
    tried(case, client.address(), client.token())
