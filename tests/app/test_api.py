"""The real daemon over its real API; only its observers are the labelled flood of tests.app.flood."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.client import Client
from gum.errors import GumptionError, NotAllowed
from tests.app.living import daemon, without_display


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("home")
    env = {**without_display(), "GUMPTION_MODELS": str(home), "GUMPTION_PIPELINE__BATCH_WAIT_S": "0.2"}
    with daemon(home, env, "tests.app.flood") as running:
        until(lambda: running.get("/status")["counts"]["propositions"] >= 12)
        yield running


def until(holds: object, seconds: float = 40.0) -> None:
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.1)


def ask(client: Client, method: str, path: str, **headers: str) -> httpx.Response:
    return httpx.request(method, client.address() + path, headers=headers, timeout=30, trust_env=False)


def routes(client: Client) -> list[tuple[str, str]]:
    spec = client.get("/openapi.json")
    return [(m.upper(), p.replace("{", "").replace("}", "")) for p, ops in spec["paths"].items() for m in ops]


def test_every_route_refuses_other_hosts_origins_and_tokens(client: Client) -> None:
    token = {"Authorization": f"Bearer {client.token()}"}
    seen = routes(client)
    assert len(seen) > 20
    for method, path in [*seen, ("GET", "/openapi.json"), ("GET", "/no-such-path")]:
        assert ask(client, method, path, Host="evil.example", **token).status_code == 403, path
        assert ask(client, method, path, Origin="https://evil.example", **token).status_code == 403, path
        if path != "/hello":
            assert ask(client, method, path).status_code == 401, path
            assert ask(client, method, path, Authorization="Bearer wrong").status_code == 401, path


def test_operation_ids_are_the_names_of_what_they_do(client: Client) -> None:
    spec = client.get("/openapi.json")
    ids = [op["operationId"] for ops in spec["paths"].values() for op in ops.values()]
    assert len(ids) == len(set(ids))
    assert {"hello", "status", "search", "forget", "approve"} <= set(ids)


def test_propositions_carry_quotes_that_occur_in_their_observation(client: Client) -> None:
    for claim in client.get("/propositions")["items"]:
        assert claim["evidence"]
        for cited in claim["evidence"][:3]:
            seen = client.get(f"/observations/{cited['observation_id']}")
            assert cited["quote"] in (seen["text"] + seen["title"] + (seen["url"] or ""))


def test_search_finds_by_words_and_an_empty_one_means_recent(client: Client) -> None:
    found = client.get("/search", {"q": "chapter3.md"})
    assert found["propositions"][0]["text"] == "Works on chapter3.md"
    assert found["observations"]
    assert client.get("/search", {"q": ""})["propositions"]
    assert client.get("/search", {"q": '") OR 1=1; -- NEAR('}) is not None


def test_a_search_lets_through_what_was_asked_for(client: Client) -> None:
    found = client.get("/search", {"q": "chapter3.md", "limit": "5", "diversity": "0"})["propositions"]
    scores = [claim["score"] for claim in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    app = found[0]["evidence"][0]["app"]
    for query, there in (
        ({"type": "working_on"}, True),
        ({"type": "bought"}, False),
        ({"app": app}, True),
        ({"app": "no-such-program"}, False),
        ({"since": "2020-01-01T00:00:00Z"}, True),
        ({"until": "2020-01-01T00:00:00Z"}, False),
        ({"status": "hidden"}, False),
        ({"all": "true", "sensitive": "true"}, True),
    ):
        ids = [claim["id"] for claim in client.get("/search", {"q": "chapter3.md", **query})["propositions"]]
        assert (found[0]["id"] in ids) is there, query
    with pytest.raises(NotAllowed):
        client.get("/search", {"type": "wishes"})
    with pytest.raises(GumptionError):
        client.get("/search", {"since": "yesterday"})


def test_a_proposition_tells_its_history(client: Client) -> None:
    [first, *_] = client.get("/propositions")["items"]
    history = client.get(f"/propositions/{first['id']}")["revisions"]
    assert history[0]["cause"] == "new"


def test_paused_nothing_more_is_stored_until_resumed(client: Client) -> None:
    assert client.post("/pause", {"minutes": None})["state"] == "paused"
    until(lambda: client.get("/status")["queue"]["inbox"] == 0)
    before = client.get("/status")["counts"]["observations"]
    time.sleep(0.5)  # the flood goes on: some hundred observations are refused
    assert client.get("/status")["counts"]["observations"] == before
    assert client.delete("/pause")["state"] == "observing"
    until(lambda: client.get("/status")["counts"]["observations"] > before)
    assert client.post("/pause", {"minutes": 5})["paused_until"] is not None
    client.delete("/pause")


def test_off_the_record_the_last_minute_goes_too_and_it_says_so(client: Client) -> None:
    until(lambda: client.get("/status")["counts"]["observations"] > 0)
    told = client.post("/pause", {"minutes": None, "off_the_record": True})
    assert told["state"] == "paused" and told["off_the_record"]
    assert told["reason"].startswith("Off the record")
    newest = [o["at"] for o in client.get("/observations", {"limit": 5})["items"]]
    minute_ago = datetime.now(UTC) - timedelta(seconds=50)
    assert all(datetime.fromisoformat(at) < minute_ago for at in newest)
    assert not client.delete("/pause")["off_the_record"]
    until(lambda: client.get("/status")["counts"]["propositions"] >= 12)


def test_the_status_tells_whether_the_person_may_be_spoken_to(client: Client) -> None:
    told = client.get("/status")["availability"]
    assert told["quiet"] is False and "do not disturb" in told["unknown"]


def test_rules_can_be_added_tried_and_deleted_but_shipped_ones_not(client: Client) -> None:
    window = {"app": "mousepad", "title": "diary.txt - Mousepad", "private": None, "url": None}
    assert client.post("/privacy/test", window)["allowed"]
    rule = client.post("/privacy/rules", {"name": "My diary", "effect": "drop", "title": "*diary*"})
    refused = client.post("/privacy/test", window)
    assert not refused["allowed"]
    assert refused["rule"] == "My diary"
    client.delete(f"/privacy/rules/{rule['id']}")
    assert client.post("/privacy/test", window)["allowed"]
    shipped = next(r for r in client.get("/privacy/rules")["items"] if r["builtin"])
    with pytest.raises(NotAllowed):
        client.delete(f"/privacy/rules/{shipped['id']}")
    with pytest.raises(NotAllowed):
        client.post("/privacy/rules", {"name": "Matches everything", "effect": "keep"})


def test_rules_by_class_monitor_hours_and_sharing_can_be_made_and_tried(client: Client) -> None:
    body = {
        "name": "Shows", "effect": "drop", "window_class": "term*", "monitor": "HDMI-*", "full_screen": True,
        "hours": "fri 22:00-07:00", "sharing": True,
    }  # fmt: skip
    rule = client.post("/privacy/rules", body)
    assert {key: rule[key] for key in body} == body
    listed = {r["id"]: r for r in client.get("/privacy/rules")["items"]}
    assert listed[rule["id"]] == rule
    window = {
        "app": "xterm", "title": "x", "window_class": "terminal", "monitor": "HDMI-1", "full_screen": True,
        "at": "sat 06:00", "sharing": True,
    }  # fmt: skip
    assert client.post("/privacy/test", window)["rule_id"] == rule["id"]
    for other in ({"window_class": "x"}, {"monitor": "DP-1"}, {"full_screen": False}, {"at": "sat 08:00"},
                  {"sharing": False}, {"at": "fri 06:00"}):  # fmt: skip
        assert client.post("/privacy/test", {**window, **other})["allowed"], other
    # Nobody can tell here whether the screen is shared: what holds only then, holds.
    assert not client.post("/privacy/test", {**window, "sharing": None})["allowed"]
    client.delete(f"/privacy/rules/{rule['id']}")


def test_rules_that_could_never_hold_are_refused_with_a_hint(client: Client) -> None:
    before = client.get("/privacy/rules")
    for wrong, helps in (
        ({"url": "site:https://example.org/diary"}, "site:example.org"),
        ({"url": "example.org"}, "site:example.org"),
        ({"hours": "at night"}, "22:00-07:00"),
        ({"sharing": True, "retention_days": 3}, "two rules"),
    ):
        answer = httpx.post(
            client.address() + "/privacy/rules",
            json={"name": "x", **wrong},
            headers={"Authorization": f"Bearer {client.token()}"},
            trust_env=False,
        )
        assert answer.status_code == 422 and helps in answer.json()["hint"], wrong
    assert client.get("/privacy/rules") == before
    with pytest.raises(GumptionError, match="no time of day"):
        client.post("/privacy/test", {"app": "x", "title": "y", "at": "noon"})


def test_unknown_and_private_browser_windows_would_not_be_seen(client: Client) -> None:
    for window in (
        {"app": "chromium", "title": "News", "url": "https://news.example/", "private": None},
        {"app": "chromium", "title": "News", "url": "https://news.example/", "private": True},
        {"app": "chromium", "title": "News", "url": None, "private": False},
        {"app": "", "title": "", "url": None, "private": None},
        {"app": "gumption", "title": "Gumption", "url": None, "private": None},
    ):
        verdict = client.post("/privacy/test", window)
        assert not verdict["allowed"], window
        assert verdict["reason"]


def test_events_resume_by_the_last_id(client: Client) -> None:
    headers = {"Authorization": f"Bearer {client.token()}"}
    first = listen(client, headers, 3)
    again = listen(client, {**headers, "Last-Event-ID": first[0]["id"]}, 2)
    assert [e["id"] for e in again] == [e["id"] for e in first[1:]]
    stale = listen(client, {**headers, "Last-Event-ID": "00000000-1"}, 1)
    assert stale[0]["event"] == "resync"


def test_a_changed_proposition_is_told_with_its_evidence(client: Client) -> None:
    headers = {"Authorization": f"Bearer {client.token()}"}
    events = listen(client, headers, 400, until_event="proposition")
    told = json.loads(events[-1]["data"])
    assert told["text"].startswith("Works on chapter")
    assert told["evidence"]


def listen(
    client: Client, headers: dict[str, str], count: int, until_event: str = ""
) -> list[dict[str, str]]:
    events: list[dict[str, str]] = []
    with httpx.stream(
        "GET", client.address() + "/events", headers=headers, timeout=30, trust_env=False
    ) as lines:
        event: dict[str, str] = {}
        for line in lines.iter_lines():
            if not line and event:
                events.append(event)
                if len(events) == count or event.get("event") == until_event:
                    return events
                event = {}
            elif ": " in line and not line.startswith(":"):
                name, value = line.split(": ", 1)
                event[name] = value
    raise AssertionError("the stream ended")


def test_wrong_requests_get_a_title_and_a_hint(client: Client) -> None:
    for method, path, body in (
        ("POST", "/forget", {}),
        ("POST", "/forget", {"minutes": 1, "app": "x"}),
        ("POST", "/forget", {"minutes": -1}),
        ("POST", "/forget", {"since": "2026-11-20T12:00:00"}),
        ("POST", "/forget", {"site": " "}),
        ("DELETE", "/propositions/nothing", None),
        ("POST", "/privacy/rules", {"name": "x", "app": "y", "retention_days": 0}),
        ("GET", "/observations/nothing", None),
        ("GET", "/observations?limit=0", None),
        ("POST", "/plans/nothing/approve", {"digest": "0"}),
        ("POST", "/suggestions/nothing/reaction", {"verdict": "perhaps"}),
    ):
        answer = httpx.request(
            method,
            client.address() + path,
            json=body,
            headers={"Authorization": f"Bearer {client.token()}"},
            trust_env=False,
        )
        told = answer.json()
        assert 400 <= answer.status_code < 500, path
        assert told["title"], path
    big = httpx.post(
        client.address() + "/forget",
        content=json.dumps({"app": "x" * 300_000}),
        headers={"Authorization": f"Bearer {client.token()}"},
        trust_env=False,
    )
    assert big.status_code == 413


def test_a_dry_run_counts_and_forgets_nothing(client: Client) -> None:
    client.post("/pause", {"minutes": None})
    until(lambda: client.get("/status")["queue"]["inbox"] == 0)
    for what in (
        {"topic": "chapter3.md"},
        {"source": "window"},
        {"app": "mousepad"},
        {"since": "2020-01-01T00:00Z"},
    ):
        counted = client.post("/forget", {**what, "dry_run": True})
        assert counted["dry_run"]
        assert counted["forgotten"]["observations"] > 0, what
        assert counted["forgotten"]["propositions"] > 0, what
    assert client.get("/search", {"q": "chapter3.md"})["propositions"]
    assert client.post("/forget", {"topic": "chapter3.md moonlight"})["forgotten"]["observations"] == 0


def test_a_rule_may_say_how_long_what_it_matches_is_kept(client: Client) -> None:
    body = {"name": "Chats a week", "effect": "keep", "app": "signal", "retention_days": 7}
    rule = client.post("/privacy/rules", body)
    assert rule["retention_days"] == 7
    assert [r["retention_days"] for r in client.get("/privacy/rules")["items"] if r["id"] == rule["id"]] == [
        7
    ]
    client.delete(f"/privacy/rules/{rule['id']}")


def test_a_proposition_is_found_by_how_its_id_begins(client: Client) -> None:
    [first, *_] = client.get("/propositions")["items"]
    history = client.get(f"/propositions/{first['id'][:12]}")
    assert history["id"] == first["id"]
    [new, *_] = history["revisions"]
    assert (new["before_status"], new["after_status"]) == (None, "active")
    assert new["evidence"][0]["quote"]


def test_a_verdict_settles_a_proposition_and_its_history_says_so(client: Client) -> None:
    known = client.get("/propositions")["items"]
    one, other = known[-1], known[-2]
    told = client.post(f"/propositions/{one['id']}/verdict", {"verdict": "right"})
    assert told["confidence"] == 0.98
    assert [r["cause"] for r in told["revisions"]][-1] == "user"
    client.post(f"/propositions/{other['id'][:8]}/verdict", {"verdict": "hide"})
    assert other["id"] not in [p["id"] for p in client.get("/propositions")["items"]]
    client.post(f"/propositions/{other['id']}/verdict", {"verdict": "show"})
    for body in ({"verdict": "maybe"}, {"verdict": "edit"}, {"verdict": "right", "slots": {"thing": "x"}}):
        with pytest.raises(GumptionError) as caught:
            client.post(f"/propositions/{one['id']}/verdict", body)
        assert caught.value.hint


def test_forgetting_a_proposition_takes_it_out_of_every_answer(client: Client) -> None:
    client.post("/pause", {"minutes": None})
    found = client.get("/search", {"q": "chapter5.md"})["propositions"][0]
    gone = client.delete(f"/propositions/{found['id']}")["forgotten"]
    assert gone["propositions"] == 1
    with pytest.raises(GumptionError):
        client.get(f"/propositions/{found['id']}")
    assert found["id"] not in [p["id"] for p in client.get("/search", {"q": "chapter5.md"})["propositions"]]


def test_forgetting_everything_leaves_nothing_to_ask_for(client: Client) -> None:
    client.post("/pause", {"minutes": None})
    client.post("/forget", {"everything": True})
    assert client.get("/propositions")["items"] == []
    assert client.get("/observations")["items"] == []
    assert client.get("/search", {"q": "chapter3.md"}) == {"propositions": [], "observations": []}
