"""What other programs may ask, put together when the first of them asks (`app.api.assistants`)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.api.assistants import Assistants, Doors
from app.api.guard import ForClients
from app.clients import Clients
from app.config import PluginSettings
from app.events import Hub
from app.offers import Offers
from app.proposals import Proposals
from app.shapes import StatusOut
from gum.ports import Clock
from storage.db import Database
from storage.search import Meaning


@dataclass(frozen=True, slots=True)
class Lent:
    """What the daemon has anyway, and lends."""

    version: str
    clock: Clock
    database: Database
    hub: Hub
    clients: Clients
    proposals: Proposals
    offers: Offers
    nearest: Callable[[str, int, Sequence[str]], Awaitable[Meaning]]
    status: Callable[[], Awaitable[StatusOut]]
    input_age: Callable[[], timedelta | None]
    meeting: Callable[[datetime], bool]
    forgotten: Callable[[], int]


def assistants(lent: Lent, hosts: Callable[[], frozenset[str]], set_: PluginSettings) -> Assistants:
    """The ASGI app for `/v1` and `/mcp`; nothing behind it is imported before the first request."""
    return Assistants(lambda: _doors(lent, hosts, set_))


def for_clients(others: Assistants, clients: Clients, settings: PluginSettings) -> ForClients | None:
    """What the guard has to know of clients; None where none is to be answered."""
    if not settings.enabled:
        return None
    return ForClients(others, clients.verify, settings.requests_per_minute, settings.origins)


def _doors(lent: Lent, hosts: Callable[[], frozenset[str]], set_: PluginSettings) -> Doors:
    from app.api.clients_routes import add_pairing
    from app.api.etags import ETags
    from app.api.proxy_routes import add_proxy
    from app.api.v1 import create_v1
    from app.plugin.acting import Acting
    from app.plugin.egress import Egress
    from app.plugin.mcp_http import McpApp
    from app.plugin.proxy import Proxy
    from app.plugin.service import Plugin, PluginParts
    from app.plugin.upstream import Address

    egress = Egress(lent.database, lent.clock, lent.forgotten)
    plugin = Plugin(
        PluginParts(
            lent.version,
            lent.clock,
            lent.database,
            lent.hub,
            egress,
            Acting(lent.database, lent.clock, lent.proposals, lent.offers, lent.offers.plans),
            lent.nearest,
            lent.status,
            lent.input_age,
            lent.meeting,
            lent.clients.holds,
            lent.forgotten,
        )
    )
    rest = create_v1(plugin.of, lent.version)
    add_pairing(rest, lent.clients)
    upstream = Address(set_.upstream, set_.upstream_key, set_.upstream_remote)
    add_proxy(rest, Proxy(upstream, plugin.of, egress, lent.clients.holds))
    mcp = McpApp(plugin.of, lent.version, hosts, set_.origins)
    return Doors(ETags(rest), mcp, mcp.close)
