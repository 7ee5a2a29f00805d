"""A dialog is judged with the windows of its process."""

from gum.types import Effect, Rule, RuleId, WindowInfo
from observers.backends.dialogs import over
from observers.privacy import admit_all

DIARY = Rule(RuleId("own:1"), "Diary", Effect.DROP, title="*diary*")


def window(number: int, title: str, pid: int | None = 7) -> WindowInfo:
    return WindowInfo(number, "mousepad", title, pid, None, private=False)


def test_what_holds_for_a_window_of_its_process_holds_for_a_dialog() -> None:
    dialog, diary, other = window(1, "Save As"), window(2, "diary.txt"), window(3, "diary.txt", 8)
    assert admit_all(over(dialog, [dialog, other]), (), (DIARY,)).allowed
    assert not admit_all(over(dialog, [dialog, diary, other]), (), (DIARY,)).allowed
    assert over(dialog, [dialog, diary]).owners == (diary,)


def test_a_process_that_is_not_known_is_nobodys() -> None:
    dialog = window(1, "Save As", None)
    assert over(dialog, [window(2, "diary.txt", None)]) == dialog
