"""Names given to citizens by a leader's act; written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameGiven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("look_up", models.BigIntegerField(unique=True)),
                ("citizen_id", models.BigIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "leader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["citizen_id"], name="name_given_by_citizen")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="name_given_for_a_reason"
                    )
                ],
            },
        ),
        refuse("oversight_namegiven", "UPDATE", sentence="a name that was given is not taken back"),
    ]
