"""Passphrases whose scrypt costs nothing; the real one and its bounds are tested in test_passphrase.py."""

import pytest

from storage import passphrase

LOG_N = 4  # 2^4: 16 kB; 2^14, the least that is read, takes 16 MB and 0.05 s, hundreds of times


def scrypt() -> None:
    """For the whole of a process that is a test's own."""
    passphrase.LOG_N = passphrase.LEAST_LOG_N = LOG_N


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every test of a module that imports it."""
    monkeypatch.setattr(passphrase, "LOG_N", LOG_N)
    monkeypatch.setattr(passphrase, "LEAST_LOG_N", LOG_N)


@pytest.fixture
def least(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process wraps costs the least that any program reads: for tests that start the real one."""
    monkeypatch.setattr(passphrase, "LOG_N", passphrase.LEAST_LOG_N)
