import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from hovedindgang.privacy.models import InTime


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0003_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("discovered_at", models.DateTimeField()),
                ("scope", models.CharField(max_length=10)),
                ("who", models.CharField(blank=True, default="", max_length=80)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("kinds", models.JSONField(default=list)),
                ("what", models.TextField()),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("risk", models.CharField(blank=True, default="", max_length=4)),
                ("measures", models.TextField(blank=True, default="")),
                ("assessed_at", models.DateTimeField(null=True)),
                ("notified_at", models.DateTimeField(null=True)),
                ("late_why", models.TextField(blank=True, default="")),
                ("told_at", models.DateTimeField(null=True)),
                ("not_told_why", models.CharField(blank=True, default="", max_length=10)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "noted_by",
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
                        condition=models.Q(("scope__in", ["employee", "client", "centre", "export", "everything"])),
                        name="breach_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("risk__in", ["none", "risk", "high"]), ("risk", ""), _connector="OR"),
                        name="breach_risk_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("not_told_why__in", ["unreadable", "stopped", "public"]),
                            ("not_told_why", ""),
                            _connector="OR",
                        ),
                        name="breach_not_told_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("who", ""), ("scope__in", ["centre", "client", "employee"]), _connector="XOR"
                        ),
                        name="breach_names_whose",
                    ),
                    models.CheckConstraint(condition=models.Q(("what", ""), _negated=True), name="breach_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))), name="breach_period_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assessed_at__isnull", True), ("risk", "")),
                            models.Q(
                                models.Q(("risk", ""), _negated=True),
                                models.Q(("measures", ""), _negated=True),
                                ("assessed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="breach_assessed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notified_at__isnull", True),
                            models.Q(("late_why", ""), _negated=True),
                            InTime("notified_at", "discovered_at"),
                            _connector="OR",
                        ),
                        name="breach_late_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("told_at__isnull", True), ("not_told_why", ""), _connector="OR"),
                        name="breach_told_or_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(
                                    ("risk", "none"),
                                    models.Q(("notified_at__isnull", False), ("risk", "risk")),
                                    models.Q(
                                        ("notified_at__isnull", False),
                                        ("risk", "high"),
                                        models.Q(
                                            ("told_at__isnull", False),
                                            models.Q(("not_told_why", ""), _negated=True),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="breach_closed_when_done",
                    ),
                ],
            },
        ),
    ]
