"""A saved note does not change (a trigger refuses it), and its words are indexed on both databases."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from hovedindgang.kernel.triggers import refuse

# A column and not an index on the expression: whether a row fits is then read, not analysed again, where a word is so
# common that reading the newest notes backwards is the shortest way.
POSTGRES = [
    """
    ALTER TABLE contacts_note
    ADD COLUMN terms_index tsvector GENERATED ALWAYS AS (to_tsvector('simple', terms)) STORED
    """,
    "CREATE INDEX note_by_terms ON contacts_note USING gin (terms_index)",
]
SQLITE = [
    """
    CREATE VIRTUAL TABLE contacts_noteterms USING fts5(
        terms, content='contacts_note', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
    )
    """,
    """
    CREATE TRIGGER contacts_note_indexed AFTER INSERT ON contacts_note
    BEGIN INSERT INTO contacts_noteterms (rowid, terms) VALUES (new.id, new.terms); END
    """,
    """
    CREATE TRIGGER contacts_note_unindexed AFTER DELETE ON contacts_note
    BEGIN INSERT INTO contacts_noteterms (contacts_noteterms, rowid, terms) VALUES ('delete', old.id, old.terms); END
    """,
    """
    CREATE TRIGGER contacts_note_reindexed AFTER UPDATE OF terms ON contacts_note
    BEGIN
        INSERT INTO contacts_noteterms (contacts_noteterms, rowid, terms) VALUES ('delete', old.id, old.terms);
        INSERT INTO contacts_noteterms (rowid, terms) VALUES (new.id, new.terms);
    END
    """,
]
POSTGRES_BACK = [
    "DROP INDEX note_by_terms",
    "ALTER TABLE contacts_note DROP COLUMN terms_index",
]
SQLITE_BACK = [
    "DROP TRIGGER contacts_note_reindexed",
    "DROP TRIGGER contacts_note_unindexed",
    "DROP TRIGGER contacts_note_indexed",
    "DROP TABLE contacts_noteterms",
]


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_tables")]
    operations = [
        refuse(
            "contacts_note",
            "UPDATE OF text, contact_id, author_id, written_at, amends_id",
            sentence="a saved note is amended by a new one, never changed",
        ),
        migrations.RunPython(forwards, backwards),
    ]
