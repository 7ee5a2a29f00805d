"""packaging/prepare.py: what it decides. What it installs is proved by running `make test` itself."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gumption_prepare", ROOT / "packaging" / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gumption_prepare"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


prepare = _load()
names = st.text(alphabet="abcdefgh0123456789.+-", min_size=1, max_size=12)


def test_every_listed_package_says_what_it_is_for() -> None:
    for name in ("apt-run.txt", "apt-test.txt"):
        needed = prepare.read_list((ROOT / "packaging" / name).read_text())
        assert needed
        for need in needed:
            assert need.purpose, f"{name}: {need.names[0]} has no reason"


def test_a_list_line_may_name_alternatives_and_comments_are_no_packages() -> None:
    needed = prepare.read_list("# a comment\n\nchromium | chromium-browser  # the browser\nxvfb # screen\n")
    assert [need.names for need in needed] == [("chromium", "chromium-browser"), ("xvfb",)]


def test_a_renamed_library_counts_by_what_it_provides() -> None:
    dpkg = "ii \tlibglib2.0-0t64\tlibglib2.0-0 (= 2.80.0-6)\nrc \tgone\t\nii \tplain\t\n"
    assert prepare.provided(dpkg) == {"libglib2.0-0t64", "libglib2.0-0", "plain"}


@given(st.lists(st.lists(names, min_size=1, max_size=3), max_size=6), st.sets(names, max_size=6))
def test_nothing_is_missing_once_one_alternative_of_each_is_installed(
    needs: list[list[str]], installed: set[str]
) -> None:
    needed = [prepare.Needed(tuple(alternatives), "") for alternatives in needs]
    lacking = prepare.missing(needed, installed)
    chosen = {prepare.apt_choice(need, lambda name: False) for need in lacking}
    assert prepare.missing(needed, installed | chosen) == []
    assert all(not installed.intersection(need.names) for need in lacking)


def test_the_alternative_that_the_machine_knows_is_taken() -> None:
    need = prepare.Needed(("chromium", "chromium-browser"), "")
    assert prepare.apt_choice(need, lambda name: name == "chromium-browser") == "chromium-browser"


def test_what_an_earlier_call_installed_is_not_installed_again_nor_lost() -> None:
    stamp = {"digest": "same", "extras": ["dev", "torch"]}
    assert prepare.extras_to_install(stamp, "same", ["dev", "torch"]) is None
    assert prepare.extras_to_install(stamp, "same", []) is None
    assert prepare.extras_to_install(stamp, "changed", []) == ["dev", "torch"]
    assert prepare.extras_to_install({"digest": "same", "extras": []}, "same", ["dev"]) == ["dev"]


@given(st.dictionaries(st.sampled_from(["digest", "extras"]), st.none() | st.integers() | names))
def test_a_damaged_stamp_installs_again(stamp: dict[str, object]) -> None:
    assert prepare.extras_to_install(stamp, "d" * 64, ["dev"]) == ["dev"]


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '{"digest": 3}', "\ufffd"])
def test_an_unreadable_stamp_is_no_stamp(tmp_path: Path, content: str) -> None:
    file = tmp_path / "stamp"
    file.write_text(content)
    assert prepare.extras_to_install(prepare.read_stamp(file), "d" * 64, []) == []


def test_a_missing_stamp_is_no_stamp(tmp_path: Path) -> None:
    assert prepare.read_stamp(tmp_path / "none") == {}


def test_a_changed_pin_or_a_moved_checkout_installs_again(tmp_path: Path) -> None:
    def checkout(name: str, pins: str) -> str:
        root = tmp_path / name
        (root / "packaging").mkdir(parents=True, exist_ok=True)
        (root / "pyproject.toml").write_text("[project]")
        (root / "packaging" / "constraints.txt").write_text(pins)
        return str(prepare.packages_digest(root))

    first = checkout("one", "a==1")
    assert checkout("one", "a==1") == first
    assert checkout("one", "a==2") != first
    assert checkout("two", "a==1") != first


def test_a_deleted_or_cut_model_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"1")
    whole = prepare.folder_state(tmp_path)
    (tmp_path / "a").write_bytes(b"123")
    cut = prepare.folder_state(tmp_path)
    (tmp_path / "a").unlink()
    assert len({str(whole), str(cut), str(prepare.folder_state(tmp_path))}) == 3


def test_model_files_are_looked_for_where_the_program_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.paths import Paths

    for variable in ("GUMPTION_MODELS", "GUMPTION_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert prepare.models_folder(os.environ) == Paths.home().models
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert prepare.models_folder(os.environ) == Paths.home().models
    monkeypatch.setenv("GUMPTION_MODELS", str(tmp_path / "models"))
    assert prepare.models_folder(os.environ) == Paths.home().models


def test_every_pin_is_exact_and_none_is_local() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert "torch==2.13.0" in pins
    for pin in pins:
        name, exact, version = pin.partition("==")
        assert exact, pin
        assert name.strip().lower() != "gumption"
        assert not set("+@/ ").intersection(version), pin


def test_every_direct_dependency_is_pinned() -> None:
    def canonical(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    lines = (ROOT / "packaging" / "constraints.txt").read_text().splitlines()
    pinned = {canonical(line.split("==")[0]) for line in lines if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(need for extra in extras for need in extra)]
    lacking = {canonical(re.split(r"[\s<>=!~\[;]", need)[0]) for need in asked} - pinned
    assert not lacking, f"renew packaging/constraints.txt: {sorted(lacking)}"


def test_an_unknown_target_is_a_usage_error() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "prepare.py"), "everything"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_without_an_administrator_the_one_line_to_type_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "_root_prefix", lambda: None)
    monkeypatch.setattr(prepare, "_apt_knows", lambda name: True)
    monkeypatch.setattr(prepare.shutil, "which", lambda name: f"/usr/bin/{name}")

    def nothing_installed(argv: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert argv[0] == "dpkg-query"
        return subprocess.CompletedProcess(argv, 0, stdout="")

    monkeypatch.setattr(prepare.subprocess, "run", nothing_installed)
    with pytest.raises(prepare.Stop) as stopped:
        prepare.system_libraries("demo")
    lines = [line.strip() for line in str(stopped.value).splitlines() if "apt-get" in line]
    assert len(lines) == 1
    assert lines[0].startswith("sudo apt-get update && sudo apt-get install -y ")
    for name in ("libxcb-cursor0", "xvfb", "chromium"):
        assert name in lines[0].split()
