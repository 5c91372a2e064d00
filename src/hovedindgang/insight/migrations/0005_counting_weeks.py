"""A counting week, the places that count in it, and its strokes."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import hovedindgang.insight.weeks
import hovedindgang.servicemodel.document


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0004_arrivals_answered"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountingWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-first_on"], name="counting_week_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_on__lte", models.F("last_on"))), name="counting_week_days"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="counting_week_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
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
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.departmentkey",
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="insight.countingweek"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("centre__isnull", True), ("department__isnull", True), _connector="XOR"),
                        name="counting_day_of_one_place",
                    ),
                    models.UniqueConstraint(fields=("day", "centre"), name="centre_counts_for_one_week"),
                    models.UniqueConstraint(fields=("day", "department"), name="department_counts_for_one_week"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Stroke",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=10)),
                ("category", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "employee",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="strokes", to="insight.countingday"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "channel__in",
                                [
                                    hovedindgang.servicemodel.document.Channel["IN_PERSON"],
                                    hovedindgang.servicemodel.document.Channel["PHONE"],
                                    hovedindgang.servicemodel.document.Channel["WRITTEN"],
                                    hovedindgang.servicemodel.document.Channel["DIGITAL"],
                                ],
                            )
                        ),
                        name="stroke_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    hovedindgang.insight.weeks.Category["INFORMATION"],
                                    hovedindgang.insight.weeks.Category["TRANSACTION"],
                                    hovedindgang.insight.weeks.Category["MISDIRECTED"],
                                ],
                            )
                        ),
                        name="stroke_category_known",
                    ),
                ]
            },
        ),
    ]
