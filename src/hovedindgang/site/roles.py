"""The role of PostgreSQL that web and worker serve with: it reads and writes rows, and owns nothing.

Triggers refuse changes to what is written once, and whoever owns a table can take its triggers away. So the tables
belong to the role that migrates, and the house is served by another one, for which they stand where they are. They
ask the tables of the house alone: whoever serves may make temporary ones, and PostgreSQL looks in those first. What a
later version brings is for that role too: tables as they are made, triggers when it has migrated (`bind_again`).
"""

from __future__ import annotations

from typing import LiteralString

from django.db import connection, transaction
from psycopg import sql

_ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_MAINTAINS_SINCE = 17_00_00  # PostgreSQL; before, what was deleted is swept by autovacuum, later
_RECORD_OF_TABLES = "django_migrations"  # what the tables are is read by all, and said by their owner alone


class CannotGrant(Exception):
    """The role gets nothing; `why` is a word of `WHY`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


WHY = ("not_postgresql", "no_such_role", "owns_the_tables", "may_create")


def owns_tables(role: str | None = None) -> bool:
    """Whether the role, or the one that we are, can do with the tables what their owner can."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(pg_has_role(coalesce(%s, current_user)::name, relowner, 'MEMBER')) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace",
            [role],
        )
        return bool(cursor.fetchone()[0])


def may_create(role: str | None = None) -> bool:
    """Whether the role, or the one that we are, can put a table or a function beside those of the house."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_schema_privilege(coalesce(%s, current_user)::name, current_schema(), 'CREATE')", [role]
        )
        return bool(cursor.fetchone()[0])


def has_all() -> bool:
    """Whether the role that we are may read and write every table, and every trigger asks the house's own alone."""
    allowed = " AND ".join(f"has_table_privilege(oid, '{deed}')" for deed in _ROWS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT bool_and({allowed}) FROM pg_class "  # noqa: S608 (the words stand in this file)
            "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> %s",
            [_RECORD_OF_TABLES],
        )
        return bool(cursor.fetchone()[0]) and not _trigger_functions("NOT")


def bind_again() -> None:
    """Triggers that a migration has made anew ask the house's own tables alone again, where others already do."""
    if connection.vendor == "postgresql" and _trigger_functions(""):
        _bind()


@transaction.atomic
def grant(role: str) -> None:
    """Let a role read and write the rows of every table there is, and no more. Can be repeated. Raises CannotGrant."""
    if connection.vendor != "postgresql":
        raise CannotGrant("not_postgresql")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_schema() FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise CannotGrant("no_such_role")
        if owns_tables(role):
            raise CannotGrant("owns_the_tables")
        database, schema, to = sql.Identifier(found[0]), sql.Identifier(found[1]), sql.Identifier(role)
        rows, sequences = ", ".join(_ROWS), "USAGE, SELECT"
        if connection.connection.info.server_version >= _MAINTAINS_SINCE:  # to sweep at once what was forgotten
            rows += ", MAINTAIN"
        for statement, names in (
            ("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", (database, to)),
            ("REVOKE CREATE ON SCHEMA {} FROM PUBLIC", (schema,)),  # as it was before PostgreSQL 15
            ("REVOKE ALL ON SCHEMA {} FROM {}", (schema, to)),
            ("GRANT USAGE ON SCHEMA {} TO {}", (schema, to)),
            ("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", (schema, to)),
            (f"GRANT {rows} ON ALL TABLES IN SCHEMA {{}} TO {{}}", (schema, to)),
            (f"REVOKE {', '.join(_ROWS[1:])} ON {_RECORD_OF_TABLES} FROM {{}}", (to,)),
            (f"GRANT {sequences} ON ALL SEQUENCES IN SCHEMA {{}} TO {{}}", (schema, to)),
            (f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{}} GRANT {rows} ON TABLES TO {{}}", (schema, to)),
            (f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{}} GRANT {sequences} ON SEQUENCES TO {{}}", (schema, to)),
        ):
            cursor.execute(sql.SQL(statement).format(*names).as_string(connection.connection))
        _bind()
        if may_create(role):
            raise CannotGrant("may_create")


def _trigger_functions(bound: LiteralString) -> list[str]:
    """Those that look in the house's own tables first and in temporary ones last; with "NOT", the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "  # noqa: S608 (said above)
            "WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype "
            f"AND {bound} coalesce(proconfig @> ARRAY[format('search_path=%%I, pg_temp', current_schema())], false)",
            [],
        )
        return [function for (function,) in cursor.fetchall()]


def _bind() -> None:
    """Else a temporary table of the name that a trigger asks for would answer in its place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = sql.Identifier(cursor.fetchone()[0])
        for function in _trigger_functions("NOT"):
            path = sql.SQL(f"ALTER FUNCTION {function} SET search_path = {{}}, pg_temp").format(schema)
            cursor.execute(path.as_string(connection.connection))
