"""Who may come to what here. Every deed and page of this room begins at one of these; all raise NoAccess."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, may_see_citizens
from hovedindgang.safety.models import Alarm, Incident, Warning


def must_lead(employee: Employee) -> None:
    if not (employee.is_active and employee.is_leader):
        raise NoAccess


def must_be_of_borgerservice(employee: Employee) -> None:
    """Whoever may raise an alarm, see one, or propose a warning."""
    if not may_see_citizens(employee):
        raise NoAccess


def open_warning(employee: Employee, warning_id: int) -> Warning:
    """The warning, locked, for the leader who decides. Raises ClosedToHer too: nobody decides about her own."""
    must_lead(employee)
    found = Warning.objects.select_for_update(of=("self",)).filter(pk=warning_id).first()
    if found is None:
        raise NoAccess
    refuse_if_closed(employee.pk, [found.citizen_id])
    return found


def open_alarm(employee: Employee, alarm_id: int) -> Alarm:
    must_be_of_borgerservice(employee)
    found = Alarm.objects.select_for_update(of=("self",)).filter(pk=alarm_id).first()
    if found is None:
        raise NoAccess
    return found


def incidents_seen(employee: Employee) -> QuerySet[Incident]:
    """All for a leader; else those she was in or told of herself."""
    if not employee.is_active:
        return Incident.objects.none()
    if employee.is_leader:
        return Incident.objects.all()
    hers = Incident.present.through.objects.filter(employee_id=employee.pk).values("incident_id")
    return Incident.objects.filter(Q(pk__in=hers) | Q(reported_by=employee))


def open_incident(employee: Employee, incident_id: int) -> Incident:
    found = incidents_seen(employee).select_related("reported_by", "centre").filter(pk=incident_id).first()
    if found is None:
        raise NoAccess
    return found
