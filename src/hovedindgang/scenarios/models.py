"""Inputs documents, what-ifs, and runs with their results. What must always hold is a constraint here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hovedindgang.policy.models import ModelVersion
from hovedindgang.scenarios.rules import Ground, RunKind, RunState

STAFF = settings.AUTH_USER_MODEL


class InputsDocument(models.Model):
    """What a plan rests on beside the policy, as a document. It never changes (a trigger refuses it).

    `measured` is what happened in the time it was measured in, for the replay: sums alone.
    """

    title = models.CharField(max_length=200)
    text = models.TextField()  # TOML, as `planning.service.reading` reads it
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the text: the same document is kept once
    ground = models.CharField(max_length=10)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    measured = models.JSONField(null=True)
    measured_first = models.DateField(null=True)
    measured_last = models.DateField(null=True)
    kept_at = models.DateTimeField(db_default=Now(), editable=False)
    kept_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="inputs_ground_known", condition=Q(ground__in=[one.value for one in Ground])),
            models.CheckConstraint(
                name="inputs_calibrated_in_a_time",
                condition=~Q(ground="calibrated") | Q(measured_first__isnull=False, measured_last__isnull=False),
            ),
            models.CheckConstraint(
                name="inputs_measured_in_order",
                condition=Q(measured_first__isnull=True) | Q(measured_first__lte=F("measured_last")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Scenario(models.Model):
    """A what-if under work: a version of the policy, inputs, and changes in order, each with its kind and fields."""

    title = models.CharField(max_length=200)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, db_index=False, related_name="+")
    inputs = models.ForeignKey(InputsDocument, on_delete=models.PROTECT, db_index=False, related_name="+")
    changes = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="scenario_has_a_title", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title


class Run(models.Model):
    """One simulation, asked for and done: everything it depends on stands here, so that it repeats exactly.

    Once it has ended it never changes (a trigger refuses it).
    """

    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, null=True, related_name="runs")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, db_index=False, related_name="+")
    model_digest = models.CharField(max_length=64)
    inputs = models.ForeignKey(InputsDocument, on_delete=models.PROTECT, related_name="runs")
    changes = models.JSONField(default=list)
    seed = models.PositiveIntegerField()
    replications = models.PositiveSmallIntegerField()
    program = models.CharField(max_length=40)  # the product's version that did it
    state = models.CharField(max_length=8, default=RunState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)  # replications
    lease = models.UUIDField(null=True)  # of the worker that does it
    beat_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")
    results = models.JSONField(null=True)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="run_kind_known", condition=Q(kind__in=[one.value for one in RunKind])),
            models.CheckConstraint(name="run_state_known", condition=Q(state__in=[one.value for one in RunState])),
            models.CheckConstraint(
                name="run_done_has_results",
                condition=Q(state="done", results__isnull=False, done=F("replications"))
                | ~Q(state="done") & Q(results__isnull=True),
            ),
            models.CheckConstraint(name="run_failed_says_why", condition=Q(state="failed") ^ Q(error="")),
            models.CheckConstraint(
                name="run_ended_has_its_time",
                condition=Q(state__in=["waiting", "running"]) ^ Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="run_replications_some", condition=Q(replications__gte=2, done__lte=F("replications"))
            ),
            models.CheckConstraint(name="run_what_if_of_a_scenario", condition=Q(kind="what_if") ^ Q(scenario=None)),
        ]
        indexes = [models.Index(fields=["id"], name="run_under_way", condition=Q(state__in=["waiting", "running"]))]

    def __str__(self) -> str:
        return self.title


class RunPart(models.Model):
    """What one replication counted; kept until the run has ended, so that a worker that stops loses nothing."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="parts")
    replication = models.PositiveSmallIntegerField()
    figures = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "replication"], name="run_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.replication}"
