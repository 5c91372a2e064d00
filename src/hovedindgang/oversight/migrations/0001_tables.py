"""The judgement of look-ups, the monthly sample and questions; what was drawn or judged stays."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import hovedindgang.oversight.rules
from hovedindgang.kernel.triggers import refuse
from hovedindgang.oversight.models import FirstOfMonth


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JudgedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("settled", models.BooleanField(default=False)),
                ("judged_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                (
                    "drawn_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("size", models.PositiveIntegerField()),
                ("population", models.PositiveIntegerField()),
                ("unlinked", models.PositiveIntegerField()),
                ("closed", models.PositiveIntegerField()),
                ("routine", models.CharField(default="1", max_length=8)),
                ("seed_fingerprint", models.CharField(max_length=64)),
                ("drawn_fingerprint", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(FirstOfMonth("month")), name="sample_of_a_whole_month")
                ],
            },
        ),
        migrations.CreateModel(
            name="LookUpsOfDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("use", models.CharField(max_length=30)),
                ("why", models.CharField(max_length=12)),
                ("number", models.PositiveIntegerField()),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sums", to="oversight.judgedday"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "use", "why"), name="lookups_of_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "why__in",
                                [
                                    "registered",
                                    "contact",
                                    "open_matter",
                                    "handover",
                                    "work_list",
                                    "draft",
                                    "same_search",
                                    "nobody",
                                    "stated",
                                    "none",
                                ],
                            )
                        ),
                        name="lookups_of_day_why_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticedLookUp",
            fields=[
                ("look_up", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("citizen_id", models.BigIntegerField(null=True)),
                ("use", models.CharField(max_length=30)),
                ("request_id", models.UUIDField()),
                ("why", models.CharField(max_length=12)),
                ("statement_id", models.BigIntegerField(null=True)),
                ("night", models.BooleanField(default=False)),
                ("same_surname", models.BooleanField(default=False)),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="noticed", to="oversight.judgedday"
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
                "indexes": [
                    models.Index(fields=["-at", "-look_up"], name="noticed_by_time"),
                    models.Index(fields=["citizen_id", "at"], name="noticed_by_citizen"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "why__in",
                                [
                                    "registered",
                                    "contact",
                                    "open_matter",
                                    "handover",
                                    "work_list",
                                    "draft",
                                    "same_search",
                                    "nobody",
                                    "stated",
                                    "none",
                                ],
                            )
                        ),
                        name="noticed_why_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("why__in", ["none", "stated"]), ("night", True), ("same_surname", True), _connector="OR"
                        ),
                        name="noticed_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stratum", models.CharField(blank=True, default="", max_length=8)),
                ("look_up", models.BigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("citizen_id", models.BigIntegerField(null=True)),
                ("use", models.CharField(max_length=30)),
                ("why", models.CharField(max_length=12)),
                ("due_on", models.DateField()),
                ("state", models.CharField(default=hovedindgang.oversight.rules.State["DRAWN"], max_length=12)),
                ("asked_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("done", models.TextField(blank=True, default="")),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="oversight.sample",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["drawn", "asked", "answered"])),
                        fields=["due_on"],
                        name="question_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["drawn", "asked", "answered", "in_order", "not_in_order"])),
                        name="question_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sample__isnull", True), ("stratum", "")),
                            models.Q(("sample__isnull", False), ("stratum__in", ["closed", "unlinked", "linked"])),
                            _connector="OR",
                        ),
                        name="question_stratum_of_sample",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", hovedindgang.oversight.rules.State["DRAWN"]), _negated=True),
                            ("sample__isnull", False),
                            _connector="OR",
                        ),
                        name="question_drawn_by_a_sample",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", hovedindgang.oversight.rules.State["DRAWN"]),
                            ("judged_at__isnull", False),
                            ("asked_by__isnull", False),
                            _connector="OR",
                        ),
                        name="question_asked_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", hovedindgang.oversight.rules.State["ANSWERED"]), _negated=True),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="question_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["in_order", "not_in_order"]),
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                                models.Q(("done", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ["in_order", "not_in_order"]), _negated=True),
                                ("done", ""),
                                ("judged_at__isnull", True),
                                ("judged_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="question_judged_with_what_was_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_by__isnull", True),
                            models.Q(("judged_by", models.F("employee")), _negated=True),
                            _connector="OR",
                        ),
                        name="question_never_judged_by_herself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_by__isnull", True),
                            models.Q(("asked_by", models.F("employee")), _negated=True),
                            _connector="OR",
                        ),
                        name="question_never_asked_by_herself",
                    ),
                ],
            },
        ),
        refuse("oversight_sample", "UPDATE", sentence="a sample that was drawn is not changed"),
        refuse(
            "oversight_question",
            "UPDATE",
            sentence="a question that was judged is not changed",
            when="OLD.state IN ('in_order', 'not_in_order')",
        ),
    ]
