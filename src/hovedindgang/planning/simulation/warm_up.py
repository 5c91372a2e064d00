"""What is simulated before counting begins, for modules that load no numpy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Whole weeks before the days that were asked for, simulated and not counted, so that nobody begins with nothing
    waiting.

    `chosen`: "asked" by whoever wrote it, or "measured" (`service.warming`). left_percent: of the matters that are open
    when counting begins, how many would be others had it begun far earlier; None: not measured. `settled`: few enough.
    """

    days: int
    chosen: str = "asked"
    left_percent: float | None = None
    settled: bool = True
