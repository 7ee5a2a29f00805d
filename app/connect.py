"""The programs that Gumption can be connected to: where each keeps its settings, and what is to stand there.

Pure. Places and forms are those of each program's own documentation, named beside it; `doubt` says what could
not be read there.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from app.splice import jsonc, toml, yaml
from app.splice.edit import Edit, Unreadable

Env = Mapping[str, str]
Json = Mapping[str, object]
ENTRY = "gumption"
FORMS: Mapping[str, ModuleType] = {"json": jsonc, "toml": toml, "yaml": yaml}


@dataclass(frozen=True, slots=True)
class Target:
    """A program that can use Gumption. Without a `form` it is shown what to do, and no file is changed."""

    name: str
    label: str
    docs: str
    form: str = ""
    under: str = "mcpServers"
    more: tuple[tuple[str, object], ...] = ()  # what an entry holds besides
    command: str = "command"
    linux: str = ""
    mac: str = ""
    windows: str = ""
    then: str = "Start it anew to use it."
    doubt: str = ""

    def file(self, home: Path, env: Env, system: str = sys.platform) -> Path:
        """Where it keeps its settings. `~`, and `$NAME` with what it is where that is not set."""
        place = {"darwin": self.mac, "win32": self.windows}.get(system) or self.linux
        for name, usual in _PLACES.items():
            if place.startswith(f"${name}/"):
                root = Path(env[name]) if env.get(name) else home / usual
                return root / place.split("/", 1)[1]
        return home / place.removeprefix("~/")

    def entry(self, command: Sequence[str], env: Env) -> Json:
        """What stands there for Gumption. `env` is what our own program needs to find its folders."""
        made: dict[str, object] = {**dict(self.more), self.command: command[0], "args": list(command[1:])}
        if env or self.form == "yaml":
            made["envs" if self.form == "yaml" else "env"] = dict(env)
        return made

    @property
    def at(self) -> tuple[str, str]:
        return self.under, ENTRY


_PLACES = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "APPDATA": "AppData/Roaming",
    "CODEX_HOME": ".codex",
}
_STDIO = (("type", "stdio"),)

TARGETS: Mapping[str, Target] = {
    each.name: each
    for each in (
        Target(
            "claude-desktop",
            "Claude Desktop",
            "https://modelcontextprotocol.io/docs/develop/connect-local-servers",
            "json",
            linux="$XDG_CONFIG_HOME/Claude/claude_desktop_config.json",
            mac="~/Library/Application Support/Claude/claude_desktop_config.json",
            windows="$APPDATA/Claude/claude_desktop_config.json",
            then="Quit it wholly and start it anew; closing its window is not enough.",
            doubt="On Linux the place is that of unofficial builds: there is no official one.",
        ),
        Target(
            "claude-code",
            "Claude Code",
            "https://code.claude.com/docs/en/mcp",
            "json",
            more=_STDIO,
            linux="~/.claude.json",
        ),
        Target(
            "cursor",
            "Cursor",
            "https://cursor.com/docs/context/mcp",
            "json",
            linux="~/.cursor/mcp.json",
        ),
        Target(
            "vscode",
            "Visual Studio Code",
            "https://code.visualstudio.com/docs/copilot/reference/mcp-configuration",
            "json",
            under="servers",
            more=_STDIO,
            linux="$XDG_CONFIG_HOME/Code/User/mcp.json",
            mac="~/Library/Application Support/Code/User/mcp.json",
            windows="$APPDATA/Code/User/mcp.json",
            doubt="The documentation names the user profile without its path; a profile of another name, "
            "Insiders and VSCodium keep theirs elsewhere.",
        ),
        Target(
            "windsurf",
            "Windsurf",
            "https://docs.windsurf.com/windsurf/cascade/mcp",
            "json",
            linux="~/.codeium/windsurf/mcp_config.json",
        ),
        Target(
            "zed",
            "Zed",
            "https://zed.dev/docs/ai/mcp",
            "json",
            under="context_servers",
            more=(("source", "custom"),),
            linux="$XDG_CONFIG_HOME/zed/settings.json",
            mac="~/.config/zed/settings.json",
            windows="$APPDATA/Zed/settings.json",
            then="It is there at once.",
        ),
        Target(
            "lm-studio",
            "LM Studio",
            "https://lmstudio.ai/docs/app/mcp",
            "json",
            linux="~/.lmstudio/mcp.json",
            doubt="The documentation names the editor inside of the program; older versions kept the file in "
            "~/.cache/lm-studio.",
        ),
        Target(
            "goose",
            "goose",
            "https://github.com/aaif-goose/goose/blob/main/documentation/docs/guides/config-files.md",
            "yaml",
            under="extensions",
            command="cmd",
            more=(("name", ENTRY), ("type", "stdio"), ("enabled", True), ("timeout", 60)),
            linux="~/.config/goose/config.yaml",
            windows="$APPDATA/Block/goose/config/config.yaml",
        ),
        Target(
            "jan",
            "Jan",
            "https://www.jan.ai/docs/agent/mcp",
            "json",
            more=(("active", True),),
            linux="$XDG_DATA_HOME/Jan/data/mcp_config.json",
            mac="~/Library/Application Support/Jan/data/mcp_config.json",
            windows="$APPDATA/Jan/data/mcp_config.json",
            doubt="The documentation names the file without its folder, which the person can move in the "
            "program's settings.",
        ),
        Target(
            "codex",
            "Codex",
            "https://developers.openai.com/codex/mcp",
            "toml",
            under="mcp_servers",
            linux="$CODEX_HOME/config.toml",
        ),
        Target(
            "gemini-cli",
            "Gemini CLI",
            "https://github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md",
            "json",
            linux="~/.gemini/settings.json",
        ),
        Target("open-webui", "Open WebUI", "https://docs.openwebui.com/openapi-servers/open-webui/"),
        Target("openapi", "An OpenAPI client", "https://spec.openapis.org/oas/v3.1.0"),
        Target("curl", "curl", "https://curl.se/docs/manpage.html"),
    )
}


def stands(target: Target, text: str, entry: Json) -> bool:
    """Whether exactly our entry is there already. Raises Unreadable."""
    known = FORMS[target.form].entry(text, target.at)
    if known is None or target.form != "yaml":
        return bool(known == entry)
    return bool(known == yaml.shown(target.at, entry, _indent(str(known))))


def added(target: Target, text: str, entry: Json) -> Edit:
    """The change that puts our entry into the file. Raises Unreadable."""
    made: Edit = FORMS[target.form].put(text, target.at, entry)
    return made


def undone(target: Target, text: str, edit: Edit) -> str:
    """The file without our entry: as it was before `edit`, or, edited since, without the entry alone.

    Raises Unreadable for one that cannot be understood any more.
    """
    form = FORMS[target.form]
    plain = edit.undone(text)
    wanted: str = form.without(text, target.at)
    if plain is None:
        return wanted
    if target.form == "yaml":
        return wanted if _leans_on(target, text, edit) else plain
    try:  # the words may be the same, and what stands around them not
        left, right = (dict(form.read(each)) for each in (form.without(plain, target.at), wanted))
    except (Unreadable, TypeError):
        return wanted
    for each in (left, right):  # a list of servers that is empty, or not there: the same
        if not each.get(target.under):
            each.pop(target.under, None)
    return plain if left == right else wanted


def _leans_on(target: Target, text: str, edit: Edit) -> bool:
    """Whether something was written below a line that came with our entry: it has to stay."""
    brought = bool(edit.old) or f"{target.under}:" in edit.new
    after = (
        text[edit.at + len(edit.new) :] if text.startswith(edit.new, edit.at) else text.split(edit.new)[-1]
    )
    following = next((line for line in after.splitlines() if line.strip()), "")
    return brought and following.startswith((" ", "\t"))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
