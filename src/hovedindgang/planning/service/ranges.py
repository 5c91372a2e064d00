"""Which numbers of the inputs may lie elsewhere, and where: those that have a range, whatever they rest on."""

from __future__ import annotations

import math

from hovedindgang.planning.service.inputs import Figure, Inputs

BESIDE = ("appointments.filled", "appointments.slots_per_week")  # told with its ends where it is used: `free_times`
Trial = tuple[str, str, float]  # a figure's key, the end it is put at, and the value there


def ranged(inputs: Inputs) -> list[tuple[str, Figure]]:
    """The numbers that have a range, whatever they rest on, the widest beside its value first."""
    found = [(key, one) for key, one in inputs.figures() if _width(one) > 0 and not key.startswith(BESIDE)]
    return sorted(found, key=lambda pair: -_width(pair[1]))


def _width(one: Figure) -> float:
    if one.low is None or one.high is None or one.high <= one.low:
        return 0.0
    return (one.high - one.low) / abs(one.value) if one.value else math.inf


def rangeless(inputs: Inputs) -> list[str]:
    """What is assumed and said to be nothing but what it is: nobody can try how far the answer would move."""
    return [key for key, one in inputs.unsure() if not _width(one)]


def trials(inputs: Inputs) -> list[Trial]:
    """Both ends of each range, the widest range first."""
    return [
        (key, end, value)
        for key, one in ranged(inputs)
        for end, value in (("low", one.low), ("high", one.high))
        if value is not None
    ]
