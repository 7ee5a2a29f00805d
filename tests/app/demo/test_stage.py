"""The daemon of the demo runs in its own folders and opens things with the demo person's programs."""

import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from app.config import load
from app.demo.person import Person
from app.demo.site import Site
from app.demo.stage import settings
from app.demo.story import Story
from app.desktop import VirtualDesktop


@pytest.mark.desktop
def test_the_settings_are_ones_the_daemon_takes(
    desktop: VirtualDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, models = tmp_path / "home", tmp_path / "models"
    with Site(Story(datetime.now().astimezone())) as site:
        env = settings(Person(desktop, site), home, models)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    taken = load(tmp_path / "none.toml").suggest
    assert taken.todo_file.startswith(str(desktop.folder))
    assert taken.calendar_folder.startswith(str(desktop.folder))
    assert "{query}" in taken.search_url
    browser = Path(taken.browser)
    assert os.access(browser, os.X_OK)
    assert subprocess.run(["sh", "-n", str(browser)], check=False).returncode == 0
    assert str(desktop.folder / "browser") in browser.read_text()
