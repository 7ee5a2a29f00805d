"""What the FAKE daemon says of other programs, made up here: three ordinary ones, and far too many."""

from typing import Any

from tests.app.tray.fake_daemon import FakeDaemon
from tests.app.tray.fake_data import Json, iso, plan

HOSTILE = "<b>Claude</b> \u202eedualC " + "an assistant with a very long name " * 2
LETTER = '{"notice":"…","withheld":1,"items":[{"id":"p1","text":"Works on a thesis with PERSON_1"}]}'


def scope(**changes: Any) -> Json:
    base: Json = {
        "rights": ["read"], "parts": ["claims"], "types": [], "topics": [], "no_topics": [], "apps": [],
        "no_apps": [], "sensitive": False, "real_names": False, "max_age_days": None,
    }  # fmt: skip
    return base | changes


def assistant(id_: str = "c1", name: str = "Claude Desktop", **changes: Any) -> Json:
    base: Json = {
        "id": id_, "name": name, "scope": scope(), "given_at": iso(86400 * 3), "until": iso(-86400 * 30),
        "last_used_at": iso(240), "revoked_at": None, "reads_today": 41,
    }  # fmt: skip
    return base | changes


def assistants() -> list[Json]:
    agent = scope(
        rights=["act", "read", "suggest"], parts=["claims", "activity", "quotes"],
        topics=["thesis", "travel"], no_topics=["health"], no_apps=["keepassxc"], max_age_days=30,
    )  # fmt: skip
    return [
        assistant("c3", "Old script", revoked_at=iso(86400), last_used_at=iso(90000), reads_today=0),
        assistant(),
        assistant("c2", "Editor", scope=agent, until=None, last_used_at=None, reads_today=0),
    ]


def disclosure(id_: str = "d1", **changes: Any) -> Json:
    base: Json = {
        "id": id_, "at": iso(240), "client_id": "c1", "client": "Claude Desktop", "operation": "search",
        "query": "thesis", "items": 3, "withheld": 1, "size": 1834, "kept": True,
    }  # fmt: skip
    return base | changes


def proposal(id_: str = "r1", **changes: Any) -> Json:
    base: Json = {
        "id": id_, "client_id": "c1", "client": "Claude Desktop", "kind": "fact", "text": "I am vegetarian",
        "state": "waiting", "at": iso(600), "expires_at": iso(-86400 * 7),
    }  # fmt: skip
    return base | changes


def pairing(id_: str = "g1", **changes: Any) -> Json:
    base: Json = {
        "id": id_, "name": "Claude Desktop", "asked": scope(), "given": scope(), "code": "048291",
        "expires_at": iso(-290), "until": iso(-86400 * 365), "state": "waiting",
    }  # fmt: skip
    return base | changes


def request(id_: str = "plan1", by: str = "Claude Desktop", **changes: Any) -> Json:
    """A plan_request as it is published."""
    return {**plan(id=id_, client=by), "by": by, "quiet": False, **changes}


def install(daemon: FakeDaemon) -> None:
    """Ordinary answers to everything the assistants window asks."""
    reads = [
        disclosure(),
        disclosure("d2", operation="context", query="book me a table for two", withheld=0, at=iso(900)),
        disclosure("d3", operation="moment", query="", items=1, kept=False, at=iso(90000), client="Editor"),
    ]
    daemon.reply |= {
        "GET /clients": (200, {"items": assistants()}),
        "GET /disclosures": (200, {"items": reads, "next": "d3"}),
        "GET /disclosures/d1": (
            200, reads[0] | {"content": LETTER, "with_names": LETTER.replace("PERSON_1", "Ana Costa")}
        ),
        "GET /disclosures/d2": (200, reads[1] | {"content": "{}", "with_names": "{}"}),
        "GET /disclosures/d3": (200, reads[2] | {"content": None, "with_names": None}),
        "GET /proposals": (200, {"items": [proposal(), forgetting()]}),
        "GET /plans": (200, {"items": []}),
        "GET /pairings": (200, {"items": []}),
        "POST /restore": (200, {"text": "Ana Costa is your supervisor."}),
    }  # fmt: skip


def forgetting() -> Json:
    text = "Forget everything about “the surprise party”, for good: 12 observations and 3 claims would go."
    return proposal("r2", kind="forget", text=text, client="Editor")


def overfull(daemon: FakeDaemon) -> None:
    """500 of everything, with names and texts as nobody should send them."""
    names = (HOSTILE[:60], "助手" * 30, "مساعد البحث " * 5, "Claude Desktop")
    everybody = [assistant(f"c{n}", names[n % 4], reads_today=12_345) for n in range(500)]
    long = "Lorem <img src=x> ipsum\n" * 40
    reads = [
        disclosure(f"d{n}", client=names[n % 4], query=long, operation="weird_\u202eoperation", items=10_000)
        for n in range(500)
    ]
    waiting = [proposal(f"r{n}", client=names[n % 4], text=long) for n in range(500)]
    daemon.reply |= {
        "GET /clients": (200, {"items": everybody}),
        "GET /disclosures": (200, {"items": reads, "next": None}),
        "GET /disclosures/d0": (200, reads[0] | {"content": long * 200, "with_names": long}),
        "GET /proposals": (200, {"items": waiting}),
    }
