import base64
import gzip
import logging
import socket
import threading
from contextlib import suppress

import pytest

from gum.errors import CaptureUnavailable
from observers import fetch
from observers.fetch import Remote, is_address
from tests.observers.ics_server import serving
from tests.observers.recorder import wait_for

SECRET = "s3cret-of-ada"


def trouble(remote: Remote) -> CaptureUnavailable:
    with pytest.raises(CaptureUnavailable) as caught:
        remote.fetch()
    assert SECRET not in repr((caught.value.title, caught.value.hint, caught.value.__cause__))
    return caught.value


def test_what_did_not_change_is_not_sent_again() -> None:
    with serving(b"one", etag='"1"') as served:
        remote = Remote(served.address)
        assert remote.fetch() == b"one"
        assert remote.fetch() is None
        assert served.asked[1][1]["If-None-Match"] == '"1"'
        served.body, served.etag = b"two", '"2"'
        assert remote.fetch() == b"two"


def test_what_is_sent_again_though_it_did_not_change_is_no_news() -> None:
    with serving(b"one", headers={"Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}) as served:
        remote = Remote(served.address)
        assert [remote.fetch(), remote.fetch()] == [b"one", None]
        assert served.asked[1][1]["If-Modified-Since"] == "Mon, 23 Nov 2026 10:00:00 GMT"


def test_a_password_goes_to_the_server_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with serving(b"one") as served, serving(b"other") as other:
        address = served.address.replace("//", f"//ada%40example.org:{SECRET}@")
        assert Remote(address + "/a?b=c#d").fetch() == b"one"
        path, headers = served.asked[0]
        expected = base64.b64encode(f"ada@example.org:{SECRET}".encode()).decode()
        assert (path, headers["Authorization"]) == ("/a?b=c", f"Basic {expected}")
        served.status, served.headers = 302, {"Location": other.address}
        assert Remote(address).fetch() == b"other"
        assert "Authorization" not in other.asked[0][1]
    assert SECRET not in caplog.text


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500])
def test_a_refusal_names_the_host_and_what_can_be_done(status: int) -> None:
    with serving(b"no", status=status) as served:
        found = trouble(Remote(f"{served.address}/{SECRET}"))
    assert found.title == f"127.0.0.1 answered {status}"
    assert found.hint


@pytest.mark.parametrize(
    "target", ["http://example.org/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "", "https://", "http://["]
)
def test_it_is_not_led_out_of_https(target: str) -> None:
    with serving(status=302, headers={"Location": target}) as served:
        found = trouble(Remote(f"{served.address}/{SECRET}"))
    assert "not safe" in found.title


def test_it_is_not_led_round_and_round() -> None:
    with serving(status=301, headers={"Location": f"/{SECRET}"}) as served:
        assert "on and on" in trouble(Remote(f"{served.address}/{SECRET}")).title
        assert len(served.asked) == fetch.HOPS


def test_more_than_enough_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST", 1000)
    with serving(b"x" * 1000) as served:
        assert Remote(served.address).fetch() == b"x" * 1000
        served.body = b"x" * 1001
        assert "more than" in trouble(Remote(served.address)).title


def test_nothing_is_unpacked() -> None:
    with serving(gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"}) as served:
        assert "packed" in trouble(Remote(served.address)).title
        assert served.asked[0][1]["Accept-Encoding"] == "identity"


def test_who_stops_is_not_kept_waiting() -> None:
    with serving(b"x") as served:
        assert "in time" in trouble(Remote(served.address, lambda: True)).title


def test_a_server_that_is_not_there_or_says_nothing_of_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "WAIT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/{SECRET}"
        assert "in time" in trouble(Remote(address)).title

        def answer() -> None:
            with silent.accept()[0] as first, silent.accept()[0] as second:
                first.close()
                second.sendall(b"what?\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert "cannot be reached" in trouble(Remote(address)).title
        thread.join()
    assert "cannot be reached" in trouble(Remote(address)).title


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "calendar-fetch"]


@pytest.mark.parametrize("drop", [b"X", b"HTTP/1.1 103 Early Hints\r\n\r\n"])
@pytest.mark.parametrize("stops", [True, False])
def test_a_server_that_never_gets_to_the_point_is_left(
    drop: bytes, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "WHOLE_S", 600.0 if stops else 0.3)
    monkeypatch.setattr(fetch, "STEP_S", 0.05)
    left, asked, before = threading.Event(), threading.Event(), set(threads())
    with socket.create_server(("127.0.0.1", 0)) as mean:

        def drip() -> None:
            with mean.accept()[0] as one, suppress(OSError):
                one.sendall(b"HTTP/1.1 200 OK\r\nX" if drop == b"X" else drop)
                asked.set()
                while not left.wait(0.02):
                    one.sendall(drop)

        server = threading.Thread(target=drip)
        server.start()
        address = f"http://127.0.0.1:{mean.getsockname()[1]}/{SECRET}"
        found = trouble(Remote(address, lambda: stops and asked.is_set()))
        assert "in time" in found.title
        assert wait_for(lambda: set(threads()) <= before)
        left.set()
        server.join()


def test_a_proxy_of_an_odd_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "odd://127.0.0.1:1")
    assert "proxy" in trouble(Remote(f"https://example.org/{SECRET}")).title


@pytest.mark.parametrize(
    "address", ["webcal://Example.org/a", "https://example.org:8443/a", "webcals://example.org"]
)
def test_addresses_that_are_asked(address: str) -> None:
    assert is_address(address)
    assert Remote(address).where == "example.org"


@pytest.mark.parametrize(
    "address",
    [
        f"http://example.org/{SECRET}",
        f"http://u:{SECRET}@example.org",
        f"ftp://example.org/{SECRET}",
        "https://",
        f"https://[/{SECRET}",
        f"https://example.org:port/{SECRET}",
        f"http://127.0.0.1.example.org/{SECRET}",
    ],
)
def test_addresses_that_are_not_asked(address: str) -> None:
    with pytest.raises(CaptureUnavailable) as caught:
        Remote(address)
    assert SECRET not in caught.value.title + caught.value.hint


def test_a_file_is_no_address() -> None:
    assert not is_address("/home/ada/work.ics")
    assert not is_address("~/calendars")
