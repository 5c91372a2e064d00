"""Deliveries: what listeners must be told, kept beside the events until it is done.

A worker leases waiting rows, beats while it works, and marks them done. A lease that runs out goes back; what
fails is tried again with growing pauses and at last quarantined for a person. Deliveries of one subject to one
listener keep their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hovedindgang.kernel.models import Delivery

_LISTENERS: dict[str, tuple[str, ...]] = {}


def listen(table: Mapping[str, tuple[str, ...]]) -> None:
    """Set the table of who listens: verb → dotted paths of functions that take an `Event`."""
    _LISTENERS.clear()
    _LISTENERS.update(table)


def listeners_of(verb: str) -> tuple[str, ...]:
    return _LISTENERS.get(verb, ())


def forget_errors(*, subjects: Iterable[str]) -> int:
    """What a failed delivery said of these subjects goes; that it failed, and how often, stays. Gives how many."""
    return Delivery.objects.filter(subject__in=list(subjects)).exclude(error="").update(error="")
