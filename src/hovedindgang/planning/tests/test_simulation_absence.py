"""Sickness, holidays, training and meetings take the share of paid time that was said, each in its own pieces."""

from __future__ import annotations

import math
from itertools import groupby

import numpy as np
import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.duties import absences
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.scenario import Employee, Flow, Scenario, Shift, Shrinkage
from hovedindgang.planning.tests.small import evenly, every_day, minutes, ran, scenario

CALLS = Flow("calls", "phone", evenly(0), minutes(5), line="calls")
FULL = every_day(Shift(480, 960))
RUN = stream_of("a run")


def team(number: int, shrinkage: Shrinkage, days: int) -> Scenario:
    people = [Employee(f"employee {at}", {"calls": "generalist"}, FULL) for at in range(number)]
    return scenario([CALLS], people, days=days, shrinkage=shrinkage)


def days_away(of: Scenario) -> np.ndarray:
    """[employees, days] whether she is away."""
    shifts = prepare(of).shifts
    away = np.zeros((len(of.employees), of.days), np.bool_)
    with np.errstate(over="ignore"):
        for at, own in enumerate(shifts.stream):
            absences(shifts, own ^ RUN, away[at])
    return away


# Each share is a mean over 120 employees of 26 weeks; the bound is 4.5 standard errors, a false alarm in 150,000.
@pytest.mark.parametrize(
    "shrinkage",
    [
        Shrinkage(0.06, 0.0, 0.0, 0.0, "a test"),
        Shrinkage(0.0, 0.12, 0.0, 0.0, "a test"),
        Shrinkage(0.0, 0.0, 0.04, 0.0, "a test"),
        Shrinkage(0.0, 0.0, 0.0, 0.05, "a test"),
        Shrinkage(0.0, 0.0, 0.0, 0.3, "a test"),  # more than an hour a day
        Shrinkage(0.05, 0.12, 0.03, 0.08, "a test"),
    ],
)
def test_what_keeps_people_away_takes_its_share_of_paid_time(shrinkage: Shrinkage) -> None:
    given = team(120, shrinkage, 182)
    at_work = ran(given, jit=True, trace=0).tally.duty / (480.0 * 182)
    error = at_work.std(ddof=1) / math.sqrt(len(at_work))
    assert 1 - at_work.mean() == pytest.approx(shrinkage.total, abs=4.5 * error + 1e-9)


def test_sickness_comes_in_spells_and_holidays_from_monday_to_sunday() -> None:
    ill = team(400, Shrinkage(0.06, 0.0, 0.0, 0.0, "a test", spell_days=4.0), 182)
    spells, first_days = [], []
    for away in days_away(ill):
        first_days.append(away[0])
        spells += [len(list(days)) for is_away, days in groupby(away[1:-1]) if is_away]
    error = np.std(spells) / math.sqrt(len(spells))
    assert np.mean(spells) == pytest.approx(4.0, abs=4.5 * error + 0.1)  # those cut off at the ends are shorter
    off = team(100, Shrinkage(0.0, 0.2, 0.0, 0.0, "a test"), 28)
    for away in days_away(off):
        assert all(len(set(away[week : week + 7])) == 1 for week in range(0, 28, 7))


def test_who_is_ill_on_the_first_day_is_mostly_ill_on_the_second() -> None:
    ill = team(2000, Shrinkage(0.2, 0.0, 0.0, 0.0, "a test", spell_days=5.0), 7)
    away = days_away(ill)
    stays = away[away[:, 0], 1].mean()
    assert stays == pytest.approx(0.8, abs=0.09)  # 4.5 standard errors of 400


def test_a_roster_without_shrinkage_is_refused() -> None:
    with pytest.raises(CannotPlan, match=r"sygdom|sickness"):
        prepare(scenario([CALLS], [Employee("alice", {"calls": "generalist"}, FULL)], shrinkage=None))
