"""Hand-offs: to a department and back, to a colleague, and what sends the citizen herself elsewhere."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import CarryAt, Change, OpeningHours, changed
from hovedindgang.planning.service.inputs import Figure
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, Employee, Flow, Outcome, Scenario
from hovedindgang.planning.simulation.summary import summary
from hovedindgang.planning.tests.small import evenly, minutes, scenario
from hovedindgang.planning.tests.towns import jammerbugt
from hovedindgang.servicemodel.document import SourceKind


@cache
def plan() -> Plan:
    return jammerbugt(days=14)


@cache
def built(*changes: Change) -> Scenario:
    return scenario_of(*changed(plan().model, plan().inputs, changes))


def results_of(given: Scenario, replications: int = 2) -> Results:
    return Results(prepare(given), 1, tuple(tallies(given, seed=1, replications=replications)))


def test_who_is_handed_over_sent_back_and_sent_on_is_counted_of_the_citizens_own_contacts() -> None:
    """A quarter is handed over; of those half comes back; a tenth of the rest is told to go to the tax office."""
    ways = (
        Outcome(Came.HANDED_OVER, 0.25, "tax"),
        Outcome(Came.SIGNPOSTED, 0.1, moves=True),
        Outcome(Came.RESOLVED, 0.65),
    )
    counter = Flow("counter", "in_person", evenly(2000), minutes(0.2), "counter", outcomes=ways)
    back = (Outcome(Came.RETURNED, 0.5, "back"), Outcome(Came.RESOLVED, 0.5))
    tax = Flow("tax", "department", None, minutes(0.1), "tax", outcomes=back)
    again = Flow("back", "written", None, minutes(0.1), "back")
    staff = [Employee(key, dict.fromkeys(("counter", "tax", "back"), GENERALIST)) for key in "abc"]
    told = summary(results_of(scenario([counter, tax, again], staff, days=3), 3))["all"]
    assert told["handed_over_percent"]["value"] == pytest.approx(25, abs=1.5)
    assert told["handed_over_percent"]["low"] < 25 < told["handed_over_percent"]["high"]
    assert told["returned_percent"]["value"] == pytest.approx(50, abs=4)
    assert told["sent_on_percent"]["value"] == pytest.approx(10, abs=1)
    assert told["handed_over_per_day"]["value"] == pytest.approx(500, abs=30)


def test_what_is_only_referred_sends_her_on_and_what_is_handed_over_warmly_does_not() -> None:
    def sent(given: Scenario) -> set[bool]:
        ways = given.flows["phone:boligstoette"].ways
        return {way.moves for way in ways if way.came is Came.HANDED_OVER}

    assert sent(built(CarryAt("boligstoette", "refer"))) == {True}
    assert sent(built(CarryAt("boligstoette", "casework"))) == {False}
    whole = results_of(built(), 4).share_sent_on(range(len(built().flows)))
    assert 0 < whole.low < whole.value < whole.high


def test_who_finds_pandrup_closed_on_a_friday_is_sent_on_wherever_she_goes_then() -> None:
    base, closed = built(), built(OpeningHours("pandrup", 4))
    assert {flow.closed_door for flow in base.flows.values()} == {0.0}
    there = closed.flows["in_person:flytning:aabybro"]
    assert 0 < there.closed_door < 0.2
    assert closed.flows["phone:flytning"].closed_door > 0
    assert closed.flows["in_person:flytning:fjerritslev"].closed_door == 0  # Aabybro is nearer
    before, after = (summary(results_of(one), each_flow=False)["all"] for one in (base, closed))
    assert after["closed_door_percent"]["value"] > before["closed_door_percent"]["value"] == 0
    assert after["sent_on_percent"]["value"] > before["sent_on_percent"]["value"]


def passing(share: float, **changed: object) -> Scenario:
    inputs = plan().inputs
    some = Figure(share, SourceKind.MEASURED, "talt")
    return scenario_of(
        plan().model, dataclasses.replace(inputs, work=dataclasses.replace(inputs.work, transferred=some), **changed)
    )


def test_a_trainee_passes_some_to_a_colleague_who_knows_it_and_more_is_solved_at_once() -> None:
    without, some = built(), passing(0.5)
    assert not any(key.startswith("colleague:") for key in without.flows)
    for key in ("phone:flytning", "in_person:flytning:aabybro"):
        ways = some.flows[key].outcomes
        assert isinstance(ways, dict)
        assert [way.share for way in ways["trainee"] if way.came is Came.TRANSFERRED] == [0.5]
        assert sum(way.share for way in ways["trainee"]) == pytest.approx(1)
        assert not any(way.came is Came.TRANSFERRED for way in ways["generalist"])
    able = {level for one in some.employees for line, level in one.levels.items() if line.startswith("colleague:")}
    assert able == {"generalist"}
    told = [summary(results_of(one), each_flow=False)["all"] for one in (without, some)]
    assert told[0]["transferred_percent"]["value"] == 0
    assert told[1]["transferred_percent"]["value"] > 5
    solved = [one["first_contact_resolution_percent"]["value"] for one in told]
    assert solved[1] > solved[0] + 1


def test_where_nobody_knows_the_service_nobody_is_passed_on() -> None:
    teams = tuple(dataclasses.replace(one, generalist_share=0.0) for one in plan().inputs.staff.teams)
    learning = passing(0.5, staff=dataclasses.replace(plan().inputs.staff, teams=teams))
    prepare(learning)
    assert not any(way.came is Came.TRANSFERRED for flow in learning.flows.values() for way in flow.ways)
