"""Figures about single employees: only by an agreement of the service model in force on the day, and only its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hovedindgang.contacts.by_employee import Work, work_of
from hovedindgang.insight.periods import Period
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import names_apart
from hovedindgang.policy.queries import adopted_versions, in_force
from hovedindgang.servicemodel.document import EmployeeFigures


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one agreement lets an employee see of a period: the days it held, and who did what on them."""

    agreement: EmployeeFigures
    first: dt.date
    last: dt.date
    work: list[tuple[str, Work]]  # by name, in its order


def agreements_for(viewer: Employee, today: dt.date) -> list[EmployeeFigures]:
    """The agreements in force today by which `viewer` may see figures of others. Raises NoPolicyInForce."""
    roles = {str(role) for role in viewer.roles}
    held = in_force(today).model.employee_figures.values()
    return [one for one in held if one.holds_on(today) and roles & set(one.seen_by)]


def agreed_figures(viewer: Employee, period: Period, today: dt.date) -> list[Agreed]:
    """By each such agreement, the days of the period on which it held, in every version of the model in between."""
    found = []
    for agreement in agreements_for(viewer, today):
        first = max(period.first, agreement.valid_from, _stood_since(agreement, today))
        last = min(period.last, agreement.valid_to - dt.timedelta(days=1), today)
        work = work_of(first, last, agreement.figures) if first <= last else {}
        names = names_apart(Employee.objects.filter(pk__in=list(work)))
        rows = sorted(((names[number], number) for number in work), key=lambda row: row[0].casefold())
        found.append(Agreed(agreement, first, last, [(name, work[number]) for name, number in rows]))
    return found


def _stood_since(agreement: EmployeeFigures, today: dt.date) -> dt.date:
    """The first day of the versions, without a gap until today, in which the agreement stands as it does today."""
    since = today
    for version in sorted(adopted_versions(), key=lambda one: one.valid_from, reverse=True):
        if version.valid_from > today:
            continue
        if in_force(version.valid_from).model.employee_figures.get(agreement.key) != agreement:
            break
        since = version.valid_from
    return since
