"""The real daemon against what else may run on this machine: other programs, and pages in a real browser."""

import json
import os
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from app.client import Client
from app.desktop import chromium_argv
from tests.app.living import daemon, paths_under, without_display

EVIL = "evil.example"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[Client]:
    # FLOOD=no: nothing is observed, so that whatever changes was changed by somebody
    env = {**without_display(), "GUMPTION_MODELS": str(home), "FLOOD": "no"}
    env["GUMPTION_PLUGIN__SOCKET"] = str(home / "data" / "door")
    env["GUMPTION_PLUGIN__LISTEN"] = "127.0.0.3"
    with daemon(home, env, "tests.app.flood") as running:
        yield running


def port(client: Client) -> int:
    return int(client.address().rsplit(":", 1)[1])


def raw(client: Client, said: bytes, half: bool = False) -> bytes:
    """What is answered to these bytes; nothing when it hung up while we spoke."""
    with socket.create_connection(("127.0.0.1", port(client)), timeout=60) as sock:
        heard = b""
        with suppress(ConnectionError):
            sock.sendall(said)
            if half:
                sock.shutdown(socket.SHUT_WR)
            while part := sock.recv(65536):
                heard += part
        return heard


def lines(client: Client, *more: bytes, path: bytes = b"/status", host: bool = True) -> bytes:
    ours = [b"Host: 127.0.0.1:%d" % port(client), b"Authorization: Bearer " + client.token().encode()]
    first = b"GET " + path + b" HTTP/1.1"
    return b"\r\n".join([first, *(ours if host else ours[1:]), *more, b"Connection: close", b"", b""])


def code(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def test_raw_requests_that_want_to_be_read_in_two_ways(client: Client) -> None:
    assert code(raw(client, lines(client))) == 200
    ours = b"Host: 127.0.0.1:%d" % port(client)
    smuggled = b"GET /shutdown HTTP/1.1\r\nHost: x\r\n\r\n"
    for said in (
        lines(client, ours),
        lines(client, host=False),
        lines(client, b"Host: evil.example", host=False),
        lines(client, "Host: ｌocalhost:1".encode(), host=False),
        lines(client, b"Host:\x00127.0.0.1", host=False),
        lines(client, b"Content-Length: 5", b"Content-Length: 6") + smuggled,
        lines(client, b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n" + smuggled,
        lines(client, b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity") + smuggled,
        lines(client, b"Transfer-Encoding: \x0bchunked") + smuggled,
        lines(client, b"Content-Length: +5") + b"12345" + smuggled,
        lines(client, b"Authorization: Bearer x"),
        lines(client, b"A: \x00"),
        lines(client, *[b"A%d: b" % n for n in range(5000)]),
        lines(client, b"A: " + b"b" * 500_000),
        lines(client, path=b"//status"),
        lines(client, path=b"/%2e%2e/status"),
        lines(client, path=b"http://evil.example/status"),
        lines(client, path="/stätus".encode()),
        b"GET /status\r\n\r\n",
        b"PRI * HTTP/2.0\r\nConnection: close\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x00\xff" + bytes(300),
        bytes(100_000),
    ):
        answer = raw(client, said)
        assert not answer or 400 <= code(answer) < 500, (said[:200], answer[:200])
        assert answer.count(b"HTTP/1.1 ") <= 1, answer
        assert not answer or b"nosniff" in answer
        assert client.token().encode() not in answer
    assert client.get("/status")["state"]


def test_without_its_own_token_nobody_is_answered(client: Client) -> None:
    client.post("/clients", {"name": "somebody"})
    ours = b"Host: 127.0.0.1:%d\r\nConnection: close\r\n" % port(client)
    shown = (b"", b"Authorization: Bearer gmp_aaaaaaaaaaaaaaaa_" + b"A" * 43 + b"\r\n")
    owners = b"Authorization: Bearer " + client.token().encode() + b"\r\n"
    tried = 0
    for method, path in jobs(client):
        clients = path.startswith(("/v1", "/mcp"))
        if path.startswith("/v1/pair"):
            continue
        for token in (*shown, owners) if clients else shown:
            said = f"{method} {path} HTTP/1.1\r\n".encode() + ours + token + b"Content-Length: 0\r\n\r\n"
            answer = raw(client, said)
            assert code(answer) == 401, (method, path, token[:30], answer[:200])
            tried += 1
    assert tried > 120


def test_malformed_and_oversized_bodies(client: Client) -> None:
    for body in (b"{", b"[" * 100_000, b"\xff\xfe", b'{"minutes": NaN}', b'"\\ud800"', b"x" * 300_000):
        for path in (b"/forget", b"/v1/pair", b"/mcp"):
            head = lines(
                client, b"Content-Type: application/json", b"Content-Length: %d" % len(body), path=path
            )
            answer = raw(client, head.replace(b"GET", b"POST", 1) + body)
            assert not answer or 400 <= code(answer) < 500, (path, body[:20], answer[:200])


def test_half_closed_connections_and_hundreds_of_idle_ones_keep_nobody_out(client: Client) -> None:
    raw(client, lines(client), half=True)
    raw(client, b"GET /sta", half=True)
    with ExitStack() as open_ones:
        for number in range(300):
            sock = open_ones.enter_context(socket.create_connection(("127.0.0.1", port(client)), timeout=30))
            if number % 2:
                sock.sendall(b"POST /status HTTP/1.1\r\nHo")
            if number % 30 == 0:
                assert client.get("/status")["state"]
        for _ in range(20):
            assert client.get("/status")["state"]


def test_files_are_for_the_person_alone(client: Client, home: Path) -> None:
    paths = paths_under(home)
    raw_files = [paths.token_file, paths.database, paths.daemon_file, paths.log, paths.data / "door"]
    files = [*(f for f in raw_files if f.exists()), paths.data / "tls-key.pem"]
    assert {paths.token_file, paths.database, paths.data / "door"} <= set(files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {folder.stat().st_mode & 0o777 for folder in (paths.data, paths.config)} == {0o700}
    if os.getuid() == 0:
        assert _opened_as_another(files) == []


def _opened_as_another(files: list[Path]) -> list[str]:
    """Which of them a process of another user can open, or talk to."""
    child = (
        "import os, socket, sys\n"
        "for file in sys.argv[1:]:\n"
        "    try:\n"
        "        open(file, 'rb').close()\n"
        "        print(file)\n"
        "    except OSError:\n"
        "        pass\n"
        "    try:\n"
        "        socket.socket(socket.AF_UNIX).connect(file)\n"
        "        print(file)\n"
        "    except OSError:\n"
        "        pass\n"
    )
    argv = ["/usr/bin/python3", "-c", child, *map(str, files)]
    told = subprocess.run(
        argv, user=65534, group=65534, extra_groups=[], capture_output=True, text=True, check=True, cwd="/"
    )
    return told.stdout.split()


# a page

PAGE = """<!doctype html><title>x</title><body><script>
const jobs = JOBS, found = [], within = (p) => Promise.race([p, new Promise(r => setTimeout(r, 4000, null))]);
const seen = (how, base, method, path, what) => found.push([how, base, method, path, what]);
async function get(how, base, method, path, more) {
  try {
    const a = await fetch(base + path, {method, ...more});
    if (a.type !== 'opaque') seen(how, base, method, path, [a.status, (await a.text()).slice(0, 500)]);
  } catch (e) {}
}
const element = (name, base, method, path) => new Promise(done => {
  const e = document.createElement(name);
  e.onload = () => { seen(name, base, method, path, 'loaded'); done(); };
  e.onerror = () => done();
  e.src = base + path; document.body.append(e);
});
const body = (m) => (m === 'GET' || m === 'HEAD') ? {} : {body: '{"everything": true, "name": "evil"}'};
async function one(base, method, path) {
  await get('cors', base, method, path, {...body(method),
    headers: {'Authorization': 'Bearer guess', 'Content-Type': 'application/json'}});
  await get('bare', base, method, path, body(method));
  if (['GET', 'POST', 'HEAD'].includes(method))
    await get('no-cors', base, method, path, {mode: 'no-cors', credentials: 'include', ...body(method)});
  if (method !== 'GET') return;
  await within(element('img', base, method, path));
  await within(element('script', base, method, path));
}
async function once(base, path) {
  const frame = document.createElement('iframe'); frame.name = 'f'; document.body.append(frame);
  const form = document.createElement('form');
  form.action = base + path; form.method = 'post'; form.target = 'f'; form.enctype = 'text/plain';
  const field = document.createElement('input');
  field.name = '{"everything": true, "x": "'; field.value = '"}';
  form.append(field); document.body.append(form); form.submit();
  await new Promise(r => setTimeout(r, 50));
  frame.remove(); form.remove();
  await within(new Promise(done => {
    const s = new EventSource(base + path);
    s.onopen = () => { seen('events', base, 'GET', path, 'open'); s.close(); done(); };
    s.onerror = () => { s.close(); done(); };
  }));
}
const socket = (base, path) => new Promise(done => {
  const s = new WebSocket((base || location.origin).replace('http', 'ws') + path);
  s.onopen = () => { seen('socket', base, 'GET', path, 'open'); s.close(); done(); };
  s.onerror = () => done();
});
(async () => {
  for (const base of BASES) {
    for (const [method, path] of jobs) await one(base, method, path);
    for (const path of new Set(jobs.map(j => j[1]))) await once(base, path);
  }
  // all at once: Chromium makes the next one wait, and longer each time, when one has failed
  const sockets = BASES.flatMap(base => jobs.map(job => socket(base, job[1])));
  await Promise.race([Promise.all(sockets), new Promise(r => setTimeout(r, 20000))]);
  await fetch('/result', {method: 'POST', body: JSON.stringify({found, tried: jobs.length})});
})();
</script>"""


class Rebound(socketserver.ThreadingTCPServer):
    """Serves the page under a name, and once it is loaded hands every byte of it on to the daemon's port.

    So do the answers of a name server that tells another address the second time: what the browser sends is
    the same to the byte. The page lies at 127.0.0.2, at the daemon's own port number.

    The browser takes `localhost` for 127.0.0.2, too: what the page asks of the daemon by its right name comes
    through here, and `answers` notes what it was answered, which the page itself cannot see.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, daemon_port: int, page: str) -> None:
        super().__init__(("127.0.0.2", daemon_port), Handed)
        self.daemon_port, self.page = daemon_port, page
        self.handed = 0
        self.answers: list[tuple[str, int]] = []
        self.result: dict[str, object] = {}
        self.told = threading.Event()


class Handed(socketserver.StreamRequestHandler):
    server: Rebound
    timeout = 20

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        fields = dict(each.split(b": ", 1) for each in head.split(b"\r\n")[1:-2])
        body = self.rfile.read(int(fields.get(b"Content-Length", b"0")))
        if head.startswith(b"GET /page "):
            page = self.server.page.encode()
            kind = b"Content-Type: text/html\r\nConnection: close\r\n"
            self.wfile.write(b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n" % (kind, len(page)) + page)
        elif head.startswith(b"POST /result "):
            self.server.result = json.loads(body)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.server.told.set()
        else:
            self.server.handed += 1
            with socket.create_connection(("127.0.0.1", self.server.daemon_port), timeout=20) as daemon_side:
                # one request a connection, so that the next one comes through here, too
                lasting = b"Connection: keep-alive"
                daemon_side.sendall(head.replace(lasting, b"Connection: close") + body)
                answer = b""
                while part := daemon_side.recv(65536):
                    answer = answer or part
                    self.wfile.write(part)
            if fields[b"Host"].startswith(b"localhost:"):
                self.server.answers.append((head.split(b"\r\n", 1)[0].decode(), code(answer)))


@contextmanager
def browser(url: str, profile: Path, name_at: str) -> Iterator[None]:
    """A headless Chromium that knows two names, and 127.0.0.1."""
    known = f"MAP {EVIL} {name_at}, MAP localhost {name_at}"
    rules = f"--host-resolver-rules={known}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    argv = chromium_argv(url, profile, rules, "--headless=new")
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def jobs(client: Client) -> list[tuple[str, str]]:
    """Every operation of both documents, with something in place of ids."""
    told = [client.get("/openapi.json")]
    ours = httpx.get(client.address() + "/v1/openapi.json", trust_env=False, timeout=60)
    assert ours.status_code == 200
    told.append(ours.json())
    return [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for document in told
        for path, operations in document["paths"].items()
        for method in operations
        if path != "/hello"
    ] + [("POST", "/mcp"), ("GET", "/mcp"), ("DELETE", "/mcp")]


def state(client: Client) -> list[object]:
    status = client.get("/status")
    kept = [status[name] for name in ("state", "paused_until", "counts")]
    lists = [client.get(path) for path in ("/privacy/rules", "/clients", "/pairings", "/propositions")]
    return [*kept, *lists]


@pytest.mark.desktop
def test_no_page_of_a_real_browser_reads_or_changes_anything(client: Client, tmp_path: Path) -> None:
    before, number, todo = state(client), port(client), jobs(client)
    assert len(todo) > 60
    bases = [f"http://127.0.0.1:{number}", f"http://localhost:{number}", ""]
    page = PAGE.replace("JOBS", json.dumps(todo)).replace("BASES", json.dumps(bases))
    with Rebound(number, page) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with browser(f"http://{EVIL}:{number}/page", tmp_path / "profile", "127.0.0.2"):
            assert server.told.wait(240), f"it did not finish; {server.handed} were handed on"
        server.shutdown()
    found = server.result["found"]
    assert isinstance(found, list) and server.result["tried"] == len(todo)
    assert server.handed > len(todo), "the rebound name led to the daemon"
    for how, base, method, path, what in found:
        # Under the rebound name the page may read answers: they are the refusal, and nothing else.
        assert base == "" and how in ("cors", "bare", "no-cors"), (how, base, method, path, what)
        assert what[0] == 403 and (method == "HEAD" or "address is not Gumption's" in what[1]), (path, what)
    assert [each for each in found if each[1] == ""], "the test sees what a page can read"
    # What it asks by the right name is refused for where it comes from, before anything is looked at.
    answered = server.answers
    assert len(answered) > len(todo) and {each[1] for each in answered} == {403}, [
        each for each in answered if each[1] != 403
    ]
    assert state(client) == before
    assert client.get("/status")["state"]


def test_slow_ones_are_cut_off_while_others_are_answered(client: Client) -> None:
    with ExitStack() as open_ones:
        slow = [
            open_ones.enter_context(socket.create_connection(("127.0.0.1", port(client)), timeout=30))
            for _ in range(50)
        ]
        end, cut = time.monotonic() + 40, 0
        while cut < len(slow) and time.monotonic() < end:
            cut = 0
            for sock in slow:
                try:
                    sock.send(b"X")
                except OSError:
                    cut += 1
            assert client.get("/status")["state"]
            time.sleep(0.5)
        assert cut == len(slow)
