"""Win32 itself cannot be asked here: its module can be imported everywhere all the same."""

import sys

from observers.backends import win32


def test_it_is_empty_elsewhere() -> None:
    assert hasattr(win32, "Win32") is (sys.platform == "win32")
