"""Figures of single employees: the one place that counts them.

Who asks must be the employee herself, or hold an agreement of the service model that names the figures; a test of the
house knows the callers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median

from django.db.models import F, Q

from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.contacts.rules import Outcome
from hovedindgang.kernel.clock import day_bounds
from hovedindgang.servicemodel.document import EmployeeFigure

FEWEST_TIMES = 5  # of fewer contacts no middle one is told


@dataclass(slots=True)
class Work:
    """What one employee did; a figure that was not asked for is None."""

    registrations: int | None = None
    minutes: float | None = None  # the middle one; None also for fewer than FEWEST_TIMES true ones
    timed: int | None = None  # contacts with true times
    ended: int | None = None
    resolved: int | None = None
    lengths: list[float] = field(default_factory=list, repr=False)


def work_of(
    first: dt.date, last: dt.date, figures: Collection[EmployeeFigure], employee_id: int | None = None
) -> dict[int, Work]:
    """By employee: exactly these figures of contacts received, and enquiries ended, from `first` to `last`.

    What came with an import was registered and ended elsewhere; what she ended of it afterwards, she ended here.
    `employee_id`: hers alone.
    """
    found: dict[int, Work] = defaultdict(Work)
    mine = Contact.objects.filter(received_on__range=(first, last), employee__isnull=False, batch=None)
    ended = Enquiry.objects.filter(
        outcome_at__gte=day_bounds(first)[0], outcome_at__lt=day_bounds(last)[1], outcome_by__isnull=False
    )
    ended = ended.filter(Q(contact__batch=None) | Q(outcome_at__gt=F("contact__registered_at")))
    if employee_id is not None:
        mine, ended = mine.filter(employee=employee_id), ended.filter(outcome_by=employee_id)
    if {EmployeeFigure.REGISTRATIONS, EmployeeFigure.HANDLING} & set(figures):
        for employee, started, over, true in mine.values_list("employee", "started_at", "ended_at", "times_true"):
            work = found[employee]
            work.registrations = (work.registrations or 0) + 1
            if true:
                work.lengths.append((over - started).total_seconds() / 60)
    if EmployeeFigure.RESOLVED in figures:
        for employee, outcome in ended.values_list("outcome_by", "outcome"):
            work = found[employee]
            work.ended = (work.ended or 0) + 1
            work.resolved = (work.resolved or 0) + (outcome == Outcome.RESOLVED)
    for work in found.values():
        _only(work, figures)
    return dict(found)


def _only(work: Work, figures: Collection[EmployeeFigure]) -> None:
    if EmployeeFigure.HANDLING in figures:
        work.timed = len(work.lengths)
        work.minutes = median(work.lengths) if len(work.lengths) >= FEWEST_TIMES else None
    work.lengths = []
    if EmployeeFigure.REGISTRATIONS in figures:
        work.registrations = work.registrations or 0
    else:
        work.registrations = None
    if EmployeeFigure.RESOLVED in figures:
        work.ended, work.resolved = work.ended or 0, work.resolved or 0
