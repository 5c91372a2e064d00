"""Whoever passes on what we know about a citizen says by what right; of what went before, nobody noted it."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_registered_by_policy_in_force"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="ground",
            field=models.CharField(db_default="not_recorded", default="own_case", max_length=14),
        ),
        migrations.AddField(
            model_name="signpost",
            name="ground",
            field=models.CharField(blank=True, db_default="", default="", max_length=14),
        ),
        migrations.RunSQL(
            "UPDATE contacts_signpost SET ground = 'not_recorded' WHERE how <> 'told' AND ground = ''",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ground__in", ["own_case", "consent", "by_law", "essential", "wrong_address", "not_recorded"])
                ),
                name="handover_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signpost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ground__in", ["own_case", "consent", "by_law", "essential", "wrong_address", "not_recorded"]),
                    ("ground", ""),
                    _connector="OR",
                ),
                name="signpost_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signpost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("authority__isnull", True),
                    ("how", "told"),
                    ("ground__in", ["consent", "by_law", "essential", "wrong_address", "not_recorded"]),
                    _connector="OR",
                ),
                name="signpost_out_says_ground",
            ),
        ),
    ]
