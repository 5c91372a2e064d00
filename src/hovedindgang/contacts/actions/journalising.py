"""People's part of journalising: ask for it, say that it was done by hand, decide about what nobody knows."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import Errors, check_text
from hovedindgang.contacts.actions.once import once
from hovedindgang.contacts.actions.outcomes import say
from hovedindgang.contacts.doors import open_enquiry
from hovedindgang.contacts.models import Enquiry, EnquiryPerson, Journalised
from hovedindgang.contacts.ports import case_system
from hovedindgang.contacts.rules import (
    JOURNAL_PERSON_HOURS,
    LONGEST_CASE_NUMBER,
    LONGEST_TITLE,
    UNDER_WAY,
    JournalState,
    JournalWhat,
    Refused,
    clean,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, cprs_in


def journalise(
    *,
    employee: Employee,
    enquiry_id: int,
    title: str,
    text: str,
    case_number: str = "",
    key: uuid.UUID | None = None,
) -> Journalised:
    """Ask for a matter to be journalised; the worker sends it. One event `enquiry.journal_asked`.

    `case_number` is of a case that she has already; without one, and where the matter has none, a case is made first,
    and the note on it when its number is known. `key` is made with the form: two clicks are one. Raises NoAccess,
    Refused, KeyReused.
    """
    return once(
        key=key or uuid.uuid4(),
        actor=employee_actor(employee.pk),
        deed="journalise",
        content=f"{enquiry_id} {case_number} {title} {text}",
        table=Journalised,
        do=lambda: _asked(employee, enquiry_id, title, text, case_number),
    )


def _asked(employee: Employee, enquiry_id: int, title: str, text: str, case_number: str) -> Journalised:
    enquiry = open_enquiry(employee, enquiry_id)
    said, shown = clean(title), clean(text)
    errors = {**check_title(said), **check_text("text", shown)}
    if not shown:
        errors["text"] = _("Skriv, hvad der skal stå i journalen.")
    if errors:
        raise Refused(errors)
    if case_system() is None:
        raise Refused({"": _("Huset er ikke forbundet med et ESDH. Journaliser der, og skriv sagens nummer her.")})
    _refuse_under_way(enquiry)
    number = checked_case_number(case_number) if case_number.strip() else _case_of(enquiry)
    now = clock.now()
    row = Journalised.objects.create(
        enquiry=enquiry,
        key=uuid.uuid4(),
        what=JournalWhat.NOTE if number else JournalWhat.CASE,
        case_number=number,
        title=said,
        text=without_cprs(actor=employee_actor(employee.pk), text=shown),
        next_at=now,
        asked_at=now,
        asked_by=employee,
    )
    log_look_up(
        actor=employee_actor(employee.pk),
        citizen_ids=parties_of(enquiry),
        use="journal",
        reason=f"enquiry:{enquiry.pk}",
    )
    say("enquiry.journal_asked", enquiry, employee, journal=row.pk, what=row.what)
    return row


@transaction.atomic
def note_journalised(*, employee: Employee, enquiry_id: int, case_number: str) -> Journalised:
    """She journalised it in the case system herself. One event `enquiry.journalised`. Raises NoAccess, Refused."""
    enquiry = open_enquiry(employee, enquiry_id)
    number = checked_case_number(case_number)
    _refuse_under_way(enquiry)
    now = clock.now()
    row = Journalised.objects.create(
        enquiry=enquiry,
        key=uuid.uuid4(),
        what=JournalWhat.NOTE,
        case_number=number,
        title=_("Journaliseret i hånden"),
        state=JournalState.DONE,
        outside_id=number,
        asked_at=now,
        done_at=now,
        asked_by=employee,
        settled_by=employee,
    )
    _keep_number(enquiry, number)
    say("enquiry.journalised", enquiry, employee, journal=row.pk, what=row.what, by_hand=True)
    return row


@transaction.atomic
def settle_journal(*, employee: Employee, journal_id: int, there: bool, case_number: str = "") -> Journalised:
    """Somebody looked in the case system. `there`: it was made, with this number; else it is sent again.

    Only what waits for a person: the worker is not at it. One event `enquiry.journal_settled`. Raises
    NoAccess, Refused.
    """
    found = Journalised.objects.filter(pk=journal_id).first()
    if found is None:
        raise NoAccess
    enquiry = open_enquiry(employee, found.enquiry_id)
    row = Journalised.objects.select_for_update().get(pk=journal_id)
    if not waits_for_person(row):
        raise Refused({"": _("Den er afgjort i mellemtiden eller stadig undervejs. Se, hvordan den står nu.")})
    row.settled_by, row.why = employee, ""
    if there:
        number = checked_case_number(case_number)
        row.case_number = row.outside_id = number
        row.state, row.done_at, row.next_at = JournalState.DONE, clock.now(), None
        row.save()
        _keep_number(enquiry, number)
        if row.what == JournalWhat.CASE:
            note_on(row, number)
    else:
        _refuse_under_way(enquiry, but=row.pk)
        row.state, row.next_at = JournalState.WAITING, clock.now()
        row.save()
    say("enquiry.journal_settled", enquiry, employee, journal=row.pk, there=there)
    return row


def _case_of(enquiry: Enquiry) -> str:
    """The number of the case it has, also where that was taken out of the matter since; "" for none."""
    made = enquiry.journal.filter(state=JournalState.DONE).order_by("-id").values_list("case_number", flat=True)
    return enquiry.case_number or made.first() or ""


def waits_for_person(row: Journalised) -> bool:
    """Refused, and not asked for anew; or uncertain, and the case system cannot say, or has not said for hours."""
    if row.state != JournalState.UNCERTAIN:
        newer = Journalised.objects.filter(enquiry=row.enquiry_id, pk__gt=row.pk)
        return row.state == JournalState.REFUSED and not newer.exists()
    assert row.sent_at is not None
    return row.next_at is None or row.sent_at < clock.now() - dt.timedelta(hours=JOURNAL_PERSON_HOURS)


def note_on(case: Journalised, case_number: str) -> Journalised:
    """The note that follows a case, as a thing of its own to be made once. For a deed with its own event."""
    now = clock.now()
    return Journalised.objects.create(
        enquiry_id=case.enquiry_id,
        key=uuid.uuid4(),
        what=JournalWhat.NOTE,
        case_number=case_number,
        title=case.title,
        text=case.text,
        next_at=now,
        asked_at=now,
        asked_by_id=case.asked_by_id,
    )


def parties_of(enquiry: Enquiry) -> list[int]:
    """Row numbers of whom the matter is for; of who asked where nobody is named and she asked for herself."""
    named = list(
        EnquiryPerson.objects.filter(enquiry=enquiry).order_by("citizen_id").values_list("citizen_id", flat=True)
    )
    contact = enquiry.contact
    if not named and contact.asker_id and contact.who_asks == "citizen":
        return [contact.asker_id]
    return named


def check_title(title: str) -> Errors:
    if not title:
        return {"title": _("Skriv kort, hvad ærindet handler om.")}
    if len(title) > LONGEST_TITLE:
        return {"title": _("Skriv højst {longest} tegn.").format(longest=LONGEST_TITLE)}
    if cprs_in(title):
        return {"title": _("Skriv ikke et CPR-nummer i titlen. Borgeren følger med som part.")}
    return {}


def checked_case_number(typed: str) -> str:
    """Raises Refused."""
    number = clean(typed)
    if not number:
        raise Refused({"case_number": _("Skriv sagens nummer, som det står i ESDH.")})
    if len(number) > LONGEST_CASE_NUMBER:
        raise Refused({"case_number": _("Sagsnummeret er for langt; der er plads til 40 tegn.")})
    if cprs_in(number):
        raise Refused({"case_number": _("Her skal sagens nummer stå, ikke et CPR-nummer.")})
    return number


def _refuse_under_way(enquiry: Enquiry, *, but: int = 0) -> None:
    if enquiry.journal.filter(state__in=UNDER_WAY).exclude(pk=but).exists():
        raise Refused({"": _("Ærindet er allerede på vej til ESDH. Se, hvordan det står.")})


def _keep_number(enquiry: Enquiry, number: str) -> None:
    if enquiry.case_number != number:
        enquiry.case_number = number
        enquiry.save(update_fields=["case_number"])
