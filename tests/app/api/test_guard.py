import pytest

from app.api.guard import refusal

HOSTS = frozenset({"127.0.0.1:4711", "localhost:4711"})
TOKEN = "t" * 43
GOOD = [(b"host", b"127.0.0.1:4711"), (b"authorization", b"Bearer " + TOKEN.encode())]


def asked(*headers: tuple[bytes, bytes], path: str = "/status") -> str | None:
    return refusal(headers, path, HOSTS, TOKEN)


def test_a_program_with_the_token_may_ask() -> None:
    assert asked(*GOOD) is None


@pytest.mark.parametrize(
    "host", [b"evil.example", b"127.0.0.1", b"127.0.0.1:80", b"127.0.0.1.evil.example:4711", b""]
)
def test_a_rebound_name_is_refused_on_every_route(host: bytes) -> None:
    for path in ("/hello", "/status", "/nothing-here"):
        assert asked((b"host", host), GOOD[1], path=path) == "host"


def test_no_host_or_two_hosts_are_refused() -> None:
    assert asked(GOOD[1]) == "host"
    assert asked(*GOOD, (b"host", b"127.0.0.1:4711")) == "host"


@pytest.mark.parametrize(
    "origin", [b"null", b"https://evil.example", b"http://127.0.0.1:1", b"https://127.0.0.1:4711"]
)
def test_a_web_page_is_refused_even_with_the_token(origin: bytes) -> None:
    assert asked(*GOOD, (b"origin", origin)) == "origin"
    assert asked(*GOOD, (b"origin", origin), path="/hello") == "origin"


@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"nonsense"])
def test_a_browser_that_says_it_came_from_elsewhere_is_refused(site: bytes) -> None:
    assert asked(*GOOD, (b"sec-fetch-site", site)) == "origin"


@pytest.mark.parametrize(
    "value", [b"", b"Bearer ", b"Bearer wrong", b"bearer " + TOKEN.encode(), TOKEN.encode(), b"\xff"]
)
def test_without_the_exact_token_nothing_but_hello_answers(value: bytes) -> None:
    assert asked(GOOD[0], (b"authorization", value)) == "token"
    assert asked(GOOD[0], (b"authorization", value), path="/hello") is None
    assert asked(GOOD[0]) == "token"
    assert asked(*GOOD, (b"authorization", b"Bearer wrong")) == "token"
