"""Words of complaints, praise and ideas, and which may follow which. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

LONGEST_TEXT = 20_000


class Kind(StrEnum):
    """What it is. Which of the three complaints decides who may answer it."""

    SERVICE = "service"  # serviceklage: wait, manner of doing, wrong information
    CONDUCT = "conduct"  # personaleklage: how somebody of ours behaved; leaders alone read it
    DECISION = "decision"  # of an afgørelse: never ours to answer, always passed on with klagevejledning
    PRAISE = "praise"
    IDEA = "idea"


COMPLAINTS = frozenset({Kind.SERVICE, Kind.CONDUCT, Kind.DECISION})


class SaidBy(StrEnum):
    CITIZEN = "citizen"
    ANONYMOUS = "anonymous"  # then nothing leads to a person, and nobody is answered
    OTHER = "other"  # a relative, a company, another authority


class State(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"  # she knows that we have it, and when she is answered
    CLOSED = "closed"


ALLOWED: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.ACKNOWLEDGED, State.CLOSED}),
    State.ACKNOWLEDGED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


class Outcome(StrEnum):
    UPHELD = "upheld"  # she was right
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    NOTED = "noted"  # praise and ideas
    PASSED_ON = "passed_on"
    WITHDRAWN = "withdrawn"


ENDS: dict[Kind, frozenset[Outcome]] = {
    Kind.SERVICE: frozenset(Outcome) - {Outcome.NOTED},
    Kind.CONDUCT: frozenset(Outcome) - {Outcome.NOTED},
    Kind.DECISION: frozenset({Outcome.PASSED_ON, Outcome.WITHDRAWN}),
    Kind.PRAISE: frozenset({Outcome.NOTED, Outcome.PASSED_ON, Outcome.WITHDRAWN}),
    Kind.IDEA: frozenset({Outcome.NOTED, Outcome.PASSED_ON, Outcome.WITHDRAWN}),
}
JUDGED_RIGHT = frozenset({Outcome.UPHELD, Outcome.PARTLY})  # then it says what is done differently


class Part(StrEnum):
    """Whose words a text is."""

    SAID = "said"
    ANSWER = "answer"
    LEARNING = "learning"


def needs_answer(kind: Kind, said_by: SaidBy, outcome: Outcome) -> bool:
    """Whether it cannot be closed before she has been told."""
    return kind in COMPLAINTS and said_by != SaidBy.ANONYMOUS and outcome != Outcome.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Dated:
    """One piece of feedback as figures see it: nobody is in it."""

    kind: Kind
    centre: str
    service: str
    received_on: dt.date
    promised_on: dt.date | None
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one group: how many, the middle number of days to the answer, and the share answered by the agreed day."""

    number: int
    median_days: float | None
    share_in_time: float | None


def figure(rows: Iterable[Dated], *, today: dt.date, smallest: int) -> Figure:
    """What is open and not due yet says nothing about time; what is late counts as late before it is answered.

    Fewer than `smallest` answers have no median, and fewer that are due no share: None.
    """
    rows = list(rows)
    days = [(row.closed_on - row.received_on).days for row in rows if row.closed_on]
    agreed = [row for row in rows if row.promised_on]
    due = [row for row in agreed if row.closed_on or (row.promised_on and row.promised_on < today)]
    in_time = [row for row in due if row.closed_on and row.promised_on and row.closed_on <= row.promised_on]
    return Figure(
        number=len(rows),
        median_days=median(days) if len(days) >= smallest else None,
        share_in_time=len(in_time) / len(due) if len(due) >= smallest else None,
    )
