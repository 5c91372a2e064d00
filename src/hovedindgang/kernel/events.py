"""Append to the event log: the spine of the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.deliveries import listeners_of
from hovedindgang.kernel.models import Delivery, Event
from hovedindgang.kernel.requests import current_request_id


@dataclass(frozen=True, slots=True)
class Cause:
    """What a deed that another deed calls is about: the subject its event names."""

    kind: str
    number: int


Fact = str | int | float | bool | None | Sequence["Fact"] | Mapping[str, "Fact"]


def append_event(
    *,
    verb: str,
    actor: Actor,
    subject_kind: str,
    subject_id: int | str,
    happened_at: dt.datetime | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Event:
    """Write one event and a delivery for each of its listeners, in the transaction of the deed.

    `facts` hold keys, codes, quantities and row numbers only. Raises RuntimeError outside a transaction:
    a deed that is not atomic could leave an event without its deed.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("append_event belongs inside the deed's transaction.atomic()")
    event = Event.objects.create(
        happened_at=happened_at or clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        on_behalf_of=actor.on_behalf_of,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        request_id=current_request_id(),
        facts=dict(facts or {}),
    )
    listeners = listeners_of(verb)
    if listeners:
        subject = f"{subject_kind}:{subject_id}"
        Delivery.objects.bulk_create(Delivery(event=event, listener=name, subject=subject) for name in listeners)
    return event
