"""How many came where no register sees it, counted by hand; a count is never changed, a later one replaces it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import hovedindgang.insight.hand_counts
import hovedindgang.servicemodel.document
from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0002_closed_months"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=10)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("from_hour", models.PositiveSmallIntegerField(default=0)),
                ("to_hour", models.PositiveSmallIntegerField(default=24)),
                ("arrived", models.PositiveIntegerField(null=True)),
                ("counted_by", models.CharField(max_length=12)),
                ("why", models.CharField(blank=True, default="", max_length=200)),
                (
                    "entered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.centrekey",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="insight.handcount",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first_on"], name="hand_count_by_day")],
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
                        name="hand_count_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_on__lte", models.F("last_on"))), name="hand_count_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_hour__lt", models.F("to_hour")), ("to_hour__lte", 24)),
                        name="hand_count_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "counted_by__in",
                                [
                                    hovedindgang.insight.hand_counts.CountedBy["RECEPTION"],
                                    hovedindgang.insight.hand_counts.CountedBy["EMPLOYEE"],
                                    hovedindgang.insight.hand_counts.CountedBy["SWITCHBOARD"],
                                    hovedindgang.insight.hand_counts.CountedBy["LEADER"],
                                ],
                            )
                        ),
                        name="hand_count_by_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("arrived__isnull", False), ("replaces__isnull", True), ("why", "")),
                            models.Q(("replaces__isnull", False), models.Q(("why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="hand_count_corrected_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandCountHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=10)),
                ("day", models.DateField()),
                ("hour", models.PositiveSmallIntegerField()),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.centrekey",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="insight.handcount"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "centre", "channel", "hour"), name="hand_counted_once")
                ]
            },
        ),
        refuse(
            "insight_handcount", "UPDATE", "DELETE", sentence="a count by hand is never changed: enter one in its place"
        ),
    ]
