import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import tls
from gum.errors import SettingsInvalid

NOW = datetime.now(UTC)


def test_it_is_made_once_and_only_the_person_can_read_it(tmp_path: Path) -> None:
    cert, key = tls.certificate(tmp_path, "127.0.0.1", NOW)
    assert {file.stat().st_mode & 0o777 for file in (cert, key)} == {0o600}
    before = cert.read_bytes(), key.read_bytes()
    assert tls.certificate(tmp_path, "127.0.0.1", NOW + timedelta(days=400)) == (cert, key)
    assert (cert.read_bytes(), key.read_bytes()) == before


@pytest.mark.parametrize(
    ("address", "later", "spoilt"),
    [
        ("192.168.7.7", timedelta(0), None),
        ("127.0.0.1", tls.LASTS + timedelta(days=2), None),
        ("127.0.0.1", timedelta(0), b"no certificate"),
    ],
)
def test_another_is_made_when_it_does_not_serve(
    tmp_path: Path, address: str, later: timedelta, spoilt: bytes | None
) -> None:
    cert, _ = tls.certificate(tmp_path, "127.0.0.1", NOW)
    before = tls.fingerprint(cert)
    if spoilt is not None:
        cert.write_bytes(spoilt)
    tls.certificate(tmp_path, address, NOW + later)
    assert tls.fingerprint(cert) != before


def test_what_is_shown_has_the_fingerprint_that_was_told(tmp_path: Path) -> None:
    import hashlib

    cert, key = tls.certificate(tmp_path, "127.0.0.1", NOW)
    context = tls.context(cert, key)
    ours, theirs = socket.socketpair()
    peer = ssl.create_default_context(cafile=str(cert))

    def shake() -> None:
        with context.wrap_socket(ours, server_side=True) as served:
            served.sendall(b"x")

    thread = threading.Thread(target=shake)
    thread.start()
    with peer.wrap_socket(theirs, server_hostname="127.0.0.1") as asked:
        shown = asked.getpeercert(binary_form=True)
        assert asked.recv(1) == b"x"
    thread.join()
    assert shown is not None
    assert tls.fingerprint(cert).replace(":", "").lower() == hashlib.sha256(shown).hexdigest()


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    cert, key = tls.certificate(tmp_path, "127.0.0.1", NOW)
    key.chmod(0o640)
    with pytest.raises(SettingsInvalid, match="read by others") as caught:
        tls.context(cert, key)
    assert "chmod 600" in caught.value.hint


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    for name in ("cert", "key"):
        (tmp_path / name).write_text("nothing")
        (tmp_path / name).chmod(0o600)
    with pytest.raises(SettingsInvalid, match="certificate"):
        tls.context(tmp_path / "cert", tmp_path / "key")
    for file in (tmp_path / "cert", tmp_path / "none"):
        with pytest.raises(SettingsInvalid, match="no certificate"):
            tls.fingerprint(file)
    with pytest.raises(SettingsInvalid, match="cannot be used"):
        tls.certificate(tmp_path / "no" / "folder", "127.0.0.1", NOW)
