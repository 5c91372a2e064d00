"""Write many rows at once: COPY on PostgreSQL, executemany on SQLite. Inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from hovedindgang.registers.models import ImportedFile

_BATCH = 10_000
_ARRIVING = "arriving"  # beside the table: rows of which some may be there already
Rows = Iterable[Sequence[object]]
Progress = Callable[[int], None] | None


def one_import_at_a_time() -> None:
    """Wait until no other import is at work, until the end of the transaction. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(ImportedFile._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Rows, progress: Progress = None) -> int:
    """Write `rows` (values in the order of `columns`), all of them new, and give their number.

    `progress` is told the rows written so far.
    """
    return _put(connection.ops.quote_name(model._meta.db_table), columns, rows, progress)


def set_beside(model: type[models.Model], columns: Sequence[str], rows: Rows, progress: Progress = None) -> str:
    """Write `rows` to a table of its own for this transaction, shaped as the model's, and give its name."""
    names, table = _listed(columns), connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_ARRIVING}")
        cursor.execute(f"CREATE TEMPORARY TABLE {_ARRIVING} AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608 - names of ours
    _put(_ARRIVING, columns, rows, progress)
    return _ARRIVING


def take_up(model: type[models.Model], columns: Sequence[str]) -> int:
    """Move what was set beside into the model's table, and give the number of those that were new.

    A row whose unique key is there already is left as it is.
    """
    names, table = _listed(columns), connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # SQLite cannot tell ON CONFLICT from a join's ON without a WHERE. Not INSERT OR IGNORE: it would also let
        # rows disappear that break a check.
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {_ARRIVING} WHERE TRUE ON CONFLICT DO NOTHING"  # noqa: S608 - names of ours
        )
        new = cursor.rowcount
        cursor.execute(f"DROP TABLE {_ARRIVING}")
    return new


def _put(table: str, columns: Sequence[str], rows: Rows, progress: Progress) -> int:
    put = _copied if connection.vendor == "postgresql" else _executed
    return put(table, columns, rows, progress)


def _copied(table: str, columns: Sequence[str], rows: Rows, progress: Progress) -> int:
    written = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_listed(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
            if progress and written % _BATCH == 0:
                progress(written)
    return written


def _executed(table: str, columns: Sequence[str], rows: Rows, progress: Progress) -> int:
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({_listed(columns)}) VALUES ({places})"  # noqa: S608 - names of ours
    written = 0
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, _BATCH)):
            cursor.executemany(statement, [_as_text(row) for row in batch])
            written += len(batch)
            if progress:
                progress(written)
    return written


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


def _as_text(row: Sequence[object]) -> list[Any]:
    """Instants as SQLite keeps them in this house: UTC without an offset."""
    return [str(v.astimezone(dt.UTC).replace(tzinfo=None)) if isinstance(v, dt.datetime) else v for v in row]
