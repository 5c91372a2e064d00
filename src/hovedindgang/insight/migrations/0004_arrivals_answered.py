"""What was said of an arrival that a register saw and nobody registered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hovedindgang.insight.missing


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0014_identity_established"),
        ("insight", "0003_counted_by_hand"),
        ("registers", "0002_pooled_departments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArrivalAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.contact",
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
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answered",
                        to="registers.recordedcontact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "answer__in",
                                [
                                    hovedindgang.insight.missing.Answer["REGISTERED"],
                                    hovedindgang.insight.missing.Answer["NO_CONTACT"],
                                    hovedindgang.insight.missing.Answer["UNKNOWN"],
                                ],
                            )
                        ),
                        name="arrival_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", hovedindgang.insight.missing.Answer["REGISTERED"]),
                                ("contact__isnull", False),
                            ),
                            models.Q(
                                models.Q(("answer", hovedindgang.insight.missing.Answer["REGISTERED"]), _negated=True),
                                ("contact__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="arrival_registered_as",
                    ),
                    models.UniqueConstraint(fields=("contact",), name="contact_registers_one_arrival"),
                ],
            },
        ),
    ]
