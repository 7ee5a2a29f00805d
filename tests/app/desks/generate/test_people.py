from datetime import timedelta
from random import Random

import pytest

from app.desks.generate import people
from app.desks.generate.parts import Context
from app.desks.generate.stocks import names
from gum.text import normal

MANY = [people.context(Random(seed)) for seed in range(120)]


@pytest.mark.parametrize("one", MANY[:40])
def test_everybody_at_a_desk_has_names_of_their_own(one: Context) -> None:
    names = [one.persona.name, *(who.name for who in one.contacts), *one.others]
    words = [word for name in names for word in set(normal(name).split())]
    parts = [word for name in names for word in (normal(name.split()[0]), normal(name.split()[-1]))]
    assert len(set(names)) == len(names)
    assert len(set(parts)) == len(parts)
    assert words


def test_contacts_are_of_work_and_of_life() -> None:
    for one in MANY:
        assert sum(who.work for who in one.contacts) == 3
        assert len(one.contacts) == 6
        assert len({who.address for who in one.contacts}) == 6
        assert all(who.address.isascii() and who.address.endswith(".test") for who in one.contacts)


def test_sessions_are_in_order_apart_and_in_the_zone_of_the_person() -> None:
    for one in MANY:
        assert 3 <= len(one.begins) <= 6
        assert list(one.begins) == sorted(one.begins)
        for before, after in zip(one.begins, one.begins[1:], strict=False):
            assert after - before >= timedelta(hours=2)
        for at in one.begins:
            assert at.tzinfo is one.persona.zone
            assert 7 <= at.hour <= 21
        assert (one.begins[-1].date() - one.begins[0].date()).days <= 12


def test_people_are_of_the_age_of_their_job() -> None:
    for one in MANY:
        low, high = one.job.get("ages", (23, 66))
        assert low <= one.persona.age <= high


def test_the_country_speaks_the_language() -> None:
    for one in MANY:
        assert one.country.language == one.persona.languages[0] == one.language
        assert one.persona.zone.key in one.country.zones
        assert one.town in one.country.towns


def test_names_fit_jobs_that_are_of_women_or_of_men() -> None:
    told = 0
    for one in MANY:
        if (woman := one.job.get("woman")) is not None:
            told += 1
            stocks_of = [names()[name] for name in one.country.names]
            women = {given for stock in stocks_of for given in stock["women"]}
            assert (one.persona.name.split()[0] in women) == woman
    assert told >= 10
