"""Every time someone sees what we hold about a citizen, it is written down with the reason."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import connection

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.requests import current_request_id

# One statement that others can join to their own (`WITH logged AS (...) SELECT ...`): what is seen and that it was seen
# are then one round trip. It is plain SQL, since every page with a citizen on it writes one.
_INTO = "INSERT INTO kernel_lookup (actor_kind, actor_id, citizen_id, use, reason, request_id)"
_ROW = "(%s, %s, %s, %s, %s, %s)"
LOOK_UP = f"{_INTO} SELECT %s, CAST(%s AS bigint), CAST(%s AS bigint), %s, %s, %s"
MOST_AT_ONCE = 100  # rows of one statement: SQLite takes no endless number of parameters

Parameter = str | int | uuid.UUID | None


def look_up_row(*, actor: Actor, citizen_id: int | None, use: str, reason: str) -> tuple[Parameter, ...]:
    """The parameters of `LOOK_UP`. `reason` is a code and a row number ("contact:12"), never free text about her."""
    request_id = current_request_id()
    return (
        actor.kind,
        actor.id,
        citizen_id,
        use,
        reason,
        request_id if connection.features.has_native_uuid_field else request_id.hex,
    )


def log_look_up(*, actor: Actor, citizen_ids: Iterable[int | None], use: str, reason: str) -> None:
    """One row for each citizen seen; None for a search that found nobody. `reason` as in `look_up_row`."""
    rows = [look_up_row(actor=actor, citizen_id=citizen_id, use=use, reason=reason) for citizen_id in citizen_ids]
    with connection.cursor() as cursor:
        for first in range(0, len(rows), MOST_AT_ONCE):
            some = rows[first : first + MOST_AT_ONCE]
            cursor.execute(f"{_INTO} VALUES {', '.join([_ROW] * len(some))}", [value for row in some for value in row])
