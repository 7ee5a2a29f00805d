"""The clock of the machine."""

from datetime import UTC, datetime


class SystemClock:
    """A `gum.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)
