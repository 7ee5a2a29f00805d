"""Plans of Gumption's own and of clients, from the question to the deed, over a real store and real files."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.config import SuggestSettings
from app.offers import Offers
from app.plans import ASKED, MOST_REFUSED, MOST_WAITING, QUIET, Plans, folders_of, launcher_of
from app.shapes import PlanOut
from assistants import plan as plans
from assistants.handed import LASTS
from gum.errors import NotAllowed, NotFound
from gum.grants import ClientId
from gum.types import PlanId
from observers.availability import Facts, availability
from storage import forget
from storage import plans as kept
from storage.client_schema import ClientRow
from storage.scope import Everything
from tests.app.test_offers import Desk, NoDesktop, accepted, desk, run

ADA, BEN = ClientId("ada"), ClientId("ben")
ALMOST = timedelta(milliseconds=1)


async def proposed(d: Desk, client: ClientId = ADA, words: str = "milk") -> PlanOut:
    """What a client puts before the person, as `app.plugin.acting` does."""
    made = plans.build("Shopping", [plans.add_todo(d.offers.plans.folders.todo, words)])
    await d.database.run(lambda s: d.offers.plans.put(s, client, made))
    return await d.offers.plans.announce(made.id)


async def known(d: Desk, client: ClientId, name: str) -> None:
    row = {"id": client, "name": name, "token_hash": b"", "scope": "{}", "given_at": d.clock.at}
    await d.database.run(lambda s: s.execute(insert(ClientRow).values(row)))


def fresh(d: Desk) -> Plans:
    """The plans of a daemon that was started anew."""
    return Plans(d.settings, d.database, d.hub, d.clock, NoDesktop(), None)


def test_an_approved_plan_does_exactly_what_was_shown_and_is_undone(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            plan = await accepted(d)
            assert d.files() == set()  # accepting prepares; nothing happened yet
            done = await d.offers.plans.approve(plan.id, plan.digest)
            assert done.state == "done"
            assert all(o.ok for o in done.outcomes)
            assert {Path(s.target).name for s in done.steps} == d.files()
            assert "project review" in (d.documents / "todo.md").read_text()
            undone = await d.offers.plans.undo(plan.id)
            assert undone.state == "undone"
            assert not [f for f in d.files() if f.endswith(".ics")]
            assert "project review" not in "".join(p.read_text() for p in d.documents.iterdir())
            with pytest.raises(NotAllowed):
                await d.offers.plans.undo(plan.id)

    run(scenario)


@pytest.mark.parametrize("answer", ["deny", "late", "other", "restart"])
def test_without_a_yes_in_time_to_what_was_shown_nothing_happens(tmp_path: Path, answer: str) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            plan = await accepted(d)
            digest = plan.digest
            offers = d.offers
            if answer == "deny":
                assert (await offers.plans.deny(plan.id)).state == "denied"
            elif answer == "late":
                d.clock.move(timedelta(seconds=61))
            elif answer == "other":
                digest = "0" * 64
            else:
                offers = Offers(
                    d.settings, d.database, d.hub, d.clock, NoDesktop(), None, lambda: None, lambda: False
                )
                await offers.start()
            with pytest.raises(NotAllowed):
                await offers.plans.approve(plan.id, digest)
            assert d.files() == set()
            if answer in ("late", "restart"):
                assert (await offers.plans.plan(plan.id)).state == "expired"

    run(scenario)


def test_a_plan_runs_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            plan = await accepted(d)
            await d.offers.plans.approve(plan.id, plan.digest)
            with pytest.raises(NotAllowed):
                await d.offers.plans.approve(plan.id, plan.digest)
            assert (d.documents / "todo.md").read_text().count("project review") == 1

    run(scenario)


def test_what_a_forgotten_plan_did_is_not_remembered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.learn()
            await d.offers.look()
            [offer] = (await d.offers.list("open")).items
            asked = (await d.offers.react(offer.id, "accept")).plan
            assert asked is not None
            await d.offers.plans.approve(asked.id, asked.digest)
            await d.offers.plans.reload()
            assert len(d.offers.plans.deeds) == 1
            await d.database.run(lambda s: forget.forget(s, Everything()))
            await d.offers.plans.reload()
            assert d.offers.plans.deeds == ()

    run(scenario)


def test_commands_with_quoted_paths_are_taken_apart_like_a_shell_does() -> None:
    settings = SuggestSettings(browser='"/opt/my browser/run" --new-window', editor="")
    assert list(launcher_of(settings).browser) == ["/opt/my browser/run", "--new-window"]
    assert list(launcher_of(settings).editor) == ["xdg-open"]


def test_actions_reach_only_the_folders_of_the_settings() -> None:
    folders = folders_of(SuggestSettings(todo_file="/a/todo.md", calendar_folder="/b"))
    assert folders.allowed == (Path("/a"), Path("/b"))


def test_a_clients_plan_is_shown_with_its_name_and_approving_runs_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            await known(d, ADA, "Ada's helper")
            plan = await proposed(d)
            await asyncio.sleep(0)
            [asked] = [e.data for e in d.events if e.name == "plan_request"]
            assert isinstance(asked, dict)
            assert (asked["id"], asked["client"], asked["state"]) == (plan.id, "Ada's helper", "waiting")
            assert asked["steps"][0]["args"] == {"line": "- [ ] milk"} and asked["quiet"] is False
            assert [p.id for p in await d.offers.plans.asked()] == [plan.id]
            approved = await d.offers.plans.approve(PlanId(plan.id), plan.digest)
            assert approved.state == "approved" and d.files() == set()
            assert approved.expires_at == d.clock.at + LASTS
            done = await d.offers.plans.execute(ADA, PlanId(plan.id), plan.digest)
            assert (done.state, done.client) == ("done", "Ada's helper")
            assert (d.documents / "todo.md").read_text() == "- [ ] milk\n"
            assert await d.offers.plans.asked() == []
            await asyncio.sleep(0)
            told = [e.data for e in d.events if e.name == "plan"]
            assert [(t["state"], t["client_id"]) for t in told if isinstance(t, dict)] == [
                ("approved", ADA), ("running", ADA), ("done", ADA)
            ]  # fmt: skip
            assert (await d.offers.plans.undo(PlanId(plan.id))).state == "undone"
            assert d.files() == set()

    run(scenario)


def test_one_of_an_assistant_that_is_not_known_any_more_is_not_taken_for_ours(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            assert (await proposed(d)).client == ADA

    run(scenario)


def test_while_the_person_may_not_be_spoken_to_it_says_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            d.available = availability(Facts(do_not_disturb=True))
            await proposed(d)
            await asyncio.sleep(0)
            [asked] = [e.data for e in d.events if e.name == "plan_request"]
            assert isinstance(asked, dict) and asked["quiet"] is True

    run(scenario)


@pytest.mark.parametrize(
    "how", ["nobody", "denied", "later denied", "late yes", "late run", "digest", "client", "twice",
            "revoked", "revoked first", "restart", "back", "forgotten"]
)  # fmt: skip
def test_without_a_fresh_yes_for_this_client_to_this_plan_nothing_happens(tmp_path: Path, how: str) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            asked = await proposed(d)
            plan, digest, client, key = d.offers.plans, asked.digest, ADA, PlanId(asked.id)
            if how == "denied":
                assert (await plan.deny(key)).state == "denied"
            if how == "late yes":
                d.clock.move(ASKED)
            if how == "revoked first":
                await plan.revoked(ADA)
            if how in ("denied", "late yes", "revoked first"):
                with pytest.raises(NotAllowed):
                    await plan.approve(key, digest)
            elif how != "nobody":
                d.clock.move(ASKED - ALMOST)
                await plan.approve(key, digest)
            if how == "later denied":
                assert (await plan.deny(key)).state == "denied"
            if how == "late run":
                d.clock.move(LASTS)
            if how == "back":
                d.clock.move(-ALMOST)
            if how == "digest":
                digest = "0" * 64
            if how == "client":
                client = BEN
            if how == "revoked":
                await plan.revoked(ADA)
            if how == "forgotten":
                await d.database.run(lambda s: forget.forget(s, Everything()))
            if how == "twice":
                await plan.execute(ADA, key, digest)
                await plan.undo(key)
            if how == "restart":
                plan = fresh(d)
                await plan.start()
            with pytest.raises(NotFound if how in ("client", "forgotten") else NotAllowed):
                await plan.execute(client, key, digest)
            assert "milk" not in "".join(p.read_text() for p in d.documents.iterdir())
            if how in ("digest", "client"):  # another's slip does not cost the client its yes
                assert (await plan.execute(ADA, key, asked.digest)).state == "done"
            states = {"late yes": "expired", "late run": "expired", "restart": "expired", "back": "expired",
                      "nobody": "waiting", "twice": "undone", "digest": "done", "client": "done"}  # fmt: skip
            if how != "forgotten":
                assert (await plan.of(ADA, key)).state == states.get(how, "denied")

    run(scenario)


def test_two_at_once_run_it_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            asked = await proposed(d)
            key = PlanId(asked.id)
            await d.offers.plans.approve(key, asked.digest)
            tries = (d.offers.plans.execute(ADA, key, asked.digest) for _ in range(5))
            found = await asyncio.gather(*tries, return_exceptions=True)
            assert sorted(type(one).__name__ for one in found) == ["NotAllowed"] * 4 + ["PlanOut"]
            assert (d.documents / "todo.md").read_text().count("milk") == 1

    run(scenario)


def test_what_was_done_is_known_though_whoever_asked_for_it_went_away(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            asked = await proposed(d)
            key = PlanId(asked.id)
            await d.offers.plans.approve(key, asked.digest)
            task = asyncio.create_task(d.offers.plans.execute(ADA, key, asked.digest))
            while (await d.database.read(lambda s: kept.get(s, key))).state == "approved":  # type: ignore[union-attr]
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await d.offers.plans.stop()
            found = await d.offers.plans.plan(key)
            assert found.state == "done" and found.outcomes[0].ok

    run(scenario)


def test_a_client_sees_neither_anothers_plan_nor_gumptions_own(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            own, bens = await accepted(d), await proposed(d, BEN)
            await d.offers.plans.approve(PlanId(bens.id), bens.digest)
            said = set()
            for key, digest in ((own.id, own.digest), (bens.id, bens.digest), ("nothing", "0" * 64)):
                for question in (
                    d.offers.plans.of(ADA, PlanId(key)),
                    d.offers.plans.execute(ADA, PlanId(key), digest),
                ):
                    with pytest.raises(NotFound) as caught:
                        await question
                    said.add((caught.value.title, caught.value.hint))
            assert len(said) == 1 and d.files() == set()

    run(scenario)


def test_the_person_is_not_drowned_in_plans(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            first = [await proposed(d) for _ in range(MOST_WAITING)]
            with pytest.raises(NotAllowed, match="wait for the person"):
                await proposed(d)
            await proposed(d, BEN)  # another client's
            for plan in first[:MOST_REFUSED]:
                await d.offers.plans.deny(PlanId(plan.id))
            with pytest.raises(NotAllowed, match="did not want"):
                await proposed(d)
            d.clock.move(QUIET + ALMOST)
            assert (await proposed(d)).state == "waiting"
            d.clock.move(ASKED)  # nobody answered: they wait no more
            await proposed(d)

    run(scenario)


def test_after_a_restart_all_that_was_open_is_a_no(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            own, waiting, yes = await accepted(d), await proposed(d), await proposed(d)
            await d.offers.plans.approve(PlanId(yes.id), yes.digest)
            again = fresh(d)
            await again.start()
            stored = [
                await d.database.read(lambda s, k=k: kept.get(s, PlanId(k.id))) for k in (own, waiting, yes)
            ]
            assert [one.state for one in stored if one is not None] == ["expired"] * 3
            assert await again.asked() == []
            for plan in (own, waiting, yes):
                with pytest.raises(NotAllowed):
                    await again.approve(PlanId(plan.id), plan.digest)
            assert d.files() == set()

    run(scenario)


def test_revoking_one_client_leaves_the_others_alone(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            adas, bens = await proposed(d), await proposed(d, BEN)
            for plan in (adas, bens):
                await d.offers.plans.approve(PlanId(plan.id), plan.digest)
            await d.offers.plans.revoked(ADA)
            assert (await d.offers.plans.of(ADA, PlanId(adas.id))).state == "denied"
            assert (await d.offers.plans.execute(BEN, PlanId(bens.id), bens.digest)).state == "done"

    run(scenario)


def test_a_plan_that_fails_half_way_says_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with desk(tmp_path) as d:
            asked = await proposed(d)
            (d.documents / "todo.md").symlink_to("/etc/hostname")  # after it was asked
            key = PlanId(asked.id)
            await d.offers.plans.approve(key, asked.digest)
            with pytest.raises(NotAllowed):
                await d.offers.plans.execute(ADA, key, asked.digest)
            assert (await d.offers.plans.of(ADA, key)).state == "failed"

    run(scenario)
