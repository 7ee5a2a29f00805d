from hypothesis import given
from hypothesis import strategies as st

from observers.pace import KINDS, Pace


def test_so_many_of_a_kind_and_no_more_until_time_has_passed() -> None:
    pace = Pace(2, 60.0)
    assert [pace.allows("a", moment) for moment in (0.0, 1.0, 2.0, 59.9)] == [True, True, False, False]
    assert pace.allows("b", 2.0)  # another's flood is not its own
    assert pace.allows("a", 60.0)
    assert not pace.allows("a", 60.5)


def test_it_remembers_a_bounded_number_of_kinds() -> None:
    pace = Pace(1, 60.0)
    assert all(pace.allows(str(n), 0.0) for n in range(KINDS + 1))
    assert pace.allows("0", 1.0)  # forgotten, as the one that was quiet for longest
    assert not pace.allows(str(KINDS), 1.0)


@given(st.lists(st.floats(0, 100)), st.integers(1, 5), st.floats(0.5, 20))
def test_no_window_of_time_ever_holds_more(gaps: list[float], count: int, period: float) -> None:
    pace, moment, passed = Pace(count, period), 0.0, []
    for gap in gaps:
        moment += gap
        if pace.allows("x", moment):
            passed.append(moment)
    for first, later in zip(passed, passed[count:], strict=False):
        assert later - first >= period
