"""That the log of look-ups says what it said: a checksum of each day stands in an event, and events are sealed.

When a day has been judged for the last time, all look-ups of that day, by UTC, are added up: whoever changes, removes
or puts one in afterwards would have to change a sealed event too, which `hovedindgang audit verify` sees.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import DroppedMonth, Event, Log, LookUp

KIND, SETTLED = "look_up_day", "lookups.settled"
COLUMNS = ("id", "at", "actor_kind", "actor_id", "citizen_id", "use", "reason", "request_id")


@dataclass(frozen=True, slots=True)
class Summed:
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NotTheSame:
    """A day whose look-ups are others than when it was settled."""

    day: str
    was: Summed
    now: Summed


def sum_of(day: dt.date) -> Summed:
    """The day's look-ups, all of them, in one checksum that is the same on both databases."""
    begins = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    found = LookUp.objects.filter(at__gte=begins, at__lt=begins + dt.timedelta(days=1)).order_by("id")
    digest, rows = hashlib.sha256(), 0
    for number, at, *others, request in found.values_list(*COLUMNS).iterator(chunk_size=2_000):
        said = [number, at.astimezone(dt.UTC).isoformat(timespec="microseconds"), *others, request.hex]
        digest.update(json.dumps(said, separators=(",", ":")).encode() + b"\n")
        rows += 1
    return Summed(rows, digest.hexdigest())


def note_settled(day: dt.date) -> None:
    """One event `lookups.settled`, in the transaction that settles the day."""
    summed = sum_of(day)
    append_event(
        verb=SETTLED,
        actor=SYSTEM,
        subject_kind=KIND,
        subject_id=day.isoformat(),
        facts={"rows": summed.rows, "sha256": summed.sha256},
    )


def prove() -> tuple[int, list[NotTheSame]]:
    """How many days were added up again, and those that come to something else. Months that were dropped are left out.

    That the events themselves are as they were, `kernel.verifying` says.
    """
    gone = set(DroppedMonth.objects.filter(log=Log.LOOK_UPS).values_list("month", flat=True))
    told = Event.objects.filter(subject_kind=KIND, verb=SETTLED).order_by("id").values_list("subject_id", "facts")
    days = {day: Summed(facts["rows"], facts["sha256"]) for day, facts in told if day[:7] not in gone}
    differ = [
        NotTheSame(day, was, now)
        for day, was in sorted(days.items())
        if (now := sum_of(dt.date.fromisoformat(day))) != was
    ]
    return len(days), differ
