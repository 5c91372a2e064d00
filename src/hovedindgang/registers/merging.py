"""Records that may have come before, in an earlier file of the same system: known by their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from hovedindgang.registers.models import ImportedFile, RecordedContact
from hovedindgang.registers.writing import Progress, Rows, set_beside, take_up

# What came later says more where the record was not done yet: who waited was called, who was called went home.
_FURTHER = """
    (held.result = 'open' AND come.result <> 'open')
    OR (held.called_at IS NULL AND held.ended_at IS NULL AND come.called_at IS NOT NULL)
    OR (held.ended_at IS NULL AND come.ended_at IS NOT NULL)
    OR come.registrations > held.registrations
"""
_BRING_UP_TO_DATE = """
UPDATE {table} AS held SET
    result = CASE WHEN (held.result = 'open' OR held.ended_at IS NULL) AND come.result <> 'open'
                  THEN come.result ELSE held.result END,
    called_at = CASE WHEN held.ended_at IS NULL THEN COALESCE(held.called_at, come.called_at) ELSE held.called_at END,
    ended_at = COALESCE(held.ended_at, come.ended_at),
    registrations = CASE WHEN come.registrations > held.registrations
                         THEN come.registrations ELSE held.registrations END
FROM {arriving} AS come
WHERE held.system = come.system AND held.external_id = come.external_id AND ({further})
"""
_OTHERS = """
SELECT COUNT(*), MIN(held.file_id) FROM {table} AS held
JOIN {arriving} AS come ON held.system = come.system AND held.external_id = come.external_id
WHERE held.kind <> come.kind OR held.came_at <> come.came_at
"""


class Merged(NamedTuple):
    new: int
    changed: int  # known records that this file says more about


class NumbersOfOthers(ValueError):
    """Numbers that the system has given already to something that came at another time, or is of another kind."""

    def __init__(self, count: int, file: ImportedFile) -> None:
        self.count, self.file = count, file
        super().__init__(f"{count} numbers are used in file {file.pk}")


def merge_records(columns: Sequence[str], rows: Rows, *, same_arrival: bool, progress: Progress = None) -> Merged:
    """Write the new ones, and bring up to date those that were not done when they came before.

    `same_arrival`: a number is of one record only if that came at one moment; raises NumbersOfOthers where it did
    not. Without it the number alone decides: of a call under way at midnight each file knows its own part.
    """
    arriving = set_beside(RecordedContact, columns, rows, progress)
    names = {"table": connection.ops.quote_name(RecordedContact._meta.db_table), "arriving": arriving}
    with connection.cursor() as cursor:
        if same_arrival:
            cursor.execute(_OTHERS.format(**names))
            others, file_id = cursor.fetchone()
            if others:
                raise NumbersOfOthers(others, ImportedFile.objects.get(pk=file_id))
        cursor.execute(_BRING_UP_TO_DATE.format(further=_FURTHER, **names))
        changed = cursor.rowcount
    return Merged(take_up(RecordedContact, columns), changed)
