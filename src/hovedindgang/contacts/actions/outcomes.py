"""An enquiry's outcome, and what becomes known about it later. Each change is kept; nothing is overwritten unseen."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import check_outcome, check_promise
from hovedindgang.contacts.actions.new import NewSignpost
from hovedindgang.contacts.actions.restricting import refuse_restricted, restricted_said
from hovedindgang.contacts.answering import answered_at, first_answered_at, in_order, opened_again_at
from hovedindgang.contacts.doors import is_borgerservice, open_enquiry, open_signpost
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, OutcomeChange, Signpost, shown_under
from hovedindgang.contacts.rules import (
    CONTINUES,
    PASSES_ON,
    REOPENING,
    REOPENS,
    Advice,
    ChangeWhy,
    ComeBackReason,
    Direction,
    FollowsHow,
    MovedTold,
    MovedWhy,
    NotAllowed,
    Outcome,
    Refused,
    WithdrawnWhy,
    WorkedBy,
    may_become,
    same_person,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.closed import not_to_be_registered, said_closed, said_closed_to_author
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rectifying import restricted_among
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import in_force


@transaction.atomic
def conclude_enquiry(
    *,
    employee: Employee,
    enquiry_id: int,
    outcome: Outcome,
    advice: Advice | None = None,
    come_back_reason: ComeBackReason | None = None,
    withdrawn_why: WithdrawnWhy | None = None,
    signpost: NewSignpost | None = None,
    received_assisted: bool | None = None,
) -> Enquiry:
    """Give an open enquiry its outcome, later than on the spot. One event `enquiry.concluded`.

    Where it was the step that an earlier matter waited for, that one is resolved too. A handover has a deed of its
    own. Raises NoAccess, NotAllowed for a matter that is not open, Refused.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    refuse_unless(enquiry, outcome, ChangeWhy.CONCLUDED)
    errors = check_outcome(
        outcome,
        come_back_reason=come_back_reason is not None,
        withdrawn_why=withdrawn_why is not None,
        handover=None,
        signpost=signpost,
        model=in_force().model,
        day=clock.today(),
    )
    if errors:
        raise Refused(errors)
    enquiry.come_back_reason, enquiry.withdrawn_why = come_back_reason or "", withdrawn_why or ""
    enquiry.worked_by = worked_by(employee) if outcome is Outcome.RESOLVED else ""
    enquiry.advice = advice or enquiry.advice
    if received_assisted is not None:
        enquiry.received_assisted = received_assisted
    change(enquiry, outcome, ChangeWhy.CONCLUDED, employee)
    if signpost:
        if signpost.how in PASSES_ON:
            refuse_restricted(enquiry, signpost.ground or "")
        Signpost.objects.create(
            enquiry=enquiry,
            how=signpost.how,
            authority_id=signpost.authority,
            department_id=signpost.department,
            at=clock.now(),
            got_there=signpost.got_there,
            ground=signpost.ground or "",
        )
    say("enquiry.concluded", enquiry, employee, outcome=outcome, came_back=_settle_earlier(enquiry, employee))
    return enquiry


def _settle_earlier(enquiry: Enquiry, employee: Employee) -> list[Fact]:
    """The row numbers of the matters that waited for this step and are now resolved with it, the latest first."""
    if enquiry.outcome != Outcome.RESOLVED or enquiry.follows_how != FollowsHow.PLANNED_STEP or enquiry.preparatory:
        return []
    assert enquiry.follows_id is not None
    waited = those_that_waited(Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.follows_id))
    for earlier in waited:
        waited_for = earlier.come_back_reason
        earlier.come_back_reason, earlier.worked_by = "", enquiry.worked_by
        change(earlier, Outcome.RESOLVED, ChangeWhy.CAME_BACK, employee, come_back_reason=waited_for)
    return [earlier.pk for earlier in waited]


@transaction.atomic
def reopen_enquiry(
    *, employee: Employee, enquiry_id: int, why: ChangeWhy, promised_on: dt.date, owner_id: int | None = None
) -> Enquiry:
    """It was not solved after all: open again, with an owner and a new day. One event `enquiry.reopened`.

    A promise that was broken before stays broken (`Enquiry.broken_promise_on`).
    `why` is one of `rules.REOPENING`. A matter that lies in a department comes back by its handover.
    Raises NoAccess, NotAllowed, Refused.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    if why not in REOPENING:
        raise Refused({"why": _("Vælg, hvorfor ærindet åbnes igen.")})
    refuse_unless(enquiry, Outcome.OPEN, why)
    owner = owner_id or employee.pk
    errors = check_promise(promised_on, day=clock.today(), owner=owner)
    if errors:
        raise Refused(errors)
    back_to_open(enquiry, why, employee, owner_id=owner, promised_on=promised_on)
    say("enquiry.reopened", enquiry, employee, why=why, promised_on=promised_on.isoformat())
    return enquiry


@transaction.atomic
def take_over_enquiry(*, employee: Employee, enquiry_id: int) -> Enquiry:
    """An open matter gets a new owner, as when somebody falls ill; the day the citizen was promised stands.

    One event `enquiry.taken_over`; nothing happens where she owns it already. Raises NoAccess, NotAllowed.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    if not is_borgerservice(employee):
        raise NoAccess
    _refuse_unless_open(enquiry)
    if enquiry.owner_id == employee.pk:
        return enquiry
    was = enquiry.owner_id
    enquiry.owner = employee
    enquiry.save(update_fields=["owner"])
    say("enquiry.taken_over", enquiry, employee, was=was, owner=employee.pk)
    return enquiry


@transaction.atomic
def agree_another_day(
    *, employee: Employee, enquiry_id: int, promised_on: dt.date | None, why: MovedWhy | None, told: MovedTold | None
) -> Enquiry:
    """`move_promise` as an employee does it: she says why, and that the citizen agrees or has been told.

    What the law gives a month is not moved here. Raises NoAccess, NotAllowed, Refused.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    if not is_borgerservice(employee):
        raise NoAccess
    _refuse_unless_open(enquiry)
    service = in_force().model.services.get(enquiry.service_id)
    wrong = check_promise(promised_on, day=clock.today(), owner=enquiry.owner_id)
    errors = {"another_day": " ".join(wrong.values())} if wrong else {}
    if promised_on is not None and promised_on == enquiry.promised_on:
        errors["another_day"] = _("Den dag er borgeren lovet i forvejen. Vælg en anden.")
    elif service is not None and service.right is not None:
        errors["another_day"] = _("Loven giver en måned. Forlæng fristen på anmodningens egen side.")
    if why is None:
        errors["why"] = _("Vælg, hvorfor det bliver en anden dag.")
    if told is None:
        errors["told"] = _("Tal eller skriv med borgeren først: en dag, borgeren ikke kender, er ikke aftalt.")
    if errors or promised_on is None:
        raise Refused(errors)
    return move_promise(employee=employee, enquiry_id=enquiry_id, promised_on=promised_on, why=why, told=told)


@transaction.atomic
def move_promise(
    *,
    employee: Employee,
    enquiry_id: int,
    promised_on: dt.date,
    why: MovedWhy | None = None,
    told: MovedTold | None = None,
) -> Enquiry:
    """An open matter gets another day, which the citizen has been told. One event `enquiry.promise_moved`.

    A day that had passed already stays a broken promise (`Enquiry.broken_promise_on`); the event keeps each day there
    was. Raises NoAccess, NotAllowed, Refused.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    _refuse_unless_open(enquiry)
    errors = check_promise(promised_on, day=clock.today(), owner=enquiry.owner_id)
    if errors:
        raise Refused(errors)
    was = enquiry.promised_on
    _promise_anew(enquiry, promised_on)
    enquiry.save(update_fields=["promised_on", "broken_promise_on"])
    say(
        "enquiry.promise_moved",
        enquiry,
        employee,
        was=was.isoformat() if was else None,
        promised_on=promised_on.isoformat(),
        why=why,
        told=told,
    )
    return enquiry


def _refuse_unless_open(enquiry: Enquiry) -> None:
    if enquiry.outcome != Outcome.OPEN:
        raise NotAllowed({"": _("Ærindet er ikke åbent længere. Hent siden igen, og se, hvad der er sket.")})


@transaction.atomic
def correct_enquiry(*, employee: Employee, enquiry_id: int, found_wrong_on: dt.date | None) -> Enquiry:
    """A decision was reversed, or the guidance was wrong: not solved from the day it was known; None takes it back.

    One event `enquiry.found_wrong`; what was counted before that day stays counted. Raises NoAccess, Refused.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    if found_wrong_on is not None and found_wrong_on > clock.today():
        raise Refused({"found_wrong_on": _("Dagen ligger ude i fremtiden. Skriv den dag, fejlen blev kendt.")})
    if found_wrong_on is not None and found_wrong_on < enquiry.received_on:
        raise Refused({"found_wrong_on": _("Dagen ligger før henvendelsen. Skriv den dag, fejlen blev kendt.")})
    enquiry.found_wrong_on = found_wrong_on
    enquiry.save(update_fields=["found_wrong_on"])
    say("enquiry.found_wrong", enquiry, employee, on=found_wrong_on.isoformat() if found_wrong_on else None)
    return enquiry


@transaction.atomic
def follow_enquiry(*, employee: Employee, enquiry_id: int, follows: int | None, how: FollowsHow | None) -> Enquiry:
    """Say which earlier matter this one continues, and how; None and None: it is a matter of its own.

    One event `enquiry.followed`. Raises NoAccess, Refused for another person's matter or a later one.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    if (follows is None) != (how is None):
        raise Refused({"how": _("Vælg både det ærinde, der følges op på, og hvordan.")})
    if follows is not None:
        earlier = open_enquiry(employee, follows)
        if occasion_of(earlier.contact) == occasion_of(enquiry.contact):
            raise Refused({"follows": _("De to ærinder er i den samme henvendelse. Vælg et fra en tidligere.")})
        if not is_earlier(earlier, enquiry):
            raise Refused({"follows": said_later()})
        if _leads_to(enquiry, of=earlier):
            raise Refused({"follows": _("Det valgte ærinde følger selv det her. Sig dér, at det står for sig selv.")})
        if not same_person(persons_behind(earlier), persons_behind(enquiry)):
            raise Refused({"follows": _("Det tidligere ærinde gælder en anden. Vælg et, som borgeren selv har haft.")})
    enquiry.follows_id, enquiry.follows_how = follows, how or ""
    enquiry.save(update_fields=["follows", "follows_how"])
    say("enquiry.followed", enquiry, employee, follows=follows, how=how)
    return enquiry


@transaction.atomic
def add_for_whom(*, employee: Employee, enquiry_id: int, citizen_id: int) -> Enquiry:
    """Name one more person the matter is for; one already named stays named. One event `enquiry.for_whom_added`.

    Raises NoAccess, Refused.
    """
    enquiry = open_enquiry(employee, enquiry_id)
    if not Citizen.objects.filter(pk=citizen_id).exists():
        raise Refused({"citizen": _("Borgeren findes ikke længere. Slå borgeren op igen.")})
    if not_to_be_registered(employee.pk, [citizen_id]):
        raise Refused({"citizen": said_closed()})
    author = enquiry.contact.employee_id
    if author is not None and not_to_be_registered(author, [citizen_id]):
        raise Refused({"citizen": said_closed_to_author()})
    if enquiry.contact.asker_id != citizen_id and restricted_among([citizen_id]):
        raise Refused({"citizen": restricted_said()})
    EnquiryPerson.objects.get_or_create(enquiry=enquiry, citizen_id=citizen_id, defaults=shown_under(enquiry.contact))
    say("enquiry.for_whom_added", enquiry, employee, citizen=citizen_id)
    return enquiry


@transaction.atomic
def note_got_there(*, employee: Employee, signpost_id: int, got_there: bool | None) -> Signpost:
    """Whether the citizen got to where she was shown; None: still not known. One event `signpost.followed_up`."""
    signpost = open_signpost(employee, signpost_id)
    signpost.got_there = got_there
    signpost.save(update_fields=["got_there"])
    say("signpost.followed_up", signpost.enquiry, employee, signpost=signpost.pk, got_there=got_there)
    return signpost


# ------------------------------------------------------------------------------------- shared by the room's deeds


def is_earlier(earlier: Enquiry, later: Enquiry) -> bool:
    """Whether the one came before the other, whenever they were registered: a late entry is as old as what it tells of.

    The row number decides between two that began at once, as it does in the figures.
    """
    first, second = ((one.contact.started_at, one.pk) for one in (earlier, later))
    return first < second


def _leads_to(enquiry: Enquiry, *, of: Enquiry) -> bool:
    """Whether `of` continues `enquiry`, over however many steps: nothing continues itself."""
    one: Enquiry | None = of
    while one is not None and one.pk != enquiry.pk:
        one = one.follows
    return one is not None


def those_that_waited(followed: Enquiry) -> list[Enquiry]:
    """The matters that wait for the citizen and are settled by a step that continues `followed`, each locked.

    She may have come with her papers and lacked her ID: then both visits waited. A time that was booked in between is
    not the coming back, and what it was booked for waits still.
    """
    waited, one = [], followed
    while True:
        if one.outcome == Outcome.MUST_COME_BACK:
            waited.append(one)
        elif not (one.preparatory and one.outcome == Outcome.RESOLVED):
            return waited
        if one.follows_how != FollowsHow.PLANNED_STEP:
            return waited
        one = Enquiry.objects.select_for_update(of=("self",)).get(pk=one.follows_id)


def occasion_of(contact: Contact) -> int:
    """The contact that it is counted and shown under."""
    return contact.merged_into_id or contact.pk


def said_later() -> str:
    return _("Det valgte ærinde er kommet senere. Vælg et tidligere.")


def worked_by(employee: Employee) -> WorkedBy:
    """Whose work it is when she resolves a matter."""
    return WorkedBy.BORGERSERVICE if is_borgerservice(employee) else WorkedBy.DEPARTMENT


def persons_behind(enquiry: Enquiry) -> set[int]:
    """Citizens' row numbers: whose matter it is, and who asked."""
    asker = {enquiry.contact.asker_id} if enquiry.contact.asker_id else set()
    return asker | {person.citizen_id for person in enquiry.for_whom.all()}


def refuse_unless(enquiry: Enquiry, became: Outcome, why: ChangeWhy) -> None:
    """Raises NotAllowed with what the matter's state is now; somebody else may have been quicker."""
    if may_become(Outcome(enquiry.outcome), became, why):
        return
    said = {
        Outcome.OPEN: _("Ærindet er åbent. Vælg et udfald, eller overdrag det."),
        Outcome.PASSED_ON: _("Ærindet ligger hos en fagforvaltning. Vent på svaret."),
        Outcome.MUST_COME_BACK: _("Ærindet venter på, at borgeren kommer igen. Åbn det, når det sker."),
    }.get(Outcome(enquiry.outcome), _("Ærindet er afsluttet. Hent siden igen, eller åbn det på ny."))
    raise NotAllowed({"outcome": said})


def change(
    enquiry: Enquiry, became: Outcome, why: ChangeWhy, employee: Employee, *, come_back_reason: str | None = None
) -> None:
    """Set the outcome with its time and employee, save the whole row, and keep the change."""
    was = Outcome(enquiry.outcome)
    enquiry.outcome, enquiry.on_the_spot = became, False
    enquiry.outcome_at, enquiry.outcome_by_id = clock.now(), employee.pk
    enquiry.owner_id = None
    enquiry.save()
    OutcomeChange.objects.create(
        enquiry=enquiry,
        was=was,
        became=became,
        why=why,
        at=enquiry.outcome_at,
        by=employee,
        come_back_reason=come_back_reason,
    )


def back_to_open(enquiry: Enquiry, why: ChangeWhy, employee: Employee, *, owner_id: int, promised_on: dt.date) -> None:
    """Open again: what its outcome said falls away, and somebody owns it until a day."""
    was = Outcome(enquiry.outcome)
    _promise_anew(enquiry, promised_on)
    enquiry.outcome, enquiry.on_the_spot = Outcome.OPEN, False
    enquiry.outcome_at, enquiry.outcome_by_id = None, None
    enquiry.worked_by = enquiry.come_back_reason = enquiry.withdrawn_why = ""
    enquiry.owner_id = owner_id
    enquiry.save()
    OutcomeChange.objects.create(enquiry=enquiry, was=was, became=Outcome.OPEN, why=why, at=clock.now(), by=employee)


def _promise_anew(enquiry: Enquiry, promised_on: dt.date) -> None:
    """She is given another day, and the one that was not kept stays known: the first of them, if there are several."""
    if enquiry.broken_promise_on is None and promised_on != enquiry.promised_on and _is_broken(enquiry):
        enquiry.broken_promise_on = enquiry.promised_on
    enquiry.promised_on = promised_on


def _is_broken(enquiry: Enquiry) -> bool:
    """Whether the day she was promised passed before she had our word, or came for what was ready: as it is counted
    (`insight.rules.is_late`)."""
    changes = in_order(enquiry.outcome_changes.all())
    since, own = _day(opened_again_at(changes)), _day(answered_at(enquiry, changes))
    told: list[dt.date] = [own] if own else []
    fetched: list[dt.date] = []
    for step in _steps_of(enquiry):
        word = _day(first_answered_at(step, in_order(step.outcome_changes.all())))
        if word and (since is None or word > since):
            planned = step.follows_how == FollowsHow.PLANNED_STEP
            (fetched if planned and step.preparatory else told).append(word)
    passed = enquiry.promised_on is not None and enquiry.promised_on < min(told, default=clock.today())
    in_her_time = bool(fetched) and (not told or min(told) >= min(fetched))
    return passed and not in_her_time


def _steps_of(enquiry: Enquiry) -> list[Enquiry]:
    """What goes on with the matter and may bring her our word, however many links away; not a step of hers with us,
    where a department has the matter and nobody raised it again."""
    found, last = [], [enquiry]
    while last:
        later = Enquiry.objects.filter(follows__in=last, follows_how__in=CONTINUES).order_by("pk")
        last = list(later.select_related("contact__merged_into").prefetch_related("outcome_changes"))
        found += last
    opened = [
        one
        for one in found
        if one.follows_how in REOPENS and (one.contact.merged_into or one.contact).direction == Direction.IN
    ]
    theirs = enquiry.outcome == Outcome.PASSED_ON or enquiry.worked_by == WorkedBy.DEPARTMENT
    steps = [one for one in found if one.follows_how == FollowsHow.PLANNED_STEP]
    return opened + ([] if theirs and not opened else steps)


def _day(at: dt.datetime | None) -> dt.date | None:
    return clock.local_day(at) if at else None


def say(verb: str, enquiry: Enquiry, employee: Employee, **facts: Fact) -> None:
    """One event about an enquiry."""
    append_event(
        verb=verb,
        actor=employee_actor(employee.pk),
        subject_kind="enquiry",
        subject_id=enquiry.pk,
        facts={"contact": enquiry.contact_id, "service": enquiry.service_id, **facts},
    )
