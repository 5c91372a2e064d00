"""What the journal's pages show: how one matter stands, what waits for a person, how old what is missing has become."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from hovedindgang.contacts import queries
from hovedindgang.contacts.actions.journalising import waits_for_person
from hovedindgang.contacts.doors import contact_of_enquiry, enquiries_seen, is_borgerservice
from hovedindgang.contacts.models import Enquiry, Handover, Journalised
from hovedindgang.contacts.ports import case_system
from hovedindgang.contacts.rules import UNDER_WAY, JournalState, JournalWhat
from hovedindgang.contacts.templatetags.contacts import named
from hovedindgang.kernel import clock
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import journal_duty

LISTED = 100


@dataclass(frozen=True, slots=True)
class MatterJournal:
    """One matter's way into the journal, and what the form begins with."""

    enquiry: Enquiry
    rows: list[Journalised]  # oldest first
    to_person: list[Journalised]  # of these, what somebody must decide about
    under_way: bool
    connected: bool  # the house has a case system
    title: str
    text: str


def matter_journal(employee: Employee, enquiry_id: int) -> MatterJournal:
    """The look-up is logged. Raises NoAccess."""
    seen = queries.contact_seen(employee, contact_of_enquiry(employee, enquiry_id))
    enquiry = next((one for one in seen.enquiries if one.pk == enquiry_id), None)
    if enquiry is None or seen.contact.mistake is not None:
        raise NoAccess
    rows = list(enquiry.journal.select_related("asked_by", "settled_by").order_by("id"))
    # A note is about its whole contact: where there are several matters, she writes what belongs to this one.
    alone = len(seen.enquiries) == 1 and not seen.withheld and not seen.left_out
    return MatterJournal(
        enquiry=enquiry,
        rows=rows,
        to_person=[row for row in rows if waits_for_person(row)],
        under_way=any(row.state in UNDER_WAY for row in rows),
        connected=case_system() is not None,
        title=named(enquiry.service_id, "services"),
        text="\n\n".join(note.text for note in seen.notes) if alone else "",
    )


@dataclass(frozen=True, slots=True)
class ByDepartment:
    """Matters that are not journalised yet, of one department; "" is Borgerservice."""

    department: str
    count: int
    overdue: int
    oldest_on: dt.date
    oldest_days: int


@dataclass(frozen=True, slots=True)
class JournalPage:
    departments: list[ByDepartment]  # the oldest first
    count: int
    overdue: int
    oldest_days: int | None
    oldest: list[Enquiry]  # those that she may see, oldest first
    to_person: list[Journalised]
    overdue_days: int
    overdue_before: dt.date
    connected: bool


def journal_page(employee: Employee) -> JournalPage:
    """Numbers of the whole house; matters only as far as she may see them. Raises NoAccess outside Borgerservice."""
    if not is_borgerservice(employee):
        raise NoAccess
    today = clock.today()
    before = today - dt.timedelta(days=settings.CASES_DAYS)
    undone = not_journalised()
    departments = _by_department(undone, today, before)
    seen = enquiries_seen(employee).filter(pk__in=undone.values("pk"))
    return JournalPage(
        departments=departments,
        count=sum(one.count for one in departments),
        overdue=sum(one.overdue for one in departments),
        oldest_days=max((one.oldest_days for one in departments), default=None),
        oldest=list(seen.order_by("received_on", "id")[:LISTED]),
        to_person=_to_person(employee),
        overdue_days=settings.CASES_DAYS,
        overdue_before=before,
        connected=case_system() is not None,
    )


def not_journalised() -> QuerySet[Enquiry]:
    """Matters that the model says are journalised, or that somebody asked for, and that do not lie there yet."""
    owed = Q(pk__in=Journalised.objects.exclude(state=JournalState.DONE).values("enquiry_id"))
    for service, since in journal_duty().items():
        owed |= Q(service=service, received_on__gte=since)
    there = Journalised.objects.filter(enquiry=OuterRef("pk"), what=JournalWhat.NOTE, state=JournalState.DONE)
    return Enquiry.objects.filter(owed, contact__forgotten__isnull=True).filter(~Exists(there))


def _by_department(undone: QuerySet[Enquiry], today: dt.date, before: dt.date) -> list[ByDepartment]:
    handed = Handover.objects.filter(enquiry=OuterRef("pk")).order_by("-id").values("department")[:1]
    rows = (
        undone.order_by()
        .annotate(where=Subquery(handed))
        .values("where")
        .annotate(count=Count("pk"), overdue=Count("pk", filter=Q(received_on__lt=before)), oldest=Min("received_on"))
    )
    found = [
        ByDepartment(row["where"] or "", row["count"], row["overdue"], row["oldest"], (today - row["oldest"]).days)
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.oldest_on, one.department))


def _to_person(employee: Employee) -> list[Journalised]:
    rows = Journalised.objects.filter(state__in=[JournalState.UNCERTAIN, JournalState.REFUSED])
    rows = rows.filter(enquiry__in=enquiries_seen(employee)).select_related("enquiry").order_by("id")
    return [row for row in rows[:LISTED] if waits_for_person(row)]
