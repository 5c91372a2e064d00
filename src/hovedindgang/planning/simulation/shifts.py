"""The shifts of a scenario as the arrays from which each replication's duties are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation import chance
from hovedindgang.planning.simulation.duties import Shifts
from hovedindgang.planning.simulation.scenario import NO_SHRINKAGE, ByWeekday, Employee, Scenario, Shift


class _Kinds:
    """Days of work, each once: shifts with their place said, in order."""

    def __init__(self, places: Sequence[str], channels: Sequence[str]) -> None:
        self.places, self.channels = list(places), list(channels)
        self.rows: dict[tuple[Shift, ...], int] = {}

    def of(self, employee: Employee, shifts: tuple[Shift, ...]) -> int:
        """The number of the day; -1: no shift at all."""
        if not shifts:
            return -1
        placed = [
            Shift(s.begins, s.ends, s.place or employee.place, s.channels, tuple(sorted(s.breaks))) for s in shifts
        ]
        return self.rows.setdefault(tuple(sorted(placed, key=lambda shift: shift.begins)), len(self.rows))

    def place(self, place: str | None) -> int:
        """Its number; who is nowhere has one that no line has."""
        return self.places.index(place) if place else len(self.places)

    def bits(self, shift: Shift) -> int:
        return sum(1 << at for at, name in enumerate(self.channels) if not shift.channels or name in shift.channels)


def shifts_of(scenario: Scenario, places: Sequence[str], channels: Sequence[str]) -> Shifts:
    """As arrays: `places` and `channels` in the order of their numbers."""
    kinds = _Kinds(places, channels)
    weekdays = weekdays_of(scenario)
    off = (weekdays < 5) & ~np.array([scenario.works_on(day) for day in range(scenario.days)])
    kind_of = np.array([_kinds_of(kinds, employee, weekdays, off) for employee in scenario.employees], np.int64)
    shifts = [shift for day in kinds.rows for shift in day]
    breaks = [pause for shift in shifts for pause in shift.breaks]
    away = scenario.shrinkage or NO_SHRINKAGE
    return Shifts(
        stream=np.array([chance.stream_of("employee", one.key) for one in scenario.employees], np.uint64),
        always=np.array([kinds.place(e.place) if e.week is None else -1 for e in scenario.employees], np.int64),
        everything=(1 << len(kinds.channels)) - 1,
        kind_of=kind_of.reshape(len(scenario.employees), scenario.days),
        minutes=np.array([sum(shift.ends - shift.begins for shift in day) for day in kinds.rows]),
        first_shift=_firsts([len(day) for day in kinds.rows]),
        begins=np.array([shift.begins for shift in shifts], np.float64),
        ends=np.array([shift.ends for shift in shifts], np.float64),
        place=np.array([kinds.place(shift.place) for shift in shifts], np.int64),
        channels=np.array([kinds.bits(shift) for shift in shifts], np.int64),
        first_break=_firsts([len(shift.breaks) for shift in shifts]),
        break_from=np.array([begins for begins, _ends in breaks], np.float64),
        break_to=np.array([ends for _begins, ends in breaks], np.float64),
        weekday=scenario.first_day.weekday(),
        lead=scenario.lead_days,
        sickness=float(away.sickness),
        falls_ill=away.sickness / max(away.spell_days * (1 - away.sickness), 1e-9),
        recovers=1 / away.spell_days,
        holidays=float(away.holidays),
        training=float(away.training),
        meetings=float(away.meetings),
    )


def weekdays_of(scenario: Scenario) -> NDArray[np.int64]:
    """[D] the weekday of each day, 0 = Monday."""
    return (scenario.first_day.weekday() + np.arange(scenario.days)) % 7


def _kinds_of(kinds: _Kinds, employee: Employee, weekdays: NDArray[np.int64], off: NDArray[np.bool_]) -> NDArray[Any]:
    """[D] the kind of each of her days; by weekday she is off on a Monday to Friday that is no working day."""
    if employee.week is None:
        return np.full(len(weekdays), -1)
    different = {id(shifts): shifts for shifts in employee.week}  # most days of a year are one and the same
    known = {which: kinds.of(employee, shifts) for which, shifts in different.items()}
    rows = np.array([known[id(shifts)] for shifts in employee.week], np.int64)
    return np.where(off, -1, rows[weekdays]) if isinstance(employee.week, ByWeekday) else rows


def _firsts(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def most_events(shifts: Shifts) -> int:
    """That the duties of one replication can be: each pause and the meeting cut a shift once more."""
    cuts = 2 * (2 * np.diff(shifts.first_shift) + np.diff(shifts.first_break[shifts.first_shift]))
    days = shifts.kind_of[shifts.kind_of >= 0]
    return len(shifts.stream) + int(cuts[days].sum() if len(days) else 0)
