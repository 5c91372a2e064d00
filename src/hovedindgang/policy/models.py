"""Versions of the service model, the keys they have used, and days that were not as the model says."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.servicemodel.document import Channel


class VersionState(models.TextChoices):
    DRAFT = "draft"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"  # a draft that nobody will adopt


class ModelVersion(models.Model):
    """One service model document, whole, with what it includes. An adopted one never changes (a trigger refuses it)."""

    title = models.CharField(max_length=200)
    document = models.TextField()  # the TOML text
    includes = models.JSONField(default=dict)  # file name → TOML text of what it includes
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 over the texts: the same model is kept once
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    valid_from = models.DateField(null=True)  # in force from this day until the next adopted version's
    decided_on = models.DateField(null=True)
    body = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="version_state_known", condition=Q(state__in=VersionState.values)),
            models.CheckConstraint(
                name="version_adopted_from_a_day",
                condition=~Q(state=VersionState.ADOPTED) | Q(valid_from__isnull=False, adopted_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="version_one_per_day", fields=["valid_from"], condition=Q(state=VersionState.ADOPTED)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ModelKey(models.Model):
    """A key that some version has used. Kept for ever and never given to another thing."""

    key = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=200)  # what it means to the last version that knows it: in force last
    first_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    last_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class ServiceKey(ModelKey):
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")


class CentreKey(ModelKey):
    pass


class DepartmentKey(ModelKey):
    pass


class AuthorityKey(ModelKey):
    pass


class MediumKey(ModelKey):
    channel = models.CharField(max_length=10)  # the one of the four it maps to

    class Meta:
        constraints = [models.CheckConstraint(name="medium_channel_known", condition=Q(channel__in=list(Channel)))]


class DayBegun(models.Model):
    """A day that has been announced by `day.began`, once, with the version in force on it."""

    day = models.DateField(primary_key=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.day.isoformat()


class ExceptionalDay(models.Model):
    """A centre (or one of its channels) that is closed or open otherwise on one day: illness, storm, a course.

    Not an adoption: the model stays as it is.
    """

    centre = models.ForeignKey(CentreKey, on_delete=models.PROTECT, related_name="exceptional_days")
    channel = models.CharField(max_length=10, blank=True, default="")  # empty: all channels
    on = models.DateField()
    opens = models.TimeField(null=True)  # both empty: closed all day
    closes = models.TimeField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "channel", "on"], name="exceptional_day_once"),
            models.CheckConstraint(
                name="exceptional_day_hours",
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__lt=F("closes")),
            ),
            models.CheckConstraint(
                name="exceptional_day_channel_known", condition=Q(channel="") | Q(channel__in=list(Channel))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.on}"
