"""Deeds of this room: propose, decide and end a warning; raise, answer and end an alarm; tell of an incident."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, Actor, employee_actor
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import access_citizen
from hovedindgang.people.rules import cprs_in
from hovedindgang.policy.models import CentreKey
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.safety.doors import (
    must_be_of_borgerservice,
    open_alarm,
    open_incident,
    open_warning,
)
from hovedindgang.safety.models import Alarm, AlarmAnswer, Incident, Warning
from hovedindgang.safety.rules import (
    LONGEST_MONTHS,
    LONGEST_TEXT,
    PLACE_LENGTH,
    WARNING_ALLOWED,
    IncidentKind,
    Notice,
    Refused,
    Told,
    WarningReason,
    WarningState,
    months_after,
)


def propose_warning(*, employee: Employee, citizen_id: int, reason: WarningReason, told: Told) -> Warning:
    """An employee proposes; nobody sees it but the leader who decides. One event `warning.proposed`.

    Raises NoAccess, Refused.
    """
    access_citizen(employee, citizen_id, use="warning", reason=f"citizen:{citizen_id}")
    try:
        with transaction.atomic():
            row = Warning.objects.create(
                citizen_id=citizen_id, reason=reason, told=told, proposed_by=employee, proposed_at=clock.now()
            )
            _say("warning.proposed", "warning", row.pk, employee, reason=reason.value, told=told.value)
    except IntegrityError as error:
        raise Refused({"reason": _("Den advarsel er foreslået eller gælder allerede. Tal med din leder.")}) from error
    return row


@transaction.atomic
def decide_warning(*, employee: Employee, warning_id: int, valid_to: dt.date, told: Told) -> Warning:
    """The leader decides that it holds until `valid_to`, or has looked at it again and lets it stay until then.

    One event `warning.decided`. Raises NoAccess, Refused for a day past, or later than the model lets a warning last.
    """
    row = open_warning(employee, warning_id)
    latest = months_after(clock.today(), _longest_months())
    if valid_to <= clock.today():
        raise Refused({"valid_to": _("Dagen er allerede gået. Vælg en senere dag.")})
    if valid_to > latest:
        said = _("En advarsel gælder højst %(months)s måneder ad gangen. Vælg en dag til og med %(day)s.")
        raise Refused({"valid_to": said % {"months": _longest_months(), "day": f"{latest:%d.%m.%Y}"}})
    _become(row, WarningState.IN_FORCE, employee)
    row.valid_to, row.told = valid_to, told
    row.save()
    _say("warning.decided", "warning", row.pk, employee, valid_to=valid_to.isoformat(), told=told.value)
    return row


@transaction.atomic
def refuse_warning(*, employee: Employee, warning_id: int) -> None:
    """The leader says no: the proposal is gone. One event `warning.refused`. Raises NoAccess, Refused."""
    row = open_warning(employee, warning_id)
    _become(row, WarningState.REFUSED, employee)
    row.delete()
    _say("warning.refused", "warning", warning_id, employee)


@transaction.atomic
def end_warning(*, employee: Employee, warning_id: int) -> None:
    """It is not needed any more: it is gone. One event `warning.ended`. Raises NoAccess, Refused."""
    row = open_warning(employee, warning_id)
    _become(row, WarningState.ENDED, employee)
    row.delete()
    _say("warning.ended", "warning", warning_id, employee)


@transaction.atomic
def erase_expired_warnings() -> int:
    """Delete those whose day has come, and proposals nobody decided in a month; gives how many. One event."""
    today = clock.today()
    undecided_since = clock.day_bounds(months_after(today, -1))[0]
    gone = Warning.objects.filter(valid_to__lte=today).delete()[0]
    gone += Warning.objects.filter(state=WarningState.PROPOSED, proposed_at__lt=undecided_since).delete()[0]
    if gone:
        _say("warnings.erased", "day", today.isoformat(), None, warnings=gone)
    return gone


def _become(row: Warning, becomes: WarningState, employee: Employee) -> None:
    if becomes not in WARNING_ALLOWED[WarningState(row.state)]:
        raise Refused({"": _("Der er allerede taget stilling. Hent siden igen.")})
    row.state, row.decided_by, row.decided_at = becomes, employee, clock.now()


def _longest_months() -> int:
    try:
        said = in_force().model.parameters.warning_longest_months
    except NoPolicyInForce:
        return LONGEST_MONTHS
    return said.value if said else LONGEST_MONTHS


# ------------------------------------------------------------------------------------------------------------ alarms


def raise_alarm(*, employee: Employee, centre: str | None, place: str = "", drill: bool = False) -> Alarm:
    """Call colleagues; their screens show it within two seconds. One event `alarm.raised`, which the house's own alarm
    is told of afterwards. Pressed again while it is open it gives the same alarm. Raises NoAccess.

    Nothing is refused for what was typed: a place that is unknown or too long is left out or cut.
    """
    must_be_of_borgerservice(employee)
    known = centre if centre and CentreKey.objects.filter(pk=centre).exists() else employee.centre_id
    place = "" if cprs_in(place) else " ".join(place.replace("\0", "").split())[:PLACE_LENGTH]
    try:
        with transaction.atomic():
            row = Alarm.objects.create(
                raised_by=employee, centre_id=known, place=place, drill=drill, raised_at=clock.now()
            )
            _say("alarm.raised", "alarm", row.pk, employee, centre=known, drill=drill)
    except IntegrityError:
        again = Alarm.objects.filter(raised_by=employee, ended_at__isnull=True).first()
        if again is None:
            raise
        return again
    return row


@transaction.atomic
def answer_alarm(*, employee: Employee, alarm_id: int) -> None:
    """ "I am coming", shown to who raised it and to the others. One event `alarm.answered`; once for each."""
    alarm = open_alarm(employee, alarm_id)
    if alarm.ended_at is not None:
        raise Refused({"": _("Alarmen er forbi.")})
    _row, new = AlarmAnswer.objects.get_or_create(alarm=alarm, employee=employee, defaults={"at": clock.now()})
    if new:
        seconds = round((clock.now() - alarm.raised_at).total_seconds())
        _say("alarm.answered", "alarm", alarm.pk, employee, seconds=seconds, drill=alarm.drill)


@transaction.atomic
def end_alarm(*, employee: Employee, alarm_id: int, mistake: bool = False) -> Alarm:
    """It is over, or was pressed by mistake. One event `alarm.ended`; nothing happens where it had ended."""
    alarm = open_alarm(employee, alarm_id)
    if alarm.ended_at is None:
        alarm.ended_at, alarm.ended_by, alarm.mistake = clock.now(), employee, mistake
        alarm.save()
        _say("alarm.ended", "alarm", alarm.pk, employee, mistake=mistake, drill=alarm.drill)
    return alarm


# --------------------------------------------------------------------------------------------------------- incidents


@transaction.atomic
def report_incident(
    *,
    employee: Employee,
    kind: IncidentKind,
    happened_at: dt.datetime,
    what_happened: str,
    present: Iterable[int] = (),
    alarm_id: int | None = None,
) -> Incident:
    """Tell what happened, apart from any citizen. One event `incident.reported`. Raises NoAccess, Refused."""
    must_be_of_borgerservice(employee)
    _check_text("what_happened", what_happened, needed=True)
    if happened_at > clock.now() + dt.timedelta(minutes=5):
        raise Refused({"at": _("Tidspunktet ligger ude i fremtiden. Ret det.")})
    alarm = open_alarm(employee, alarm_id) if alarm_id else None
    row = Incident.objects.create(
        kind=kind,
        happened_at=happened_at,
        centre_id=alarm.centre_id if alarm else employee.centre_id,
        alarm=alarm,
        what_happened=what_happened.strip(),
        reported_by=employee,
        reported_at=clock.now(),
    )
    row.present.set(Employee.objects.filter(pk__in=[*present, employee.pk]))
    _say("incident.reported", "incident", row.pk, employee, kind=kind.value, centre=row.centre_id)
    return row


@transaction.atomic
def follow_incident_up(
    *,
    employee: Employee,
    incident_id: int,
    follow_up: str,
    absence: bool | None,
    notice: Notice,
    notice_given_on: dt.date | None,
) -> Incident:
    """What was done about it, and whether Arbejdstilsynet has had notice. One event. Raises NoAccess, Refused."""
    row = open_incident(employee, incident_id)
    _check_text("follow_up", follow_up)
    if (notice is Notice.GIVEN) != (notice_given_on is not None):
        raise Refused({"notice_given_on": _("Skriv dagen, når der er anmeldt, og lad ellers feltet være tomt.")})
    if notice_given_on is not None and notice_given_on > clock.today():
        raise Refused({"notice_given_on": _("Dagen ligger ude i fremtiden. Ret den.")})
    row.follow_up, row.absence = follow_up.strip(), absence
    row.notice, row.notice_given_on = notice, notice_given_on
    row.save(update_fields=["follow_up", "absence", "notice", "notice_given_on"])
    _say("incident.followed_up", "incident", row.pk, employee, absence=absence, notice=notice.value)
    return row


def _check_text(field: str, text: str, *, needed: bool = False) -> None:
    if needed and not text.strip():
        raise Refused({field: _("Skriv, hvad der skete.")})
    if len(text) > LONGEST_TEXT:
        raise Refused({field: _("Teksten er for lang. Kort den af: intet er slettet.")})
    if cprs_in(text):
        raise Refused({field: _("Her skal intet CPR-nummer stå: hændelsen handler om os, ikke om borgeren. Slet det.")})


def _say(verb: str, subject: str, number: int | str, employee: Employee | None, **facts: Fact) -> None:
    actor: Actor = employee_actor(employee.pk) if employee else SYSTEM
    append_event(verb=verb, actor=actor, subject_kind=subject, subject_id=number, facts=facts)
