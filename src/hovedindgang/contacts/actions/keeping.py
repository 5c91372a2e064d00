"""Make the kept page of a history anew, where something on it changed. PostgreSQL alone; SQLite keeps nothing of it.

What is old, the database says itself (migration 0028), and until it is made a history is read as it stands in the
tables: nobody ever sees an old one (`docs/decisions/histories-are-kept.md`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

AT_ONCE = 500  # marks in one transaction: a fraction of a second
SECONDS = 10.0  # then whatever else the worker does has its turn


def make_histories(*, seconds: float = SECONDS) -> int:
    """Make pages until nothing is marked, or for so long; gives how many marks were worked off. The worker's job.

    Housekeeping and no deed: it leaves no event. Killed anywhere, what it had not made is still marked.
    """
    if connection.vendor != "postgresql":
        return 0
    until, total = time.monotonic() + seconds, 0
    while done := _some():
        total += done
        if time.monotonic() > until:
            break
    return total


def make_all_histories() -> int:
    """As `make_histories`, however long it takes; for commands that have filled the house."""
    return make_histories(seconds=float("inf"))


@contextmanager
def marked_at_once(citizens: Iterable[int]) -> Iterator[None]:
    """Within the block new contacts are written without a trigger for each row; at its end these are marked instead.

    `citizens`: row numbers of all whose history shows one of them. Belongs in a transaction.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hovedindgang.marks_itself = 'yes'")
        yield
        cursor.execute("SET LOCAL hovedindgang.marks_itself = 'no'")
        with cursor.copy("COPY contacts_historytomake (citizen_id) FROM STDIN") as copy:
            for citizen in sorted(citizens):
                copy.write_row((citizen,))


def mark_everything() -> None:
    """All pages are to be made: for whoever has filled the tables past their triggers."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT contacts_mark_everything()")


@transaction.atomic
def _some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # what is lost is made again
        cursor.execute("SELECT contacts_make_histories(%s)", [AT_ONCE])
        done: int = cursor.fetchone()[0]
    return done
