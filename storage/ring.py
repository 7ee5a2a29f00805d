"""The desktop's keyring, where there is a real one: small secrets by a name."""

import contextlib
import logging

log = logging.getLogger(__name__)

SERVICE = "gumption"
# Backends that encrypt and belong to the system. Everything else (plain files, chains, fakes) is not asked.
REAL_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


def kind() -> str:
    """Which keyring there is, e.g. "SecretService"; "" when there is none that may be trusted."""
    import keyring  # 0.1 s, and not needed when no key is kept in one

    backend = keyring.get_keyring()
    nested = getattr(backend, "backends", None)  # the chainer: as good as its first member
    first = type(nested[0] if nested else backend).__module__
    return first.rsplit(".", 1)[-1] if first in REAL_BACKENDS else ""


def put(name: str, value: str) -> bool:
    """Whether it is kept now, and comes back as it was."""
    import keyring

    # A keyring may fail in any way its service on the bus can; then the caller keeps its secret elsewhere.
    with contextlib.suppress(Exception):
        if kind():
            keyring.set_password(SERVICE, name, value)
            return keyring.get_password(SERVICE, name) == value
    return False


def get(name: str) -> str | None:
    """The secret; None when it is not there, or the keyring is locked or does not answer."""
    import keyring

    try:
        return keyring.get_password(SERVICE, name)
    except Exception as error:  # noqa: BLE001 - as above; the person is told that it is locked
        log.warning("the keyring does not answer: %s", type(error).__name__)
        return None


def delete(name: str) -> bool:
    """Whether it is not there any more. A keyring that cannot be asked now says no."""
    import keyring

    try:
        if keyring.get_password(SERVICE, name) is not None:
            keyring.delete_password(SERVICE, name)
        return keyring.get_password(SERVICE, name) is None
    except Exception as error:  # noqa: BLE001 - as above; it is tried again at the next start
        log.warning("the keyring did not give up an old key: %s", type(error).__name__)
        return False
