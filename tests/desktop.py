"""A real, private desktop for tests: `desktop` in a test's arguments gives it, empty."""

from collections.abc import Iterator

import pytest

from app.desktop import VirtualDesktop


@pytest.fixture(scope="session")
def virtual_desktop() -> Iterator[VirtualDesktop]:
    """One desktop with a tray for the whole test run. Programs of earlier tests may still be on it."""
    with VirtualDesktop(size=(1280, 900)) as desktop:
        yield desktop


@pytest.fixture
def desktop(virtual_desktop: VirtualDesktop) -> Iterator[VirtualDesktop]:
    """The desktop with nothing on it; what a test launches there is ended after the test."""
    virtual_desktop.clear()
    yield virtual_desktop
    virtual_desktop.clear()
