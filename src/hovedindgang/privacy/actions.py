"""Deeds of privacy: hold, lift, and forget what has no reason left to be kept."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import forget_contacts
from hovedindgang.contacts.doors import refuse_closed_contact
from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import clean
from hovedindgang.insight.remaining import what_remains
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, Actor, employee_actor
from hovedindgang.kernel.events import Cause, append_event
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.forgetting import forget_citizens
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import NoAccess, Role
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.privacy import archiving, sweeping
from hovedindgang.privacy.gathering import Place, candidates, gather, held_feedback, judged, periods, together
from hovedindgang.privacy.models import Hold, RetentionRun
from hovedindgang.privacy.ports import NotReceived
from hovedindgang.privacy.queries import planned_lines, unneeded_citizens
from hovedindgang.privacy.rules import CITIZEN_DAYS, LONGEST_REASON, Kept, Period, PrivacyRefused
from hovedindgang.registers.forgetting import forget_numbers
from hovedindgang.surveys.actions import forget_feedback, leave_forgotten
from hovedindgang.surveys.queries import due_to_forget

# Contacts in one transaction. SQLite has one writer, and the desk must not wait while a year is forgotten.
AT_ONCE = {"postgresql": 200, "sqlite": 25}
PAUSE_SECONDS = {"postgresql": 0.0, "sqlite": 0.2}
LONGEST_HOLD_DAYS = 3 * 366
Said = Callable[[RetentionRun], None]


@transaction.atomic
def place_hold(
    *,
    employee: Employee,
    reason: str,
    until: dt.date | None,
    citizen_id: int | None = None,
    contact_id: int | None = None,
) -> Hold:
    """Keep what we hold of a citizen, or of a contact, until a day, whatever its retention says. One `hold.placed`.

    Raises NoAccess for anybody but a leader, ClosedToHer, PrivacyRefused.
    """
    _only_leaders(employee)
    _refuse_her_own(employee, citizen_id, contact_id)
    errors = {}
    if not clean(reason) or len(clean(reason)) > LONGEST_REASON:
        errors["reason"] = _("Skriv hvorfor, med højst 500 tegn: en retssag, en klage, et tilsyn.")
    if until is None or not clock.today() <= until <= clock.today() + dt.timedelta(days=LONGEST_HOLD_DAYS):
        errors["until"] = _("Skriv den sidste dag, højst tre år frem. Er sagen ikke slut, så læg en ny dag da.")
    if (citizen_id is None) == (contact_id is None):
        errors["number"] = _("Skriv nummeret på én borger eller én henvendelse.")
    elif not _locked_to_keep(citizen_id, contact_id):
        errors["number"] = _("Nummeret findes ikke, eller det er allerede glemt. Se efter på borgerens side.")
    if errors:
        raise PrivacyRefused(errors)
    assert until is not None
    hold = Hold.objects.create(
        citizen_id=citizen_id, contact_id=contact_id, reason=clean(reason), until=until, placed_by=employee
    )
    append_event(
        verb="hold.placed",
        actor=employee_actor(employee.pk),
        subject_kind="hold",
        subject_id=hold.pk,
        facts={"citizen": citizen_id, "contact": contact_id, "until": until.isoformat()},
    )
    return hold


def _locked_to_keep(citizen_id: int | None, contact_id: int | None) -> bool:
    """Whoever forgets it at this moment is waited for, and then it is not there."""
    if citizen_id is not None:
        return Citizen.objects.select_for_update().filter(pk=citizen_id).first() is not None
    row = Contact.every.select_for_update(of=("self",)).filter(pk=contact_id or 0).first()
    return row is not None and not hasattr(row, "forgotten")


@transaction.atomic
def lift_hold(*, employee: Employee, hold_id: int) -> Hold:
    """The hold ends now; what is due goes with the next run. One `hold.lifted`. Raises as `place_hold`."""
    _only_leaders(employee)
    hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if hold is None or hold.lifted_at is not None:
        raise PrivacyRefused({"": _("Der er ikke noget at ophæve: det er ophævet før.")})
    _refuse_her_own(employee, hold.citizen_id, hold.contact_id)
    hold.lifted_at, hold.lifted_by = clock.now(), employee
    hold.save(update_fields=["lifted_at", "lifted_by"])
    append_event(
        verb="hold.lifted", actor=employee_actor(employee.pk), subject_kind="hold", subject_id=hold.pk, facts={}
    )
    return hold


def _refuse_her_own(employee: Employee, citizen_id: int | None, contact_id: int | None) -> None:
    """Nobody decides how long what is held of herself, her family or a colleague is kept."""
    if citizen_id is not None:
        refuse_if_closed(employee.pk, [citizen_id])
    if contact_id is not None:
        refuse_closed_contact(employee, contact_id)


def _only_leaders(employee: Employee) -> None:
    if not employee.is_active or not employee.roles & {Role.LEADER, Role.ADMINISTRATOR}:
        raise NoAccess


# ------------------------------------------------------------------------------------------------------- the run


def begin_run(*, nightly: bool) -> RetentionRun | None:
    """The night's run, begun or taken up where it was stopped; None: it has been done. By hand: the newest that was
    stopped today, or a new one."""
    today = clock.today()
    if nightly:
        run, _new = RetentionRun.objects.get_or_create(day=today, nightly=True, defaults={"started_at": clock.now()})
        return None if run.ended_at else run
    stopped = RetentionRun.objects.filter(day=today, nightly=False, ended_at__isnull=True).order_by("-pk").first()
    return stopped or RetentionRun.objects.create(day=today, started_at=clock.now())


def retention_run(
    *, run: RetentionRun, actor: Actor = SYSTEM, seconds: float | None = None, said: Said = lambda _run: None
) -> bool:
    """Go through what may be due, batch by batch, each one transaction with one event; True: it came to its end.

    `seconds`: stop after the batch that passes them, to be taken up again. `said` is told after each batch. Several may
    run it at once; a batch that is killed is undone. Raises NoPolicyInForce.
    """
    said_periods = periods(run.day)
    began = time.monotonic()
    sweeping.prepare()
    for step in (_contact_batch, _feedback_batch, _citizen_batch, _register_batch):
        while step(run.pk, actor, said_periods):
            run.refresh_from_db()
            said(run)
            if seconds is not None and time.monotonic() - began > seconds:
                return False
            if pause := PAUSE_SECONDS[connection.vendor]:
                time.sleep(pause)
    planned = planned_lines()
    with transaction.atomic():
        unended = RetentionRun.objects.filter(pk=run.pk, ended_at__isnull=True)
        unended.update(ended_at=clock.now(), planned=planned)
    run.refresh_from_db()
    sweeping.sweep()  # also after a run that found nothing: a citizen may have been erased by day
    return True


@dataclass(slots=True)
class _Tally:
    gone: Counter[tuple[str, str]]
    kept: Counter[str]
    counts: Counter[str]


def _contact_batch(run_id: int, actor: Actor, said: dict[str, Period]) -> bool:
    """The next contacts in order. False: there are none left."""
    _archive_ahead(run_id, said)
    with transaction.atomic():
        run = RetentionRun.objects.select_for_update().get(pk=run_id)
        found, last = _next_contacts(run, said)
        if run.contacts_done or last is None:
            RetentionRun.objects.filter(pk=run_id).update(contacts_done=True)
            return False
        tally = _Tally(Counter(), Counter(), Counter(run.counts))
        going: list[int] = []
        numbers = [number for members in found for number in members]
        sweeping.lock(numbers)  # whoever writes to one of them is waited for, and it is judged as it stands then
        for group, verdict in judged(gather(numbers, run.day), said, run.day):
            kept = verdict.kept
            if kept is None and verdict.archive and not archiving.is_archived(group.contacts):
                kept = Kept.NOT_ARCHIVED
            if kept is None:
                going += group.contacts
                tally.gone[verdict.service, verdict.ground] += len(group.contacts)
            elif kept is not Kept.NOT_YET:
                tally.kept[kept] += len(group.contacts)
        if going:
            done = forget_contacts(
                actor=actor,
                contact_ids=going,
                remains=what_remains(going),
                cause=Cause("retention_run", run_id),
                on=clock.today(),
            )
            leave_forgotten(contact_ids=going)
            sweeping.let_go(going)
            tally.counts.update({"contacts": done.contacts, "notes": done.notes, "enquiries": done.enquiries})
        _note(run, tally)
        run.after_day, run.after_id = last
        run.save()
        return True


def _next_contacts(run: RetentionRun, said: dict[str, Period]) -> tuple[list[list[int]], Place | None]:
    """The next contacts in order with all that goes with them, and the place of the last. A group is met at its first
    contact that may be due, and not again."""
    after = (run.after_day, run.after_id) if run.after_day else None
    rows = candidates(said=said, today=run.day, after=after, limit=AT_ONCE[connection.vendor])
    if not rows:
        return [], None
    return [group for group, first in together(rows, said, run.day) if first in rows], rows[-1]


def _archive_ahead(run_id: int, said: dict[str, Period]) -> None:
    """Outside of any transaction: a file that is written is not rolled back, and the desk does not wait for it."""
    if not any(period.archive for period in said.values()):
        return
    run = RetentionRun.objects.get(pk=run_id)
    found, _last = _next_contacts(run, said)
    numbers = [number for members in found for number in members]
    for group, verdict in judged(gather(numbers, run.day), said, run.day):
        if verdict.kept is None and verdict.archive and not archiving.is_archived(group.contacts):
            try:
                archiving.deliver(group.contacts)
            except NotReceived as refused:
                sweeping.log.warning("the archive did not take contact %s: %s", group.head, refused)


def _note(run: RetentionRun, tally: _Tally) -> None:
    lines: dict[tuple[str, str], int] = defaultdict(int)
    for service, ground, number in run.gone:
        lines[service, ground] += number
    for key, number in tally.gone.items():
        lines[key] += number
    run.gone = [[service, ground, number] for (service, ground), number in sorted(lines.items())]
    run.kept = dict(Counter(run.kept) + tally.kept)
    run.counts = dict(tally.counts)


def _feedback_batch(run_id: int, actor: Actor, _said: dict[str, Period]) -> bool:
    """Complaints and praise that were closed long ago enough. False: there are none left that may go."""
    with transaction.atomic():
        run = RetentionRun.objects.select_for_update().get(pk=run_id)
        held = set(held_feedback(run.day))
        due = due_to_forget(today=run.day, but=held, limit=AT_ONCE[connection.vendor])
        gone = forget_feedback(actor=actor, feedback_ids=due, cause=Cause("retention_run", run_id))
        run.counts = dict(Counter(run.counts) + Counter({"feedback": gone}))
        run.save()
        return gone > 0


def _citizen_batch(run_id: int, actor: Actor, _said: dict[str, Period]) -> bool:
    """Citizens whom nothing mentions any more. False: there are none left."""
    with transaction.atomic():
        run = RetentionRun.objects.select_for_update().get(pk=run_id)
        before = clock.now() - dt.timedelta(days=CITIZEN_DAYS)
        asked, unneeded = unneeded_citizens(
            after=run.after_citizen, before=before, limit=AT_ONCE[connection.vendor], today=run.day
        )
        if not asked:
            return False
        gone = forget_citizens(actor=actor, citizen_ids=unneeded, cause=Cause("retention_run", run_id))
        run.counts = dict(Counter(run.counts) + Counter({"citizens": gone}))
        run.after_citizen = asked[-1]
        run.save()
        return True


def _register_batch(run_id: int, actor: Actor, said: dict[str, Period]) -> bool:
    """Numbers of other systems that lead to a person there. False: there are none left."""
    longest = max((period.days for period in said.values()), default=None)
    if longest is None:
        return False
    with transaction.atomic():
        run = RetentionRun.objects.select_for_update().get(pk=run_id)
        before = clock.day_bounds(run.day - dt.timedelta(days=longest))[0]
        gone = forget_numbers(actor=actor, before=before, limit=20 * AT_ONCE[connection.vendor], run=run_id)
        run.counts = dict(Counter(run.counts) + Counter({"imported": gone}))
        run.save()
        return gone > 0


def forget_by_night() -> None:
    """The worker's job: a few seconds of the night's run at a time, so that deliveries never wait for it."""
    try:
        in_force(clock.today())
    except NoPolicyInForce:
        return  # nothing says how long anything is kept
    run = begin_run(nightly=True)
    if run is not None:
        retention_run(run=run, seconds=SECONDS_AT_ONCE)


SECONDS_AT_ONCE = 3.0
