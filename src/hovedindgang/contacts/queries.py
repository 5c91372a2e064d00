"""Reads of this room. What is about a citizen comes through a door and is written down as a look-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet, prefetch_related_objects

from hovedindgang.contacts.doors import (
    enquiries_seen,
    is_borgerservice,
    notes_seen,
    offered_to,
    open_any_contact,
    open_to,
)
from hovedindgang.contacts.history import Cursor, HistoryEntry, history_seen, read_history
from hovedindgang.contacts.models import (
    Claim,
    Consultation,
    Contact,
    ContactCorrection,
    Enquiry,
    EnquiryPerson,
    ForgottenContact,
    Handover,
    Note,
    Presence,
)
from hovedindgang.contacts.rules import OPEN_HANDOVER, HandoverState, Outcome
from hovedindgang.contacts.sensitivity import contacts_withholding, hidden_from, reader_of, withheld
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import ActorKind, employee_actor
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import Event
from hovedindgang.people.closed import closed_numbers
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.queries import access_citizen, employees_named
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Service

GONE_AFTER = dt.timedelta(seconds=35)  # three heartbeats missed: she is not there any more
WINDOW_DAYS = 14  # where the model does not say how long a repeat is looked for
LISTED = 200  # rows of a list on a page


def _log_persons(employee: Employee, contact_ids: list[int], *, use: str, reason: str) -> None:
    named = EnquiryPerson.objects.filter(
        enquiry__contact__in=contact_ids, enquiry__in=enquiries_seen(employee, mistaken=True)
    ).values_list("citizen_id")
    askers = Contact.every.filter(pk__in=contact_ids, asker__isnull=False).values_list("asker_id")
    log_look_up(
        actor=employee_actor(employee.pk),
        citizen_ids=[row[0] for row in askers.union(named)],
        use=use,
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """A contact as one employee may see it, with what was merged into it: a department sees only its own matters."""

    contact: Contact  # also one that was registered by mistake: its page says so
    enquiries: list[Enquiry]  # with service, for_whom, handovers, signposts and outcome_changes at hand
    notes: list[Note]  # with author, oldest first
    left_out: bool  # there is more, which she may not see
    withheld: list[Enquiry]  # kept more closely: that they are there, and nothing else, is told
    corrections: list[ContactCorrection]  # with who made them, oldest first


def contact_seen(employee: Employee, contact_id: int) -> ContactSeen:
    """Everything about a contact that she may see. The look-up is logged. Raises NoAccess."""
    everything = is_borgerservice(employee)
    family = _family(employee, contact_id)
    numbers = [one.pk for one in family]
    _log_persons(employee, numbers, use="contact", reason=f"contact:{contact_id}")
    matters = list(_with_all(enquiries_seen(employee, mistaken=True).filter(contact__in=numbers)))
    corrected = _corrections(numbers, matters)
    matters.sort(key=lambda matter: (numbers.index(matter.contact_id), matter.position))
    for matter in matters:
        matter.contact = family[numbers.index(matter.contact_id)]
    if everything:
        closed = withheld(employee, numbers)
        # What she wrote herself she reads; a colleague's note of the same occasion only where nothing is kept from her.
        theirs = closed or (family[0].merged_into_id and contacts_withholding(employee, [contact_id]))
        own = {one.pk for one in family if one.employee_id == employee.pk}
        notes = [note for note in _notes_of(numbers) if not theirs or note.contact_id in own]
        corrected = [row for row in corrected if row.enquiry_id or not theirs or row.contact_id in own]
        return ContactSeen(family[0], matters, notes, left_out=False, withheld=closed, corrections=corrected)
    if family[0].employee_id != employee.pk:
        for matter in matters:
            _keep_own_handovers(matter, employee)
    notes = _notes_of(numbers)
    seen = [note for one in family for note in notes_seen(employee, one, [n for n in notes if n.contact_id == one.pk])]
    total = Enquiry.every.filter(contact__in=numbers).count()
    left_out = len(matters) < total or len(seen) < len(notes)
    if len(matters) < total and family[0].employee_id != employee.pk:  # why one was put right may tell of the rest
        corrected = [row for row in corrected if row.enquiry_id]
    return ContactSeen(family[0], matters, sorted(seen, key=lambda note: note.pk), left_out, [], corrected)


@dataclass(frozen=True, slots=True)
class PromiseMoved:
    """The day she was promised became another one: which it was, who said so, why, and what she has to do with it."""

    was: dt.date
    promised_on: dt.date
    at: dt.datetime
    by: str  # "" where the house did it, or who did is known no more
    why: str
    told: str


def promises_moved(enquiry_ids: Collection[int]) -> dict[int, list[PromiseMoved]]:
    """Each matter's, oldest first, as long as the log is kept; by the caller's door. One query, two where any was."""
    rows = list(
        Event.objects.filter(
            subject_kind="enquiry", subject_id__in=[str(number) for number in enquiry_ids], verb="enquiry.promise_moved"
        ).order_by("id")
    )
    names = employees_named([row.actor_id for row in rows if row.actor_id]) if rows else {}
    found: dict[int, list[PromiseMoved]] = {}
    for row in rows:
        if row.facts.get("was"):
            said = PromiseMoved(
                was=dt.date.fromisoformat(row.facts["was"]),
                promised_on=dt.date.fromisoformat(row.facts["promised_on"]),
                at=row.happened_at,
                by=names.get(row.actor_id or 0, "") if row.actor_kind == ActorKind.EMPLOYEE else "",
                why=row.facts.get("why") or "",
                told=row.facts.get("told") or "",
            )
            found.setdefault(int(row.subject_id), []).append(said)
    return found


def _family(employee: Employee, contact_id: int) -> list[Contact]:
    """The contact first, then what was merged into it. Raises NoAccess, also for one that is forgotten."""
    open_any_contact(employee, contact_id)
    rows = Contact.every.filter(Q(pk=contact_id) | Q(merged_into=contact_id)).select_related(
        "medium", "centre", "department", "asker", "employee", "version", "merged_into", "forgotten"
    )
    family = sorted(rows, key=lambda one: (one.pk != contact_id, one.pk))
    if not family or family[0].pk != contact_id or hasattr(family[0], "forgotten"):
        raise NoAccess
    return family


def _corrections(contact_ids: list[int], matters: list[Enquiry]) -> list[ContactCorrection]:
    """Of the contacts, and of those of their matters that she may see."""
    rows = ContactCorrection.objects.filter(Q(enquiry__isnull=True) | Q(enquiry__in=matters), contact__in=contact_ids)
    return list(rows.select_related("by").order_by("id"))


def _notes_of(contact_ids: list[int]) -> list[Note]:
    return list(Note.objects.filter(contact__in=contact_ids).select_related("author").order_by("id"))


def _keep_own_handovers(matter: Enquiry, employee: Employee) -> None:
    """What another department was asked, and answered, is not hers to read."""
    own = [handover for handover in matter.handovers.all() if handover.department_id == employee.department_id]
    matter._prefetched_objects_cache["handovers"] = own  # type: ignore[attr-defined]


def _with_all(enquiries: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    handovers = Handover.every.select_related("department", "sent_by", "handled_by").order_by("id")
    return enquiries.select_related("service", "owner", "outcome_by", "follows").prefetch_related(
        Prefetch("handovers", handovers),
        "signposts__authority",
        "signposts__department",
        Prefetch("for_whom", EnquiryPerson.objects.select_related("citizen")),
        "outcome_changes__by",
    )


def history(
    employee: Employee, citizen_id: int, *, limit: int = 50, before: Cursor | None = None, reason: str = ""
) -> list[HistoryEntry]:
    """A citizen's contacts in every channel, newest first, from before `before`. Logged. Raises NoAccess.

    `reason` is what the work is ("form:…"); see `contacts.reasons`.
    """
    if not is_borgerservice(employee) or citizen_id in closed_numbers(employee):
        access_citizen(employee, citizen_id, use="history", reason=reason or f"citizen:{citizen_id}")  # says no
    found = history_seen(
        actor=employee_actor(employee.pk),
        citizen_id=citizen_id,
        limit=limit,
        before=before,
        reason=reason,
        reader=reader_of(employee),
    )
    return _without_closed(employee, found)


def citizen_page(
    employee: Employee,
    citizen_id: int,
    *,
    reason: str,
    limit: int = 50,
    before: Cursor | None = None,
    use: str = "history",
) -> tuple[Citizen, list[HistoryEntry]]:
    """The citizen with her history, logged as one look-up with its `reason`. Raises NoAccess."""
    citizen = access_citizen(employee, citizen_id, use=use, reason=reason)
    entries = read_history(citizen_id, limit=limit, before=before, reader=reader_of(employee))
    return citizen, _without_closed(employee, entries)


def _without_closed(employee: Employee, entries: list[HistoryEntry]) -> list[HistoryEntry]:
    """Her history without the contacts that were also about somebody who is closed to the employee."""
    closed = closed_numbers(employee)
    return [entry for entry in entries if closed.isdisjoint(_persons_of(entry))] if closed else entries


def _persons_of(entry: HistoryEntry) -> set[int]:
    asker = {entry.asker} if entry.asker is not None else set()
    return asker | {citizen for matter in entry.enquiries for citizen in matter.for_whom}


def earlier_matters(employee: Employee, enquiry: Enquiry) -> list[Enquiry]:
    """Matters of the same persons before this one, newest first: what it may continue."""
    persons = [person.citizen_id for person in enquiry.for_whom.all()]
    if enquiry.contact.asker_id:
        persons.append(enquiry.contact.asker_id)
    if not persons or not is_borgerservice(employee):
        return []
    began = enquiry.contact.started_at
    before = Q(contact__started_at__lt=began) | Q(contact__started_at=began, pk__lt=enquiry.pk)
    occasion = enquiry.contact.merged_into_id or enquiry.contact_id
    same = Q(contact=occasion) | Q(contact__merged_into=occasion)
    rows = enquiries_seen(employee).filter(before, for_whom__citizen__in=persons).exclude(same)
    return list(rows.select_related("service").distinct().order_by("-received_on", "-pk")[:20])


# ----------------------------------------------------------------------------------------------------- work lists


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody waits for, each list soonest promised first; with service, contact and persons at hand."""

    mine: list[Enquiry]  # open ones that she owns
    overdue: list[Enquiry]  # whose promised day has passed: open ones, and those that lie in a department
    waiting: list[Enquiry]  # those she registered that wait for the citizen to come again
    answers: list[Handover]  # those she sent that were answered, and whose answer the citizen has not been told yet
    out: list[Handover]  # those she sent that lie in a department
    left: list[Enquiry]  # open ones of somebody who works here no longer, before their day has passed
    untold: list[Handover]  # answers to others that no citizen has been told the same day


def owed(employee: Employee) -> Owed:
    """What she owes citizens, or others owe her; the citizens on the lists are logged as looked up.

    Of overdue ones Borgerservice sees all, a caseworker her department's.
    """
    unanswered = enquiries_seen(employee).filter(outcome__in=[Outcome.OPEN, Outcome.PASSED_ON])
    came_not_back = enquiries_seen(employee).filter(outcome=Outcome.MUST_COME_BACK, contact__employee=employee)
    sent = Handover.objects.filter(open_to(employee, contact="enquiry__contact"), sent_by=employee)
    lists = Owed(
        mine=_listed(
            Enquiry.objects.filter(open_to(employee, contact="contact"), outcome=Outcome.OPEN, owner=employee)
        ),
        overdue=_listed(unanswered.filter(promised_on__lt=clock.today())),
        waiting=_listed(came_not_back),
        answers=_listed_handovers(_untold(employee).filter(sent_by=employee)),
        out=_listed_handovers(sent.filter(state__in=OPEN_HANDOVER)),
        left=_listed(unanswered.filter(owner__is_active=False, promised_on__gte=clock.today())),
        untold=_listed_handovers(_untold(employee).filter(_let_lie(employee))),
    )
    matters = [*lists.mine, *lists.overdue, *lists.waiting, *lists.left]
    prefetch_related_objects(matters, "handovers")
    handed = [one.enquiry for one in [*lists.answers, *lists.out, *lists.untold]]
    _with_persons(employee, [*matters, *handed], reason="my_open")
    return lists


def answers_to_tell(employee: Employee) -> int:
    """How many answers of departments she may pass on: those to her, and those to others that were let lie."""
    return _untold(employee).filter(Q(sent_by=employee) | _let_lie(employee)).count()


def _untold(employee: Employee) -> QuerySet[Handover]:
    """By the index of what is untold."""
    there = Handover.objects.filter(open_to(employee, contact="enquiry__contact"))
    return there.filter(state=HandoverState.ANSWERED, told_at__isnull=True)


def _let_lie(employee: Employee) -> Q:
    """Answers to others that came before today, or to one who works here no longer: she may be ill, and the citizen
    waits. None for who is not in Borgerservice, nor in matters that are kept from her."""
    if not is_borgerservice(employee):
        return Q(pk__in=[])
    began = dt.datetime.combine(clock.today(), dt.time(), tzinfo=clock.DENMARK)
    others = Q(sent_by__isnull=True) | ~Q(sent_by=employee)
    return (
        others & (Q(closed_at__lt=began) | Q(sent_by__is_active=False)) & ~Q(enquiry__service__in=hidden_from(employee))
    )


def department_inbox(employee: Employee) -> list[Handover]:
    """Handovers to her department that are not closed, soonest promised first; none for who has no department.

    The citizens on the list are logged as looked up.
    """
    if not employee.is_caseworker or employee.department_id is None:
        return []
    waiting = Handover.objects.filter(department=employee.department_id, state__in=OPEN_HANDOVER)
    rows = _listed_handovers(waiting.filter(open_to(employee, contact="enquiry__contact")))
    _with_persons(employee, [one.enquiry for one in rows], reason="inbox")
    return rows


def _listed(enquiries: QuerySet[Enquiry]) -> list[Enquiry]:
    rows = enquiries.select_related("service", "contact", "contact__centre", "owner")
    # The two databases put what has no day at different ends.
    return list(rows.order_by(F("promised_on").asc(nulls_last=True), "id")[:LISTED])


def _listed_handovers(rows: QuerySet[Handover]) -> list[Handover]:
    with_matter = rows.select_related("enquiry__service", "enquiry__contact", "department", "sent_by", "handled_by")
    return list(with_matter.order_by("promised_on", "id")[:LISTED])


def _with_persons(employee: Employee, matters: list[Enquiry], *, reason: str) -> None:
    """Fetch for whom they are, once for all of them, and log whose names she now sees."""
    prefetch_related_objects(matters, Prefetch("for_whom", EnquiryPerson.objects.select_related("citizen")))
    named = {person.citizen_id for matter in matters for person in matter.for_whom.all()}
    log_look_up(actor=employee_actor(employee.pk), citizen_ids=sorted(named), use="work_list", reason=reason)


@dataclass(frozen=True, slots=True)
class Company:
    """Who else is on a contact, and who works on it."""

    others: list[str]  # names of those who have it open now
    claim: Claim | None  # one whose time is not out
    mine: bool


def company(employee: Employee, contact_id: int) -> Company:
    """For whoever may see the contact; her own heartbeat is written by `actions.beat`. Two statements."""
    alive = Presence.objects.filter(contact=contact_id, seen_at__gt=clock.now() - GONE_AFTER)
    others = alive.exclude(employee=employee).order_by("employee__name").values_list("employee__name", flat=True)
    held = Claim.objects.select_related("employee", "taken_from").filter(contact=contact_id, until_at__gt=clock.now())
    claim = held.first()
    return Company(list(others), claim, claim is not None and claim.employee_id == employee.pk)


def question_seen(employee: Employee, consultation_id: int) -> Consultation:
    """A question asked of her, or by her, with who asked and about which service. Raises NoAccess."""
    hers = offered_to(employee) | Q(asked_by=employee) | Q(answered_by=employee)
    rows = Consultation.objects.select_related("asked_by", "answered_by", "service")
    found = rows.filter(hers, pk=consultation_id).first()
    if found is None:
        raise NoAccess
    return found


# ----------------------------------------------------------------------------------------------- what the desk asks


@dataclass(frozen=True, slots=True)
class PossibleFollow:
    """An earlier matter that a new one may continue; the desk asks by one key."""

    enquiry_id: int
    service: str  # key
    service_name: str
    received_on: dt.date
    outcome: Outcome
    promised_on: dt.date | None


def possible_follows(employee: Employee, citizen_id: int, service_key: str, on: dt.date) -> list[PossibleFollow]:
    """Her matters on the same or a bundled service within the model's window before `on`, newest first.

    Open ones and those that wait for her count however old they are. One query. Raises NoAccess.
    """
    if not is_borgerservice(employee):
        access_citizen(employee, citizen_id, use="history", reason=f"citizen:{citizen_id}")
    model = in_force(on).model
    window = model.parameters.repeat_window_days
    since = on - dt.timedelta(days=window.value if window else WINDOW_DAYS)
    rows = enquiries_seen(employee).filter(for_whom__citizen=citizen_id, received_on__lte=on)
    named = bundled(service_key, model.services)
    found = [
        row
        for row in rows.filter(service__in=named).select_related("service").order_by("-received_on", "-id")
        if row.received_on >= since or row.outcome in {Outcome.OPEN, Outcome.MUST_COME_BACK, Outcome.PASSED_ON}
    ]
    return [
        PossibleFollow(row.pk, row.service_id, row.service.name, row.received_on, Outcome(row.outcome), row.promised_on)
        for row in found
    ]


def bundled(service_key: str, services: Mapping[str, Service]) -> set[str]:
    """The service and those that belong to the same errand, whichever of the two names the other.

    A service that took another's place is the same errand under a new name, however often it was renamed.
    """
    named = {service_key, *_before(service_key, services)}
    own = {key for name in named if name in services for key in services[name].bundle}
    return named | own | {key for key, other in services.items() if not named.isdisjoint(other.bundle)}


def _before(service_key: str, services: Mapping[str, Service]) -> set[str]:
    """The services that this one has taken the place of."""
    found: set[str] = set()
    now = {service_key}
    while now:
        now = {key for key, one in services.items() if one.successor in now} - found
        found |= now
    return found


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """What stands on the receipt of a registration."""

    contact: Contact
    enquiries: list[Enquiry]
    handovers: list[Handover]


def receipt(employee: Employee, contact_id: int) -> ReceiptShown:
    """The contact she just registered, as its receipt shows it. Raises NoAccess."""
    contact = open_any_contact(employee, contact_id)
    matters = list(
        enquiries_seen(employee, mistaken=True)
        .filter(contact=contact)
        .select_related("service", "owner", "follows__owner")
        .order_by("position")
    )
    handovers = list(Handover.every.filter(enquiry__in=matters).select_related("department").order_by("id"))
    return ReceiptShown(contact, matters, handovers)


def any_contacts() -> bool:
    """Whether anything has been registered yet: tells an empty house from one at work."""
    return Contact.every.exists()


def forgotten_among(contact_ids: Iterable[int]) -> set[int]:
    """Those whose story is gone: a page names them without a way to them."""
    found = ForgottenContact.objects.filter(contact__in=list(contact_ids))
    return set(found.values_list("contact_id", flat=True))
