"""A live call passed on, and a colleague asked while we keep it."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_forgotten"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact_key", models.UUIDField()),
                ("question", models.TextField()),
                ("answer", models.TextField(blank=True, default="")),
                ("state", models.CharField(default="asked", max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consultations",
                        to="contacts.contact",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.servicekey",
                    ),
                ),
                (
                    "to_centre",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.centrekey",
                    ),
                ),
                (
                    "to_department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.departmentkey",
                    ),
                ),
                (
                    "to_employee",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["id"], name="consultation_asked"),
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True), ("state", "answered")),
                        fields=["asked_by"],
                        name="consultation_unseen",
                    ),
                    models.Index(
                        condition=models.Q(("contact__isnull", True)),
                        fields=["contact_key"],
                        name="consultation_by_form",
                    ),
                    models.Index(fields=["asked_at"], name="consultation_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "answered", "withdrawn"])),
                        name="consultation_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("to_centre__isnull", True),
                                ("to_department__isnull", True),
                                ("to_employee__isnull", False),
                            ),
                            models.Q(
                                ("to_centre__isnull", False),
                                ("to_department__isnull", True),
                                ("to_employee__isnull", True),
                            ),
                            models.Q(
                                ("to_centre__isnull", True),
                                ("to_department__isnull", False),
                                ("to_employee__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="consultation_to_one_receiver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("question", ""), _negated=True), name="consultation_asks_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_by__isnull", False),
                                ("ended_at__isnull", False),
                                ("state", "answered"),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "answered"), _negated=True),
                                ("answer", ""),
                                ("answered_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="consultation_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultation_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_by__isnull", True),
                                models.Q(("answered_by", models.F("asked_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("to_employee__isnull", True),
                                models.Q(("to_employee", models.F("asked_by")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="consultation_of_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact_key", models.UUIDField()),
                ("channel", models.CharField(max_length=10)),
                ("summary", models.TextField(blank=True, default="")),
                ("ground", models.CharField(default="own_case", max_length=14)),
                ("state", models.CharField(default="offered", max_length=10)),
                ("offered_at", models.DateTimeField()),
                ("answer_by_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="transfers",
                        to="contacts.contact",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.servicekey",
                    ),
                ),
                (
                    "to_centre",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.centrekey",
                    ),
                ),
                (
                    "to_department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.departmentkey",
                    ),
                ),
                (
                    "to_employee",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "offered")), fields=["id"], name="transfer_offered"),
                    models.Index(
                        condition=models.Q(
                            ("seen_at__isnull", True), ("state__in", ["accepted", "declined", "unanswered"])
                        ),
                        fields=["given_by"],
                        name="transfer_came_back",
                    ),
                    models.Index(fields=["offered_at"], name="transfer_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["offered", "accepted", "declined", "unanswered", "withdrawn"])
                        ),
                        name="transfer_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["in_person", "phone", "written", "digital"])),
                        name="transfer_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                ["own_case", "consent", "by_law", "essential", "wrong_address", "not_recorded"],
                            )
                        ),
                        name="transfer_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("to_centre__isnull", True),
                                ("to_department__isnull", True),
                                ("to_employee__isnull", False),
                            ),
                            models.Q(
                                ("to_centre__isnull", False),
                                ("to_department__isnull", True),
                                ("to_employee__isnull", True),
                            ),
                            models.Q(
                                ("to_centre__isnull", True),
                                ("to_department__isnull", False),
                                ("to_employee__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_to_one_receiver",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")),
                        fields=("contact_key",),
                        name="transfer_one_open_per_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_by__isnull", True),
                                models.Q(("answered_by", models.F("given_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("to_employee__isnull", True),
                                models.Q(("to_employee", models.F("given_by")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="transfer_receiver_is_not_giver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state", "offered"),
                                models.Q(("summary", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "offered"), _negated=True),
                                ("ended_at__isnull", False),
                                ("summary", ""),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_open_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_by__isnull", False), ("state__in", ["accepted", "declined"])),
                            models.Q(
                                models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                                ("answered_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_by_at__gt", models.F("offered_at"))), name="transfer_waits_a_while"
                    ),
                ],
            },
        ),
    ]
