"""Figures in the reader's words: with their unit, their interval, and what differs beyond chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hovedindgang.look import wording
from hovedindgang.scenarios.comparing import Apart, Difference, Shown, Unit

NOTHING = wording.NOTHING


def language() -> str:
    return (get_language() or "da")[:2]


def number(value: float | None, decimals: int = 0) -> str:
    known = value if value is not None and math.isfinite(value) else None
    return wording.number(known, decimals=decimals, language=language())


def told(value: float | None, unit: Unit) -> str:
    """A value with its unit: "3,2 min.", "81,4 %", "1.234.000 kr."."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if unit is Unit.SHARE:
        return wording.percent(value, language=language())
    if unit is Unit.MINUTES:
        return _("{number} min.").format(number=number(value, 1))
    if unit is Unit.KR:
        return _("{number} kr.").format(number=number(_round(value)))
    if unit is Unit.HOURS:
        return _("{number} timer").format(number=number(_round(value)))
    if unit is Unit.DAYS:
        return _("{number} dage").format(number=number(value, 1))
    if unit is Unit.KM:
        return _("{number} km").format(number=number(value, 1))
    return number(value, 1)


def _round(value: float) -> float:
    """To four digits: a simulated sum is no better known."""
    return float(f"{value:.4g}")


def interval(figure: Mapping[str, Any], unit: Unit) -> str:
    """The value and its 95 % interval: "3,2 min. (2,9–3,5)"; the value alone where both ends of it read the same."""
    low, high = figure["low"], figure["high"]
    if unit is Unit.SHARE:
        low, high = max(0.0, low), min(1.0, high)
    elif unit is not Unit.KR:
        low = max(0.0, low)
    if bare(low, unit) == bare(high, unit):
        return told(figure["value"], unit)
    return f"{told(figure['value'], unit)} ({bare(low, unit)}–{bare(high, unit)})"


def bare(value: float, unit: Unit) -> str:
    """A bound of an interval, without its unit."""
    if unit is Unit.SHARE:
        return number(100 * value, 1)
    return number(value, 1) if unit in {Unit.MINUTES, Unit.A_DAY, Unit.KM, Unit.DAYS} else number(_round(value))


def apart_words(found: Difference | None, shown: Shown) -> str:
    """What differs from the policy in force: "2,1 min. længere (1,4–2,8)", or that chance may do as much."""
    if found is None:
        return NOTHING
    if found.apart is Apart.SAME:
        return _("kan ikke skelnes fra tilfældigheder")
    size, low, high = (abs(one) for one in (found.value, found.low, found.high))
    if bare(size, shown.unit) == bare(0.0, shown.unit):
        return _("næsten det samme")
    low, high = min(low, high), max(low, high)
    much = (
        _points(size, low, high)
        if shown.unit is Unit.SHARE
        else interval({"value": size, "low": low, "high": high}, shown.unit)
    )
    more = found.apart is Apart.MORE
    text = _("{much} mere") if more else _("{much} mindre")
    return text.format(much=much)


def _points(size: float, low: float, high: float) -> str:
    return _("{number} procentpoint ({low}–{high})").format(
        number=number(100 * size, 1), low=number(100 * low, 1), high=number(100 * high, 1)
    )


def better(found: Difference | None, shown: Shown) -> bool | None:
    """Whether it is better for citizens or the budget; None where it says nothing."""
    if found is None or found.apart is Apart.SAME or shown.less_is_better is None:
        return None
    if bare(abs(found.value), shown.unit) == bare(0.0, shown.unit):
        return None
    return (found.apart is Apart.LESS) == shown.less_is_better
