"""What a citizen asks about what we hold of her: found among the enquiries, registered, prolonged and answered.

A request is an enquiry in a service that the model calls a right (GDPR 15 to 18). It has an owner and a promised day as
any other; how long the law gives is `rules.due_on`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import NewContact, NewEnquiry, conclude_enquiry, move_promise, register_contact
from hovedindgang.contacts.actions.checking import spelled
from hovedindgang.contacts.models import Enquiry, EnquiryPerson
from hovedindgang.contacts.rules import Outcome, Refused, WhoAsks, clean
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, Role, cprs_in
from hovedindgang.policy.queries import NoPolicyInForce, in_force, rights
from hovedindgang.privacy.models import RightsRequest
from hovedindgang.privacy.rules import (
    LONGEST_REASON,
    SOON_DAYS,
    UNANSWERED,
    Answer,
    PrivacyRefused,
    ProlongWhy,
    due_on,
    latest_prolonged,
)
from hovedindgang.servicemodel.document import Channel, Right

YEARS_BACK = dt.timedelta(days=2 * 366)  # a request older than that is found on the citizen's own page


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands today."""

    pk: int  # of the enquiry
    contact_id: int
    right: Right
    citizens: tuple[int, ...]
    owner: Employee | None
    received_on: dt.date
    due_on: dt.date
    outcome: Outcome
    course: RightsRequest | None

    @property
    def is_open(self) -> bool:
        """Whether it lies with its owner; else a department has it, or she is to come again."""
        return self.outcome is Outcome.OPEN

    @property
    def answered(self) -> bool:
        return self.outcome not in UNANSWERED

    @property
    def late(self) -> bool:
        return not self.answered and self.due_on < clock.today()

    @property
    def days_left(self) -> int:
        return (self.due_on - clock.today()).days

    @property
    def soon(self) -> bool:
        return not self.answered and 0 <= self.days_left <= SOON_DAYS

    @property
    def may_prolong(self) -> bool:
        """Once, and before the first month is gone: she must be told within it (art. 12, 3)."""
        return self.is_open and not self.late and not (self.course and self.course.prolonged_to)


def open_requests() -> list[Asked]:
    """All that wait for an answer, the first due first."""
    rows = _requests().filter(outcome__in=UNANSWERED, received_on__gte=clock.today() - YEARS_BACK)
    return sorted(_asked(rows), key=lambda one: (one.due_on, one.pk))


def requests_of(citizen_id: int) -> list[Asked]:
    """Hers, the newest first."""
    hers = _requests().filter(for_whom__citizen=citizen_id, contact__forgotten=None)
    return sorted(_asked(hers), key=lambda one: (one.received_on, one.pk), reverse=True)


def open_requests_of(citizen_id: int) -> list[Asked]:
    return [one for one in requests_of(citizen_id) if not one.answered]


def services_of_rights() -> dict[Right, str]:
    """The service by which each right is registered today: the first of the model in force that is one."""
    try:
        today = in_force().model.services_on(clock.today())
    except NoPolicyInForce:
        return {}
    return {service.right: key for key, service in reversed(today.items()) if service.right}


def _requests() -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(service__in=list(rights()))


def _asked(rows: QuerySet[Enquiry]) -> Iterable[Asked]:
    found = list(rows.select_related("owner", "rights_request__answered_by", "rights_request__prolonged_by"))
    named: dict[int, list[int]] = {}
    persons = EnquiryPerson.objects.filter(enquiry__in=[one.pk for one in found]).order_by("pk")
    for enquiry, citizen in persons.values_list("enquiry_id", "citizen_id"):
        named.setdefault(enquiry, []).append(citizen)
    which = rights()
    for one in found:
        course: RightsRequest | None = getattr(one, "rights_request", None)
        yield Asked(
            pk=one.pk,
            contact_id=one.contact_id,
            right=which[one.service_id],
            citizens=tuple(named.get(one.pk, ())),
            owner=one.owner,
            received_on=one.received_on,
            due_on=due_on(one.received_on, course.prolonged_to if course else None),
            outcome=Outcome(one.outcome),
            course=course,
        )


# ------------------------------------------------------------------------------------------------------------- deeds


@transaction.atomic
def register_request(
    *, employee: Employee, citizen_id: int, right: str, channel: str, received_on: dt.date | None, key: uuid.UUID
) -> int:
    """Her request becomes an enquiry, open, with the leader as owner and the law's day; gives its contact's number.

    `received_on` None: today. The deed is `contacts.register_contact`, with its event. Raises NoAccess, PrivacyRefused.
    """
    _only_leaders(employee)
    refuse_if_closed(employee.pk, [citizen_id])
    services, today = services_of_rights(), clock.today()
    day = received_on or today
    errors = {}
    if right not in list(Right):
        errors["right"] = _("Vælg, hvad borgeren beder om.")
    elif Right(right) not in services:
        errors["right"] = _("Servicemodellen har ingen opgave for det. Bed om, at den kommer med.")
    if channel not in list(Channel):
        errors["channel"] = _("Vælg, hvordan anmodningen kom.")
    if day > today:
        errors["received_on"] = _("Dagen ligger ude i fremtiden. Skriv den dag, anmodningen kom.")
    elif day < today - YEARS_BACK:
        errors["received_on"] = _("Dagen ligger for langt tilbage. Ret årstallet.")
    if errors:
        raise PrivacyRefused(errors)
    # The law counts from the day it came; one that was forgotten in a pile is promised for today, and stands as late.
    promised_on = max(due_on(day), today)
    at = None if day == today else dt.datetime.combine(day, dt.time(12), tzinfo=clock.DENMARK)
    matter = NewEnquiry(
        service=services[Right(right)], outcome=Outcome.OPEN, promised_on=promised_on, for_whom=(citizen_id,)
    )
    contact = NewContact(
        channel=Channel(channel),
        who_asks=WhoAsks.CITIZEN,
        centre=employee.centre_id,
        asker=citizen_id,
        started_at=at,
        ended_at=at,
        times_true=at is None,
        enquiries=(matter,),
    )
    try:
        receipt = register_contact(employee=employee, actor=employee_actor(employee.pk), contact=contact, key=key)
    except Refused as refused:
        raise PrivacyRefused({"": " ".join(refused.errors.values())}) from refused
    return receipt.contact_id


@transaction.atomic
def prolong_request(*, employee: Employee, enquiry_id: int, until: dt.date | None, why: str, told: bool) -> Asked:
    """It takes longer, up to two months more, and she has been told so with the reason. One `request.prolonged`.

    Raises NoAccess, PrivacyRefused: once only, and not after the first month.
    """
    asked = _locked(employee, enquiry_id)
    if not asked.may_prolong:
        raise PrivacyRefused({"": _("Fristen kan kun forlænges én gang, og kun i den første måned. Svar nu.")})
    latest, errors = latest_prolonged(asked.received_on), {}
    if until is None or not asked.due_on < until <= latest:
        said = {"first": spelled(asked.due_on + dt.timedelta(days=1)), "last": spelled(latest)}
        errors["until"] = _("Skriv en dag fra %(first)s til %(last)s.") % said
    if why not in list(ProlongWhy):
        errors["why"] = _("Vælg, hvorfor det tager længere tid.")
    if not told:
        errors["told"] = _("Skriv til borgeren først: hvor lang tid det tager, og hvorfor. Sæt så krydset.")
    if errors:
        raise PrivacyRefused(errors)
    assert until is not None
    told_now = {"prolonged_to": until, "prolonged_why": why, "prolonged_at": clock.now(), "prolonged_by": employee}
    RightsRequest.objects.update_or_create(enquiry_id=enquiry_id, defaults=told_now)
    move_promise(employee=employee, enquiry_id=enquiry_id, promised_on=until)
    _say("request.prolonged", employee, asked, until=until.isoformat(), why=why)
    return asked


@transaction.atomic
def answer_request(
    *, employee: Employee, enquiry_id: int, answer: str, because: str = "", told_of_complaint: bool = False
) -> Asked:
    """She has her answer, and the enquiry is resolved with it. One `request.answered`.

    A no, or not all, says why, and that she was told where she may complain (art. 12, 4). Raises NoAccess,
    PrivacyRefused.
    """
    asked = _locked(employee, enquiry_id)
    if not asked.is_open:
        raise PrivacyRefused({"": _("Anmodningen ligger ikke hos os mere. Se henvendelsen, og hvad der er sket.")})
    said, errors = clean(because), {}
    if answer not in list(Answer):
        errors["answer"] = _("Vælg, hvad borgeren har fået at vide.")
    elif answer != Answer.GRANTED:
        if not said:
            errors["because"] = _("Skriv hvorfor, og hvilken regel det følger af.")
        if not told_of_complaint:
            errors["told_of_complaint"] = _("Skriv til borgeren, at man kan klage til Datatilsynet. Sæt så krydset.")
    if len(said) > LONGEST_REASON:
        errors["because"] = _("Skriv højst 500 tegn.")
    elif cprs_in(said):
        errors["because"] = _("Skriv intet CPR-nummer her.")
    if errors:
        raise PrivacyRefused(errors)
    given = {
        "answer": answer,
        "because": said if answer != Answer.GRANTED else "",
        "told_of_complaint": told_of_complaint,
        "answered_at": clock.now(),
        "answered_by": employee,
    }
    RightsRequest.objects.update_or_create(enquiry_id=enquiry_id, defaults=given)
    conclude_enquiry(employee=employee, enquiry_id=enquiry_id, outcome=Outcome.RESOLVED)
    _say("request.answered", employee, asked, answer=answer, late=asked.late)
    return asked


def _locked(employee: Employee, enquiry_id: int) -> Asked:
    """The request, waited for. Raises NoAccess where there is none: that too would tell something."""
    _only_leaders(employee)
    found = list(_requests().select_for_update(of=("self",)).filter(Q(pk=enquiry_id)).values_list("pk", flat=True))
    asked = list(_asked(_requests().filter(pk__in=found)))
    if not asked:
        raise NoAccess
    refuse_if_closed(employee.pk, list(asked[0].citizens))
    return asked[0]


def _say(verb: str, employee: Employee, asked: Asked, **facts: str | bool) -> None:
    append_event(
        verb=verb,
        actor=employee_actor(employee.pk),
        subject_kind="enquiry",
        subject_id=asked.pk,
        facts={"right": asked.right.value, "due_on": asked.due_on.isoformat(), **facts},
    )


def _only_leaders(employee: Employee) -> None:
    if not employee.is_active or Role.LEADER not in employee.roles:
        raise NoAccess


def in_all(asked: Collection[Asked]) -> dict[str, int]:
    """How many wait, and how many of them are late or nearly so."""
    return {
        "open": len(asked),
        "late": sum(one.late for one in asked),
        "soon": sum(one.soon for one in asked),
    }
