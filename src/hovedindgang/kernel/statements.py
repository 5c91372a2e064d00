"""Statements of the busiest deeds, which PostgreSQL parses and plans once for a connection and not each time.

That takes a session of the database's own. Behind a pooler such as PgBouncer the next transaction may be another
session's, where what was prepared is not known; there they are asked as any other.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

_own: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()  # by psycopg's connection


def often_asked(*, binary: bool = False) -> CursorWrapper:
    """A cursor for a statement whose text is always the same, and every value of which has its type in it (PostgreSQL).

    One question more for each new connection, and none for each statement. `binary`: what it finds is sent as it lies
    in the database, where it can be, and bytes are not written out as text. What is read is the same.
    """
    connection = connections[DEFAULT_DB_ALIAS]  # itself: what stands in for it looks it up for each thing asked of it
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors:  # a database that goes away just now is told as Django tells it: 503
        own = _is_own(raw)
    if connection.queries_logged or not own:  # who counts statements wants their text with its values
        return connection.cursor()
    from psycopg import Cursor  # which a house on SQLite does without
    from psycopg.pq import Format

    cursor: Any = Cursor(raw)
    if binary:
        cursor.format = Format.BINARY
    return connection.make_cursor(cursor)


def _is_own(raw: Any) -> bool:
    """Whether who answers is who let us in: a pooler gives a number of its own to each who connects to it."""
    found = _own.get(raw)
    if found is None:
        with raw.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            found = _own[raw] = cursor.fetchone()[0] == raw.info.backend_pid
        if found:
            raw.prepare_threshold = 0
    return found
