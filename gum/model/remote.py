"""A language model behind any OpenAI-compatible server: Ollama, llama.cpp, LM Studio, vLLM.

Nothing is sent anywhere but to the address in the settings. Servers on this machine are looked for
on their usual ports, by name list only; finding one uses nothing of it.
"""

import ipaddress
import json
import logging
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Thread
from urllib.parse import urlsplit

import httpx

from gum.errors import AnswerUnusable, ModelUnavailable, SettingsInvalid
from gum.ports import Prompt

log = logging.getLogger(__name__)

PORTS: Mapping[int, str] = {11434: "Ollama", 8080: "llama.cpp", 1234: "LM Studio", 8000: "vLLM"}
MAX_ANSWER = 4 << 20  # bytes; a chat answer is a few kilobytes
PROBE_S = 0.5

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A server on this machine: which program usually has that port, its address, its models."""

    name: str
    url: str
    models: tuple[str, ...]


class OpenAiDecoder:
    """A `gum.ports.Decoder`. Thread-safe; one connection a call."""

    takes_grammar = False

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        timeout: float = 60.0,
        allow_remote: bool = False,
    ) -> None:
        """`base_url` ends before "/chat/completions"; `timeout` is for a whole answer, in seconds.

        Raises SettingsInvalid for an address that is not http(s), and for one that is not on this machine
        unless `allow_remote`.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsInvalid(
                "The model server's address cannot be used", "It looks like http://127.0.0.1:11434/v1."
            )
        self._where = parts.netloc.rpartition("@")[2]
        self._local = is_loopback(base_url)
        if not self._local and not allow_remote:
            raise SettingsInvalid(
                f"The model server {self._where} is not on this machine, and nothing leaves it unasked",
                "Use a server on 127.0.0.1, or write allow_remote = true under [model] in the settings.",
            )
        if parts.scheme == "http" and not self._local and (api_key or not in_house(parts.hostname)):
            raise SettingsInvalid(
                f"What goes to the model server {self._where} could be read by everybody on the way",
                "Use an https:// address. Plain http is for this machine, and without a key for the house.",
            )
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._closing: Future[bytes] = Future()  # settled by `close`

    @property
    def name(self) -> str:
        return self._model

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return self._local

    @property
    def where(self) -> str:
        """Its host and port."""
        return self._where

    def complete(self, prompt: Prompt) -> str:
        """The answer's text without the model's thoughts. Raises ModelUnavailable, AnswerUnusable."""
        body: dict[str, object] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "max_tokens": prompt.max_tokens,
            "temperature": prompt.temperature,
            "stream": False,
        }
        if prompt.schema is not None:
            schema = {"name": "answer", "strict": True, "schema": dict(prompt.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return _THOUGHT.sub("", self._text(self._post(body))).strip()

    def close(self) -> None:
        """A call under way raises ModelUnavailable at once, and so does every later one."""
        with suppress(InvalidStateError):  # closed before
            self._closing.set_result(b"")

    def _post(self, body: Mapping[str, object]) -> bytes:
        """The whole answer, unless it is given up before.

        It is waited for in a thread of its own that nobody joins: a call of httpx cannot be broken off, and
        Python waits at its end for every other thread.
        """
        answer: Future[bytes] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._fetch(body))
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
                answer.set_exception(error)

        if not self._closing.done():
            Thread(target=ask, name="model-server", daemon=True).start()
            wait({answer, self._closing}, self._timeout, FIRST_COMPLETED)
        if self._closing.done():
            raise ModelUnavailable("Gumption is closing")
        if not answer.done():
            raise self._late()
        return answer.result()

    def _late(self) -> ModelUnavailable:
        return ModelUnavailable(
            f"The model server at {self._where} did not answer within {self._timeout:g} s",
            "It may be loading a large model. Try again, or choose a smaller model.",
        )

    def _fetch(self, body: Mapping[str, object]) -> bytes:
        """The whole answer, within the time limit even if it comes drop by drop."""
        deadline = time.monotonic() + self._timeout
        data = bytearray()
        try:
            # A proxy from the environment has no business with a server on this machine.
            with (
                httpx.Client(timeout=self._timeout, trust_env=not self._local, verify=_tls()) as client,
                client.stream("POST", self._url, json=body, headers=self._headers) as answer,
            ):
                for chunk in answer.iter_bytes():
                    data += chunk
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("slow")
                    if len(data) > MAX_ANSWER:
                        raise AnswerUnusable(f"The model server at {self._where} never stopped talking")
                status = answer.status_code
        except httpx.TimeoutException as error:
            raise self._late() from error
        except httpx.HTTPError as error:
            raise ModelUnavailable(
                f"The model server at {self._where} cannot be reached",
                "Start it, or change server_url in the settings; `gumption doctor` lists servers it finds.",
            ) from error
        if status != httpx.codes.OK:
            raise ModelUnavailable(f"The model server at {self._where} answered {status}", _hint(status))
        return bytes(data)

    def _text(self, data: bytes) -> str:
        try:
            answer = json.loads(data)
            text = answer["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise AnswerUnusable(
                f"The model server at {self._where} answered something that is not a chat answer",
                "Check that server_url ends in /v1 and belongs to an OpenAI-compatible server.",
            ) from error
        if not isinstance(text, str):
            raise AnswerUnusable(f"The model {self._model} gave an empty answer", "Try another model.")
        return text


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificates costs 25 ms, more than a small model's answer begins with."""
    return httpx.create_ssl_context()


def _hint(status: int) -> str:
    if status in (401, 403):
        return "It wants a key: set server_key in the settings."
    if status == 404:
        return "Check server_url and server_model in the settings; `gumption doctor` lists what it finds."
    if status == 429:
        return "It is busy or a limit is reached. It is tried again later."
    return "Look at the server's own log."


def is_loopback(url: str) -> bool:
    """Whether an address stays on this machine. A name other than localhost does not count."""
    try:
        host = urlsplit(url).hostname or ""
        if host == "localhost":
            return True
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def find_servers(ports: Mapping[int, str] | Sequence[int] = PORTS, timeout: float = PROBE_S) -> list[Found]:
    """Servers on 127.0.0.1 that list models, in the order of `ports`; takes `timeout` seconds or so."""
    with ThreadPoolExecutor(max_workers=max(1, len(ports))) as pool:
        found = pool.map(lambda port: _probe(port, timeout), ports)
        return [server for server in found if server is not None]


def _probe(port: int, timeout: float) -> Found | None:
    url = f"http://127.0.0.1:{port}/v1"
    deadline = time.monotonic() + timeout
    data = bytearray()
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=False) as client,
            client.stream("GET", f"{url}/models") as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                return None
            for chunk in answer.iter_bytes():
                data += chunk
                if time.monotonic() > deadline or len(data) > MAX_ANSWER:
                    return None
        rows = json.loads(data)["data"]
        models = tuple(str(row["id"]) for row in rows)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None  # nobody there, or somebody who is no model server: both are no news
    return Found(PORTS.get(port, "a model server"), url, models)


def in_house(host: str) -> bool:
    """Whether a host is of one's own network: a private address, or a name that no other network knows."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".home.arpa", ".internal"))
