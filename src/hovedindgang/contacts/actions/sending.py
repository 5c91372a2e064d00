"""The worker's part of journalising. A create leaves the house once, or somebody is told that nobody knows.

A row is marked as sending, with its key, and that is committed before the case system is called; no transaction is open
while it answers. What was cut is asked for by its key before it is sent again, and what cannot be asked for, or was
tried too often, is left for a person (docs/decisions/creates-are-never-retried-blindly.md).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet

from hovedindgang.contacts.actions.journalising import note_on, parties_of
from hovedindgang.contacts.models import Enquiry, Journalised
from hovedindgang.contacts.ports import (
    CannotBeAsked,
    CaseSystem,
    CaseSystemProblem,
    DocumentKind,
    Filed,
    NewCase,
    NewNote,
    NotReached,
    SaidNo,
    Several,
    UnderWay,
    case_system,
)
from hovedindgang.contacts.rules import (
    JOURNAL_SETTLE_MINUTES,
    JOURNAL_TRIES,
    LONGEST_CASE_NUMBER,
    Direction,
    JournalState,
    JournalWhat,
    journal_pause_minutes,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.models import Citizen
from hovedindgang.people.queries import cpr_of
from hovedindgang.people.rules import cprs_in
from hovedindgang.policy.queries import in_force, sensitivities
from hovedindgang.servicemodel.document import Sensitivity

AT_ONCE = 20  # of one run: other work of the worker waits meanwhile
LOOK_AGAIN = dt.timedelta(minutes=1)
SETTLE = dt.timedelta(minutes=JOURNAL_SETTLE_MINUTES)
log = logging.getLogger(__name__)


def send_journal() -> int:
    """One run of the worker: what was cut is settled, what waits is sent. Gives how many rows it was at.

    The first that is not answered ends the run, so that a case system that is down holds nobody else up.
    """
    system = case_system()
    if system is None:
        return 0
    _mark_interrupted()
    tried = 0
    while tried < AT_ONCE and (row := _next()):
        tried += 1
        if not (_ask(system, row) if row.state == JournalState.UNCERTAIN else _send(system, row)):
            break
    return tried


def _next() -> Journalised | None:
    """What is due: first what was cut, then what waits, each oldest first. What was a mistake is not sent."""
    due = Journalised.objects.filter(next_at__lte=clock.now()).filter(
        Q(state=JournalState.UNCERTAIN) | Q(state=JournalState.WAITING, enquiry__contact__mistake__isnull=True)
    )
    return due.select_related("enquiry__contact").order_by("state", "next_at", "id").first()


def _mark_interrupted() -> None:
    """A worker that died while it sent: nobody knows how far it came."""
    before = clock.now() - SETTLE
    Journalised.objects.filter(state=JournalState.SENDING, sent_at__lt=before).update(
        state=JournalState.UNCERTAIN, next_at=clock.now(), why="interrupted"
    )


# ------------------------------------------------------------------------------------------------------------ sending


def _send(system: CaseSystem, row: Journalised) -> bool:
    """Whether the case system answered, or another worker had the row."""
    try:
        create = _prepared(system, row)
    except Exception:  # a defect here, before anything left the house: the others go on
        log.exception("journal row %s cannot be prepared", row.pk)
        later = clock.now() + dt.timedelta(hours=1)
        Journalised.objects.filter(pk=row.pk, state=JournalState.WAITING).update(next_at=later, why="not_prepared")
        return True
    if not _take(row):
        return True
    try:
        filed = create()
    except UnderWay as problem:
        _become(row, JournalState.UNCERTAIN, why=problem.code, next_at=clock.now() + LOOK_AGAIN)
        return True
    except NotReached as problem:
        pause = dt.timedelta(minutes=journal_pause_minutes(row.attempts))
        _become(row, JournalState.WAITING, why=problem.code, next_at=clock.now() + pause)
        return False
    except SaidNo as problem:
        _become(row, JournalState.REFUSED, why=problem.code, verb="enquiry.journal_refused")
        return True
    except Exception as problem:
        # Whatever it was, it may have arrived: a defect of ours after the sending is no exception to that.
        code = problem.code if isinstance(problem, CaseSystemProblem) else type(problem).__name__[:20]
        log.warning("journal row %s: no answer (%s)", row.pk, code)
        _become(row, JournalState.UNCERTAIN, why=code, next_at=clock.now() + SETTLE, verb="enquiry.journal_uncertain")
        return False
    return _filed(system, row, filed)


def _take(row: Journalised) -> bool:
    """Mark it as sending and commit; False where another worker was quicker."""
    now = clock.now()
    with transaction.atomic():
        mine = Journalised.objects.filter(pk=row.pk, state=JournalState.WAITING, attempts=row.attempts)
        if not mine.update(state=JournalState.SENDING, sent_at=now, attempts=F("attempts") + 1, next_at=None, why=""):
            return False
        row.attempts += 1
        _tell("enquiry.sent_to_case_system", row, attempt=row.attempts)
    return True


def _prepared(system: CaseSystem, row: Journalised) -> Callable[[], Filed]:
    """The one call that makes it, with what the case system is entitled to: no name, no address, nothing of others."""
    enquiry = row.enquiry
    contact = enquiry.contact
    if row.what == JournalWhat.NOTE:
        kind = DocumentKind.IN if contact.direction == Direction.IN else DocumentKind.OUT
        note = NewNote(title=row.title, text=row.text, kind=kind, on=enquiry.received_on)
        return partial(system.add_note, key=row.key, case_number=row.case_number, note=note)
    service = in_force(enquiry.received_on).model.services.get(enquiry.service_id)
    case = NewCase(
        title=row.title,
        kle=(service.kle if service else None) or "",
        sensitivity=sensitivities().get(enquiry.service_id, Sensitivity.ORDINARY),
        received_on=enquiry.received_on,
        parties=_cprs(enquiry),
    )
    return partial(system.create_case, key=row.key, case=case)


def _cprs(enquiry: Enquiry) -> tuple[str, ...]:
    citizens = Citizen.objects.filter(pk__in=parties_of(enquiry)).order_by("pk")
    return tuple(cpr for citizen in citizens if (cpr := cpr_of(citizen)))


def _filed(system: CaseSystem, row: Journalised, filed: Filed) -> bool:
    """It answered. Asked once more, it must have exactly one by our key: a line between us may have sent it twice."""
    try:
        system.find_by_key(key=row.key)
    except Several:
        _leave_to_person(row, "several")
        return True
    except CaseSystemProblem:
        pass  # it said that it was made, and that stands
    return _done(row, filed)


def _done(row: Journalised, filed: Filed) -> bool:
    number = filed.case_number
    if not number or len(number) > LONGEST_CASE_NUMBER or cprs_in(number) or not 0 < len(filed.outside_id) <= 80:
        _leave_to_person(row, "no_number")
        return True
    with transaction.atomic():
        changed = _mine(row).update(
            state=JournalState.DONE,
            done_at=clock.now(),
            next_at=None,
            why="",
            case_number=number,
            outside_id=filed.outside_id,
        )
        if not changed:
            return True
        Enquiry.every.filter(pk=row.enquiry_id).update(case_number=number)
        if row.what == JournalWhat.CASE:
            note_on(row, number)
        _tell("enquiry.journalised", row, by_hand=False)
    return True


# ------------------------------------------------------------------------------------------------------------- asking


def _ask(system: CaseSystem, row: Journalised) -> bool:
    """Whether the case system answered, or cannot be asked."""
    try:
        found = system.find_by_key(key=row.key)
    except CannotBeAsked:
        _leave_to_person(row, "cannot_be_asked")
        return True
    except Several:
        _leave_to_person(row, "several")
        return True
    except SaidNo as problem:
        _become(row, JournalState.REFUSED, why=problem.code, verb="enquiry.journal_refused")
        return True
    except UnderWay as problem:
        _become(row, JournalState.UNCERTAIN, why=problem.code, next_at=clock.now() + LOOK_AGAIN)
        return True
    except Exception as problem:
        code = problem.code if isinstance(problem, CaseSystemProblem) else type(problem).__name__[:20]
        log.warning("journal row %s: could not be asked for (%s)", row.pk, code)
        _become(row, JournalState.UNCERTAIN, why=code, next_at=clock.now() + SETTLE)
        return False
    if found is not None:
        return _done(row, found)
    if row.attempts >= JOURNAL_TRIES:
        _leave_to_person(row, "tried_often")
    else:
        _become(row, JournalState.WAITING, why="", next_at=clock.now())
    return True


# --------------------------------------------------------------------------------------------------------- what it is


def _mine(row: Journalised) -> QuerySet[Journalised]:
    """The row while nobody has decided about it since: a late answer still counts, an old one does not."""
    return Journalised.objects.filter(
        pk=row.pk, attempts=row.attempts, state__in=[JournalState.SENDING, JournalState.UNCERTAIN]
    )


def _become(
    row: Journalised, state: JournalState, *, why: str, next_at: dt.datetime | None = None, verb: str = ""
) -> None:
    with transaction.atomic():
        if _mine(row).update(state=state, why=why, next_at=next_at) and verb:
            _tell(verb, row, code=why)


def _leave_to_person(row: Journalised, why: str) -> None:
    _become(row, JournalState.UNCERTAIN, why=why, verb="enquiry.journal_to_person")


def _tell(verb: str, row: Journalised, **facts: Fact) -> None:
    append_event(
        verb=verb,
        actor=SYSTEM,
        subject_kind="enquiry",
        subject_id=row.enquiry_id,
        facts={"journal": row.pk, "what": row.what, **facts},
    )
