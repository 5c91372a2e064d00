"""Would the forecast have been right? Every day foretold from the days before it, beside what others would say."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from hovedindgang.planning.demand import baselines
from hovedindgang.planning.demand.counts import poisson_floor
from hovedindgang.planning.demand.forecasting import LEAST_DAYS, Forecast, forecast
from hovedindgang.planning.demand.series import Series
from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.stopping import nothing_yet

Floats = NDArray[np.float64]
HISTORY_DAYS = 120
RESAMPLED = 2000
NEIGHBOURS = 3  # intervals on each side whose mean stands for the true rate in the floor
MODEL = "model"
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One method's scores, in calls, for each day asked about; means over its open intervals (`calls`: their sum)."""

    square: Floats
    share_off: Floats  # mean |miss| / counted, where anything was counted
    crps: Floats
    covered: Floats
    covered_evenly: Floats
    cpu_seconds: Floats

    @property
    def rmse(self) -> float:
        return float(np.sqrt(np.nanmean(self.square)))

    def mean(self, name: str) -> float:
        """NaN where there is nothing to take the mean of, as the share off where nobody called."""
        values = getattr(self, name)
        return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")

    def last(self, days: int) -> Scores:
        return Scores(*(getattr(self, field.name)[-days:] for field in fields(self)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backtest:
    """The scores of each method (`model` and the baselines), the floor of each day, and what was left out."""

    days: tuple[dt.date, ...]
    intervals: int
    scores: dict[str, Scores]
    floor: Floats
    missing: tuple[str, ...]
    interrupted: bool = False  # by Ctrl-C: of the days that were done
    unforeseen: tuple[int, int] = (0, 0)  # intervals, and the calls in them, where the days before were closed

    def last(self, days: int) -> Backtest:
        """The same of the last days alone; `intervals` stays that of all."""
        scores = {name: scores.last(days) for name, scores in self.scores.items()}
        return replace(self, days=self.days[-days:], scores=scores, floor=self.floor[-days:])

    @property
    def best_baseline(self) -> str:
        return min((name for name in self.scores if name != MODEL), key=lambda name: self.scores[name].mean("crps"))

    @property
    def crps_ratio(self) -> float:
        """The model's CRPS to the best baseline's; NaN where that never misses."""
        best = self.scores[self.best_baseline].mean("crps")
        return self.scores[MODEL].mean("crps") / best if best else float("nan")

    @property
    def gap_closed(self) -> float:
        """How far the model comes from the best baseline towards the floor: 0 not at all, 1 all the way.

        NaN where the best baseline is down at the floor itself, as with numbers that are always the same.
        """
        best, model = self.scores[self.best_baseline].mean("crps"), self.scores[MODEL].mean("crps")
        floor = self.floor_mean
        return (best - model) / (best - floor) if best > floor else float("nan")

    @property
    def floor_mean(self) -> float:
        """What chance alone does, over the days that have an interval to score; NaN where none has."""
        return float(np.nanmean(self.floor)) if np.isfinite(self.floor).any() else float("nan")

    def coverage_interval(self, *, seed: int = 1) -> tuple[float, float]:
        """95 % interval of the model's coverage, whole days drawn again with replacement (day-block bootstrap)."""
        covered = self.scores[MODEL].covered
        covered = covered[~np.isnan(covered)]  # a day on a weekday that was never open before has none
        if not len(covered):
            return float("nan"), float("nan")
        drawn = Generator(Philox(seed)).integers(0, len(covered), (RESAMPLED, len(covered)))
        low, high = np.quantile(covered[drawn].mean(axis=1), [0.025, 0.975])
        return float(low), float(high)


def backtest(
    series: Series,
    *,
    days: int,
    history_days: int = HISTORY_DAYS,
    danish: bool = False,
    with_statsforecast: bool = True,
    each: Callable[[int], None] = lambda done: None,
) -> Backtest:
    """Foretell each of the last `days` days from at most `history_days` before it, the evening before.

    `each` is told how many days are done. Ctrl-C gives what the days done came to. Raises CannotPlan where the series
    is too short, or no day was done.
    """
    if len(series) < days + LEAST_DAYS:
        raise CannotPlan(
            gettext("Der er {count} dage i alt; {days} dages prøve kræver {least} dage før dem.").format(
                count=len(series), days=days, least=LEAST_DAYS
            ),
            cure=gettext("Prøv med færre dage, eller giv flere dages tal."),
        )
    methods = dict(baselines.SIMPLE)
    missing: tuple[str, ...] = ()
    if with_statsforecast and baselines.installed():
        methods |= baselines.STATSFORECAST
    else:
        missing = tuple(baselines.STATSFORECAST)
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in (MODEL, *methods)}
    asked, floor, intervals, unforeseen = [], [], list[int](), list[tuple[int, int]]()
    stopped = False
    try:
        for done, (day, past, counted) in enumerate(_origins(series, days, history_days), start=1):
            told, seconds = _timed(_eve(past, day, danish))
            scored = told.open[0] & ~np.isnan(counted)
            came = ~told.open[0] & ~np.isnan(counted)
            intervals.append(int(scored.sum()))
            unforeseen.append((int(came.sum()), int(counted[came].sum())))
            asked.append(day)
            floor.append(float(np.mean(poisson_floor(_smoothed(counted))[scored])) if scored.any() else np.nan)
            counts = told.counts()
            even = counts.share_within(counted, 0.025, 0.975)
            within = (counts.quantile(0.025) <= counted) & (counted <= counts.quantile(0.975))
            rows[MODEL].append(
                _row(counts.mean, counts.crps(counted), within.astype(float), even, counted, scored, seconds)
            )
            for name, method in methods.items():
                sampled, seconds = _timed(lambda method=method, past=past, day=day: method(past, day))  # type: ignore[misc]
                inside = sampled.within(counted, 0.025, 0.975)
                rows[name].append(_row(sampled.mean, sampled.crps(counted), inside, inside, counted, scored, seconds))
            each(done)
    except KeyboardInterrupt:
        stopped = True
    done_days = min(len(found) for found in rows.values())  # of a day that was broken off nothing counts
    if not done_days:
        raise nothing_yet()
    return Backtest(
        days=tuple(asked[:done_days]),
        intervals=sum(intervals[:done_days]),
        scores={name: Scores(*np.array(found[:done_days]).T) for name, found in rows.items()},
        floor=np.array(floor[:done_days]),
        missing=missing,
        interrupted=stopped,
        unforeseen=(sum(one for one, _ in unforeseen[:done_days]), sum(calls for _, calls in unforeseen[:done_days])),
    )


def _origins(series: Series, days: int, history_days: int) -> Iterator[tuple[dt.date, Series, Floats]]:
    for place in range(len(series) - days, len(series)):
        day = series.days[place]
        yield day, series.before(day, at_most=history_days), series.counts[place]


def _eve(past: Series, day: dt.date, danish: bool) -> Callable[[], Forecast]:
    """The forecast as it is made the evening before: days since the last one without a row were closed."""
    between = [past.days[-1] + dt.timedelta(days=step) for step in range(1, (day - past.days[-1]).days)]
    return lambda: forecast(past, [day], history_days=len(past), danish=danish, closed=between)


def _timed(work: Callable[[], Told]) -> tuple[Told, float]:
    began = time.process_time()
    told = work()
    return told, time.process_time() - began


def _row(
    mean: Floats, crps: Floats, within: Floats, even: Floats, counted: Floats, scored: NDArray[np.bool_], seconds: float
) -> tuple[float, ...]:
    if not scored.any():
        return (np.nan,) * 5 + (seconds,)
    miss, called = np.abs(mean - counted), scored & (counted > 0)
    off = float(np.mean(miss[called] / counted[called])) if called.any() else np.nan
    means = (float(np.mean(values[scored])) for values in (miss**2, crps, within, even))
    square, score, covered, covered_evenly = means
    return square, off, score, covered, covered_evenly, seconds


def _smoothed(counted: Floats) -> Floats:
    """Each interval's rate as its neighbours tell it: the nearest anybody comes to the true one after the day."""
    there = np.nan_to_num(counted)
    known = (~np.isnan(counted)).astype(np.float64)
    window = np.ones(2 * NEIGHBOURS + 1)
    middle = slice(NEIGHBOURS, NEIGHBOURS + len(counted))
    sums, seen = np.convolve(there, window)[middle], np.convolve(known, window)[middle]
    return np.asarray(sums / np.maximum(seen, 1))
