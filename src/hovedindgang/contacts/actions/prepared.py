"""What a checked contact becomes: the rows to be written, worked out once for both ways of writing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.asking import handover_row, promised_by_model
from hovedindgang.contacts.actions.checking import Errors, check_contact, check_times
from hovedindgang.contacts.actions.new import NewContact, NewEnquiry, NewHandover
from hovedindgang.contacts.actions.notes import note_row
from hovedindgang.contacts.actions.outcomes import persons_behind, said_later, those_that_waited
from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note, OutcomeChange, Signpost
from hovedindgang.contacts.rules import (
    ChangeWhy,
    FollowsHow,
    Outcome,
    Refused,
    WhoAsks,
    WorkedBy,
    clean,
    repeat_mark,
    same_person,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.encryption import blind_index
from hovedindgang.kernel.events import Fact
from hovedindgang.people.models import Employee
from hovedindgang.people.powers import power_of
from hovedindgang.people.representing import WHY_NOT, Power
from hovedindgang.policy.queries import InForce, NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import ServiceModel

LATE_AFTER_DAYS = 1  # where the model does not say


@dataclass(slots=True)
class Matter:
    """One enquiry with what hangs on it; `for_whom` are citizens' row numbers."""

    enquiry: Enquiry
    for_whom: tuple[int, ...]
    handover: Handover | None = None
    signpost: Signpost | None = None


@dataclass(slots=True)
class Prepared:
    contact: Contact
    matters: list[Matter]
    note: Note | None
    came_back: list[Enquiry]  # earlier ones that this contact settles
    facts: dict[str, Fact]
    on_behalf_of: int | None = None  # the citizen for whom the asker acts

    @property
    def seen(self) -> list[int]:
        """Citizens whose records this touches, each once."""
        asker = [self.contact.asker_id] if self.contact.asker_id else []
        return list(dict.fromkeys([*asker, *(citizen for matter in self.matters for citizen in matter.for_whom)]))

    def save_came_back(self) -> None:
        """She came with what was missing and it was settled: the earlier matter is resolved too, and says when."""
        for enquiry in self.came_back:
            waited_for = enquiry.come_back_reason
            enquiry.outcome, enquiry.come_back_reason = Outcome.RESOLVED, ""
            enquiry.worked_by = worker(self.contact.department_id)
            enquiry.outcome_at, enquiry.outcome_by_id = self.contact.ended_at, self.contact.employee_id
            enquiry.save(update_fields=["outcome", "come_back_reason", "worked_by", "outcome_at", "outcome_by"])
            OutcomeChange.objects.create(
                enquiry=enquiry,
                was=Outcome.MUST_COME_BACK,
                became=Outcome.RESOLVED,
                why=ChangeWhy.CAME_BACK,
                at=clock.now(),
                by_id=self.contact.employee_id,
                come_back_reason=waited_for,
            )


def fingerprint_of(actor: Actor, contact: NewContact) -> bytes:
    """32 bytes that are equal for equal content from the same actor; keyed, since the content may name a person."""
    return blind_index(f"{actor.kind} {actor.id} {contact!r}", place="contacts_idempotencykey.fingerprint")


def prepare(
    *,
    employee: Employee | None,
    actor: Actor,
    contact: NewContact,
    policy_of: Callable[[dt.date], InForce] = in_force,
) -> Prepared:
    """Check everything and work out the rows. Texts come out without CPR. Raises Refused; belongs in a transaction."""
    started_at, ended_at = _times(contact)
    day = clock.local_day(started_at)
    try:
        policy = policy_of(day)
    except NoPolicyInForce as nothing:
        raise Refused({"started_at": str(nothing)}) from nothing
    owner = employee.pk if employee else None
    errors = check_contact(contact, model=policy.model, day=day, owner=owner)
    if errors:
        raise Refused(errors)
    row = _contact_row(contact, employee, policy, started_at, ended_at)
    followed = _followed(contact, day)
    matters = [
        _matter(enquiry, place, row, contact, policy.model, actor)
        for place, enquiry in enumerate(contact.enquiries, start=1)
    ]
    came_back = _came_back(contact, followed, matters)
    note = note_row(contact=row, text=contact.note, author_id=owner, actor=actor)
    return Prepared(row, matters, note, came_back, _facts(row, matters, came_back), _acted_for(contact, matters))


def _times(contact: NewContact) -> tuple[dt.datetime, dt.datetime]:
    """When it began and ended. Raises Refused where that cannot be."""
    now = clock.now()
    errors = check_times(contact.started_at or contact.ended_at or now, contact.ended_at or contact.started_at or now)
    if errors:
        raise Refused(errors)
    ended_at = contact.ended_at or (max(now, contact.started_at) if contact.started_at else now)
    return contact.started_at or min(now, ended_at), ended_at


def _contact_row(
    contact: NewContact, employee: Employee | None, policy: InForce, started_at: dt.datetime, ended_at: dt.datetime
) -> Contact:
    received_on = clock.local_day(started_at)
    allowed = policy.model.parameters.late_after_days
    late_after = allowed.value if allowed else LATE_AFTER_DAYS
    return Contact(
        direction=contact.direction,
        who_asks=contact.who_asks,
        channel=contact.channel,
        medium_id=contact.medium,
        centre_id=contact.centre,
        department_id=contact.department,
        asker_id=contact.asker,
        representation_id=contact.representation,
        identity=contact.identity,
        repeat_key=repeat_key_of(contact.repeat_of),
        employee=employee,
        unattended=contact.unattended,
        started_at=started_at,
        ended_at=ended_at,
        times_true=contact.times_true,
        received_on=received_on,
        late=(clock.today() - received_on).days >= late_after,
        language=contact.language,
        version_id=policy.version_id,
    )


def repeat_key_of(phone_or_email: str) -> bytes | None:
    """The keyed hash of an unknown citizen's phone number or e-mail, however it was typed; None for neither."""
    mark = repeat_mark(phone_or_email)
    return blind_index(mark, place="contacts_contact.repeat_key") if mark else None


def _matter(
    enquiry: NewEnquiry, position: int, row: Contact, contact: NewContact, model: ServiceModel, actor: Actor
) -> Matter:
    service = model.services[enquiry.service]
    resolved, is_open = enquiry.outcome is Outcome.RESOLVED, enquiry.outcome is Outcome.OPEN
    made = Enquiry(
        contact=row,
        position=position,
        service_id=enquiry.service,
        kind=enquiry.kind or service.kind,
        level=model.level_of(enquiry.service, contact.centre, row.received_on),
        received_on=row.received_on,
        outcome=enquiry.outcome,
        outcome_at=None if is_open else row.ended_at,
        outcome_by_id=None if is_open else row.employee_id,
        worked_by=worker(contact.department) if resolved else "",
        on_the_spot=resolved and enquiry.on_the_spot,
        advice=enquiry.advice,
        come_back_reason=enquiry.come_back_reason or "",
        withdrawn_why=enquiry.withdrawn_why or "",
        owner_id=row.employee_id if is_open else None,
        promised_on=enquiry.promised_on if is_open else None,
        preparatory=service.preparatory if enquiry.preparatory is None else enquiry.preparatory,
        received_assisted=enquiry.received_assisted,
        sent_on=enquiry.sent_on or "",
        avoidable=enquiry.avoidable,
        avoidable_cause=enquiry.avoidable_cause or "",
        guidance_given=enquiry.guidance_given,
        article=enquiry.article,
        self_service=enquiry.self_service or "",
        follows_id=enquiry.follows,
        follows_how=enquiry.follows_how or "",
        case_number=clean(enquiry.case_number),
    )
    matter = Matter(made, persons_of(contact, enquiry))
    if enquiry.handover:
        said = enquiry.handover
        matter.handover = handover_row(
            made,
            said,
            model=model,
            sent_at=_asked_at(said, row),
            sent_by_id=row.employee_id,
            actor=actor,
            field=f"enquiries.{position - 1}.handover.promised_on",
        )
        made.promised_on = said.promised_on or promised_by_model(
            model, service=enquiry.service, department=said.department, day=clock.local_day(row.ended_at)
        )
    if enquiry.signpost:
        shown = enquiry.signpost
        matter.signpost = Signpost(
            enquiry=made,
            how=shown.how,
            authority_id=shown.authority,
            department_id=shown.department,
            at=row.ended_at,
            got_there=shown.got_there,
            ground=shown.ground or "",
        )
    return matter


def _asked_at(handover: NewHandover, row: Contact) -> dt.datetime:
    """When the department could begin: when somebody there was told in the contact, or it was entered the same day.

    Of an entry made later it knows nothing before. What the citizen was promised counts from when she asked.
    """
    entered_later = clock.today() > clock.local_day(row.ended_at)
    return clock.now() if entered_later and not handover.spoken else row.ended_at


def worker(department: str | None) -> WorkedBy:
    """Whose work it was that resolved a matter at once: that of whoever was approached."""
    return WorkedBy.DEPARTMENT if department else WorkedBy.BORGERSERVICE


def persons_of(contact: NewContact, enquiry: NewEnquiry) -> tuple[int, ...]:
    """For whom the matter is: those named, else the citizen who asks for herself; a helper is not the one it is for."""
    if enquiry.for_whom is not None:
        return tuple(dict.fromkeys(enquiry.for_whom))
    return (contact.asker,) if contact.asker and contact.who_asks == WhoAsks.CITIZEN else ()


def _acted_for(contact: NewContact, matters: list[Matter]) -> int | None:
    """The one citizen for whom the asker acts by the representation named. Raises Refused where it is not one."""
    if contact.representation is None:
        return None
    whom = {matter.for_whom for matter in matters}
    if contact.who_asks != WhoAsks.HELPER or contact.asker is None:
        raise Refused({"representation": _("Sig, hvem der handler for borgeren, og at det er en, der hjælper.")})
    if len(whom) != 1 or len(next(iter(whom))) != 1:
        raise Refused({"representation": _("En repræsentation gælder én borger. Registrér hver borger for sig.")})
    return next(iter(whom))[0]


def refuse_without_power(prepared: Prepared) -> None:
    """Raises Refused where the representation does not let the asker act in these matters on the contact's day."""
    contact = prepared.contact
    if contact.representation_id is None:
        return
    against = power_of(
        representation_id=contact.representation_id,
        holder_id=contact.asker_id,
        citizen_id=prepared.on_behalf_of,
        services=[matter.enquiry.service_id for matter in prepared.matters],
        power=Power.ACT,
        on=contact.received_on,
    )
    if against:
        raise Refused({"representation": str(WHY_NOT[against])})


def no_such_citizen(prepared: Prepared) -> Refused:
    """What both ways of writing raise where a citizen named is none we know."""
    asker = prepared.contact.asker_id
    naming = [place for place, matter in enumerate(prepared.matters) if set(matter.for_whom) - {asker}]
    field = "asker" if not naming else ""
    if asker is None and len(naming) == 1:
        field = f"enquiries.{naming[0]}.for_whom"
    return Refused({field: _("Borgeren findes ikke længere. Slå borgeren op igen.")})


def _followed(contact: NewContact, day: dt.date) -> dict[int, Enquiry]:
    """The earlier enquiries that new ones follow, by row number.

    Raises Refused for another person's matter, and for one of a later day: an entry that is made late is as old as what
    it tells of.
    """
    wanted = {enquiry.follows for enquiry in contact.enquiries if enquiry.follows is not None}
    if not wanted:
        return {}
    rows = Enquiry.objects.select_for_update(of=("self",)).select_related("contact").prefetch_related("for_whom")
    found = {row.pk: row for row in rows.filter(pk__in=wanted, contact__forgotten=None)}
    errors: Errors = {}
    for place, enquiry in enumerate(contact.enquiries):
        if enquiry.follows is None:
            continue
        earlier = found.get(enquiry.follows)
        who = {*persons_of(contact, enquiry), *([contact.asker] if contact.asker else [])}
        if earlier is None or not same_person(persons_behind(earlier), who):
            errors[f"enquiries.{place}.follows"] = _(
                "Det tidligere ærinde gælder en anden. Vælg et, som borgeren selv har haft."
            )
        elif earlier.received_on > day:
            errors[f"enquiries.{place}.follows"] = said_later()
    if errors:
        raise Refused(errors)
    return found


def _came_back(contact: NewContact, followed: dict[int, Enquiry], matters: list[Matter]) -> list[Enquiry]:
    """Earlier matters that waited for her to come back, and are resolved by the step she now took."""
    settled = {
        enquiry.follows
        for enquiry, matter in zip(contact.enquiries, matters, strict=True)
        if enquiry.follows_how is FollowsHow.PLANNED_STEP
        and matter.enquiry.outcome == Outcome.RESOLVED
        and not matter.enquiry.preparatory  # booking the time is not yet the coming back
    }
    waited = [row for pk, row in sorted(followed.items()) if pk in settled for row in those_that_waited(row)]
    return list({row.pk: row for row in waited}.values())


def _facts(row: Contact, matters: list[Matter], came_back: list[Enquiry]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "channel": row.channel,
        "medium": row.medium_id,
        "centre": row.centre_id,
        "department": row.department_id,
        "direction": row.direction,
        "who_asks": row.who_asks,
        "received_on": row.received_on.isoformat(),
        "late": row.late,
        "version": row.version_id,
        "services": [matter.enquiry.service_id for matter in matters],
        "outcomes": [str(matter.enquiry.outcome) for matter in matters],
    }
    handed_to: list[Fact] = [matter.handover.department_id for matter in matters if matter.handover]
    if handed_to:
        facts["handed_to"] = handed_to
    if row.representation_id is not None:
        facts |= {"representation": row.representation_id, "helper": row.asker_id}
    if came_back:
        facts["came_back"] = [enquiry.pk for enquiry in came_back]
    return facts
