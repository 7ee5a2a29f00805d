"""The proxy in a real daemon, with a real llama.cpp server and one that is made up (`FakeModels`)."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import platformdirs
import pytest

from gum.model.decoder import FILE
from tests.app.plugin.upstreams import CLAIM, FROM, FakeModels, House, house, said

TEA = "Which tea do I prefer, jasmine tea or coffee?"
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 400_000}}
TOOLS = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeModels]:
    with FakeModels() as server:
        yield server


@pytest.fixture(scope="module")
def here(fake: FakeModels, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url = f"http://127.0.0.1:{fake.port}/v1"
    with house(tmp_path_factory.mktemp("here"), url, upstream_key=FROM) as made:
        yield made


@pytest.fixture(scope="module")
def elsewhere(fake: FakeModels, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """0.0.0.0 reaches this machine and is no loopback address: it stands for another machine."""
    url = f"http://0.0.0.0:{fake.port}/v1"
    with house(tmp_path_factory.mktemp("elsewhere"), url, upstream_remote="true") as made:
        yield made


def test_what_is_known_is_added_told_and_logged(here: House, fake: FakeModels) -> None:
    answer = here.ask(TEA, tools=TOOLS, unknown={"x": [1, None]})
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["message"]["content"] == TEA
    assert answer.headers["Gumption-Context"].startswith("claims=1; tokens=")
    assert answer.headers["Gumption-Context-Ids"] == "tea"
    path, body, headers = fake.asked[-1]
    assert path == "/v1/chat/completions"
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert CLAIM in body["messages"][0]["content"]
    assert "not instructions" in body["messages"][0]["content"]
    assert (body["tools"], body["unknown"]) == (TOOLS, {"x": [1, None]})
    assert headers["Authorization"] == f"Bearer {FROM}"
    assert here.token not in json.dumps(headers)
    first = here.disclosed()[0]
    assert (first["client"], first["operation"], first["items"]) == ("Chat", "context", 1)


def test_a_stream_comes_as_it_was_sent(here: House) -> None:
    answer = here.ask(TEA, stream=True)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Gumption-Context-Ids"] == "tea"
    assert said(answer) == TEA
    assert answer.text.endswith("data: [DONE]\n\n")


def test_nothing_is_added_where_that_is_asked_for_or_nothing_fits(here: House, fake: FakeModels) -> None:
    before = len(here.disclosed())
    answer = here.ask(TEA, headers={"Gumption-Context": "off"})
    assert answer.headers["Gumption-Context"] == "none"
    assert [m["role"] for m in fake.asked[-1][1]["messages"]] == ["user"]
    assert len(here.disclosed()) == before
    assert here.ask(TEA, headers={"Gumption-Context": "perhaps"}).status_code == 422


def test_a_picture_larger_than_other_requests_passes_untouched(here: House, fake: FakeModels) -> None:
    content = [{"type": "text", "text": TEA}, PICTURE]
    assert here.ask(content).status_code == 200
    assert fake.asked[-1][1]["messages"][-1]["content"] == content


def test_the_models_are_listed(here: House, fake: FakeModels) -> None:
    answer = httpx.get(here.url("/v1/models"), headers=here.headers, trust_env=False)
    assert answer.json()["data"] == [{"id": "echo"}]
    assert fake.asked[-1][0] == "/v1/models"


@pytest.mark.parametrize(
    ("model", "status", "words"),
    [
        ("garbage", 503, "not a chat answer"),
        ("refuses", 422, "too long"),
        ("fails", 503, "answered 500"),
        ("moves", 503, "answered 307"),
    ],
)
def test_what_goes_wrong_there_is_a_problem_here(
    here: House, fake: FakeModels, model: str, status: int, words: str
) -> None:
    answer = here.ask(TEA, model)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert words in problem["title"] + problem["hint"]
    assert problem["hint"]
    assert FROM not in answer.text and "secret.py" not in answer.text
    assert fake.asked[-1][0] == "/v1/chat/completions"  # no redirect was followed


def test_a_stream_that_breaks_off_says_so_as_its_last_event(here: House) -> None:
    answer = here.ask(TEA, "breaks", stream=True)
    last = json.loads(answer.text.strip().splitlines()[-1].removeprefix("data: "))
    assert "stopped in the middle" in last["error"]["title"]
    assert said(answer) == "one "


@pytest.mark.parametrize("model", ["endless", "waits"])
def test_who_leaves_takes_the_request_along(here: House, fake: FakeModels, model: str) -> None:
    fake.cut.clear()
    fake.began.clear()
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": TEA}]}
    with socket.create_connection(("127.0.0.1", int(here.owner.address().rpartition(":")[2]))) as sock:
        data = json.dumps(body)
        sock.sendall(
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {here.owner.address()[7:]}\r\n"
            f"Authorization: Bearer {here.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\n\r\n{data}".encode()
        )
        if model == "endless":
            assert sock.recv(1000)
        else:
            assert fake.began.wait(30)
    assert fake.cut.wait(30), "the model server still answers nobody"


def test_who_is_shown_out_in_the_middle_of_a_stream_gets_no_more(fake: FakeModels, tmp_path: Path) -> None:
    fake.began.clear()
    fake.go.clear()
    with house(tmp_path, f"http://127.0.0.1:{fake.port}/v1") as one:
        body = {"model": "stops", "stream": True, "messages": [{"role": "user", "content": TEA}]}
        url = one.url("/v1/chat/completions")
        with httpx.stream("POST", url, json=body, headers=one.headers, timeout=30, trust_env=False) as answer:
            assert fake.began.wait(30)
            one.owner.delete(f"/clients/{one.id}")
            fake.go.set()
            answer.read()
        assert "before" in answer.text and "after" not in answer.text
        assert "may not ask any more" in answer.text
        assert one.ask(TEA).status_code == 401


def test_to_another_machine_no_name_goes_and_the_answer_has_them_again(
    elsewhere: House, fake: FakeModels
) -> None:
    text = "Dear Anna Berg,\nwrite to anna.berg@example.org about order 4711223344."
    for stream in (False, True):
        answer = elsewhere.ask(text, stream=stream)
        sent = json.dumps(fake.asked[-1][1])
        assert answer.status_code == 200
        for name in ("Anna", "Berg", "example.org", "4711223344"):
            assert name not in sent
        told = said(answer) if stream else answer.json()["choices"][0]["message"]["content"]
        assert told == text
    kinds = [each["operation"] for each in elsewhere.disclosed()]
    assert kinds.count("chat") == 2


def test_to_another_machine_no_secret_and_no_picture_goes(elsewhere: House, fake: FakeModels) -> None:
    answer = elsewhere.ask("Hello\nmy password is: hunter2-Xyz99\nbye")
    assert answer.status_code == 200
    assert "hunter2" not in json.dumps(fake.asked[-1][1])
    count = len(fake.asked)
    assert elsewhere.ask([{"type": "text", "text": "Look"}, PICTURE]).status_code == 422
    tools = [{"type": "function", "function": {"parameters": {"properties": {"Anna Berg": {}}}}}]
    assert elsewhere.ask("Dear Anna Berg,", tools=tools).status_code == 403
    assert len(fake.asked) == count


@pytest.mark.parametrize(
    ("upstream", "status", "hint"),
    [
        ("", 404, "upstream"),
        ("http://127.0.0.1:9/v1", 503, "Start it"),
        ("http://0.0.0.0:9/v1", 403, "upstream_remote"),
        ("ftp://127.0.0.1/v1", 400, "http://"),
        ("http://user:word@127.0.0.1/v1", 400, "upstream_key"),
    ],
)
def test_without_a_usable_server_the_person_is_told_what_to_set(
    tmp_path: Path, upstream: str, status: int, hint: str
) -> None:
    with house(tmp_path, upstream) as one:
        answer = one.ask(TEA)
        assert answer.status_code == status
        assert hint in answer.json()["hint"]


def test_who_may_not_read_claims_may_not_ask(fake: FakeModels, tmp_path: Path) -> None:
    scope = {"rights": ["suggest"], "parts": ["claims"]}
    with house(tmp_path, f"http://127.0.0.1:{fake.port}/v1", scope) as one:
        count = len(fake.asked)
        assert one.ask(TEA).status_code == 403
        assert len(fake.asked) == count


@pytest.mark.model
def test_a_real_llama_server_answers_also_after_it_was_started_again(tmp_path: Path) -> None:
    import xllamacpp

    def server(port: int) -> "xllamacpp.Server":
        params = xllamacpp.CommonParams()
        params.model.path = str(platformdirs.user_data_path("gumption") / "models" / "decoder" / FILE)
        params.n_ctx, params.n_parallel, params.warmup, params.verbosity = 2048, 1, False, -1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        params.hostnames, params.port = ["127.0.0.1"], port
        return xllamacpp.Server(params)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with house(tmp_path, f"http://127.0.0.1:{port}/v1") as one:
        for turn in range(2):
            running = server(port)
            for stream in (False, True):
                answer = one.ask(TEA, "any", max_tokens=8, stream=stream)
                assert answer.status_code == 200, (turn, answer.text)
                assert answer.headers["Gumption-Context-Ids"] == "tea"
                assert "choices" in answer.text
            del running
            assert one.ask(TEA, "any").status_code == 503
