"""A contact that stands, but with something wrong: the person, the service, the channel, the times.

Each deed keeps the old value and the new in a row that is never changed, and says it in one event.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import check_service, check_times
from hovedindgang.contacts.actions.outcomes import persons_behind
from hovedindgang.contacts.actions.prepared import LATE_AFTER_DAYS
from hovedindgang.contacts.actions.restricting import left_where_it_stands
from hovedindgang.contacts.actions.taking_back import (
    continued,
    cut_link,
    in_company,
    reason_given,
    refuse_unless_correctable,
    say,
)
from hovedindgang.contacts.doors import enquiries_seen, open_any_contact
from hovedindgang.contacts.models import (
    Contact,
    ContactCorrection,
    CorrectionReviewed,
    Enquiry,
    EnquiryPerson,
    shown_under,
)
from hovedindgang.contacts.rules import CorrectionKind, NotAllowed, Refused, clean, same_person
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import Fact
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.closed import not_to_be_registered, said_closed, said_closed_to_author
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rectifying import restricted_among
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import InForce, NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Channel, ServiceKind


@transaction.atomic
def move_contact(*, employee: Employee, contact_id: int, was: int, becomes: int, why: str) -> ContactCorrection:
    """It was another person: `was` and `becomes` are citizens' row numbers. One event `contact.moved`.

    Handovers and follow-ups go with it; a link to what the wrong person had earlier falls away.
    Raises NoAccess, NotAllowed, Refused.
    """
    contact, matters = _opened(employee, contact_id, CorrectionKind.PERSON)
    if was not in _persons(contact, matters):
        raise Refused({"was": _("Henvendelsen står ikke på den borger. Hent siden igen.")})
    if becomes == was:
        raise Refused({"becomes": _("Det er den samme borger. Vælg en anden.")})
    if not Citizen.objects.filter(pk=becomes).exists():
        raise Refused({"becomes": _("Borgeren findes ikke længere. Slå borgeren op igen.")})
    if restricted_among([was, becomes]):
        raise Refused({"becomes": left_where_it_stands()})
    if contact.employee_id is not None and not_to_be_registered(contact.employee_id, [becomes]):
        raise Refused({"becomes": said_closed_to_author()})
    if not_to_be_registered(employee.pk, [becomes]):
        raise Refused({"becomes": said_closed()})
    _refuse(in_company(contact) or continued(matters))
    said = reason_given(employee, why)
    old = _whose_word(contact) if contact.asker_id == was else f"{contact.representation_id or ''}"
    if contact.asker_id == was:  # whose identity was established was the wrong one's
        contact.asker_id, contact.identity = becomes, None
    contact.representation_id = None  # a power names two persons, and one of them was wrong
    contact.save(update_fields=["asker", "identity", "representation"])
    for matter in matters:
        _name_instead(matter, contact, was, becomes)
    waits = [number for matter in matters for number in _cut_what_is_anothers(employee, matter, contact)]
    made = ContactCorrection.objects.create(
        contact=contact,
        kind=CorrectionKind.PERSON,
        was=old,
        was_citizen=was,
        became_citizen=becomes,
        why=said,
        by=employee,
    )
    actor, reason = employee_actor(employee.pk), f"contact:{contact.pk}"
    log_look_up(actor=actor, citizen_ids=[was, becomes], use="correction", reason=reason)
    _say(contact, employee, "contact.moved", matters, was_citizen=was, citizen=becomes, reopened=list(waits))
    return made


def _whose_word(contact: Contact) -> str:
    """How her identity was established, and by which power she acted; "" for neither."""
    return f"{contact.identity or ''} {contact.representation_id or ''}".strip()


def _name_instead(matter: Enquiry, contact: Contact, was: int, becomes: int) -> None:
    removed, _rows = EnquiryPerson.objects.filter(enquiry=matter, citizen=was).delete()
    if removed:
        EnquiryPerson.objects.get_or_create(enquiry=matter, citizen_id=becomes, defaults=shown_under(contact))


def _cut_what_is_anothers(employee: Employee, matter: Enquiry, contact: Contact) -> list[int]:
    earlier = Enquiry.objects.select_related("contact").filter(pk=matter.follows_id).first()
    matter.contact = contact
    matter._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # she was named anew just now
    if earlier is None or same_person(persons_behind(earlier), persons_behind(matter)):
        return []
    return cut_link(employee, matter)


@transaction.atomic
def correct_service(*, employee: Employee, enquiry_id: int, service: str, why: str) -> ContactCorrection:
    """It was another service; kind and level follow it. One event `contact.service_corrected`.

    The version in force on the contact's day decides. Raises NoAccess, NotAllowed, Refused.
    """
    seen = enquiries_seen(employee, mistaken=True).filter(pk=enquiry_id)
    number = seen.values_list("contact_id", flat=True).first()
    if number is None:
        raise NoAccess
    contact, matters = _opened(employee, number, CorrectionKind.SERVICE)
    matter = next(one for one in matters if one.pk == enquiry_id)
    model = _policy(contact.received_on).model
    errors = check_service(service, model, contact.received_on)
    if not errors and service == matter.service_id:
        errors = {"service": _("Det er den opgave, der står. Vælg en anden.")}
    if errors:
        raise Refused(errors)
    said = reason_given(employee, why)
    old, new, was = model.services.get(matter.service_id), model.services[service], matter.service_id
    if old is None or matter.kind == old.kind:
        matter.kind = ServiceKind(new.kind)
    if old is None or matter.preparatory == old.preparatory:
        matter.preparatory = new.preparatory
    matter.service_id, matter.level = service, model.level_of(service, contact.centre_id, contact.received_on)
    matter.save(update_fields=["service", "kind", "level", "preparatory"])
    made = _keep(employee, contact, CorrectionKind.SERVICE, was, service, said, matter)
    _say(contact, employee, "contact.service_corrected", matters, enquiry=matter.pk, was_service=was, service=service)
    return made


@transaction.atomic
def correct_channel(*, employee: Employee, contact_id: int, channel: Channel, why: str) -> ContactCorrection:
    """It came in another way; a medium of the old channel falls away. One event `contact.channel_corrected`.

    Raises NoAccess, NotAllowed, Refused.
    """
    contact, matters = _opened(employee, contact_id, CorrectionKind.CHANNEL)
    was = contact.channel
    if channel == was:
        raise Refused({"channel": _("Det er den henvendelsesmåde, der står. Vælg en anden.")})
    _refuse(in_company(contact))
    said = reason_given(employee, why)
    contact.channel, contact.medium_id = channel, None
    contact.save(update_fields=["channel", "medium"])
    made = _keep(employee, contact, CorrectionKind.CHANNEL, was, channel, said)
    _say(contact, employee, "contact.channel_corrected", matters, was_channel=was, channel=channel)
    return made


@transaction.atomic
def correct_times(
    *, employee: Employee, contact_id: int, started_at: dt.datetime, ended_at: dt.datetime, why: str
) -> ContactCorrection:
    """It was at another time; on another day it counts there, by the policy of that day. One event
    `contact.times_corrected`. Raises NoAccess, NotAllowed, Refused.
    """
    contact, matters = _opened(employee, contact_id, CorrectionKind.TIMES)
    errors = check_times(started_at, ended_at)
    if not errors and (started_at, ended_at) == (contact.started_at, contact.ended_at):
        errors = {"started_at": _("Det er de tider, der står. Ret dag eller klokkeslæt.")}
    if errors:
        raise Refused(errors)
    _refuse(in_company(contact) or _out_of_order(matters, started_at))
    day = clock.local_day(started_at)
    policy = _policy(day)
    for matter in matters:
        gone = check_service(matter.service_id, policy.model, day)
        if gone:
            raise Refused({"started_at": gone["service"]})
    said = reason_given(employee, why)
    was, was_on, was_end = _span(contact), contact.received_on, contact.ended_at
    allowed = policy.model.parameters.late_after_days
    contact.started_at, contact.ended_at, contact.times_true = started_at, ended_at, True
    contact.received_on, contact.version_id = day, policy.version_id
    contact.late = (clock.local_day(contact.registered_at) - day).days >= (
        allowed.value if allowed else LATE_AFTER_DAYS
    )
    contact.save(update_fields=["started_at", "ended_at", "times_true", "received_on", "version", "late"])
    for matter in matters:
        matter.received_on = day
        matter.level = policy.model.level_of(matter.service_id, contact.centre_id, day)
        if matter.outcome_at == was_end:  # it ended with the contact
            matter.outcome_at = ended_at
        matter.save(update_fields=["received_on", "level", "outcome_at"])
    EnquiryPerson.objects.filter(enquiry__in=matters).update(**shown_under(contact))
    made = _keep(employee, contact, CorrectionKind.TIMES, was, _span(contact), said)
    _say(contact, employee, "contact.times_corrected", matters, was_on=was_on.isoformat(), on=day.isoformat())
    return made


@transaction.atomic
def review_correction(*, employee: Employee, correction_id: int, done: str) -> CorrectionReviewed:
    """The leader has seen that a contact stood on the wrong person, and what was done. One event
    `correction.reviewed`; asked again nothing happens. Raises NoAccess, Refused.
    """
    if not (employee.is_active and employee.is_leader):
        raise NoAccess
    correction = (
        ContactCorrection.objects.select_for_update(of=("self",))
        .select_related("contact")
        .filter(pk=correction_id, kind=CorrectionKind.PERSON)
        .first()
    )
    if correction is None:
        raise NoAccess
    if not clean(done):
        raise Refused({"done": _("Skriv, hvad der er gjort, eller at intet er nødvendigt.")})
    text = without_cprs(actor=employee_actor(employee.pk), text=clean(done)[:2_000])
    made, new = CorrectionReviewed.objects.get_or_create(correction=correction, defaults={"done": text, "by": employee})
    if new:
        say("correction.reviewed", correction.contact, employee, correction=correction.pk)
    return made


# --------------------------------------------------------------------------------------------------------- their parts


def _opened(employee: Employee, contact_id: int, kind: CorrectionKind) -> tuple[Contact, list[Enquiry]]:
    """The contact and its matters, locked. Raises NoAccess, NotAllowed."""
    contact = open_any_contact(employee, contact_id, lock=True)
    refuse_unless_correctable(employee, contact, kind)
    rows = Enquiry.objects.select_for_update(of=("self",)).filter(contact=contact)
    return contact, list(rows.prefetch_related("for_whom").order_by("id"))


def _persons(contact: Contact, matters: list[Enquiry]) -> set[int]:
    named = {person.citizen_id for matter in matters for person in matter.for_whom.all()}
    return named | ({contact.asker_id} if contact.asker_id else set())


def _policy(day: dt.date) -> InForce:
    try:
        return in_force(day)
    except NoPolicyInForce as nothing:
        raise Refused({"": str(nothing)}) from nothing


def _refuse(refusal: str) -> None:
    if refusal:
        raise NotAllowed({"": refusal})


def _out_of_order(matters: list[Enquiry], started_at: dt.datetime) -> str:
    """A matter comes after what it continues."""
    before = Enquiry.objects.filter(followed_by__in=matters, contact__started_at__gt=started_at)
    after = Enquiry.objects.filter(follows__in=matters, contact__started_at__lt=started_at)
    if before.exists() or after.exists():
        return _("Et ærinde her følger et andet, og rækkefølgen ville blive vendt om. Ret sammenhængen først.")
    return ""


def _span(contact: Contact) -> str:
    return "/".join(
        at.astimezone(dt.UTC).isoformat(timespec="seconds") for at in (contact.started_at, contact.ended_at)
    )


def _keep(
    employee: Employee,
    contact: Contact,
    kind: CorrectionKind,
    was: str,
    became: str,
    why: str,
    enquiry: Enquiry | None = None,
) -> ContactCorrection:
    return ContactCorrection.objects.create(
        contact=contact, enquiry=enquiry, kind=kind, was=was, became=became, why=why, by=employee
    )


def _say(contact: Contact, employee: Employee, verb: str, matters: list[Enquiry], **facts: Fact) -> None:
    services: list[Fact] = [matter.service_id for matter in matters]
    say(verb, contact, employee, services=services, **facts)
