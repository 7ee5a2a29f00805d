"""`gumption connect NAME`: another program is let in and told where Gumption is; `--undo` takes both back.

The settings file of that program is changed by one entry. It is shown before, and left alone without a yes.
"""

import argparse
import contextlib
import difflib
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from app.paths import Paths
from gum.errors import DaemonUnreachable, GumptionError, NotAllowed, NotFound, StoreReadOnly

if TYPE_CHECKING:  # the command line must not load these before a command needs them
    from app.client import Client
    from app.connect import Target
    from app.splice.edit import Edit

Json = dict[str, Any]
Asks = Callable[[Sequence[str]], bool]
LARGEST = 10 * 2**20  # bytes of a settings file
BACKUP = ".before-gumption"
_NAMES = (
    "claude-desktop, claude-code, cursor, vscode, windsurf, zed, lm-studio, goose, jan, codex, gemini-cli, "
    "open-webui, openapi or curl"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("name", nargs="?", help=f"the program: {_NAMES}")
    parser.add_argument("--list", action="store_true", help="name the programs, and which are connected")
    parser.add_argument(
        "--preset",
        choices=("claims", "helper", "agent"),
        default="claims",
        help="what it may do (default claims: read what was concluded, nothing sensitive, no names); "
        "`gumption clients scope` says it more finely",
    )
    parser.add_argument("--undo", action="store_true", help="take the entry out, and what it may do back")
    parser.add_argument("--yes", action="store_true", help="change the file without asking")


def run(paths: Paths, arguments: argparse.Namespace, asks: Asks) -> tuple[Json, list[str]]:
    """What was done, and the same in lines. Raises GumptionError and its kinds; then nothing was changed,
    but for what its hint says. `asks` shows lines and tells whether the person agrees."""
    from app.client import Client
    from app.connect import TARGETS

    if arguments.list or arguments.name is None:
        return _listed(paths)
    target = TARGETS.get(arguments.name)
    if target is None:
        raise NotFound(f"Gumption does not know {arguments.name}", f"It knows {_NAMES}.")
    agreed: Asks = (lambda lines: True) if arguments.yes else asks
    connecting = Connecting(paths.make(), target, Client(paths), Path.home(), os.environ, agreed)
    return connecting.undo() if arguments.undo else connecting.connect(arguments.preset)


class Connecting:
    """One program, its settings file, and what Gumption knows of both."""

    def __init__(
        self, paths: Paths, target: "Target", client: "Client", home: Path, env: Mapping[str, str], asks: Asks
    ) -> None:
        self._paths, self._target, self._client, self._asks = paths, target, client, asks
        self._env = env
        # The file itself where a link stands: the link is somebody's, and stays.
        self._file = target.file(home, env).resolve() if target.form else Path()
        self._token = paths.client_token(target.name)
        self._note = paths.client_note(target.name)

    def connect(self, preset: str) -> tuple[Json, list[str]]:
        """Lets it in, and changes its settings."""
        if not self._target.form:
            return self._shown(preset)
        from app.connect import added, stands

        own = {"GUMPTION_HOME": home} if (home := self._env.get("GUMPTION_HOME")) else {}
        entry = self._target.entry([*launcher(self._env), "mcp", "--as", self._target.name], own)
        text = self._text()
        known = self._known()
        if stands(self._target, text or "", entry):
            if known is not None:
                said = "`gumption clients scope` changes what it may do."  # a --preset given now does not
                return {"changed": False}, [f"{self._target.label} is connected already. {said}"]
            told = self._let_in(preset)
        else:
            # With an entry of ours of an earlier time: what is undone one day is both changes together.
            note = self._read_note()
            base = self._without(text, note) if note is not None and text is not None else text or ""
            edit = added(self._target, base, entry)
            after = edit.done(base)
            if not self._asks(_diff(self._file, text or "", after)):
                raise NotAllowed("Nothing was changed", "Say y, or give --yes.")
            told = self._let_in(preset) if known is None else known
            try:
                if text:
                    _write(self._file.with_name(self._file.name + BACKUP), text, 0o600)
                self._keep_note(edit, made=text is None)
                _write(self._file, after)
            except OSError as error:
                if known is None:
                    self._revoke()
                raise StoreReadOnly(
                    f"{self._file} cannot be written", f"{error.strerror}. Nothing was changed."
                ) from error
        lines = [f"{self._target.label} is connected. {self._target.then}", *self._about(preset)]
        return {"changed": True, "file": str(self._file), "client": told}, lines

    def undo(self) -> tuple[Json, list[str]]:
        """Takes the entry out, and what it may do back."""
        lines = []
        note, text = self._read_note(), self._text() if self._target.form else None
        if note is not None and text is not None:
            after = self._without(text, note)
            if after != text and not self._asks(_diff(self._file, text, after)):
                raise NotAllowed("Nothing was changed", "Say y, or give --yes.")
            if note[1] and not after.strip():
                self._file.unlink()
            elif after != text:
                _write(self._file, after)
            self._file.with_name(self._file.name + BACKUP).unlink(missing_ok=True)
            lines.append(f"{self._file} is as it was before, but for what else was changed in it.")
        elif not self._token.exists():
            return {"changed": False}, [f"{self._target.label} is not connected."]
        lines.append(self._revoke())
        return {"changed": True, "file": str(self._file) if note else None}, lines

    # the settings file

    def _text(self) -> str | None:
        try:
            if self._file.stat().st_size > LARGEST:
                raise NotAllowed(f"{self._file} is too large", "That is no settings file. It was left alone.")
            return self._file.read_bytes().decode()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise NotAllowed(f"{self._file} cannot be read", "It was left alone.") from error

    def _without(self, text: str, note: "tuple[Edit, bool]") -> str:
        from app.connect import undone

        return undone(self._target, text, note[0])

    def _read_note(self) -> "tuple[Edit, bool] | None":
        from app.splice.edit import Edit

        try:
            kept = json.loads(self._note.read_text())
            return Edit(int(kept["at"]), str(kept["old"]), str(kept["new"])), bool(kept["made"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep_note(self, edit: "Edit", made: bool) -> None:
        earlier = self._read_note()
        made = made or (earlier is not None and earlier[1])
        kept = {"file": str(self._file), "at": edit.at, "old": edit.old, "new": edit.new, "made": made}
        _write(self._note, json.dumps(kept, ensure_ascii=False), 0o600)

    # the daemon

    def _known(self) -> Json | None:
        """The client whose token is here, if it still may ask. Raises DaemonUnreachable."""
        id_ = self._id()
        items = self._client.get("/clients")["items"]
        return next((each for each in items if each["id"] == id_ and each["revoked_at"] is None), None)

    def _id(self) -> str | None:
        from gum import tokens

        try:
            found = tokens.parsed(self._token.read_text().strip())
        except OSError:
            return None
        return found[0] if found is not None else None

    def _let_in(self, preset: str) -> Json:
        made = self._client.post("/clients", {"name": self._target.label, "preset": preset})
        try:
            _write(self._token, made["token"] + "\n", 0o600)
        except OSError as error:
            self._client.delete(f"/clients/{made['client']['id']}")
            raise StoreReadOnly(
                f"{self._token} cannot be written", f"{error.strerror}. Nothing was changed."
            ) from error
        client: Json = made["client"]
        return client

    def _revoke(self) -> str:
        """Takes back what it may do; how that went."""
        id_ = self._id()
        said = "It may not ask any more."
        if id_ is not None:
            try:
                if self._known() is None:
                    said = "It had been revoked already."
                else:
                    self._client.delete(f"/clients/{quote(id_, safe='')}")
            except GumptionError as error:  # not running, or locked: whoever has a copy of it may still ask
                when = "when it does" if isinstance(error, DaemonUnreachable) else "when that is over"
                said = f"Its token was deleted. {error.title}: {when}, revoke it, too, by "
                said += f"`gumption clients revoke {id_}`."
        for each in (self._token, self._note):
            each.unlink(missing_ok=True)
        return said

    # what is said

    def _about(self, preset: str) -> list[str]:
        from gum.grants import PRESETS

        lines = [f"It may read: {PRESETS[preset].what} `gumption clients` shows and changes that."]
        lines += [f"It is not certain: {self._target.doubt}"] if self._target.doubt else []
        return lines

    def _shown(self, preset: str) -> tuple[Json, list[str]]:
        from app.config import load

        known = self._known()
        if known is None:
            self._let_in(preset)
        address = self._client.address()
        lines = [*_STEPS[self._target.name], "", *self._about(preset)]
        if load(self._paths.settings_file).api.port == 0:
            lines.append(
                "The port is another one after each start. To keep it, put `port = 8765`, or another number, "
                f"under [api] in {self._paths.settings_file}, and start Gumption anew."
            )
        made = {"url": f"{address}/v1", "token_file": str(self._token), "changed": known is None}
        return made, [line.format(url=address, token=self._token) for line in lines]


_STEPS: Mapping[str, Sequence[str]] = {
    "open-webui": (
        "In Open WebUI, as its administrator: Settings, then External Tools, then + (a connection of type "
        "OpenAPI):",
        "  URL     {url}/v1",
        "  Auth    Bearer, with the line of {token}",
        "It has to run on this machine, outside of a container. A connection that is made in the settings of "
        "one user is asked for by the browser, which Gumption refuses unless [plugin] origins has its page.",
    ),
    "openapi": (
        "  Document  {url}/v1/openapi.json",
        "  Header    Authorization: Bearer, and the line of {token}",
    ),
    "curl": (
        "curl -s {url}/v1/context -H 'Content-Type: application/json' \\",
        '  -H "Authorization: Bearer $(cat {token})" \\',
        '  -d \'{{"query": "book me a table for two"}}\'',
    ),
}


def launcher(env: Mapping[str, str], argv0: str | None = None) -> list[str]:
    """The command that starts this Gumption from anywhere: absolute, for other programs have other paths."""
    if env.get("APPIMAGE"):  # what runs inside of it stands in a folder that goes with the process
        return [env["APPIMAGE"]]
    begun = Path(argv0 or sys.argv[0])
    if begun.name.startswith("__main__"):
        return [sys.executable, "-m", "gumption"]
    found = begun if begun.is_absolute() and begun.exists() else shutil.which(begun.name)
    if found is None:
        found = shutil.which("gumption")
    return [os.path.abspath(found)] if found is not None else [sys.executable, "-m", "gumption"]  # noqa: PTH100


def _listed(paths: Paths) -> tuple[Json, list[str]]:
    from app.connect import TARGETS

    lines, items = [], []
    for target in TARGETS.values():
        file = target.file(Path.home(), os.environ) if target.form else None
        connected = paths.client_token(target.name).exists()
        items.append({"name": target.name, "file": str(file) if file else None, "connected": connected})
        lines.append(
            f"{target.name:<16} {'connected' if connected else '-':<10} {file or 'shown, not written'}"
        )
    return {"items": items}, lines


def _diff(file: Path, before: str, after: str) -> list[str]:
    made = difflib.unified_diff(
        before.splitlines(), after.splitlines(), str(file), f"{file} (with this change)", lineterm=""
    )
    return list(made) or [f"{file}: only the ends of lines change."]


def asked(lines: Sequence[str]) -> bool:
    """Shows the change on a terminal, and takes y for yes. Without a terminal nobody can be asked."""
    sys.stderr.write("\n".join(lines) + "\n")
    if not sys.stdin.isatty():
        raise NotAllowed("Nobody is there to ask", "Look at the change above, then give --yes.")
    sys.stderr.write("Change this file? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write(file: Path, text: str, mode: int | None = None) -> None:
    """In place of what is there, at once or not at all, with its mode (a new one: for the person alone)."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileNotFoundError):
        mode = file.stat().st_mode & 0o7777 if mode is None else mode
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        fresh.chmod(mode if mode is not None else 0o600)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
