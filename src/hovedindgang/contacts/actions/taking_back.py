"""What should not have been registered: taken back at once by who made it, or struck later. Kept, counted nowhere."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import check_text
from hovedindgang.contacts.doors import open_any_contact
from hovedindgang.contacts.models import (
    Contact,
    ContactCorrection,
    Enquiry,
    EnquiryPerson,
    Handover,
    OutcomeChange,
    shown_under,
)
from hovedindgang.contacts.rules import (
    CORRECTION_ALLOWED,
    TAKE_BACK_MINUTES,
    ChangeWhy,
    CorrectionKind,
    FollowsHow,
    HandoverState,
    Mistake,
    NotAllowed,
    Outcome,
    Refused,
    StruckWhy,
    Tie,
    clean,
    may_correct,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess


@transaction.atomic
def take_back_contact(*, employee: Employee, contact_id: int) -> Contact:
    """Who registered it takes it back within five minutes, by the database's clock. One event `contact.taken_back`.

    The contact is kept and counts nowhere. Asked again nothing happens. Raises NoAccess, NotAllowed.
    """
    contact = open_any_contact(employee, contact_id, lock=True)
    if contact.mistake == Mistake.TAKEN_BACK and contact.employee_id == employee.pk:
        return contact
    refuse_unless_correctable(employee, contact, CorrectionKind.TAKEN_BACK)
    if not in_time(contact):
        said = _("Der er gået mere end %(minutes)d minutter. Vælg i stedet det, der skal rettes.")
        raise NotAllowed({"": said % {"minutes": TAKE_BACK_MINUTES}})
    return _take_away(employee, contact, Mistake.TAKEN_BACK)


@transaction.atomic
def strike_contact(*, employee: Employee, contact_id: int, reason: StruckWhy | None, why: str) -> Contact:
    """It should not have been registered: a test, a duplicate. One event `contact.struck`.

    The contact is kept with the reason and counts nowhere. Raises NoAccess, NotAllowed, Refused.
    """
    contact = open_any_contact(employee, contact_id, lock=True)
    refuse_unless_correctable(employee, contact, CorrectionKind.STRUCK)
    if reason is None:
        raise Refused({"reason": _("Vælg, hvorfor den ikke skulle have været registreret.")})
    return _take_away(employee, contact, Mistake.STRUCK, became=reason, why=reason_given(employee, why))


def in_time(contact: Contact) -> bool:
    """Whether it may still be taken back; a trigger refuses what comes later all the same."""
    since = Now() - dt.timedelta(minutes=TAKE_BACK_MINUTES)
    return Contact.every.filter(pk=contact.pk, registered_at__gte=since).exists()


def _take_away(employee: Employee, contact: Contact, mistake: Mistake, became: str = "", why: str = "") -> Contact:
    matters = list(Enquiry.objects.select_for_update(of=("self",)).filter(contact=contact).order_by("id"))
    refusal = _in_flight(contact, matters)
    if refusal:
        raise NotAllowed({"": refusal})
    ContactCorrection.objects.create(contact=contact, kind=mistake, became=became, why=why, by=employee)
    reopened = [number for matter in matters for number in cut_link(employee, matter)]
    contact.mistake = mistake
    contact.save(update_fields=["mistake"])
    EnquiryPerson.objects.filter(enquiry__in=matters).update(**shown_under(contact))
    say(f"contact.{mistake.value}", contact, employee, received_on=contact.received_on.isoformat(), reopened=reopened)
    return contact


def _in_flight(contact: Contact, matters: list[Enquiry]) -> str:
    """What keeps it from being taken away, and what to do about it; "" for nothing."""
    handover = Handover.objects.filter(
        enquiry__in=matters, state__in=[HandoverState.ACCEPTED, HandoverState.ANSWERED]
    ).first()
    if handover is not None:
        return _("En fagforvaltning arbejder med den. Bed dem sende den tilbage først, eller ret det, der er forkert.")
    return in_company(contact) or continued(matters)


# ------------------------------------------------------------------------------------ shared by the room's corrections


def ties(employee: Employee, contact: Contact) -> set[Tie]:
    """What she is to the registration; nothing for who has left."""
    if not employee.is_active:
        return set()
    own = {Tie.AUTHOR} if contact.employee_id == employee.pk else set()
    return own | {Tie.COLLEAGUE for here in (employee.is_employee,) if here} | _leads(employee)


def _leads(employee: Employee) -> set[Tie]:
    return {Tie.LEADER} if employee.is_leader else set()


def standing_of(contact: Contact) -> Mistake | None:
    return Mistake(contact.mistake) if contact.mistake else None


def refuse_unless_correctable(employee: Employee, contact: Contact, kind: CorrectionKind) -> None:
    """Raises NotAllowed for a contact that was taken away already, NoAccess for who may not."""
    standing = standing_of(contact)
    if kind not in CORRECTION_ALLOWED[standing]:
        raise NotAllowed({"": _("Henvendelsen er allerede taget ud som en fejl. Den kan ikke rettes mere.")})
    if not may_correct(kind, ties(employee, contact), standing):
        raise NoAccess


def in_company(contact: Contact) -> str:
    if contact.merged_into_id is not None or contact.merged.exists():
        return _("Henvendelsen er samlet med en anden. Skil dem først.")
    return ""


def continued(matters: list[Enquiry]) -> str:
    """Whether a later contact goes on with one of them."""
    numbers = {matter.contact_id for matter in matters}
    later = Enquiry.objects.filter(follows__in=matters).exclude(contact__in=numbers).first()
    if later is None:
        return ""
    said = _("Et senere ærinde i henvendelse %(number)s følger denne. Sig dér, at det er et nyt ærinde, og prøv igen.")
    return said % {"number": later.contact_id}


def cut_link(employee: Employee, matter: Enquiry) -> list[int]:
    """The matter continues nothing any more; what it had settled waits again. Gives the row number of what waits."""
    if matter.follows_id is None:
        return []
    waits = _waits_again(employee, matter)
    ContactCorrection.objects.create(
        contact_id=matter.contact_id,
        enquiry=matter,
        kind=CorrectionKind.LINK,
        was=f"{matter.follows_id} {matter.follows_how}",
        by=employee,
    )
    matter.follows_id, matter.follows_how = None, ""
    matter.save(update_fields=["follows", "follows_how"])
    return waits


def _waits_again(employee: Employee, matter: Enquiry) -> list[int]:
    """Earlier matters that were resolved because she came with what was missing: that was a mistake."""
    if matter.outcome != Outcome.RESOLVED or matter.preparatory:
        return []
    waits, step = [], matter
    while step.follows_how == FollowsHow.PLANNED_STEP:
        earlier = Enquiry.objects.select_for_update(of=("self",)).filter(pk=step.follows_id).first()
        if earlier is None or earlier.outcome != Outcome.RESOLVED:
            break
        reason = _settled_by(step, earlier)
        if reason:
            _wait_again(employee, earlier, reason)
            waits.append(earlier.pk)
        elif not earlier.preparatory:  # a time that was booked in between settled nothing
            break
        step = earlier
    return waits


def _settled_by(step: Enquiry, earlier: Enquiry) -> str:
    """What she was told to come back for, where it is this step that settled it; "" where it is not.

    Raises NotAllowed where that is not known any more.
    """
    last = OutcomeChange.objects.filter(enquiry=earlier).order_by("-id").first()
    steps = Enquiry.objects.filter(
        follows=earlier, follows_how=FollowsHow.PLANNED_STEP, outcome=Outcome.RESOLVED, preparatory=False
    )
    if last is None or last.why != ChangeWhy.CAME_BACK or steps.exclude(pk=step.pk).exists():
        return ""
    if not last.come_back_reason:
        said = _("Et tidligere ærinde i henvendelse %(number)s blev løst med denne. Åbn det igen først.")
        raise NotAllowed({"": said % {"number": earlier.contact_id}})
    return last.come_back_reason


def _wait_again(employee: Employee, earlier: Enquiry, reason: str) -> None:
    earlier.outcome, earlier.come_back_reason, earlier.worked_by = Outcome.MUST_COME_BACK, reason, ""
    earlier.on_the_spot = False
    earlier.outcome_at, earlier.outcome_by_id = clock.now(), employee.pk
    earlier.save(update_fields=["outcome", "come_back_reason", "worked_by", "on_the_spot", "outcome_at", "outcome_by"])
    OutcomeChange.objects.create(
        enquiry=earlier,
        was=Outcome.RESOLVED,
        became=Outcome.MUST_COME_BACK,
        why=ChangeWhy.MISTAKE,
        at=clock.now(),
        by=employee,
    )


def reason_given(employee: Employee, why: str) -> str:
    """Why, without CPR. Raises Refused for an empty or too long one."""
    errors = check_text("why", why, longest=2_000)
    if not clean(why):
        errors["why"] = _("Skriv kort hvorfor. Det står ved henvendelsen.")
    if errors:
        raise Refused(errors)
    return without_cprs(actor=employee_actor(employee.pk), text=clean(why))


def say(verb: str, contact: Contact, employee: Employee, **facts: Fact) -> None:
    append_event(
        verb=verb, actor=employee_actor(employee.pk), subject_kind="contact", subject_id=contact.pk, facts=facts
    )
