"""Matters of a contact are found by their hash at any size.

The index of the rule that a contact has one matter at each position began with the contact. Among ten million PostgreSQL
took it for the hash's work, with four pages where the hash needs two. Beginning with the position it keeps the same
rule, and cannot be mistaken. On SQLite, which has trees alone, nothing is gained by turning it.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "enquiry_position_once"


def _unique(*columns: str) -> str:
    return f"ALTER TABLE contacts_enquiry DROP CONSTRAINT {NAME}, ADD CONSTRAINT {NAME} UNIQUE ({', '.join(columns)})"


def position_first(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_unique('"position"', "contact_id"))


def contact_first(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_unique("contact_id", '"position"'))


class Migration(migrations.Migration):
    dependencies = [("contacts", "0026_broken_promises_kept")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(position_first, contact_first)],
            state_operations=[
                migrations.RemoveConstraint(model_name="enquiry", name=NAME),
                migrations.AddConstraint(
                    model_name="enquiry",
                    constraint=models.UniqueConstraint(fields=("position", "contact"), name=NAME),
                ),
            ],
        )
    ]
