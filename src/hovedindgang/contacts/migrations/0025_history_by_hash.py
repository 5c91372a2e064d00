"""For whom a matter is, a history finds by the hash index: as near among a million as among ten thousand.

What 0022 asked stood in a tree whole, so that PostgreSQL read the tree alone, which has one storey more among a million.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

WHOLE_IN_THE_TREE = "array_agg(citizen_id ORDER BY citizen_id)"
BY_HASH = "array_agg(citizen_id ORDER BY citizen_id, person.id)"  # the same order: each citizen is named once


def by_hash(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        definition = _definition()
        assert definition.count(WHOLE_IN_THE_TREE) == 1
        schema_editor.execute(definition.replace(WHOLE_IN_THE_TREE, BY_HASH), None)


def by_tree(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_definition(), None)


def _definition() -> str:
    found: str = import_module("hovedindgang.contacts.migrations.0022_history_joined").HISTORY
    return found


class Migration(migrations.Migration):
    dependencies = [("contacts", "0024_checks_said_shortly")]
    operations = [migrations.RunPython(by_hash, by_tree)]
