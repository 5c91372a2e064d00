"""Definition 3 of the two indicators (docs/decisions/definition-of-solved.md): every kept day is counted by it.

When somebody was first told is read from the kept changes of her matter, which are as old as the house; nothing is
filled in. In a closed month what was shown stays, and its correction line says where a fresh count gives another figure.
"""

from typing import Any

from django.db import migrations


def count_anew(apps: Any, schema_editor: Any) -> None:
    apps.get_model("insight", "KeptDay").objects.update(dirty=True)


class Migration(migrations.Migration):
    dependencies = [("insight", "0008_lists_for_all")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
