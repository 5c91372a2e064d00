"""A day of every channel × service, so that the parts add up to the whole in every draw.

Each channel has a forecast of its own (`forecasting.py`). It is shared out to the services: the many draws of a day are
each divided at random, in the proportions of the services' own forecasts, which is the
top-down method with forecast proportions (G. Athanasopoulos, R. Ahmed and R. Hyndman, Hierarchical forecasts for
Australian domestic tourism, International Journal of Forecasting 25, 2009; C. Gross and J. Sohl, 1990). A service that
many come for has a model of its own; one that few come for has the channel's curve with its own level, the posterior
mean of its share under Jeffreys' prior (A. Gelman et al., Bayesian Data Analysis, 2013, section 3.4). Shares stray from
day to day by factors whose logarithms are normal (J. Aitchison and S. Shen, Logistic-normal distributions, Biometrika
67, 1980), as far as they did beyond chance. Channels are busy on the same days as far as they were: their draws are put
in an order that has the rank correlation of the past (R. Iman and W. Conover, Communications in Statistics B 11, 1982).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray
from scipy.special import ndtri

from hovedindgang.planning.demand.flows import Flows
from hovedindgang.planning.demand.forecasting import LEAST_DAYS, MOST_DAYS, Change, Forecast, forecast
from hovedindgang.planning.demand.series import Series
from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
LEVEL_DAYS = 60  # open days from which a service's share is known
OWN_A_DAY = 15.0  # contacts a day for a model of its own: below it, chance is most of what a model would learn
OWN_DAYS = 20
COMMON_DAYS = 20  # days in common from which it is learned whether two channels are busy together
DRAWS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """How a channel's contacts fall on services: `each` [intervals, services], rows that add up to one.

    `strays`: variance of the factor by which each service's share differs on a day. `own`: whether it has a model of
    its own. `counted`: its contacts in the `days` from which its level is known.
    """

    services: tuple[str, ...]
    each: Floats
    strays: Floats
    own: tuple[bool, ...]
    counted: tuple[int, ...]
    days: int


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A channel or a service: `mean` for each interval, quantiles by level, and the draws of the whole day."""

    mean: Floats
    quantiles: dict[float, Floats]
    days: Whole


@dataclass(frozen=True, slots=True, eq=False)
class ChannelDay:
    """One channel on the day: the forecast, itself as a part, and its services by name."""

    forecast: Forecast
    whole: Part
    shares: Shares
    services: dict[str, Part]


@dataclass(frozen=True, slots=True, eq=False)
class DayOfAll:
    """Every channel that could be foretold, and how many days those have that could not (`left_out`)."""

    channels: dict[str, ChannelDay]
    left_out: dict[str, int]
    together: float | None  # mean rank correlation between channels; None where it is not known, or there is but one

    @property
    def days(self) -> Whole:
        """The draws of all channels together."""
        return np.asarray(sum(one.whole.days for one in self.channels.values()))


def day_of_all(
    flows: Mapping[str, Flows],
    day: dt.date,
    *,
    levels: Sequence[float],
    seed: int,
    history_days: int = MOST_DAYS,
    danish: bool = False,
    closed: Sequence[dt.date] = (),
    changes: Sequence[Change] = (),
    draws: int = DRAWS,
) -> DayOfAll:
    """The forecast of `day` from the days before it. Raises CannotPlan where no channel has days enough."""
    past = {channel: one.total.before(day) for channel, one in flows.items()}
    left_out = {channel: len(one) for channel, one in past.items() if len(one) < LEAST_DAYS}
    asked = [channel for channel in flows if channel not in left_out]
    if not asked:
        raise CannotPlan(
            gettext("Ingen kanal har {least} dage før den {day}; det er for få til en prognose.").format(
                least=LEAST_DAYS, day=day
            ),
            cure=gettext("Giv flere dages tal."),
            where=tuple(f"{channel}: {days}" for channel, days in left_out.items()),
        )
    given: dict[str, Any] = {"history_days": history_days, "danish": danish, "closed": closed, "changes": changes}
    told = {channel: forecast(flows[channel].total, [day], **given) for channel in asked}
    shares = {channel: shares_of(flows[channel], day, told[channel], given) for channel in asked}
    seeds = np.random.SeedSequence(seed).spawn(2 * len(asked) + 1)
    drawn = [told[channel].simulate(draws, seed=own)[:, 0] for channel, own in zip(asked, seeds, strict=False)]
    every_change = any(change.on(day) for change in changes)
    links = np.ones((len(asked),) * 2) if every_change else rank_correlation([past[channel] for channel in asked])
    drawn = reordered(drawn, links, Generator(Philox(seeds[-1])))
    channels = {
        channel: _divided(told[channel], shares[channel], sums, levels, Generator(Philox(own)))
        for channel, sums, own in zip(asked, drawn, seeds[len(asked) :], strict=False)
    }
    apart = links[np.triu_indices(len(asked), 1)]
    return DayOfAll(channels, left_out, float(apart.mean()) if len(apart) else None)


def shares_of(flows: Flows, day: dt.date, told: Forecast, given: Mapping[str, Any]) -> Shares:
    """How the channel's contacts of `day` fall on services, from the days before it."""
    until = len(flows.total.before(day))
    recent = slice(max(0, until - LEVEL_DAYS), until)
    seen = {name: counts for name, counts in flows.services.items() if np.nansum(counts[:until]) > 0}
    names = tuple(seen)
    if not names:
        return Shares((), np.zeros((len(told.starts_minutes), 0)), np.zeros(0), (), (), until - recent.start)
    daily = np.array([np.nansum(counts[recent], axis=1) for counts in seen.values()]).T  # [days, services]
    counted = daily.sum(axis=0)
    level = (counted + 0.5) / (counted.sum() + 0.5 * len(names))
    mean = told.counts().mean
    own = (daily.mean(axis=0) >= OWN_A_DAY) & (len(daily) >= OWN_DAYS)
    each = mean[:, None] * level
    for place in np.flatnonzero(own):
        each[:, place] = forecast(flows.of(names[place]), [day], **given).counts().mean
    whole = each.sum(axis=1, keepdims=True)
    each = np.where(whole > 0, each / np.where(whole > 0, whole, 1.0), level)
    return Shares(
        services=names,
        each=each,
        strays=straying(daily, flows.total.weekdays[recent], level, own),
        own=tuple(bool(one) for one in own),
        counted=tuple(int(one) for one in counted),
        days=len(daily),
    )


def straying(daily: Floats, weekdays: Whole, level: Floats, own: NDArray[np.bool_]) -> Floats:
    """Variance of the factor by which each service's share differs from day to day beyond chance, by moments.

    `daily`: contacts by day and service. Who has a model of its own is held against its share of the weekday, and has
    a variance of its own; the others are held against theirs of any day, and have one in common.
    """
    share = np.tile(level, (len(daily), 1))
    for weekday in set(weekdays.tolist()):
        mine = daily[weekdays == weekday]
        share[np.ix_(weekdays == weekday, own)] = (mine.sum(axis=0) / max(mine.sum(), 1.0))[own]
    rest = np.maximum(1.0 - share[:, own].sum(axis=1, keepdims=True), 1e-9)
    share[:, ~own] *= rest / max(level[~own].sum(), 1e-9)
    mean = share * daily.sum(axis=1, keepdims=True)
    squares = np.where(own, len(daily) / max(1, len(daily) - len(set(weekdays.tolist()))), 1.0) * (daily - mean) ** 2
    # Of a share whose factor has variance v, the others' too: v (1 - 2 share + Σ share²) in proportion
    spread = mean**2 * (1 - 2 * share + (share**2).sum(axis=1, keepdims=True))
    beyond, most = (squares - mean * (1 - share)).sum(axis=0), spread.sum(axis=0)
    beyond[~own], most[~own] = beyond[~own].sum(), most[~own].sum()
    return np.asarray(np.maximum(beyond, 0.0) / np.maximum(most, 1e-9))


def rank_correlation(past: Sequence[Series]) -> Floats:
    """How channels' days go together beyond their weekday: normal scores of the days that all have."""
    totals = [{day: float(np.nansum(row)) for day, row in zip(one.days, one.counts, strict=True)} for one in past]
    common = sorted(set.intersection(*(set(one) for one in totals)))[-2 * LEVEL_DAYS :]
    if len(common) < COMMON_DAYS or len(past) < 2:
        return np.eye(len(past))
    weekdays = np.array([day.weekday() for day in common])
    scores = []
    for total in totals:
        values = np.log(np.array([total[day] for day in common]) + 0.5)
        for weekday in set(weekdays.tolist()):
            values[weekdays == weekday] -= values[weekdays == weekday].mean()
        scores.append(ndtri((values.argsort().argsort() + 0.5) / len(values)))
    return np.asarray(np.corrcoef(scores))


def reordered(drawn: Sequence[Whole], links: Floats, chance: Generator) -> list[Whole]:
    """The same draws of each channel, in an order in which their days' sums have the rank correlation `links`."""
    values, vectors = np.linalg.eigh(links)
    score = chance.standard_normal((len(drawn[0]), len(values))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    ordered = (one[one.sum(axis=1).argsort(kind="stable")] for one in drawn)
    return [one[score[:, place].argsort().argsort()] for place, one in enumerate(ordered)]


def _divided(told: Forecast, shares: Shares, drawn: Whole, levels: Sequence[float], chance: Generator) -> ChannelDay:
    """The channel's draws [draws, intervals] divided on its services, interval by interval."""
    counts = told.counts()
    whole = Part(counts.mean, {level: counts.quantile(level) for level in levels}, drawn.sum(axis=1))
    size = len(shares.services)
    if not size:
        return ChannelDay(told, whole, shares, {})
    known = np.array(shares.counted) + 0.5
    tilted = chance.standard_gamma(np.broadcast_to(known, (len(drawn), size))) / known
    width = np.sqrt(np.log1p(shares.strays))
    tilted *= np.exp(chance.standard_normal(tilted.shape) * width - width**2 / 2)
    days = np.zeros((len(drawn), size), dtype=np.int64)
    quantiles = np.zeros((len(levels), drawn.shape[1], size))
    for place in np.flatnonzero(told.open[0]):
        odds = tilted * shares.each[place] + 1e-300
        fallen = chance.multinomial(drawn[:, place], odds / odds.sum(axis=1, keepdims=True))
        days += fallen
        quantiles[:, place] = np.quantile(fallen, levels, axis=0, method="inverted_cdf")
    services = {
        name: Part(
            counts.mean * shares.each[:, at],
            {level: quantiles[row, :, at] for row, level in enumerate(levels)},
            days[:, at],
        )
        for at, name in enumerate(shares.services)
    }
    return ChannelDay(told, whole, shares, services)
