import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler

import pytest

from gum.errors import AnswerUnusable, ModelUnavailable, SettingsInvalid
from gum.model.remote import OpenAiDecoder, find_servers, is_loopback
from gum.ports import Prompt

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], AbstractContextManager[str]]
PROMPT = Prompt("Be brief.", "Hello", schema={"type": "object"})


class FakeServer:
    """Speaks the chat protocol over real HTTP; the words are made up."""

    def __init__(
        self, content: object = "hi", status: int = 200, raw: bytes | None = None, wait: float = 0
    ) -> None:
        self.content, self.status, self.raw, self.wait = content, status, raw, wait
        self.asked: list[tuple[str, dict[str, object], str | None]] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.asked.append((request.path, json.loads(body or b"{}"), request.headers.get("Authorization")))
        answer: object = {"choices": [{"message": {"role": "assistant", "content": self.content}}]}
        if request.path == "/v1/models":
            answer = {"data": [{"id": "small"}, {"id": "large"}]}
        data = self.raw if self.raw is not None else json.dumps(answer).encode()
        request.send_response(self.status)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        if not self.wait:
            request.wfile.write(data)
            return
        for byte in data:  # drop by drop
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            time.sleep(self.wait)


def test_it_speaks_the_chat_protocol(serve: Serve) -> None:
    fake = FakeServer("hi there")
    with serve(fake) as url:
        answer = OpenAiDecoder(f"{url}/v1/", "small", "secret").complete(PROMPT)
    assert answer == "hi there"
    ((path, body, key),) = fake.asked
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert body["model"] == "small" and body["temperature"] == 0.0
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}  # type: ignore[index]


@pytest.mark.parametrize(
    "content, kept",
    [("<think>hmm {</think>\n[]", "[]"), ("<think>never ends", ""), ("a <think>b</think> c", "a  c")],
)
def test_the_models_thoughts_are_left_out(serve: Serve, content: str, kept: str) -> None:
    with serve(FakeServer(content)) as url:
        assert OpenAiDecoder(f"{url}/v1", "m").complete(PROMPT) == kept


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>It works!</html>",
        b'{"choices": [{"mess',
        b"[]",
        b'{"choices": []}',
        b"null",
        b"\xff\xfe\x00",
    ],
)
def test_garbage_is_unusable_and_says_what_to_check(serve: Serve, raw: bytes) -> None:
    with serve(FakeServer(raw=raw)) as url, pytest.raises(AnswerUnusable) as caught:
        OpenAiDecoder(f"{url}/v1", "m").complete(PROMPT)
    assert caught.value.hint


@pytest.mark.parametrize("content", [None, 3, ["a"]])
def test_an_answer_without_words_is_unusable(serve: Serve, content: object) -> None:
    with serve(FakeServer(content)) as url, pytest.raises(AnswerUnusable):
        OpenAiDecoder(f"{url}/v1", "m").complete(PROMPT)


@pytest.mark.parametrize(
    "status, hint", [(500, "log"), (401, "server_key"), (404, "server_model"), (429, "busy")]
)
def test_a_refusal_names_the_status_and_the_mend(serve: Serve, status: int, hint: str) -> None:
    with serve(FakeServer(status=status)) as url, pytest.raises(ModelUnavailable) as caught:
        OpenAiDecoder(f"{url}/v1", "m").complete(PROMPT)
    assert str(status) in caught.value.title and hint in caught.value.hint


def test_a_server_that_drips_is_given_up(serve: Serve) -> None:
    with serve(FakeServer("x" * 4000, wait=0.02)) as url, pytest.raises(ModelUnavailable) as caught:
        OpenAiDecoder(f"{url}/v1", "m", timeout=0.5).complete(PROMPT)
    assert "0.5 s" in caught.value.title


def test_a_server_that_never_answers_is_given_up_in_time(serve: Serve) -> None:
    over = threading.Event()

    def never(_: BaseHTTPRequestHandler) -> None:
        over.wait()

    with serve(never) as url, pytest.raises(ModelUnavailable) as caught:
        OpenAiDecoder(f"{url}/v1", "m", timeout=0.2).complete(PROMPT)
    over.set()
    assert "0.2 s" in caught.value.title


def test_closed_it_waits_for_no_answer_and_asks_nothing_more(serve: Serve) -> None:
    asked, over = threading.Event(), threading.Event()
    calls: list[str] = []

    def never(request: BaseHTTPRequestHandler) -> None:
        calls.append(request.path)
        asked.set()
        over.wait()

    with serve(never) as url, ThreadPoolExecutor(1) as pool:
        decoder = OpenAiDecoder(f"{url}/v1", "m", timeout=600.0)
        answer = pool.submit(decoder.complete, PROMPT)
        asked.wait()
        decoder.close()
        decoder.close()
        for call in (answer.result, lambda: decoder.complete(PROMPT)):
            with pytest.raises(ModelUnavailable) as caught:
                call()
            assert caught.value.title == "Gumption is closing"
        over.set()
    assert len(calls) == 1


def test_a_server_that_breaks_off_or_is_down_is_unavailable(serve: Serve) -> None:
    def hang_up(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b'{"cho')

    with serve(hang_up) as url, pytest.raises(ModelUnavailable):
        OpenAiDecoder(f"{url}/v1", "m").complete(PROMPT)
    with pytest.raises(ModelUnavailable) as down:
        OpenAiDecoder(f"{url}/v1", "m").complete(PROMPT)
    assert "gumption doctor" in down.value.hint


def test_a_redirect_is_not_followed_with_the_key(serve: Serve) -> None:
    thief = FakeServer()
    with serve(thief) as other:

        def away(request: BaseHTTPRequestHandler) -> None:
            request.send_response(307)
            request.send_header("Location", other)
            request.end_headers()

        with serve(away) as url, pytest.raises(ModelUnavailable):
            OpenAiDecoder(f"{url}/v1", "m", "secret").complete(PROMPT)
    assert thief.asked == []


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/v1", "127.0.0.1:11434", "http://"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(SettingsInvalid):
        OpenAiDecoder(url, "m")


def test_servers_are_found_by_what_they_answer(serve: Serve) -> None:
    with (
        serve(FakeServer()) as good,
        serve(FakeServer(raw=b"hello")) as bad,
        serve(FakeServer(status=404)) as no,
    ):
        ports = [int(url.rsplit(":", 1)[1]) for url in (good, bad, no)]
        found = find_servers([*ports, 9], timeout=5.0)
    assert [(f.url, f.models) for f in found] == [(f"http://127.0.0.1:{ports[0]}/v1", ("small", "large"))]


@pytest.mark.parametrize(
    "url, stays",
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://192.168.1.4/v1", False),
        ("https://api.example.org/v1", False),
    ],
)
def test_what_leaves_the_machine_is_known(url: str, stays: bool) -> None:
    assert is_loopback(url) is stays


@pytest.mark.parametrize(
    "url", ["https://api.example.org/v1", "http://192.168.1.4/v1", "http://0.0.0.0:1/v1"]
)
def test_a_server_elsewhere_is_used_only_when_that_is_asked_for(url: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        OpenAiDecoder(url, "m")
    assert "not on this machine" in refused.value.title and "allow_remote" in refused.value.hint
    assert not OpenAiDecoder(url, "m", allow_remote=True).local


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://api.example.org/v1", None),
        ("http://8.8.8.8/v1", None),
        ("http://192.168.1.4/v1", "secret"),
        ("http://studio.local/v1", "secret"),
    ],
)
def test_what_all_the_world_could_read_on_its_way_is_not_sent(url: str, key: str | None) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        OpenAiDecoder(url, "m", key, allow_remote=True)
    assert "https://" in refused.value.hint
    OpenAiDecoder(url.replace("http:", "https:"), "m", key, allow_remote=True)


@pytest.mark.parametrize("url", ["http://192.168.1.4/v1", "http://studio.local/v1", "http://nas/v1"])
def test_in_the_house_plain_http_will_do_without_a_key(url: str) -> None:
    assert not OpenAiDecoder(url, "m", allow_remote=True).local
