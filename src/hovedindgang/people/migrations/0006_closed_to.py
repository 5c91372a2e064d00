"""Whether a citizen is closed to an employee, as a function of PostgreSQL that triggers of other rooms ask."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Her own record and her family's she never registers on; a colleague's within the hour for which it was opened.
FUNCTION = """
CREATE FUNCTION people_closed_to(employee bigint, citizen bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM people_closed c WHERE c.employee_id = employee AND c.citizen_id = citizen
        AND (c.why <> 'colleague' OR NOT EXISTS (
            SELECT FROM people_opening o WHERE o.employee_id = employee AND o.citizen_id = citizen
            AND o.opened_at > statement_timestamp() - interval '1 hour'
        ))
    );
END $$
"""


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION people_closed_to(bigint, bigint)")


class Migration(migrations.Migration):
    dependencies = [("people", "0005_representations")]
    operations = [migrations.RunPython(forwards, backwards)]
