"""`gumption mcp`: an assistant on this machine asks over standard input and output (MCP).

The assistant's program starts it. It holds nothing itself: each question goes to the daemon, with the token
of this one assistant, and a daemon or a token that is missing is told as the answer to a tool. Standard
output belongs to the protocol alone; what is logged goes to standard error.
"""

import asyncio
import logging
import os
import stat
from collections.abc import Mapping

from mcp.server.stdio import stdio_server

from app import logs
from app.paths import Paths
from app.plugin.mcp_server import create_mcp
from app.plugin.remote import Remote
from gum.errors import NotAllowed

VARIABLE = "GUMPTION_TOKEN"
MOST_BYTES = 1000  # of a token's file; a token has some 70
_PAIR = "Run `gumption connect` to let an assistant in, and start it as written there."


def run(paths: Paths, name: str | None, version: str) -> int:
    """Serves until standard input ends. Raises NotAllowed for a name that is none."""
    if name is not None:
        paths.client_token(name)  # a wrong name is a wrong command, not an answer to an assistant
    logs.set_up()
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    asyncio.run(_serve(paths, name, version))
    return 0


def token(paths: Paths, name: str | None, environment: Mapping[str, str]) -> str:
    """Of the assistant `name`, from its file; without a name that of the environment. Raises NotAllowed.

    A file that others on this machine can read is refused: whoever read it may use it.
    """
    if name is None:
        if not (given := environment.get(VARIABLE, "").strip()):
            raise NotAllowed("This assistant was given no token", _PAIR)
        return _plain(given, f"{VARIABLE} holds no token")
    file = paths.client_token(name)
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as opened:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or about.st_mode & 0o077:
                raise NotAllowed(
                    f"The token of {name} can be read by others", f"Take it back, then: chmod 600 {file}"
                )
            said = opened.read(MOST_BYTES)
    except OSError as error:
        raise NotAllowed(f"The assistant {name} was given no token", _PAIR) from error
    return _plain(said.decode("ascii", "replace").strip(), f"{file} holds no token")


def _plain(given: str, title: str) -> str:
    """`given` if a header can hold it; it is not repeated otherwise."""
    if not given or not given.isascii() or not given.isprintable() or " " in given:
        raise NotAllowed(title, _PAIR)
    return given


async def _serve(paths: Paths, name: str | None, version: str) -> None:
    remote = Remote(paths, lambda: token(paths, name, os.environ))
    server = create_mcp(lambda _: remote, version)
    try:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
    finally:
        await remote.close()
