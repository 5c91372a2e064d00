"""What this room needs from outside the house."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AlarmTold:
    """What the house's alarm is told: where, and whether it is a drill. Nobody's name."""

    number: int
    raised_at: dt.datetime
    centre: str
    place: str
    drill: bool


class HouseAlarm(Protocol):
    """The building's own alarm: a bell, a guard, a text message."""

    def pass_on(self, alarm: AlarmTold) -> None:
        """Tell it. The same number may come twice. Raises OSError where it could not be told; it is tried again."""
