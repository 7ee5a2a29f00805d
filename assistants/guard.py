"""The hard blocks: what no plan may do, whoever approved it and whatever the settings say."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote_plus, urlsplit

from gum.errors import NotAllowed

MAX_ADDRESS = 2048
MAX_PATH = 1024

# Opening one of these may run it.
_RUNS = re.compile(
    r"\.(desktop|sh|bash|zsh|fish|csh|py|pyw|pyc|pl|rb|js|mjs|php|lua|tcl|exe|com|bat|cmd|ps1|msi|scr|vbs|jar"
    r"|jnlp|appimage|run|bin|deb|rpm|flatpakref|snap|so|service|html|htm|xhtml|svg|url)",
    re.IGNORECASE,
)
# Labels of fields that take a secret though their role does not say so.
_SECRETS = (
    *("password", "passphrase", "passwort", "kennwort", "passcode", "mot de passe", "contraseña", "senha"),
    *(
        "wachtwoord",
        "hasło",
        "пароль",
        "パスワード",
        "密码",
        "密碼",
        "비밀번호",
        "security code",
        "cvv",
        "cvc",
    ),
    *("one-time code", "verification code", "secret key", "private key", "recovery phrase", "pin code"),
)
_DEFAULT_SEARCH = "https://duckduckgo.com/?q={query}"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where actions may reach.

    `allowed`: only files below these are opened, made or changed. `todo`: the to-do file. `calendar`:
    the folder of calendar files. `search`: the page that finds things, "{query}" in it is replaced.
    `programs`: full paths of the programs that may be started; none unless somebody lists them.
    """

    allowed: tuple[Path, ...]
    todo: Path
    calendar: Path
    search: str = _DEFAULT_SEARCH
    programs: tuple[Path, ...] = ()

    @classmethod
    def under(cls, folder: Path, search: str = _DEFAULT_SEARCH) -> "Folders":
        """Everything in one folder, e.g. ~/Documents: the default."""
        return cls((folder,), folder / "todo.md", folder, search)

    def search_for(self, words: str) -> str:
        """The address that searches for `words`."""
        return self.search.replace("{query}", quote_plus(words, errors="replace"))


def web_address(address: str) -> str:
    """`address`, when it is one that may be opened: http or https, a host, nothing hidden in it.

    Raises NotAllowed for other schemes (javascript:, file:, data: ...), names and passwords in the
    address, control characters, blanks and backslashes, which programs read differently.
    """
    hint = "Only plain web pages are opened."
    if len(address) > MAX_ADDRESS:
        raise NotAllowed("That address is too long to open", hint)
    if any(c.isspace() or c == "\\" or unicodedata.category(c)[0] == "C" for c in address):
        raise NotAllowed("That address has characters that do not belong in one", hint)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed("That is not a web address", hint) from error
    if parts.scheme not in ("http", "https") or not address.lower().startswith(f"{parts.scheme}://"):
        raise NotAllowed("Only http and https pages are opened", hint)
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("That address carries a name or password", hint)
    if not host or not _is_host(host):
        raise NotAllowed("That address names no site", hint)
    return address


def local_path(path: str, folders: Folders) -> Path:
    """`path`, when it lies below an allowed folder, without "..", and with no link on the way.

    It need not exist. The check looks at the disk, so it is repeated, race-free, by assistants.files.
    Raises NotAllowed.
    """
    root, parts = split(path, folders)
    here = root
    for part in parts:
        here = here / part
        if here.is_symlink():
            raise NotAllowed(
                f"{here.name} is a link to somewhere else",
                "Links are not followed, since they may lead outside.",
            )
    return here


def split(path: str, folders: Folders) -> tuple[Path, tuple[str, ...]]:
    """The allowed folder (links in it resolved) and the parts of `path` below it. Raises NotAllowed."""
    hint = "Name a file in one of the allowed folders."
    plain = PurePosixPath(path)
    if len(path) > MAX_PATH or not plain.is_absolute() or ".." in path.split("/"):
        raise NotAllowed("That is not the full path of a file", hint)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in path):
        raise NotAllowed("That path has invisible characters in it", hint)
    for folder in folders.allowed:
        for root in (folder, folder.resolve()):
            if plain.is_relative_to(root) and plain != PurePosixPath(root):
                return folder.resolve(), plain.relative_to(root).parts
    raise NotAllowed("That file is outside the allowed folders", hint)


def openable(path: str, folders: Folders) -> Path:
    """A file that opening cannot run. Raises NotAllowed."""
    file = local_path(path, folders)
    if _RUNS.fullmatch(file.suffix):
        raise NotAllowed(f"{file.name} could run something when opened", "Open it yourself if you trust it.")
    if file.exists():
        if not file.is_file():
            raise NotAllowed(f"{file.name} is not a file", "Only files are opened.")
        if file.stat().st_mode & 0o111:
            raise NotAllowed(f"{file.name} is a program", "Open it yourself if you trust it.")
    return file


def startable(path: str, folders: Folders) -> Path:
    """A program of the list in `folders`. Raises NotAllowed."""
    if Path(path) not in folders.programs:
        raise NotAllowed(
            f"{PurePosixPath(path).name} is not a program that may be started",
            "Allow it in the settings first.",
        )
    return Path(path)


def text_field(role: str, name: str) -> str:
    """The role, when text may be put into such a field. Raises NotAllowed for secrets and other things."""
    if "password" in role or any(word in name.casefold() for word in _SECRETS):
        raise NotAllowed("Passwords are never filled in", "Type it yourself.")
    if role not in ("entry", "text", "editbar", "document text"):
        raise NotAllowed(f"A {role} is not a field for text", "Only text fields are filled in.")
    return role


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.rstrip(".").split(".")
        return all(re.fullmatch(r"[^\W_](?:[\w-]{0,61}[^\W_])?", label) for label in labels)
    return True
