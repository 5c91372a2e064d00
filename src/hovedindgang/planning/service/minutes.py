"""How long a service takes in a channel, by what is known of it."""

from __future__ import annotations

from hovedindgang.planning.service.inputs import Work
from hovedindgang.servicemodel.document import Channel, Service


def handle_minutes(work: Work, channel: str, service: Service) -> float:
    """A generalist's: measured in the channel, else the model's, else what is known of the service elsewhere."""
    measured = work.handle_minutes.get(f"{channel}:{service.key}")
    if measured:
        return measured.value
    known = dict(service.handle_minutes.value) if service.handle_minutes else {}
    if Channel(channel) in known:
        return known[Channel(channel)]
    others = [*known.values()] or [
        one.value for key, one in work.handle_minutes.items() if key.partition(":")[2] == service.key
    ]
    return sum(others) / len(others)
