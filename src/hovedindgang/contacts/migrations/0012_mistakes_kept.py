"""A contact may be marked as registered by mistake, and what was put right about one is kept."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0011_matters_kept_closely"),
        ("people", "0002_admitted"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("was", models.CharField(blank=True, default="", max_length=80)),
                ("became", models.CharField(blank=True, default="", max_length=80)),
                ("was_citizen", models.BigIntegerField(null=True)),
                ("became_citizen", models.BigIntegerField(null=True)),
                ("why", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("was_citizen__isnull", False)),
                        fields=["was_citizen"],
                        name="correction_moved_from",
                    ),
                    models.Index(
                        condition=models.Q(("became_citizen__isnull", False)),
                        fields=["became_citizen"],
                        name="correction_moved_to",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["taken_back", "struck", "person", "service", "channel", "times", "link"])
                        ),
                        name="contact_correction_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["taken_back", "link"]), models.Q(("why", ""), _negated=True), _connector="OR"
                        ),
                        name="contact_correction_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("became_citizen__isnull", False), ("kind", "person"), ("was_citizen__isnull", False)
                            ),
                            models.Q(
                                models.Q(("kind", "person"), _negated=True),
                                ("became_citizen__isnull", True),
                                ("was_citizen__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="contact_correction_names_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("was", models.F("became")), _negated=True),
                            models.Q(("became", ""), ("was", "")),
                            _connector="OR",
                        ),
                        name="contact_correction_changes_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionReviewed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="outcomechange",
            name="outcome_change_why_known",
        ),
        migrations.AddField(
            model_name="contact",
            name="mistake",
            field=models.CharField(max_length=10, null=True),
        ),
        migrations.AddField(
            model_name="outcomechange",
            name="come_back_reason",
            field=models.CharField(max_length=20, null=True),
        ),
        migrations.AlterField(
            model_name="enquiryperson",
            name="shown_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="enquiryperson",
            name="shown_in",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mistake__isnull", True), ("mistake__in", ["taken_back", "struck"]), _connector="OR"
                ),
                name="contact_mistake_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("mistake__isnull", True), ("merged_into__isnull", True), _connector="OR"),
                name="contact_mistake_stands_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiryperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shown_at__isnull", True), ("shown_in__isnull", True)),
                    models.Q(("shown_at__isnull", False), ("shown_in__isnull", False)),
                    _connector="OR",
                ),
                name="enquiry_person_shown_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcomechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "why__in",
                        [
                            "concluded",
                            "handed_over",
                            "answered",
                            "declined",
                            "returned",
                            "came_back",
                            "reopened",
                            "quality",
                            "complaint",
                            "mistake",
                        ],
                    )
                ),
                name="outcome_change_why_known",
            ),
        ),
        migrations.AddField(
            model_name="contactcorrection",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contactcorrection",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="contacts.contact"
            ),
        ),
        migrations.AddField(
            model_name="contactcorrection",
            name="enquiry",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contacts.enquiry",
            ),
        ),
        migrations.AddField(
            model_name="correctionreviewed",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correctionreviewed",
            name="correction",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="reviewed", to="contacts.contactcorrection"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactcorrection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["taken_back", "struck"])),
                fields=("contact",),
                name="contact_mistaken_once",
            ),
        ),
    ]
