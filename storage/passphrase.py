"""The database's key wrapped by a passphrase: scrypt makes a key of it, and AES-256-GCM seals with that.

scrypt (RFC 7914) with N = 2^17, r = 8, p = 1: what OWASP's password storage cheat sheet asks of scrypt at
least. A guess takes 128 MB and 0.4 s on one core of ours, so that a graphics card cannot try many at once.
A salt of 16 random bytes for each wrapping gives it a key of its own. The tag of AES-GCM (NIST SP 800-38D)
is the only thing that tells a right passphrase from a wrong one, and it needs the scrypt first.
"""

import os
import unicodedata
from typing import TYPE_CHECKING

from gum.errors import NotAllowed, StoreLocked

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LOG_N, R, P = 17, 8, 1
LEAST_LOG_N, MOST_LOG_N = 14, 20  # of what is read: 2^20 takes 1 GB, and a note that asks for more is broken
SALT, NONCE, KEY = 16, 12, 32  # bytes
LEAST = 12  # characters of a new passphrase


def accept(passphrase: str) -> str:
    """A new passphrase as it is used from now on. Raises NotAllowed when it is too easily guessed."""
    if len(passphrase.strip()) < LEAST:
        raise NotAllowed(
            f"A passphrase has at least {LEAST} characters",
            "Four words picked at random are easy to keep and hard to guess.",
        )
    return passphrase


def wrap(key: bytes, passphrase: str) -> str:
    """`key` for whoever knows `passphrase`, as one line of text. Takes 0.4 s and 128 MB."""
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    sealed = _cipher(passphrase, salt, LOG_N).encrypt(nonce, key, _about(LOG_N))
    return f"scrypt {LOG_N} {R} {P} {salt.hex()} {nonce.hex()} {sealed.hex()}"


def unwrap(wrapped: str, passphrase: str) -> bytes:
    """What `wrap` was given. Raises StoreLocked: wrong passphrase, or not what `wrap` wrote."""
    from cryptography.exceptions import InvalidTag

    log_n, salt, nonce, sealed = _parts(wrapped)
    try:
        return _cipher(passphrase, salt, log_n).decrypt(nonce, sealed, _about(log_n))
    except InvalidTag as error:
        raise StoreLocked(
            "That is not the passphrase of this database",
            "Try again; look at the keyboard's layout and Caps Lock. If you are sure of it, put database.key "
            "back from a backup.",
        ) from error


def _cipher(passphrase: str, salt: bytes, log_n: int) -> "AESGCM":
    # Imported where it is used: 15 ms that most starts have no use for.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # One and the same word can be typed as different code points: NFC, as RFC 8265 says for passwords.
    said = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return AESGCM(Scrypt(salt=salt, length=KEY, n=1 << log_n, r=R, p=P).derive(said))


def _about(log_n: int) -> bytes:
    return f"gumption database key, scrypt {log_n} {R} {P}".encode()


def _parts(wrapped: str) -> tuple[int, bytes, bytes, bytes]:
    try:
        name, log_n, r, p, salt, nonce, sealed = wrapped.split(" ")
        found = int(log_n), bytes.fromhex(salt), bytes.fromhex(nonce), bytes.fromhex(sealed)
        known = name == "scrypt" and (int(r), int(p)) == (R, P) and LEAST_LOG_N <= found[0] <= MOST_LOG_N
        whole = (len(found[1]), len(found[2]), len(found[3])) == (SALT, NONCE, KEY + 16)
    except ValueError:
        known = whole = False
    if not (known and whole):
        raise StoreLocked(
            "The database's key cannot be read",
            "What is kept in database.key is damaged, or of a newer Gumption. Put it back from a backup.",
        )
    return found
