"""Deeds of this room: write a complaint down, acknowledge, give, agree on a day, close, reopen its matter, forget."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import reopen_enquiry
from hovedindgang.contacts.actions.checking import EARLIEST_YEAR, Errors, check_promise, check_text
from hovedindgang.contacts.actions.once import once
from hovedindgang.contacts.doors import enquiries_seen, open_contact
from hovedindgang.contacts.models import EnquiryPerson, IdempotencyKey
from hovedindgang.contacts.rules import INSIDE, TO_AN_AUTHORITY, ChangeWhy, Ground, Refused, clean
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.deliveries import forget_errors
from hovedindgang.kernel.events import Cause, Fact, append_event
from hovedindgang.people.actions import register_citizen, without_cprs
from hovedindgang.people.closed import not_to_be_registered, said_closed
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import BadCpr, NoAccess, parse_cpr
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel, ServiceModel
from hovedindgang.surveys.doors import must_lead, must_meet_citizens, open_feedback, open_words
from hovedindgang.surveys.models import Feedback, FeedbackText
from hovedindgang.surveys.queries import answer_by
from hovedindgang.surveys.rules import (
    ALLOWED,
    COMPLAINTS,
    ENDS,
    JUDGED_RIGHT,
    LONGEST_TEXT,
    Kind,
    Outcome,
    Part,
    SaidBy,
    State,
    needs_answer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeedback:
    """What is written down. `promised_on` None: the model's working days after it came in."""

    kind: Kind
    text: str
    received_on: dt.date
    channel: Channel = Channel.IN_PERSON
    said_by: SaidBy = SaidBy.CITIZEN
    citizen: int | None = None
    cpr: str = ""  # as typed, of a citizen who has not been looked up
    contact: int | None = None
    enquiry: int | None = None
    centre: str | None = None
    department: str | None = None
    service: str | None = None
    concerns: int | None = None
    promised_on: dt.date | None = None


def register_feedback(*, employee: Employee, said: NewFeedback, key: uuid.UUID | None = None) -> Feedback:
    """Write a complaint, praise or an idea down; the leader of the unit owns it. One event `feedback.registered`.

    `key` is made with the form: two clicks make one. Who is anonymous is linked with nothing. Raises NoAccess, Refused,
    KeyReused.
    """
    must_meet_citizens(employee)
    if said.said_by is SaidBy.ANONYMOUS:
        said = replace(said, citizen=None, cpr="", contact=None, enquiry=None)
    if said.contact is not None:
        open_contact(employee, said.contact)
    errors = _check(employee, said)
    if errors:
        raise Refused(errors)
    return once(
        key=key or uuid.uuid4(),
        actor=employee_actor(employee.pk),
        deed="register_feedback",
        content=str(said),
        table=Feedback,
        do=lambda: _registered(employee, said),
    )


def _registered(employee: Employee, said: NewFeedback) -> Feedback:
    actor = employee_actor(employee.pk)
    if said.contact is not None:
        open_contact(employee, said.contact, lock=True)  # whoever forgets it meanwhile is waited for
    citizen = register_citizen(actor=actor, cpr=said.cpr).pk if said.cpr else said.citizen
    if citizen is not None and not_to_be_registered(employee.pk, [citizen]):
        raise Refused({"cpr": said_closed()})
    row = Feedback.objects.create(
        kind=said.kind,
        said_by=said.said_by,
        channel=said.channel,
        received_on=said.received_on,
        recorded_by=employee,
        citizen_id=citizen,
        contact_id=said.contact,
        enquiry_id=said.enquiry,
        centre_id=said.centre,
        department_id=said.department,
        service_id=said.service,
        concerns_id=said.concerns,
        owner=_leader_of(said, citizen),
        promised_on=said.promised_on or (answer_by(said.received_on) if said.kind in COMPLAINTS else None),
    )
    _write(row, Part.SAID, said.text, employee)
    about: dict[str, Fact] = {"centre": said.centre, "department": said.department, "service": said.service}
    _say("registered", row, employee, kind=said.kind.value, owner=row.owner_id, **about)
    return row


def _leader_of(said: NewFeedback, citizen: int | None) -> Employee | None:
    """Who leads there, else whoever leads; never the one it is about, nor one to whom the citizen is closed.

    None: there is nobody else to ask; it waits for the next leader.
    """
    leaders = Employee.objects.filter(is_leader=True, is_active=True).exclude(pk=said.concerns or 0).order_by("pk")
    may = [one for one in leaders if citizen is None or not not_to_be_registered(one.pk, [citizen])]

    def far(one: Employee) -> tuple[bool, bool]:
        elsewhere = said.centre is None or one.centre_id != said.centre
        return elsewhere, said.department is None or one.department_id != said.department

    return min(may, key=far, default=None)


def _check(employee: Employee, said: NewFeedback) -> Errors:
    today = clock.today()
    errors = check_text("text", said.text, longest=LONGEST_TEXT)
    if not clean(said.text):
        errors["text"] = _("Skriv, hvad der blev sagt, med borgerens egne ord.")
    if said.received_on > today:
        errors["received_on"] = _("Dagen ligger ude i fremtiden. Skriv den dag, den kom ind.")
    elif said.received_on.year < EARLIEST_YEAR:
        errors["received_on"] = _("Dagen ligger for langt tilbage. Ret årstallet.")
    else:
        errors |= _check_about(said, in_force(said.received_on).model)
    if said.kind in COMPLAINTS and said.promised_on is None and answer_by(said.received_on) is None:
        errors["promised_on"] = _("Vælg den dag, borgeren får svar: politikken siger ingen.")
    elif said.promised_on is not None:
        errors |= check_promise(said.promised_on, day=min(today, said.received_on), owner=employee.pk)
    if said.concerns is not None and said.kind is not Kind.CONDUCT:
        errors["concerns"] = _("En medarbejder peges kun ud i en klage over optræden. Ret en af de to.")
    elif said.concerns is not None and not Employee.objects.filter(pk=said.concerns).exists():
        errors["concerns"] = _("Vælg medarbejderen på listen, eller lad feltet stå tomt.")
    if said.citizen is not None and not Citizen.objects.filter(pk=said.citizen).exists():
        errors["citizen"] = _("Borgeren findes ikke længere. Slå borgeren op igen.")
    if said.cpr:
        try:
            parse_cpr(said.cpr)
        except BadCpr as bad:
            errors["cpr"] = str(bad)
    if said.enquiry is not None and not _is_hers(employee, said):
        errors["enquiry"] = _("Ærindet hører til en anden borger. Vælg et, som borgeren selv har haft.")
    return errors


def _check_about(said: NewFeedback, model: ServiceModel) -> Errors:
    errors: Errors = {}
    if said.centre is not None and said.centre not in model.centres:
        errors["centre"] = _("Stedet kendes ikke. Vælg det på listen.")
    if said.department is not None and said.department not in model.departments:
        errors["department"] = _("Fagforvaltningen kendes ikke. Vælg den på listen.")
    if said.service is not None and said.service not in model.services:
        errors["service"] = _("Opgaven kendes ikke. Vælg den på listen.")
    if said.centre is said.department is said.service is None:
        errors["centre"] = _("Vælg, hvad det handler om: et sted, en fagforvaltning eller en opgave.")
    return errors


def _is_hers(employee: Employee, said: NewFeedback) -> bool:
    """Whether the matter may be read by who writes, and is of the contact or of the citizen."""
    matter = enquiries_seen(employee).filter(pk=said.enquiry or 0).select_related("contact").first()
    if matter is None:
        return False
    if said.contact is not None and matter.contact_id == said.contact:
        return True
    if said.citizen is None:
        return False
    named = EnquiryPerson.objects.filter(enquiry=matter, citizen=said.citizen)
    return matter.contact.asker_id == said.citizen or named.exists()


@transaction.atomic
def amend_words(*, employee: Employee, text_id: int, text: str) -> FeedbackText:
    """Say what was wrong in what was written; the first words stay. One event `feedback.amended`."""
    first = FeedbackText.objects.filter(pk=text_id).first()
    if first is None:
        raise NoAccess
    row = open_words(employee, first.feedback_id)
    errors = check_text("text", text, longest=LONGEST_TEXT)
    if not clean(text):
        errors["text"] = _("Skriv rettelsen, før du gemmer.")
    if errors:
        raise Refused(errors)
    written = _write(row, Part(first.part), text, employee, amends=first)
    _say("amended", row, employee, text=written.pk, amends=first.pk)
    return written


@transaction.atomic
def acknowledge(*, employee: Employee, feedback_id: int) -> Feedback:
    """She has been told that we have it and when she is answered. One event `feedback.acknowledged`."""
    row = open_feedback(employee, feedback_id)
    _refuse_unless(row, State.ACKNOWLEDGED)
    if row.said_by == SaidBy.ANONYMOUS:
        raise Refused({"": _("Den er sagt anonymt: der er ingen at give besked. Svar, og afslut.")})
    row.state, row.acknowledged_at, row.acknowledged_by = State.ACKNOWLEDGED, clock.now(), employee
    row.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
    _say("acknowledged", row, employee)
    return row


@transaction.atomic
def agree_on_day(*, employee: Employee, feedback_id: int, promised_on: dt.date | None) -> Feedback:
    """A new day is agreed with her. One event `feedback.day_agreed`, which keeps both days."""
    row = open_feedback(employee, feedback_id)
    if row.state == State.CLOSED:
        raise Refused({"": _("Den er besvaret. Hent siden igen.")})
    errors = check_promise(promised_on, day=clock.today(), owner=employee.pk)
    if errors:
        raise Refused(errors)
    assert promised_on is not None
    was, row.promised_on = row.promised_on, promised_on
    row.save(update_fields=["promised_on"])
    _say("day_agreed", row, employee, was=was.isoformat() if was else None, on=promised_on.isoformat())
    return row


@transaction.atomic
def give_to(*, employee: Employee, feedback_id: int, owner_id: int | None) -> Feedback:
    """A leader says who answers it: never the one it is about, and of conduct a leader. One event `feedback.given`.
    Raises NoAccess, Refused."""
    must_lead(employee)
    row = open_feedback(employee, feedback_id)
    owner = Employee.objects.filter(pk=owner_id or 0, is_active=True).first()
    if row.state == State.CLOSED:
        raise Refused({"": _("Den er besvaret. Hent siden igen.")})
    if owner is None:
        raise Refused({"owner": _("Vælg, hvem der svarer.")})
    if owner.pk == row.concerns_id:
        raise Refused({"owner": _("Klagen handler om den medarbejder. Vælg en anden.")})
    if row.citizen_id is not None and not_to_be_registered(owner.pk, [row.citizen_id]):
        raise Refused({"owner": _("Borgeren er lukket for den medarbejder. Vælg en anden.")})
    if row.kind == Kind.CONDUCT and not owner.is_leader:
        raise Refused({"owner": _("En klage over en medarbejder behandles af en leder. Vælg en leder.")})
    if not (owner.is_leader or owner.is_employee or owner.is_caseworker):
        raise Refused({"owner": _("Vælg en, der har med borgere at gøre.")})
    was, row.owner = row.owner_id, owner
    row.save(update_fields=["owner"])
    _say("given", row, employee, was=was, owner=owner.pk)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How it ends: what came of it, what she was told in which channel, what is done differently, where it went."""

    outcome: Outcome
    answer: str = ""
    answer_channel: Channel | None = None
    learning: str = ""
    to_department: str | None = None
    to_authority: str | None = None
    ground: Ground | None = None
    guided: bool = False


@transaction.atomic
def close_feedback(*, employee: Employee, feedback_id: int, ending: Ending) -> Feedback:
    """Answer and close it. One event `feedback.closed`. Raises NoAccess, Refused.

    A decision is not ours to judge: it is passed on to who decides, with klagevejledning (forvaltningsloven § 25 and
    § 7, stk. 2). Where she was right it says what is done differently.
    """
    row = open_feedback(employee, feedback_id)
    _refuse_unless(row, State.CLOSED)
    errors = _check_ending(row, ending)
    if errors:
        raise Refused(errors)
    row.state, row.closed_at, row.closed_by = State.CLOSED, clock.now(), employee
    row.outcome, row.guided, row.ground = ending.outcome, ending.guided, ending.ground or ""
    row.answer_channel = ending.answer_channel or "" if clean(ending.answer) else ""
    row.to_department_id, row.to_authority_id = ending.to_department, ending.to_authority
    row.save()
    for part, text in ((Part.ANSWER, ending.answer), (Part.LEARNING, ending.learning)):
        if clean(text):
            _write(row, part, text, employee)
    _say("closed", row, employee, outcome=ending.outcome.value, to=ending.to_department or ending.to_authority)
    return row


def _check_ending(row: Feedback, ending: Ending) -> Errors:
    kind, said_by = Kind(row.kind), SaidBy(row.said_by)
    errors = check_text("answer", ending.answer, longest=LONGEST_TEXT)
    errors |= check_text("learning", ending.learning, longest=LONGEST_TEXT)
    if ending.outcome not in ENDS[kind]:
        errors["outcome"] = (
            _("En afgørelse tager vi ikke stilling til. Send klagen videre, eller skriv, at den er trukket.")
            if kind is Kind.DECISION
            else _("Vælg et udfald, der passer.")
        )
    if not clean(ending.answer) and needs_answer(kind, said_by, ending.outcome):
        errors["answer"] = _("Skriv, hvad borgeren har fået at vide.")
    if clean(ending.answer) and ending.answer_channel is None:
        errors["answer_channel"] = _("Vælg, hvordan svaret er givet.")
    if ending.outcome in JUDGED_RIGHT and not clean(ending.learning):
        errors["learning"] = _("Skriv, hvad der laves om; eller at intet laves om, og hvorfor.")
    if ending.outcome is Outcome.PASSED_ON:
        errors |= _check_receiver(ending)
        if kind is Kind.DECISION and said_by is not SaidBy.ANONYMOUS and not ending.guided:
            errors["guided"] = _("Giv klagevejledning, og sæt kryds: hvem der afgør klagen, fristen og hvordan.")
    elif ending.to_department or ending.to_authority or ending.ground:
        errors["to"] = _("Et sted hører kun til udfaldet »sendt videre«.")
    return errors


def _check_receiver(ending: Ending) -> Errors:
    model = in_force().model
    known = (ending.to_department in model.departments, ending.to_authority in model.authorities)
    if sum(known) != 1 or (ending.to_department and ending.to_authority):
        return {"to": _("Vælg, hvem der har fået den.")}
    allowed = INSIDE if ending.to_department else TO_AN_AUTHORITY
    if ending.ground not in allowed:
        return {"ground": _("Vælg, hvorfor oplysningerne må gives videre dertil.")}
    return {}


@transaction.atomic
def reopen_its_matter(*, employee: Employee, feedback_id: int, promised_on: dt.date | None) -> Feedback:
    """It was not solved after all: the enquiry is open again by contacts' own deed, and hers who reopens it.

    One event `feedback.matter_reopened` beside `enquiry.reopened`. Raises NoAccess, Refused.
    """
    row = open_feedback(employee, feedback_id)
    if row.enquiry_id is None:
        raise Refused({"": _("Der er intet ærinde at åbne. Registrer en ny henvendelse.")})
    errors = check_promise(promised_on, day=clock.today(), owner=employee.pk)
    if errors:
        raise Refused(errors)
    assert promised_on is not None
    try:
        reopen_enquiry(employee=employee, enquiry_id=row.enquiry_id, why=ChangeWhy.COMPLAINT, promised_on=promised_on)
    except NoAccess as closed:
        said = _("Ærindet holdes tæt. Åbn det med en grund på henvendelsens side, og prøv igen.")
        raise Refused({"promised_on": said}) from closed
    except Refused as refused:
        raise Refused({"promised_on": " ".join(refused.errors.values())}) from refused
    row.reopened_at = clock.now()
    row.save(update_fields=["reopened_at"])
    _say("matter_reopened", row, employee, enquiry=row.enquiry_id)
    return row


# ---------------------------------------------------------------------------------------------------------- forgetting


@transaction.atomic
def forget_feedback(*, actor: Actor, feedback_ids: Collection[int], cause: Cause) -> int:
    """Forget closed feedback: its words go, and nobody is led to from the row that counts; gives how many.

    One event `feedback.forgotten` where there was any, with counts only. What is open stays.
    """
    rows = Feedback.objects.select_for_update(of=("self",)).filter(
        pk__in=feedback_ids, state=State.CLOSED, forgotten_on__isnull=True
    )
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return 0
    nobody = dict.fromkeys(
        ["citizen", "contact", "enquiry", "concerns", "owner", "recorded_by", "acknowledged_by", "closed_by"]
    )
    Feedback.objects.filter(pk__in=numbers).update(forgotten_on=clock.today(), **nobody)
    texts = FeedbackText.objects.filter(feedback__in=numbers)
    words = texts.count()
    texts.delete()  # the trigger lets go of the words of what is forgotten
    IdempotencyKey.objects.filter(deed="register_feedback", subject_id__in=numbers).delete()
    forget_errors(subjects=[f"feedback:{number}" for number in numbers])
    facts: dict[str, Fact] = {"feedback": len(numbers), "texts": words}
    append_event(verb="feedback.forgotten", actor=actor, subject_kind=cause.kind, subject_id=cause.number, facts=facts)
    return len(numbers)


def leave_forgotten(*, contact_ids: Collection[int]) -> None:
    """These contacts are forgotten: what came in them, or is about their matters, leads there no more.

    For a deed that has its own event and transaction.
    """
    numbers = list(contact_ids)
    Feedback.objects.filter(contact__in=numbers).update(contact=None)
    Feedback.objects.filter(enquiry__contact__in=numbers).update(enquiry=None)


# ------------------------------------------------------------------------------------------- shared by the room's deeds


def _refuse_unless(row: Feedback, becomes: State) -> None:
    if becomes not in ALLOWED[State(row.state)]:
        raise Refused({"": _("Der er sket noget med den imens. Hent siden igen, og se hvad.")})


def _write(
    row: Feedback, part: Part, text: str, employee: Employee, *, amends: FeedbackText | None = None
) -> FeedbackText:
    said = without_cprs(actor=employee_actor(employee.pk), text=clean(text))
    return FeedbackText.objects.create(feedback=row, part=part, text=said, amends=amends, author=employee)


def _say(verb: str, row: Feedback, employee: Employee, **facts: Fact) -> None:
    append_event(
        verb=f"feedback.{verb}",
        actor=employee_actor(employee.pk),
        subject_kind="feedback",
        subject_id=row.pk,
        facts=facts,
    )
