"""Reads: what would have been sent, whether the house is to be made anew, and what an employee is called here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee
from hovedindgang.practice.rules import What

MOST = 100


@dataclass(frozen=True, slots=True)
class NotSent:
    """`number` is of our own row, or the key of a row for the journal."""

    at: dt.datetime
    what: str
    number: str


def not_sent() -> list[NotSent]:
    """What the real house would have sent, newest first."""
    kinds = [f"sent_{what.value}" for what in What]
    rows = Event.objects.filter(subject_kind__in=kinds, verb="practice.would_have_sent").order_by("-pk")
    return [NotSent(row.happened_at, str(row.facts["what"]), row.subject_id) for row in rows[:MOST]]


def was_not_sent(*, number: str) -> bool:
    """Whether something with this number of ours would have been sent."""
    kinds = [f"sent_{what.value}" for what in What]
    return Event.objects.filter(subject_kind__in=kinds, subject_id=number).exists()


def is_asked_to_clear() -> bool:
    return Event.objects.filter(subject_kind="house", subject_id="1", verb="practice.clear_asked").exists()


def username_of(employee: int) -> str:
    """In the practice house: by her number in the real one."""
    return f"oev-{employee}"


def is_ready() -> bool:
    """Whether it is filled; the filler hires its employees early and writes its contacts last."""
    return Event.objects.filter(subject_kind="house", subject_id="1", verb="practice.filled").exists()


def practising() -> int:
    """How many employees of the real house have come since it was made."""
    return Employee.objects.filter(username__startswith="oev-").count()
