"""Requests that a program of the person may send by mistake: refused with a title, never a fault of ours."""

import time
from collections.abc import Iterator

import httpx
import pytest

from app.client import Client
from tests.app.living import daemon, without_display

FAR = '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"'
NUMBERS = "NaN", "Infinity", "-Infinity", "1e308", "1e15", "-1", "0", '"many"', "true"
TEXTS = '"\\ud800"', '"\\u0000"', '"\\u202e\\u0007"', '""', "7", "null", '["a"]', '{"a": 1}'
BODIES = [
    *(("/forget", f'{{"minutes": {n}, "dry_run": true}}') for n in NUMBERS),
    *(("/forget", f'{{"{end}": {at}, "dry_run": true}}') for end in ("since", "until") for at in FAR),
    *(
        ("/forget", f'{{"{name}": {t}, "dry_run": true}}')
        for name in ("app", "site", "source", "topic", "proposition_id")
        for t in TEXTS
    ),
    ("/forget", '{"since": "2026-03-29T02:30:00", "dry_run": true}'),  # an hour that never was, in no zone
    *(("/privacy/rules", f'{{"name": "x", "app": "nobody", "retention_days": {n}}}') for n in NUMBERS),
    *(("/privacy/rules", f'{{"name": {t}, "app": "nobody", "title": {t}}}') for t in TEXTS),
    *(("/privacy/test", f'{{"app": {t}, "title": {t}}}') for t in TEXTS),
    *(("/calendars", f'{{"address": {t}, "user": {t}, "password": {t}}}') for t in TEXTS),
    *(("/propositions/KNOWN/verdict", f'{{"verdict": "edit", "slots": {{"thing": {t}}}}}') for t in TEXTS),
    *(("/propositions/KNOWN/verdict", f'{{"verdict": {t}}}') for t in TEXTS),
    *(("/pause", f'{{"minutes": {n}}}') for n in NUMBERS),  # the last: what can be understood does pause
]
RAW = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"minutes":' + b"9" * 10_000 + b"}"]
QUERIES = [
    *(f"/search?q={q}" for q in ("%FF", "%00", "%ED%A0%80", "%E2%80%AE", "東" * 500, "x" * 501)),
    *(f"/search?q=x&{name}=2026-11-20T12:00:00" for name in ("since", "until")),
    *(
        f"/search?q=x&since={at}"
        for at in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "nan")
    ),
    *(f"/search?q=x&{name}=nan" for name in ("limit", "diversity", "type", "status", "app")),
    "/search?q=x&limit=99999999999999999999",
    "/observations?before=0001-01-01T00:00:00%2B14:00",
    *(
        f"/{kind}/{key}"
        for kind in ("propositions", "observations", "plans")
        for key in ("%00", "%FF", "..%2F")
    ),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("home")
    env = {**without_display(), "GUMPTION_MODELS": str(home), "GUMPTION_PIPELINE__BATCH_WAIT_S": "0.2"}
    with daemon(home, env, "tests.app.flood") as running:
        end = time.monotonic() + 60
        while running.get("/status")["counts"]["propositions"] < 12:
            assert time.monotonic() < end
            time.sleep(0.1)
        yield running


def send(client: Client, method: str, path: str, content: bytes = b"") -> httpx.Response:
    headers = {"Authorization": f"Bearer {client.token()}", "Content-Type": "application/json"}
    return httpx.request(
        method, client.address() + path, content=content, headers=headers, timeout=60, trust_env=False
    )


def test_no_body_is_a_fault_of_ours(client: Client) -> None:
    known = client.get("/search", {"q": ""})["propositions"][0]["id"]
    for path, body in BODIES:
        answer = send(client, "POST", path.replace("KNOWN", known), body.encode())
        assert answer.status_code < 500, (path, body)
        if answer.is_error:
            assert answer.json()["title"], (path, body)
    for content in RAW:
        for path in ("/forget", "/pause", "/privacy/rules"):
            assert send(client, "POST", path, content).status_code < 500, (path, content[:20])


def test_no_query_is_a_fault_of_ours(client: Client) -> None:
    for path in QUERIES:
        assert send(client, "GET", path).status_code < 500, path


def test_after_all_that_it_works_as_before(client: Client) -> None:
    client.delete("/pause")
    assert client.get("/status")["queue"]["dead"] == 0
    assert client.get("/search", {"q": "chapter7.md"})["propositions"]
