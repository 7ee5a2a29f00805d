"""What `gumption doctor` says of the door to the network: whether it is open, and what is shown there."""

from pathlib import Path

from app import tls
from app.doctor import Check, Patient, State


def network(patient: Patient) -> Check:
    """Where other computers may ask, and the fingerprint of the certificate that they compare.

    Raises SettingsInvalid for a certificate or a key that cannot be used.
    """
    plugin = patient.settings.plugin
    if not plugin.enabled or not plugin.listen:
        return Check("network", State.OK, "not open to it")
    cert, key = patient.paths.data / tls.CERTIFICATE, patient.paths.data / tls.KEY
    if plugin.tls_cert:
        cert, key = Path(plugin.tls_cert).expanduser(), Path(plugin.tls_key).expanduser()
    elif not cert.exists() or not key.exists():
        return Check(
            "network", State.OK, f"open at {plugin.listen}; its certificate is made at the next start"
        )
    tls.context(cert, key)
    what = (
        f"open at {plugin.listen} for assistants; the certificate {cert} has SHA-256 {tls.fingerprint(cert)}"
    )
    return Check("network", State.OK, what)
