"""What the database itself refuses: rows that are never changed, on both databases.

Operations for migrations. A refused statement raises IntegrityError with the sentence given.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class Refusal(NamedTuple):
    """What a migration makes the database refuse, for whoever wants to see that it still does."""

    table: str
    deed: str  # UPDATE or DELETE
    columns: str  # the columns that an UPDATE may not name; "" for any
    when: str

    @property
    def name(self) -> str:
        """The trigger's."""
        return _name(self.table, self.deed)


_REFUSALS: set[Refusal] = set()


def refusals() -> list[Refusal]:
    """All that the migrations read so far have asked for."""
    return sorted(_REFUSALS)


def refuse(table: str, *deeds: str, sentence: str, when: str = "") -> RunPython:
    """Refuse UPDATE and/or DELETE of rows of `table`, all or those for which `when` (SQL about OLD) holds.

    TRUNCATE and dropping the trigger stay open to the owner of the database: this stops mistakes, and seals tell
    of tampering.
    """

    for deed in deeds:
        verb, _, columns = deed.partition(" OF ")
        _REFUSALS.add(Refusal(table, verb, columns, when))

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


def refuse_unless(table: str, *deeds: str, sentence: str, unless: str) -> RunPython:
    """As `refuse`, but let through where `unless` holds, SQL about OLD that may ask other tables."""

    def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for deed in deeds:
            if editor.connection.vendor == "postgresql":
                editor.execute(_asking_function(table, deed, sentence, unless), None)
            editor.execute(_asking_statement(editor.connection.vendor, table, deed, sentence, unless), None)

    def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for deed in deeds:
            if editor.connection.vendor == "postgresql":
                editor.execute(f"DROP TRIGGER {_name(table, deed)} ON {table}", None)
                editor.execute(f"DROP FUNCTION {_name(table, deed)}()", None)
            else:
                editor.execute(f"DROP TRIGGER {_name(table, deed)}", None)

    return RunPython(make, remove)


def _asking_function(table: str, deed: str, sentence: str, unless: str) -> str:
    """PostgreSQL's conditions of triggers ask no other table; a function's do."""
    passed_on = "OLD" if deed.split()[0] == "DELETE" else "NEW"
    said = sentence.replace("'", "''")
    return f"""
CREATE OR REPLACE FUNCTION {_name(table, deed)}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {unless} THEN
        RETURN {passed_on};
    END IF;
    RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _asking_statement(vendor: str, table: str, deed: str, sentence: str, unless: str) -> str:
    head = f"CREATE TRIGGER {_name(table, deed)} BEFORE {deed} ON {table} FOR EACH ROW "
    if vendor == "postgresql":
        return f"{head}EXECUTE FUNCTION {_name(table, deed)}()"
    said = sentence.replace("'", "''")
    return f"{head}WHEN NOT ({unless}) BEGIN SELECT RAISE(ABORT, '{said}'); END"


def _statement(vendor: str, table: str, deed: str, sentence: str, when: str) -> str:
    said, condition = sentence.replace("'", "''"), f"WHEN ({when}) " if when else ""
    head = f"CREATE TRIGGER {_name(table, deed)} BEFORE {deed} ON {table} FOR EACH ROW {condition}"
    if vendor == "postgresql":
        return f"{head}EXECUTE FUNCTION kernel_refuse('{said}')"
    return f"{head}BEGIN SELECT RAISE(ABORT, '{said}'); END"


def _name(table: str, deed: str) -> str:
    return f"{table}_refuses_{deed.split()[0].lower()}"
