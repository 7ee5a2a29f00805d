import pickle
from dataclasses import asdict

from gum.login import Login

LOGIN = Login("1", "https://example.org/", "ada", "s3cret-of-ada")


def test_no_text_of_it_holds_the_password() -> None:
    assert "s3cret" not in repr(LOGIN) + str(LOGIN) + f"{[LOGIN]}" + repr(Exception(LOGIN))
    assert "ada" in repr(LOGIN)


def test_it_is_another_one_with_another_password() -> None:
    assert Login("1", "https://example.org/", "ada", "new") != LOGIN
    assert pickle.loads(pickle.dumps(LOGIN)) == LOGIN
    assert asdict(LOGIN)["password"] == "s3cret-of-ada"
