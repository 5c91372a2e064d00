"""The figures of a chart, the axis they stand on, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from hovedindgang.look import wording
from hovedindgang.planning.axes import decimals_of, whole_step

WIDTH, HEIGHT = 760, 280  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 52, 84, 18, 34  # margins of a line chart; to the right stands the target's name

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure: `low` and `high` are the range it may lie in; `url` opens the list it counts."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Figures under one name, all series of a chart with the same labels in the same order."""

    name: Text
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis of the values: whole steps from `lowest` to `highest`."""

    lowest: float
    highest: float
    step: float

    @classmethod
    def over(
        cls, series: Sequence[Series], *, target: float | None, lowest: float | None, highest: float | None
    ) -> Scale:
        found = [v for one in series for p in one.points for v in (p.value, p.low, p.high) if v is not None]
        found += [target] if target is not None else []
        least = lowest if lowest is not None else min([0, *found])
        most = highest if highest is not None else max([*found, least])
        if most <= least:
            most = least + 1
        step = whole_step((most - least) / 5)
        return cls(
            least if lowest is not None else math.floor(least / step) * step,
            most if highest is not None else math.ceil(round(most / step, 6)) * step,
            step,
        )

    def share(self, value: float) -> float:
        """Where on the axis, from 0 to 1; beyond it at its end."""
        return min(1.0, max(0.0, (value - self.lowest) / (self.highest - self.lowest)))

    def y(self, value: float) -> float:
        return TOP + (1 - self.share(value)) * (HEIGHT - TOP - BOTTOM)

    def steps(self) -> list[float]:
        count = int(round((self.highest - self.lowest) / self.step, 6))
        return [self.lowest + self.step * i for i in range(count + 1)]


class Writer:
    """Writes a value of the axis, and a value of the data, in the reader's language."""

    def __init__(self, shares: bool, language: str, step: float) -> None:
        self.shares, self.language = shares, language
        self.axis_decimals = decimals_of(step * (100 if shares else 1))

    def axis(self, value: float) -> str:
        if self.shares:
            return wording.percent(value, decimals=self.axis_decimals, language=self.language)
        return wording.number(value, decimals=self.axis_decimals, language=self.language)

    def value(self, value: float | None) -> str:
        if self.shares:
            return wording.percent(value, language=self.language)
        decimals = 0 if value is None or float(value).is_integer() else 1
        return wording.number(value, decimals=decimals, language=self.language)
