"""A contact that was written on paper during a breakdown says so."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0017_only_stored"),
    ]

    operations = [
        migrations.CreateModel(
            name="FromPaper",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="from_paper",
                        serialize=False,
                        to="contacts.contact",
                    ),
                ),
            ],
        ),
    ]
