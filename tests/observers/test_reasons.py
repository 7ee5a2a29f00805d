import errno
import socket
import ssl

import httpx
import pytest

from observers.reasons import NO_NETWORK, NO_TLS, TIMEOUT, UNKNOWN, UNREACHABLE, why

SECRET = "https://example.org/s3cret"


def wrapped(inner: Exception) -> Exception:
    """As httpx does it: its own error, of a library's, of the system's."""
    try:
        try:
            try:
                raise inner
            except type(inner) as error:
                raise RuntimeError(SECRET) from error
        except RuntimeError as error:
            raise httpx.ConnectError(SECRET) from error
    except httpx.ConnectError as outer:
        return outer


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), UNKNOWN),
        (socket.gaierror(socket.EAI_AGAIN, "x"), NO_NETWORK),
        (OSError(errno.ENETUNREACH, "x"), NO_NETWORK),
        (OSError(errno.EHOSTUNREACH, "x"), NO_NETWORK),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), UNREACHABLE),
        (ssl.SSLError(1, "x"), NO_TLS),
        (ValueError(SECRET), UNREACHABLE),
    ],
)
def test_each_kind_has_its_words(inner: BaseException, expected: tuple[str, str]) -> None:
    assert why(wrapped(inner)) == expected
    assert "s3cret" not in "".join(why(wrapped(inner)))


def test_a_certificate_that_is_wrong_is_told_with_what_is_wrong() -> None:
    error = ssl.SSLCertVerificationError(1, SECRET)
    error.verify_message = "certificate has expired"
    what, hint = why(wrapped(error))
    assert what == "shows a certificate that is not valid (certificate has expired)"
    assert "clock" in hint


def test_what_takes_too_long_and_what_goes_round_in_circles() -> None:
    assert why(httpx.ReadTimeout(SECRET)) == TIMEOUT
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert why(one) == UNREACHABLE
