"""The certificate that the door shows on other interfaces, made once and known by its fingerprint.

Nobody vouches for the address of a desktop, so the certificate is self-signed, and a client that is set up is
given its SHA-256 to compare. It is loaded only where a person had the door opened to the network.
"""

import ipaddress
import os
import socket
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from gum.errors import SettingsInvalid

LASTS = timedelta(days=3650)  # those who compare fingerprints would have to do so again with every new one
CERTIFICATE, KEY = "tls.pem", "tls-key.pem"


def certificate(folder: Path, address: str, now: datetime) -> tuple[Path, Path]:
    """Certificate and key (PEM) in `folder` for an address; made if there are none that serve.

    Raises SettingsInvalid.
    """
    cert, key = folder / CERTIFICATE, folder / KEY
    try:
        if not (key.exists() and _serves(cert, address, now)):
            _make(cert, key, address, now)
    except OSError as error:
        raise SettingsInvalid(f"{error.filename} cannot be used", f"{error.strerror}.") from error
    return cert, key


def _serves(file: Path, address: str, now: datetime) -> bool:
    from cryptography import x509  # where it is wanted: a daemon without this door does not carry it

    try:
        found = x509.load_pem_x509_certificate(file.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (FileNotFoundError, ValueError, x509.ExtensionNotFound):
        return False
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc:
        return False
    return ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress)


def _make(cert: Path, key: Path, address: str, now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gumption on this computer")])
    names = [x509.IPAddress(ipaddress.ip_address(address)), x509.DNSName(_host())]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # the other computer's clock may be behind
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    _write(key, secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    _write(cert, made.public_bytes(pem))


def _host() -> str:
    name = socket.gethostname().lower()
    return name if name.isascii() and name.replace("-", "").replace(".", "").isalnum() else "localhost"


def _write(file: Path, text: bytes) -> None:
    """In one step, for the person alone."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)  # one that was left behind may be readable by others
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(text)
    part.replace(file)


def fingerprint(cert: Path) -> str:
    """SHA-256 of the first certificate of a PEM file, as `AB:CD:…`. Raises SettingsInvalid."""
    import hashlib

    try:
        first = cert.read_text().split(_END)[0] + _END
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first[first.index("-----BEGIN CERT") :])).hexdigest()
    except (OSError, ValueError) as error:
        raise SettingsInvalid(
            f"{cert} is no certificate", "Set tls_cert to a PEM file, or to nothing."
        ) from error
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()


_END = "-----END CERTIFICATE-----"


def context(cert: Path, key: Path) -> ssl.SSLContext:
    """What the door shows. Raises SettingsInvalid, also for a key that others may read."""
    try:
        if key.stat().st_mode & 0o077:
            raise SettingsInvalid(f"{key} can be read by others", f"Type: chmod 600 '{key}'")
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        # A password is never asked for: the daemon has no terminal.
        made.load_cert_chain(cert, key, password="")
    except (OSError, ssl.SSLError, ValueError) as error:
        hint = "Set tls_cert and tls_key under [plugin] to PEM files without a passphrase, or to nothing."
        raise SettingsInvalid("The certificate of the network door cannot be used", hint) from error
    return made
