"""Weaknesses of GUM's pipeline that ours must not have, on a real store (tests/gum/test_defects_of_gum.py).

Not here: 30 (no tests in its repository) is what this suite is; 29 (no account of what models cost) is
tests/app/desks/test_metered.py, for evaluations only: with models on this machine nothing is paid for.
"""

import asyncio
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.client import Client
from app.config import PipelineSettings
from app.inbox import Inbox
from gum.errors import AnswerUnusable
from gum.ports import Drafts
from gum.types import Observation, ObservationId, Proposition, Trust
from storage import decisions, propositions, work
from tests.app.fakes import FakeWorker
from tests.app.living import daemon, without_display
from tests.app.test_pipeline import at_work, run, worked_on
from tests.builders import NOON, observation


def test_defect_02_an_identical_claim_is_one_row_however_often_it_comes(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            for n in range(20):
                house.clock.at = NOON + n * timedelta(hours=1)
                house.inbox.put(worked_on("thesis.md", at=house.clock.at))
                await house.until(lambda n=n: len(house.done) > n)  # type: ignore[misc]
            every = house.database.read_sync(lambda s: propositions.list_(s, status=None))
            assert [p.text for p in every] == ["Works on thesis.md"]
            assert house.index.count("propositions") == 1

    run(scenario)


class Poison:
    """Fake drafter that chokes on one observation, and has nothing to say of others."""

    name = "poison"

    def __init__(self) -> None:
        self.asked: list[set[str]] = []

    def draft(self, observations: Sequence[Observation], neighbours: Sequence[Proposition]) -> Drafts:
        self.asked.append({o.text for o in observations})
        if any("poison" in o.text for o in observations):
            raise AnswerUnusable("The model answered garbage", "Look at the model.")
        return Drafts(())


def test_defect_04_a_batch_that_always_fails_is_tried_ever_later_and_at_last_put_aside(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        poison = Poison()
        async with at_work(tmp_path, FakeWorker(tmp_path), deep=poison) as house:
            house.inbox.put(observation("poison", title=""))
            for _ in range(60):
                await asyncio.sleep(0.1)
                house.clock.move(timedelta(minutes=16))
                if house.queue()["dead"]:
                    break
            [given_up] = house.database.read_sync(work.dead)
            assert (given_up.attempts, given_up.error) == (work.MAX_TRIES, "The model answered garbage")
            assert len(poison.asked) == work.MAX_TRIES

    run(scenario)


def test_defect_05_with_several_observers_no_update_is_lost() -> None:
    async def scenario() -> list[str]:
        inbox = Inbox(capacity=10_000)
        inbox.attach(asyncio.get_running_loop())

        def observe(name: str, count: int) -> None:
            for n in range(count):
                inbox.put(observation(id=f"{name}{n}"))

        threads = [threading.Thread(target=observe, args=each) for each in (("a", 3000), ("b", 1000))]
        for thread in threads:
            thread.start()
        taken: list[str] = []
        while any(thread.is_alive() for thread in threads) or inbox.size:
            taken += [a.observation.id for a in inbox.drain()[0]]
            await asyncio.sleep(0)
        return taken

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # as many changes of thread as there can be
    try:
        taken = asyncio.run(scenario())
    finally:
        sys.setswitchinterval(before)
    assert len(taken) == len(set(taken)) == 4000


def test_defect_20_the_audit_stands_before_every_drafter_and_its_decision_can_be_read(tmp_path: Path) -> None:
    async def scenario() -> None:
        deep = Poison()
        async with at_work(tmp_path, FakeWorker(tmp_path), deep=deep) as house:
            private = "Ann told me that she was diagnosed with breast cancer"
            house.inbox.put(
                observation(f"see you at nine\n{private}", title="Inbox", app="mail", trust=Trust.RECEIVED)
            )
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: "Works on thesis.md" in house.claims())
            await house.until(lambda: sum(house.queue().values()) == 0)
            told = " ".join(text for batch in deep.asked for text in batch)
            assert "thesis.md" in told and "cancer" not in told
            logged = house.database.read_sync(lambda s: decisions.list_(s, ()))
            assert logged

    run(scenario)


def test_defect_08_a_few_observations_do_not_wait_for_more(tmp_path: Path) -> None:
    async def scenario() -> None:
        settings = PipelineSettings(batch_count=5, batch_wait_s=60)
        async with at_work(tmp_path, FakeWorker(tmp_path), settings) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.queue()["propose"] == 1 and house.queue()["perceive"] == 0)
            await asyncio.sleep(1.5)  # it waits for more
            assert house.claims() == []
            house.clock.move(timedelta(seconds=61))
            await house.until(lambda: house.claims() == ["Works on thesis.md"])

    run(scenario)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("home")
    env = {**without_display(), "GUMPTION_MODELS": str(home), "FLOOD": "no"}
    with daemon(home, env, "tests.app.flood") as running:
        yield running


@pytest.mark.parametrize(
    "path", ["/search?q=thesis", "/observations", "/propositions", "/questions", "/timing"]
)
def test_defect_24_nobody_reads_anything_without_this_starts_token(client: Client, path: str) -> None:
    def asked(**headers: str) -> int:
        return httpx.get(client.address() + path, headers=headers, timeout=30, trust_env=False).status_code

    assert asked() == asked(Authorization="Bearer guessed") == 401
    assert asked(Authorization=f"Bearer {client.token()}", Origin="https://assistant.example") == 403
    assert asked(Authorization=f"Bearer {client.token()}") == 200


def test_defect_24_what_an_agent_may_ask_about_time_tells_reasons_and_no_transcript(client: Client) -> None:
    client.post("/tell", {"text": "a whole screen of private words"})
    told = client.get("/timing")
    assert set(told) == {"good", "against", "reasons"}
    assert "private words" not in str(told)


def test_defect_26_of_a_message_nothing_is_claimed_but_whom_one_is_in_contact_with(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            mail = observation(
                "From: Ann Lee <ann@x.test>\nSubject: me\nI am a nurse, I am learning Dutch, I prefer tea.",
                title="Inbox",
                app="thunderbird",
                trust=Trust.RECEIVED,
            )
            house.inbox.put(mail)
            house.inbox.put(worked_on("thesis.md", id=ObservationId("own")))
            await house.until(lambda: "Works on thesis.md" in house.claims())
            await house.until(lambda: sum(house.queue().values()) == 0)
            every = house.database.read_sync(lambda s: propositions.list_(s, status=None))
            assert {p.type for p in every} <= {"working_on", "communicating_with"}

    run(scenario)
