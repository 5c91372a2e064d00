"""Deeds of governance: adopting a service model from a day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.policy.actions import record_adoption
from hovedindgang.policy.models import ModelVersion


@transaction.atomic
def adopt_model(
    *,
    version_id: int,
    valid_from: dt.date,
    actor: Actor,
    decided_on: dt.date | None = None,
    body: str = "",
    backdated: bool = False,
) -> ModelVersion:
    """Adopt a draft: from `valid_from` the day's work obeys it, and earlier days keep their own version.

    `body` decided it on `decided_on`, where a paper says so. Raises policy.rules.VersionRefused with what to do.
    """
    version = record_adoption(
        version_id=version_id,
        valid_from=valid_from,
        decided_on=decided_on,
        body=body,
        actor=actor,
        backdated=backdated,
    )
    append_event(
        verb="model.adopted",
        actor=actor,
        subject_kind="model_version",
        subject_id=version.pk,
        facts={
            "valid_from": valid_from.isoformat(),
            "decided_on": decided_on.isoformat() if decided_on else None,
        },
    )
    return version
