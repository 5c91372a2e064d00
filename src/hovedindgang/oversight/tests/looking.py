"""Look-ups as the log keeps them, for the tests of this room."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.judging import judge_day
from hovedindgang.oversight.models import JudgedDay, NoticedLookUp
from hovedindgang.oversight.rules import Why
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen, Employee

OPEN: set[tuple[int, uuid.UUID]] = set()


def forms_that_are_open(keys: Collection[uuid.UUID]) -> set[tuple[int, uuid.UUID]]:
    """In the desk's place: (employee, form) as the test put them."""
    return {(who, key) for who, key in OPEN if key in keys}


def citizen(number: int = 1, name: str = "Opdigtet Ottosen") -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=f"{60 + number}0190{1000 + number:04}", name=name)


def look(
    employee: Employee,
    whom: Citizen | None,
    *,
    at: dt.datetime | None = None,
    use: str = "history",
    reason: str = "",
    request: uuid.UUID | None = None,
) -> LookUp:
    return LookUp.objects.create(
        at=at or clock.now(),
        actor_kind="employee",
        actor_id=employee.pk,
        citizen_id=whom.pk if whom else None,
        use=use,
        reason=reason or f"citizen:{whom.pk if whom else ''}",
        request_id=request or uuid.uuid4(),
    )


def why_of(look_up: LookUp) -> Why | None:
    """What the day's judgement says of it; None where work explains it and no rule noticed it."""
    judge_day(clock.local_day(look_up.at))
    found = NoticedLookUp.objects.filter(look_up=look_up.pk).first()
    return Why(found.why) if found else None


def settle(first: dt.date, last: dt.date) -> None:
    """Judge every day of a past period for good."""
    for number in range((last - first).days + 1):
        judge_day(first + dt.timedelta(days=number))
    assert not JudgedDay.objects.filter(day__lte=last, settled=False).exists()
