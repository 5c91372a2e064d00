"""What is to be made in the case system, and how far it is."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0018_from_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Journalised",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("what", models.CharField(max_length=4)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True, default="")),
                ("case_number", models.CharField(blank=True, default="", max_length=40)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("outside_id", models.CharField(blank=True, default="", max_length=80)),
                ("why", models.CharField(blank=True, default="", max_length=20)),
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
                    "enquiry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="journal",
                        to="contacts.enquiry",
                    ),
                ),
                (
                    "settled_by",
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
                    models.Index(fields=["enquiry"], name="journalised_by_enquiry"),
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["state", "next_at"],
                        name="journalised_undone",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["case", "note"])), name="journalised_what_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sending", "uncertain", "done", "refused"])),
                        name="journalised_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="journalised_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", "note"), _negated=True),
                            models.Q(("case_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="journalised_note_has_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", False),
                                ("next_at__isnull", True),
                                ("state", "done"),
                                models.Q(("outside_id", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "done"), _negated=True),
                                ("done_at__isnull", True),
                                ("outside_id", ""),
                            ),
                            _connector="OR",
                        ),
                        name="journalised_done_lies_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sending", "uncertain"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="journalised_sent_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waiting"), _negated=True), ("next_at__isnull", False), _connector="OR"
                        ),
                        name="journalised_waiting_has_its_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "sending", "uncertain"])),
                        fields=("enquiry",),
                        name="journalised_one_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("what", "case"), models.Q(("state", "refused"), _negated=True)),
                        fields=("enquiry",),
                        name="journalised_one_case",
                    ),
                ],
            },
        ),
    ]
