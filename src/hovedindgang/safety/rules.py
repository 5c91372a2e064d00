"""Words of this room, and which may follow which. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

LONGEST_MONTHS = 12  # of a warning, where the model does not say
NOTICE_DAYS = 14  # after the first day of absence: bekendtgørelse 799 af 3. juni 2022, § 1
LONGEST_TEXT = 8_000
PLACE_LENGTH = 60


class Refused(Exception):
    """A deed that was not done; `errors` says by field, in the user's language, what is wrong and what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class WarningReason(StrEnum):
    """Why whoever meets her should know beforehand. Few, and nothing about health: that is nobody's at a counter."""

    THREAT = "threat"
    VIOLENCE = "violence"
    TWO_EMPLOYEES = "two_employees"  # is met by two


class WarningState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    ENDED = "ended"  # by the leader, before its day


WARNING_ALLOWED: dict[WarningState, frozenset[WarningState]] = {
    WarningState.PROPOSED: frozenset({WarningState.IN_FORCE, WarningState.REFUSED}),
    WarningState.IN_FORCE: frozenset({WarningState.IN_FORCE, WarningState.ENDED}),  # reviewed: it stays, with a new day
    WarningState.REFUSED: frozenset(),
    WarningState.ENDED: frozenset(),
}


class Told(StrEnum):
    """Whether she knows: she has a right to (databeskyttelsesforordningen art. 14)."""

    YES = "yes"
    NOT_YET = "not_yet"
    WITHHELD = "withheld"  # telling her would be dangerous (databeskyttelsesloven § 22)


class IncidentKind(StrEnum):
    THREAT = "threat"
    VIOLENCE = "violence"
    HARASSMENT = "harassment"
    DAMAGE = "damage"
    OTHER = "other"


class Notice(StrEnum):
    """Of Arbejdstilsynet."""

    UNDECIDED = "undecided"
    NOT_NEEDED = "not_needed"
    GIVEN = "given"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
