"""What other systems recorded, in tables of their own: never the municipality's audit trail.

No CPR and no employee is kept.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.policy.models import CentreKey, ServiceKey
from hovedindgang.registers.rules import FileKind, RecordKind, Result
from hovedindgang.servicemodel.document import Channel


class ImportedFile(models.Model):
    """One file, read in whole in one transaction: either all of it is here, or there is no row."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)  # of the unpacked bytes, registrations' too: read in once
    kind = models.CharField(max_length=10)
    system = models.CharField(max_length=60)
    read = models.PositiveIntegerField()  # records or steps that the file holds
    added = models.PositiveIntegerField()  # those not already here from an earlier, overlapping file
    refused = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    zone = models.CharField(max_length=40)  # of its clock on the wall: hours and weekdays are told in it
    pooled = models.JSONField(default=list)  # groups with too few employees to be shown apart
    pooled_departments = models.JSONField(default=list)
    sizes_known = models.BooleanField(default=False)  # whether the file told how many employees a group has
    imported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="imported_file_kind_known", condition=Q(kind__in=list(FileKind))),
            models.CheckConstraint(name="imported_file_period", condition=Q(first_at__lte=F("last_at"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_log(self) -> bool:
        return self.kind == FileKind.EVENTLOG


class RecordedContact(models.Model):
    """A ticket, call, mail or message that another system recorded."""

    file = models.ForeignKey(ImportedFile, on_delete=models.CASCADE, related_name="records")
    system = models.CharField(max_length=60)
    external_id = models.CharField(max_length=120)  # the system's own number, or a keyed hash of one like a CPR
    kind = models.CharField(max_length=8)
    channel = models.CharField(max_length=10)
    # Keys are never deleted and always counted within days: indexes of their own would only cost.
    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    queue = models.CharField(max_length=200, blank=True, default="")
    service = models.ForeignKey(ServiceKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    came_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)  # called to the counter, or the call answered
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=8)
    registrations = models.PositiveSmallIntegerField(default=1)  # matters registered on it (Underbetjening)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="recorded_once_per_system"),
            models.CheckConstraint(name="recorded_kind_known", condition=Q(kind__in=list(RecordKind))),
            models.CheckConstraint(name="recorded_channel_known", condition=Q(channel__in=list(Channel))),
            models.CheckConstraint(name="recorded_result_known", condition=Q(result__in=list(Result))),
            models.CheckConstraint(
                name="recorded_times_in_order",
                condition=(Q(called_at__isnull=True) | Q(called_at__gte=F("came_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("came_at"))),
            ),
        ]
        indexes = [models.Index(fields=["came_at"], name="recorded_by_arrival")]

    def __str__(self) -> str:
        return f"{self.system} {self.external_id}"


class LogStep(models.Model):
    """One step of one case in an imported event log. Who took it is not kept."""

    file = models.ForeignKey(ImportedFile, on_delete=models.CASCADE, related_name="steps", db_index=False)
    case = models.CharField(max_length=120)
    position = models.PositiveIntegerField()  # 0, 1, ... within the case
    at = models.DateTimeField()
    activity = models.CharField(max_length=200)
    group = models.CharField(max_length=200, blank=True, default="")
    department = models.CharField(max_length=200, blank=True, default="")
    channel = models.CharField(max_length=200, blank=True, default="")  # the log's own word
    lifecycle = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "case", "position"], name="log_step_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.position}"
