"""Round numbers on the axis of a chart, and how they are written."""

from __future__ import annotations

import math


def round_steps(low: float, high: float, most: int) -> list[float]:
    """At most `most` round numbers (1, 2, 2½ or 5 times a power of ten apart) from `low` to `high`; one more where the
    ends are round themselves."""
    step = whole_step(max(high - low, 1e-9) / most)
    first = math.ceil(low / step - 1e-9)
    return [at * step for at in range(first, math.floor(high / step + 1e-9) + 1)]


def whole_step(rough: float) -> float:
    """1, 2, 2½ or 5 times a power of ten, not less than `rough`."""
    power = 10 ** math.floor(math.log10(rough))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough * 0.999999)


def decimals_of(step: float) -> int:
    """As few as write every whole step as it is: 0 for 5, 1 for 2.5, 2 for 0.25."""
    return next((places for places in range(9) if abs(step - round(step, places)) < 1e-6 * step), 9)
