import pytest
from pydantic import ValidationError

from app.calendar_shapes import AccountIn, AccountOut

GIVEN = {"address": "https://example.org", "user": "ada", "password": "s3cret-of-ada"}


def test_a_password_comes_in_and_is_told_by_nothing() -> None:
    asked = AccountIn.model_validate(GIVEN)
    assert asked.password.get_secret_value() == "s3cret-of-ada"
    assert "s3cret" not in repr(asked) + str(asked) + asked.model_dump_json()
    assert "password" not in AccountOut.model_fields


@pytest.mark.parametrize("name", ["address", "user", "password"])
@pytest.mark.parametrize("value", ["", "x" * 2001, None, 7, ["a"]])
def test_what_is_no_account_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        AccountIn.model_validate({**GIVEN, name: value})
