"""Why a server could not be asked, in words for the person. Pure.

What libraries say holds addresses, which may be secrets, and words for programmers: only kinds are told.
"""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

LATER = "It is tried again later."
NO_NETWORK = "cannot be reached: there seems to be no network", "It is tried again when there may be one."
UNKNOWN = "is not known: there is no such host", "Check how the host is written in the address."
TIMEOUT = "did not answer in time", LATER
UNREACHABLE = "cannot be reached", LATER
NO_TLS = "does not speak https there", "Check the address, and the port if it names one."
_NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_NO_WAY = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}


def why(error: BaseException) -> tuple[str, str]:
    """What follows the host's name in a title, and the hint."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"shows a certificate that is not valid ({cause.verify_message or 'not trusted'})",
                "Nothing was sent to it. Look at this computer's clock; if the server is your own, let the "
                "system trust its certificate (SSL_CERT_FILE names a file of those).",
            )
        if isinstance(cause, ssl.SSLError):
            return NO_TLS
        if isinstance(cause, socket.gaierror):
            return UNKNOWN if cause.errno in _NO_SUCH_HOST else NO_NETWORK
        if isinstance(cause, OSError) and cause.errno in _NO_WAY:
            return NO_NETWORK
    return TIMEOUT if isinstance(error, httpx.TimeoutException) else UNREACHABLE


def _causes(error: BaseException) -> Iterator[BaseException]:
    """It, what it came of, and so on."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__
