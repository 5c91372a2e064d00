"""How far a replay may be trusted: each figure that happened beside the simulated one, and a verdict. No database.

The bounds are the house's own choice, and said where a verdict is shown: a tenth off does not change a decision, a
quarter may, and beyond that the simulation says nothing of how things are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hovedindgang.scenarios.comparing import Unit

CLOSE, NEAR = 0.10, 0.25  # of what happened
CLOSE_SHARE, NEAR_SHARE = 0.03, 0.08  # of shares: 3 and 8 percentage points
LEAST_MINUTES = 0.25  # a quarter of a minute more or less is no other wait

REPLAYED: tuple[tuple[str, Unit], ...] = (
    ("served", Unit.A_DAY),
    ("minutes", Unit.MINUTES),
    ("wait", Unit.MINUTES),
    ("p80", Unit.MINUTES),
    ("p95", Unit.MINUTES),
    ("left", Unit.SHARE),
)
CHANNELS = ("in_person", "phone", "written", "digital")
WHOLE = (("sent:all", Unit.A_DAY), ("a:all", Unit.SHARE), ("b:all", Unit.SHARE))


class Fit(StrEnum):
    HOLDS = "holds"  # within its interval, or so near that nobody would decide otherwise
    ROUGHLY = "roughly"
    NOT = "not"  # nothing may be decided by it


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure: its key, what happened, what was simulated (None: nothing), and how the two fit.

    `off`: how far beyond what would still be close, times that; the largest is the worst.
    """

    key: str
    unit: Unit
    happened: float
    simulated: Mapping[str, Any] | None
    fit: Fit
    off: float


def verdicts(happened: Mapping[str, float], figures: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    """A verdict on each figure that was measured, in the order in which they are shown."""
    keys = [(f"{name}:{channel}", unit) for channel in CHANNELS for name, unit in REPLAYED]
    return [_verdict(key, unit, happened[key], figures.get(key)) for key, unit in (*keys, *WHOLE) if key in happened]


def _verdict(key: str, unit: Unit, happened: float, simulated: Mapping[str, Any] | None) -> Verdict:
    if simulated is None:
        return Verdict(key, unit, happened, None, Fit.NOT, float("inf"))
    apart = abs(simulated["value"] - happened)
    close, near = (CLOSE_SHARE, NEAR_SHARE) if unit is Unit.SHARE else (CLOSE * happened, NEAR * happened)
    if unit is Unit.MINUTES:
        close, near = max(close, LEAST_MINUTES), max(near, LEAST_MINUTES)
    off = apart / close if close else float("inf") if apart else 0.0
    # An interval so wide that it holds anything is no good fit: what chance alone may do must be near as well.
    if apart <= close or (simulated["low"] <= happened <= simulated["high"] and apart <= near):
        return Verdict(key, unit, happened, simulated, Fit.HOLDS, off)
    return Verdict(key, unit, happened, simulated, Fit.ROUGHLY if apart <= near else Fit.NOT, off)


def worst(found: list[Verdict], most: int) -> list[Verdict]:
    """Those that do not hold, the farthest off first."""
    return sorted((one for one in found if one.fit is not Fit.HOLDS), key=lambda one: -one.off)[:most]
