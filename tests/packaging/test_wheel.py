"""The built wheel: it may put one name into anybody's site-packages, and no other."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = {"app", "assistants", "gum", "observers", "storage"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    argv = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder holding the installed wheel and nothing else."""
    target = tmp_path_factory.mktemp("site")
    argv = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*argv, "--target", str(target), str(wheel)], check=True, capture_output=True)
    return target


def _python(installed: Path, code: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Runs `code` where the installed wheel comes first and this checkout is out of sight.

    -S keeps the editable install's .pth away; the libraries are then added by hand, behind the wheel.
    """
    libraries = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    start = f"import sys; sys.path[:0] = [{str(installed)!r}]; sys.path.append({str(libraries)!r})\n"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, "-S", "-c", start + code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_has_one_top_level_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"gumption"}


def test_the_programs_folders_are_under_one_private_root(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[2] for name in names if name.startswith("gumption/_lib/")} == FOLDERS
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_every_file_that_git_knows_in_the_five_folders_is_in_the_wheel(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", *sorted(FOLDERS)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.removeprefix("gumption/_lib/") for name in archive.namelist()}
    there = {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}
    assert not there - inside


def test_the_shipped_rules_are_in_the_wheel_and_are_found_there(
    wheel: Path, installed: Path, tmp_path: Path
) -> None:
    there = {file.name for file in (ROOT / "observers" / "presets").glob("*.toml")}
    with zipfile.ZipFile(wheel) as archive:
        inside = {Path(name).name for name in archive.namelist() if "_lib/observers/presets/" in name}
    assert inside == there and "banking.toml" in there
    code = "import gumption, observers.presets as p; print(p.__file__, len(p.shipped()))"
    done = _python(installed, code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        str(installed / "gumption" / "_lib" / "observers" / "presets.py"),
        str(len(there)),
    ]


def test_our_folders_cannot_be_imported_without_the_launcher(installed: Path, tmp_path: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.is_dir()} >= {"gumption"}
    done = _python(installed, "import gum", tmp_path)
    assert done.returncode != 0
    assert "ModuleNotFoundError" in done.stderr


def test_the_installed_program_starts_from_its_private_root(installed: Path, tmp_path: Path) -> None:
    code = "import gumption, gum.types; print(gum.types.__file__)"
    done = _python(installed, code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == installed / "gumption" / "_lib" / "gum" / "types.py"


def test_the_entry_point_answers(installed: Path, tmp_path: Path) -> None:
    script = installed / "bin" / "gumption"
    assert script.exists()
    code = (
        "import runpy; sys.argv = ['gumption', '--version']\n"
        f"runpy.run_path({str(script)!r}, run_name='__main__')"
    )
    done = _python(installed, code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("gumption ")
