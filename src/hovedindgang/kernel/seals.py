"""Seals: each minute a checksum over what was committed since the last one, so that a later change is seen.

Row numbers become visible out of order: a deed that began earlier may commit later. So a seal names exactly the row
numbers it holds, and those below its highest that nobody has used stay open gaps. What appears in one is sealed then;
a gap is closed when no transaction is left that could have been at it. What appears after that was put in by hand.

The bytes are the same on both databases and under every version of their drivers: docs/decisions/seals.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, connection, transaction

from hovedindgang.kernel import clock
from hovedindgang.kernel.models import Seal

PIECE = 2_000  # events of one seal at most: read and hashed without a lock, written in a moment
GAP_STAYS_OPEN = dt.timedelta(minutes=10)  # at least, after which nobody is between drawing a number and using it
FIRST_HASH = "0" * 64  # what the first seal has in the place of a seal before it
RANGES_ASKED = 50  # ranges of row numbers in one question

_COLUMNS = {
    "postgresql": """id, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor_kind, actor_id, on_behalf_of,
        verb, subject_kind, subject_id, request_id::text, facts::text""",
    "sqlite": """id, CAST(recorded_at AS TEXT), CAST(happened_at AS TEXT), actor_kind, actor_id, on_behalf_of,
        verb, subject_kind, subject_id, CAST(request_id AS TEXT), CAST(facts AS TEXT)""",
}

Progress = Callable[[int], object]
Range = tuple[int, int]  # first and last row number, both included


def silent(_done: int) -> None:
    """Nobody is watching."""


@dataclass(frozen=True, slots=True)
class Sealable:
    """One event as it is sealed."""

    id: int
    recorded_at: str  # as in the canonical bytes
    line: bytes  # the canonical bytes

    @property
    def month(self) -> str:
        return self.recorded_at[:7]

    @property
    def mark(self) -> bytes:
        return hashlib.sha256(self.line).digest()[:8]


# -------------------------------------------------------------------------------------------------- canonical bytes


def instant_text(written: str) -> str:
    """An instant as SQLite keeps it, in the one form: 2026-03-11T09:00:00.000000Z."""
    day, _, time = written.replace("T", " ").partition(" ")
    whole, _, part = time.partition(".")
    return f"{day}T{whole}.{part.rstrip('Z'):0<6}Z"


def facts_text(written: str) -> str:
    """JSON with sorted keys, no spaces, ASCII alone, and numbers without exponent or idle zeros.

    PostgreSQL keeps a number as a decimal and SQLite as it was typed: 1.50, 1.5 and 15e-1 are one number.
    """
    odd: list[Decimal] = []

    def number(text: str) -> Decimal:
        odd.append(Decimal(text))
        return odd[-1]

    try:
        facts = json.loads(written, parse_float=number)
    except ValueError:  # no JSON at all: someone has been at it
        return json.dumps({"unreadable": written})
    return json_text(facts) if odd else json.dumps(facts, sort_keys=True, separators=(",", ":"))


def json_text(value: Any) -> str:
    """A value of an event as in the canonical bytes; numbers that are not whole must be decimals."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{json_text(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    return json.dumps(value)


def canonical(row: Sequence[Any]) -> Sealable:
    """The bytes of an event, from its columns as text in the order of the table."""
    number, recorded_at, happened_at, *others, request_id, facts = row
    if connection.vendor == "sqlite":
        recorded_at, happened_at = instant_text(str(recorded_at)), instant_text(str(happened_at))
    head = json.dumps(
        [number, recorded_at, happened_at, *others, str(request_id).replace("-", "")],
        separators=(",", ":"),
        default=str,
    )
    return Sealable(number, recorded_at, f"{head[:-1]},{facts_text(str(facts))}]\n".encode())


def events_hash(events: Iterable[Sealable]) -> str:
    digest = hashlib.sha256()
    for event in events:
        digest.update(event.line)
    return digest.hexdigest()


def hash_of(seal: Seal, *, before: str) -> str:
    """What `seal.hash` must be when the hash of the seal before it is `before`."""
    said = [
        "hovedindgang seal 1", before, seal.number, seal.sealed_at, seal.month, seal.count, seal.ids, seal.first_at,
        seal.last_at, seal.high, seal.open_gaps, bytes(seal.marks).hex(), seal.events_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


# ---------------------------------------------------------------------------------------------------------- reading


def events_in(ranges: Sequence[Range], *, limit: int | None = None) -> list[Sealable]:
    """The events whose row numbers lie in `ranges`, by row number; at most `limit` of them."""
    found: list[Sealable] = []
    for start in range(0, len(ranges), RANGES_ASKED):
        some = ranges[start : start + RANGES_ASKED]
        where = " OR ".join(["id BETWEEN %s AND %s"] * len(some))
        left = None if limit is None else limit - len(found)
        if left is not None and left <= 0:
            break
        found += _read(where, [bound for one in some for bound in one], left)
    return found


def _events_after(number: int, *, up_to: int, limit: int) -> list[Sealable]:
    return _read("id > %s AND id <= %s", [number, up_to], limit)


def _read(where: str, values: Sequence[int], limit: int | None) -> list[Sealable]:
    at_most = "" if limit is None else f" LIMIT {limit:d}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS[connection.vendor]} FROM kernel_event WHERE {where} ORDER BY id{at_most}",  # noqa: S608
            values,
        )
        return [canonical(row) for row in cursor.fetchall()]


def last_number_given() -> int:
    """The highest row number that the database itself has given an event; what lies above was put in by hand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT last_value FROM kernel_event_id_seq")
        else:
            cursor.execute("SELECT coalesce(max(id), 0) FROM kernel_event")
        number: int = cursor.fetchone()[0]
        return number


def _transactions() -> tuple[int, int] | None:
    """Every transaction below the first is over; none at or above the second has begun. None: one writer at a time."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint "
            "FROM pg_current_snapshot() AS now"
        )
        oldest, newest = cursor.fetchone()
        return oldest, newest


# ---------------------------------------------------------------------------------------------------------- sealing


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def seal_events(*, seconds: float | None = None, progress: Progress = silent) -> int:
    """Seal all that is committed and not sealed yet; gives how many events. Safe to repeat, to kill and to run twice:
    whoever comes second finds the number taken, and has done nothing. After `seconds` the rest waits for the next time.
    """
    total, until = 0, None if seconds is None else time.monotonic() + seconds
    while (done := _seal_piece()) is not None:
        total += done
        progress(total)
        if until is not None and time.monotonic() > until:
            break
    return total


def seal_minute() -> int:
    """The worker's job; deliveries wait no longer for it than two seconds."""
    return seal_events(seconds=2)


def _seal_piece() -> int | None:
    """The next seals, of at most PIECE events; None when there is nothing left to seal or to close."""
    last = last_seal()
    high, gaps = (last.high, [tuple(gap) for gap in last.open_gaps]) if last else (0, [])
    before = _transactions()  # read before looking: what is over by now is visible below
    now = instant(clock.now())
    fresh = _events_after(high, up_to=last_number_given(), limit=PIECE)
    late = events_in([(gap[0], gap[1]) for gap in gaps], limit=PIECE)
    after = _transactions()  # read after looking: whoever is at a number we did not see is below
    left = [part for gap in gaps for part in _without(gap, [event.id for event in late])]
    if len(late) < PIECE:
        left = [gap for gap in left if not _is_over(gap, before, now)]
    left += _gaps_between(high, [event.id for event in fresh], after, now)
    if not fresh and not late and len(left) == len(gaps):
        return None
    high = fresh[-1].id if fresh else high
    try:
        with transaction.atomic():
            for events in _by_month([*late, *fresh]):
                last = _write(events, last=last, high=high, gaps=left, now=now)
    except IntegrityError:  # another worker took the number
        return None
    return len(late) + len(fresh)


def _by_month(events: Iterable[Sealable]) -> list[list[Sealable]]:
    in_order = sorted(events, key=attrgetter("month", "id"))
    return [list(group) for _month, group in groupby(in_order, key=attrgetter("month"))] or [[]]


def _write(events: list[Sealable], *, last: Seal | None, high: int, gaps: list[Any], now: str) -> Seal:
    times = [event.recorded_at for event in events]
    seal = Seal(
        number=last.number + 1 if last else 1,
        sealed_at=now,
        month=events[0].month if events else "",
        count=len(events),
        ids=[list(one) for one in ranges_of(event.id for event in events)],
        first_at=min(times, default=""),
        last_at=max(times, default=""),
        high=high,
        open_gaps=[list(gap) for gap in gaps],
        marks=b"".join(event.mark for event in events),
        events_hash=events_hash(events),
    )
    seal.hash = hash_of(seal, before=last.hash if last else FIRST_HASH)
    seal.save(force_insert=True)
    return seal


def instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ranges_of(numbers: Iterable[int]) -> list[Range]:
    """Rising numbers as ranges: 1, 2, 3, 7 are (1, 3), (7, 7)."""
    found: list[Range] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _gaps_between(
    high: int, numbers: Iterable[int], after: tuple[int, int] | None, now: str
) -> Iterator[tuple[int, int, int, str]]:
    if after is None:
        return  # one writer: what is not there now was never used
    for number in numbers:
        if number > high + 1:
            yield high + 1, number - 1, after[1], now
        high = number


def _without(gap: Any, numbers: Iterable[int]) -> Iterator[Any]:
    first, last, *when = gap
    for number in numbers:
        if first <= number <= last:
            if number > first:
                yield first, number - 1, *when
            first = number + 1
    if first <= last:
        yield first, last, *when


def _is_over(gap: Any, before: tuple[int, int] | None, now: str) -> bool:
    """No transaction is left that could have been at it. One of a later count than ours is of another cluster, from
    which this database was restored: nobody there can write here."""
    if before is None:
        return True
    oldest, newest = before
    _first, _last, xmax, since = gap
    waited = dt.datetime.fromisoformat(now) - dt.datetime.fromisoformat(since) >= GAP_STAYS_OPEN
    return waited and (xmax <= oldest or xmax > newest)
