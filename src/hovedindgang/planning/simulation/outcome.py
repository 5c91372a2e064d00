"""What a simulated scenario came to, each figure with its 95 % interval over independent replications.

A rate is the ratio of two sums over all replications; its interval is Student's, from the residuals of the replications
about that ratio (Cochran 1977, section 6.4; for simulation Law 2015, section 9.4). Percentiles of waits are read from
counts in classes that are 4 % wide, and interpolated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import SERIES, Came, Of
from hovedindgang.planning.simulation.preparing import Prepared
from hovedindgang.planning.simulation.replications import Tally
from hovedindgang.planning.simulation.waits import SHARES, quantiles_of

LONGER, MORE = 1.25, 3.0  # a queue that grows: by a quarter, and by three people
SURE, ENOUGH = 2.326, 5  # the normal distribution's 99 %; replications that show by themselves how they differ
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the interval that covers it with the level asked for. Infinite where there is too little to say."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    def within(self, least: float, most: float) -> Estimate:
        """The same, its interval cut to what the figure can be; one without an end stays without."""
        low = self.low if math.isinf(self.low) else min(max(self.low, least), self.value)
        high = self.high if math.isinf(self.high) else max(min(self.high, most), self.value)
        return Estimate(self.value, low, high)

    def as_dict(self) -> dict[str, float]:
        return {"value": self.value, "low": self.low, "high": self.high}


@lru_cache(maxsize=1024)
def student(level: float, freedom: int) -> float:
    """The quantile that leaves (1 - level) / 2 above it."""
    # Heavy to load, and only plans need it.
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2)) if freedom > 0 else math.inf


def mean_of(values: NDArray[np.float64], *, level: float = LEVEL) -> Estimate:
    """The mean of one number a replication [R]."""
    value = float(values.sum()) / len(values) if len(values) else math.nan
    if len(values) < 2:
        return Estimate(value, -math.inf, math.inf)
    half = _half_width(values - value, level)
    return Estimate(value, value - half, value + half)


def _half_width(residuals: NDArray[np.float64], level: float) -> float:
    """Of the interval of a mean, from what each of [R], two or more, differs from it."""
    number = len(residuals)
    return student(level, number - 1) * math.sqrt(float(residuals @ residuals) / (number - 1) / number)


def ratio_of(above: NDArray[np.float64], below: NDArray[np.float64], *, level: float = LEVEL) -> Estimate:
    """The ratio of two numbers a replication, [R] and [R]."""
    total = float(below.sum())
    if total <= 0:
        return Estimate(math.nan, math.nan, math.nan)
    value = float(above.sum()) / total
    if len(above) < 2:
        return Estimate(value, -math.inf, math.inf)
    half = _half_width(above - value * below, level) * len(below) / total
    return Estimate(value, value - half, value + half)


def _share(above: NDArray[np.float64], below: NDArray[np.float64]) -> Estimate:
    """`ratio_of`, and nothing reckoned where there is none of it at all, as is usual."""
    if not above.any() and below.any():
        return Estimate(0.0, 0.0, 0.0) if len(above) > 1 else Estimate(0.0, -math.inf, math.inf)
    return ratio_of(above, below)


@dataclass(frozen=True, slots=True)
class Results:
    """All replications of one scenario that were done. R replications, F flows, G groups, A employees."""

    prepared: Prepared
    seed: int
    tallies: tuple[Tally, ...]
    interrupted: bool = False
    _found: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tallies", tuple(sorted(self.tallies, key=lambda one: one.replication)))

    @property
    def days(self) -> float:
        """That are counted in each replication."""
        scenario = self.prepared.scenario
        simulated = max((tally.minutes for tally in self.tallies), default=scenario.days * 1440.0)
        return max(simulated - scenario.warm_up_minutes, 1.0) / 1440.0

    def column(self, of: Of, flows: Sequence[int]) -> NDArray[np.float64]:
        """[R]: the column's sum over `flows` in each replication."""
        every: NDArray[np.float64] = self._kept(("sums", *flows), lambda: self._by_flow[:, flows].sum(axis=1))
        return every[:, of]

    @property
    def _by_flow(self) -> NDArray[np.float64]:
        """[R, F, Of.COLUMNS]"""
        every: NDArray[np.float64] = self._kept(
            ("by_flow",), lambda: np.array([tally.by_flow for tally in self.tallies])
        )
        return every

    def _kept(self, name: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What `make` gives, made once."""
        if name not in self._found:
            self._found[name] = make()
        return self._found[name]

    def flows_where(self, wanted: Callable[[str], bool]) -> list[int]:
        return [at for at, key in enumerate(self.prepared.flows) if wanted(key)]

    # ----------------------------------------------------------------------------------------------- waits and calls

    def per_day(self, of: Of, flows: Sequence[int]) -> Estimate:
        return mean_of(self.column(of, flows) / self.days)

    def mean_wait(self, flows: Sequence[int], *, level: float = LEVEL) -> Estimate:
        """Minutes, of those who were served."""
        return ratio_of(self.column(Of.WAITED, flows), self.column(Of.SERVED, flows), level=level)

    def wait_quantiles(self, flows: Sequence[int]) -> dict[str, Estimate]:
        """Minutes that each of `QUANTILES` of those served did not wait longer than."""
        counts = np.array([tally.waits[flows].sum(axis=0) for tally in self.tallies])
        found = quantiles_of(np.concatenate([counts.sum(axis=0)[None, :], counts]))
        return {name: self._quantile(found[0, at], found[1:, at]) for at, name in enumerate(QUANTILES)}

    @staticmethod
    def _quantile(value: float, each: NDArray[np.float64]) -> Estimate:
        """Of all together, with the interval that those of each replication tell."""
        each = each[~np.isnan(each)]
        if len(each) < 2:
            return Estimate(float(value), -math.inf, math.inf)
        half = _half_width(each - each.mean(), LEVEL)
        return Estimate(float(value), max(0.0, float(value) - half), float(value) + half)

    def share_answered_in_time(self, flows: Sequence[int]) -> Estimate:
        """Of those who came (who gave up too), those served within what is promised."""
        return ratio_of(self.column(Of.WITHIN, flows), self._came(flows))

    def share_given_up(self, flows: Sequence[int], *, level: float = LEVEL) -> Estimate:
        return ratio_of(
            self.column(Of.GAVE_UP, flows) + self.column(Of.UNSERVED, flows), self._came(flows), level=level
        )

    def share_kept(self, flows: Sequence[int]) -> Estimate:
        """Of answers that had a promised day, those given by then."""
        kept, broken = self.column(Of.KEPT, flows), self.column(Of.BROKEN, flows)
        return ratio_of(kept, kept + broken)

    def _came(self, flows: Sequence[int]) -> NDArray[np.float64]:
        return self.column(Of.SERVED, flows) + self.column(Of.GAVE_UP, flows) + self.column(Of.UNSERVED, flows)

    # ------------------------------------------------------------------------------------------------ what came of it

    def resolved_in_house(self, flows: Sequence[int]) -> Estimate:
        """Indicator A: of matters that ended, those solved by Borgerservice however often the citizen came."""
        ours = self.asked_of_us(flows)
        return ratio_of(self.column(Of.IN_HOUSE, ours), self.column(Of.MATTERS, ours))

    def first_contact_resolution(self, flows: Sequence[int]) -> Estimate:
        """Indicator B: of the same, those solved in one contact."""
        ours = self.asked_of_us(flows)
        return ratio_of(self.column(Of.AT_ONCE, ours), self.column(Of.MATTERS, ours))

    def asked_of_us(self, flows: Sequence[int]) -> list[int]:
        """Those of `flows` that come to Borgerservice: who goes straight to a department is in neither indicator."""
        every = list(self.prepared.scenario.flows.values())
        return [flow for flow in flows if not every[flow].direct]

    def ended(self, came: Came, flows: Sequence[int]) -> NDArray[np.float64]:
        """[R]: contacts of `flows` that ended so."""
        every = self._kept(("outcomes",), lambda: np.array([tally.outcomes for tally in self.tallies]))
        so = self._kept(("ended", came), lambda: (every * (self.prepared.network.outcome_is == came)).sum(axis=2))
        total: NDArray[np.float64] = so[:, flows].sum(axis=1)
        return total

    def count(self, came: Came, flows: Sequence[int]) -> Estimate:
        """Contacts a day that ended so."""
        return mean_of(self.ended(came, flows) / self.days)

    def by_citizens(self, flows: Sequence[int]) -> list[int]:
        """Those of `flows` by which citizens come to us: not what goes on to a colleague or department, or returns."""
        inner = self._kept(("inner",), self._inner)
        return [flow for flow in flows if flow not in inner]

    def _inner(self) -> frozenset[int]:
        network, between = self.prepared.network, (Came.HANDED_OVER, Came.TRANSFERRED, Came.RETURNED)
        reached = {int(to) for to in network.outcome_to[np.isin(network.outcome_is, between)] if to >= 0}
        direct = {at for at, flow in enumerate(self.prepared.scenario.flows.values()) if flow.direct}
        return frozenset(flow for flow in reached if not network.mass[flow].any()) | direct

    def handed_over(self, flows: Sequence[int]) -> Estimate:
        """Of citizens' contacts, those that went on to a department."""
        asked = self.by_citizens(flows)
        return _share(self.ended(Came.HANDED_OVER, asked), self.column(Of.SERVED, asked))

    def transferred(self, flows: Sequence[int]) -> Estimate:
        """Of citizens' contacts, those that went on to a colleague while she waited."""
        asked = self.by_citizens(flows)
        return _share(self.ended(Came.TRANSFERRED, asked), self.column(Of.SERVED, asked))

    def returned(self, flows: Sequence[int]) -> Estimate:
        """Of what departments took up, what they sent back undone."""
        returning = [flow for flow in flows if any(way.came is Came.RETURNED for way in self.prepared.outcomes[flow])]
        return _share(self.ended(Came.RETURNED, returning), self.column(Of.SERVED, returning))

    def share_sent_on(self, flows: Sequence[int]) -> Estimate:
        """Of citizens' contacts, those in which she herself was asked to go or ring elsewhere, or a door was closed."""
        asked = self.by_citizens(flows)
        return _share(self.sent_on(asked), self.column(Of.SERVED, asked))

    def closed_door(self, flows: Sequence[int]) -> Estimate:
        """Of citizens' contacts, those of people who found the door closed where they would have gone."""
        asked = self.by_citizens(flows)
        return _share(self._from_closed(asked, Of.SERVED), self.column(Of.SERVED, asked))

    def sent_on(self, flows: Sequence[int]) -> NDArray[np.float64]:
        """[R]: contacts; who came from a closed door and is sent on from here too is counted once."""
        sent = self.column(Of.SENT_ON, flows)
        return sent + self._from_closed(flows, Of.SERVED) - self._from_closed(flows, Of.SENT_ON)

    def _from_closed(self, flows: Sequence[int], of: Of) -> NDArray[np.float64]:
        shares = self._kept(
            ("closed",), lambda: np.array([f.closed_door for f in self.prepared.scenario.flows.values()])
        )
        total: NDArray[np.float64] = self._by_flow[:, flows, of] @ shares[flows]
        return total

    # -------------------------------------------------------------------------------------------------- the employees

    def occupancy(self, employees: Sequence[int] | None = None) -> Estimate:
        """Minutes of work of minutes on duty."""
        who = list(range(len(self.prepared.scenario.employees))) if employees is None else list(employees)
        busy = np.array([tally.busy[who].sum() for tally in self.tallies])
        duty = np.array([tally.duty[who].sum() for tally in self.tallies])
        return ratio_of(busy, duty)

    def duty_hours(self, employees: Sequence[int] | None = None) -> Estimate:
        """Hours at work a day, overtime among them."""
        who = list(range(len(self.prepared.scenario.employees))) if employees is None else list(employees)
        return mean_of(np.array([tally.duty[who].sum() for tally in self.tallies]) / 60.0 / self.days)

    def overtime_hours(self, employees: Sequence[int] | None = None) -> Estimate:
        """A day."""
        who = list(range(len(self.prepared.scenario.employees))) if employees is None else list(employees)
        return mean_of(np.array([tally.overtime[who].sum() for tally in self.tallies]) / 60.0 / self.days)

    def at_closing(self, group: int) -> Estimate:
        """How many waited when the door was shut."""
        return ratio_of(
            np.array([tally.at_closing[group, 0] for tally in self.tallies]),
            np.array([tally.at_closing[group, 1] for tally in self.tallies]),
        )

    # -------------------------------------------------------------------------------------------- queues without end

    def growth(self, group: int) -> float | None:
        """How many more wait with each day that passes, where a queue grows without end; else None.

        A queue that settles comes down again and again, if only at the end of the week; one that grows does not. So it
        is its lowest points that are compared, one for each week (of two or more), each working day (of three or more)
        or else each eighth of the time: they grow when those of the last third lie above those of the middle third by
        a quarter of them and by three people, and that is no chance. Of five replications or more it is none when the
        mean rise is above zero with 99 % certainty over them. In each replication by itself it is none when it has come
        farther than 99 % of the queues would whose arrivals and services are as many as each other (a walk without a
        drift, `_walks`); that is asked of all together where they are fewer than five, and of each: a queue
        that grows by itself in half of the replications has no mean wait, whatever it did in the others.
        A queue that is sent home every night cannot grow from day to day.
        """
        found: float | None = self._kept(("growth", group), lambda: self._growth(group))
        return found

    def _growth(self, group: int) -> float | None:
        days = self.prepared.scenario.days
        if any(tally.broken_off for tally in self.tallies):
            longest = max(float(tally.queue[:, group].max()) for tally in self.tallies if tally.broken_off)
            return longest / self.days if longest > 1000 else None
        if not self.prepared.network.group_stays[group] or any(tally.stopped for tally in self.tallies):
            return None
        queues = np.array([tally.queue[:, group] for tally in self.tallies])
        pieces = self._pieces()
        lowest = np.array([queues[:, piece].min(axis=1) for piece in pieces])  # [pieces, R]
        third = max(1, len(pieces) // 3)
        middle, last = lowest[-2 * third : -third].mean(axis=0), lowest[-third:].mean(axis=0)
        rise = last - middle
        walks = last / self._walks(group)
        alone = (last >= LONGER * middle) & (rise >= MORE) & (walks >= SURE)
        together = last.mean() >= LONGER * middle.mean() and rise.mean() >= MORE
        if len(rise) >= ENOUGH:
            together = together and mean_of(rise, level=0.98).low > 0
        else:  # Stouffer's sum
            together = together and float(walks.sum()) >= SURE * math.sqrt(len(rise))
        if not together and 2 * int(alone.sum()) < len(rise):
            return None
        if not together:
            rise = rise[alone]
        apart = np.mean([piece.mean() for piece in pieces[-third:]])
        apart -= np.mean([piece.mean() for piece in pieces[-2 * third : -third]])
        return float(rise.mean() / (apart * days / SERIES))

    def _walks(self, group: int) -> NDArray[np.float64]:
        """[R]: the standard deviation of the mean place of a walk without a drift, over its last third.

        The walk steps by one for each who comes and each who is served, as many as the other, so over a time t its
        variance is twice the arrivals in t; that of its mean over the last third of it is seven ninths of that. A queue
        that settles is held down, and does not come so far. At least one.
        """
        flows = [int(flow) for flow in np.flatnonzero(self.prepared.network.group_of == group)]
        arrived = self.column(Of.ARRIVED, flows) * self.prepared.scenario.days / max(self.days, 1.0)
        return np.sqrt(np.maximum(1.0, 2.0 * arrived * 7.0 / 9.0))

    def _pieces(self) -> list[NDArray[np.int64]]:
        """Samples of each period in which a queue that settles comes down."""
        scenario = self.prepared.scenario
        day = np.floor((np.arange(SERIES) + 0.5) / SERIES * scenario.days).astype(np.int64)
        if scenario.days >= 14:  # weeks from the end; the first day begins empty, and says nothing
            week = (scenario.days - 1 - day) // 7
            weeks = (np.flatnonzero((week == one) & (day > 0)) for one in reversed(range(scenario.days // 7)))
            return [sampled for sampled in weeks if len(sampled)]  # in ten years a sample skips a week now and then
        always = all(employee.week is None for employee in scenario.employees)
        working = [number for number in range(scenario.days) if always or scenario.works_on(number)]
        if len(working) > 2:
            return [np.flatnonzero(day == number) for number in working]
        return [np.arange(SERIES // 8 * piece, SERIES // 8 * (piece + 1)) for piece in range(8)]


def difference(one: Results, other: Results, figure: Callable[[Results], NDArray[np.float64]]) -> Estimate:
    """`other` minus `one` of a figure that is one number a replication, over the replications that both did.

    With the same seed both had the same citizens (common random numbers), so the interval is that of the pairs.
    """
    done = {tally.replication for tally in one.tallies} & {tally.replication for tally in other.tallies}
    first = figure(only(one, done))
    second = figure(only(other, done))
    return mean_of(second - first)


def only(results: Results, replications: set[int]) -> Results:
    """Those replications alone."""
    kept = tuple(tally for tally in results.tallies if tally.replication in replications)
    return Results(results.prepared, results.seed, kept, results.interrupted)


def merged(results: Sequence[Results]) -> Results:
    """Parts of one run, done apart, as one."""
    first = results[0]
    every = tuple(tally for one in results for tally in one.tallies)
    return Results(first.prepared, first.seed, every, any(one.interrupted for one in results))


QUANTILES: Mapping[str, float] = {"p50": SHARES[0], "p80": SHARES[1], "p95": SHARES[2]}
