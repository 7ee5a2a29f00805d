from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from app.local_server import LocalServer, resolver_rules


class Hello(LocalServer):
    def handler(self) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"hello")

            def log_message(self, format: str, *args: object) -> None:
                return

        return Handler


def test_it_answers_while_it_is_open_and_not_after() -> None:
    server = Hello()
    with server:
        port = server.port
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")
    with pytest.raises(AssertionError, match="with block"):
        _ = server.port


def test_chromium_is_sent_here_for_our_hosts_and_nowhere_else() -> None:
    assert resolver_rules(["a.test", "b.test"], 80) == (
        "--host-resolver-rules=MAP a.test 127.0.0.1:80, MAP b.test 127.0.0.1:80, "
        "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    )
