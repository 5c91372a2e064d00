"""Every time someone sees what we hold about a citizen, it is written down with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.requests import current_request_id

# Plain SQL, since every page with a citizen on it writes one.
_INTO = "INSERT INTO kernel_lookup (actor_kind, actor_id, citizen_id, use, reason, request_id) VALUES "
_ROW = "(%s, %s, %s, %s, %s, %s)"
MOST_AT_ONCE = 100  # rows of one statement: SQLite takes no endless number of parameters


def log_look_up(*, actor: Actor, citizen_ids: Iterable[int | None], use: str, reason: str) -> None:
    """One row for each citizen seen; None for a search that found nobody.

    `reason` is a code and a row number ("contact:12"), never free text about her.
    """
    request_id = current_request_id()
    request = request_id if connection.features.has_native_uuid_field else request_id.hex
    rows = [(actor.kind, actor.id, citizen_id, use, reason, request) for citizen_id in citizen_ids]
    with connection.cursor() as cursor:
        for first in range(0, len(rows), MOST_AT_ONCE):
            some = rows[first : first + MOST_AT_ONCE]
            cursor.execute(_INTO + ", ".join([_ROW] * len(some)), [value for row in some for value in row])


def look_up_as_json(*, actor: Actor, use: str, reason: str) -> dict[str, object]:
    """The same for a function of PostgreSQL that shows one citizen and logs it in its own statement."""
    return {
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "use": use,
        "reason": reason,
        "request_id": str(current_request_id()),
    }
