import time

from observers.activity import Activity, Trigger


def test_all_who_listen_hear_of_a_trigger_and_the_last_one_is_known() -> None:
    activity, one, other = Activity(), list[Trigger](), list[Trigger]()
    activity.subscribe(one.append)
    activity.subscribe(other.append)
    assert activity.last() is None
    before = time.monotonic()
    activity.tell(Trigger.CLICK)
    activity.tell(Trigger.SCROLL_END)
    assert one == other == [Trigger.CLICK, Trigger.SCROLL_END]
    last = activity.last()
    assert last is not None
    assert last[0] is Trigger.SCROLL_END
    assert before <= last[1] <= time.monotonic()
