"""A forecast of calls per interval as a distribution: quantiles, whole days at a time, and the day as it goes on.

Counts are Poisson (wider, where the history shows it) about a rate whose root is a mean curve and a few shapes; how
much of each shape a day has is foretold from the days before (`levels.py`). Intervals of a day hang together through
the shapes, days through the coefficients: time-varying Poisson with day-level and intraday dependence, after
J. Weinberg, L. Brown and J. Stroud, Bayesian forecasting of an inhomogeneous Poisson process with applications to call
center data
(JASA 102:480, 2007).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from hovedindgang.planning.demand import curves, levels
from hovedindgang.planning.demand.calendar import features
from hovedindgang.planning.demand.counts import Counts, Mixture
from hovedindgang.planning.demand.roots import chance, mean_root, rate, root
from hovedindgang.planning.demand.series import Series
from hovedindgang.planning.factors import Factor, product
from hovedindgang.planning.language import gettext, ngettext
from hovedindgang.planning.problems import CannotPlan

Floats = NDArray[np.float64]
LEAST_DAYS = 10
MOST_DAYS = 1100
STEP = 0.5  # between two points of a factor, of the spread that a count has without it
UNLIKELY = 1e-7
POINTS, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something known to come, such as an election: between two days (both counted) calls are multiplied by `factor`.

    `factor` is its median; it lies between `low` and `high` with 95 % probability, as much above as below, and is the
    same on all the days. `source`: where the figures are from.
    """

    name: str
    first: dt.date
    last: dt.date
    factor: float
    low: float
    high: float
    source: str = "assumed"

    def on(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """Calls on `days` in the intervals that begin at `starts_minutes` after midnight, where `open` (days × intervals).

    An interval's rate is its `shares` (days × intervals) of that of its bin (`bins`: which one, for each interval),
    known by the bin's root: `mean`, days × intervals, and `shapes`, days × intervals × coefficients; each coefficient
    is normal about 0 with `covariance` (coefficients × days × days). `noise`: variance of a root by itself;
    `dispersion`: variance of a count about its rate, relative to the rate; one for each interval. `factors`: each
    multiplies the rates of its days [D], by the same whenever it is drawn.
    """

    days: tuple[dt.date, ...]
    starts_minutes: tuple[int, ...]
    interval_minutes: int
    open: NDArray[np.bool_]
    bins: NDArray[np.int64]
    shares: Floats
    mean: Floats
    shapes: Floats
    covariance: Floats
    noise: Floats
    dispersion: Floats
    history_days: int
    factors: tuple[tuple[Factor, NDArray[np.bool_]], ...] = ()

    def counts(self, day: int = 0) -> Counts:
        """The distribution of each interval of a day; nobody calls where it is closed."""
        variances = np.maximum(self.covariance[:, day, day], 0.0)
        spread = np.sqrt((self.shapes[day] ** 2 @ variances) + self.noise)
        rates = rate(self.mean[day][:, None] + spread[:, None] * POINTS) * self.shares[day][:, None]
        chances = WEIGHTS / WEIGHTS.sum()
        mean = np.where(self.open[day], rates @ chances, 0.0)
        variance = np.where(self.open[day], (rates**2) @ chances - (rates @ chances) ** 2, 0.0)
        relative = np.sqrt(self.dispersion * mean + variance)[mean > 0] / mean[mean > 0]
        factors, weights = self._factors_of(day, float(relative.min(initial=1.0)))
        each = factors[:, None] * mean
        counts = Counts(each, np.maximum(self.dispersion * each + factors[:, None] ** 2 * variance, each))
        return Counts(counts.mean[0], counts.variance[0]) if len(factors) == 1 else Mixture.of(counts, weights)

    def _factors_of(self, day: int, relative: float) -> tuple[Floats, Floats]:
        """The day's factors multiplied, at points so near each other that a sum over them has no steps: half of the
        `relative` spread that counts have without them."""
        return product([factor for factor, touched in self.factors if touched[day]], STEP * relative)

    def simulate(self, replications: int, *, seed: int | np.random.SeedSequence) -> NDArray[np.int64]:
        """Counts that may come: replications × days × intervals, 0 where closed; the same for the same seed."""
        chance_of = Generator(Philox(seed))
        roots = np.broadcast_to(self.mean, (replications, *self.mean.shape)).copy()
        for place, covariance in enumerate(self.covariance):
            values, vectors = np.linalg.eigh(covariance)
            drawn = chance_of.standard_normal((replications, len(values)))
            coefficient = drawn @ (vectors * np.sqrt(np.maximum(values, 0))).T
            roots += coefficient[:, :, None] * self.shapes[:, :, place]
        roots += chance_of.standard_normal(roots.shape) * np.sqrt(self.noise)
        rates = np.where(self.open, rate(roots) * self.shares, 0.0)
        for factor, touched in self.factors:
            drawn = factor.at(chance_of.standard_normal(replications))
            rates *= np.where(touched, drawn[:, None], 1.0)[:, :, None]
        # Gamma-mixed where counts vary more than Poisson's; the same rate on average
        extra = np.broadcast_to(self.dispersion - 1, rates.shape)
        mixed = (extra > 1e-6) & (rates > 0)
        rates[mixed] = chance_of.gamma(rates[mixed] / extra[mixed]) * extra[mixed]
        drawn_counts: NDArray[np.int64] = chance_of.poisson(rates)
        return drawn_counts

    def updated(self, counted: Floats, until_minutes: int) -> Forecast | Alternatives:
        """The first day's forecast once its calls before `until_minutes` are known (NaN where they are not).

        What was counted changes the rest through the shapes, and says which of the factors are likely; the part that is
        over keeps its distribution as it would now be drawn again, and callers put the counted calls in its place.
        """
        plain = replace(self, factors=())
        usual = plain.counts()
        factors, chances = self._factors_of(0, float(np.sqrt(usual.variance.sum()) / max(usual.mean.sum(), 1e-9)))
        each = [replace(plain, shares=plain.shares * factor)._updated(counted, until_minutes) for factor in factors]
        if len(each) == 1:
            return each[0][0]
        logs = np.log(chances) + np.array([likely for _, likely in each])
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        kept = [at for at in range(len(each)) if weights[at] > UNLIKELY]
        return Alternatives(tuple(each[at][0] for at in kept), weights[kept] / weights[kept].sum())

    def _updated(self, counted: Floats, until_minutes: int) -> tuple[Forecast, float]:
        """The same without factors, and the logarithm of how likely what was counted is, but for a constant."""
        seen = (np.array(self.starts_minutes) + self.interval_minutes <= until_minutes) & ~np.isnan(counted)
        shapes, away, doubt = self._seen(counted, seen & self.open[0])
        before = np.diag(np.maximum(self.covariance[:, 0, 0], 1e-12))
        spread = shapes @ before @ shapes.T + np.diag(doubt)
        gain = before @ shapes.T @ np.linalg.inv(spread)
        middle, after = gain @ away, before - gain @ shapes @ before
        likely = -(away @ np.linalg.solve(spread, away) + np.linalg.slogdet(spread)[1]) / 2
        values, vectors = np.linalg.eigh((after + after.T) / 2)
        turned = self.shapes[0] @ vectors
        updated = replace(
            self,
            days=self.days[:1],
            open=self.open[:1],
            mean=(self.mean[0] + self.shapes[0] @ middle)[None],
            shapes=turned[None],
            shares=self.shares[:1],
            covariance=np.maximum(values, 0)[:, None, None],
        )
        return updated, float(likely)

    def _seen(self, counted: Floats, seen: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
        """What was counted in the seen part of each bin: (how the shapes move its root, its miss, its variance)."""
        _, first, owner = np.unique(self.bins[seen], return_index=True, return_inverse=True)
        first = np.flatnonzero(seen)[first]
        calls, share = np.zeros(len(first)), np.zeros(len(first))
        np.add.at(calls, owner, counted[seen])
        np.add.at(share, owner, self.shares[0][seen])
        middle = self.mean[0][first]
        expected = mean_root(share * rate(middle))
        step = 0.05
        slope = (mean_root(share * rate(middle + step)) - mean_root(share * rate(middle - step))) / (2 * step)
        doubt = self.dispersion[first] * chance(share * rate(middle)) + slope**2 * self.noise[first]
        return self.shapes[0][first] * slope[:, None], root(calls) - expected, doubt + 1e-9


def forecast(
    series: Series,
    days: Sequence[dt.date],
    *,
    history_days: int = MOST_DAYS,
    danish: bool = False,
    closed: Sequence[dt.date] = (),
    changes: Sequence[Change] = (),
) -> Forecast:
    """The forecast of `days` (in order) from the days of `series` before the first of them.

    `danish`: public holidays are Denmark's. `closed`: other days known to be closed. `changes`: what is known to come;
    days of the history on which they held are not learned from. Raises CannotPlan where there is too little history.
    """
    changed = frozenset(day for day in series.days if any(change.on(day) for change in changes))
    past = series.before(days[0]).without(changed).before(days[0], at_most=history_days)
    if len(past) < LEAST_DAYS:
        raise CannotPlan(
            ngettext(
                "Der er {count} dag før den {day}; det er for få til en prognose.",
                "Der er {count} dage før den {day}; det er for få til en prognose.",
                len(past),
            ).format(count=len(past), day=days[0]),
            cure=gettext("Giv mindst {least} dages tal, eller gå ud fra en opgave, der ligner.").format(
                least=LEAST_DAYS
            ),
        )
    known_intervals = ~np.all(np.isnan(past.counts), axis=0)
    learned = curves.learned(replace(past, counts=past.counts[:, known_intervals]))
    both = features(past.days, days, past.usual_weekdays(), closed=closed, danish=danish)
    known, asked = both.rows(slice(len(past))), both.rows(slice(len(past), None))
    foretold = levels.foretold(known, asked, learned.coefficients, learned.noise)
    width = len(series.starts_minutes)
    bins, shares = np.zeros(width, dtype=np.int64), np.ones((len(days), width))
    bins[known_intervals], shares[:, known_intervals] = learned.bins, learned.shares
    middles = np.array([mean for mean, _ in foretold]).T
    mean, shapes = np.zeros((len(days), width)), np.zeros((len(days), width, len(foretold)))
    mean[:, known_intervals] = learned.mean + middles @ learned.shapes.T
    shapes[:, known_intervals] = learned.shapes
    noise, dispersion = np.zeros(width), np.ones(width)
    noise[known_intervals], dispersion[known_intervals] = learned.noise_of_mean, learned.dispersion
    plain = Forecast(
        days=tuple(days),
        starts_minutes=series.starts_minutes,
        interval_minutes=series.interval_minutes,
        open=np.array([past.open_on(day.weekday()) & known_intervals & (day not in closed) for day in days]),
        bins=bins,
        shares=shares,
        mean=mean,
        shapes=shapes,
        covariance=np.array([covariance for _, covariance in foretold]),
        noise=noise,
        dispersion=dispersion,
        history_days=len(past),
    )
    for change in changes:
        plain = changed_by(plain, change)
    return plain


def changed_by(before: Forecast, change: Change) -> Forecast:
    """The forecast with a change in it: one factor more, drawn once for all its days."""
    touched = np.array([change.on(day) for day in before.days])
    if not touched.any():
        return before
    factor = Factor(low=change.low, middle=change.factor, high=change.high)
    return replace(before, factors=(*before.factors, (factor, touched)))


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """A day that is one of several forecasts, with `chances` [K] that add up to one: a `Forecast` in its use."""

    each: tuple[Forecast, ...]
    chances: Floats

    @property
    def open(self) -> NDArray[np.bool_]:
        return self.each[0].open

    @property
    def starts_minutes(self) -> tuple[int, ...]:
        return self.each[0].starts_minutes

    @property
    def interval_minutes(self) -> int:
        return self.each[0].interval_minutes

    @property
    def history_days(self) -> int:
        return self.each[0].history_days

    def counts(self, day: int = 0) -> Counts:
        """As `Forecast.counts`."""
        of = [one.counts(day) for one in self.each]
        together = Counts(np.array([one.mean for one in of]), np.array([one.variance for one in of]))
        return Mixture.of(together, self.chances)

    def simulate(self, replications: int, *, seed: int | np.random.SeedSequence) -> NDArray[np.int64]:
        """As `Forecast.simulate`."""
        own, *seeds = np.random.SeedSequence(seed if isinstance(seed, int) else seed.generate_state(4)).spawn(
            len(self.each) + 1
        )
        chance_of = Generator(Philox(own))
        many = chance_of.multinomial(replications, self.chances)
        drawn = [one.simulate(int(n), seed=s) for one, n, s in zip(self.each, many, seeds, strict=True) if n]
        mixed: NDArray[np.int64] = chance_of.permutation(np.concatenate(drawn))
        return mixed
