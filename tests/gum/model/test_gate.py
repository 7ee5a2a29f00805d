import pytest

from gum.errors import ModelUnavailable
from gum.model.gate import translated


@pytest.mark.parametrize(
    "fault", [ImportError("no", name="torch"), MemoryError(), OSError("disk"), RuntimeError("bad\nmore")]
)
def test_faults_of_the_world_get_a_title_and_a_hint(fault: Exception) -> None:
    with pytest.raises(ModelUnavailable) as caught, translated("It failed"):
        raise fault
    assert caught.value.title == "It failed" and caught.value.hint
    assert caught.value.__cause__ is fault


@pytest.mark.parametrize("bug", [TypeError("bug"), KeyError("bug"), AssertionError()])
def test_bugs_pass(bug: Exception) -> None:
    with pytest.raises(type(bug)), translated("It failed"):
        raise bug


def test_onnxruntimes_own_exceptions_are_faults_of_the_world() -> None:
    from onnxruntime import InferenceSession

    with pytest.raises(ModelUnavailable), translated("It failed"):
        InferenceSession(b"this is no model")
