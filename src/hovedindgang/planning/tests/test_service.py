"""The municipality's own service as a scenario: who comes where, who serves, and what a decision moves."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service import building, ground
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import (
    CarryAt,
    Change,
    CloseCentre,
    Generalists,
    MoreStaff,
    MoveChannel,
    NewPlace,
    OpeningHours,
    PhonesAt,
    TravellingTeam,
    Volume,
    changed,
)
from hovedindgang.planning.service.coming import journeys
from hovedindgang.planning.service.costs import cost_of
from hovedindgang.planning.service.effects import catchments_of, effects_of
from hovedindgang.planning.service.exempt import exempt_share
from hovedindgang.planning.service.inputs import Figure
from hovedindgang.planning.service.placing import misplaced
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.planning.simulation.competence import NobodyCan
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, TRAINEE, Scenario
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.planning.tests.towns import JAMMERBUGT, jammerbugt
from hovedindgang.servicemodel.document import Channel, SourceKind

ROOT = Path(__file__).resolve().parents[4]


@cache
def plan() -> Plan:
    """Jammerbugt's, but of four weeks, to be quick."""
    return jammerbugt(days=28)


@cache
def after(*changes: Change) -> Scenario:
    return scenario_of(*changed(plan().model, plan().inputs, changes))


def expected(scenario: Scenario, wanted: str) -> float:
    """How many are expected to come, in flows whose key begins so or ends so."""
    return sum(
        sum(flow.arrivals.per_day)
        for key, flow in scenario.flows.items()
        if flow.arrivals and (key.startswith(wanted) or key.endswith(wanted))
    )


def everybody(scenario: Scenario) -> float:
    return expected(scenario, "")


BLOKHUS = NewPlace("blokhus", "Blokhus", 57.25, 9.58, 1500, (1, 3), "10:00", "14:00", 2)
CHANGES = (
    OpeningHours("pandrup", 4),
    OpeningHours("brovst", 3, "08:00", "18:00"),
    CloseCentre("fjerritslev", "aabybro"),
    PhonesAt("aabybro"),
    MoreStaff("brovst", 2),
    Generalists(0.8),
    MoveChannel(0.3, "phone", "self_service", "flytning"),
    MoveChannel(0.2, "in_person", "phone"),
    BLOKHUS,
    TravellingTeam("pandrup", 2, "brovst", 3, "13:00", "17:00"),
)


@pytest.mark.parametrize("change", [*CHANGES[:1], *CHANGES[3:7], *CHANGES[9:]], ids=lambda one: type(one).__name__)
def test_what_is_remembered_of_the_plan_before_makes_no_other_scenario(change: Change) -> None:
    at_first = dataclasses.replace(plan().inputs, warm_up=WarmUp(14))
    fresh = []
    for inputs in changed(plan().model, at_first, (change,)), (plan().model, at_first):
        ground._last.clear()
        fresh.append(scenario_of(*inputs))
    assert [scenario_of(*changed(plan().model, at_first, (change,))), scenario_of(plan().model, at_first)] == fresh


@pytest.mark.parametrize(
    ("part", "name", "value"), [("demand", "after_closing_days", 3.0), ("behaviour", "displaced_nearest", 0.01)]
)
def test_a_figure_of_who_comes_counts_though_the_same_doors_are_open(part: str, name: str, value: float) -> None:
    """Those who find a door shut are shared out by whole years, which stand on the figures as the days do."""
    asked = plan().inputs
    changed_part = dataclasses.replace(getattr(asked, part), **{name: Figure(value, SourceKind.ASSUMED, "prøve")})
    other = dataclasses.replace(asked, **{part: changed_part})
    ground._last.clear()
    fresh = scenario_of(plan().model, other)
    ground._last.clear()
    assert scenario_of(plan().model, asked) != fresh
    assert scenario_of(plan().model, other) == fresh


def test_who_must_be_there_sooner_is_though_only_the_staff_was_changed() -> None:
    scenario_of(plan().model, plan().inputs)
    staff = dataclasses.replace(plan().inputs.staff, before_opening=Figure(45, SourceKind.ASSUMED, "tidligere"))
    sooner = scenario_of(plan().model, dataclasses.replace(plan().inputs, staff=staff))
    begins = [
        [min(shift.begins for shift in one.week[4]) for one in each.employees if one.own and one.week[4]]
        for each in (after(), sooner)
    ]
    assert min(begins[1]) == min(begins[0]) - (45 - plan().inputs.staff.before_opening.value)


def test_who_comes_is_worked_out_once_for_a_plan_and_the_proposals_that_change_its_staff_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worked_out = []
    anew = building._each_coming
    monkeypatch.setattr(building, "_each_coming", lambda one: worked_out.append(one) or anew(one))
    ground._last.clear()
    scenario_of(plan().model, plan().inputs)
    for change in MoreStaff("brovst", 2), Generalists(0.8):
        scenario_of(*changed(plan().model, plan().inputs, (change,)))
    assert len(worked_out) == 1
    scenario_of(*changed(plan().model, plan().inputs, (Volume(1.1),)))
    assert len(worked_out) == 2


def test_when_what_is_open_is_worked_out_once_until_a_proposal_moves_a_door_or_the_telephones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worked_out = []
    anew = ground._open_on
    monkeypatch.setattr(ground, "_open_on", lambda days, *asked: worked_out.append(days[0].year) or anew(days, *asked))
    ground._last.clear()
    scenario_of(plan().model, plan().inputs)
    (year,) = worked_out
    for change in Volume(1.1), Generalists(0.8), MoveChannel(0.2, "in_person", "phone"):
        scenario_of(*changed(plan().model, plan().inputs, (change,)))
    assert worked_out == [year]
    for at, change in enumerate((PhonesAt("aabybro"), CHANGES[-1], OpeningHours("pandrup", 4)), start=2):
        scenario_of(*changed(plan().model, plan().inputs, (change,)))
        assert worked_out == [year] * at


def test_as_many_come_in_a_year_as_the_inputs_say() -> None:
    year = scenario_of(plan().model, dataclasses.replace(plan().inputs, days=365))
    for channel, figure in plan().inputs.demand.contacts_per_year.items():
        assert expected(year, f"{channel.value}:") == pytest.approx(figure.value, rel=1e-6)


@given(st.lists(st.sampled_from(CHANGES), unique=True, max_size=4))
@settings(max_examples=8, deadline=None)
def test_a_change_of_where_and_how_loses_nobody(changes: list[Change]) -> None:
    """In a year: who finds a door shut in January may come in February."""
    year = dataclasses.replace(plan().inputs, days=365)
    assert everybody(scenario_of(*changed(plan().model, year, changes))) == pytest.approx(51_100, rel=1e-9)


def test_when_pandrup_is_closed_on_fridays_its_people_come_another_day_go_to_the_nearest_or_ring() -> None:
    before, now = after(), after(OpeningHours("pandrup", 4))
    fridays = [day for day in range(28) if (plan().inputs.first_day.weekday() + day) % 7 == 4]
    flows = [flow.arrivals for key, flow in now.flows.items() if key.endswith(":pandrup") and flow.arrivals]
    assert sum(flow.per_day[day] for flow in flows for day in fridays) == 0
    assert expected(now, ":pandrup") < expected(before, ":pandrup")
    assert expected(now, ":aabybro") > expected(before, ":aabybro")  # 7 km; the other two are farther
    assert expected(now, ":fjerritslev") == pytest.approx(expected(before, ":fjerritslev"))
    assert expected(now, "phone:") > expected(before, "phone:")


def test_fewer_wait_for_the_one_day_that_is_left_than_for_one_of_four() -> None:
    one_closed = after(OpeningHours("pandrup", 4))
    one_left = after(*(OpeningHours("pandrup", day) for day in (0, 1, 2, 4)))
    usual = expected(after(), ":pandrup")
    assert expected(one_closed, ":pandrup") > 0.9 * usual
    assert expected(one_left, ":pandrup") < 0.5 * usual


def test_a_travelling_team_is_away_from_its_counter_and_serves_where_it_is() -> None:
    scenario = after(CloseCentre("brovst", "aabybro"), TravellingTeam("brovst", 2, "brovst", 3, "13:00", "17:00"))
    team = [one for one in scenario.employees if one.key.startswith("brovst-")]
    thursday = next(d for d in range(28) if (plan().inputs.first_day.weekday() + d) % 7 == 3)
    places = [[shift.place for shift in one.week[thursday] if not shift.channels] for one in team if one.week]
    assert places == [["aabybro", "brovst"], ["aabybro", "brovst"], ["aabybro"]]
    assert expected(scenario, ":brovst") > 0


def test_when_all_phones_are_in_aabybro_nobody_else_takes_a_call() -> None:
    scenario = after(PhonesAt("aabybro"))
    answer = {one.key.split("-")[0] for one in scenario.employees if any(x.startswith("phone:") for x in one.levels)}
    assert answer == {"aabybro"}


def test_who_is_generalist_in_half_of_the_services_is_a_trainee_in_the_rest() -> None:
    one = after().employees[0]
    known = {line.split(":")[1]: level for line, level in one.levels.items()}
    generalist = sum(level == GENERALIST for level in known.values())
    assert 0.45 < generalist / len(known) < 0.55
    assert set(known.values()) == {GENERALIST, TRAINEE}


def test_a_generalist_in_more_services_keeps_those_she_had() -> None:
    before, now = after().employees[0], after(Generalists(0.8)).employees[0]
    assert all(now.levels[line] == GENERALIST for line, level in before.levels.items() if level == GENERALIST)


def test_moves_of_address_that_go_to_self_service_come_back_as_calls_when_it_fails() -> None:
    before, now = after(), after(MoveChannel(0.3, "phone", "self_service", "flytning"))
    moved = expected(before, "phone:flytning") - expected(now, "phone:flytning")
    assert moved == pytest.approx(0.3 * (1 - exempt_share("phone")) * expected(before, "phone:flytning"))
    ring = [way for way in now.flows["self_service:flytning"].outcomes if way.to == "phone:flytning"]  # type: ignore[union-attr]
    assert [way.share for way in ring] == [plan().inputs.demand.self_service_fails.value]


def test_a_new_branch_takes_its_people_from_the_centre_they_had_nearest() -> None:
    usual, now = journeys(plan().model, plan().inputs), journeys(*changed(plan().model, plan().inputs, (BLOKHUS,)))
    assert sum(n for (centre, _), n in now.items() if centre == "blokhus") > 0
    assert now["pandrup", "pandrup"] < usual["pandrup", "pandrup"]  # 6 km; the others are farther
    assert now["brovst", "brovst"] == pytest.approx(usual["brovst", "brovst"])


def test_who_works_at_a_branch_is_there_on_the_days_it_is_open() -> None:
    scenario = after(BLOKHUS)
    weeks = [one.week for one in scenario.employees if one.key.startswith("blokhus-") and one.week]
    assert [[day for day in range(7, 14) if week[day]] for week in weeks] == [[8, 10], [8, 10]]


def test_twice_as_many_for_one_service_leaves_the_others_as_they_were() -> None:
    before, now = after(), after(Volume(2.0, "flytning"))
    assert expected(now, "phone:flytning") == pytest.approx(2 * expected(before, "phone:flytning"))
    assert expected(now, "phone:rotter") == pytest.approx(expected(before, "phone:rotter"))


def test_nobody_comes_when_the_door_is_shut() -> None:
    scenario = after(OpeningHours("pandrup", 4), OpeningHours("brovst", 3, "08:00", "18:00"))
    network = prepare(scenario).network
    at = np.arange(network.profiles.shape[1] - 1) * (1440 / (network.profiles.shape[1] - 1))
    for flow, key in enumerate(scenario.flows):
        group = network.group_of[flow]
        if network.group_stays[group]:
            continue
        for day in range(scenario.days):
            now = at[:, None] + day * 1440
            open_now = ((now >= network.open_from[group, day]) & (now < network.open_to[group, day])).any(axis=1)
            rate = np.diff(network.profiles[network.profile_of[flow, day]]) * network.mass[flow, day]
            assert rate[~open_now].sum() == pytest.approx(0, abs=1e-9), (key, day)


@pytest.mark.parametrize(
    ("latitude", "longitude", "says"),
    [(9.58, 57.25, "Blokhus har bredde og længde byttet om. Skriv latitude 57.25"), (55.68, 12.57, "Blokhus ligger 2")],
)
def test_a_place_on_the_other_side_of_the_earth_is_a_slip(latitude: float, longitude: float, says: str) -> None:
    place = dataclasses.replace(BLOKHUS, latitude=latitude, longitude=longitude)
    with pytest.raises(CannotPlan) as told:
        changed(plan().model, plan().inputs, [place])
    assert says in f"{told.value} {told.value.cure}"


def test_a_centre_of_the_model_that_is_turned_round_is_told_and_the_others_are_not() -> None:
    centres = dict(plan().model.centres)
    for key in ("pandrup", "brovst"):
        at = centres[key].place
        turned = dataclasses.replace(at, latitude=at.longitude, longitude=at.latitude)
        centres[key] = dataclasses.replace(centres[key], place=turned)
    wrong = list(misplaced(dataclasses.replace(plan().model, centres=centres)))
    assert {key for key, _what, _right in wrong} == {"centres.pandrup.place", "centres.brovst.place"}
    assert all("byttet om" in what for _key, what, _right in wrong)
    assert not list(misplaced(plan().model))


def without(**wanted: object) -> NobodyCan:
    """What is said of the plan where the teams are others."""
    staff = dataclasses.replace(plan().inputs.staff, **wanted)
    scenario = scenario_of(plan().model, dataclasses.replace(plan().inputs, staff=staff))
    with pytest.raises(NobodyCan) as told:
        prepare(scenario)
    return told.value


def test_a_centre_with_nobody_is_one_cause_and_not_one_for_each_of_its_services() -> None:
    teams = plan().inputs.staff.teams
    told = without(teams=tuple(team for team in teams if team.centre != "pandrup"))
    (said,) = told.where
    counted = len(told.lines)
    assert counted > 10
    assert said == f"Ingen arbejder i Borgerservice Pandrup: {counted} opgaver (personligt)"
    assert "pandrup" not in f"{told} {told.cure}"
    assert told.more()["lines"] == told.lines


def test_services_that_nobody_at_a_centre_knows_are_called_by_their_names() -> None:
    teams = tuple(dataclasses.replace(team, services=("flytning",)) for team in plan().inputs.staff.teams)
    told = without(teams=teams)
    assert len(told.where) < 10
    counter = next(said for said in told.where if "Pandrup" in said)
    assert counter.startswith("Ingen i Borgerservice Pandrup kan tage sig af ")
    assert " til (personligt)" in counter
    names = {one.name for one in plan().model.services.values()}
    assert any(name in counter for name in names)


def test_letters_that_no_team_takes_are_told_by_their_channel() -> None:
    channels = (Channel.IN_PERSON, Channel.PHONE)
    teams = tuple(dataclasses.replace(team, channels=channels) for team in plan().inputs.staff.teams)
    assert any(said.startswith("Ingen tager imod (brev og mail): ") for said in without(teams=teams).where)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (OpeningHours("blokhus", 4), "intet center med nøglen blokhus"),
        (MoreStaff("brovst", -9), "har kun 3"),
        (MoreStaff("nord", 1), "intet hold med nøglen nord"),
        (Volume(2.0, "cykler"), "ingen opgave med nøglen cykler"),
        (dataclasses.replace(BLOKHUS, key="brovst"), "allerede et center"),
        (dataclasses.replace(BLOKHUS, people=50_000), "har kun 10.612"),
    ],
)
def test_what_is_not_there_cannot_be_changed(change: Change, says: str) -> None:
    with pytest.raises(CannotPlan, match=says):
        after(change)


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('source = "silkeborg"', 'source = "odense"', "contacts_per_year.in_person.source er ingen kilde"),
        ("value = 19400", "value = -1", "ikke er negativt"),
        ("low = 15000, high = 24000", "low = 25000, high = 24000", "uden for sit eget spænd"),
        ("[behaviour.again]", "[behaviour.agian]", "behaviour.agian kendes ikke"),
        ("in_person = [1.25, 1.0, 0.95, 1.15, 0.65, 0, 0]", "in_person = [1, 1]", "skal være 7 vægte"),
        ("[work.results.guide]", "[work.results.gide]", "work.results.gide kendes ikke"),
        (
            'kind = "published", reference = "Silk',
            'kind = "heard", reference = "Silk',
            "sources.silkeborg skal have kind",
        ),
        ('model = "../jammerbugt-2006.toml"', 'model = "../jammerbugt.toml"', "er ingen fil"),
        ("first_day = 2007-01-01", 'first_day = "i dag"', "first_day er en dato"),
        ('title = "Borgerservice', 'titel = "Borgerservice', "titel kendes ikke"),
    ],
)
def test_a_mistake_in_a_file_is_said_with_its_key(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    text = JAMMERBUGT.read_text(encoding="utf-8")
    assert wrong in text
    text = text.replace(wrong, right, 1)
    text = text.replace('"../jammerbugt-2006.toml"', f'"{ROOT / "models" / "jammerbugt-2006.toml"}"')
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CannotPlan) as problem:
        read_plan(tmp_path / "plan.toml")
    assert says in str(problem.value) + problem.value.cure


def test_every_number_says_where_it_is_from_and_what_is_assumed_has_a_range_or_is_a_choice() -> None:
    figures = dict(plan().inputs.figures())
    assert len(figures) > 60
    assert all(one.reference for one in figures.values())
    without = {key for key, one in plan().inputs.unsure() if one.low is None}
    assert without <= {
        "demand.usual_weight",
        "demand.self_service",
        "demand.self_service_fails",
        "staff.before_opening",
        "staff.after_closing",
        "staff.lunch_minutes",
        "work.department_occupancy",
    }


def test_who_had_a_closed_centre_nearest_is_counted_where_she_stood() -> None:
    went = journeys(*changed(plan().model, plan().inputs, (CloseCentre("brovst", "aabybro"),)))
    usual = journeys(plan().model, plan().inputs)
    assert {to for (centre, to), number in usual.items() if number > 0 and centre != to} == set()
    from_brovst = {to: number for (centre, to), number in went.items() if centre == "brovst" and number > 0}
    assert from_brovst.keys() == {"aabybro", "phone"}
    assert sum(from_brovst.values()) == pytest.approx(usual["brovst", "brovst"], rel=0.05)
    assert went["pandrup", "pandrup"] == pytest.approx(usual["pandrup", "pandrup"])


def test_somebody_whose_centre_closed_has_farther_and_nobody_else_has() -> None:
    model, inputs = changed(plan().model, plan().inputs, (CloseCentre("brovst", "aabybro"),))
    scenario = scenario_of(model, inputs)
    results = Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=2)))
    farther = {one.centre: one.extra_km for one in catchments_of(model, inputs, results)}
    assert 9 < farther["brovst"] < 20  # 14 km by the air, and some ring
    assert farther["aabybro"] == farther["pandrup"] == 0


def test_paid_hours_are_those_of_the_rosters_whether_she_is_ill_or_not() -> None:
    paid = cost_of(Results(prepare(after()), 1, tuple(tallies(after(), seed=1, replications=2)))).paid_hours
    weeks = 365 / 28 * 19 / 5  # of 28 days 19 are working days: New Year's Day is not
    assert paid == pytest.approx(16 * 37.5 * weeks, rel=0.01)  # half an hour over, for Thursday evenings


def test_who_has_fewer_hours_works_fewer_days_and_not_all_the_same_ones() -> None:
    staff = plan().inputs.staff
    part_time = dataclasses.replace(staff.teams[0], hours_per_week=20)
    inputs = dataclasses.replace(plan().inputs, staff=dataclasses.replace(staff, teams=(part_time,)))
    weeks = [one.week for one in scenario_of(plan().model, inputs).employees if one.own and one.week]
    worked = [[day for day in range(7, 14) if week[day]] for week in weeks]
    assert all(len(days) < 5 for days in worked)
    assert len({tuple(days) for days in worked}) > 2
    for week in weeks:
        assert sum(s.ends - s.begins for day in range(7, 14) for s in week[day]) == pytest.approx(20 * 60, abs=60)


def test_a_step_that_moves_to_the_counter_is_handed_over_less_and_leaves_the_caseworkers_as_they_were() -> None:
    before, now = after(PhonesAt()), after(CarryAt("byggetilladelse", "light_casework", 10.0))
    handed = [
        sum(way.share for way in scenario.flows["phone:byggetilladelse"].outcomes[GENERALIST] if way.to)  # type: ignore[index]
        for scenario in (before, now)
    ]
    assert handed[1] < handed[0]
    takes = [scenario.flows["phone:byggetilladelse"].handle[GENERALIST].mean for scenario in (before, now)]  # type: ignore[index]
    assert takes[1] == pytest.approx(takes[0] + 10)
    keys = [[one.key for one in scenario.employees if not one.own] for scenario in (before, now)]
    assert keys[0] == keys[1]


def test_a_comparison_says_the_change_in_words_what_it_costs_and_who_has_farther() -> None:
    shut = dataclasses.replace(plan(), changes=(CloseCentre("brovst", "aabybro"), MoreStaff("aabybro", -1)))
    told = []
    for one in (plan(), shut):
        scenario = scenario_of(*changed(one.model, one.inputs, one.changes))
        told.append(effects_of(one, Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=2)))))
    assert told[1]["changes"][0].startswith("Borgerservice Brovst lukkes")
    assert told[1]["cost"]["paid_hours_per_year"] < told[0]["cost"]["paid_hours_per_year"]
    farther = {one["centre"]: one["extra_km"] for one in told[1]["catchments"]}
    assert [centre for centre, km in farther.items() if km] == ["brovst"]
    assert all(sum(one["shares"].values()) == pytest.approx(1) for one in told[1]["catchments"])
