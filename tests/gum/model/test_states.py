from pathlib import Path

from gum.errors import ModelUnavailable
from gum.model.settings import WorkerSettings
from gum.model.states import Space, States

FALLBACK = Space("hashing-1", 384, True, "files are missing", "pull them")
OTHER = Space("own-12345678", 32)


def states(space: Space = OTHER, drafter: str = "llama") -> States:
    return States(space, WorkerSettings(drafter=drafter, server_model="large"))


def shown(made: States, running: bool = True) -> dict[str, str]:
    return {state.name: state.state for state in made.all(running=running)}


def test_a_model_goes_from_unloaded_over_loading_to_ready_and_back() -> None:
    made = states()
    seen = [shown(made)["decoder"]]
    made.loading("decoder")
    seen.append(shown(made)["decoder"])
    made.ready("decoder")
    seen.append(shown(made)["decoder"])
    seen.append(shown(made, running=False)["decoder"])
    assert seen == ["unloaded", "loading", "ready", "unloaded"]


def test_a_failure_is_shown_with_its_hint_until_it_is_tried_again() -> None:
    made = states()
    made.failed("reader", ModelUnavailable("It broke", "Mend it."))
    made.gone()
    reader = made.all(running=False)[0]
    assert (reader.state, reader.detail, reader.hint) == ("failed", "It broke", "Mend it.")
    made.loading("reader")
    assert shown(made)["reader"] == "loading"


def test_the_fallback_embedder_is_ready_and_says_why_it_is_used() -> None:
    embedder = states(FALLBACK).all(running=False)[1]
    assert (embedder.model, embedder.state, embedder.detail) == ("hashing-1", "ready", "files are missing")


def test_without_a_language_model_the_decoder_is_off() -> None:
    assert shown(states(drafter="structure"))["decoder"] == "off"


def test_with_a_server_the_decoder_is_the_model_asked_there() -> None:
    assert states(drafter="server").all(running=False)[2].model == "large"


def test_a_folder_of_ones_own_that_holds_nothing_falls_back_to_words(tmp_path: Path) -> None:
    space = Space.choose(tmp_path, tmp_path / "nothing")
    assert space.hashing and "holds no model" in space.detail
