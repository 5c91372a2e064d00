"""What a planner would do without a model, each with its own past misses as its distribution.

A baseline foretells a day's intervals by one number each; its distribution is that number plus each of its own misses
of the past, per interval, and never below zero. MSTL (K. Bandara, R. Hyndman and C. Bergmeir, 2021) and AutoETS come
from statsforecast, an extra (`pip install hovedindgang[baselines]`).
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.demand.series import Series

Floats = NDArray[np.float64]
WEEKS = 8  # of "the mean of the last weeks": fewer and more were worse on real calls
MSTL_DAYS = 40  # it was worse with eighty days of real calls than with forty


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """A distribution of each interval as equally likely values: `values` is samples × intervals."""

    mean: Floats
    values: Floats

    def crps(self, counted: Floats) -> Floats:
        """E|X - y| - E|X - X'| / 2, exactly for these values."""
        ordered = np.sort(self.values, axis=0)
        size = len(ordered)
        ranks = (2 * np.arange(1, size + 1) - size - 1)[:, None]
        return np.asarray(np.abs(ordered - counted).mean(axis=0) - (ranks * ordered).sum(axis=0) / size**2)

    def within(self, counted: Floats, low: float, high: float) -> Floats:
        least, most = np.quantile(self.values, [low, high], axis=0)
        inside = ((least <= counted) & (counted <= most)).astype(np.float64)
        return np.where(np.isnan(counted), np.nan, inside)


Baseline = Callable[[Series, dt.date], Sampled]


def seasonal_naive(past: Series, day: dt.date) -> Sampled:
    """The same weekday last week."""
    return _by_weekday(past, day, 1)


def mean_of_weeks(past: Series, day: dt.date) -> Sampled:
    """The mean of the same weekday in the last weeks."""
    return _by_weekday(past, day, WEEKS)


def _by_weekday(past: Series, day: dt.date, weeks: int) -> Sampled:
    misses = []
    for weekday in range(7):
        counts = past.counts[past.weekdays == weekday]
        enough = min(weeks, max(1, len(counts) // 2))
        misses += [counts[place] - _mean(counts[max(0, place - weeks) : place]) for place in range(enough, len(counts))]
    same = past.counts[past.weekdays == day.weekday()]
    return _sampled(_mean(same[-weeks:] if len(same) else past.counts[-weeks:]), np.array(misses), past)


def _mean(rows: Floats) -> Floats:
    there = ~np.isnan(rows)
    return np.asarray(np.where(there, rows, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1))


def _sampled(mean: Floats, misses: Floats, past: Series) -> Sampled:
    if not len(misses):
        misses = past.counts - _mean(past.counts)
    return Sampled(mean, np.maximum(mean + np.nan_to_num(misses), 0.0))


def installed() -> bool:
    return importlib.util.find_spec("statsforecast") is not None


def mstl(past: Series, day: dt.date) -> Sampled:
    """MSTL with a day's and a week's season, its trend by AutoETS, on the last `MSTL_DAYS` days."""
    with _quietly():
        from statsforecast.models import MSTL, AutoETS

        recent = past.chosen(slice(-MSTL_DAYS, None))
        width = recent.counts.shape[1]
        row = _filled(recent).ravel()
        seasons = [season for season in (width, width * len(past.usual_weekdays())) if 1 < season <= len(row) // 2]
        trend = AutoETS(model="ZZN")
        # Smoothed at every so many points and drawn between them: fifteen times faster, CRPS within 1 % (measured)
        jump = max(1, width * 3 // 10)
        every = {"seasonal_jump": 2, "trend_jump": jump, "low_pass_jump": jump}
        seasonal = MSTL(season_length=sorted(set(seasons)), trend_forecaster=trend, stl_kwargs=every)
        model = seasonal if seasons else trend
        model.fit(row)
        ahead = np.asarray(model.predict(width)["mean"])
        misses = (row - model.predict_in_sample()["fitted"]).reshape(-1, width)
    return _sampled(np.maximum(ahead, 0.0), misses, past)


def auto_ets(past: Series, day: dt.date) -> Sampled:
    """AutoETS of the days' totals with the week as its season, spread over the day as the same weekday was.

    (AutoETS itself takes no season of more than 24 steps, so it cannot see a day of five-minute intervals.)
    """
    with _quietly():
        from statsforecast.models import AutoETS

        filled = _filled(past)
        totals = filled.sum(axis=1)
        season = len(past.usual_weekdays())
        model = AutoETS(season_length=season if len(totals) > 2 * season else 1)
        model.fit(totals)
        ahead = max(0.0, float(model.predict(1)["mean"][0]))
        fitted = np.asarray(model.predict_in_sample()["fitted"])
    spread = {weekday: _spread(filled[past.weekdays == weekday], filled) for weekday in range(7)}
    misses = np.array([filled[place] - fitted[place] * spread[int(past.weekdays[place])] for place in range(len(past))])
    return _sampled(ahead * spread[day.weekday()], misses, past)


def _spread(rows: Floats, every: Floats) -> Floats:
    sums = rows.sum(axis=0) if len(rows) and rows.sum() > 0 else every.sum(axis=0)
    return np.asarray(sums / max(sums.sum(), 1e-12))


def _filled(series: Series) -> Floats:
    """Without gaps, as these methods need it: closed or unknown is what the weekday usually has there, or nothing."""
    counts = series.counts.copy()
    for weekday in range(7):
        rows = series.weekdays == weekday
        counts[rows] = np.where(np.isnan(counts[rows]), _mean(counts[rows]), counts[rows])
    return counts


class _quietly(warnings.catch_warnings):
    """statsforecast warns of what is no concern of those who plan; its frames keep no index column."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")
        os.environ.setdefault("NIXTLA_ID_AS_COL", "1")


SIMPLE: dict[str, Baseline] = {"seasonal_naive": seasonal_naive, "mean_of_weeks": mean_of_weeks}
STATSFORECAST: dict[str, Baseline] = {"mstl": mstl, "auto_ets": auto_ets}
