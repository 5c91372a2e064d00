"""How many each team needs: the promises hold, nobody is there for nothing, and nothing is cheaper than the bound."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import CloseCentre, changed
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.reading import read_plan
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.staffing.hourly import hourly_needs
from hovedindgang.planning.staffing.teams import (
    Needed,
    Standard,
    as_one,
    only_visitors_of,
    shares,
    sized,
    staff_needed,
    standards_of,
)
from hovedindgang.servicemodel.document import Channel, ServiceModel
from hovedindgang.servicemodel.loading import load

MODELS = Path(__file__).resolve().parents[4] / "models"
PROMISES = (Standard(Channel.PHONE, 3.0, 0.8), Standard(Channel.IN_PERSON, 20.0, 0.8))


@cache
def start() -> tuple[ServiceModel, Inputs]:
    plan = read_plan(MODELS / "planning" / "jammerbugt-2006.toml")
    return plan.model, dataclasses.replace(plan.inputs, days=14)


@cache
def found() -> Needed:
    return staff_needed(*start(), PROMISES, seed=3, replications=2)


def served(sizes: dict[str, int]) -> dict[str, float]:
    """Of those who came, the share served in time, where the teams are of those sizes."""
    scenario = scenario_of(start()[0], sized(start()[1], sizes))
    within = {one.channel.value: one.within_minutes for one in PROMISES}
    flows = {k: dataclasses.replace(f, promised_minutes=within.get(f.channel)) for k, f in scenario.flows.items()}
    scenario = dataclasses.replace(scenario, flows=flows)
    results = Results(prepare(scenario), 3, tuple(tallies(scenario, seed=3, replications=2)))
    return {key: in_time.sum() / came.sum() for key, (in_time, came) in shares(results, PROMISES).items()}


def test_with_the_staff_found_every_promise_holds_at_every_centre() -> None:
    shares_served = served(dict(found().teams))
    assert {key.split(":")[0] for key in shares_served} == {"phone", "in_person"}
    assert min(shares_served.values()) >= 0.8


def test_with_one_fewer_on_any_team_some_promise_is_broken() -> None:
    for team, size in found().teams.items():
        assert min(served({**found().teams, team: size - 1}).values()) < 0.8


def test_no_plan_is_cheaper_than_the_bound_and_it_says_how_far_it_is() -> None:
    needed = found()
    assert all(needed.teams[team] >= least for team, least in needed.bound_teams.items())
    assert sum(needed.teams.values()) >= needed.bound_in_all
    assert needed.bound_kr <= needed.kr_per_year
    assert needed.gap == pytest.approx(needed.kr_per_year / needed.bound_kr - 1)


def test_teams_that_share_a_centre_are_staffed_too() -> None:
    model, inputs = changed(*start(), [CloseCentre(one, "aabybro") for one in ("brovst", "fjerritslev", "pandrup")])
    few = dataclasses.replace(
        inputs, staff=dataclasses.replace(inputs.staff, teams=(inputs.staff.teams[0], inputs.staff.teams[2]))
    )
    needed = staff_needed(model, few, (Standard(Channel.PHONE, 5.0, 0.7),), seed=3, replications=3)
    assert sum(needed.teams.values()) >= needed.bound_in_all > 0
    assert needed.met["phone"].value >= 0.7


def test_the_service_of_the_bound_has_less_to_do_and_the_same_people() -> None:
    whole = scenario_of(*start())
    alone, together = only_visitors_of(whole, centre="brovst"), as_one(whole)
    assert {flow.centre for flow in alone.flows.values()} == {"brovst"}
    assert {line.place for line in together.lines.values()} == {None}
    assert not any(flow.channel in {"written", "digital", "department"} for flow in together.flows.values())
    own = [one for one in whole.employees if one.own]
    assert [one.key for one in together.employees] == [one.key for one in own]
    assert all(a.week == b.week for a, b in zip(own, together.employees, strict=True))


def test_a_busy_monday_morning_needs_more_than_a_wednesday_afternoon() -> None:
    scenario = scenario_of(*start())
    results = Results(prepare(scenario), 3, tuple(tallies(scenario, seed=3, replications=3)))
    needs = {(one.channel, one.place, one.weekday, one.hour): one for one in hourly_needs(results, PROMISES)}
    assert needs["phone", None, 0, 10].employees > needs["phone", None, 2, 14].employees
    assert not any(place == "brovst" and hour < 10 for _channel, place, _day, hour in needs)  # the door is shut
    assert not any(weekday > 4 for _channel, _place, weekday, _hour in needs)


def test_without_a_promise_there_is_nothing_to_staff_for() -> None:
    assert standards_of(start()[0]) == ()
    with pytest.raises(CannotPlan, match="intet løfte"):
        staff_needed(*start(), (), seed=1)


def test_the_promises_are_those_that_the_model_has_adopted() -> None:
    adopted = standards_of(load(MODELS / "demo.toml"))
    assert Standard(Channel.PHONE, 3.0, 0.8) in adopted
    assert Standard(Channel.IN_PERSON, 15.0, 0.8) in adopted
