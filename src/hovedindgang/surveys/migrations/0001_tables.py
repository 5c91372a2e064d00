"""Complaints, praise and ideas, and their words."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0014_identity_established"),
        ("people", "0005_representations"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("said_by", models.CharField(default="citizen", max_length=10)),
                ("channel", models.CharField(max_length=10)),
                ("received_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("state", models.CharField(default="received", max_length=12)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("promised_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=10)),
                ("answer_channel", models.CharField(blank=True, default="", max_length=10)),
                ("ground", models.CharField(blank=True, default="", max_length=14)),
                ("guided", models.BooleanField(default=False)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("forgotten_on", models.DateField(null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "citizen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="people.citizen",
                    ),
                ),
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
                    "concerns",
                    models.ForeignKey(
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="contacts.contact",
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
                    "enquiry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="contacts.enquiry",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
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
                    "to_authority",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.authoritykey",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["received_on"], name="feedback_by_day"),
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["promised_on"],
                        name="feedback_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["service", "conduct", "decision", "praise", "idea"])),
                        name="feedback_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("said_by__in", ["citizen", "anonymous", "other"])),
                        name="feedback_said_by_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["in_person", "phone", "written", "digital"])),
                        name="feedback_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "acknowledged", "closed"])),
                        name="feedback_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["upheld", "partly", "not_upheld", "noted", "passed_on", "withdrawn"]),
                            ("outcome", ""),
                            _connector="OR",
                        ),
                        name="feedback_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_channel__in", ["in_person", "phone", "written", "digital"]),
                            ("answer_channel", ""),
                            _connector="OR",
                        ),
                        name="feedback_answer_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                ["own_case", "consent", "by_law", "essential", "wrong_address", "not_recorded"],
                            ),
                            ("ground", ""),
                            _connector="OR",
                        ),
                        name="feedback_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("centre__isnull", False),
                            ("department__isnull", False),
                            ("service__isnull", False),
                            _connector="OR",
                        ),
                        name="feedback_is_about_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said_by", "anonymous"), _negated=True),
                            models.Q(("citizen__isnull", True), ("contact__isnull", True), ("enquiry__isnull", True)),
                            _connector="OR",
                        ),
                        name="feedback_anonymous_leads_to_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("concerns__isnull", True), ("kind", "conduct"), _connector="OR"),
                        name="feedback_concerns_somebody_by_conduct",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", True),
                            ("concerns__isnull", True),
                            models.Q(("owner", models.F("concerns")), _negated=True),
                            _connector="OR",
                        ),
                        name="feedback_owner_is_not_concerned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["praise", "idea"]), ("promised_on__isnull", False), _connector="OR"
                        ),
                        name="feedback_complaint_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forgotten_on__isnull", False),
                            models.Q(
                                ("acknowledged_at__isnull", True),
                                ("acknowledged_by__isnull", True),
                                ("state__in", ["received", "closed"]),
                            ),
                            models.Q(
                                ("acknowledged_at__isnull", False),
                                ("acknowledged_by__isnull", False),
                                ("state__in", ["acknowledged", "closed"]),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_acknowledged_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("answer_channel", ""),
                                ("closed_at__isnull", True),
                                ("ground", ""),
                                ("outcome", ""),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_closed_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            ("kind__in", ["praise", "idea"]),
                            ("said_by", "anonymous"),
                            ("outcome", "withdrawn"),
                            models.Q(("answer_channel", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="feedback_answered_where_somebody_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "decision"), _negated=True),
                            ("outcome__in", ["", "passed_on", "withdrawn"]),
                            _connector="OR",
                        ),
                        name="feedback_decision_is_not_ours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "decision"), _negated=True),
                            models.Q(("outcome", "passed_on"), _negated=True),
                            ("said_by", "anonymous"),
                            ("guided", True),
                            _connector="OR",
                        ),
                        name="feedback_decision_with_guidance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "noted"), _negated=True),
                            ("kind__in", ["praise", "idea"]),
                            _connector="OR",
                        ),
                        name="feedback_noted_is_no_complaint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["upheld", "partly", "not_upheld"]), _negated=True),
                            models.Q(("kind__in", ["praise", "idea"]), _negated=True),
                            _connector="OR",
                        ),
                        name="feedback_judged_is_a_complaint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", "passed_on"),
                                ("to_authority__isnull", True),
                                ("to_department__isnull", False),
                                models.Q(("ground", ""), _negated=True),
                            ),
                            models.Q(
                                ("outcome", "passed_on"),
                                ("to_authority__isnull", False),
                                ("to_department__isnull", True),
                                ("ground__in", ["consent", "by_law", "essential", "wrong_address"]),
                            ),
                            models.Q(
                                models.Q(("outcome", "passed_on"), _negated=True),
                                ("ground", ""),
                                ("to_authority__isnull", True),
                                ("to_department__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_passed_on_to_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forgotten_on__isnull", True),
                            models.Q(
                                ("acknowledged_by__isnull", True),
                                ("citizen__isnull", True),
                                ("closed_by__isnull", True),
                                ("concerns__isnull", True),
                                ("contact__isnull", True),
                                ("enquiry__isnull", True),
                                ("owner__isnull", True),
                                ("recorded_by__isnull", True),
                                ("state", "closed"),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_forgotten_leads_to_nobody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedbackText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(max_length=10)),
                ("text", models.TextField()),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "amends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="surveys.feedbacktext",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "feedback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="surveys.feedback"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["said", "answer", "learning"])),
                        name="feedback_text_part_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="feedback_text_says_something"
                    ),
                ]
            },
        ),
    ]
