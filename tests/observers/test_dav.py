import hashlib
import logging
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from pathlib import Path

import certifi
import pytest

from gum.errors import CaptureUnavailable
from gum.login import Login
from observers import fetch
from observers.dav import Dav, Refused, Unfit
from tests.observers.certificate import made
from tests.observers.dav_server import Answer, Asked, mean, said
from tests.observers.recorder import wait_for

SECRET = "s3cret-of-ada"
FINE = said({"/": "<displayname>Home</displayname>"})


def dav(address: str, user: str = "ada", stopping: Callable[[], bool] = lambda: False) -> Dav:
    return Dav(Login("1", address, user, SECRET), stopping)


def trouble(address: str, path: str = "/") -> CaptureUnavailable:
    """What is told of a question that fails; no word of it is secret."""
    asking = dav(address)
    with pytest.raises(CaptureUnavailable) as caught:
        asking.ask("PROPFIND", asking.start.rstrip("/") + path, b"<x/>")
    told = repr((caught.value.title, caught.value.hint, caught.value.__cause__, caught.value.args))
    assert SECRET not in told and "hidden" not in told
    return caught.value


def test_a_question_says_who_asks_and_nothing_is_packed() -> None:
    with mean(lambda asked: FINE) as server:
        found = dav(server.address).ask("REPORT", f"{server.address}/dav/", b"<x/>", "1")
    [asked] = server.asked
    assert (asked.method, asked.path, asked.body) == ("REPORT", "/dav/", "<x/>")
    assert asked.headers["Authorization"].startswith("Basic ")
    assert (asked.headers["Depth"], asked.headers["Accept-Encoding"]) == ("1", "identity")
    assert [reply.href for reply in found.replies] == ["/"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_is_sent_on_within_the_server_only(status: int) -> None:
    def says(asked: Asked) -> Answer:
        return FINE if asked.path == "/there" else Answer(status, headers={"Location": "/there"})

    with mean(says) as server:
        found = dav(server.address).ask("PROPFIND", f"{server.address}/hidden", b"<x/>")
        assert found.url == f"{server.address}/there"
        assert [asked.method for asked in server.asked] == ["PROPFIND", "PROPFIND"]


@pytest.mark.parametrize("status", [301, 307])
def test_a_password_goes_to_no_other_server(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "observers")
    with mean(lambda asked: FINE) as other:
        to = f"{other.address}/hidden"
        with mean(lambda asked: Answer(status, headers={"Location": to})) as server:
            assert "is not asked" in trouble(server.address).title
            with pytest.raises(CaptureUnavailable, match="is not asked"):
                dav(server.address).ask("PROPFIND", to, b"<x/>")  # as an answer may name it
        assert other.asked == []
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "target",
    [
        "http://example.org/hidden",
        "https://example.org/hidden",
        "ftp://127.0.0.1/",
        "//example.org/",
        "",
        "http://[",
    ],
)
def test_it_is_not_led_elsewhere(target: str) -> None:
    with mean(lambda asked: Answer(302, headers={"Location": target})) as server:
        told = trouble(server.address)
    assert "sends on to" in told.title
    assert ("example.org" in told.title) == ("example.org" in target)


@pytest.mark.parametrize("host", ["ex\u0430mple.org", "example\u3002org", "example.org\u2024net"])
def test_a_host_that_only_looks_like_the_named_one_is_another_and_not_told(host: str) -> None:
    asking = dav("https://example.org/")
    with pytest.raises(CaptureUnavailable, match="sends on to another address, which is not asked"):
        asking.ask("PROPFIND", f"https://{host}/", b"<x/>")


def test_the_same_server_is_the_same_with_its_port_written_out() -> None:
    asking = dav("https://Cloud.example.org/dav/")
    assert asking.own("https://cloud.example.org:443/x") and asking.own("https://cloud.example.org/y")
    for other in (
        "http://cloud.example.org/x",
        "https://cloud.example.org:8443/x",
        "https://org/",
        "/x",
        "https://a:b:c",
    ):
        assert not asking.own(other)


def test_it_is_not_led_round_and_round() -> None:
    with mean(lambda asked: Answer(302, headers={"Location": asked.path})) as server:
        assert "on and on" in trouble(server.address).title
        assert len(server.asked) == fetch.HOPS


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, Refused, "did not accept the name or the password"),
        (403, Unfit, "does not let this name in there"),
        (404, Unfit, "has nothing at this address"),
        (410, Unfit, "has nothing at this address"),
        (405, Unfit, "does not speak CalDAV"),
        (501, Unfit, "does not speak CalDAV"),
        (200, Unfit, "does not speak CalDAV"),
        (429, CaptureUnavailable, "answered 429"),
        (503, CaptureUnavailable, "answered 503"),
    ],
)
def test_each_refusal_has_its_words(status: int, kind: type, words: str) -> None:
    with mean(lambda asked: Answer(status, b"<html>Log in</html>")) as server:
        told = trouble(server.address, "/hidden")
    assert type(told) is kind
    assert told.title.startswith("127.0.0.1 ") and words in told.title
    assert told.hint


def test_a_page_that_says_it_is_an_answer_is_none() -> None:
    with mean(lambda asked: Answer(207, b"<!DOCTYPE html><html>Welcome</html>")) as server:
        assert "does not speak CalDAV" in trouble(server.address).title


def test_an_answer_without_an_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST", 100_000)
    for status in (207, 401):
        with mean(lambda asked, status=status: Answer(status, repeat(b"<a>" * 1000))) as server:
            assert trouble(server.address).title.split(" ", 1)[1] in (
                "sends more than 0 MB",
                "did not accept the name or the password",
            )


def test_what_comes_drop_by_drop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "WHOLE_S", 0.3)
    monkeypatch.setattr(fetch, "STEP_S", 0.05)
    left = threading.Event()

    def drops() -> Iterator[bytes]:
        while not left.wait(0.02):
            yield b"<"

    with mean(lambda asked: Answer(207, drops())) as server:
        assert "in time" in trouble(server.address).title
        left.set()


def test_all_questions_together_have_an_end_and_who_stops_is_not_kept_waiting() -> None:
    with mean(lambda asked: FINE) as server:
        asking = dav(server.address)
        asking.ask("PROPFIND", asking.start, b"<x/>")
        asking.within(0.0)
        with pytest.raises(CaptureUnavailable, match="in time"):
            asking.ask("PROPFIND", asking.start, b"<x/>")
        with pytest.raises(CaptureUnavailable, match="in time"):
            dav(server.address, stopping=lambda: True).ask("PROPFIND", asking.start, b"<x/>")


def test_nothing_is_unpacked() -> None:
    with mean(lambda asked: Answer(207, b"x", {"Content-Encoding": "gzip"})) as server:
        assert "packed" in trouble(server.address).title


def digest_of(header: str, method: str) -> bool:
    """Whether it proves the password as RFC 7616 says, with MD5 and qop=auth."""
    given = dict(re.findall(r'(\w+)="?([^",]*)"?', header))
    one = hashlib.md5(f"ada:home:{SECRET}".encode()).hexdigest()
    two = hashlib.md5(f"{method}:{given['uri']}".encode()).hexdigest()
    whole = f"{one}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{two}"
    return hashlib.md5(whole.encode()).hexdigest() == given["response"]


def test_a_server_that_asks_for_a_digest_gets_one() -> None:
    def says(asked: Asked) -> Answer:
        header = asked.headers["Authorization"]
        if header.startswith("Digest ") and digest_of(header, asked.method):
            return FINE
        return Answer(401, headers={"WWW-Authenticate": 'Digest realm="home", qop="auth", nonce="n0"'})

    with mean(says) as server:
        asking = dav(server.address)
        for _ in range(2):
            assert asking.ask("PROPFIND", asking.start, b"<x/>").replies
        assert len(server.asked) == 3  # the second time it knows


@pytest.mark.parametrize(
    "challenge",
    [
        *("", "Basic realm=x", "Digest", "Digest ,,,="),
        'Digest realm="x", nonce="n", algorithm="odd"',
        'Digest realm="x", nonce="n", qop="odd"',
    ],
)
def test_a_wrong_password_is_told_however_it_is_asked_for(challenge: str) -> None:
    with mean(lambda asked: Answer(401, headers={"WWW-Authenticate": challenge})) as server:
        assert isinstance(trouble(server.address), Refused)
        assert len(server.asked) <= 2


@contextmanager
def secure(files: tuple[Path, Path]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_PROPFIND(self) -> None:
            body = FINE.body
            assert isinstance(body, bytes)
            self.send_response(207)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # who asked did not like the certificate

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/hidden"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Has a certificate trusted until the test ends."""

    def trust(file: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        fetch._tls.cache_clear()

    yield trust
    fetch._tls.cache_clear()


def test_a_certificate_is_looked_at(tmp_path: Path, trusted: Callable[[Path], None]) -> None:
    good, old = made(tmp_path), made(tmp_path, days=-1)
    with secure(good) as address:
        assert "a certificate that is not valid" in trouble(address, "").title
        trusted(good[0])
        assert dav(address).ask("PROPFIND", address, b"<x/>").replies
    with secure(old) as address:
        trusted(old[0])
        assert "certificate has expired" in trouble(address, "").title


def test_what_the_system_trusts_is_trusted(
    tmp_path: Path, trusted: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = made(tmp_path)
    system = (
        tmp_path / "system"
    )  # as OpenSSL keeps a folder of them: by a digest of the name, here CN=127.0.0.1
    system.mkdir()
    name = bytes.fromhex("311230100603550403 0c09") + b"127.0.0.1"
    digest = int.from_bytes(hashlib.sha1(name).digest()[:4], "little")
    (system / f"{digest:08x}.0").write_bytes(files[0].read_bytes())
    with secure(files) as address:
        monkeypatch.setenv("SSL_CERT_DIR", str(system))
        trusted(Path(certifi.where()))
        assert dav(address).ask("PROPFIND", address, b"<x/>").replies


def test_https_where_there_is_none_and_where_there_is_nobody() -> None:
    with mean(lambda asked: FINE) as server:
        assert "does not speak https" in trouble(server.address.replace("http:", "https:")).title
    assert trouble(server.address).title == "127.0.0.1 cannot be reached"


@pytest.mark.parametrize(
    ("address", "user"),
    [
        ("http://example.org/hidden", "ada"),
        (f"https://ada:{SECRET}@example.org", "ada"),
        ("https://ada@example.org", "ada"),
        ("ftp://example.org", "ada"),
        ("", "ada"),
        ("https://exa mple.org", "ada"),
        ("https://example.org\n", "a\nb"),
        ("https://example.org", ""),
        ("https://example.org", "ada:b"),
        ("https://[", "ada"),
    ],
)
def test_what_cannot_be_asked_is_told_at_once(address: str, user: str) -> None:
    with pytest.raises(CaptureUnavailable) as caught:
        dav(address, user)
    assert SECRET not in caught.value.title + caught.value.hint and caught.value.hint


def test_an_address_without_a_scheme_is_asked_over_https() -> None:
    assert dav("cloud.example.org/dav").start == "https://cloud.example.org/dav"


def test_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    with mean(lambda asked: FINE) as server:
        asking = dav(server.address)
        asking.ask("PROPFIND", asking.start, b"<x/>")
    assert wait_for(lambda: set(threading.enumerate()) <= before)
