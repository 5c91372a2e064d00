"""Calls of an invented municipality, drawn from rates that the test knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.random import Generator, Philox

from hovedindgang.planning.demand import Series

MONDAY = dt.date(2025, 1, 6)
USUAL: Mapping[int, tuple[int, int]] = {0: (9, 15), 1: (9, 15), 2: (9, 15), 3: (9, 18), 4: (9, 13)}


@dataclass(frozen=True, kw_only=True)
class Town:
    """`per_hour` calls at the peak; `shock`: how far a day's level strays (standard deviation of its logarithm);
    `year`: how far the year's wave does."""

    per_hour: float = 60.0
    days: int = 100
    interval: int = 30
    shock: float = 0.1
    seed: int = 1
    opening: Mapping[int, tuple[int, int]] = field(default_factory=lambda: USUAL)
    closed: frozenset[dt.date] = frozenset()
    after_closing: float = 1.0
    year: float = 0.0

    def rates(self) -> tuple[list[dt.date], list[int], np.ndarray]:
        chance = Generator(Philox(self.seed))
        days = [MONDAY + dt.timedelta(days=step) for step in range(self.days)]
        usual = [day for day in days if day.weekday() in self.opening]
        there = [day for day in usual if day not in self.closed]
        starts = list(range(8 * 60, 18 * 60, self.interval))
        rates = np.full((len(there), len(starts)), np.nan)
        for row, day in enumerate(there):
            opens, closes = self.opening[day.weekday()]
            level = np.exp(self.shock * chance.standard_normal()) * (1.3, 1.1, 1.0, 1.1, 0.8, 0.5, 0.4)[day.weekday()]
            if day != usual[0] and usual[usual.index(day) - 1] in self.closed:
                level *= self.after_closing
            level *= np.exp(self.year * np.sin(2 * np.pi * (day - MONDAY).days / 365.25))
            for place, start in enumerate(starts):
                if 60 * opens <= start < 60 * closes:
                    shape = np.exp(-0.5 * ((start / 60 - 10.5) / 2.5) ** 2)
                    rates[row, place] = self.per_hour * self.interval / 60 * level * shape
        return there, starts, rates

    def series(self) -> Series:
        days, starts, rates = self.rates()
        counts = Generator(Philox(self.seed + 1000)).poisson(np.nan_to_num(rates)).astype(float)
        counts[np.isnan(rates)] = np.nan
        return Series(days=tuple(days), starts_minutes=tuple(starts), interval_minutes=self.interval, counts=counts)


def written(series: Series, file: Path) -> Path:
    """The series as a file."""
    lines = ["interval_start,calls"]
    for day, row in zip(series.days, series.counts, strict=True):
        for start, calls in zip(series.starts_minutes, row, strict=True):
            if not np.isnan(calls):
                lines.append(f"{day}T{start // 60:02d}:{start % 60:02d}:00,{int(calls)}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
