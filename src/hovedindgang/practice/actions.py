"""Deeds: go to the practice house, come in there, have it made anew, and write down what would have been sent."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import IntegrityError, transaction

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.actions import EmployeeFacts, change_employee, create_employee
from hovedindgang.people.models import Employee, Role
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.practice.keys import shared_key
from hovedindgang.practice.models import UsedPass
from hovedindgang.practice.queries import is_asked_to_clear, username_of
from hovedindgang.practice.rules import BadPass, Pass, What, read_pass, write_pass


class NotReady(RuntimeError):
    """The practice house is being filled: come back in a minute."""


@transaction.atomic
def go_to_practice(*, employee: Employee) -> str:
    """In the real house: a pass for her, made now, and one event that she went. Raises BadKey."""
    written = write_pass(
        employee=employee.pk,
        name=employee.name,
        roles=employee.roles,
        house=settings.PRACTICE_ADDRESS,
        key=shared_key(),
        number=uuid.uuid4(),
        now=clock.now(),
    )
    append_event(
        verb="employee.went_to_practice",
        actor=employee_actor(employee.pk),
        subject_kind="employee",
        subject_id=employee.pk,
    )
    return written


@transaction.atomic
def come_to_practice(*, written: str) -> Employee:
    """In the practice house: who the pass is for, found or made, with the roles she has today. The pass is used up.

    Raises BadPass, BadKey, NotReady.
    """
    shown = read_pass(written, house=settings.PRACTICE_ADDRESS, key=shared_key(), now=clock.now())
    try:
        with transaction.atomic():
            UsedPass.objects.create(number=shown.number)
    except IntegrityError:
        raise BadPass("used") from None
    employee = _known_or_made(shown)
    append_event(verb="employee.came_to_practice", actor=SYSTEM, subject_kind="employee", subject_id=employee.pk)
    return employee


def _known_or_made(shown: Pass) -> Employee:
    """Her own row of the practice house. Her centre and department are the first of the model: a pass does not say."""
    try:
        model = in_force().model
    except NoPolicyInForce:
        raise NotReady from None
    if is_asked_to_clear():
        raise NotReady
    facts = EmployeeFacts(
        username=username_of(shown.employee),
        name=shown.name,
        roles=shown.roles,
        centre=next(iter(model.centres), None),
        department=next(iter(model.departments), None) if Role.CASEWORKER in shown.roles else None,
    )
    found = Employee.objects.filter(username=facts.username).first()
    if found is None:
        return create_employee(actor=SYSTEM, facts=facts, by_password=False)[0]
    if (found.name, found.roles, found.is_active) == (facts.name, facts.roles, True):
        return found
    return change_employee(actor=SYSTEM, employee_id=found.pk, facts=facts, is_active=True)


@transaction.atomic
def ask_to_clear(*, employee: Employee) -> None:
    """A leader has the practice house made anew: the worker does it within seconds. Asked before, nothing happens.

    The wish is an event and goes with all the others when the house is cleared. Raises NoAccess.
    """
    if Role.LEADER not in employee.roles or not settings.PRACTICE:
        raise NoAccess
    if not is_asked_to_clear():
        append_event(verb="practice.clear_asked", actor=employee_actor(employee.pk), subject_kind="house", subject_id=1)


@transaction.atomic
def would_have_sent(*, what: What, number: str) -> None:
    """Write down that nothing left the house: which kind, and the number that our own row of it has."""
    append_event(
        verb="practice.would_have_sent",
        actor=SYSTEM,
        subject_kind=f"sent_{what.value}",
        subject_id=number,
        facts={"what": what.value},
    )


def forget_used_passes() -> None:
    """Those that have long expired are refused by their age."""
    UsedPass.objects.filter(used_at__lt=clock.now() - dt.timedelta(days=1)).delete()
