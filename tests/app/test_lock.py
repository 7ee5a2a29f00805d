import subprocess
import sys
from pathlib import Path

import pytest

from app.lock import InstanceLock
from gum.errors import AlreadyRunning, StoreReadOnly


def test_a_second_instance_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "lock"):
        with pytest.raises(AlreadyRunning) as refused, InstanceLock(tmp_path / "lock"):
            pass
        import os

        assert str(os.getpid()) in refused.value.title
    with InstanceLock(tmp_path / "lock"):
        pass  # free again


def test_a_lock_left_by_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from app.lock import InstanceLock\n"
        "InstanceLock(Path(sys.argv[1])).__enter__(); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path / "lock")], check=False)
    assert killed.returncode == -9
    assert (tmp_path / "lock").exists()
    with InstanceLock(tmp_path / "lock"):
        pass


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreReadOnly) as refused, InstanceLock(tmp_path / "file" / "lock"):
        pass
    assert refused.value.hint
