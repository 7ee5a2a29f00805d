"""The desks of 250 seeds: whole, all different, balanced, and the same everywhere."""

import os
import re
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from itertools import combinations

import pytest

from app.desks.checks import check
from app.desks.course import scenes, seen
from app.desks.generate import desk, desks, stocks
from app.desks.match import occurs
from app.desks.types import DecoyKind, Do, Program, SecretKind
from gum.claims import TABLE
from gum.text import normal
from tests.app.desks.generate.many import COUNT, block_of, facts, many

DIGEST = """
from hashlib import sha256
from app.desks.generate import desks
print(sha256(repr(desks(12)).encode()).hexdigest())
"""


def test_every_desk_passes_the_check_that_files_pass() -> None:
    for one in many():
        assert check(one) == [], one.id


def test_same_seed_same_desk_another_seed_another() -> None:
    assert desk(7) == desk(7)
    assert desk(7) != desk(8)
    assert desks(3, 5) == [desk(5), desk(6), desk(7)]


def test_same_in_other_processes_whatever_the_hash_seed() -> None:
    here = sha256(repr(desks(12)).encode()).hexdigest()
    for hash_seed in ("1", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        run = subprocess.run(
            [sys.executable, "-c", DIGEST], env=env, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == here


def test_desks_have_the_size_of_a_few_days() -> None:
    for one in many():
        assert 3 <= len(one.sessions) <= 6
        assert 40 <= sum(len(session.steps) for session in one.sessions) <= 80
        days = [session.begins.astimezone(one.persona.zone).date() for session in one.sessions]
        assert (days[-1] - days[0]).days <= 12
        assert len(facts(one)) >= 4
    spans = [(one.sessions[-1].begins - one.sessions[0].begins).days for one in many()]
    assert sum(span >= 2 for span in spans) > COUNT * 0.7


def test_people_differ() -> None:
    people = [one.persona for one in many()]
    assert len({person.name for person in people}) > COUNT * 0.85
    jobs = Counter(person.occupation for person in people)
    assert len(jobs) >= 14
    assert jobs.most_common(1)[0][1] < COUNT * 0.12
    assert len({person.zone.key for person in people}) >= 10
    ages = [person.age for person in people]
    assert min(ages) < 30
    assert max(ages) > 62


def test_languages_mostly_english_but_not_only() -> None:
    first = Counter(one.persona.languages[0] for one in many())
    assert COUNT * 0.55 < first["en"] < COUNT * 0.85
    assert min(first[language] for language in ("de", "fr", "es", "ja")) >= 8
    assert any(len(one.persona.languages) == 2 for one in many())


def test_no_two_desks_say_much_the_same() -> None:
    texts = [frozenset(fact.text for fact in facts(one)) for one in many()]
    for (i, left), (k, right) in combinations(enumerate(texts), 2):
        assert len(left & right) <= 0.6 * min(len(left), len(right)), (i, k, left & right)


def test_every_type_of_claim_is_common_and_shown_in_different_ways() -> None:
    held = Counter(kind for one in many() for kind in {fact.type for fact in facts(one)})
    assert set(held) == set(TABLE)
    assert min(held.values()) >= COUNT * 0.05, held
    ways: dict[str, Counter[str]] = {}
    for one in many():
        for fact in facts(one):
            ways.setdefault(fact.type, Counter())[block_of(fact)] += 1
    for kind, blocks in ways.items():
        assert sum(count >= 3 for count in blocks.values()) >= 3, (kind, blocks)


def test_the_same_type_is_put_in_many_words() -> None:
    said: dict[str, set[str]] = {}
    for one in many():
        shown = seen(one)
        for fact in facts(one):
            said.setdefault(fact.type, set()).add(normal(shown[fact.evidence[-1]])[:60])
    for kind, texts in said.items():
        assert len(texts) >= 60, (kind, len(texts))


def test_facts_are_shown_in_their_evidence() -> None:
    for one in many():
        shown = seen(one)
        for fact in facts(one):
            text = "\n".join(shown[step] for step in fact.evidence)
            for slot, options in fact.slots.items():
                assert occurs(options[0], text), (one.id, fact.id, slot, options)


def test_facts_begin_with_what_shows_them_at_the_latest_and_end_later() -> None:
    for one in many():
        at = {step.id: step.at for session in one.sessions for step in session.steps}
        for fact in facts(one):
            times = [moment for step in fact.evidence if (moment := at[step]) is not None]
            assert times, (one.id, fact.id)
            assert fact.begins <= min(times), (one.id, fact.id)
            assert fact.ends is None or fact.ends > min(times), (one.id, fact.id)


def test_some_facts_end_within_the_desk_and_some_are_replaced() -> None:
    ended = replaced = denied = 0
    for one in many():
        by_id = {fact.id: fact for fact in one.facts}
        last = one.sessions[-1].steps[-1]
        until = last.at or one.sessions[-1].begins
        ended += any(fact.ends is not None and fact.ends < until for fact in facts(one))
        denied += any(fact.negative for fact in one.facts)
        for fact in facts(one):
            if fact.replaces is not None:
                replaced += 1
                old = by_id[fact.replaces]
                assert old.type == fact.type
                assert old.ends == fact.begins
    assert ended > COUNT * 0.3
    assert replaced > COUNT * 0.15
    assert denied > COUNT * 0.2


def test_decoys_of_all_kinds_say_nothing_true() -> None:
    kinds = Counter(decoy.kind for one in many() for decoy in one.decoys)
    assert set(kinds) == set(DecoyKind)
    assert min(kinds.values()) >= 20, kinds
    for one in many():
        shown = seen(one)
        told = [
            f"{fact.text}\n" + "\n".join(o for options in fact.slots.values() for o in options)
            for fact in one.facts
            if not fact.negative
        ]
        for decoy in one.decoys:
            text = "\n".join(shown[step] for step in decoy.steps)
            assert any(all(occurs(word, text) for word in group) for group in decoy.words), (one.id, decoy)
            for group in decoy.words:
                assert not any(all(occurs(word, true) for word in group) for true in told), (
                    one.id,
                    decoy.id,
                    group,
                )


def test_secrets_of_all_kinds_are_where_only_they_can_leak() -> None:
    kinds = Counter(secret.kind for one in many() for secret in one.secrets)
    assert min(kinds[kind] for kind in SecretKind) >= 15, kinds
    for one in many():
        texts = [secret.text for secret in one.secrets]
        assert len(texts) == len(set(texts))
        for scene in scenes(one):
            for secret in one.secrets:
                if any(secret.text in text for text in scene.texts):
                    assert _may_show(secret.kind, scene.program, scene.page, one.pages), (one.id, scene.step)


def _may_show(kind: SecretKind, program: Program | None, page: str | None, pages: object) -> bool:
    """A private window, the password manager, and the page on which the password or card is typed."""
    assert isinstance(pages, dict)
    if program is Program.PRIVATE:
        return kind is SecretKind.PRIVATE
    shown = pages[page or ""].kind
    return (
        shown
        in {
            SecretKind.PASSWORD: ("login", "bank.login"),
            SecretKind.CARD: ("shop.pay",),
            SecretKind.PRIVATE: ("vault.items",),
        }[kind]
    )


def test_wants_and_busy_times_lie_in_the_sessions() -> None:
    kinds: Counter[str] = Counter()
    for one in many():
        kinds.update(want.kind for want in one.wants)
        for want in one.wants:
            assert want.begins < want.ends
            assert any(want.begins <= session.begins <= want.ends for session in one.sessions) or any(
                want.begins <= (step.at or session.begins) <= want.ends
                for session in one.sessions
                for step in session.steps
            ), (one.id, want)
        for busy in one.busy:
            assert any(session.begins <= busy.begins for session in one.sessions)
    assert set(kinds) == {"find", "prepare", "remind"}
    assert min(kinds.values()) >= 20
    assert sum(bool(one.busy) for one in many()) >= 25


def test_programs_are_switched_and_work_is_interrupted() -> None:
    programs: Counter[str] = Counter()
    inside = 0
    for one in many():
        programs.update(
            str(step.fields["program"])
            for session in one.sessions
            for step in session.steps
            if step.do is Do.OPEN
        )
        for session in one.sessions:
            kinds = [step.do for step in session.steps]
            inside += sum(
                now is Do.MAIL and before is Do.TYPE and after in (Do.CLICK, Do.TYPE, Do.SAVE)
                for before, now, after in zip(kinds, kinds[1:], kinds[2:], strict=False)
            )
    assert min(programs[program] for program in Program) >= 10, programs
    assert inside >= 5


def test_no_slot_of_the_stocks_is_left_open() -> None:
    names = "|".join(
        ["town", "client", "year", "me", "name", "other", "task", "date", "thing", "event", "place"]
    )
    for one in many():
        shown = repr([page.fields for page in one.pages.values()]) + repr(one.sessions) + repr(one.facts)
        assert re.search(rf"(?<!\{{)\{{({names})\}}", shown) is None, one.id


def test_the_stocks_are_read_once_and_not_for_every_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    desks(60)  # every language and country has been wanted by now
    monkeypatch.setattr(stocks, "_read", lambda path: pytest.fail(f"{path.name} is read again"))
    desks(20, 100)
