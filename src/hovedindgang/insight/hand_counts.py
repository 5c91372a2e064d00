"""What a count by hand may be. No database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from hovedindgang.servicemodel.document import Channel

LONGEST_DAYS = 31  # a longer count says too little of when they came
MOST_ARRIVED = 100_000
LONGEST_WHY = 200


class CountedBy(StrEnum):
    """Whose tally it was: a role, never a person."""

    RECEPTION = "reception"
    EMPLOYEE = "employee"
    SWITCHBOARD = "switchboard"
    LEADER = "leader"


class CountRefused(Exception):
    """The count cannot be; `errors` says why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCount:
    """How many came in a channel at a centre, in the hours [from_hour, to_hour) of the days, both included."""

    centre: str
    channel: Channel
    first_on: dt.date
    last_on: dt.date
    arrived: int
    counted_by: CountedBy
    from_hour: int = 0
    to_hour: int = 24
