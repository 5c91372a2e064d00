"""Rows put into empty tables, in one transaction: all of them as they were, or none.

Foreign keys, indexes and triggers stand aside while rows come in, since rows were checked when they were written and
a table is indexed faster when it is full. They are made again, word for word, in the same transaction; a database that
is in use was never without them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from hovedindgang.site.backups.archive import Damaged, Reading, TableEntry
from hovedindgang.site.backups.canonical import values
from hovedindgang.site.backups.snapshot import OfPostgres, OfSqlite, Snapshot

Told = Callable[[str, int], None]  # a table has been loaded: its name and its rows


def load(connection: BaseDatabaseWrapper, archive: Reading, told: Told) -> None:
    """Fill the tables and compare each one's hash with the manifest's. Within a transaction; raises CannotRestore."""
    if connection.vendor == "postgresql":
        _load_postgres(connection.connection, archive, told)
    else:
        _load_sqlite(connection.connection, archive, told)


def _compare(kept: Snapshot, entry: TableEntry) -> None:
    found, rows = hashlib.sha256(), 0
    for block in kept.rows_of(entry.table):
        found.update(block)
        rows += block.count(b"\n")
    if (rows, found.hexdigest()) != (entry.rows, entry.sha256):
        raise Damaged(entry.name)


# ---------------------------------------------------------------------------------------------------- PostgreSQL

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
# One with a condition stays: it is small, and PostgreSQL would spell its condition in other words the second time.
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = current_schema()::regnamespace AND indpred IS NULL AND indexprs IS NULL
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""


def _load_postgres(raw: psycopg.Connection[Any], archive: Reading, told: Told) -> None:
    entries = archive.manifest.tables
    kept = OfPostgres(raw)
    raw.execute("SET LOCAL maintenance_work_mem = '256MB'")
    with _standing_aside(raw, entries):
        names = sql.SQL(", ").join(sql.Identifier(entry.name) for entry in entries)
        raw.execute(sql.SQL("TRUNCATE {}").format(names))
        for entry in entries:
            _copy_in(raw, entry, archive.rows_of(entry))
            told(entry.name, entry.rows)
    _mark_everything(raw)
    for entry in entries:
        _compare(kept, entry)
        if entry.last_number is not None:
            asked = "SELECT setval(pg_get_serial_sequence(quote_ident(%s), %s), greatest(%s, 1), %s)"
            raw.execute(asked, [entry.name, entry.key, entry.last_number, entry.last_number > 0])


def _mark_everything(raw: psycopg.Connection[Any]) -> None:
    """What histories show is to be made; of a backup from before they were kept, the migration says so."""
    if raw.execute("SELECT to_regproc('contacts_mark_everything')").fetchone() != (None,):
        raw.execute("TRUNCATE contacts_kepthistory, contacts_historytomake")
        raw.execute("SELECT contacts_mark_everything()")


def _copy_in(raw: psycopg.Connection[Any], entry: TableEntry, blocks: Iterable[bytes]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, entry.table.names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(entry.name), columns)
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copied:
            for block in blocks:
                copied.write(block)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise Damaged(entry.name) from error


@contextmanager
def _standing_aside(raw: psycopg.Connection[Any], entries: list[TableEntry]) -> Iterator[None]:
    keys = raw.execute(_FOREIGN_KEYS).fetchall()
    for table, name, _definition in keys:
        raw.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = raw.execute(_INDEXES).fetchall()
    for name, _definition in indexes:
        raw.execute(f"DROP INDEX {name}")
    for entry in entries:
        raw.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(entry.name)))
    yield
    for entry in entries:
        raw.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(entry.name)))
    for _name, definition in indexes:
        raw.execute(definition)
    for table, name, definition in keys:
        raw.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


# -------------------------------------------------------------------------------------------------------- SQLite


def _load_sqlite(raw: sqlite3.Connection, archive: Reading, told: Told) -> None:
    entries = archive.manifest.tables
    asked = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    aside = raw.execute(asked).fetchall()
    for kind, name, _definition in aside:
        raw.execute(f'DROP {kind} "{name}"')
    for entry in entries:
        raw.execute(f'DELETE FROM "{entry.name}"')  # noqa: S608 - the names of our own tables
        _insert(raw, entry, archive.rows_of(entry))
        told(entry.name, entry.rows)
    for _kind, _name, definition in aside:
        raw.execute(definition)
    # The index of words is kept by triggers, which stood aside: it is made from the rows.
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").fetchall():
        raw.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608
    kept = OfSqlite(raw)
    for entry in entries:
        _compare(kept, entry)
        if entry.last_number is not None:
            raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", [entry.name])
            raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [entry.name, entry.last_number])
    if broken := raw.execute('SELECT "table" FROM pragma_foreign_key_check LIMIT 1').fetchone():
        raise Damaged(broken[0])


def _insert(raw: sqlite3.Connection, entry: TableEntry, blocks: Iterable[bytes]) -> None:
    kinds = [column.kind for column in entry.table.columns]
    names = ", ".join(f'"{name}"' for name in entry.table.names)
    places = ", ".join("?" * len(kinds))
    statement = f'INSERT INTO "{entry.name}" ({names}) VALUES ({places})'  # noqa: S608
    try:
        raw.executemany(statement, (values(line, kinds) for line in _lines_of(blocks)))
    except (ValueError, KeyError, sqlite3.IntegrityError) as error:
        raise Damaged(entry.name) from error


def _lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        whole = (rest + block).split(b"\n")
        rest = whole.pop()
        yield from whole
    if rest:
        raise ValueError("the last line is not whole")
