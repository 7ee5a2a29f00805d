import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.paths import Paths
from app.tray import address


def test_port_and_token_come_from_the_daemons_files(paths: Paths) -> None:
    paths.daemon_file.write_text(json.dumps({"port": 4711, "pid": 9, "started_at": "x"}))
    paths.token_file.write_text("abc\n")
    found = address.find(paths)
    assert found == address.Address(4711, "abc", 9, "x")
    assert found.url("/hello") == "http://127.0.0.1:4711/hello"
    assert "abc" not in repr(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(), st.builds(json.dumps, st.dictionaries(st.sampled_from(["port", "pid"]), st.text())))
)
def test_half_written_files_are_no_address(paths: Paths, text: str) -> None:
    paths.daemon_file.write_text(text, "utf-8")
    paths.token_file.write_text("abc")
    found = address.find(paths)
    assert found is None or 0 < found.port < 65536


@pytest.mark.parametrize("token", ["", "ab\nInjected: 1", "tök"])
def test_a_token_that_could_break_a_header_is_refused(paths: Paths, token: str) -> None:
    paths.daemon_file.write_text('{"port": 4711}')
    paths.token_file.write_text(token, "utf-8")
    assert address.find(paths) is None


def test_no_files_no_address(paths: Paths) -> None:
    assert address.find(paths) is None
