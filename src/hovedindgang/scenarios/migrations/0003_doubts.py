"""A run may ask what of all that is not known decides an answer most."""

from __future__ import annotations

from django.db import migrations, models
from django.db.migrations import RunPython

from hovedindgang.kernel.triggers import refuse

KEPT = refuse(
    "scenarios_run",
    "UPDATE",
    "DELETE",
    sentence="a run that has ended never changes; ask for a new one",
    when="OLD.state IN ('done', 'failed', 'stopped')",
)


class Migration(migrations.Migration):
    dependencies = [("scenarios", "0002_ended_stays")]
    # SQLite makes the table anew for another constraint, and loses its triggers: they are taken off and put on again.
    operations = [
        RunPython(KEPT.reverse_code, KEPT.code),
        migrations.RemoveConstraint("run", "run_kind_known"),
        migrations.AddConstraint(
            "run",
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["as_is", "what_if", "replay", "doubts"])), name="run_kind_known"
            ),
        ),
        RunPython(KEPT.code, KEPT.reverse_code),
    ]
