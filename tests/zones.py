"""A desk in another time zone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def desk_in(zone: str) -> Iterator[None]:
    """Within it the system's time zone is `zone`, e.g. "Europe/Berlin"."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()
