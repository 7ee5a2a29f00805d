from observers.activity import Activity, Trigger


def test_all_who_listen_hear_of_a_trigger() -> None:
    activity, one, other = Activity(), list[Trigger](), list[Trigger]()
    activity.subscribe(one.append)
    activity.subscribe(other.append)
    activity.tell(Trigger.CLICK)
    activity.tell(Trigger.SCROLL_END)
    assert one == other == [Trigger.CLICK, Trigger.SCROLL_END]
