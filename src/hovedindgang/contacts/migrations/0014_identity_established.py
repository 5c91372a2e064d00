"""How the identity of the one who asked was established stands on the contact, and in her history."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

before = import_module("hovedindgang.contacts.migrations.0013_mistakes_apart")
UNTOLD = "'asker', page.asker_id, 'employee', "
TOLD = "'asker', page.asker_id, 'identity', page.identity, 'employee', "


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        before.rewrite(schema_editor, UNTOLD, TOLD)
    else:
        before.make_triggers(schema_editor)  # the table was made anew for the constraint, without them


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        before.rewrite(schema_editor, TOLD, UNTOLD)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0013_mistakes_apart")]
    operations = [
        migrations.AddField("contact", "identity", models.CharField(max_length=8, null=True)),
        migrations.AddConstraint(
            "contact",
            models.CheckConstraint(
                name="contact_identity_of_an_asker",
                condition=models.Q(identity__isnull=True)
                | models.Q(identity__in=["id_seen", "mitid", "control", "earlier", "none"], asker__isnull=False),
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
