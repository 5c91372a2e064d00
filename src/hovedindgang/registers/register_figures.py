"""What a register of tickets, calls or messages says: volumes, peaks, waits, and who left before an answer. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hovedindgang.registers.figures import POOLED, Spread, Volume, spread, volume
from hovedindgang.registers.instants import real_seconds
from hovedindgang.registers.record_rows import Record
from hovedindgang.registers.rules import Result

WAIT_LIMITS = (5, 10, 20, 30)  # minutes


@dataclass(frozen=True, slots=True)
class QueueFigures:
    arrived: int
    answered: int
    left: int
    wait: Spread  # minutes, of those answered
    handling: Spread  # minutes, from called to ended


@dataclass(frozen=True, slots=True)
class RegisterFigures:
    records: int
    first_at: dt.datetime
    last_at: dt.datetime
    arrivals: Volume
    channels: dict[str, int]
    kinds: dict[str, int]
    results: dict[str, int]
    whole: QueueFigures
    queues: dict[str, QueueFigures]  # queue → figures; most arrivals first; "" = not said
    locations: dict[str, int]
    wait_by_hour: dict[int, Spread]  # local hour of arrival → minutes
    waited_at_most: dict[int, int]  # limit in minutes → answered within it
    registrations: dict[int, int]  # matters registered on one ticket → tickets
    sent_on: int | None = None  # who was sent on; None: nothing tells


def register_figures(
    records: Sequence[Record],
    zone: ZoneInfo,
    pooled: frozenset[str] = frozenset(),
    pooled_locations: frozenset[str] = frozenset(),
    *,
    tells_sent_on: bool = False,
) -> RegisterFigures:
    """Everything the report says of a register; hours and weekdays are of `zone`.

    `tells_sent_on`: whether the records know who was sent on.
    """
    by_queue: dict[str, list[Record]] = defaultdict(list)
    by_hour: dict[int, list[float]] = defaultdict(list)
    for record in records:
        by_queue[POOLED if record.queue in pooled else record.queue].append(record)
        if record.called_at:
            by_hour[record.came_at.astimezone(zone).hour].append(wait_minutes(record))
    waits = [wait_minutes(record) for record in records if record.called_at]
    places = Counter(POOLED if record.location in pooled_locations else record.location for record in records)
    return RegisterFigures(
        records=len(records),
        first_at=min(record.came_at for record in records).astimezone(zone),
        last_at=max(record.came_at for record in records).astimezone(zone),
        arrivals=volume(record.came_at.astimezone(zone) for record in records),
        channels=dict(Counter(record.channel for record in records).most_common()),
        kinds=dict(Counter(record.kind for record in records).most_common()),
        results=dict(Counter(record.result for record in records).most_common()),
        whole=_queue(records),
        queues={name: _queue(of) for name, of in sorted(by_queue.items(), key=lambda pair: (-len(pair[1]), pair[0]))},
        locations=dict(places.most_common()),
        wait_by_hour={hour: spread(found) for hour, found in sorted(by_hour.items())},
        waited_at_most={limit: sum(wait <= limit for wait in waits) for limit in WAIT_LIMITS} if waits else {},
        registrations=dict(sorted(Counter(record.registrations for record in records).items())),
        sent_on=sum(record.sent_on for record in records) if tells_sent_on else None,
    )


def wait_minutes(record: Record) -> float:
    """From arrival to being called or answered. The record must have been."""
    assert record.called_at is not None
    return real_seconds(record.came_at, record.called_at) / 60


def _queue(records: Iterable[Record]) -> QueueFigures:
    records = list(records)
    called = [record for record in records if record.called_at]
    handled = [real_seconds(r.called_at, r.ended_at) / 60 for r in called if r.ended_at and r.called_at]
    return QueueFigures(
        arrived=len(records),
        answered=sum(record.result == Result.ANSWERED for record in records),
        left=sum(record.result == Result.LEFT for record in records),
        wait=spread(wait_minutes(record) for record in called),
        handling=spread(handled),
    )
