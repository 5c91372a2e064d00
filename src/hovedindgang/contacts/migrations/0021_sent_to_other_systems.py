"""What another system reads of a history: no name or address in its texts, and nothing of whose data is only stored.

The function that reads is changed where it stands. `reader` says `masked` for a system that is sent no names, and
`stored` for one that reads nothing of who has had the use of her data restricted: "kept" of nobody, "consented" of
nobody but the citizen whose history it is, who has consented.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = "contacts_history(bigint, timestamptz, bigint, integer, jsonb, jsonb)"
# What stood, and what takes its place.
CHANGES = (
    ("OUT more boolean", "OUT more boolean, OUT known json"),
    (
        "    IF look_up IS NOT NULL THEN",
        "    IF reader ? 'stored' THEN\n"
        "        stored := ARRAY(SELECT citizen_id FROM people_restriction);\n"
        "        IF reader->>'stored' = 'consented' THEN\n"
        "            stored := array_remove(stored, whose);\n"
        "        ELSIF whose = ANY (stored) THEN\n"
        "            RETURN;\n"
        "        END IF;\n"
        "    END IF;\n"
        "    IF look_up IS NOT NULL THEN",
    ),
    (
        "    who bigint := (reader->>'employee')::bigint;",
        "    who bigint := (reader->>'employee')::bigint;\n    stored bigint[] := '{}';",
    ),
    (
        ", false) AS readable",
        ", false) AND (stored = '{}' OR NOT EXISTS (\n"
        "                SELECT FROM contacts_enquiryperson AS named\n"
        "                WHERE named.enquiry_id = enquiry.id AND named.citizen_id = ANY (stored)\n"
        "            )) AS readable",
    ),
    (
        "        (SELECT count(*) FROM chosen) > most\n    INTO entries, last_at, last_id, more\n",
        "        (SELECT count(*) FROM chosen) > most,\n"
        "        CASE WHEN reader ? 'masked' THEN people_known(ARRAY(\n"
        "            SELECT whose UNION SELECT asker_id FROM family WHERE asker_id IS NOT NULL\n"
        "            UNION SELECT unnest(for_whom) FROM matter\n"
        "        )) END\n"
        "    INTO entries, last_at, last_id, more, known\n",
    ),
)


def rewritten(editor: BaseDatabaseSchemaEditor, changes: tuple[tuple[str, str], ...]) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regprocedure)", [FUNCTION])
        definition = cursor.fetchone()[0]
    for was, becomes in changes:
        assert definition.count(was) == 1, "the history is read in another way than was known here"
        definition = definition.replace(was, becomes)
    editor.execute(f"DROP FUNCTION {FUNCTION}", None)  # what it gives is changed too
    editor.execute(definition, None)


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        rewritten(schema_editor, CHANGES)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        rewritten(schema_editor, tuple((becomes, was) for was, becomes in CHANGES))


class Migration(migrations.Migration):
    dependencies = [("contacts", "0020_history_in_groups"), ("people", "0009_known_of_her")]
    operations = [migrations.RunPython(forwards, backwards)]
