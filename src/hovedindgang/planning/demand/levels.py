"""How one coefficient of a day's curve moves from day to day: a Gaussian process over days.

Its covariance is a sum of what planners know by name: a level, the weekday's own (slowly changing), yesterday's
influence, a slow drift, the day after a closing, open holidays, the turn of the month, the turn of the year, and a
day's own chance. How much each weighs is learned from the data (marginal likelihood) under wide priors, so that with
few days nothing is believed that was not seen: empirical Bayes. Source: C. Rasmussen and C. Williams, Gaussian
processes for machine learning (2006), chapters 2 and 5; the parts follow Weinberg, Brown and Stroud (JASA 102, 2007)
for day effects, and Ibrahim, Ye, L'Ecuyer and Shen (International Journal of Forecasting 32, 2016) for the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs
from scipy.optimize import minimize

from hovedindgang.planning.demand.calendar import Features

Floats = NDArray[np.float64]
LEARNED_FROM = 200  # days from which the weights are learned; all days count in the forecast
YEAR_FROM_DAYS = 400  # calendar days of history from which a yearly wave can be told from a trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the covariance: the share of variance expected beforehand, and its length, if it has one."""

    name: str
    share: float
    length: float | None = None
    length_spread: float = 0.0
    fades_with: str = ""  # which of the distances, where it has a length


PARTS = (
    Part(name="level", share=0.1),
    Part(name="weekday", share=0.4, length=200.0, length_spread=0.8, fades_with="days"),
    Part(name="yesterday", share=0.2, length=3.0, length_spread=0.8, fades_with="opened"),
    Part(name="drift", share=0.2, length=40.0, length_spread=0.6, fades_with="days"),
    Part(name="backlog", share=0.2),
    Part(name="after_closing", share=0.4),
    Part(name="holiday", share=0.4),
    Part(name="month", share=0.2, length=0.5, length_spread=0.4, fades_with="month"),
    Part(name="year", share=0.2, length=0.6, length_spread=0.4, fades_with="year"),
    Part(name="day", share=0.2),
)
STRANGE = 2.5  # standard deviations from what the other days say
SHARE_SPREAD = 1.5  # of a weight's logarithm


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """What the covariance is made of, between some days (rows) and others (columns)."""

    days: Floats
    opened: Floats
    same_weekday: Floats
    backlog: Floats
    after_closing: Floats
    holiday: Floats
    month: Floats
    year: Floats
    same_day: Floats

    @classmethod
    def between(cls, one: Features, other: Features) -> Distances:
        days = np.abs(one.ordinal[:, None] - other.ordinal)
        return cls(
            days=days,
            opened=np.abs(one.opened[:, None] - other.opened),
            same_weekday=(one.weekday[:, None] == other.weekday).astype(np.float64),
            backlog=one.backlog[:, None] * other.backlog,
            after_closing=one.after_closing[:, None] * other.after_closing,
            holiday=one.holiday[:, None] * other.holiday,
            month=np.sin(np.pi * (one.month_phase[:, None] - other.month_phase)) ** 2,
            year=np.sin(np.pi * (one.year_phase[:, None] - other.year_phase)) ** 2,
            same_day=(days == 0).astype(np.float64),
        )

    def among(self, rows: NDArray[np.int64]) -> Distances:
        return Distances(*(getattr(self, field.name)[np.ix_(rows, rows)] for field in fields(self)))

    def once_each(self, name: str) -> tuple[Distances, NDArray[np.int64]]:
        """One pair of days for each value there is of the distance `name`, and which of them each pair is like."""
        values = getattr(self, name)
        _, first, like = np.unique(values, return_index=True, return_inverse=True)
        once = Distances(*(getattr(self, field.name).ravel()[first] for field in fields(self)))
        return once, like.reshape(values.shape)

    def part(self, name: str, length: float) -> tuple[Floats, Floats | None]:
        """The part's correlation, and its derivative by the logarithm of its length (None where it has none)."""
        match name:
            case "level":
                return np.ones_like(self.days), None
            case "weekday":
                faded = self.same_weekday * np.exp(-self.days / length)
                return faded, faded * self.days / length
            case "yesterday":
                faded = np.exp(-self.opened / length)
                return faded, faded * self.opened / length
            case "drift":
                faded = np.exp(-self.days / length)
                return faded, faded * self.days / length
            case "month" | "year":
                turned = self.month if name == "month" else self.year
                faded = np.exp(-2 * turned / length**2)
                return faded, faded * 4 * turned / length**2
            case "backlog":
                return self.backlog, None
            case "after_closing":
                return self.after_closing, None
            case "holiday":
                return self.holiday, None
            case _:
                return self.same_day, None


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Logarithms of the parts' variances, and of the lengths of those that have one."""

    parts: tuple[Part, ...]
    log_variances: Floats
    log_lengths: Floats

    def covariance(self, distances: Distances) -> Floats:
        whole = np.zeros_like(distances.days)
        for part, log_variance, log_length in zip(self.parts, self.log_variances, self.log_lengths, strict=True):
            whole += math.exp(log_variance) * distances.part(part.name, math.exp(log_length))[0]
        return whole


def parts_for(known: Features) -> tuple[Part, ...]:
    """The parts that these days can tell apart."""
    span = float(known.ordinal[-1] - known.ordinal[0])
    without = set()
    if span < YEAR_FROM_DAYS:
        without.add("year")
    if not known.holiday.any():
        without.add("holiday")
    return tuple(part for part in PARTS if part.name not in without)


class Pieces:
    """The parts' correlations between the same days again and again, each time for other lengths.

    Of what is symmetric each pair of days is reckoned once, in the order in which LAPACK wants its lower half. A part
    that fades with a distance is reckoned once for each value of it, and not for each pair.
    """

    def __init__(self, distances: Distances, parts: tuple[Part, ...]) -> None:
        self.parts, self.number = parts, len(distances.days)
        self.half = np.flatnonzero(np.triu(np.ones((self.number, self.number))))  # of a matrix by columns: its lower
        self.diagonal = np.flatnonzero(self.half % (self.number + 1) == 0)
        pairs = Distances(*(getattr(distances, field.name).ravel()[self.half] for field in fields(distances)))
        once = {name: pairs.once_each(name) for name in {part.fades_with for part in parts if part.fades_with}}
        self.fading = [(at, part, *once[part.fades_with]) for at, part in enumerate(parts) if part.fades_with]
        self.correlations = np.empty((len(parts), len(self.half)))
        self.by_lengths = np.empty((len(self.fading), len(self.half)))
        for at, part in enumerate(parts):
            if not part.fades_with:
                self.correlations[at] = pairs.part(part.name, 1.0)[0]

    def at(self, lengths: Floats) -> tuple[Floats, Floats]:
        """Each part's correlations [parts, pairs], and by the logarithms of their lengths [fading parts, pairs].

        Both stand until the next lengths are asked for.
        """
        for row, (at, part, distances, like) in enumerate(self.fading):
            piece, by_length = distances.part(part.name, lengths[at])
            assert by_length is not None
            piece.take(like, mode="clip", out=self.correlations[at])
            by_length.take(like, mode="clip", out=self.by_lengths[row])
        return self.correlations, self.by_lengths


class Unlikely:
    """How unlikely `values` [days] are (measured with variance `noise`) by each weights, under the priors.

    A point is the logarithms of the parts' variances, then those of their lengths; `start` is the priors' middle, and
    `widths` their standard deviations.
    """

    def __init__(self, among: Pieces, values: Floats, noise: float) -> None:
        self.among, self.values, self.noise = among, values, noise
        parts = among.parts
        spread = max(float(np.var(values)) - noise, 0.05 * noise, 1e-6)
        lengths = [math.log(part.length or 1.0) for part in parts]
        self.start = np.concatenate([np.log([part.share * spread for part in parts]), lengths])
        spreads = [part.length_spread or 1e-3 for part in parts]
        self.widths = np.concatenate([np.full(len(parts), SHARE_SPREAD), spreads])
        self.counts = np.full(len(among.half), 2.0)  # each pair of days counts twice, a day with itself once
        self.counts[among.diagonal] = 1.0
        self.fading = [at for at, *_rest in among.fading]

    def __call__(self, point: Floats) -> tuple[float, Floats]:
        """Minus the logarithm of the likelihood and the priors, but for a constant, and its slope by each of `point`.

        Rasmussen and Williams (2006), equations 5.8 and 5.9.
        """
        among, days, number = self.among, len(self.values), len(self.among.parts)
        variances = np.exp(point[:number])
        correlations, by_lengths = among.at(np.exp(point[number:]))
        pairs = variances @ correlations
        pairs[among.diagonal] += self.noise
        covariance = np.zeros((days, days), order="F")
        covariance.ravel("K")[among.half] = pairs
        factor, stumbled = dpotrf(covariance, lower=1, clean=0, overwrite_a=1)
        if stumbled:
            raise np.linalg.LinAlgError(f"{stumbled}: not positive definite")
        solved, _ = dpotrs(factor, self.values, lower=1)
        away = (point - self.start) / self.widths
        cost = 0.5 * self.values @ solved + np.log(factor.ravel("K")[:: days + 1]).sum() + 0.5 * away @ away
        inverse, _ = dpotri(factor, lower=1, overwrite_c=1)
        pull = inverse.ravel("K")[among.half] - np.multiply.outer(solved, solved).ravel()[among.half]
        pull *= self.counts
        slopes = np.zeros(2 * number)
        slopes[:number] = variances * (correlations @ pull)
        slopes[number:][self.fading] = variances[self.fading] * (by_lengths @ pull)
        return float(cost), 0.5 * slopes + away / self.widths


def learned(among: Pieces, values: Floats, noise: float) -> Weights:
    """The weights that make `values` (one a day, measured with variance `noise`) most likely, under the priors."""
    parts, unlikely = among.parts, Unlikely(among, values, noise)
    bounds = [(at - 8 * width, at + 8 * width) for at, width in zip(unlikely.start, unlikely.widths, strict=True)]
    found = minimize(unlikely, unlikely.start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 40})
    return Weights(parts, found.x[: len(parts)], found.x[len(parts) :])


def foretold(known: Features, asked: Features, values: Floats, noise: Floats) -> list[tuple[Floats, Floats]]:
    """(mean, covariance) of each coefficient on the days `asked`, from its `values` [days known, coefficients]."""
    between = Distances.between(known, known)
    across, ahead = Distances.between(known, asked), Distances.between(asked, asked)
    chosen = _learned_from(len(values))
    among = Pieces(between.among(chosen), parts_for(known))
    found = []
    for one, chance in zip(values.T, noise, strict=True):
        weights = learned(among, one[chosen], float(chance))
        found.append(_told(weights, (between, across, ahead), one, float(chance)))
    return found


def _told(
    weights: Weights, distances: tuple[Distances, Distances, Distances], values: Floats, noise: float
) -> tuple[Floats, Floats]:
    """(mean, covariance) of one coefficient; `distances` among days known, from them to those asked, among these."""
    between, to_asked, ahead = distances
    covariance = weights.covariance(between) + noise * np.eye(len(values))
    factor = cho_factor(covariance + np.diag(_doubt_of_strange(covariance, values)), lower=True)
    across = weights.covariance(to_asked)
    mean = across.T @ cho_solve(factor, values)
    covariance = weights.covariance(ahead) - across.T @ cho_solve(factor, across)
    return mean, covariance


def _doubt_of_strange(covariance: Floats, values: Floats) -> Floats:
    """Variance added to days that are far from what all others say of them, so that one of them bends no forecast.

    A day's own deviation, with itself left out, is in the inverse of the covariance (Rasmussen and Williams, 5.4.2).
    The weights are learned with those days as they are: such days will come again, and the range must hold them.
    """
    inverse = np.linalg.inv(covariance)
    precision = np.diag(inverse)
    deviation = (inverse @ values) / np.sqrt(precision)
    return np.asarray(np.maximum((deviation / STRANGE) ** 2 - 1, 0.0) / precision)


def _learned_from(days: int) -> NDArray[np.int64]:
    """The last days, and every eleventh of those before: every weekday, every time of year."""
    if days <= LEARNED_FROM:
        return np.arange(days, dtype=np.int64)
    latest = LEARNED_FROM // 2
    older = np.unique(np.linspace(0, days - latest - 1, LEARNED_FROM - latest).astype(np.int64))
    return np.concatenate([older, np.arange(days - latest, days)])
