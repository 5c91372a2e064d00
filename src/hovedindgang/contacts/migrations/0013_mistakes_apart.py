"""What was registered by mistake is kept as it is, taken back only for minutes, and in no history.

The function of PostgreSQL that reads a history is changed where it stands, and not written anew: another room may have
changed it in between.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from hovedindgang.kernel.triggers import refuse

LATE = "old.mistake IS NULL AND new.mistake = 'taken_back' AND old.registered_at < {five_minutes_ago}"
# They stand on the contact's own table: SQLite makes a table anew for a constraint, and refuses to while a trigger of
# another table speaks of it. Whoever does so makes them again (`make_triggers`), or a test of this room fails.
POSTGRES = [
    f"""
    CREATE TRIGGER contacts_taken_back_in_time BEFORE UPDATE OF mistake ON contacts_contact FOR EACH ROW
    WHEN ({LATE.format(five_minutes_ago="statement_timestamp() - interval '5 minutes'")})
    EXECUTE FUNCTION kernel_refuse('a contact is taken back within five minutes')
    """,
    """
    CREATE TRIGGER contacts_mistake_stays BEFORE UPDATE OF mistake ON contacts_contact FOR EACH ROW
    WHEN (old.mistake IS NOT NULL AND new.mistake IS DISTINCT FROM old.mistake)
    EXECUTE FUNCTION kernel_refuse('a contact that was registered by mistake stays so')
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER contacts_taken_back_in_time BEFORE UPDATE OF mistake ON contacts_contact
    WHEN {LATE.format(five_minutes_ago="strftime('%Y-%m-%d %H:%M:%f', 'now', '-5 minutes')")}
    BEGIN SELECT RAISE(ABORT, 'a contact is taken back within five minutes'); END
    """,
    """
    CREATE TRIGGER contacts_mistake_stays BEFORE UPDATE OF mistake ON contacts_contact
    WHEN old.mistake IS NOT NULL AND new.mistake IS NOT old.mistake
    BEGIN SELECT RAISE(ABORT, 'a contact that was registered by mistake stays so'); END
    """,
]
NAMES = ("contacts_taken_back_in_time", "contacts_mistake_stays")

FUNCTION = "contacts_history(bigint, timestamptz, bigint, integer, jsonb, jsonb)"
WITH_ALL = "WHERE asker_id = whose AND merged_into_id IS NULL AND (started_at"
WITHOUT = "WHERE asker_id = whose AND merged_into_id IS NULL AND mistake IS NULL AND (started_at"


def rewrite(editor: BaseDatabaseSchemaEditor, was: str, becomes: str) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regprocedure)", [FUNCTION])
        definition = cursor.fetchone()[0]
    assert definition.count(was) == 1, "the history is read in another way than was known here"
    editor.execute(definition.replace(was, becomes), None)


def make_triggers(editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, None)


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make_triggers(schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        rewrite(schema_editor, WITH_ALL, WITHOUT)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    here = schema_editor.connection.vendor == "postgresql"
    for name in NAMES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{' ON contacts_contact' if here else ''}", None)
    if here:
        rewrite(schema_editor, WITHOUT, WITH_ALL)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0012_mistakes_kept"), ("kernel", "0002_append_only")]
    operations = [
        refuse("contacts_contactcorrection", "UPDATE", sentence="a correction stays as it was made"),
        refuse("contacts_correctionreviewed", "UPDATE", sentence="what the leader has seen stays seen"),
        migrations.RunPython(forwards, backwards),
    ]
