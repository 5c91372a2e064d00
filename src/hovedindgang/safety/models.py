"""Warnings, alarms and incidents. What must always hold is a constraint here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hovedindgang.people.models import Citizen
from hovedindgang.policy.models import CentreKey
from hovedindgang.safety.rules import IncidentKind, Notice, Told, WarningReason, WarningState

STAFF = settings.AUTH_USER_MODEL
CONCLUDED = ["in_force", "refused", "ended"]


def one_of(name: str, field: str, words: type) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": [word.value for word in words]}),  # type: ignore[attr-defined]
    )


class Warning(models.Model):
    """What whoever is about to meet a citizen must know. Fixed words and no text; gone when its day comes."""

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="warnings")
    reason = models.CharField(max_length=14)
    state = models.CharField(max_length=10, default=WarningState.PROPOSED)
    proposed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    decided_at = models.DateTimeField(null=True)  # or looked at again
    valid_to = models.DateField(null=True)  # the first day without
    told = models.CharField(max_length=10, default=Told.NOT_YET)

    class Meta:
        constraints = [
            one_of("warning_reason_known", "reason", WarningReason),
            one_of("warning_state_known", "state", WarningState),
            one_of("warning_told_known", "told", Told),
            models.CheckConstraint(  # an employee proposes, and a leader decides
                name="warning_decided_by_somebody",
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=CONCLUDED, decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(name="warning_ends", condition=~Q(state="in_force") | Q(valid_to__isnull=False)),
            models.UniqueConstraint(
                fields=["citizen", "reason"],
                name="warning_once_for_a_reason",
                condition=Q(state__in=["proposed", "in_force"]),
            ),
        ]

    def __str__(self) -> str:
        return f"warning {self.pk}"


class Alarm(models.Model):
    """Somebody at a desk needs help now. One open at a time for each of us: pressing again changes nothing."""

    raised_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    place = models.CharField(max_length=60, blank=True, default="")  # desk and room, as she wrote it on this PC
    drill = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    mistake = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["raised_by"], name="alarm_one_open_each", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="alarm_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("raised_at"), ended_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="alarm_open", condition=Q(ended_at__isnull=True))]

    @property
    def comers(self) -> list[int]:
        """Row numbers of those who said they come."""
        return [answer.employee_id for answer in self.answers.all()]


class AlarmAnswer(models.Model):
    """ "I am coming"."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, db_index=False, related_name="answers")
    employee = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "employee"], name="alarm_answered_once_each")]


class Incident(models.Model):
    """What happened to us, told for our own sake. No citizen is in it, and nothing leads to one."""

    kind = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    alarm = models.ForeignKey(Alarm, on_delete=models.SET_NULL, null=True, related_name="incidents")
    what_happened = models.TextField()
    follow_up = models.TextField(blank=True, default="")
    absence = models.BooleanField(null=True)  # away from work beyond that day; None: not known yet
    notice = models.CharField(max_length=12, default=Notice.UNDECIDED)
    notice_given_on = models.DateField(null=True)
    reported_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, db_index=False, related_name="+")
    reported_at = models.DateTimeField()
    present: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        STAFF, related_name="+"
    )  # who was there, and may read it

    class Meta:
        constraints = [
            one_of("incident_kind_known", "kind", IncidentKind),
            one_of("incident_notice_known", "notice", Notice),
            models.CheckConstraint(name="incident_says_what", condition=~Q(what_happened="")),
            models.CheckConstraint(
                name="incident_notice_has_day",
                condition=Q(notice="given", notice_given_on__isnull=False)
                | (~Q(notice="given") & Q(notice_given_on__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["happened_at"], name="incident_by_time")]
