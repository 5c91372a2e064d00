"""Recompute the seals: whether the event log still says what it said when it was sealed, and where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, islice

from django.db import connection

from hovedindgang.kernel.models import DroppedMonth, Event, Log, Seal
from hovedindgang.kernel.months import DROPPED
from hovedindgang.kernel.seals import (
    FIRST_HASH,
    Progress,
    Range,
    Sealable,
    events_hash,
    events_in,
    hash_of,
    last_number_given,
    silent,
)

EVENTS_AT_ONCE = 20_000  # held in memory while their seals are recomputed
SEALS_AT_ONCE = 200
HIGHEST = 2**62  # above any row number
MOST_INSERTED = 1_000  # named one by one; that there are more is said


class Wrong(StrEnum):
    EVENT_CHANGED = "event_changed"
    EVENT_REMOVED = "event_removed"
    EVENT_INSERTED = "event_inserted"  # in a place that was sealed, or that the database never gave out
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    MONTH_DROPPED_WRONGLY = "month_dropped_wrongly"  # its seals count otherwise than the deed, or no event tells of it
    HEAD_NOT_FOUND = "head_not_found"  # the seal that was kept elsewhere is not in this chain


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed. `minute`: when it was sealed, or what an inserted event claims."""

    wrong: Wrong
    seal: int | None = None
    minute: str = ""
    events: tuple[int, ...] = ()
    month: str = ""


@dataclass(slots=True)
class Verified:
    """What recomputing came to."""

    seals: int = 0
    events: int = 0  # sealed, and as they were
    head: Seal | None = None
    findings: list[Finding] = field(default_factory=list)
    unsealed: int = 0  # committed, and not sealed yet
    oldest_unsealed: str = ""
    dropped: dict[str, tuple[int, int]] = field(default_factory=dict)  # month → events it had, deed

    @property
    def all_well(self) -> bool:
        return not self.findings


def verify(*, expect: str = "", progress: Progress = silent) -> Verified:
    """Recompute every seal and look for events that no seal holds. `progress` is told how many seals are done.

    `expect` is the head that was kept elsewhere, "NUMBER:HASH" or the hash alone: it must be in the chain, so that a
    tail cut off is seen. Changes nothing; what is written meanwhile is told as not sealed yet.
    """
    given = last_number_given()  # before the seals are read: an event given later is no concern of theirs
    months = {drop.month: drop for drop in DroppedMonth.objects.filter(log=Log.EVENTS)}
    found = Verified(dropped={month: (drop.rows, drop.deed) for month, drop in sorted(months.items())})
    covered: list[Range] = []
    counted = dict.fromkeys(months, 0)
    expected, seen = expect.rpartition(":")[2].strip().lower(), not expect
    before, number = FIRST_HASH, 0
    for some in by_events(Seal.objects.order_by("number").iterator(chunk_size=SEALS_AT_ONCE)):
        lines = lines_of([seal for seal in some if seal.month not in months])
        for seal in some:
            if seal.number != number + 1:
                found.findings.append(Finding(Wrong.SEAL_REMOVED, number + 1))
            elif seal.hash != hash_of(seal, before=before):
                found.findings.append(Finding(Wrong.SEAL_CHANGED, seal.number, seal.sealed_at[:16]))
            before, number = seal.hash, seal.number
            seen = seen or seal.hash == expected
            covered += [(first, last) for first, last in seal.ids]
            if seal.month in months:
                counted[seal.month] += seal.count
            else:
                _check(seal, lines, found)
            found.seals, found.head = found.seals + 1, seal
            progress(found.seals)
    dropped = [one for month in months for one in _ranges_of_month(month)]
    for month, count in counted.items():
        if count != months[month].rows or not _is_told(months[month], dropped):
            found.findings.append(Finding(Wrong.MONTH_DROPPED_WRONGLY, month=month))
    if not seen:
        kept = expect.rpartition(":")[0]
        found.findings.append(Finding(Wrong.HEAD_NOT_FOUND, int(kept) if kept.isdigit() else None))
    _look_between(covered, dropped, given, found)
    return found


def by_events(seals: Iterable[Seal]) -> Iterator[list[Seal]]:
    """Seals in batches of about EVENTS_AT_ONCE events."""
    left = iter(seals)
    while some := list(islice(left, 1)):
        count = some[0].count
        while count < EVENTS_AT_ONCE and len(some) < SEALS_AT_ONCE and (more := next(left, None)):
            some.append(more)
            count += more.count
        yield some


def lines_of(seals: Sequence[Seal]) -> dict[int, Sealable]:
    """The events of these seals that are there, by row number."""
    ranges = _merged((first, last) for seal in seals for first, last in seal.ids)
    return {event.id: event for event in events_in(ranges)}


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _check(seal: Seal, lines: dict[int, Sealable], found: Verified) -> None:
    numbers = [number for first, last in seal.ids for number in range(first, last + 1)]
    there = [lines[number] for number in numbers if number in lines]
    if len(there) == len(numbers) and events_hash(there) == seal.events_hash:
        found.events += len(there)
        return
    marks = bytes(seal.marks)
    changed = [
        number
        for place, number in enumerate(numbers)
        if number in lines and lines[number].mark != marks[8 * place : 8 * place + 8]
    ]
    removed = [number for number in numbers if number not in lines]
    minute = seal.sealed_at[:16]
    found.events += len(there) - len(changed)
    for wrong, events in ((Wrong.EVENT_REMOVED, removed), (Wrong.EVENT_CHANGED, changed)):
        if events:
            found.findings.append(Finding(wrong, seal.number, minute, tuple(events)))
    if not removed and not changed:  # the events are as their marks say, so the seal is what was changed
        found.findings.append(Finding(Wrong.SEAL_CHANGED, seal.number, minute))


def _is_told(drop: DroppedMonth, dropped: list[Range]) -> bool:
    """The event that tells of the drop is there, or has been dropped in its turn."""
    told = Event.objects.filter(pk=drop.deed, verb=DROPPED, subject_id=drop.month).exists()
    return told or any(first <= drop.deed <= last for first, last in dropped)


def _ranges_of_month(month: str) -> list[Range]:
    return [(first, last) for seal in Seal.objects.filter(month=month).iterator() for first, last in seal.ids]


def _look_between(covered: list[Range], dropped: list[Range], given: int, found: Verified) -> None:
    """Events that no seal holds: waiting for one, or put in where nobody could have put them.

    Also those whose month was dropped with them: their numbers must be unused.
    """
    high = found.head.high if found.head else 0
    open_gaps = [(gap[0], gap[1]) for gap in found.head.open_gaps] if found.head else []
    outside, after = [], -HIGHEST
    for first, last in _merged([*covered, *open_gaps]):
        if first > after:
            outside.append((after, first - 1))
        after = last + 1
    outside.append((after, high))
    # Beyond what the database has given: what it gave while we looked is left out again.
    outside += [*_merged(dropped), (max(given, high) + 1, HIGHEST)]
    looked = events_in([one for one in outside if one[0] <= one[1]], limit=MOST_INSERTED)
    given_by_now = last_number_given()
    inserted = [event for event in looked if not high < event.id <= given_by_now]
    for minute, events in groupby(inserted, key=lambda event: event.recorded_at[:16]):
        found.findings.append(Finding(Wrong.EVENT_INSERTED, None, minute, tuple(event.id for event in events)))
    found.unsealed, found.oldest_unsealed = _waiting([*open_gaps, (high + 1, given)])


def _waiting(ranges: list[Range]) -> tuple[int, str]:
    """How many events wait for a seal, and when the first of them was recorded."""
    count, oldest = 0, ""
    for first, last in ranges:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), min(id) FROM kernel_event WHERE id BETWEEN %s AND %s", [first, last])
            some, lowest = cursor.fetchone()
        if some:
            count += some
            at = events_in([(lowest, lowest)])[0].recorded_at
            oldest = min(filter(None, (oldest, at)))
    return count, oldest
