"""The table of GUM's features in gum/README.md names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
FEATURES = {*range(1, 9), 11, 18, 20, 21, 22}
ROW = re.compile(r"^\| (\d+) [^|]*\|[^|]*\| `([\w/.]+)::(\w+)` \|$", re.MULTILINE)
NAMED = re.compile(r"\bdef test_defect_(\d\d)_")
# Not ours (29 and 30 are explained in tests/app/test_defects_of_gum.py).
ELSEWHERE = {29, 30}


def test_every_feature_has_a_row_and_every_row_a_test() -> None:
    rows = ROW.findall((TESTS.parent / "gum" / "README.md").read_text())
    assert {int(number) for number, _, _ in rows} == FEATURES
    for _, path, name in rows:
        assert f"def {name}(" in (TESTS / path).read_text(), name


def test_every_weakness_of_gum_that_could_be_ours_has_a_test_of_its_name() -> None:
    named = {
        int(n) for file in TESTS.glob("*/test_defects_of_gum.py") for n in NAMED.findall(file.read_text())
    }
    assert set(range(1, 34)) - named == ELSEWHERE
