"""The audit around real drafting, a real store and real HTTP."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.auditing import Auditing, Standing, guard
from gum.audit import Decision, Outcome, Question
from gum.claims import make
from gum.errors import ModelUnavailable
from gum.ports import Drafts, Prompt
from gum.types import Observation, Sensitivity, Trust
from storage import forget, observations, people
from storage.scope import App, Everything
from tests.app.auditing_house import House, at_home, elsewhere
from tests.builders import NOON, evidence, observation, proposition
from tests.gum.audit_corpus import LEAKS

LATER = timedelta(minutes=15)
WRITING = "To: Anna Berg\nSubject: {}\nHello Anna, see you."


def searched(words: str, id: str = "s") -> list[Observation]:
    """The same search twice, a quarter of an hour apart."""
    url = f"https://duckduckgo.com/?q={words.replace(' ', '+')}"
    return [
        observation(
            "results",
            id=f"{id}{n}",
            app="chromium",
            title=words,
            url=url,
            trust=Trust.READ,
            at=NOON + n * LATER,
        )
        for n in range(2)
    ]


@pytest.mark.parametrize("text", [text for _, text in LEAKS][::4])
def test_nobody_elses_matter_gets_into_the_model_of_the_person(tmp_path: Path, text: str) -> None:
    async def scenario(house: House) -> None:
        await house.see(
            observation(WRITING.format(text), id="mail", app="mail", title="Compose"),
            *searched(text),
        )
        for claim in house.claims():
            assert text not in claim.text
        assert {row.decision for row in house.held()} == {"withhold"}
        assert {row.observation_id for row in house.held()} >= {"mail"}

    at_home(tmp_path, scenario)


def test_a_private_search_is_learnt_hidden_and_told_once(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(*searched("burnout test"))
        [claim] = [c for c in house.claims() if c.type == "interested_in"]
        assert claim.sensitivity is Sensitivity.SENSITIVE
        [row] = house.held()
        assert (row.stage, row.decision, row.rule, row.proposition_id) == (
            "store",
            "hide",
            "own-mood",
            claim.id,
        )
        await house.see(*searched("burnout test", "again"))
        assert len(house.held()) == 1

    at_home(tmp_path, scenario)


class Hides:
    """Fake: a model on this machine that would hide everything."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, question: Question, known: Sequence[str]) -> Decision:
        self.asked += 1
        return Decision(Outcome.HIDE, "model-says-no", "because", question.stage)


def test_extractors_do_not_make_a_model_work(tmp_path: Path) -> None:
    asker = Hides()

    async def scenario(house: House) -> None:
        await house.see(*searched("greek grammar"))
        assert [c.sensitivity for c in house.claims()] == [Sensitivity.NORMAL]
        assert asker.asked == 0 and house.held() == []

    at_home(tmp_path, scenario, asker)


def test_a_model_is_asked_about_what_a_model_drafted_and_only_when_it_is_new() -> None:
    asker = Hides()
    seen = observation("greek grammar", id="o")

    class Copies:
        name = "llm:copies"

        def draft(self, observations: object, neighbours: object) -> Drafts:
            made = make("learning", {"subject": "greek grammar"}, [evidence("o", "greek grammar")], 0.5)
            return Drafts((made,))

    auditing = Auditing(asker)
    fresh = auditing.propose([seen], [], [], Standing(), Copies(), deep=True)
    assert [d.sensitivity for d in fresh.drafts] == [Sensitivity.SENSITIVE]
    assert list(fresh.hidden) == ["Is learning greek grammar"] and asker.asked == 1
    known = proposition("Is learning greek grammar", type="learning", slots={"subject": "greek grammar"})
    again = auditing.propose([seen], [], [known], Standing(), Copies(), deep=True)
    assert [d.sensitivity for d in again.drafts] == [Sensitivity.NORMAL] and asker.asked == 1


def test_what_the_model_withheld_is_no_background_of_the_next_batch() -> None:
    class SaysNo:
        def ask(self, question: Question, known: Sequence[str]) -> Decision:
            return Decision(Outcome.WITHHOLD, "model-says-no", "no", question.stage)

    class Looks:
        name = "llm:looks"

        def draft(self, observations: Sequence[Observation], neighbours: object) -> Drafts:
            shown.extend(o.text for o in observations)
            return Drafts(())

    shown: list[str] = []
    line = "Pregnancy test kit, bought together with vitamins for my sister"
    unclear = observation(f"{line}\nThe budget", id="o", title="")
    asking = Auditing(SaysNo())
    asking.propose([unclear], [], [], Standing(), Looks(), deep=True)
    asking.propose(
        [observation("more", id="p", at=NOON + LATER)], [unclear], [], Standing(), Looks(), deep=True
    )
    assert not any("Pregnancy" in text for text in shown)
    assert any("The budget" in text for text in shown)


def test_beyond_the_names_that_are_kept_nobody_goes_out_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST", 0)

    async def scenario(house: House) -> None:
        text = "To: Anna Berg <anna@berg.example>\nSubject: budget"
        await house.see(observation(text, id="mail", app="mail", title="Compose"))
        [body] = got
        assert "budget" in json.loads(body)["messages"][1]["content"]
        assert not [word for word in PLANTED if word in body]

    with elsewhere([{"drafts": []}]) as (url, got):
        at_home(tmp_path, scenario, server=url)


def test_names_in_claims_and_mails_get_numbers(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(
            observation("To: Anna Berg <anna@berg.example>\nSubject: x", title="Compose", app="mail")
        )
        await house.see(observation("To: Bo Lind\nSubject: y", id="b", title="Compose", app="mail"))
        known = house.database.read_sync(people.known)
        assert {p.shown: p.number for p in known} == {"Anna Berg": 2, "anna@berg.example": 1, "Bo Lind": 3}

    at_home(tmp_path, scenario)


def test_what_was_forgotten_while_it_was_drafted_leaves_no_trace_in_the_log(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        auditing = house.pipeline._auditing
        plain = auditing.propose

        def meanwhile(*arguments: object, **more: object) -> object:
            made = plain(*arguments, **more)  # type: ignore[arg-type]
            house.database.run_sync(lambda s: forget.forget(s, Everything()))
            return made

        auditing.propose = meanwhile  # type: ignore[method-assign, assignment]
        await house.see(observation("To: Anna Berg\nMy sister has cancer", title="Compose", app="mail"))
        assert house.held() == [] and house.database.read_sync(people.known) == []

    at_home(tmp_path, scenario)


# --- out of the house ---------------------------------------------------------------------------

PLANTED = ("Anna", "Berg", "anna@berg.example", "1234567", "cancer", "burnout", "hunter2")


def test_a_server_elsewhere_gets_pseudonyms_and_nothing_private(tmp_path: Path) -> None:
    said = {
        "drafts": [{"observation": 1, "type": "communicating_with", "person": "Person 2", "confidence": 8}]
    }

    async def scenario(house: House) -> None:
        text = (
            "To: Anna Berg <anna@berg.example>\nSubject: budget, call +49 30 1234567\n"
            "My sister has cancer\nI had a burnout\npassword: hunter2"
        )
        await house.see(observation(text, id="mail", app="mail", title="Compose"))
        [body] = got
        assert "budget" in json.loads(body)["messages"][1]["content"]
        assert not [word for word in PLANTED if word in body]
        assert [c.slots["person"] for c in house.claims()] == ["Anna Berg"]
        assert {r.rule for r in house.held()} == {"other-health", "own-mood"}
        [sent] = [r for r in house.held() if r.stage == "leave"]
        assert sent.what == "I had a burnout" and sent.observation_id == "mail"
        assert sent.recipient.startswith("the model server at 0.0.0.0")
        assert house.queue()["propose"] == house.queue()["dead"] == 0
        house.database.run_sync(lambda s: forget.forget(s, App("mail")))
        assert house.held() == [] and house.database.read_sync(people.known) == []

    with elsewhere([said]) as (url, got):
        at_home(tmp_path, scenario, server=url)


def test_a_guard_for_any_other_recipient_keeps_no_words_that_were_forgotten_meanwhile(tmp_path: Path) -> None:
    class Echo:
        name, takes_grammar = "echo", False

        def complete(self, prompt: Prompt) -> str:
            house_now.database.run_sync(lambda s: forget.forget(s, App("mail")))
            return prompt.user

    async def scenario(house: House) -> None:
        nonlocal house_now
        house_now = house
        for app in ("mail", "notes"):
            seen = observation(f"Mr Kern writes by {app}. I am pregnant, {app}", id=app, app=app, title="")
            house.database.run_sync(lambda s, o=seen: observations.append(s, o))  # type: ignore[misc]
        assistant = guard(house.database, house.clock)(Echo(), "Claude")
        asked = "Mr Kern writes by mail\nI am pregnant, mail\nI am pregnant, notes"
        said = await asyncio.to_thread(assistant.complete, Prompt("Be brief.", asked))
        assert said.startswith("Mr Kern writes")
        assert sorted((r.recipient, r.rule, r.what) for r in house.held()) == [
            ("Claude", "own-health", ""),
            ("Claude", "own-health", "I am pregnant, notes"),
        ]
        assert [p.shown for p in house.database.read_sync(people.known)] == ["Kern"]

    house_now: House
    at_home(tmp_path, scenario)


def test_a_text_of_which_nothing_was_forgotten_or_held_back_is_not_written_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Echo:
        name, takes_grammar = "echo", False

        def complete(self, prompt: Prompt) -> str:
            return prompt.user

    async def scenario(house: House) -> None:
        seen = observation("Mr Kern writes", id="mail", app="mail", title="")
        house.database.run_sync(lambda s: observations.append(s, seen))
        assistant = guard(house.database, house.clock)(Echo(), "Claude")
        written: list[object] = []
        plain = house.database.run_sync
        monkeypatch.setattr(house.database, "run_sync", lambda fn: (written.append(fn), plain(fn))[1])
        for asked, writes in (("Mr Kern writes", 1), ("no names", 1), ("Mr Lind writes", 2)):
            written.clear()
            assert await asyncio.to_thread(assistant.complete, Prompt("Be brief.", asked)) == asked
            assert len(written) == writes  # the first one gives numbers
        assert [p.shown for p in house.database.read_sync(people.known)] == ["Kern"]

    at_home(tmp_path, scenario)


def test_with_the_real_name_allowed_it_goes_by_name(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        mail = observation("To: Anna Berg\nSubject: budget", id="mail", app="mail", title="Compose")
        house.database.run_sync(lambda s: observations.append(s, mail))
        house.database.run_sync(lambda s: people.note(s, ["Anna Berg"]))
        house.database.run_sync(lambda s: people.call_by_name(s, 1, True))
        await house.pipeline.work_off()
        assert "Anna Berg" in got[0]

    with elsewhere() as (url, got):
        at_home(tmp_path, scenario, server=url)


def test_nothing_to_send_is_no_failure(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(observation("I am pregnant", title=""))
        assert house.queue()["propose"] == 0 and got
        assert [row.stage for row in house.held()] == ["leave"]

    with elsewhere() as (url, got):
        at_home(tmp_path, scenario, server=url)


def test_a_model_that_fails_is_still_a_failure(tmp_path: Path) -> None:
    class Gone:
        name = "gone"

        def draft(self, observations: object, neighbours: object) -> object:
            raise ModelUnavailable("The model is out", "Wait.")

    async def scenario(house: House) -> None:
        house.pipeline._drafter = Gone()  # type: ignore[assignment]
        await house.see(observation("thesis", id="o"))
        assert house.queue()["propose"] == 1

    at_home(tmp_path, scenario)


def test_a_hidden_claim_is_not_shown_to_a_drafter(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        await house.see(*searched("burnout test"))
        shown: list[str] = []

        class Looks:
            name = "looks"

            def draft(self, observations: object, neighbours: Sequence[object]) -> object:
                shown.extend(str(n) for n in neighbours)
                raise ModelUnavailable("enough")

        house.pipeline._drafter = Looks()  # type: ignore[assignment]
        await house.see(observation("thesis", id="o"))
        assert shown == [] and len(house.claims()) == 1

    at_home(tmp_path, scenario)
