"""Win32 itself cannot be asked here: its module can be imported everywhere all the same."""

import sys

import pytest

from observers.backends import win32


@pytest.mark.skipif(sys.platform == "win32", reason="there it is not empty")
def test_it_is_empty_elsewhere() -> None:
    assert not hasattr(win32, "Win32")
