"""What an event log says: volumes, durations, deadlines, and how cases wander between groups. Pure.

A handover is counted where the group of a case's step differs from the last group known in that case; steps
whose group the log does not say are passed over. Groups and departments with too few employees are counted as one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from hovedindgang.registers.instants import real_seconds
from hovedindgang.registers.rules import median, quantile
from hovedindgang.registers.steps import CaseDates, Log, Step

POOLED = "\x1fpooled"  # stands for the groups that may only be shown together
OTHERS = "\x1fothers"  # stands for the groups beyond the largest that a matrix has room for
MATRIX_GROUPS = 12
MOST_PATHS = 10


@dataclass(frozen=True, slots=True)
class Volume:
    """How many, when. Days and hours are of the log's own zone; `by_day` leaves days without any out."""

    total: int
    by_day: dict[dt.date, int]
    by_weekday: dict[int, int]  # 0 = Monday
    by_hour: dict[int, int]
    by_weekday_hour: dict[tuple[int, int], int]

    @classmethod
    def of(cls, hours: Mapping[tuple[dt.date, int], int]) -> Volume:
        """From the count of each hour of each day."""
        by_day: Counter[dt.date] = Counter()
        by_weekday: Counter[int] = Counter()
        by_hour: Counter[int] = Counter()
        by_both: Counter[tuple[int, int]] = Counter()
        for (day, hour), number in hours.items():
            by_day[day] += number
            by_weekday[day.weekday()] += number
            by_hour[hour] += number
            by_both[day.weekday(), hour] += number
        return cls(by_day.total(), dict(sorted(by_day.items())), dict(by_weekday), dict(by_hour), dict(by_both))

    @property
    def by_month(self) -> dict[dt.date, int]:
        """By the first day of the month, months without any included."""
        found: dict[dt.date, int] = defaultdict(int)
        for day, number in self.by_day.items():
            found[day.replace(day=1)] += number
        month, last = min(found, default=None), max(found, default=None)
        whole: dict[dt.date, int] = {}
        while month and last and month <= last:
            whole[month] = found.get(month, 0)
            month = (month + dt.timedelta(days=32)).replace(day=1)
        return whole

    def busiest(self, most: int = 10) -> list[tuple[dt.date, int]]:
        return sorted(self.by_day.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, over `number` of them. None where fewer than five were measured."""

    number: int
    median: float | None
    ninth: float | None  # nine of ten took at most this


@dataclass(frozen=True, slots=True)
class Deadlines:
    kept: int
    broken: int
    undecided: int  # the log gives a deadline, but no day on which the case ended


@dataclass(frozen=True, slots=True)
class Handovers:
    """Steps from one group to another."""

    pairs: dict[tuple[str, str], int]  # (from, to) → handovers
    cases: dict[tuple[str, str], int]  # (from, to) → cases in which it happened
    per_case: dict[int, int]  # handovers in a case → cases; only cases with a known group
    never_left: int  # cases whose every known step lies in one group
    steps_without_group: int
    if_unknown_were_a_group: int  # the same count with "no group" as a group of its own
    paths: list[tuple[tuple[str, ...], int]]  # the order of groups a case went through → cases; most frequent first

    @property
    def total(self) -> int:
        return sum(self.pairs.values())

    @property
    def judged(self) -> int:
        """Cases with at least one step whose group is known."""
        return sum(self.per_case.values())


@dataclass(frozen=True, slots=True)
class LogFigures:
    events: int
    cases: int
    activities: int
    first_at: dt.datetime
    last_at: dt.datetime
    arrivals: Volume  # cases, by their first step
    work: Volume  # steps
    channels: dict[str, tuple[int, int]]  # channel → cases, steps; "" = not said
    departments: dict[str, tuple[int, int]]
    groups: dict[str, tuple[int, int]]
    steps_by_activity: list[tuple[str, int]]
    durations: Spread  # days from a case's first step to its last
    durations_by_channel: dict[str, Spread] = field(default_factory=dict)
    deadlines: Deadlines | None = None
    handovers: Handovers | None = None
    variants: list[tuple[tuple[str, ...], int]] = field(default_factory=list)  # orders of activities → cases
    sent_on: tuple[int, int] | None = None  # cases, steps in which the citizen was sent on; None: nothing tells


def log_figures(log: Log) -> LogFigures:
    """Everything the report says of an event log."""
    steps, zone, small = log.steps, log.layout.mapping.local_zone, log.pooled_departments
    cases = [list(of_case) for _case, of_case in groupby(steps, key=lambda step: step.case)]
    days = [real_seconds(case[0].at, case[-1].at) / 86_400 for case in cases]
    by_channel: dict[str, list[float]] = defaultdict(list)
    for case, took in zip(cases, days, strict=True):
        by_channel[case[0].channel].append(took)
    return LogFigures(
        events=len(steps),
        cases=len(cases),
        activities=len({step.activity for step in steps}),
        first_at=min(case[0].at for case in cases).astimezone(zone),
        last_at=max(case[-1].at for case in cases).astimezone(zone),
        arrivals=volume(case[0].at.astimezone(zone) for case in cases),
        work=volume(step.at.astimezone(zone) for step in steps),
        channels=_spread_over(cases, lambda step: step.channel),
        departments=_spread_over(cases, lambda step: POOLED if step.department in small else step.department),
        groups=_spread_over(cases, lambda step: POOLED if step.group in log.pooled else step.group),
        steps_by_activity=Counter(step.activity for step in steps).most_common(15),
        durations=spread(days),
        durations_by_channel={channel: spread(took) for channel, took in sorted(by_channel.items())},
        deadlines=_deadlines(log.dates.values(), zone),
        handovers=handovers(cases, log.pooled) if any(step.group for step in steps) else None,
        variants=Counter(tuple(step.activity for step in case) for case in cases).most_common(MOST_PATHS),
        sent_on=_sent_on(cases) if "sent_on" in log.layout.places else None,
    )


def _sent_on(cases: list[list[Step]]) -> tuple[int, int]:
    steps = [sum(step.sent_on for step in case) for case in cases]
    return sum(number > 0 for number in steps), sum(steps)


def volume(instants: Iterable[dt.datetime]) -> Volume:
    """Counts of local instants."""
    return Volume.of(Counter((at.date(), at.hour) for at in instants))


def spread(values: Iterable[float]) -> Spread:
    ordered = sorted(values)
    return Spread(len(ordered), median(ordered), quantile(ordered, 0.9))


def _spread_over(cases: list[list[Step]], word: Callable[[Step], str]) -> dict[str, tuple[int, int]]:
    """Word → (cases that have a step with it, steps); most cases first."""
    in_cases: Counter[str] = Counter()
    in_steps: Counter[str] = Counter()
    for case in cases:
        words = [word(step) for step in case]
        in_steps.update(words)
        in_cases.update(set(words))
    ordered = sorted(in_cases.items(), key=lambda pair: (-pair[1], pair[0]))
    return {name: (number, in_steps[name]) for name, number in ordered}


def _deadlines(dates: Iterable[CaseDates], zone: ZoneInfo) -> Deadlines | None:
    """By the day: a deadline is kept until its day is over."""
    kept = broken = undecided = 0
    for case in dates:
        if case.deadline and case.ended:
            in_time = case.ended.astimezone(zone).date() <= case.deadline.astimezone(zone).date()
            kept, broken = kept + in_time, broken + (not in_time)
        elif case.deadline:
            undecided += 1
    return Deadlines(kept, broken, undecided) if kept + broken + undecided else None


def handovers(cases: Iterable[list[Step]], pooled: frozenset[str]) -> Handovers:
    """How cases went between groups. A move between two pooled groups is one within the pool, and still counted."""
    pairs: Counter[tuple[str, str]] = Counter()
    in_cases: Counter[tuple[str, str]] = Counter()
    per_case: Counter[int] = Counter()
    paths: Counter[tuple[str, ...]] = Counter()
    never = unknown = with_unknown = 0
    for case in cases:
        known = [step.group for step in case if step.group]
        unknown += len(case) - len(known)
        with_unknown += sum(a.group != b.group for a, b in pairwise(case))
        if not known:
            continue
        path = [group for group, _same in groupby(known)]
        shown = tuple(POOLED if group in pooled else group for group in path)
        moves = list(pairwise(shown))
        pairs.update(moves)
        in_cases.update(set(moves))
        per_case[len(moves)] += 1
        never += not moves
        paths[shown] += 1
    ordered = dict(sorted(per_case.items()))
    return Handovers(dict(pairs), dict(in_cases), ordered, never, unknown, with_unknown, paths.most_common(MOST_PATHS))


def matrix(found: Handovers) -> tuple[list[str], dict[tuple[str, str], int]]:
    """The groups of the matrix, those with most handovers first, and the counts; small ones become OTHERS."""
    weight: Counter[str] = Counter()
    for pair, number in found.pairs.items():
        for group in pair:
            weight[group] += number
    groups = [group for group, _number in weight.most_common()]
    shown = groups if len(groups) <= MATRIX_GROUPS + 1 else [*groups[:MATRIX_GROUPS], OTHERS]
    counts: Counter[tuple[str, str]] = Counter()
    for pair, number in found.pairs.items():
        row, column = (group if group in shown else OTHERS for group in pair)
        counts[row, column] += number
    return shown, dict(counts)
