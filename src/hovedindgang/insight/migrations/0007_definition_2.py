"""Definition 2 of the two indicators (docs/decisions/definition-of-solved.md): every kept day is counted by it.

In a closed month what was shown stays; where a fresh count now gives another figure, its correction line says so.
"""

from typing import Any

from django.db import migrations


def count_anew(apps: Any, schema_editor: Any) -> None:
    apps.get_model("insight", "KeptDay").objects.update(dirty=True)


class Migration(migrations.Migration):
    dependencies = [("insight", "0006_open_transactions")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
