"""Which house a database is: said once, and by both, or no process begins."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.kernel import house
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import House, HouseKind

pytestmark = pytest.mark.django_db


def test_a_real_house_that_never_said_so_says_it_from_its_first_start(settings: Any) -> None:
    assert house.said_by_database() == ""
    house.must_be_the_same()
    assert house.said_by_database() == HouseKind.REAL
    house.must_be_the_same()
    assert House.objects.count() == 1


def test_a_real_database_started_as_practice_is_refused_and_nothing_is_written(settings: Any) -> None:
    house.must_be_the_same()
    settings.PRACTICE = True
    with pytest.raises(house.OtherHouse) as refused:
        house.must_be_the_same()
    assert (refused.value.said, refused.value.found) == (HouseKind.PRACTICE, "real")
    assert house.said_by_database() == HouseKind.REAL
    assert not house.is_practice_house()


def test_a_database_that_says_nothing_is_no_practice_house(settings: Any) -> None:
    settings.PRACTICE = True
    with pytest.raises(house.OtherHouse):
        house.must_be_the_same()
    assert not House.objects.exists()


def test_a_practice_house_started_as_the_real_one_is_refused(settings: Any) -> None:
    settings.PRACTICE = True
    house.make_practice_house()
    house.make_practice_house()  # again changes nothing
    house.must_be_the_same()
    assert house.is_practice_house()
    settings.PRACTICE = False
    with pytest.raises(house.OtherHouse):
        house.must_be_the_same()
    assert not house.is_practice_house()


def test_a_database_in_which_something_was_done_is_not_made_a_practice_house(settings: Any) -> None:
    append_event(verb="day.began", actor=SYSTEM, subject_kind="day", subject_id="2026-03-11")
    settings.PRACTICE = True
    with pytest.raises(house.OtherHouse):
        house.make_practice_house()
    assert not House.objects.exists()


@pytest.mark.parametrize("other", [{"only": 2, "kind": "real"}, {"only": 1, "kind": "both"}])
def test_the_database_knows_one_house_and_two_kinds(other: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.create(**other)


def test_what_a_house_is_is_never_changed_nor_taken_away() -> None:
    House.objects.create(kind=HouseKind.REAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.update(kind=HouseKind.PRACTICE)
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.create(kind=HouseKind.PRACTICE)
    assert house.said_by_database() == HouseKind.REAL
