"""Warnings, alarms and who comes, incidents."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0005_representations"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, default="", max_length=60)),
                ("drill", models.BooleanField(default=False)),
                ("raised_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("mistake", models.BooleanField(default=False)),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.centrekey",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("ended_at__isnull", True)), fields=["id"], name="alarm_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("raised_by",),
                        name="alarm_one_open_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__gte", models.F("raised_at")), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="alarm_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "alarm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="safety.alarm",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("alarm", "employee"), name="alarm_answered_once_each")]
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("happened_at", models.DateTimeField()),
                ("what_happened", models.TextField()),
                ("follow_up", models.TextField(blank=True, default="")),
                ("absence", models.BooleanField(null=True)),
                ("notice", models.CharField(default="undecided", max_length=12)),
                ("notice_given_on", models.DateField(null=True)),
                ("reported_at", models.DateTimeField()),
                (
                    "alarm",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="incidents",
                        to="safety.alarm",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.centrekey",
                    ),
                ),
                ("present", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "reported_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["happened_at"], name="incident_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["threat", "violence", "harassment", "damage", "other"])),
                        name="incident_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notice__in", ["undecided", "not_needed", "given"])),
                        name="incident_notice_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what_happened", ""), _negated=True), name="incident_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notice", "given"), ("notice_given_on__isnull", False)),
                            models.Q(models.Q(("notice", "given"), _negated=True), ("notice_given_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="incident_notice_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Warning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=14)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("told", models.CharField(default="not_yet", max_length=10)),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="warnings", to="people.citizen"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["threat", "violence", "two_employees"])),
                        name="warning_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "in_force", "refused", "ended"])),
                        name="warning_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("told__in", ["yes", "not_yet", "withheld"])), name="warning_told_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["in_force", "refused", "ended"]),
                            ),
                            _connector="OR",
                        ),
                        name="warning_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "in_force"), _negated=True), ("valid_to__isnull", False), _connector="OR"
                        ),
                        name="warning_ends",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "in_force"])),
                        fields=("citizen", "reason"),
                        name="warning_once_for_a_reason",
                    ),
                ]
            },
        ),
    ]
