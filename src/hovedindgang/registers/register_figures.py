"""What a register of tickets, calls or messages says: volumes, peaks, waits, and who left before an answer. Pure."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from hovedindgang.registers.figures import POOLED, Spread, Volume, spread
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
    records: Iterable[Record],
    zone: ZoneInfo,
    pooled: frozenset[str] = frozenset(),
    pooled_locations: frozenset[str] = frozenset(),
    *,
    tells_sent_on: bool = False,
) -> RegisterFigures:
    """Everything the report says of a register; hours and weekdays are of `zone`. There must be a record.

    The records are gone through once and none is held: of each only what it took, at most three numbers.
    `tells_sent_on`: whether the records know who was sent on.
    """
    by_queue: dict[str, _Counted] = defaultdict(_Counted)
    wait_by_hour: dict[int, array[float]] = defaultdict(_numbers)
    hours: Counter[tuple[dt.date, int]] = Counter()
    channels, kinds, results, places = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    registrations: Counter[int] = Counter()
    first_at, last_at, sent_on = _LAST, _FIRST, 0
    for record in records:
        first_at, last_at = min(first_at, record.came_at), max(last_at, record.came_at)
        arrived = record.came_at.astimezone(zone)
        hours[arrived.date(), arrived.hour] += 1
        channels[record.channel] += 1
        kinds[record.kind] += 1
        results[record.result] += 1
        places[POOLED if record.location in pooled_locations else record.location] += 1
        registrations[record.registrations] += 1
        sent_on += record.sent_on
        by_queue[POOLED if record.queue in pooled else record.queue].count(record)
        if record.called_at:
            wait_by_hour[arrived.hour].append(wait_minutes(record))
    queues = sorted(by_queue.items(), key=lambda pair: (-pair[1].arrived, pair[0]))
    waits = _together(wait_by_hour.values())
    return RegisterFigures(
        records=hours.total(),
        first_at=first_at.astimezone(zone),
        last_at=last_at.astimezone(zone),
        arrivals=Volume.of(hours),
        channels=dict(channels.most_common()),
        kinds=dict(kinds.most_common()),
        results=dict(results.most_common()),
        whole=QueueFigures(
            arrived=hours.total(),
            answered=results[Result.ANSWERED],
            left=results[Result.LEFT],
            wait=spread(waits),
            handling=spread(_together(queue.handled for queue in by_queue.values())),
        ),
        queues={name: queue.figures() for name, queue in queues},
        locations=dict(places.most_common()),
        wait_by_hour={hour: spread(found) for hour, found in sorted(wait_by_hour.items())},
        waited_at_most={limit: sum(wait <= limit for wait in waits) for limit in WAIT_LIMITS} if waits else {},
        registrations=dict(sorted(registrations.items())),
        sent_on=sent_on if tells_sent_on else None,
    )


_FIRST, _LAST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


def wait_minutes(record: Record) -> float:
    """From arrival to being called or answered. The record must have been."""
    assert record.called_at is not None
    return real_seconds(record.came_at, record.called_at) / 60


def _numbers() -> array[float]:
    return array("d")  # a register has as many as it has records: eight bytes each, not thirty-two


def _together(several: Iterable[array[float]]) -> array[float]:
    whole = _numbers()
    for one in several:
        whole.extend(one)
    return whole


@dataclass(slots=True)
class _Counted:
    """What the records of one queue come to while they go by."""

    arrived: int = 0
    answered: int = 0
    left: int = 0
    waited: array[float] = field(default_factory=_numbers)  # minutes
    handled: array[float] = field(default_factory=_numbers)

    def count(self, record: Record) -> None:
        self.arrived += 1
        self.answered += record.result == Result.ANSWERED
        self.left += record.result == Result.LEFT
        if record.called_at:
            self.waited.append(wait_minutes(record))
            if record.ended_at:
                self.handled.append(real_seconds(record.called_at, record.ended_at) / 60)

    def figures(self) -> QueueFigures:
        return QueueFigures(self.arrived, self.answered, self.left, spread(self.waited), spread(self.handled))
