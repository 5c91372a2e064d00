"""The role of PostgreSQL that web and worker serve with: it reads and writes rows, and owns nothing.

Triggers refuse changes to what is written once, and whoever owns a table can take its triggers away. So the tables
belong to the role that migrates, and the house is served by another one, for which they stand where they are. They
ask the tables of the house alone: whoever serves may make temporary ones, and PostgreSQL looks in those first.
"""

from __future__ import annotations

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
        for statement, names in (
            ("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", (database, to)),
            ("REVOKE CREATE ON SCHEMA {} FROM PUBLIC", (schema,)),  # as it was before PostgreSQL 15
            ("REVOKE ALL ON SCHEMA {} FROM {}", (schema, to)),
            ("GRANT USAGE ON SCHEMA {} TO {}", (schema, to)),
            ("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", (schema, to)),
            (f"GRANT {', '.join(_ROWS)} ON ALL TABLES IN SCHEMA {{}} TO {{}}", (schema, to)),
            (f"REVOKE {', '.join(_ROWS[1:])} ON {_RECORD_OF_TABLES} FROM {{}}", (to,)),
            ("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}", (schema, to)),
        ):
            cursor.execute(sql.SQL(statement).format(*names).as_string(connection.connection))
        if connection.connection.info.server_version >= _MAINTAINS_SINCE:  # to sweep at once what was forgotten
            maintain = sql.SQL("GRANT MAINTAIN ON ALL TABLES IN SCHEMA {} TO {}").format(schema, to)
            cursor.execute(maintain.as_string(connection.connection))
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "
            "WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype"
        )
        for (function,) in cursor.fetchall():  # else a temporary table of a guard's name would answer in its place
            path = sql.SQL(f"ALTER FUNCTION {function} SET search_path = {{}}, pg_temp").format(schema)
            cursor.execute(path.as_string(connection.connection))
        if may_create(role):
            raise CannotGrant("may_create")
