"""A plan begins as a town's day does: with letters laid aside, cases at departments, and citizens who come again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import Change, Generalists, changed
from hovedindgang.planning.service.costs import cost_of
from hovedindgang.planning.service.reading import read_plan
from hovedindgang.planning.service.shocks import NewService, Shock
from hovedindgang.planning.service.warming import TOLERANCE, warm_up_of, warmed
from hovedindgang.planning.simulation.keeping import as_data, from_data
from hovedindgang.planning.simulation.network import N, Noted, Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import Tally, run_once, tallies
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.planning.simulation.summary import summary
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.planning.tests.small import scenario as small
from hovedindgang.planning.tests.test_service import plan

MARCH = dt.date(2007, 3, 5)  # a Monday


@cache
def town(weeks: int, *changes: Change, first: dt.date = MARCH, days: int = 7) -> Scenario:
    lead = WarmUp(7 * weeks) if weeks else None
    inputs = dataclasses.replace(plan().inputs, first_day=first, days=days, warm_up=lead)
    return scenario_of(*changed(plan().model, inputs, changes))


@cache
def results(weeks: int) -> Results:
    scenario = town(weeks)
    return Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=6)))


def by_channel(of: Results, channel: str) -> list[int]:
    return [at for at, flow in enumerate(of.prepared.scenario.flows.values()) if flow.channel == channel]


# -------------------------------------------------------------------------------------------- what lies there already


def test_a_week_that_begins_with_nothing_waiting_answers_departments_questions_too_soon() -> None:
    empty, usual = results(0), results(4)
    departments = by_channel(usual, "department")
    assert usual.mean_wait(departments).value > 1.3 * empty.mean_wait(departments).value


def test_who_was_asked_to_come_again_last_week_comes_this_week() -> None:
    empty, usual = results(0), results(4)
    came = [one.per_day(Of.ARRIVED, by_channel(one, "in_person")).value for one in (empty, usual)]
    assert came[1] > 1.03 * came[0]


def test_nothing_of_the_warm_up_is_counted_and_the_days_asked_for_are_those_that_are_told() -> None:
    told = summary(results(4), each_flow=False)
    assert (told["first_day"], told["days"], told["counted_days"]) == (MARCH.isoformat(), 7, 7)
    assert told["warm_up"]["days"] == 28
    assert told["warm_up"]["from"] == "2007-02-05"
    letters = by_channel(results(4), "written")
    assert results(4).per_day(Of.ARRIVED, letters).value < 1.5 * results(0).per_day(Of.ARRIVED, letters).value


def test_wages_are_paid_for_the_days_that_were_asked_for() -> None:
    assert cost_of(results(4)).paid_hours == pytest.approx(cost_of(results(0)).paid_hours)


# ------------------------------------------------------------------------------------------------ the same citizens


def came_on(scenario: Scenario, days: int) -> list[tuple[float, int]]:
    """Who comes of herself on the last so many days: minutes since the first of them, and by which flow."""
    _tally, state, network = run_once(prepare(scenario), seed=3, replication=2, trace=100_000)
    since = network.ends_at - 1440.0 * days
    number = int(state.number[N.TRACED])
    assert number < len(state.trace_at)
    at, told = state.trace_at[:number], state.trace[:number]
    came = (told[:, 0] == Noted.ARRIVED) & (at >= since)
    return [(float(when) - since, int(flow)) for when, flow in zip(at[came], told[came, 1], strict=True)]


def test_however_long_it_is_warmed_up_the_same_citizens_come_at_the_same_moments() -> None:
    once, longer, none = (came_on(town(weeks), 7) for weeks in (4, 8, 0))
    assert len(none) > 300
    for other in (once, longer):
        assert [flow for _at, flow in other] == [flow for _at, flow in none]
        assert np.allclose([at for at, _flow in other], [at for at, _flow in none])


def test_a_longer_warm_up_only_puts_days_in_front_of_a_shorter() -> None:
    one, other = (came_on(town(weeks, days=1), 15) for weeks in (4, 8))
    booked = {at for at, flow in enumerate(town(4).flows.values()) if flow.arrivals and flow.arrivals.evenly}
    mine, theirs = ([(at, flow) for at, flow in each if flow not in booked] for each in (one, other))
    assert [flow for _at, flow in mine] == [flow for _at, flow in theirs]
    assert np.allclose([at for at, _flow in mine], [at for at, _flow in theirs])


def on_duty(scenario: Scenario) -> set[tuple[float, int, int]]:
    """Minutes of the days asked for at which who comes and goes."""
    _tally, _state, network = run_once(prepare(scenario), seed=3, replication=2)
    lead = scenario.lead_days * 1440.0
    rows = (network.planned == 0) & (network.at >= lead)
    told = zip((network.at[rows] - lead).round(6), network.who[rows], network.place[rows], strict=True)
    return {(float(at), int(who), int(place)) for at, who, place in told}


def test_the_same_employees_are_ill_and_in_meetings_however_long_it_is_warmed_up() -> None:
    assert on_duty(town(0)) == on_duty(town(4)) == on_duty(town(8))


def test_absence_before_the_days_asked_for_is_as_large_as_on_them() -> None:
    scenario = town(13, days=91)
    prepared = prepare(scenario)
    found = [run_once(prepared, seed=5, replication=number)[2] for number in range(8)]
    half = 91 * 1440.0
    came = np.array(
        [[((one.planned == 0) & (one.place >= 0) & (one.at < half)).sum(), (one.planned == 0).sum()] for one in found]
    )
    asked = [((one.planned == 0) & (one.place >= 0) & (one.at >= half)).sum() for one in found]
    assert came[:, 0].mean() == pytest.approx(np.mean(asked), rel=0.04)


def test_reference_and_engine_agree_on_a_plan_that_is_warmed_up() -> None:
    prepared = prepare(town(1, days=1))
    both = [run_once(prepared, seed=1, replication=0, jit=jit, trace=20_000) for jit in (True, False)]
    assert np.array_equal(both[0][1].trace, both[1][1].trace)
    assert np.allclose(both[0][1].trace_at, both[1][1].trace_at, rtol=0, atol=1e-9)
    assert both[0][0].by_flow == pytest.approx(both[1][0].by_flow)


# --------------------------------------------------------------------------------------- the calendar of those weeks


def per_day(scenario: Scenario, on: dt.date, channel: str) -> float:
    day = (on - scenario.first_day).days
    flows = (flow for flow in scenario.flows.values() if flow.arrivals and flow.channel == channel)
    return sum(flow.arrivals.per_day.on(day, on.weekday()) for flow in flows if flow.arrivals)


def test_the_weeks_before_new_year_have_their_christmas() -> None:
    january = town(4, first=dt.date(2007, 1, 1), days=14)
    assert january.first_day == dt.date(2006, 12, 4)
    assert per_day(january, dt.date(2006, 12, 25), "in_person") == 0
    assert per_day(january, dt.date(2006, 12, 11), "in_person") > 10
    assert not january.works_on((dt.date(2006, 12, 25) - january.first_day).days)


def test_the_days_asked_for_are_as_they_are_without_a_warm_up() -> None:
    with_it, without = town(4, days=28), town(0, days=28)
    for day in range(28):
        on = MARCH + dt.timedelta(days=day)
        for channel in ("in_person", "phone", "written"):
            assert per_day(with_it, on, channel) == per_day(without, on, channel)
    assert [one.levels for one in with_it.employees] == [one.levels for one in without.employees]
    assert {key: one.outcomes for key, one in with_it.flows.items()} == {
        key: one.outcomes for key, one in without.flows.items()
    }


def test_what_is_decided_from_a_day_has_not_begun_before_it() -> None:
    new = NewService("hjaelp", "Hjælp", MARCH.isoformat(), 5000.0, 4000.0, 6000.0, 10.0, ("in_person",))
    crowd = Shock("valg", MARCH.isoformat(), dt.date(2007, 3, 8).isoformat(), 2.0, 1.5, 3.0)
    scenario = town(4, new, crowd)
    asked = [one.arrivals for one in scenario.flows.values() if one.service == "hjaelp" and one.arrivals]
    assert asked
    for arrivals in asked:
        assert sum(arrivals.per_day[:28]) == 0
        assert sum(arrivals.per_day[28:]) > 0
    (surge,) = (one for one in scenario.surges if "valg" in one.key)
    assert (surge.first, surge.last) == (28, 31)


def test_who_learns_on_a_wednesday_is_there_before_it_too() -> None:
    scenario = town(2, Generalists(0.9, by="2007-03-07"))
    weeks = {one.key: one.week for one in scenario.employees if one.own}
    later = [key for key in weeks if "@" in key]
    assert later
    for key in later:
        before, after = weeks[key.partition("@")[0]], weeks[key]
        assert before is not None
        assert after is not None
        assert any(before[:14])
        assert not any(after[:14])


# --------------------------------------------------------------------------------------------------- how it is chosen


def test_the_warm_up_is_found_so_long_that_a_longer_one_changes_little() -> None:
    inputs = dataclasses.replace(plan().inputs, first_day=MARCH, days=7)
    found = warm_up_of(plan().model, inputs)
    assert found.settled
    assert found.left_percent is not None
    assert found.left_percent <= 100 * TOLERANCE
    assert found.days in (28, 56, 91)
    assert warmed(plan().model, dataclasses.replace(inputs, warm_up=WarmUp(14))).warm_up == WarmUp(14)


def test_of_a_town_that_cannot_keep_up_it_is_said_that_nothing_settles() -> None:
    inputs = dataclasses.replace(plan().inputs, first_day=MARCH, days=7, caseworkers={})
    found = warm_up_of(plan().model, inputs)
    assert not found.settled
    assert found.days == 182


def test_a_run_that_is_kept_is_warmed_up_as_long_when_it_is_repeated() -> None:
    kept = dataclasses.replace(small([], []), lead=WarmUp(14, "measured", 1.2, settled=False))
    assert from_data(as_data(kept)) == kept


def test_weeks_of_warm_up_are_whole_and_not_more_than_a_year(tmp_path: Path) -> None:
    text = Path("models/planning/jammerbugt-2006.toml").read_text("utf-8")
    text = text.replace("../jammerbugt-2006.toml", str(Path("models/jammerbugt-2006.toml").resolve()))
    written = tmp_path / "plan.toml"
    for weeks in ("-1", "53", "1.5", '"4"', "true"):
        written.write_text(text.replace("days = 365", f"days = 365\nwarm_up_weeks = {weeks}"), "utf-8")
        with pytest.raises(CannotPlan, match="warm_up_weeks"):
            read_plan(written)
    written.write_text(text.replace("days = 365", "days = 365\nwarm_up_weeks = 3"), "utf-8")
    assert read_plan(written).inputs.warm_up == WarmUp(21)


def test_a_tally_of_a_plan_stopped_in_its_warm_up_has_counted_nothing() -> None:
    prepared = prepare(town(4))
    tally: Tally = run_once(prepared, seed=1, replication=0, goes_on=lambda: False)[0]
    assert tally.minutes <= 28 * 1440 or tally.by_flow.sum() > 0
