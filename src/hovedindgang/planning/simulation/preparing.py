"""From a scenario to the arrays that the loop runs on: what all replications share, and what is drawn for each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation import chance
from hovedindgang.planning.simulation.network import (
    BINS,
    DAY,
    HOURS,
    LEVELS,
    SERIES,
    Came,
    Hour,
    N,
    Network,
    Of,
    Planned,
    State,
)
from hovedindgang.planning.simulation.scenario import (
    LEVEL_NAMES,
    NO_SHRINKAGE,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Outcome,
    Scenario,
    Shift,
)

_KINDS = {
    "exponential": chance.EXPONENTIAL,
    "lognormal": chance.LOGNORMAL,
    "constant": chance.CONSTANT,
    "empirical": chance.EMPIRICAL,
    "never": chance.NEVER,
}
MEETING_MINUTES = 60.0
SAMPLES = SERIES


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario as arrays; `network` holds what no replication changes, the rest is drawn by `drawn_network`."""

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
    calendar: tuple[tuple[float, int, int, int, int], ...]  # closings, sweeps, samples


class _Rows:
    """Distributions, each once."""

    def __init__(self) -> None:
        self.rows: dict[Distribution, int] = {}

    def of(self, distribution: Distribution) -> int:
        return self.rows.setdefault(distribution, len(self.rows))

    def arrays(self) -> dict[str, NDArray[Any]]:
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
    _must_be_known(scenario)
    _must_be_servable(scenario)
    flows, lines = tuple(scenario.flows), tuple(scenario.lines)
    groups, places, channels = _groups(scenario), _places(scenario), _channels(scenario)
    openings = {(one.channel, one.place): one for one in scenario.openings}
    rows = _Rows()
    outcomes = tuple(_outcomes_of(scenario.flows[key]) for key in flows)
    network = Network(
        ends_at=scenario.days * DAY,
        warm_up=scenario.warm_up_minutes,
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
        calendar=tuple(_fixed_calendar(scenario, groups, openings)),
    )


def _must_be_known(scenario: Scenario) -> None:
    """Every line, flow and level that is named exists, and nobody tries again and again in no time."""
    unknown: list[str] = []
    for key, flow in scenario.flows.items():
        if flow.line is not None and flow.line not in scenario.lines:
            unknown.append(_("flow {flow}: linjen {line} findes ikke").format(flow=key, line=flow.line))
        for way in _outcomes_of(flow):
            if way.to is not None and way.to not in scenario.flows:
                unknown.append(_("flow {flow}: flowet {to} findes ikke").format(flow=key, to=way.to))
        if flow.again > 0 and flow.again_after.mean <= 0 and flow.patience.mean <= 0:
            unknown.append(_("flow {flow}: de opgiver straks og prøver igen straks").format(flow=key))
    for employee in scenario.employees:
        for line, level in employee.levels.items():
            if line not in scenario.lines:
                unknown.append(_("{employee}: linjen {line} findes ikke").format(employee=employee.key, line=line))
            if level not in LEVEL_NAMES:
                unknown.append(_("{employee}: niveauet {level} findes ikke").format(employee=employee.key, level=level))
    unknown += [_("flow {flow}: kan aldrig ende").format(flow=key) for key in _endless(scenario)] if not unknown else []
    if unknown:
        raise CannotPlan(
            _("Scenariet kan ikke køres, som det står."),
            cure=_("Linjer: {lines}. Flow: {flows}. Niveauer: {levels}.").format(
                lines=", ".join(list(scenario.lines)[:12]) or "-",
                flows=", ".join(list(scenario.flows)[:12]),
                levels=", ".join(LEVEL_NAMES),
            ),
            where=tuple(unknown[:20]),
        )


def _endless(scenario: Scenario) -> list[str]:
    """Flows from which no outcome leads to an end, however many there are on the way."""
    ends: set[str] = set()
    while True:
        more = {
            key
            for key, flow in scenario.flows.items()
            if key not in ends and any(way.to is None or way.to in ends for way in _outcomes_of(flow) if way.share > 0)
        }
        if not more:
            return [key for key in scenario.flows if key not in ends]
        ends |= more


def without_anybody(scenario: Scenario) -> list[str]:
    """The lines in which somebody waits and that nobody ever serves, in order."""
    wanted = {flow.line: scenario.lines[flow.line] for flow in scenario.flows.values() if flow.line is not None}
    return sorted(key for key, line in wanted.items() if not any(_ever_serves(one, line) for one in scenario.employees))


def _must_be_servable(scenario: Scenario) -> None:
    alone = without_anybody(scenario)
    if alone:
        raise CannotPlan(
            _("Ingen kan betjene: {lines}.").format(lines=", ".join(alone[:8])),
            cure=_("Giv mindst én medarbejder kompetencen, eller tag opgaven ud."),
            where=tuple(alone),
        )
    if scenario.shrinkage is None and any(employee.week is not None for employee in scenario.employees):
        raise CannotPlan(
            _("Planen siger ikke, hvor meget af tiden medarbejderne er væk: sygdom, ferie, uddannelse og møder."),
            cure=_("Skriv [shrinkage] med de fire andele og deres kilde."),
        )


def _ever_serves(employee: Employee, line: Line) -> bool:
    """Whether she is competent, and ever on duty for the line's channel where it is served."""
    if line.key not in employee.levels:
        return False
    if employee.week is None:
        return line.place is None or line.place == employee.place
    return any(
        (not shift.channels or line.channel in shift.channels)
        and (line.place is None or line.place == (shift.place or employee.place))
        for day in employee.week
        for shift in day
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


def _outcomes_of(flow: Flow) -> tuple[Outcome, ...]:
    """One column for each way to end, whatever the level."""
    if not isinstance(flow.outcomes, Mapping):
        return flow.outcomes
    ways: dict[tuple[Came, str | None, Distribution | None, bool], Outcome] = {}
    for level in flow.outcomes.values():
        for one in level:
            ways.setdefault((one.came, one.to, one.after, one.moves), one)
    return tuple(ways.values())


def _shares(flow: Flow, ways: Sequence[Outcome], level: str) -> list[float]:
    if not isinstance(flow.outcomes, Mapping):
        return [one.share for one in ways]
    at = flow.outcomes.get(level) or next(iter(flow.outcomes.values()))
    found = {(one.came, one.to, one.after, one.moves): one.share for one in at}
    return [found.get((way.came, way.to, way.after, way.moves), 0.0) for way in ways]


def _of_flows(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    rows: _Rows,
    outcomes: tuple[tuple[Outcome, ...], ...],
) -> dict[str, NDArray[Any]]:
    flows, keys, lines = list(scenario.flows.values()), list(scenario.flows), list(scenario.lines)
    most = max(len(ways) for ways in outcomes)
    table: dict[str, NDArray[Any]] = {
        "outcome": np.ones((len(flows), LEVELS, most)),
        "outcome_is": np.zeros((len(flows), most), np.int64),
        "outcome_to": np.full((len(flows), most), -1, np.int64),
        "outcome_after": np.full((len(flows), most), -1, np.int64),
        "outcome_moves": np.zeros((len(flows), most), np.bool_),
    }
    for at, (flow, ways) in enumerate(zip(flows, outcomes, strict=True)):
        for level, name in enumerate(LEVEL_NAMES):
            table["outcome"][at, level, : len(ways)] = np.cumsum(_shares(flow, ways, name))
            table["outcome"][at, level, len(ways) - 1] = 1.0
        for which, way in enumerate(ways):
            table["outcome_is"][at, which] = way.came
            table["outcome_to"][at, which] = keys.index(way.to) if way.to else -1
            table["outcome_after"][at, which] = rows.of(way.after) if way.after else -1
            table["outcome_moves"][at, which] = way.moves
    mass, profile_of, profiles = _masses(scenario)
    dues = sorted({flow.due_working_days for flow in flows if flow.due_working_days is not None})
    handle = [_by_level(flow) for flow in flows]
    return table | {
        "flow_stream": np.array([chance.stream_of("flow", key) for key in keys], np.uint64),
        "mass": mass,
        "profile_of": profile_of,
        "profiles": profiles,
        "evenly": np.array([bool(flow.arrivals and flow.arrivals.evenly) for flow in flows]),
        "no_show": np.array([flow.arrivals.no_show if flow.arrivals else 0.0 for flow in flows]),
        "line_of": np.array([lines.index(flow.line) if flow.line else -1 for flow in flows], np.int64),
        "group_of": np.array([groups.index(_group_of(scenario, flow)) for flow in flows], np.int64),
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
    finest = math.lcm(*(len(row) for f in scenario.flows.values() if f.arrivals for row in f.arrivals.shape))
    if finest > DAY:
        raise CannotPlan(
            _("Dagens forløb er delt så forskelligt, at det kræver {pieces} stykker af et døgn.").format(pieces=finest),
            cure=_("Del alle forløb i lige lange stykker, fx timer (24) eller kvarterer (96)."),
        )
    known: dict[tuple[float, ...], int] = {}
    mass = np.zeros((len(scenario.flows), scenario.days))
    profile_of = np.zeros((len(scenario.flows), scenario.days), np.int64)
    weekdays = [(scenario.first_day.weekday() + day) % 7 for day in range(scenario.days)]
    for at, flow in enumerate(scenario.flows.values()):
        arrivals = flow.arrivals
        if arrivals is None:
            continue
        weekly = len(arrivals.per_day) == 7
        mass[at] = [arrivals.per_day[weekday] for weekday in weekdays] if weekly else arrivals.per_day
        rows = [known.setdefault(row, len(known)) for row in arrivals.shape]
        profile_of[at] = [rows[weekday if len(rows) == 7 else 0] for weekday in weekdays]
    profiles = np.zeros((max(1, len(known)), finest + 1))
    for row, place in known.items():
        fine = np.repeat(np.array(row) / max(sum(row), 1e-300), finest // len(row)) / (finest // len(row))
        profiles[place, 1:] = np.cumsum(fine)
        profiles[place, -1] = 1.0
    return mass, profile_of, profiles


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
) -> dict[str, NDArray[Any]]:
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


def _hours(scenario: Scenario, opening: Opening, day: int) -> tuple[float, float] | None:
    if len(opening.days) == 7:
        return opening.days[(scenario.first_day.weekday() + day) % 7]
    return opening.days[day]


def _of_groups(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    openings: Mapping[tuple[str, str | None], Opening],
) -> dict[str, NDArray[Any]]:
    opens, closes = np.zeros((len(groups), scenario.days)), np.zeros((len(groups), scenario.days))
    for at, group in enumerate(groups):
        for day in range(scenario.days):
            hours = _hours(scenario, opening_of(openings, group), day)
            opens[at, day], closes[at, day] = (day * DAY + x for x in hours or (0.0, 0.0))
    stays = [opening_of(openings, group).stays for group in groups]
    return {"group_stays": np.array(stays, np.bool_), "open_from": opens, "open_to": closes}


def _of_employees(scenario: Scenario) -> dict[str, NDArray[Any]]:
    lines = list(scenario.lines)
    level = np.full((len(scenario.employees), len(lines)), -1, np.int64)
    for at, employee in enumerate(scenario.employees):
        for line, name in employee.levels.items():
            level[at, lines.index(line)] = LEVEL_NAMES.index(name)
    return {"level": level, "breadth": (level >= 0).sum(axis=1).astype(np.int64)}


def _fixed_calendar(
    scenario: Scenario,
    groups: tuple[tuple[str, str | None], ...],
    openings: Mapping[tuple[str, str | None], Opening],
) -> Iterable[tuple[float, int, int, int, int]]:
    for at, group in enumerate(groups):
        opening = opening_of(openings, group)
        if opening.stays:
            continue
        for day in range(scenario.days):
            hours = _hours(scenario, opening, day)
            if hours:
                yield day * DAY + hours[1], Planned.CLOSING, at, 0, int(opening.inside_are_served)
                yield (day + 1) * DAY, Planned.SWEEP, at, 0, 0
    for piece in range(SAMPLES):
        yield scenario.days * DAY * (piece + 0.5) / SAMPLES, Planned.SAMPLE, 0, 0, 0


# ------------------------------------------------------------------------------------------- drawn for each replication


def drawn_network(prepared: Prepared, *, seed: int, replication: int) -> Network:
    """The network of one replication: how busy its days are, who is away, and streams of its own."""
    network = prepared.network
    with np.errstate(over="ignore"):
        of_run = chance.mixed(chance.stream_of("run", seed), replication)
        streams = np.array([chance.mixed(stream ^ of_run, 0) for stream in network.flow_stream], np.uint64)
        mass = network.mass * _factors(prepared, of_run)
        planned = np.array([*prepared.calendar, *_duties(prepared, of_run)], np.float64).reshape(-1, 5)
    # What happens to one at one time keeps its order: a break that ends with the shift ends before it.
    planned = planned[np.lexsort((planned[:, 2], planned[:, 1], planned[:, 0]))]
    whole = planned.astype(np.int64)
    return network._replace(
        flow_stream=streams,
        mass=mass,
        at=np.ascontiguousarray(planned[:, 0]),
        planned=np.ascontiguousarray(whole[:, 1]),
        who=np.ascontiguousarray(whole[:, 2]),
        place=np.ascontiguousarray(whole[:, 3]),
        channels=np.ascontiguousarray(whole[:, 4]),
    )


def _factors(prepared: Prepared, of_run: np.uint64) -> NDArray[np.float64] | float:
    """[F, D]: how busy each day is beside what was expected, lognormal with mean 1."""
    scenario = prepared.scenario
    if not prepared.shared_cv.any() and not scenario.volume_cv:
        return 1.0
    draws = np.zeros((max(1, len(prepared.shared)), scenario.days))
    for at, name in enumerate(prepared.shared):
        draws[at] = normals(chance.stream_of("day", name) ^ of_run, scenario.days)
    deviation = np.sqrt(np.log1p(prepared.shared_cv**2))[:, None]
    factors = np.exp(deviation * draws[prepared.shared_of] - deviation**2 / 2)
    whole = math.sqrt(math.log1p(scenario.volume_cv**2))
    overall = math.exp(whole * float(normals(chance.stream_of("volume") ^ of_run, 1)[0]) - whole**2 / 2)
    product: NDArray[np.float64] = factors * overall
    return product


def uniforms(stream: np.uint64, number: int) -> NDArray[np.float64]:
    """The first `number` uniforms of a stream, as the loop would draw them."""
    z = stream + (np.arange(1, number + 1, dtype=np.uint64)) * chance.GOLDEN
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    result: NDArray[np.float64] = ((z >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return result


def normals(stream: np.uint64, number: int) -> NDArray[np.float64]:
    # Heavy to load, and only plans need it.
    from scipy.special import ndtri

    result: NDArray[np.float64] = ndtri(uniforms(stream, number))
    return result


def _duties(prepared: Prepared, of_run: np.uint64) -> Iterable[tuple[float, int, int, int, int]]:
    """When each employee comes, has her breaks and goes, but for what keeps her away."""
    everything = (1 << len(prepared.channels)) - 1
    for who, employee in enumerate(prepared.scenario.employees):
        if employee.week is None:
            yield 0.0, Planned.DUTY, who, _place(prepared, employee.place), everything
            continue
        away, meeting = _absences(prepared.scenario, employee, of_run)
        for day in range(prepared.scenario.days):
            if not away[day]:
                shifts = sorted(_shifts(prepared.scenario, employee, day), key=lambda shift: shift.begins)
                meets = _meeting(shifts, *meeting[day])
                for shift in shifts:
                    yield from _duty(prepared, who, day, shift, meets)


def _place(prepared: Prepared, place: str | None) -> int:
    """Its number; who is nowhere has one that no line has."""
    return prepared.places.index(place) if place else len(prepared.places)


def _meeting(shifts: Sequence[Shift], length: float, where: float) -> tuple[float, float]:
    """When the day's meeting begins and ends: its beginning lies a share `where` into the time at work."""
    left = where * max(0.0, sum(shift.ends - shift.begins for shift in shifts) - length)
    for shift in shifts:
        if left <= shift.ends - shift.begins:
            return shift.begins + left, shift.begins + left + length
        left -= shift.ends - shift.begins
    return 0.0, 0.0


def _shifts(scenario: Scenario, employee: Employee, day: int) -> tuple[Shift, ...]:
    assert employee.week is not None
    if len(employee.week) != 7:
        return employee.week[day]
    weekday = (scenario.first_day.weekday() + day) % 7
    return employee.week[weekday] if weekday > 4 or scenario.works_on(day) else ()


def _duty(
    prepared: Prepared, who: int, day: int, shift: Shift, meeting: tuple[float, float]
) -> Iterable[tuple[float, int, int, int, int]]:
    """One shift with its breaks; the part of the meeting that lies in it is another."""
    place = _place(prepared, shift.place or prepared.scenario.employees[who].place)
    bits = sum(1 << at for at, name in enumerate(prepared.channels) if name in shift.channels)
    bits = bits if shift.channels else (1 << len(prepared.channels)) - 1
    worked, since = [], shift.begins
    for begins, ends in sorted([*shift.breaks, meeting]):
        if begins > since:
            worked.append((since, min(begins, shift.ends)))
        since = max(since, ends)
    if since < shift.ends:
        worked.append((since, shift.ends))
    for number, (begins, ends) in enumerate(worked, 1):
        yield day * DAY + begins, Planned.DUTY, who, place, bits
        yield day * DAY + ends, Planned.DUTY, who, -1 if number == len(worked) else -2, bits


def _absences(
    scenario: Scenario, employee: Employee, of_run: np.uint64
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Days on which she is away [D]; how long she is in a meeting, and where in the time at work [D, 2].

    Sickness is a chain of two states from day to day: spells last `spell_days` on average, and the share is kept.
    """
    shrinkage, days = scenario.shrinkage or NO_SHRINKAGE, scenario.days
    stream = chance.stream_of("employee", employee.key) ^ of_run
    sick, week, course, meets, where = uniforms(stream, 5 * days).reshape(5, days)
    away = np.zeros(days, np.bool_)
    falls_ill = shrinkage.sickness / max(shrinkage.spell_days * (1 - shrinkage.sickness), 1e-9)
    ill = bool(sick[0] < shrinkage.sickness)
    away[0] = ill
    for day in range(1, days):
        ill = bool(sick[day] > 1 / shrinkage.spell_days if ill else sick[day] < falls_ill)
        away[day] = ill
    away |= week[(np.arange(days) + scenario.first_day.weekday()) // 7] < shrinkage.holidays
    away |= course < shrinkage.training
    minutes = [sum(s.ends - s.begins for s in _shifts(scenario, employee, day)) for day in range(days)]
    wanted = shrinkage.meetings * np.array(minutes)
    length = np.maximum(MEETING_MINUTES, wanted)
    return away, np.column_stack([np.where(meets * length < wanted, length, 0.0), where])


# ---------------------------------------------------------------------------------------------------------- the state


def fresh_state(network: Network, *, customers: int = 512, events: int = 2048, trace: int = 0) -> State:
    """Before anything has happened. It grows when it must, see `grown`."""
    flows, ways = network.outcome_is.shape
    lines, employees, groups = len(network.priority), len(network.breadth), len(network.group_stays)
    events = max(events, flows + employees + 64)
    whole, real = np.int64, np.float64
    number = np.zeros(N.ROWS, whole)
    free = np.arange(1, customers + 1, dtype=whole)
    free[-1] = -1
    return State(
        clock=np.zeros(1),
        number=number,
        heap_at=np.zeros(events),
        heap_order=np.zeros(events, whole),
        heap_code=np.zeros(events, whole),
        day=np.zeros(flows, whole),
        used=np.zeros(flows),
        came=np.zeros(flows, whole),
        flow=np.zeros(customers, whole),
        origin=np.zeros(customers, whole),
        since=np.zeros(customers),
        stream=np.zeros(customers, np.uint64),
        contacts=np.zeros(customers, whole),
        draws=np.zeros(customers, whole),
        handed=np.zeros(customers, np.bool_),
        counts=np.zeros(customers, np.bool_),
        left=np.zeros(customers),
        stamp=np.zeros(customers, whole),
        after=free,
        before=np.full(customers, -1, whole),
        head=np.full(lines, -1, whole),
        tail=np.full(lines, -1, whole),
        length=np.zeros(lines, whole),
        listed=np.full(lines, -1, whole),
        waiting_lines=np.zeros(max(lines, 1), whole),
        on_duty=np.zeros(employees, np.bool_),
        serving=np.full(employees, -1, whole),
        version=np.zeros(employees, whole),
        is_at=np.zeros(employees, whole),
        takes=np.zeros(employees, whole),
        began=np.zeros(employees),
        leaving=np.zeros(employees, whole),
        late_from=np.full(employees, math.inf),
        duty_from=np.zeros(employees),
        ends=np.zeros(employees),
        idle=np.zeros(max(employees, 1), whole),
        shut=np.zeros(groups, np.bool_),
        by_flow=np.zeros((flows, Of.COLUMNS)),
        outcomes=np.zeros((flows, ways)),
        waits=np.zeros((flows, BINS), whole),
        by_hour=np.zeros((groups, HOURS, Hour.COLUMNS), real),
        busy=np.zeros(employees),
        duty=np.zeros(employees),
        overtime=np.zeros(employees),
        at_closing=np.zeros((groups, 2)),
        series=np.zeros((SERIES, 2)),
        queue=np.zeros((SERIES, groups)),
        trace_at=np.zeros(trace),
        trace=np.zeros((trace, 4), whole),
    )


_OF_CUSTOMERS = (
    "flow",
    "origin",
    "since",
    "stream",
    "contacts",
    "draws",
    "handed",
    "counts",
    "left",
    "stamp",
    "before",
)
_OF_EVENTS = ("heap_at", "heap_order", "heap_code")


def grown(state: State) -> State:
    """The same state with twice the room for customers and events."""
    wider = {name: _twice(getattr(state, name)) for name in (*_OF_CUSTOMERS, *_OF_EVENTS)}
    had = len(state.after)
    after = _twice(state.after)
    after[had:] = np.arange(had + 1, 2 * had + 1)
    after[-1] = state.number[N.FREE]
    state.number[N.FREE] = had
    return state._replace(after=after, **wider)


def _twice(array: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([array, np.zeros_like(array)])
