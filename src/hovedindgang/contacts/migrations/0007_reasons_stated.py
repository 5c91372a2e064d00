"""Why an employee looks a citizen up, in her own words; written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_grounds_stated"),
        ("people", "0003_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatedReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("text", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "citizen",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.citizen",
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
                "indexes": [models.Index(fields=["citizen", "employee", "-at"], name="stated_reason_by_citizen")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "she_is_here",
                                    "to_answer",
                                    "colleague",
                                    "to_prepare",
                                    "access",
                                    "to_correct",
                                    "other",
                                ],
                            )
                        ),
                        name="stated_reason_code_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="stated_reason_says_something"
                    ),
                ],
            },
        ),
        refuse(
            "contacts_statedreason", "UPDATE", sentence="a reason that was stated is not changed; another is stated"
        ),
    ]
