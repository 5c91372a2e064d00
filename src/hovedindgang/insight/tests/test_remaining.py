"""What is kept of a matter when the person it was for is forgotten: the first day on which she came again."""

from __future__ import annotations

import datetime as dt

import pytest

from hovedindgang.contacts.actions import NewEnquiry, forget_contacts
from hovedindgang.contacts.models import Enquiry, WhatRemains
from hovedindgang.insight.remaining import what_remains
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import Cause

Visits = tuple[list[Enquiry], list[dt.date]]


@pytest.fixture
def three_times(desk: Desk) -> Visits:
    """The same citizen with the same matter, five and then nine days later; and on which days."""
    anna, came, days = desk.citizen(), [], []
    for later in (0, 5, 9):
        desk.days_pass(later)
        came += desk.comes(anna, NewEnquiry(service="pas"))
        days.append(clock.today())
    return came, days


def test_it_is_the_first_of_several(three_times: Visits) -> None:
    (first, second, _third), days = three_times
    remains = what_remains([first.contact_id])
    assert remains[first.pk].came_again_on == days[1]
    assert what_remains([second.contact_id])[second.pk].came_again_on == days[2]


@pytest.mark.parametrize("order", [(2, 1), (1, 2)])
def test_whichever_is_forgotten_first_the_first_day_is_kept(three_times: Visits, order: tuple[int, int]) -> None:
    came, days = three_times
    for at in order:
        numbers = [came[at].contact_id]
        forget_contacts(
            actor=SYSTEM,
            contact_ids=numbers,
            remains=what_remains(numbers),
            cause=Cause("retention_run", 1),
            on=clock.today(),
        )
    assert WhatRemains.objects.get(enquiry=came[0]).came_again_on == days[1]
