"""An inputs document and a run that has ended stay as they are (triggers refuse it)."""

from __future__ import annotations

from django.db import migrations

from hovedindgang.kernel.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("scenarios", "0001_tables"), ("kernel", "0002_append_only")]
    operations = [
        refuse(
            "scenarios_inputsdocument",
            "UPDATE",
            "DELETE",
            sentence="an inputs document never changes; a new one is kept",
        ),
        refuse(
            "scenarios_run",
            "UPDATE",
            "DELETE",
            sentence="a run that has ended never changes; ask for a new one",
            when="OLD.state IN ('done', 'failed', 'stopped')",
        ),
    ]
