"""Reading everything through a paged API, and telling of what is new."""

from typing import cast

from app.client import Client, Json
from app.demo.runner import Teller, everything


class FakeClient:
    """FAKE: answers /observations from a list, as the daemon does: newest first, `before` not included."""

    def __init__(self, times: list[str]) -> None:
        self._times = sorted(times, reverse=True)

    def get(self, path: str, query: dict[str, str]) -> Json:
        assert path == "/observations"
        left = [at for at in self._times if at < query.get("before", "9999")]
        items = [{"id": f"o{at}", "at": at} for at in left[: int(query["limit"])]]
        more = len(left) > len(items)
        return {"items": items, "next": items[-1]["at"] if more else None}


def test_every_page_is_read() -> None:
    times = [f"{n:04}" for n in range(450)]
    found = everything(cast(Client, FakeClient(times)))
    assert sorted(found) == [f"o{at}" for at in times]
    assert everything(cast(Client, FakeClient([]))) == {}


def test_each_proposition_is_told_once_with_its_quote() -> None:
    said: list[str] = []
    teller = Teller(said.append)
    claim = {
        "id": "p",
        "text": "Works on x",
        "confidence": 0.61,
        "evidence": [{"quote": "a\n b", "app": "xterm"}],
    }
    teller("proposition", claim)
    teller("proposition", {**claim, "confidence": 0.8})
    teller("status", {"state": "observing"})
    teller("suggestion", {"id": "s", "text": "Remind?", "why_now": "Soon."})
    teller("plan", {"plan_id": "1", "state": "running"})
    teller("plan", {"plan_id": "1", "state": "done"})
    assert said == ["   61%  Works on x", "        “a b”  (xterm)", "  it offers: Remind? (Soon.)"]
    assert teller.plans == ["1"]
