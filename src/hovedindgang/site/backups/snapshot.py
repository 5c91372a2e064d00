"""All rows of a database as they were at one instant, read while others write.

PostgreSQL gives one transaction the same view from its first statement to its last (REPEATABLE READ), and SQLite's
write-ahead log does so for a reader: nobody who writes waits for us, on either.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from hovedindgang.site.backups.canonical import lines
from hovedindgang.site.backups.tables import Kind, Table, type_of_migration, without_gone

_BLOCK = 1 << 18
_ROWS = 2_000


class Snapshot(Protocol):
    """What can be read of it."""

    server: str

    def migrations(self) -> set[type_of_migration]: ...
    def table_names(self) -> set[str]: ...
    def rows_of(self, table: Table) -> Iterator[bytes]:
        """Its rows as lines in the order of their key, in blocks."""
        ...

    def last_number(self, table: Table) -> int | None:
        """The highest number ever given to a row of it; None where rows are not numbered by the database."""
        ...

    def one(self, statement: str) -> Any:
        """The first value of the first row; None where there is none."""
        ...

    def bytes_stored(self) -> int: ...


def in_blocks(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Lines gathered, so that hashing and packing are not asked for each of millions."""
    held, size = [], 0
    for row in rows:
        held.append(row)
        size += len(row)
        if size >= _BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


class OfPostgres:
    """In the transaction that `raw` is in."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._raw = raw
        self.server = f"PostgreSQL {raw.info.server_version // 10_000}"
        # However the server and the role are set: the same row is the same text.
        for setting in ("timezone = 'UTC'", "datestyle = 'ISO'", "bytea_output = 'hex'", "extra_float_digits = 1"):
            raw.execute(sql.SQL("SET LOCAL " + setting))
        for setting in ("statement_timeout = 0", "idle_in_transaction_session_timeout = 0"):
            raw.execute(sql.SQL("SET LOCAL " + setting))

    def migrations(self) -> set[type_of_migration]:
        if "django_migrations" not in self.table_names():
            return set()
        return without_gone(self._raw.execute("SELECT app, name FROM django_migrations"))

    def table_names(self) -> set[str]:
        asked = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND pg_table_is_visible(oid) AND relnamespace"
        return {row[0] for row in self._raw.execute(f"{asked} = current_schema()::regnamespace")}

    def rows_of(self, table: Table) -> Iterator[bytes]:
        # In the order of bytes, whatever language the database sorts in.
        order = sql.SQL('{} COLLATE "C"' if table.key_kind is Kind.TEXT else "{}").format(sql.Identifier(table.key))
        asked = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
            sql.SQL(", ").join(map(sql.Identifier, table.names)), sql.Identifier(table.name), order
        )
        with self._raw.cursor() as cursor, cursor.copy(asked) as copied:
            yield from in_blocks(bytes(block) for block in copied)

    def last_number(self, table: Table) -> int | None:
        asked = "SELECT pg_get_serial_sequence(quote_ident(%s), %s)"
        found = self._raw.execute(asked, [table.name, table.key]).fetchone()
        if found is None or found[0] is None:
            return None
        given = self._raw.execute(f"SELECT last_value, is_called FROM {found[0]}").fetchone()  # noqa: S608
        assert given is not None
        return given[0] if given[1] else 0

    def one(self, statement: str) -> Any:
        found = self._raw.execute(statement).fetchone()
        return found[0] if found else None

    def bytes_stored(self) -> int:
        return int(self.one("SELECT pg_database_size(current_database())"))


class OfSqlite:
    """In the transaction that `raw` is in."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self.server = f"SQLite {sqlite3.sqlite_version}"

    def migrations(self) -> set[type_of_migration]:
        if "django_migrations" not in self.table_names():
            return set()
        return without_gone(self._raw.execute("SELECT app, name FROM django_migrations"))

    def table_names(self) -> set[str]:
        asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        return {row[0] for row in self._raw.execute(asked)}

    def rows_of(self, table: Table) -> Iterator[bytes]:
        # The plus does nothing but keep Django's connection from making Python's dates of what is stored.
        names = ", ".join(f'+"{name}"' for name in table.names)
        asked = f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"'  # noqa: S608 - names of our own tables
        cursor = self._raw.cursor()
        cursor.row_factory = None
        cursor.execute(asked)
        rows = (row for rows in iter(lambda: cursor.fetchmany(_ROWS), []) for row in rows)
        yield from in_blocks(lines(rows, [column.kind for column in table.columns]))

    def last_number(self, table: Table) -> int | None:
        made = self.one(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table.name}'")  # noqa: S608
        if "AUTOINCREMENT" not in (made or "").upper():
            return None
        return int(self.one(f"SELECT seq FROM sqlite_sequence WHERE name = '{table.name}'") or 0)  # noqa: S608

    def one(self, statement: str) -> Any:
        found = self._raw.execute(statement).fetchone()
        return found[0] if found else None

    def bytes_stored(self) -> int:
        return int(self.one("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[Snapshot]:
    """The database that `connection` names, read by a connection of its own. Raises django.db.OperationalError."""
    if connection.vendor == "postgresql":
        own: BaseDatabaseWrapper = connection.copy()
        with closing(own):
            own.ensure_connection()
            raw: psycopg.Connection[Any] = own.connection
            raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield OfPostgres(raw)
    else:
        path = Path(str(connection.settings_dict["NAME"])).resolve()
        connection.ensure_connection()  # says what is wrong in Django's words, and has the file made
        address = f"file:{quote(str(path))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=20)) as file:
            file.execute("BEGIN")
            file.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it is one instant
            yield OfSqlite(file)
