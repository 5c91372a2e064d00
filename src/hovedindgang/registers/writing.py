"""Write many rows at once: COPY on PostgreSQL, executemany on SQLite. Inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from hovedindgang.registers.models import ImportedFile

_BATCH = 10_000


def one_import_at_a_time() -> None:
    """Wait until no other import is at work, until the end of the transaction. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(ImportedFile._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def write_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    skip_known: bool = False,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write `rows` (values in the order of `columns`) and give the number of those that were new.

    `skip_known`: a row whose unique key is there already is left as it is. `progress` is told the rows written so far.
    """
    if connection.vendor == "postgresql":
        return _copied(model, columns, rows, skip_known, progress)
    return _executed(model, columns, rows, skip_known, progress)


def _copied(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    skip_known: bool,
    progress: Callable[[int], None] | None,
) -> int:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    target = "arriving" if skip_known else table
    with connection.cursor() as cursor:
        if skip_known:
            # COPY knows no ON CONFLICT, so the rows arrive beside the table; the transaction's end drops it.
            like = f"SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608 - names of ours
            cursor.execute(f"CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS {like}")
        written = 0
        with cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                written += 1
                if progress and written % _BATCH == 0:
                    progress(written)
        if skip_known:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving ON CONFLICT DO NOTHING"  # noqa: S608 - names of ours
            )
            written = cursor.rowcount
            cursor.execute("DROP TABLE arriving")
    return written


def _executed(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    skip_known: bool,
    progress: Callable[[int], None] | None,
) -> int:
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    # Not INSERT OR IGNORE: that would also let rows disappear that break a check.
    known = " ON CONFLICT DO NOTHING" if skip_known else ""
    target = quote(model._meta.db_table)
    statement = f"INSERT INTO {target} ({names}) VALUES ({places}){known}"  # noqa: S608 - names of ours
    written = new = 0
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, _BATCH)):
            cursor.executemany(statement, [_as_text(row) for row in batch])
            written, new = written + len(batch), new + cursor.rowcount
            if progress:
                progress(written)
    return new


def _as_text(row: Sequence[object]) -> list[Any]:
    """Instants as SQLite keeps them in this house: UTC without an offset."""
    return [str(v.astimezone(dt.UTC).replace(tzinfo=None)) if isinstance(v, dt.datetime) else v for v in row]
