"""From a scenario to the arrays that the loop runs on: what all its replications share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation import chance
from hovedindgang.planning.simulation.checks import must_be_known, must_fit, must_say_every_day
from hovedindgang.planning.simulation.competence import must_be_servable
from hovedindgang.planning.simulation.duties import Shifts
from hovedindgang.planning.simulation.network import (
    DAY,
    LEVELS,
    SERIES,
    Network,
    Planned,
)
from hovedindgang.planning.simulation.scenario import (
    LEVEL_NAMES,
    ByWeekday,
    Days,
    Distribution,
    Flow,
    Opening,
    Outcome,
    Scenario,
)
from hovedindgang.planning.simulation.shifts import shifts_of, weekdays_of

_KINDS = {
    "exponential": chance.EXPONENTIAL,
    "lognormal": chance.LOGNORMAL,
    "constant": chance.CONSTANT,
    "empirical": chance.EMPIRICAL,
    "never": chance.NEVER,
}
SAMPLES = SERIES
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario as arrays; `network` holds what no replication changes, the rest is drawn by `drawing`."""

    scenario: Scenario
    network: Network
    flows: tuple[str, ...]
    lines: tuple[str, ...]
    groups: tuple[tuple[str, str | None], ...]  # channel, place
    places: tuple[str, ...]
    channels: tuple[str, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]  # of each flow, in the order of its columns
    shared: tuple[str, ...]  # names of the factors that flows share
    shared_of: NDArray[np.int64]  # [F]
    shared_cv: NDArray[np.float64]
    shifts: Shifts
    fixed: Mapping[str, NDArray[Any]]  # the calendar but for duties: closings, sweeps, samples


class _Rows:
    """Distributions, each once."""

    def __init__(self) -> None:
        self.rows: dict[Distribution, int] = {}
        self._asked: dict[int, int] = {}  # by identity: a scenario has few, and its flows share them

    def of(self, distribution: Distribution) -> int:
        row = self._asked.get(id(distribution))
        if row is None:
            row = self._asked[id(distribution)] = self.rows.setdefault(distribution, len(self.rows))
        return row

    def arrays(self) -> dict[str, Any]:
        kind, first, second, row = [], [], [], []
        tables: list[tuple[float, ...]] = [(0.0, 0.0)]
        for one in self.rows:
            kind.append(_KINDS[one.kind])
            deviation = math.sqrt(math.log(1 + one.cv**2)) if one.kind == "lognormal" else 0.0
            lognormal = one.kind == "lognormal"
            first.append(math.log(one.mean_minutes) - deviation**2 / 2 if lognormal else one.mean_minutes)
            second.append(len(one.quantiles_minutes) - 1.0 if one.quantiles_minutes else deviation)
            row.append(len(tables) if one.quantiles_minutes else 0)
            if one.quantiles_minutes:
                tables.append(one.quantiles_minutes)
        quantiles = np.zeros((len(tables), max(len(table) for table in tables)))
        for place, table in enumerate(tables):
            quantiles[place, : len(table)] = table
        return {
            "kind": np.array(kind, np.int64),
            "first": np.array(first, np.float64),
            "second": np.array(second, np.float64),
            "row": np.array(row, np.int64),
            "quantiles": quantiles,
        }


def prepare(scenario: Scenario) -> Prepared:
    """The arrays of `scenario`. Raises CannotPlan where nobody can serve a line, or nothing says who is away."""
    outcomes = tuple(flow.ways for flow in scenario.flows.values())
    must_be_known(scenario, outcomes)
    must_say_every_day(scenario)
    must_fit(scenario)
    must_be_servable(scenario)
    flows, lines = tuple(scenario.flows), tuple(scenario.lines)
    groups, places, channels = _groups(scenario), _places(scenario), _channels(scenario)
    openings = {(one.channel, one.place): one for one in scenario.openings}
    rows = _Rows()
    network = Network(
        ends_at=scenario.days * DAY,
        warm_up=scenario.warm_up_minutes,
        lead=scenario.lead_days,
        first_hour=24 * scenario.first_day.weekday(),
        **_of_flows(scenario, groups, rows, outcomes),
        **_of_lines(scenario, groups, places, channels),
        **_of_groups(scenario, groups, openings),
        **_of_employees(scenario),
        **rows.arrays(),
        narrow_first=scenario.narrow_first,
        at=np.zeros(0),
        planned=np.zeros(0, np.int64),
        who=np.zeros(0, np.int64),
        place=np.zeros(0, np.int64),
        channels=np.zeros(0, np.int64),
    )
    names = sorted({flow.arrivals.shared or key for key, flow in scenario.flows.items() if flow.arrivals})
    of = [names.index(flow.arrivals.shared or key) if flow.arrivals else 0 for key, flow in scenario.flows.items()]
    return Prepared(
        scenario=scenario,
        network=network,
        flows=flows,
        lines=lines,
        groups=groups,
        places=places,
        channels=channels,
        outcomes=outcomes,
        shared=tuple(names),
        shared_of=np.array(of, np.int64),
        shared_cv=np.array([f.arrivals.day_cv if f.arrivals else 0.0 for f in scenario.flows.values()]),
        shifts=shifts_of(scenario, places, channels),
        fixed=_fixed_calendar(scenario, groups, openings),
    )


def _groups(scenario: Scenario) -> tuple[tuple[str, str | None], ...]:
    own = {(line.channel, line.place) for line in scenario.lines.values()}
    own |= {(flow.channel, flow.centre) for flow in scenario.flows.values() if flow.line is None}
    return tuple(sorted(own, key=lambda one: (one[0], one[1] or "")))


def _places(scenario: Scenario) -> tuple[str, ...]:
    named = {line.place for line in scenario.lines.values()} | {one.place for one in scenario.employees}
    for employee in scenario.employees:
        named |= {shift.place for day in employee.week or () for shift in day}
    return tuple(sorted(place for place in named if place))


def _channels(scenario: Scenario) -> tuple[str, ...]:
    return tuple(sorted({line.channel for line in scenario.lines.values()}))


def _shares(flow: Flow, ways: Sequence[Outcome], level: str) -> list[float]:
    if not isinstance(flow.outcomes, Mapping):
        return [one.share for one in ways]
    at = flow.outcomes.get(level) or next(iter(flow.outcomes.values()))
    if [one.way for one in at] == [one.way for one in ways]:
        return [one.share for one in at]
    found = {one.way: one.share for one in at}
    return [found.get(one.way, 0.0) for one in ways]


def _of_flows(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    rows: _Rows,
    outcomes: tuple[tuple[Outcome, ...], ...],
) -> dict[str, Any]:
    flows, keys = list(scenario.flows.values()), list(scenario.flows)
    flow_at, line_at, group_at = _places_in(keys), _places_in(scenario.lines), _places_in(groups)
    most = max(len(ways) for ways in outcomes)
    table: dict[str, NDArray[Any]] = {
        "outcome": np.zeros((len(flows), LEVELS, most)),
        "outcome_is": np.zeros((len(flows), most), np.int64),
        "outcome_to": np.full((len(flows), most), -1, np.int64),
        "outcome_after": np.full((len(flows), most), -1, np.int64),
        "outcome_moves": np.zeros((len(flows), most), np.bool_),
    }
    for at, (flow, ways) in enumerate(zip(flows, outcomes, strict=True)):
        for level, name in enumerate(LEVEL_NAMES):
            table["outcome"][at, level, : len(ways)] = _shares(flow, ways, name)
        for which, way in enumerate(ways):
            table["outcome_is"][at, which] = way.came
            table["outcome_to"][at, which] = flow_at[way.to] if way.to else -1
            table["outcome_after"][at, which] = rows.of(way.after) if way.after else -1
            table["outcome_moves"][at, which] = way.moves
    ends = np.array([len(ways) for ways in outcomes])
    table["outcome"] = np.where(
        np.arange(most) < ends[:, None, None] - 1, np.cumsum(table["outcome"], axis=2), 1.0
    )  # shares so far, and all of them from the last way on
    mass, profile_of, profiles = _masses(scenario)
    width, shares = DAY / (profiles.shape[1] - 1), np.diff(profiles, axis=1)
    dues = sorted({flow.due_working_days for flow in flows if flow.due_working_days is not None})
    handle = [_by_level(flow) for flow in flows]
    return table | {
        "flow_stream": np.array(
            [chance.stream_of("flow", scenario.flows[key].stream or key) for key in keys], np.uint64
        ),
        "mass": mass,
        "profile_of": profile_of,
        "profiles": profiles,
        "slopes": np.divide(width, shares, out=np.zeros_like(shares), where=shares > 0),
        "width": width,
        "evenly": np.array([bool(flow.arrivals and flow.arrivals.evenly) for flow in flows]),
        "first_booked": np.array([flow.arrivals.first if flow.arrivals else 0.5 for flow in flows]),
        "no_show": np.array([flow.arrivals.no_show if flow.arrivals else 0.0 for flow in flows]),
        "line_of": np.array([line_at[flow.line] if flow.line else -1 for flow in flows], np.int64),
        "group_of": np.array([group_at[_group_of(scenario, flow)] for flow in flows], np.int64),
        "promised": np.array([math.inf if f.promised_minutes is None else f.promised_minutes for f in flows]),
        "patience": np.array([rows.of(flow.patience) for flow in flows], np.int64),
        "again": np.array([flow.again for flow in flows], np.float64),
        "again_after": np.array([rows.of(flow.again_after) for flow in flows], np.int64),
        "due": np.array(
            [-1 if f.due_working_days is None else dues.index(f.due_working_days) for f in flows], np.int64
        ),
        "handle": np.array([[rows.of(one) for one in levels] for levels in handle], np.int64),
        "due_at": np.array([_due_at(scenario, days) for days in dues] or [[math.inf] * scenario.days]),
    }


def _places_in(names: Iterable[Named]) -> dict[Named, int]:
    return {name: at for at, name in enumerate(names)}


def _by_level(flow: Flow) -> list[Distribution]:
    if isinstance(flow.handle, Distribution):
        return [flow.handle] * LEVELS
    fallback = next(iter(flow.handle.values()))
    return [flow.handle.get(level, fallback) for level in LEVEL_NAMES]


def _group_of(scenario: Scenario, flow: Flow) -> tuple[str, str | None]:
    if flow.line is None:
        return flow.channel, flow.centre
    line = scenario.lines[flow.line]
    return line.channel, line.place


def _masses(scenario: Scenario) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Expected arrivals [F, D], the row of its profile [F, D], and profiles as shares that came before [P, I + 1]."""
    coming = [flow.arrivals for flow in scenario.flows.values() if flow.arrivals]
    shared = {id(one.shape): one.shape for one in coming}  # many services of a channel have one
    finest = math.lcm(*{len(row) for shape in shared.values() for row in shape})
    if finest > DAY:
        raise CannotPlan(
            _("Dagens forløb er delt så forskelligt, at det kræver {pieces} stykker af et døgn.").format(pieces=finest),
            cure=_("Del alle forløb i lige lange stykker, fx timer (24) eller kvarterer (96)."),
        )
    known: dict[tuple[float, ...], int] = {}
    mass = np.zeros((len(scenario.flows), scenario.days))
    profile_of = np.zeros((len(scenario.flows), scenario.days), np.int64)
    weekdays, shapes = weekdays_of(scenario), dict[int, NDArray[np.int64]]()
    for at, flow in enumerate(scenario.flows.values()):
        arrivals = flow.arrivals
        if arrivals is None:
            continue
        mass[at] = _of_days(np.array(arrivals.per_day), arrivals.per_day, weekdays)
        if id(arrivals.shape) not in shapes:
            rows = np.array([known.setdefault(row, len(known)) for row in arrivals.shape])
            shapes[id(arrivals.shape)] = _of_days(rows, arrivals.shape, weekdays)
        profile_of[at] = shapes[id(arrivals.shape)]
    profiles = np.zeros((max(1, len(known)), finest + 1))
    for row, place in known.items():
        fine = np.repeat(np.array(row) / max(sum(row), 1e-300), finest // len(row)) / (finest // len(row))
        profiles[place, 1:] = np.cumsum(fine)
        profiles[place, -1] = 1.0
    return mass, profile_of, profiles


def _of_days(values: NDArray[Any], days: Days[Any], weekdays: NDArray[np.int64]) -> NDArray[Any]:
    """[D] of `values`, one for each of `days`, the one that holds on each day of the scenario."""
    return values[weekdays] if isinstance(days, ByWeekday) else values


def _due_at(scenario: Scenario, days: int) -> list[float]:
    """For each day, when what came in is due: the end of the so many-th working day after it."""
    ends = []
    for day in range(scenario.days):
        left, at = days, day
        while left > 0:
            at += 1
            left -= scenario.works_on(at)
        ends.append((at + 1) * DAY)
    return ends


def _of_lines(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    places: tuple[str, ...],
    channels: tuple[str, ...],
) -> dict[str, Any]:
    lines = list(scenario.lines.values())
    return {
        "priority": np.array([line.priority for line in lines], np.int64),
        "line_place": np.array([places.index(line.place) if line.place else -1 for line in lines], np.int64),
        "line_channel": np.array([1 << channels.index(line.channel) for line in lines], np.int64),
        "line_group": np.array([groups.index((line.channel, line.place)) for line in lines], np.int64),
        "interruptible": np.array([line.interruptible for line in lines], np.bool_),
    }


def opening_of(openings: Mapping[tuple[str, str | None], Opening], group: tuple[str, str | None]) -> Opening:
    """The opening hours of a group: its own, else its channel's, else always open."""
    return openings.get(group) or openings.get((group[0], None)) or Opening(group[0], None)


def _of_groups(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    openings: Mapping[tuple[str, str | None], Opening],
) -> dict[str, Any]:
    most = max((len(periods) for opening in openings.values() for periods in opening.days), default=1)
    opens = np.zeros((len(groups), scenario.days, max(most, 1)))
    opens += np.arange(scenario.days)[:, None] * DAY
    closes = opens.copy()
    for at, group in enumerate(groups):
        days = opening_of(openings, group).days
        for day in range(scenario.days):
            for number, (since, until) in enumerate(days.on(day, scenario.weekday(day))):
                opens[at, day, number], closes[at, day, number] = day * DAY + since, day * DAY + until
    stays = [opening_of(openings, group).stays for group in groups]
    return {"group_stays": np.array(stays, np.bool_), "open_from": opens, "open_to": closes}


def _of_employees(scenario: Scenario) -> dict[str, Any]:
    line_at, number_of = _places_in(scenario.lines), _places_in(LEVEL_NAMES)
    level = np.full((len(scenario.employees), len(line_at)), -1, np.int8)
    for at, employee in enumerate(scenario.employees):
        known = employee.levels
        level[at, [line_at[line] for line in known]] = [number_of[name] for name in known.values()]
    return {"level": level, "breadth": (level >= 0).sum(axis=1).astype(np.int64)}


def _fixed_calendar(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    openings: Mapping[tuple[str, str | None], Opening],
) -> dict[str, Any]:
    rows: list[tuple[float, int, int, int, int]] = []
    for at, group in enumerate(groups):
        opening = opening_of(openings, group)
        if opening.stays:
            continue
        for day in range(scenario.days):
            periods = opening.days.on(day, scenario.weekday(day))
            for number, (since, until) in enumerate(periods):
                if number:
                    rows.append((day * DAY + since, Planned.OPENING, at, 0, 0))
                rows.append((day * DAY + until, Planned.CLOSING, at, 0, int(opening.inside_are_served)))
            if periods:
                rows.append(((day + 1) * DAY, Planned.SWEEP, at, 0, 0))
    for piece in range(SAMPLES):
        rows.append((scenario.days * DAY * (piece + 0.5) / SAMPLES, Planned.SAMPLE, 0, 0, 0))
    when, *others = (list(column) for column in zip(*rows, strict=True))
    whole = (np.array(column, np.int64) for column in others)
    return {"at": np.array(when)} | dict(zip(("planned", "who", "place", "channels"), whole, strict=True))
