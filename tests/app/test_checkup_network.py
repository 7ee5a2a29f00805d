from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import tls
from app.checkup_network import network
from app.config import PluginSettings, Settings
from app.doctor import Patient, State, examine
from app.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


def patient(paths: Paths, **plugin: object) -> Patient:
    return Patient(paths, Settings(plugin=PluginSettings.model_validate(plugin)), {})


def test_a_door_that_is_shut_shows_nothing(paths: Paths) -> None:
    for found in (network(patient(paths)), network(patient(paths, listen="127.0.0.3", enabled=False))):
        assert (found.state, found.what) == (State.OK, "not open to it")


def test_an_open_one_is_told_with_the_fingerprint_and_nothing_is_made(paths: Paths) -> None:
    asked = patient(paths, listen="127.0.0.3")
    assert "next start" in network(asked).what
    assert not list(paths.data.iterdir())
    cert, _ = tls.certificate(paths.data, "127.0.0.3", datetime.now(UTC))
    found = network(asked)
    assert found.state is State.OK and "127.0.0.3" in found.what
    assert tls.fingerprint(cert) in found.what


def test_the_persons_own_certificate_is_told_and_one_that_cannot_be_used_fails(paths: Paths) -> None:
    cert, key = tls.certificate(paths.config, "127.0.0.3", datetime.now(UTC))
    asked = patient(paths, listen="127.0.0.3", tls_cert=str(cert), tls_key=str(key))
    assert tls.fingerprint(cert) in network(asked).what
    key.chmod(0o644)
    [found] = examine(asked, {"network": network})
    assert found.state is State.FAIL and "chmod 600" in found.mend
