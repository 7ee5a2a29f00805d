from pathlib import Path

from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.tray.single import Doorbell, socket_name, wake_other


def test_a_second_start_wakes_the_first(paths: Paths, qtbot: QtBot) -> None:
    rung: list[bool] = []
    assert not wake_other(paths)
    bell = Doorbell(paths, lambda: rung.append(True))
    assert wake_other(paths)
    qtbot.waitUntil(lambda: bool(rung))
    bell.close()
    assert not wake_other(paths)


def test_a_socket_left_by_a_killed_tray_is_no_hindrance(paths: Paths, qtbot: QtBot) -> None:
    Path(socket_name(paths)).touch()
    bell = Doorbell(paths, lambda: None)
    assert wake_other(paths)
    bell.close()


def test_the_socket_is_inside_the_data_folder_unless_its_path_is_too_long(tmp_path: Path) -> None:
    near = Paths(Path("/home/ana/.gumption"), tmp_path, tmp_path)
    assert socket_name(near) == "/home/ana/.gumption/tray.sock"
    far = Paths(Path("/" + "x" * 200), tmp_path, tmp_path)
    assert len(socket_name(far)) < 40
