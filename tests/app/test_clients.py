"""Clients over a real, encrypted store: what is given, and that what is taken back is taken back at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import clients as module
from app.clients import LASTS, Clients
from app.clients_shapes import ClientIn, ClientPatch, PairCodeIn, PairIn, PairingChoiceIn, ScopeShape
from app.events import Hub
from app.pairing import Refused
from gum import tokens
from gum.errors import NotAllowed, NotFound, StoreFull
from gum.grants import PRESETS, ClientId, Right, to_json
from storage import clients as stored
from storage import forget
from storage.db import Database
from storage.scope import Everything

KEY = bytes(range(32))


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "data" / "gumption.db", KEY)
    yield opened
    opened.close()


class House:
    def __init__(self, database: Database) -> None:
        self.clock, self.hub, self.database = Clock(), Hub(), database
        self.clients = Clients(database, self.hub, self.clock)

    async def let_in(self, name: str = "Claude", **more: object) -> tuple[str, str]:
        made = await self.clients.add(ClientIn.model_validate({"name": name, **more}))
        return made.client.id, made.token

    def again(self) -> "House":
        """After a restart."""
        other = House(self.database)
        other.clock.time = self.clock.time
        return other

    def told(self, name: str) -> list[object]:
        return [event.data for event in self.hub._past if event.name == name]


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await scenario()

    asyncio.run(whole())


def test_a_client_is_known_by_its_token_also_after_a_restart(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, token = await house.let_in(preset="helper")
        for each in (house, house.again()):
            await each.clients.load()
            grant = await each.clients.verify(token)
            assert grant is not None and (grant.client, grant.name) == (id_, "Claude")
            assert grant.scope == PRESETS["helper"].scope
            assert grant.until == house.clock.time + LASTS and each.clients.holds(grant)
            await each.clients.stop()

    run(scenario)


def test_no_other_text_is_a_token(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, token = await house.let_in()
        other = tokens.made(ClientId(id_)).text
        for text in (
            "",
            token[:-1],
            token + "A",
            other,
            tokens.made().text,
            token.upper(),
            f" {token}",
            "gmp__",
        ):
            assert await house.clients.verify(text) is None

    run(scenario)


def test_the_store_has_the_hash_and_nothing_else_of_the_token(database: Database, tmp_path: Path) -> None:
    async def scenario() -> None:
        house = House(database)
        _, token = await house.let_in()
        [kept] = database.read_sync(stored.every)
        found = tokens.parsed(token)
        assert found is not None and kept.token_hash == tokens.hash_of(found[1])
        database.checkpoint_sync()
        assert all(found[1].encode() not in file.read_bytes() for file in (tmp_path / "data").iterdir())

    run(scenario)


def test_a_request_reads_nothing_and_writes_at_most_once_a_minute(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        _, token = await house.let_in()
        statements: list[str] = []

        async def watched(*_: object) -> None:
            statements.append("asked")

        read, write = database.read, database.run
        database.read = watched  # type: ignore[method-assign, assignment]
        database.run = watched  # type: ignore[method-assign, assignment]
        for _ in range(300):
            assert await house.clients.verify(token) is not None
            house.clock.time += timedelta(seconds=0.2)  # a minute in all
        await house.clients.stop()
        assert len(statements) == 1
        house.clock.time += timedelta(minutes=1)
        database.read, database.run = read, write  # type: ignore[method-assign]
        await house.clients.verify(token)
        await house.clients.stop()
        [listed] = (await house.clients.listed()).items
        assert listed.last_used_at == house.clock.time
        assert [each.last_used_at for each in database.read_sync(stored.every)] == [house.clock.time]

    run(scenario)


def test_what_is_taken_back_is_taken_back_with_the_next_request(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, token = await house.let_in()
        _, others = await house.let_in("Cursor")
        grant = await house.clients.verify(token)
        assert grant is not None
        taking = asyncio.create_task(house.clients.revoke(id_))
        await asyncio.sleep(0)  # it has begun, and nothing is stored yet
        assert await house.clients.verify(token) is None and not house.clients.holds(grant)
        listed = (await taking).items
        assert {each.id: each.revoked_at for each in listed if each.revoked_at} == {id_: house.clock.time}
        assert len(listed) == 2
        assert await house.clients.verify(others) is not None
        again = house.again()
        await again.clients.load()
        assert await again.clients.verify(token) is None
        with pytest.raises(NotFound):
            await house.clients.revoke(id_)
        await house.clients.stop()

    run(scenario)


def test_it_is_taken_back_also_when_the_disk_is_full(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, token = await house.let_in()

        async def full(*_: object) -> None:
            raise StoreFull("The disk is full", "Make room.")

        write = database.run
        database.run = full  # type: ignore[method-assign, assignment]
        with pytest.raises(StoreFull):
            await house.clients.revoke(id_)
        assert await house.clients.verify(token) is None
        database.run = write  # type: ignore[method-assign]
        await house.clients.load()
        assert await house.clients.verify(token) is None

    run(scenario)


def test_what_could_not_be_stored_is_taken_back_by_trying_again(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, token = await house.let_in()

        async def full(*_: object) -> None:
            raise StoreFull("The disk is full", "Make room.")

        write = database.run
        database.run = full  # type: ignore[method-assign, assignment]
        for _ in range(2):
            with pytest.raises(StoreFull):
                await house.clients.revoke(id_)
        database.run = write  # type: ignore[method-assign]
        await house.clients.revoke(id_)
        again = house.again()
        await again.clients.load()
        assert await again.clients.verify(token) is None
        with pytest.raises(NotFound):
            await house.clients.revoke(id_)

    run(scenario)


def test_another_scope_and_another_end_hold_with_the_next_request(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, token = await house.let_in(preset="agent")
        old = await house.clients.verify(token)
        assert old is not None and Right.ACT in old.scope.rights
        claims = ScopeShape.model_validate(to_json(PRESETS["claims"].scope))
        await house.clients.change(id_, ClientPatch(scope=claims))
        new = await house.clients.verify(token)
        assert new is not None and new.scope == PRESETS["claims"].scope
        assert new.until == old.until and not house.clients.holds(old)
        end = house.clock.time + timedelta(hours=1)
        await house.clients.change(id_, ClientPatch(until=end))
        house.clock.time = end - timedelta(seconds=1)
        grant = await house.clients.verify(token)
        assert grant is not None
        house.clock.time = end
        assert await house.clients.verify(token) is None and not house.clients.holds(grant)
        await house.clients.change(id_, ClientPatch(until=None))
        grant = await house.clients.verify(token)
        assert grant is not None and grant.until is None and grant.scope == PRESETS["claims"].scope
        with pytest.raises(NotFound):
            await house.clients.change("nobody", ClientPatch(until=None))
        await house.clients.stop()

    run(scenario)


def test_forgetting_everything_neither_lets_anybody_in_nor_anybody_out(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        _, token = await house.let_in()
        gone, revoked = await house.let_in("Cursor")
        await house.clients.revoke(gone)
        await database.run(lambda s: forget.forget(s, Everything()))
        for each in (house, house.again()):
            await each.clients.load()
            assert await each.clients.verify(token) is not None
            assert await each.clients.verify(revoked) is None
            await each.clients.stop()

    run(scenario)


def test_those_revoked_long_ago_go(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        id_, _ = await house.let_in()
        await house.clients.revoke(id_)
        house.clock.time += module.KEPT_REVOKED
        await house.clients.load()
        assert len((await house.clients.listed()).items) == 1
        house.clock.time += timedelta(seconds=1)
        await house.clients.load()
        assert (await house.clients.listed()).items == []

    run(scenario)


def test_no_two_living_ones_have_names_alike(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        ids = []
        for name in ("Claude", "Сlaude", "CLAUDE"):
            ids.append((await house.let_in(name))[0])
            house.clock.time += timedelta(seconds=1)
        names = [each.name for each in (await house.clients.listed()).items]
        assert names == ["Claude", "Сlaude 2", "CLAUDE 3"]
        await house.clients.revoke(ids[0])
        await house.let_in("Claude")
        assert (await house.clients.listed()).items[-1].name == "Claude"

    run(scenario)


def test_there_is_an_end_to_them(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)

    async def scenario() -> None:
        house = House(database)
        await house.let_in()
        with pytest.raises(NotAllowed, match="already"):
            await house.let_in("Cursor")
        with pytest.raises(NotAllowed, match="already"):
            house.clients.begin(PairIn(name="Cursor"))

    run(scenario)


def test_a_program_is_let_in_by_the_code_on_the_screen(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        await house.let_in("Chat")
        begun = house.clients.begin(PairIn.model_validate({"name": "Chat", "scope": {"real_names": True}}))
        [card] = house.clients.pairings().items
        assert (card.id, card.name, card.asked.real_names, card.given.real_names) == (
            begun.id, "Chat 2", True, False,
        )  # fmt: skip
        assert house.told("pairing") == [card.model_dump(mode="json")]
        spoken = f"{card.code[:3]} {card.code[3:]}"
        got = await house.clients.finish(begun.id, PairCodeIn(secret=begun.secret, code=spoken))
        assert got.until == house.clock.time + LASTS and not got.scope.real_names
        grant = await house.clients.verify(got.token)
        assert grant is not None and grant.name == "Chat 2"
        assert house.clients.pairings().items == []
        assert house.told("pairing_ended") == [{"id": begun.id, "how": "given"}]
        with pytest.raises(Refused):
            await house.clients.finish(begun.id, PairCodeIn(secret=begun.secret, code=spoken))
        await house.clients.stop()

    run(scenario)


def test_the_person_changes_what_is_given_or_says_no(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        asked = {"name": "Chat", "scope": {"rights": ["read", "act"], "sensitive": True}}
        begun = house.clients.begin(PairIn.model_validate(asked))
        chosen = PairingChoiceIn.model_validate(
            {"scope": {"sensitive": True, "topics": ["thesis"]}, "days": 1}
        )
        [card] = house.clients.choose(begun.id, chosen).items
        house.clients.choose(begun.id, PairingChoiceIn())  # says nothing: nothing changes
        got = await house.clients.finish(begun.id, PairCodeIn(secret=begun.secret, code=card.code))
        assert (got.scope.rights, got.scope.sensitive, got.scope.topics) == ([Right.READ], True, ["thesis"])
        assert got.until == house.clock.time + timedelta(days=1)
        begun = house.clients.begin(PairIn(name="Other"))
        [card] = house.clients.pairings().items
        assert house.clients.refuse(begun.id).items == []
        with pytest.raises(Refused):
            await house.clients.finish(begun.id, PairCodeIn(secret=begun.secret, code=card.code))
        assert house.told("pairing_ended")[-1] == {"id": begun.id, "how": "refused"}

    run(scenario)


def test_the_card_goes_with_the_third_wrong_code(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        begun = house.clients.begin(PairIn(name="Chat"))
        [card] = house.clients.pairings().items
        code = f"{(int(card.code) + 1) % 10**6:06d}"
        for n in range(3):
            assert house.told("pairing_ended") == [], n
            with pytest.raises(Refused):
                await house.clients.finish(begun.id, PairCodeIn(secret=begun.secret, code=code))
        assert house.told("pairing_ended") == [{"id": begun.id, "how": "failed"}]
        with pytest.raises(Refused):
            await house.clients.finish("nobody", PairCodeIn(secret=begun.secret, code=card.code))

    run(scenario)


def test_the_token_is_in_no_listing(database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        _, token = await house.let_in()
        found = tokens.parsed(token)
        assert found is not None
        assert found[1] not in (await house.clients.listed()).model_dump_json()
        assert found[1] not in repr(house.hub._past)

    run(scenario)
