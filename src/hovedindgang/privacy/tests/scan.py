"""Look for a word in everything a database keeps: every table and every column, known to us or not."""

from __future__ import annotations

from django.db import connection


def places_of(*words: str) -> list[str]:
    """ "table.column: word" for each place where a word stands, as text or as bytes."""
    found = []
    with connection.cursor() as cursor:
        for table in _tables(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    held = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    found += [f"{table}.{name}: {word}" for word in words if word.encode() in held]
    return found


def _tables(cursor: object) -> list[str]:
    if connection.vendor == "postgresql":
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")  # type: ignore[attr-defined]
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")  # type: ignore[attr-defined]
    return [row[0] for row in cursor.fetchall()]  # type: ignore[attr-defined]
