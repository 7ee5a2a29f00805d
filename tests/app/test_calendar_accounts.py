"""CalDAV accounts over a real store and a real server."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from app import calendar_accounts as module
from app.calendar_accounts import CalendarAccounts
from app.calendar_shapes import AccountIn
from gum.errors import CaptureUnavailable, NotAllowed, NotFound
from observers.base import Observer
from observers.calendar import Calendars
from observers.gate import Gate
from storage import logins
from storage.db import Database
from tests.observers.caldav_server import PASSWORD, USER, Served, radicale
from tests.observers.dav_server import Answer, mean
from tests.observers.recorder import Recorder

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with radicale(tmp_path_factory.mktemp("caldav") / "radicale") as served:
        served.make(f"/{USER}/work/", "Work")
        yield served


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "data" / "gumption.db", KEY)
    yield opened
    opened.close()


GATE = Gate(Recorder(), lambda: (), lambda: False)


class House:
    """Accounts, and the sources that came with them."""

    def __init__(
        self, database: Database, found: list[Observer] | None = None, encrypted: bool = True
    ) -> None:
        self.added: list[Observer] = []
        self.accounts = CalendarAccounts(database, GATE, found or [], self.added.append, encrypted)


def account(server: Served, **more: str) -> AccountIn:
    return AccountIn.model_validate({"address": server.address, "user": USER, "password": PASSWORD, **more})


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await scenario()

    asyncio.run(whole())


def test_an_account_is_tried_kept_and_read_and_goes_again(server: Served, database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        await house.accounts.load()
        assert (await house.accounts.listed()).items == [] and house.added == []
        told = await house.accounts.add(account(server))
        assert (told.calendars, told.trouble) == (["Work"], "")
        [source] = house.added
        assert isinstance(source, Calendars)
        source._look()
        [listed] = (await house.accounts.listed()).items
        assert (listed.id, listed.user, listed.calendars) == (told.id, USER, ["Work"])
        again = House(database)  # after a restart
        await again.accounts.load()
        assert [one.id for one in (await again.accounts.listed()).items] == [told.id]
        assert len(again.added) == 1
        await house.accounts.remove(told.id)
        source._look()
        assert source.standings() == {}
        assert database.read_sync(logins.every) == ()
        with pytest.raises(NotFound):
            await house.accounts.remove(told.id)

    run(scenario)


def test_the_source_that_reads_files_reads_accounts_too(server: Served, database: Database) -> None:
    async def scenario() -> None:
        files = Calendars(["~/work.ics"], GATE)
        house = House(database, [files])
        await house.accounts.add(account(server))
        assert house.added == []
        assert [login.user for login in files._logins] == [USER]

    run(scenario)


def test_one_that_does_not_work_is_not_kept(server: Served, database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        for more in (
            {"password": "wrong"},
            {"address": f"{server.address}/nowhere/"},
            {"address": "http://x.org"},
        ):
            with pytest.raises(CaptureUnavailable) as caught:
                await house.accounts.add(account(server, **more))
            assert caught.value.title and caught.value.hint
        assert (await house.accounts.listed()).items == [] and house.added == []
        assert database.read_sync(logins.every) == ()

    run(scenario)


def test_the_same_account_again_is_another_password_for_it(server: Served, database: Database) -> None:
    async def scenario() -> None:
        house = House(database)
        first = await house.accounts.add(account(server))
        second = await house.accounts.add(account(server))
        assert [one.id for one in (await house.accounts.listed()).items] == [second.id] != [first.id]

    run(scenario)


def test_no_password_is_kept_where_everybody_could_read_it(server: Served, database: Database) -> None:
    async def scenario() -> None:
        before = len(server.asked())
        with pytest.raises(NotAllowed, match="encrypted"):
            await House(database, encrypted=False).accounts.add(account(server))
        assert len(server.asked()) == before

    run(scenario)


def test_there_is_an_end_to_them(server: Served, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)

    async def scenario() -> None:
        house = House(database)
        await house.accounts.add(account(server))
        with pytest.raises(NotAllowed, match="already"):
            await house.accounts.add(account(server, user="ben"))
        assert (await house.accounts.add(account(server))).calendars  # in place of the one that is there

    run(scenario)


def test_a_trial_ends_when_the_daemon_does(database: Database) -> None:
    left, asked = threading.Event(), threading.Event()

    def drops() -> Iterator[bytes]:
        asked.set()
        while not left.wait(0.02):
            yield b"<"

    async def scenario() -> None:
        house = House(database)
        with mean(lambda _: Answer(207, drops())) as server:
            given = AccountIn.model_validate({"address": server.address, "user": "ada", "password": "x"})
            trial = asyncio.create_task(house.accounts.add(given))
            await asyncio.to_thread(asked.wait)
            house.accounts.stop()
            with pytest.raises(CaptureUnavailable):
                await trial
            left.set()

    run(scenario)


def test_who_has_no_account_loads_none_of_it() -> None:
    """Nor does the command line: 7 MB, and a tenth of a second."""
    heavy = {"icalendar", "observers.account", "observers.dav", "observers.calendar", "observers.multistatus"}
    asked = f"import sys, app.daemon, app.main; app.main._parser(); print({heavy!r} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
