"""What of an answer's assumptions is shown: the largest moves of a number, and the figure that is moved most.

Reads what `assumptions.told_of` gives; no numpy, so that a page can show it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

FIGURES, WORTH = 3, 0.4
SHOWN, LEAST = 8, 0.05  # numbers; steps that matter, below which nothing is decided


def worth(moves: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of a number's moves that are shown: the largest, and such as are not much smaller."""
    most = max((one["decides"] or 0.0 for one in moves), default=0.0)
    return [one for one in moves if one["decides"] is None or 0 < one["decides"] >= WORTH * most][:FIGURES]


def deciding(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The numbers that are shown, what decides most first."""
    return [one for one in told["figures"] if one["decides"] is None or one["decides"] >= LEAST][:SHOWN]


def most_moved(told: Mapping[str, Any]) -> tuple[str, str] | None:
    """The figure of the answer that is moved most; None where nothing moves it."""
    found = deciding(told)
    return (found[0]["moves"][0]["of"], found[0]["moves"][0]["figure"]) if found else None


def bars(
    told: Mapping[str, Any], of: str, figure: str, usual: float
) -> list[tuple[Mapping[str, Any], float | None, float | None]]:
    """Of one figure: (the number, the answer at its low end, at its high end), what moves it most first."""
    found = []
    for one in told["figures"]:
        move = next(each for each in one["moves"] if (each["of"], each["figure"]) == (of, figure))
        if move["decides"] is None or move["decides"] > 0:
            low, high = (move.get(f"shift_at_{end}") for end in ("low", "high"))
            ends = (low and usual + low["value"], high and usual + high["value"])
            found.append((math.inf if move["decides"] is None else move["decides"], one, *ends))
    found.sort(key=lambda row: -row[0])
    return [(one, low, high) for _decides, one, low, high in found]
