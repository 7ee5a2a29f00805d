"""Fixtures for all tests."""

from hypothesis import HealthCheck, settings

from tests.desktop import desktop, virtual_desktop

__all__ = ["desktop", "virtual_desktop"]

# Machines are shared: how long an example took says nothing about the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")
