"""Figures of their own for what the board worked out from others, so that each opens the list it counts.

The rows that are kept get them by the same sums, closed months too.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def work_out(apps: Any, schema_editor: Any) -> None:
    apps.get_model("insight", "ContactDay").objects.update(
        not_sent_on=F("met") - F("sent_on"),
        with_self_service=F("judged") + F("unattended"),
        with_self_service_solved=F("solved") + F("unattended_solved"),
        with_elsewhere=F("judged") + F("elsewhere"),
    )


class Migration(migrations.Migration):
    dependencies = [("insight", "0007_definition_2")]

    operations = [
        *(
            migrations.AddField(model_name="contactday", name=name, field=models.IntegerField(default=0))
            for name in ("not_sent_on", "with_self_service", "with_self_service_solved", "with_elsewhere")
        ),
        migrations.RunPython(work_out, migrations.RunPython.noop),
    ]
