"""Exports of ActivityWatch as its servers write them, made by hand."""

from datetime import timedelta
from typing import Any

from tests.builders import NOON

Event = dict[str, Any]
MINUTE = timedelta(minutes=1)


def event(minute: float, minutes: float, **data: object) -> Event:
    at = (NOON + minute * MINUTE).isoformat()
    return {"id": 7, "timestamp": at, "duration": minutes * 60.0, "data": data}


def bucket(kind: str, *events: Event, host: str = "anna-laptop") -> Event:
    client = {"currentwindow": "aw-watcher-window", "afkstatus": "aw-watcher-afk"}.get(kind, "aw-client-web")
    return {
        "created": "2026-01-02T08:00:00.000000+00:00",
        "name": None,
        "type": kind,
        "client": client,
        "hostname": host,
        "data": {},
        "events": list(events),
    }


def export(**buckets: Event) -> Event:
    """The buckets by their ids, written with underscores: aw-watcher-window_anna, aw-watcher-web-firefox."""
    dashes = {key: key.replace("_", "-", 3 if "_web_" in key else 2) for key in buckets}
    return {"buckets": {dashes[key]: value for key, value in buckets.items()}}


def windows(*events: Event, host: str = "anna-laptop") -> Event:
    return bucket("currentwindow", *events, host=host)


def pages(*events: Event) -> Event:
    return bucket("web.tab.current", *events, host="unknown")


def afk(*events: Event, host: str = "anna-laptop") -> Event:
    return bucket("afkstatus", *events, host=host)


def page(minute: float, minutes: float, **more: object) -> Event:
    told = {
        "url": "https://example.org/tea",
        "title": "Tea",
        "audible": False,
        "incognito": False,
        "tabCount": 3,
    }
    return event(minute, minutes, **{**told, **more})
