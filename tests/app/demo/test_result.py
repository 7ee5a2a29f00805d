"""The demo's verdict: it can only succeed with grounded claims, no leak, and a deed done and undone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.client import Json
from app.demo.result import Findings, as_json, counted, leaks, occurs, problems
from app.demo.story import SECRETS


def observation(text: str, title: str = "A page", url: str | None = None) -> Json:
    return {"id": "o1", "text": text, "title": title, "url": url}


def claim(text: str, quote: str, key: str = "o1") -> Json:
    piece = {"quote": quote, "observation_id": key}
    return {
        "id": text,
        "text": text,
        "type": "working_on",
        "confidence": 0.6,
        "slots": {},
        "evidence": [piece],
    }


GOOD = Findings(
    propositions=[claim(f"Works on {n}", n) for n in ("weir", "ladder", "report")],
    observations={"o1": observation("the weir\nthe ladder\nthe report")},
    excluded={"Private windows": 2, "Password managers": 1},
    suggestion={"kind": "remind", "text": "Remind?", "why_now": "Soon.", "state": "undone"},
    accepted=True,
    verified=True,
    undone=True,
    seconds=90.0,
)


def test_a_good_run_succeeds() -> None:
    assert problems(GOOD) == []
    told = as_json(GOOD, "/tmp/report.html")
    assert told["ok"] and told["leaks"] == [] and told["action"] == {"verified": True, "undone": True}
    assert all(e["occurs"] for p in told["propositions"] for e in p["evidence"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"propositions": GOOD.propositions[:2]},
        {"propositions": [*GOOD.propositions, claim("Works on nothing", "never seen")]},
        {"propositions": [*GOOD.propositions, claim("Works on air", "the weir", key="gone")]},
        {"propositions": [*GOOD.propositions, claim("Is interested in the LOTTERY", "the weir")]},
        {"observations": {"o1": observation("the weir\nthe ladder\nthe report\nMoon-Flower 77")}},
        {"excluded": {"Private windows": 2}},
        {"excluded": {"Password managers": 2}},
        {"accepted": False},
        {"verified": False},
        {"undone": False},
    ],
)
def test_anything_missing_fails_it(wrong: dict[str, object]) -> None:
    findings = replace(GOOD, **wrong)  # type: ignore[arg-type]
    assert problems(findings)
    assert not as_json(findings, "")["ok"]


@given(st.sampled_from(SECRETS), st.text(max_size=20), st.text(max_size=20))
def test_a_secret_is_found_wherever_it_stands(secret: str, before: str, after: str) -> None:
    for kept in (observation(f"{before} {secret} {after}"), observation("", title=secret.upper())):
        assert f"{secret} in observation o1" in leaks({"o1": kept}, [])


def test_a_secret_in_an_address_or_a_claim_is_found_too() -> None:
    assert leaks({"o1": observation("", url=f"http://x.test/{SECRETS[0]}")}, [])
    assert leaks({}, [claim(f"Uses {SECRETS[1]}", "x")])


def test_a_quote_may_differ_in_line_breaks_and_nothing_else() -> None:
    seen = observation("Deadline: send the\nreport", title="notes.md")
    assert occurs("send the report", seen) and occurs("notes.md", seen)
    assert not occurs("send a report", seen) and not occurs(" ", seen) and not occurs("send", None)


def test_exclusions_are_summed_by_rule() -> None:
    rows = [{"rule": "Private windows", "count": 2}, {"rule": "Private windows", "count": 3}]
    assert counted({"excluded": rows}) == {"Private windows": 5}
