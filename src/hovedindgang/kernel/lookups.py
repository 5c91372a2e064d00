"""Every time someone sees what we hold about a citizen, it is written down with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.models import LookUp
from hovedindgang.kernel.requests import current_request_id


def log_look_up(*, actor: Actor, citizen_ids: Iterable[int | None], use: str, reason: str) -> None:
    """One row for each citizen seen; None for a search that found nobody.

    `reason` is a code and a row number ("contact:12"), never free text about her.
    """
    request_id = current_request_id()
    LookUp.objects.bulk_create(
        LookUp(
            actor_kind=actor.kind,
            actor_id=actor.id,
            citizen_id=citizen_id,
            use=use,
            reason=reason,
            request_id=request_id,
        )
        for citizen_id in citizen_ids
    )
