"""Intervals too wide to decide by, said in words: how wide, and how many replications would make them narrow enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hovedindgang.planning.language import gettext, number

if TYPE_CHECKING:
    from hovedindgang.planning.simulation.outcome import Estimate

MOST = 500


def enough(found: Sequence[Estimate], replications: int, near: float) -> int | None:
    """How many replications bring the widest of the intervals to `near` at each side; None: they are there already.

    A half-width falls with the root of their number (Law 2015, section 9.4.1); of two or three it is itself a guess, so
    the answer is a first one. At most 500.
    """
    halves = [(one.high - one.low) / 2 for one in found if not math.isnan(one.value)]
    widest = max(halves, default=0.0)
    if widest <= near:
        return None
    if not math.isfinite(widest):
        return max(10, 2 * replications)
    return min(MOST, max(replications + 1, math.ceil(replications * (widest / near) ** 2)))


def too_wide(found: Sequence[Estimate], replications: int, near: float) -> str | None:
    """The sentence; None where they are narrow enough."""
    wanted = enough(found, replications, near)
    if wanted is None:
        return None
    said = gettext("Én gentagelse siger intet om usikkerheden.")
    if replications > 1:
        said = gettext("Intervallerne er brede: {number} gentagelser er for få til at beslutte efter.")
    return " ".join([said, gettext("Prøv med --replications {wanted}.")]).format(number=replications, wanted=wanted)


def interval(one: Estimate, decimals: int) -> str:
    """ "-0,3 – 0,8"; said in words where one replication gives none."""
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return gettext("intet interval")
    return f"{number(one.low, decimals)} – {number(one.high, decimals)}"
