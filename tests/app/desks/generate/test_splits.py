from app.desks.generate import splits


def test_the_splits_are_as_they_were_fixed() -> None:
    assert (splits.TUNE[0], splits.TUNE[-1], len(splits.TUNE)) == (0, 199, 200)
    assert (splits.HELD_OUT[0], splits.HELD_OUT[-1], len(splits.HELD_OUT)) == (10_000, 10_099, 100)
    assert not set(splits.TUNE) & set(splits.HELD_OUT)
    assert splits.__doc__ is not None
    assert "never" in splits.__doc__
