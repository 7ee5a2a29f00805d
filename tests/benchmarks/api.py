"""What another program gets of the plugin, and how fast: /v1 and /mcp of a real daemon with 100,000 claims.

The store is that of `retrieve`, encrypted, with the vectors of the model that the daemon loads; one
client of preset "agent", made by the owner. Load comes from processes of their own, over connections that
stay open. Every question is new. context_*: POST /v1/context alone, by 1 and by 16 at once.
requests_per_s: 16 at once, of ten requests five context, two search, one each of agenda, activity and
status. mcp_overhead_ms: the tool of context over streamable HTTP against REST, medians of the same
number. rss_growth_mb: of the daemon, over GUMPTION_BENCH_REQUESTS (100,000) mixed requests
after WARM others. Before the first question the daemon has done what a start finds to do, here
letting go the observations past their time: settled_s. sse_lost: of 40 changes of state while 50
listened, those missed, summed.
context_has_fact and context_harmed are those of `gumption eval context`, test part. Goals on two cores:
25, 60, 250 ms, 150 a second, 10 ms, 20 MB, 0.85, 0.05, 0.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import httpx
import psutil

from app.bench import SEED, Result, interval, quantile
from app.config import Settings
from app.desks.campaign import Wanted, ask
from app.desks.contexts import figures, intervals
from app.desktop import VirtualDesktop
from tests.benchmarks._api_store import fill
from tests.benchmarks._living import Living, daemon

FIGURES = (
    *("context_p50_ms", "context_p95_ms", "context_p95_ms_16", "requests_per_s", "mcp_overhead_ms"),
    *("rss_growth_mb", "context_has_fact", "context_harmed", "sse_lost"),
)
REQUESTS = int(os.environ.get("GUMPTION_BENCH_REQUESTS", "100000"))
CLAIMS = int(os.environ.get("GUMPTION_BENCH_CLAIMS", "100000"))
DESKS = int(os.environ.get("GUMPTION_BENCH_DESKS", "40"))
WARM = 2000  # requests before memory is measured, at most a tenth of all
ONE, SIXTEEN, AT_ONCE, MCP = 400, 1600, 16, 100
LISTENERS, EVENTS = 50, 40
QUIET, SETTLED = 20.0, 900.0
# The limit on requests is no part of what is measured.
FREE = {"GUMPTION_PLUGIN__REQUESTS_PER_MINUTE": "1000000"}
Call = tuple[str, str, dict[str, object] | None]


def run(settings: Settings) -> Result:
    """Fills a store, starts a daemon over it, and asks. With fewer requests the setting is told."""
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        home = Path(folder)
        known = fill(home, settings, CLAIMS)
        with VirtualDesktop() as desktop, daemon(desktop, home, **FREE) as living:
            measured = _Measured(living, known)
            measured.all()
    answered = [a for a in ask(Wanted(count=DESKS, model="oracle")) if a.test]
    good, ends = figures(answered), intervals(answered, SEED)
    for name in ("context_has_fact", "context_harmed"):
        measured.figures[name], measured.ends[name] = good[name], ends[name]
    return Result(
        measured.figures,
        measured.ends,
        {"claims": CLAIMS, "requests": REQUESTS, "desks": DESKS, **measured.settings},
        (SEED,),
    )


class _Measured:
    """The figures of one daemon."""

    def __init__(self, living: Living, known: Sequence[str]) -> None:
        self._living, self._known = living, known
        self._chance = random.Random(SEED)
        self._asked = 0
        made = httpx.post(
            living.url + "/clients",
            headers=living.headers,
            json={"name": "bench", "preset": "agent"},
            timeout=30,
            trust_env=False,
        )
        made.raise_for_status()
        self._token = made.json()["token"]
        self.figures: dict[str, float] = {}
        self.ends: dict[str, tuple[float, float]] = {}
        self.settings: dict[str, object] = {}

    def all(self) -> None:
        p50, p95 = quantile(0.5), quantile(0.95)
        self._settle()
        self._load([self._context() for _ in range(50)], 1)
        alone = self._load([self._context() for _ in range(ONE)], 1)[0]
        self._set("context_p50_ms", p50(alone), interval(alone, p50))
        self._set("context_p95_ms", p95(alone), interval(alone, p95))
        crowd = self._load([self._context() for _ in range(SIXTEEN)], AT_ONCE)[0]
        self._set("context_p95_ms_16", p95(crowd), interval(crowd, p95))
        self._mcp()
        self._sse()
        self._grow()

    def _settle(self) -> None:
        """Waits until the daemon has used less than a tenth of a core for QUIET seconds."""
        process = psutil.Process(self._living.process.pid)
        began = time.monotonic()
        while process.cpu_percent(QUIET) > 10 and time.monotonic() - began < SETTLED:
            pass
        self.settings["settled_s"] = round(time.monotonic() - began)

    def _set(self, name: str, value: float, ends: tuple[float, float]) -> None:
        self.figures[name], self.ends[name] = value, ends

    def _grow(self) -> None:
        process = psutil.Process(self._living.process.pid)
        self._load(self._mixed(min(WARM, max(100, REQUESTS // 10))), AT_ONCE)
        before = process.memory_info().rss
        times: list[float] = []
        rates: list[float] = []
        while len(times) < REQUESTS:
            some, seconds = self._load(self._mixed(min(2000, REQUESTS - len(times))), AT_ONCE)
            times += some
            rates.append(len(some) / seconds)
        grown = (process.memory_info().rss - before) / 1e6
        middle = quantile(0.5)
        self._set("requests_per_s", middle(rates), interval(rates, middle))
        self._set("rss_growth_mb", grown, (grown, grown))
        self.settings["mixed_p95_ms"] = round(quantile(0.95)(times), 1)

    def _load(self, calls: Sequence[Call], at_once: int) -> tuple[list[float], float]:
        """Milliseconds of each call, and seconds of all; asked by a process of its own."""
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            return other.submit(_ask_all, self._living.url, self._token, list(calls), at_once).result()

    def _question(self) -> str:
        self._asked += 1
        about = self._chance.choice(self._known)
        form = self._chance.choice(
            (
                "{}",
                "what should I finish first, {}?",
                "write to {} that I am late",
                "book something for {}",
                "help me with {}",
            )
        )
        return f"{form.format(about)} {self._asked}"

    def _context(self) -> Call:
        return "POST", "/v1/context", {"query": self._question()}

    def _mixed(self, count: int) -> list[Call]:
        rest: tuple[Call, ...] = (
            ("GET", "/v1/agenda", None),
            ("GET", "/v1/activity", None),
            ("GET", "/v1/status", None),
        )
        made: list[Call] = []
        for number in range(count):
            place = number % 10
            if place < 5:
                made.append(self._context())
            elif place < 7:
                made.append(("GET", f"/v1/search?q={httpx.QueryParams({'q': self._question()})['q']}", None))
            else:
                made.append(rest[place - 7])
        return made

    def _mcp(self) -> None:
        rest = self._load([self._context() for _ in range(MCP)], 1)[0]
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            queries = [self._question() for _ in range(MCP)]
            tool = other.submit(_ask_mcp, self._living.url, self._token, queries).result()
        p50 = quantile(0.5)
        (low, high), (tool_low, tool_high) = interval(rest, p50), interval(tool, p50)
        self._set("mcp_overhead_ms", p50(tool) - p50(rest), (tool_low - high, tool_high - low))

    def _sse(self) -> None:
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            listening = other.submit(_listen, self._living.url, self._token, LISTENERS, EVENTS)
            time.sleep(6)  # until all of them listen
            for number in range(EVENTS):
                sent = httpx.request(
                    "DELETE" if number % 2 else "POST",
                    f"{self._living.url}/pause",
                    headers=self._living.headers,
                    json=None if number % 2 else {"minutes": 5},
                    timeout=30,
                    trust_env=False,
                )
                sent.raise_for_status()
            heard = listening.result()
        lost = float(sum(max(0, EVENTS - each) for each in heard))
        self._set("sse_lost", lost, (lost, lost))
        self.settings["sse_events"] = max(heard)


# --- in processes of their own --------------------------------------------------------------------


def _ask_all(url: str, token: str, calls: list[Call], at_once: int) -> tuple[list[float], float]:
    return asyncio.run(_asking(url, token, calls, at_once))


async def _asking(url: str, token: str, calls: list[Call], at_once: int) -> tuple[list[float], float]:
    waiting = iter(calls)
    times: list[float] = []
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=url, headers=headers, limits=limits, timeout=60, trust_env=False
    ) as client:

        async def one() -> None:
            for method, path, body in waiting:
                began = time.perf_counter()
                answer = await client.request(method, path, json=body)
                times.append(1000 * (time.perf_counter() - began))
                answer.raise_for_status()

        start = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(at_once)))
        return times, time.perf_counter() - start


def _ask_mcp(url: str, token: str, queries: list[str]) -> list[float]:
    return asyncio.run(_asking_mcp(url, token, queries))


async def _asking_mcp(url: str, token: str, queries: list[str]) -> list[float]:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client

    times: list[float] = []
    async with (
        create_mcp_http_client(headers={"Authorization": f"Bearer {token}"}) as client,
        streamable_http_client(url + "/mcp", http_client=client) as (reading, writing),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        tools = {tool.name for tool in (await session.list_tools()).tools}
        name = next(tool for tool in sorted(tools) if "context" in tool)
        for query in queries:
            began = time.perf_counter()
            await session.call_tool(name, {"query": query})
            times.append(1000 * (time.perf_counter() - began))
    return times


def _listen(url: str, token: str, listeners: int, events: int) -> list[int]:
    return asyncio.run(_listening(url, token, listeners, events))


async def _listening(url: str, token: str, listeners: int, events: int) -> list[int]:
    """How many events each heard until all was quiet for 10 s."""
    headers = {"Authorization": f"Bearer {token}"}
    heard = [0] * listeners
    limits = httpx.Limits(max_connections=listeners)
    async with httpx.AsyncClient(headers=headers, limits=limits, timeout=None, trust_env=False) as client:

        async def one(number: int) -> None:
            async with client.stream("GET", url + "/v1/events") as answer:
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    heard[number] += line.startswith("data:")

        waiting = [asyncio.create_task(one(number)) for number in range(listeners)]
        before, quiet = -1, 0
        while quiet < 10 and max(heard) < events:
            await asyncio.sleep(1)
            quiet = quiet + 1 if sum(heard) == before and before > 0 else 0
            before = sum(heard)
        await asyncio.sleep(2)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    return heard
