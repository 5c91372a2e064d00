"""A contact can be forgotten, and a saved note goes only then: a statement that deletes one elsewhere is refused."""

import django.db.models.deletion
from django.db import migrations, models

from hovedindgang.kernel.triggers import refuse_unless


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_reasons_stated"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForgottenContact",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="forgotten",
                        serialize=False,
                        to="contacts.contact",
                    ),
                ),
                ("on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="WhatRemains",
            fields=[
                (
                    "enquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="remains",
                        serialize=False,
                        to="contacts.enquiry",
                    ),
                ),
                ("known", models.BooleanField(default=False)),
                ("came_again_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OpenedForForgetting",
            fields=[
                ("contact_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "never",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contacts.note",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("never", -1)), name="opened_points_nowhere")
                ],
            },
        ),
        refuse_unless(
            "contacts_note",
            "DELETE",
            sentence="a saved note goes only when its contact is forgotten",
            unless="EXISTS (SELECT 1 FROM contacts_openedforforgetting o WHERE o.contact_id = OLD.contact_id)",
        ),
    ]
