"""Who does what: work moved between the counters and a department, with its minutes and its people."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.commands import plan as command
from hovedindgang.planning.division import Along, Shown, along, divided, scenarios_of
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import caseworkers, scenario_of
from hovedindgang.planning.service.changes import changed
from hovedindgang.planning.service.inputs import Appointments, Assisted, Figure, Inputs
from hovedindgang.planning.service.moving_work import MoveWork
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.planning.simulation.comparing import differences
from hovedindgang.planning.simulation.outcome import Estimate, Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, Flow, Scenario
from hovedindgang.planning.tests.towns import JAMMERBUGT, jammerbugt
from hovedindgang.servicemodel.document import SourceKind

ROOT = Path(__file__).resolve().parents[4]
HOUSING = "boligstoette"


@cache
def plan() -> Plan:
    """Jammerbugt's four weeks."""
    return jammerbugt(days=28)


def generalists(inputs: Inputs) -> Inputs:
    """The same with nobody under training: then what work takes does not depend on whose it is."""
    teams = tuple(dataclasses.replace(one, generalist_share=1.0) for one in inputs.staff.teams)
    return dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=teams))


@cache
def after(*moves: MoveWork) -> Scenario:
    return scenario_of(*changed(plan().model, generalists(plan().inputs), moves))


def minutes_of_work(scenario: Scenario) -> tuple[float, float]:
    """In Borgerservice and in departments, of all who are expected, each matter followed to its end by generalists."""
    place = {key: at for at, key in enumerate(scenario.flows)}
    count = len(place)
    goes = np.zeros((count, count))
    ours, theirs, comes = np.zeros(count), np.zeros(count), np.zeros(count)
    for at, flow in enumerate(scenario.flows.values()):
        comes[at] = sum(flow.arrivals.per_day) * (1 - flow.arrivals.no_show) if flow.arrivals else 0.0
        takes = flow.handle[GENERALIST].mean if isinstance(flow.handle, dict) else flow.handle.mean  # type: ignore[union-attr]
        if flow.line is not None:
            (theirs if flow.channel == "department" else ours)[at] = takes
        for way in ways(flow):
            if way.to is not None:
                goes[at, place[way.to]] += way.share
    visits = np.linalg.solve(np.eye(count) - goes.T, comes)
    return float(visits @ ours), float(visits @ theirs)


def ways(flow: Flow) -> tuple:  # type: ignore[type-arg]
    return flow.outcomes[GENERALIST] if isinstance(flow.outcomes, dict) else flow.outcomes  # type: ignore[return-value]


def expected(scenario: Scenario, wanted: str) -> float:
    flows = (one for key, one in scenario.flows.items() if wanted in key)
    return sum(sum(flow.arrivals.per_day) for flow in flows if flow.arrivals)


MOVES = st.builds(
    MoveWork,
    service=st.sampled_from([HOUSING, "flytning", "byggetilladelse", "folkepension"]),
    to=st.sampled_from(["department", "borgerservice"]),
    centre=st.sampled_from(["", "aabybro"]),
    department=st.sampled_from(["", "oekonomi"]),
    minutes=st.sampled_from([0.0, 1.5, 4.0]),
)


@given(MOVES, st.sampled_from([0.25, 1.0]))
@settings(max_examples=6, deadline=None)
def test_what_one_side_is_rid_of_the_other_has(move: MoveWork, share: float) -> None:
    move = dataclasses.replace(move, share=share) if move.minutes else move
    before, now = minutes_of_work(after()), minutes_of_work(after(move))
    assert sum(now) == pytest.approx(sum(before), rel=1e-9)
    assert (now[0] < before[0]) is (move.to == "department")


def with_booked_and_assisted() -> Inputs:
    share = Figure(0.25, SourceKind.ASSUMED, "øvelse")
    return dataclasses.replace(
        generalists(plan().inputs),
        appointments=Appointments({"flytning": share}, Figure(0.1, SourceKind.ASSUMED, "øvelse")),
        assisted=Assisted({"flytning": share}, Figure(1.3, SourceKind.ASSUMED, "øvelse")),
    )


def test_nor_is_a_minute_of_a_step_lost_of_those_who_booked_a_time_or_were_assisted() -> None:
    before, now = (
        scenario_of(*changed(plan().model, with_booked_and_assisted(), moves))
        for moves in ((), (MoveWork("flytning", "department", minutes=4.0),))
    )
    assert sum(minutes_of_work(now)) == pytest.approx(sum(minutes_of_work(before)), rel=1e-9)


def test_who_booked_a_time_or_was_assisted_at_the_counter_goes_to_the_department_as_others_do() -> None:
    before, now = (
        scenario_of(*changed(plan().model, with_booked_and_assisted(), moves))
        for moves in ((), (MoveWork("flytning", "department"),))
    )
    comes = [flow.arrivals for flow in before.flows.values() if flow.service == "flytning" and flow.arrivals]
    stay_away = sum(sum(one.per_day) * one.no_show for one in comes)
    assert stay_away > 0
    assert expected(now, "direct:") == pytest.approx(sum(sum(one.per_day) for one in comes) - stay_away)


def test_a_whole_step_of_the_department_taken_home_is_all_its_minutes() -> None:
    before = minutes_of_work(after())
    now = minutes_of_work(after(MoveWork(HOUSING, "borgerservice", minutes=35.0, share=0.5)))
    assert sum(now) == pytest.approx(sum(before), rel=1e-9)
    whole = minutes_of_work(after(MoveWork(HOUSING, "borgerservice")))
    assert now[1] - before[1] == pytest.approx((whole[1] - before[1]) / 2)


def test_only_what_the_decision_says_it_saves_is_saved_each_time() -> None:
    move = MoveWork(HOUSING, "department", saves=2.0, source="tidsstudie")
    dearer = dataclasses.replace(move, saves=-2.0)
    plain = dataclasses.replace(move, saves=0.0, source="")
    saved, usual, cost = (sum(minutes_of_work(after(one))) for one in (move, plain, dearer))
    people = expected(after(), f":{HOUSING}")
    assert usual - saved == pytest.approx(cost - usual)
    assert usual - saved > 2 * people  # some come again


def test_when_a_service_goes_wholly_its_people_go_straight_to_the_department_when_it_is_at_work() -> None:
    before, now = after(), after(MoveWork(HOUSING, "department"))
    ours = [key for key, flow in now.flows.items() if flow.service == HOUSING and not flow.direct]
    assert ours == []
    there = {key: flow for key, flow in now.flows.items() if flow.direct}
    assert sum(sum(one.arrivals.per_day) for one in there.values() if one.arrivals) == pytest.approx(
        expected(before, f":{HOUSING}")
    )
    for flow in there.values():
        if flow.line == "department_direct:fagforvaltning":
            assert flow.arrivals is not None
            assert not any(n for n, works in zip(flow.arrivals.per_day, now.working_days, strict=True) if not works)
            rows = (row for n, row in zip(flow.arrivals.per_day, flow.arrivals.shape, strict=True) if n)
            assert all(sum(row[: 8 * 4]) == sum(row[62:]) == 0 for row in rows)
    letters = after(MoveWork("flytning", "department")).flows["direct:written:flytning"]
    assert letters.line == "department:fagforvaltning"
    assert letters.due_working_days == 5


def test_who_comes_to_the_department_instead_is_the_same_person_as_before() -> None:
    streams = []
    for scenario, key in (
        (after(), f"phone:{HOUSING}"),
        (after(MoveWork(HOUSING, "department")), f"direct:phone:{HOUSING}"),
    ):
        prepared = prepare(scenario)
        streams.append(prepared.network.flow_stream[prepared.flows.index(key)])
    assert streams[0] == streams[1]


def test_a_service_that_leaves_one_counter_stays_at_the_others_and_on_the_telephone() -> None:
    before, now = after(), after(MoveWork(HOUSING, "department", centre="aabybro"))
    assert f"in_person:{HOUSING}:aabybro" not in now.flows
    assert expected(now, f"direct:in_person:{HOUSING}:aabybro") == pytest.approx(
        expected(before, f"in_person:{HOUSING}:aabybro")
    )
    for key in (f"in_person:{HOUSING}:pandrup", f"phone:{HOUSING}"):
        assert now.flows[key] == before.flows[key]


def test_a_step_given_away_makes_the_counter_quicker_and_sends_on_those_it_would_have_solved() -> None:
    before, now = (
        one.flows[f"phone:{HOUSING}"] for one in (after(), after(MoveWork(HOUSING, "department", minutes=5.0)))
    )
    assert now.handle[GENERALIST].mean < before.handle[GENERALIST].mean  # type: ignore[index]
    handed = [
        sum(way.share for way in ways(one) if way.to and way.to.startswith("department")) for one in (before, now)
    ]
    solved = [sum(way.share for way in ways(one) if way.to is None) for one in (before, now)]
    assert handed[1] == pytest.approx(handed[0] + solved[0])
    assert solved[1] == pytest.approx(0)


def test_self_service_that_fails_rings_the_department_when_the_service_is_there() -> None:
    model = plan().model
    key = next(one for one, service in model.services.items() if service.self_service and service.handle_minutes)
    demand = dataclasses.replace(
        plan().inputs.demand, self_service=dataclasses.replace(plan().inputs.demand.self_service, value=0.5)
    )
    inputs = dataclasses.replace(plan().inputs, demand=demand)
    scenario = scenario_of(*changed(model, inputs, (MoveWork(key, "department"),)))
    rings = [way.to for way in ways(scenario.flows[f"self_service:{key}"]) if way.to]
    assert len(rings) == 1
    assert rings[0].startswith("direct:")
    prepare(scenario)


def test_the_department_of_a_service_is_named_by_the_model_or_by_the_inputs_and_else_it_is_one_and_said() -> None:
    scenario, model = after(), plan().model
    for key, service in model.services.items():
        flow = scenario.flows.get(f"phone:{key}")
        if flow is None:
            continue
        named = [one for one in service.others_who_help if one in model.departments]
        to = {way.to for way in ways(flow) if way.to and way.to.startswith("department")}
        assert to == {f"department:{named[0] if named else 'fagforvaltning'}"}
    assert "fagforvaltning" in scenario.assumed["work.department_of"]
    work = dataclasses.replace(
        plan().inputs.work, department_of={HOUSING: "social-og-sundhed"}, department_of_source="organisationsplan"
    )
    said = scenario_of(model, dataclasses.replace(plan().inputs, work=work))
    assert {way.to for way in ways(said.flows[f"phone:{HOUSING}"])} >= {"department:social-og-sundhed"}


def test_departments_have_caseworkers_for_those_who_are_ill_or_on_holiday_too() -> None:
    town = jammerbugt(days=56, whole=True)
    inputs = town.inputs
    nobody = dataclasses.replace(inputs.staff.sickness, value=0.0)
    well = dataclasses.replace(inputs.staff, sickness=nobody, holidays=nobody, training=nobody, meetings=nobody)
    usual = caseworkers(town.model, inputs)
    assert sum(usual.values()) > sum(caseworkers(town.model, dataclasses.replace(inputs, staff=well)).values())
    scenario = scenario_of(town.model, inputs)
    results = Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=1)))
    who = [at for at, one in enumerate(scenario.employees) if one.place == "fagforvaltning"]
    assert 0.55 < results.occupancy(who).value < 0.85  # 0.8 is what is asked for; people are whole


@cache
def results(*moves: MoveWork) -> Results:
    scenario = scenario_of(*changed(plan().model, plan().inputs, moves))
    return Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=6)))


def test_a_service_that_leaves_does_not_make_more_solved_of_all_that_citizens_ask() -> None:
    found = divided(results(), results(MoveWork(HOUSING, "department")), "fagforvaltning")
    wide = found.whole["resolved_in_house_wide_percent"]
    assert wide.change is not None
    assert wide.change.high < 0
    own = found.whole["resolved_in_house_percent"]
    assert own.after is not None
    assert wide.after is not None
    assert own.after.value > wide.after.value
    told = results(MoveWork(HOUSING, "department"))  # everywhere else too they are in neither goal
    everyone = range(len(told.prepared.flows))
    assert 100 * told.resolved_in_house(everyone).value == pytest.approx(own.after.value)
    assert differences(results(), told)["all"]["resolved_in_house_percent"]["value"] > wide.change.value
    assert found.of_department["direct_per_year"].before.value == 0  # type: ignore[union-attr]
    assert found.of_department["work_hours_per_year"].change.low > 0  # type: ignore[union-attr]
    assert found.borgerservice["work_hours_per_year"].change.high < 0  # type: ignore[union-attr]


def test_a_department_that_gives_its_part_away_has_less_and_borgerservice_solves_more() -> None:
    found = divided(results(), results(MoveWork(HOUSING, "borgerservice")), "fagforvaltning")
    assert found.whole["resolved_in_house_percent"].change.low > 0  # type: ignore[union-attr]
    assert found.whole["hand_offs_per_year"].change.high < 0  # type: ignore[union-attr]
    assert found.of_department["work_hours_per_year"].change.high < 0  # type: ignore[union-attr]


def people_at(scenario: Scenario) -> tuple[int, int]:
    """In Aabybro's team, and in the department."""
    ours = [one.key for one in scenario.employees if one.own]
    return sum(key.startswith("aabybro-") for key in ours), sum(
        one.place == "fagforvaltning" for one in scenario.employees
    )


@pytest.mark.parametrize(("to", "gone"), [("department", -1), ("borgerservice", 1)])
def test_who_moves_along_leaves_the_one_side_and_works_on_the_other(to: str, gone: int) -> None:
    none, two = (after(MoveWork(HOUSING, to, people=people, team="aabybro" if people else "")) for people in (0, 1))
    assert people_at(none) == people_at(after())
    assert people_at(two) == (people_at(none)[0] + gone, people_at(none)[1] - gone)
    assert len(two.employees) == len(none.employees)


def test_with_somebody_along_the_department_is_less_busy_and_the_counter_busier_than_with_nobody() -> None:
    none, one = (
        divided(results(), results(MoveWork(HOUSING, "department", people=people, team="")), "fagforvaltning")
        for people in (0, 1)
    )
    there, here = (
        [getattr(found, side)["occupancy_percent"].after.value for found in (none, one)]
        for side in ("of_department", "borgerservice")
    )
    assert there[1] < there[0]
    assert here[1] > here[0]
    assert (one.days, one.times) == (28, 365 / 28)
    assert one.whole["staff_kr_per_year"].after is not None


def test_a_queue_is_not_called_as_good_as_before_while_its_mean_is_worse() -> None:
    def of(*change: float) -> dict[str, Shown]:
        return {"wait_phone_minutes": Shown(Estimate(1, 1, 1), Estimate(2, 2, 2), Estimate(*change))}

    nothing = divided(results(), results(), "fagforvaltning")

    def told(here: dict[str, Shown], growth: dict[str, tuple[float | None, float | None]]) -> Along:
        return along(0, dataclasses.replace(nothing, borgerservice=here, of_department={}, growth=growth))

    assert told(of(-1, -2, 0.5), {}).no_worse
    assert told(of(1, 0.5, 1.5), {}).worse["borgerservice"] == ("wait_phone_minutes",)
    unsure = told(of(1, -0.5, 2.5), {})
    assert unsure.perhaps["borgerservice"] == ("wait_phone_minutes",)
    assert not unsure.no_worse
    grown = told({}, {"department:oekonomi": (None, 3.0)})
    assert grown.worse == {"borgerservice": (), "department_queue": ("department:oekonomi",)}
    assert told({}, {"department:oekonomi": (2.0, 3.0)}).no_worse  # it grew before


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ([MoveWork(HOUSING, "department", people=90)], "Så mange kan ikke flytte med"),
        ([MoveWork(HOUSING, "borgerservice", people=90)], "fagforvaltning har"),
        ([MoveWork(HOUSING, "department", people=1, team="natholdet")], "intet hold med nøglen natholdet"),
        ([MoveWork("cykler", "department")], "ingen opgave med nøglen cykler"),
        ([MoveWork(HOUSING, "department", centre="blokhus")], "intet center med nøglen blokhus"),
        ([MoveWork(HOUSING, "department", department="vej")], "ingen fagforvaltning med nøglen vej"),
        ([MoveWork(HOUSING, "department", minutes=400.0)], "kan ikke falde bort"),
        ([MoveWork(HOUSING, "borgerservice", minutes=36.0)], "bruger 35,0 minutter"),
        ([MoveWork(HOUSING, "department"), MoveWork(HOUSING, "borgerservice", centre="brovst")], "allerede flyttet"),
    ],
)
def test_what_cannot_be_moved_is_said(moves: list[MoveWork], says: str) -> None:
    with pytest.raises(CannotPlan, match=says):
        scenario_of(*changed(plan().model, plan().inputs, moves))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("to", "jobcenter", "department eller borgerservice"),
        ("share", 0.5, "share gælder et trin"),
        ("saves", 2.0, "source"),
        ("people", -1, "people er et helt tal"),
    ],
)
def test_a_move_that_says_half_of_it_is_refused(field: str, value: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        MoveWork(**({"service": HOUSING, "to": "department"} | {field: value}))  # type: ignore[arg-type]


def test_the_command_and_a_change_in_a_file_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "after.toml").write_text(
        f'inputs = "{JAMMERBUGT}"\n[[change]]\nkind = "move_work"\nservice = "{HOUSING}"\nto = "department"\n'
        "minutes = 5\nshare = 0.5\n",
        encoding="utf-8",
    )
    read = read_plan(tmp_path / "after.toml")
    assert read.changes == (MoveWork(HOUSING, "department", minutes=5.0, share=0.5),)
    assert "Et trin på 5 minutter" in read.changes[0].words(read.model)
    asked = [
        "division",
        str(JAMMERBUGT),
        "--service",
        HOUSING,
        "--to",
        "department",
        "--minutes",
        "5",
        "--share",
        "0.5",
    ]
    answer = CliRunner().invoke(command, [*asked, "--days", "14", "--replications", "3", "--json"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["department"] == "fagforvaltning"
    assert {"before", "after", "change"} <= set(found["together"]["hand_offs_per_year"])
    assert found["simulated"] == {
        "first_day": "2007-01-01",
        "days": 14,
        "replications": 3,
        "year_is_days_times": round(365 / 14, 4),
    }
    assert [one["people"] for one in found["along"]][:2] == [0, 1]
    assert found["assumed"]["work.department_of"]
    short = dataclasses.replace(read.inputs, days=14)
    _before, now, _there = scenarios_of(read.model, short, read.changes[0])  # type: ignore[arg-type]
    assert now.flows == scenario_of(*changed(read.model, short, read.changes)).flows
