"""Estimates as data: a figure with the ends of its interval, None where there is nothing to say."""

from __future__ import annotations

import math

from hovedindgang.planning.simulation.outcome import Estimate

Figure = dict[str, float | None] | None


def plain(estimate: Estimate, most: float = math.inf) -> Figure:
    """Nothing here is less than nothing, and no share more than all."""
    if not math.isfinite(estimate.value):
        return None
    known = {name: float(value) for name, value in estimate.within(0, most).as_dict().items()}
    return {name: value if math.isfinite(value) else None for name, value in known.items()}


def percent(estimate: Estimate) -> Figure:
    return plain(Estimate(100 * estimate.value, 100 * estimate.low, 100 * estimate.high), 100)
