"""What the database itself refuses: rows that are never changed, on both databases.

Operations for migrations. A refused statement raises IntegrityError with the sentence given.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def refuse(table: str, *deeds: str, sentence: str, when: str = "") -> RunPython:
    """Refuse UPDATE and/or DELETE of rows of `table`, all or those for which `when` (SQL about OLD) holds.

    TRUNCATE and dropping the trigger stay open to the owner of the database: this stops mistakes, and seals tell
    of tampering.
    """

    def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRES_FUNCTION, None)
        for deed in deeds:
            editor.execute(_statement(editor.connection.vendor, table, deed, sentence, when), None)

    def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for deed in deeds:
            editor.execute(f"DROP TRIGGER {_name(table, deed)}{on}", None)

    return RunPython(make, remove)


def _statement(vendor: str, table: str, deed: str, sentence: str, when: str) -> str:
    said, condition = sentence.replace("'", "''"), f"WHEN ({when}) " if when else ""
    head = f"CREATE TRIGGER {_name(table, deed)} BEFORE {deed} ON {table} FOR EACH ROW {condition}"
    if vendor == "postgresql":
        return f"{head}EXECUTE FUNCTION kernel_refuse('{said}')"
    return f"{head}BEGIN SELECT RAISE(ABORT, '{said}'); END"


def _name(table: str, deed: str) -> str:
    return f"{table}_refuses_{deed.split()[0].lower()}"
