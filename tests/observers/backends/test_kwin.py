"""KWin's windows, from a stand-in on a real bus that runs no script but tells what ours would."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from dbus_fast import Message
from PySide6.QtQml import QJSEngine, QJSValue

from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.backends import kwin
from observers.backends.kwin import KWIN, KwinWindows, told
from tests.observers.backends.standin import Standin
from tests.observers.notice_bus import NoticeBus
from tests.observers.recorder import wait_for

EDITOR = {
    "id": "{5e0b3c1a-2f60-4f0e-9c1b-000000000001}",
    "caption": "plan.txt — Kate",
    "app": "org.kde.kate",
    "name": "kate",
    "pid": 2101,
    "full": False,
    "hidden": False,
    "output": "DP-1",
    "active": True,
    "protected": False,
    "place": [10, 20, 800, 600],
}
VAULT = {
    "id": "{5e0b3c1b-2f60-4f0e-9c1b-000000000002}",
    "caption": "Vault",
    "app": "keepassxc",
    "pid": 0,
    "protected": True,
    "hidden": True,
    "place": [0, 0, 9, 9],
}


class Kwin:
    """A stand-in for KWin: it takes a script, and tells `rows` to whom the script says."""

    def __init__(self, address: str) -> None:
        self.rows: object = [EDITOR, VAULT]
        self.scripts: dict[str, str] = {}
        self.tells = True
        self.bus = Standin(address, KWIN, self._answer)
        self._whom = ""

    def tell(self, rows: object, bus: Standin | None = None) -> None:
        """Tells other windows than before, by the mouth of `bus`."""
        (bus or self.bus).send(self._telling(rows if isinstance(rows, str) else json.dumps(rows)))

    def _telling(self, text: str) -> Message:
        call = Message(destination=self._whom, path="/", interface="org.gumption.Windows", member="Told")
        call.signature, call.body = "s", [text]
        return call

    def _answer(self, message: Message) -> Message | None:
        if message.member == "loadScript":
            path, name = message.body
            self.scripts[name] = Path(path).read_text(encoding="utf-8")
            self._whom = message.sender or ""
            return Message.new_method_return(message, "i", [4])
        if message.member == "run" and message.path == "/Scripting/Script4":
            if self.tells:
                self._saying = asyncio.create_task(self.bus.say(self._telling(json.dumps(self.rows))))
            return Message.new_method_return(message)
        if message.member == "isScriptLoaded":
            return Message.new_method_return(message, "b", [message.body[0] in self.scripts])
        if message.member == "unloadScript":
            known = self.scripts.pop(message.body[0], None) is not None
            return Message.new_method_return(message, "b", [known])
        return None


# What the script meets in KWin, as far as it asks. The script engine is the one that KWin has, Qt's.
_STAGE = """
var sent = [];
function callDBus() { sent.push([].slice.call(arguments)); }
function signal() { var all = []; return {connect: function (f) { all.push(f); }, fire: function (w) {
    all.forEach(function (f) { f(w); }); }}; }
function made(id, caption, normal) { return {internalId: id, caption: caption, resourceClass: "kate",
    resourceName: "kate", pid: 5, fullScreen: false, minimized: false, normalWindow: normal,
    frameGeometry: {x: 1.2, y: 2, width: 30.6, height: 40}, output: {name: "DP-1"},
    captionChanged: signal(), fullScreenChanged: signal(), frameGeometryChanged: signal()}; }
var one = made("a1", "first", true), two = made("b2", "second", true), panel = made("c3", "panel", false);
var all = [one, panel];
"""
_PLASMA = {
    6: """var workspace = {windowList: function () { return all; }, activeWindow: one, windowAdded: signal(),
        windowRemoved: signal(), windowActivated: signal()};
        function activate(w) { workspace.activeWindow = w; workspace.windowActivated.fire(w); }""",
    5: """var workspace = {clientList: function () { return all; }, activeClient: one, clientAdded: signal(),
        clientRemoved: signal(), clientActivated: signal()};
        function activate(w) { workspace.activeClient = w; workspace.clientActivated.fire(w); }""",
}


@pytest.mark.parametrize("plasma", [6, 5])
def test_the_script_tells_the_windows_whenever_they_change(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, plasma: int
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")  # where no Qt program is there yet
    request.getfixturevalue("qapp")  # the engine runs in one only
    engine = QJSEngine()

    def run(text: str) -> QJSValue:
        found = cast(QJSValue, engine.evaluate(text))  # its stub says more than it gives
        assert not found.isError(), found.toString()
        return found

    def last() -> list[tuple[str, bool]]:
        return [(window.title, front) for window, front in told(run("sent[sent.length - 1][4]").toString())]

    run(_STAGE + _PLASMA[plasma])
    run(kwin._SCRIPT.replace("@NAME@", ":1.7"))
    assert run("sent[0].slice(0, 4).join()").toString() == ":1.7,/,org.gumption.Windows,Told"
    assert last() == [("first", True)]  # panels are no windows to work in
    added = "all.push(two); workspace.ADDED.fire(two); activate(two);"
    run(added.replace("ADDED", "windowAdded" if plasma == 6 else "clientAdded"))
    assert last() == [("first", False), ("second", True)]
    run("two.caption = 'second, changed'; two.captionChanged.fire();")
    assert last() == [("first", False), ("second, changed", True)]
    count = run("sent.length").toInt()
    run("one.frameGeometryChanged.fire()")  # of a window that is not in front
    assert run("sent.length").toInt() == count
    run("two.frameGeometryChanged.fire()")
    assert run("sent.length").toInt() == count + 1
    run("for (var i = 0; i < 100; i++) activate(i % 2 ? one : two)")
    asking = "sent.filter(function (call) { return call[3] === 'NameHasOwner'; })"
    assert run(f"{asking}[0].slice(3, 5).join()").toString() == "NameHasOwner,:1.7"
    run(f"{asking}[0][5](true)")
    count = run("sent.length").toInt()
    run("activate(one)")
    assert run("sent.length").toInt() == count + 1
    run(f"{asking}[0][5](false)")  # we were killed
    run("activate(two)")
    assert run("sent.length").toInt() == count + 1
    ((window, _),) = told(run("sent[0][4]").toString())
    assert window.region == Region(1, 2, 31, 40) and window.monitors == (("DP-1",) if plasma == 6 else ())


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with NoticeBus(tmp_path) as bus:
        yield bus.address


def test_windows_are_told_as_rules_know_them() -> None:
    (editor, front), (vault, behind) = told(json.dumps([EDITOR, VAULT, "odd"]))
    assert front and not behind
    assert (editor.app, editor.instance, editor.title) == ("org.kde.kate", "kate", "plan.txt — Kate")
    assert (editor.pid, editor.region, editor.monitors) == (2101, Region(10, 20, 800, 600), ("DP-1",))
    assert (vault.pid, vault.region, vault.protected) == (None, None, True)
    assert editor.window_id != vault.window_id
    dialog = {**EDITOR, "id": "{7}", "caption": "Save As", "dialog": True}
    ((saving, _), _, _) = told(json.dumps([dialog, EDITOR, VAULT]))
    assert [one.title for one in saving.owners] == ["plan.txt — Kate"]
    for broken in ("", "{}", "[", "5"):
        with pytest.raises(ValueError):
            told(broken)


@pytest.mark.desktop
def test_the_script_is_handed_over_told_from_and_taken_out_again(address: str) -> None:
    fake = Kwin(address)
    with fake.bus:
        windows = KwinWindows(address)
        found = windows.active()
        assert found is not None and found.title == "plan.txt — Kate"
        assert [one.title for one in windows.all()] == ["plan.txt — Kate", "Vault"]
        (script,) = fake.scripts.values()
        assert "@NAME@" not in script and "callDBus" in script
        while windows.wait(0.3):
            pass
        fake.tell([{**EDITOR, "caption": "other.txt — Kate"}])
        assert windows.wait(60)
        assert [one.title for one in windows.all()] == ["other.txt — Kate"]
        fake.tell("nonsense")
        assert [one.title for one in windows.all()] == ["other.txt — Kate"]
        windows.close()
        assert not fake.scripts


@pytest.mark.desktop
def test_what_was_told_before_the_connection_was_lost_is_not_believed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script goes on telling it to a name that nobody has any more."""
    monkeypatch.setattr(kwin, "LOOK_S", 0.0)
    fake = Kwin(address)
    with fake.bus:
        windows = KwinWindows(address)
        assert windows.all()
        connection, loop = windows._bus._bus, windows._bus._loop
        assert connection is not None and loop is not None
        loop.call_soon_threadsafe(connection.disconnect)
        assert wait_for(lambda: not connection.connected)
        with pytest.raises(CaptureUnavailable, match="lost"):
            windows.active()
        windows.close()
        assert not fake.scripts


@pytest.mark.desktop
def test_nobody_but_kwin_is_believed(address: str) -> None:
    fake = Kwin(address)
    with fake.bus, Standin(address, "org.example.Liar", lambda _: None) as liar:
        windows = KwinWindows(address)
        fake.tell([{**EDITOR, "caption": "a harmless title"}], liar)
        assert [one.title for one in windows.all()] == ["plan.txt — Kate", "Vault"]
        windows.close()


@pytest.mark.desktop
def test_a_kwin_that_is_not_there_takes_nothing_tells_nothing_or_forgot_is_a_clear_message(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kwin, "FIRST_S", 0.2)
    with pytest.raises(CaptureUnavailable, match="KWin does not answer"):
        KwinWindows(address)
    with Standin(address, KWIN, lambda _: None), pytest.raises(CaptureUnavailable, match="take scripts"):
        KwinWindows(address)
    fake = Kwin(address)
    with fake.bus:
        fake.tells = False
        with pytest.raises(CaptureUnavailable, match="tells nothing"):
            KwinWindows(address)
        assert not fake.scripts
        fake.tells = True
        monkeypatch.setattr(kwin, "LOOK_S", 0.0)
        windows = KwinWindows(address)
        assert windows.all()
        fake.scripts.clear()
        with pytest.raises(CaptureUnavailable, match="anew"):
            windows.active()
        windows.close()
