"""Estimates as data: a figure with the ends of its interval, None where there is nothing to say."""

from __future__ import annotations

import math

from hovedindgang.planning.simulation.outcome import Estimate

Figure = dict[str, float | None] | None


def plain(estimate: Estimate, most: float = math.inf) -> Figure:
    """Nothing here is less than nothing, and no share more than all."""
    if not math.isfinite(estimate.value):
        return None
    one = estimate.within(0, most)
    low, high = (float(end) if math.isfinite(end) else None for end in (one.low, one.high))
    return {"value": float(one.value), "low": low, "high": high}


def percent(estimate: Estimate) -> Figure:
    return plain(Estimate(100 * estimate.value, 100 * estimate.low, 100 * estimate.high), 100)
