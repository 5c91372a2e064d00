"""A protected name and address slip out nowhere, and protection ends on its day."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people.actions import (
    KnownCitizen,
    end_protections,
    import_citizens,
    protect_citizen,
    record_death,
    register_citizen,
    update_citizen,
)
from hovedindgang.people.models import TOLD, Citizen, Protection
from hovedindgang.people.protection import (
    is_protected,
    protected_rows,
    shown_address,
    shown_born_on,
    shown_email,
    shown_fields,
    shown_name,
    shown_phone,
)
from hovedindgang.people.queries import search_by_name
from hovedindgang.people.rules import PeopleRefused, a_year_after

KAREN = "610190-0001"
TODAY = dt.date(2026, 3, 11)
SECRET = {"name": "Karen Prøve", "address": "Skjulestien 7", "phone": "11223344", "email": "karen@example.dk"}


@pytest.fixture
def karen(db: None, clock: object) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=KAREN, **SECRET)


def protect(citizen: Citizen, protection: Protection = Protection.THREAT, **days: dt.date) -> Citizen:
    return protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=protection, **days)


def test_nothing_that_leads_to_a_protected_citizen_is_shown_of_her(karen: Citizen) -> None:
    assert (shown_name(karen), shown_address(karen)) == ("Karen Prøve", "Skjulestien 7")
    hidden = protect(karen)
    assert shown_name(hidden) == f"beskyttet borger {karen.pk}"
    assert [shown_address(hidden), shown_phone(hidden), shown_email(hidden)] == ["", "", ""]
    assert shown_born_on(hidden) is None
    assert shown_fields(hidden) == {"protected": True}


def test_who_is_not_protected_is_given_out_with_all_we_know_and_that_she_is_not(karen: Citizen) -> None:
    assert shown_fields(karen) == {**SECRET, "protected": False, "born_on": "1990-01-01"}


def test_the_ordinary_protection_lasts_one_year_and_then_her_name_is_shown_again(karen: Citizen) -> None:
    hidden = protect(karen, Protection.ORDINARY)
    assert (hidden.protected_from, hidden.protected_to) == (TODAY, dt.date(2027, 3, 11))
    assert not is_protected(hidden, dt.date(2026, 3, 10))
    assert is_protected(hidden, dt.date(2027, 3, 10))
    assert not is_protected(hidden, dt.date(2027, 3, 11))
    assert a_year_after(dt.date(2028, 2, 29)) == dt.date(2029, 3, 1)


@pytest.mark.parametrize("day", [dt.date(2026, 3, 10), TODAY, dt.date(2027, 3, 10), dt.date(2027, 3, 11)])
@pytest.mark.parametrize("protection", list(Protection))
def test_the_database_and_the_program_agree_on_who_is_protected_on_a_day(
    karen: Citizen, protection: Protection, day: dt.date
) -> None:
    hidden = protect(karen, protection)
    assert Citizen.objects.filter(protected_rows(day)).exists() is is_protected(hidden, day)


def test_after_threats_she_is_protected_until_somebody_ends_it(karen: Citizen) -> None:
    assert is_protected(protect(karen), dt.date(2099, 1, 1))
    shown = protect(karen, Protection.NONE)
    assert (shown.protected_from, shown.protected_to, is_protected(shown)) == (None, None, False)
    assert [event.verb for event in Event.objects.order_by("pk")][1:] == [
        "citizen.protected",
        "citizen.protection_ended",
    ]


def test_the_events_of_protection_tell_kind_and_days_and_neither_name_nor_address(karen: Citizen) -> None:
    protect(karen, Protection.ORDINARY)
    event = Event.objects.get(verb="citizen.protected")
    assert event.facts == {"protection": "ordinary", "from": "2026-03-11", "to": "2027-03-11"}
    told = json.dumps([row.facts for row in Event.objects.all()])
    assert not [secret for secret in SECRET.values() if secret in told]


def test_a_protected_citizen_is_not_found_by_her_name_nor_counted_among_those_not_shown(karen: Citizen) -> None:
    protect(karen)
    for number in range(2):
        register_citizen(actor=SYSTEM, name=f"Karen Prøve{number}")
    found = search_by_name(actor=SYSTEM, typed="karen prøve", reason="test", limit=2)
    assert [citizen.name for citizen in found.people] == ["Karen Prøve0", "Karen Prøve1"]
    assert not found.more


def test_protection_that_ends_before_it_begins_is_refused_with_what_to_do(karen: Citizen) -> None:
    with pytest.raises(PeopleRefused, match="Ret en af datoerne"):
        protect(karen, Protection.OWN, from_day=TODAY, to_day=TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"protection": "secret"},
        {"protection": "none", "protected_from": TODAY},
        {"protection": "ordinary", "protected_from": TODAY, "protected_to": None},
        {"protection": "own", "protected_from": TODAY, "protected_to": TODAY},
        {"dead_on": dt.date(1989, 12, 31)},
    ],
)
def test_the_database_refuses_a_protection_that_cannot_be(karen: Citizen, wrong: dict[str, object]) -> None:
    sealed = {**dict.fromkeys(TOLD, ""), "told_sealed": b"sealed"} if wrong.get("protection", "none") != "none" else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Citizen.objects.filter(pk=karen.pk).update(**wrong, **sealed)


def test_what_leads_to_her_lies_sealed_and_stands_in_no_column(karen: Citizen) -> None:
    protect(karen)
    row = Citizen.objects.values().get(pk=karen.pk)
    assert [row[field] for field in TOLD] == [""] * len(TOLD)
    assert not [told for told in SECRET.values() if told.encode() in bytes(row["told_sealed"])]
    assert {field: getattr(Citizen.objects.get(pk=karen.pk), field) for field in SECRET} == SECRET
    karen.refresh_from_db()
    assert karen.address == SECRET["address"]


def test_what_is_learned_of_her_while_she_is_protected_is_sealed_too(karen: Citizen) -> None:
    protect(karen)
    update_citizen(actor=SYSTEM, citizen_id=karen.pk, address="Skjulestien 8", needs="kørestol")
    row = Citizen.objects.values().get(pk=karen.pk)
    assert (row["address"], row["needs"]) == ("", "kørestol")
    assert Citizen.objects.get(pk=karen.pk).address == "Skjulestien 8"
    record_death(actor=SYSTEM, citizen_id=karen.pk, dead_on=TODAY)
    assert Citizen.objects.get(pk=karen.pk).name == SECRET["name"]


def test_nothing_of_a_protected_citizen_can_be_written_in_clear(karen: Citizen) -> None:
    protect(karen)
    for field in TOLD:
        with pytest.raises(IntegrityError, match="citizen_protected_is_sealed"), transaction.atomic():
            Citizen.objects.filter(pk=karen.pk).update(**{field: "1"})
    with pytest.raises(IntegrityError, match="citizen_protected_is_sealed"), transaction.atomic():
        Citizen.objects.filter(pk=register_citizen(actor=SYSTEM, name="Jens").pk).update(protection=Protection.OWN)


def test_when_her_protection_is_over_she_is_found_by_name_again(karen: Citizen, clock: Any) -> None:
    def found() -> list[Citizen]:
        return search_by_name(actor=SYSTEM, typed="karen", reason="test").people

    protect(karen, Protection.ORDINARY, from_day=TODAY, to_day=TODAY + dt.timedelta(days=2))
    clock.go(days=1)
    end_protections()
    assert found() == []
    clock.go(days=1)
    end_protections()
    end_protections()
    assert found() == [karen]
    row = Citizen.objects.values().get(pk=karen.pk)
    assert (row["name"], row["told_sealed"], row["protection"]) == (SECRET["name"], None, "none")
    assert Event.objects.filter(verb="citizen.protection_ended").count() == 1


def test_protection_and_death_are_never_set_in_passing(karen: Citizen) -> None:
    with pytest.raises(TypeError):
        update_citizen(actor=SYSTEM, citizen_id=karen.pk, protection="none")
    with pytest.raises(TypeError):
        register_citizen(actor=SYSTEM, name="Jens", dead_on=TODAY)


def test_a_death_is_recorded_and_taken_back_and_not_foretold(karen: Citizen) -> None:
    assert record_death(actor=SYSTEM, citizen_id=karen.pk, dead_on=TODAY).dead_on == TODAY
    for never in (dt.date(2026, 3, 12), dt.date(1989, 1, 1)):
        with pytest.raises(PeopleRefused, match="Skriv den dag, borgeren døde"):
            record_death(actor=SYSTEM, citizen_id=karen.pk, dead_on=never)
    assert record_death(actor=SYSTEM, citizen_id=karen.pk, dead_on=None).dead_on is None


def test_an_import_brings_protection_along(karen: Citizen) -> None:
    row = KnownCitizen(
        cpr="6101900002",
        name="Kirsten Prøve",
        protection=Protection.ORDINARY,
        protected_from=TODAY,
        protected_to=dt.date(2027, 3, 11),
    )
    number = import_citizens(actor=SYSTEM, rows=[row])["6101900002"]
    assert is_protected(Citizen.objects.get(pk=number))
