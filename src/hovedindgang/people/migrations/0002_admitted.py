"""Whether a client may, as a function of PostgreSQL that other functions ask within their own statement."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = """
CREATE FUNCTION people_admitted(admission jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM people_client
        WHERE id = (admission->>'client')::bigint AND token_hash = (admission->>'token_hash')::bytea AND is_active
        AND scopes = admission->'scopes' AND (expires_on IS NULL OR expires_on >= (admission->>'on')::date)
    );
END $$
"""


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION people_admitted(jsonb)")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables")]
    operations = [migrations.RunPython(forwards, backwards)]
