"""Who may come to which complaint. Every deed and page of this room begins at one of these; all raise NoAccess.

Leaders read what comes in, and whoever was given it to answer; who wrote it down reads it again. A complaint about
somebody's conduct is for leaders alone, and nobody ever reads one about herself, a leader neither. What belongs to a
matter that is kept closely is kept as closely: only its owner, whose work it is, and who may read the matter read it.
Of somebody who is closed to her (`people.closed`) she reads nothing here either.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.sensitivity import hidden_from, readable_by
from hovedindgang.people.closed import closed_to
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.surveys.models import Feedback
from hovedindgang.surveys.rules import Kind


def must_meet_citizens(employee: Employee) -> None:
    """Whoever may write a complaint down: it comes where the citizen comes."""
    if not (employee.is_active and (employee.is_employee or employee.is_leader or employee.is_caseworker)):
        raise NoAccess


def must_lead(employee: Employee) -> None:
    if not (employee.is_active and employee.is_leader):
        raise NoAccess


def _kept_closely(employee: Employee) -> Q:
    """Those that belong to a matter she may not read."""
    hidden = hidden_from(employee)
    if not hidden:
        return Q(pk__in=[])
    matters = Enquiry.every.filter(Q(pk=OuterRef("enquiry")) | Q(contact=OuterRef("contact")), service__in=hidden)
    readable = Enquiry.every.filter(readable_by(employee), pk=OuterRef("pk"))
    return Q(Exists(matters.filter(~Exists(readable))))


def feedback_seen(employee: Employee) -> QuerySet[Feedback]:
    """What she may read the words of."""
    if not employee.is_active:
        return Feedback.objects.none()
    rows = Feedback.objects.filter(forgotten_on__isnull=True).exclude(citizen__in=closed_to(employee.pk))
    rows = rows.filter(Q(concerns__isnull=True) | ~Q(concerns=employee))
    open_to_her = ~_kept_closely(employee)
    if employee.is_leader:
        nobodys = Q(owner__isnull=True) | Q(owner__is_active=False)  # somebody must be able to take it up
        return rows.filter(Q(owner=employee) | nobodys | open_to_her)
    return rows.exclude(kind=Kind.CONDUCT).filter(Q(owner=employee) | Q(Q(recorded_by=employee), open_to_her))


def _answered_by(employee: Employee) -> QuerySet[Feedback]:
    rows = feedback_seen(employee)
    return rows if employee.is_leader else rows.filter(owner=employee)


def must_answer(employee: Employee, feedback_id: int) -> None:
    """Its owner, or a leader who may read it: asked before anything she typed is judged."""
    if not _answered_by(employee).filter(pk=feedback_id).exists():
        raise NoAccess


def open_feedback(employee: Employee, feedback_id: int) -> Feedback:
    """For a deed on it, locked: by its owner, or a leader who may read it."""
    return _locked(_answered_by(employee), feedback_id)


def open_words(employee: Employee, feedback_id: int) -> Feedback:
    """For an amendment, locked: by whoever may read it."""
    return _locked(feedback_seen(employee), feedback_id)


def _locked(rows: QuerySet[Feedback], feedback_id: int) -> Feedback:
    if not rows.filter(pk=feedback_id).exists():
        raise NoAccess
    return Feedback.objects.select_for_update(of=("self",)).get(pk=feedback_id)
