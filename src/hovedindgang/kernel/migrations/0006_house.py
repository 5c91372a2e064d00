"""Which house this database is: said once, and never changed."""

import django.db.models.functions.datetime
from django.db import migrations, models

from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_key_canary"),
    ]

    operations = [
        migrations.CreateModel(
            name="House",
            fields=[
                ("only", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("real", "Real"), ("practice", "Practice")], max_length=8)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", 1)), name="house_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["real", "practice"])), name="house_kind_known"
                    ),
                ],
            },
        ),
        refuse("kernel_house", "UPDATE", "DELETE", sentence="which house this is was said when it was made"),
    ]
