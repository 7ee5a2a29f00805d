"""A small real HTTP server for tests; what it serves is made up, and each test says what."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import platformdirs
import pytest

Handle = Callable[[BaseHTTPRequestHandler], None]
Serve = Callable[[Handle], AbstractContextManager[str]]


@contextmanager
def _serve(handle: Handle) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            handle(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def serve() -> Serve:
    return _serve


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the default model files, for tests marked `model`."""
    own = os.environ.get("GUMPTION_MODELS", "")
    return Path(own) if own else platformdirs.user_data_path("gumption") / "models"
