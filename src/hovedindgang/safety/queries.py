"""Reads of this room. A warning that is shown is a look-up, and written down as one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import employees
from hovedindgang.people.rules import NoAccess, may_see_citizens
from hovedindgang.safety.doors import incidents_seen, must_lead
from hovedindgang.safety.models import Alarm, AlarmAnswer, Incident, Warning
from hovedindgang.safety.rules import WarningState


def warnings_for_meeting(employee: Employee, citizen_id: int, *, reason: str) -> list[Warning]:
    """Those in force, for who is about to meet her face to face and for nobody else. Each sighting is logged."""
    if not may_see_citizens(employee):
        raise NoAccess
    found = list(_in_force().filter(citizen=citizen_id).order_by("reason"))
    if found:
        log_look_up(actor=employee_actor(employee.pk), citizen_ids=[citizen_id], use="warning", reason=reason)
    return found


def _in_force() -> QuerySet[Warning]:
    return Warning.objects.filter(state=WarningState.IN_FORCE, valid_to__gt=clock.today())


def to_decide(employee: Employee) -> list[Warning]:
    """For the leader: what is proposed, then what is in force, soonest ended first. Without names: she opens one."""
    must_lead(employee)
    open_ones = Warning.objects.filter(state__in=[WarningState.PROPOSED, WarningState.IN_FORCE])
    rows = list(open_ones.select_related("proposed_by", "decided_by").order_by("valid_to", "id"))
    return sorted(rows, key=lambda row: (row.state != WarningState.PROPOSED, row.valid_to or dt.date.max, row.pk))


def warning_seen(employee: Employee, warning_id: int) -> Warning:
    """One warning with its citizen, for the leader; logged. Raises NoAccess, ClosedToHer."""
    must_lead(employee)
    found = Warning.objects.select_related("citizen", "proposed_by", "decided_by").filter(pk=warning_id).first()
    if found is None:
        raise NoAccess
    refuse_if_closed(employee.pk, [found.citizen_id])
    actor = employee_actor(employee.pk)
    log_look_up(actor=actor, citizen_ids=[found.citizen_id], use="warning", reason=f"warning:{found.pk}")
    return found


def open_alarms(employee: Employee) -> QuerySet[Alarm]:
    """Alarms that are not over, for whoever may come; none for others."""
    return Alarm.objects.filter(ended_at__isnull=True) if may_see_citizens(employee) else Alarm.objects.none()


def alarms_shown(employee: Employee) -> list[Alarm]:
    """The same with who raised them, where, and who comes; oldest first."""
    rows = open_alarms(employee).select_related("raised_by", "centre").order_by("id")
    return list(
        rows.prefetch_related(Prefetch("answers", AlarmAnswer.objects.select_related("employee").order_by("id")))
    )


def incidents(employee: Employee) -> list[Incident]:
    return list(incidents_seen(employee).select_related("centre", "reported_by").order_by("-happened_at", "-id")[:200])


def colleagues(employee: Employee) -> list[Employee]:
    """Who may have been there."""
    return [one for one in employees() if one.is_active and (one.is_employee or one.is_leader)]


@dataclass(frozen=True, slots=True)
class Tally:
    kind: str
    number: int


def counted(employee: Employee, *, since: dt.date) -> list[Tally]:
    """How many of each kind since a day, for the leader. No citizen is in the table, so none is in the figure."""
    must_lead(employee)
    begun = clock.day_bounds(since)[0]
    rows = Incident.objects.filter(happened_at__gte=begun).values_list("kind").annotate(Count("id")).order_by("kind")
    return [Tally(kind, number) for kind, number in rows]
