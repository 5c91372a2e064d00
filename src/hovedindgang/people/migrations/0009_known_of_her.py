"""What another system is not sent of anybody is told within the statement that reads; and no client has a department.

`people_known` gives what `people.protection.known_of` gives. The department of a client limited nothing, and nobody
could say it.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = """
CREATE FUNCTION people_known(numbers bigint[]) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(name, address, phone, email)) FROM people_citizen
        WHERE id = ANY (numbers) AND (name, address, phone, email) <> ('', '', '', '')
    );
END $$
"""


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION people_known(bigint[])")


class Migration(migrations.Migration):
    dependencies = [("people", "0008_corrections_and_restrictions")]
    operations = [
        migrations.RemoveField(model_name="client", name="department"),
        migrations.RunPython(forwards, backwards),
    ]
