"""The calendar of a plan: a month is that month of the year, whoever opens is there, and a visit is on its own days."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import (
    Change,
    CloseCentre,
    MoreStaff,
    MoveChannel,
    OpeningHours,
    TravellingTeam,
    agreeing,
    changed,
)
from hovedindgang.planning.service.coming import of_a_year
from hovedindgang.planning.service.costs import paid_minutes
from hovedindgang.planning.service.effects import moves_as_data
from hovedindgang.planning.service.weeks import TRAVEL
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import Employee, Periods, Scenario, Shift
from hovedindgang.planning.tests.test_service import plan
from hovedindgang.servicemodel.document import Channel, Period

JANUARY = dt.date(2007, 1, 1)
SATURDAY, THURSDAY = 5, 3


def run_of(first: dt.date, days: int, *changes: Change) -> Scenario:
    inputs = dataclasses.replace(plan().inputs, first_day=first, days=days)
    return scenario_of(*changed(plan().model, inputs, changes))


@cache
def year(first: dt.date, days: int) -> Scenario:
    return run_of(first, days)


def expected(scenario: Scenario, on: dt.date, service: str = "", channel: str = "") -> float:
    day = (on - scenario.first_day).days
    return sum(
        flow.arrivals.per_day.on(day, on.weekday())
        for flow in scenario.flows.values()
        if flow.arrivals and service in ("", flow.service) and channel in ("", flow.channel)
    )


def hours_of(scenario: Scenario, place: str, on: dt.date) -> Periods:
    day = (on - scenario.first_day).days
    return next(one.days.on(day, on.weekday()) for one in scenario.openings if one.place == place)


def shifts_of(scenario: Scenario, key: str, on: dt.date) -> tuple[Shift, ...]:
    one = next(one for one in scenario.employees if one.key == key)
    assert one.week is not None
    return one.week.on((on - scenario.first_day).days, on.weekday())


def team(scenario: Scenario, key: str) -> list[Employee]:
    return [one for one in scenario.employees if one.key.startswith(f"{key}-")]


# ------------------------------------------------------------------------------------------ a month is of its year


@given(st.dates(JANUARY, dt.date(2008, 10, 1)), st.integers(1, 60))
@example(dt.date(2007, 12, 24), 14)  # over New Year
@example(dt.date(2008, 2, 20), 14)  # over the 29th of February
@settings(max_examples=6, deadline=None)
def test_a_short_run_expects_on_each_day_what_the_run_of_the_whole_years_does(first: dt.date, days: int) -> None:
    try:
        short = run_of(first, days)
    except CannotPlan:  # nothing is open in it
        return
    long = year(JANUARY, 365 + 366)
    for day in range(days):
        on = first + dt.timedelta(days=day)
        for service, channel in (("", ""), ("skat-delegeret", "phone"), ("flytning", "in_person"), ("pas", "written")):
            told = expected(short, on, service, channel)
            assert told == pytest.approx(expected(long, on, service, channel), rel=1e-9, abs=1e-12)


def test_a_march_day_has_three_times_the_questions_of_tax_of_a_january_day() -> None:
    january, march = run_of(dt.date(2007, 1, 8), 28), run_of(dt.date(2007, 3, 5), 28)
    tuesdays = dt.date(2007, 1, 16), dt.date(2007, 3, 13)
    asked = [expected(one, on, "skat-delegeret") for one, on in zip((january, march), tuesdays, strict=True)]
    assert asked[1] == pytest.approx(3 * asked[0], rel=0.01)


def test_the_days_between_christmas_and_new_year_have_three_days_comers_and_no_weeks() -> None:
    christmas = run_of(dt.date(2007, 12, 24), 7)
    usual = run_of(dt.date(2007, 12, 3), 7)
    came = [
        sum(expected(one, one.first_day + dt.timedelta(days=day), "", "phone") for day in range(7))
        for one in (christmas, usual)
    ]
    assert came[0] < 0.5 * came[1]


@pytest.mark.parametrize(("first", "days"), [(JANUARY, 365), (dt.date(2008, 1, 1), 366)])
def test_a_whole_year_has_the_published_contacts_leap_year_or_not(first: dt.date, days: int) -> None:
    whole = year(first, days)
    for channel, figure in plan().inputs.demand.contacts_per_year.items():
        came = sum(
            sum(flow.arrivals.per_day)
            for flow in whole.flows.values()
            if flow.arrivals and flow.channel == channel.value
        )
        assert came == pytest.approx(figure.value, rel=1e-9)


def test_a_reform_from_june_has_no_years_contacts_in_the_rest_of_the_year() -> None:
    """What is not valid before the plan begins is taken as valid in the year around it."""
    june = dt.date(2007, 6, 4)
    since = {key: dataclasses.replace(one, valid_from=june) for key, one in plan().model.centres.items()}
    inputs = dataclasses.replace(plan().inputs, first_day=june, days=28)
    of_june, usual = (
        scenario_of(model, inputs) for model in (dataclasses.replace(plan().model, centres=since), plan().model)
    )
    assert sum(expected(of_june, june + dt.timedelta(days=day)) for day in range(28)) == pytest.approx(
        sum(expected(usual, june + dt.timedelta(days=day)) for day in range(28))
    )


def test_how_much_of_a_year_is_simulated_is_what_the_run_expects() -> None:
    inputs = dataclasses.replace(plan().inputs, first_day=dt.date(2007, 3, 5), days=28)
    march = scenario_of(plan().model, inputs)
    for channel in ("phone", "in_person", "written"):
        contacts, share = of_a_year(plan().model, inputs, channel)
        came = sum(expected(march, march.first_day + dt.timedelta(days=day), "", channel) for day in range(28))
        assert contacts * share == pytest.approx(came)


def test_as_many_move_a_year_whether_a_month_of_it_is_simulated_or_all() -> None:
    told = []
    for days in (28, 365):
        inputs = dataclasses.replace(plan().inputs, days=days)
        [one] = moves_as_data(*changed(plan().model, inputs, (MoveChannel(0.3, "phone", "self_service", "flytning"),)))
        told.append(one)
    assert told[0] == told[1]
    assert told[0]["moved_per_year"] > 100


def test_a_week_from_a_wednesday_has_wednesdays_shifts_doors_and_comers_on_its_first_day() -> None:
    week, longer = run_of(dt.date(2007, 3, 7), 7), run_of(dt.date(2007, 3, 7), 8)
    for day in range(7):
        on = week.first_day + dt.timedelta(days=day)
        assert shifts_of(week, "aabybro-1", on) == shifts_of(longer, "aabybro-1", on)
        assert hours_of(week, "aabybro", on) == hours_of(longer, "aabybro", on)
    mass = [prepare(one).network.mass[:, :7] for one in (week, longer)]
    assert np.allclose(*mass)
    assert prepare(week).network.mass[:, 3:5].sum() < prepare(week).network.mass[:, :2].sum()  # the weekend


# ------------------------------------------------------------------------------------------------ a travelling team


def thursdays(scenario: Scenario) -> list[dt.date]:
    days = [scenario.first_day + dt.timedelta(days=day) for day in range(scenario.days)]
    return [on for on in days if on.weekday() == THURSDAY]


def test_a_team_that_comes_every_second_week_opens_the_door_in_its_own_weeks_only() -> None:
    shut, visit = (
        OpeningHours("brovst", THURSDAY),
        TravellingTeam("aabybro", 2, "brovst", THURSDAY, "13:00", "17:00", 2),
    )
    scenario = run_of(JANUARY, 28, shut, visit)
    there = [bool(hours_of(scenario, "brovst", on)) for on in thursdays(scenario)]
    assert sorted(there) == [False, False, True, True]
    assert there[0] != there[1]
    for on, is_open in zip(thursdays(scenario), there, strict=True):
        out = [s.place == "brovst" for s in shifts_of(scenario, "aabybro-1", on)]
        assert any(out) is is_open
    results = Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=3)))
    flows = results.flows_where(lambda key: key.startswith("in_person:") and key.endswith(":brovst"))
    served, lost = results.column(Of.SERVED, flows).sum(), results.column(Of.UNSERVED, flows).sum()
    assert lost < 0.1 * (served + lost)


def test_a_visit_is_beside_the_places_own_hours() -> None:
    pandrup = hours_of(run_of(JANUARY, 28), "pandrup", dt.date(2007, 1, 4))
    within = run_of(JANUARY, 28, TravellingTeam("brovst", 1, "pandrup", THURSDAY, "13:00", "15:00"))
    later = run_of(JANUARY, 28, TravellingTeam("brovst", 1, "pandrup", THURSDAY, "19:00", "20:00"))
    assert hours_of(within, "pandrup", dt.date(2007, 1, 4)) == pandrup == ((600.0, 1020.0),)
    assert hours_of(later, "pandrup", dt.date(2007, 1, 4)) == (*pandrup, (1140.0, 1200.0))
    own = shifts_of(later, "pandrup-1", dt.date(2007, 1, 4))
    assert own == shifts_of(within, "pandrup-1", dt.date(2007, 1, 4))  # they go home when their own door shuts


def test_two_visits_of_a_day_are_both_made_with_the_way_between_them_and_all_of_it_is_paid() -> None:
    morning = TravellingTeam("aabybro", 1, "pandrup", THURSDAY, "09:00", "11:00")
    afternoon = TravellingTeam("aabybro", 1, "brovst", THURSDAY, "13:00", "16:00")
    usual, out = run_of(JANUARY, 28), run_of(JANUARY, 28, morning, afternoon)
    on = dt.date(2007, 1, 11)
    shifts = shifts_of(out, "aabybro-1", on)
    places = [s.place for s in shifts if not s.channels]
    assert places == ["aabybro", "pandrup", "aabybro", "brovst", "aabybro"]
    for one, other in itertools.pairwise(shifts):
        assert one.ends <= other.begins
    road = [s for s in shifts if s.channels == frozenset({TRAVEL})]
    assert [s.ends for s in road] == [540.0, 780.0]
    assert 10 <= road[0].ends - road[0].begins <= 14  # 7 km by the air
    paid = [paid_minutes(one, team(one, "aabybro")[0]) for one in (usual, out)]
    assert paid[1] >= paid[0] - 60 * 4  # nobody loses pay for being on the road


def test_who_is_out_all_day_has_her_lunch_there() -> None:
    out = run_of(JANUARY, 28, TravellingTeam("aabybro", 2, "brovst", THURSDAY, "10:00", "17:00"))
    for key in ("aabybro-1", "aabybro-2"):
        [there] = [s for s in shifts_of(out, key, dt.date(2007, 1, 11)) if s.place == "brovst"]
        [(since, until)] = there.breaks
        assert until - since == 30
        assert 11 * 60 <= since <= 13.5 * 60


def test_more_visits_at_one_time_than_a_team_has_people_are_refused() -> None:
    visits = (
        TravellingTeam("brovst", 2, "pandrup", THURSDAY, "13:00", "15:00"),
        TravellingTeam("brovst", 2, "fjerritslev", THURSDAY, "15:00", "17:00"),  # no time for the way
    )
    with pytest.raises(CannotPlan, match="har ikke folk nok"):
        run_of(JANUARY, 28, *visits)
    with pytest.raises(CannotPlan, match="har ikke folk nok"):
        run_of(JANUARY, 28, TravellingTeam("brovst", 4, "pandrup", THURSDAY, "13:00", "15:00"))
    agreeing(visits)
    run_of(JANUARY, 28, MoreStaff("brovst", 1), *visits)


def test_how_often_a_team_comes_is_said() -> None:
    visit = TravellingTeam("brovst", 1, "pandrup", THURSDAY, "13:00", "15:00", 2)
    assert "hver 2. uge" in visit.words(plan().model)


# -------------------------------------------------------------------------------------------------- weekends, splits


@cache
def saturdays() -> Scenario:
    return run_of(JANUARY, 364, OpeningHours("aabybro", SATURDAY, "09:00", "13:00"))


def test_who_opens_on_saturdays_has_somebody_there_and_people_come() -> None:
    usual, scenario, on = year(JANUARY, 364), saturdays(), dt.date(2007, 1, 13)
    there = [key for key in (one.key for one in team(scenario, "aabybro")) if shifts_of(scenario, key, on)]
    assert len(there) in (2, 3)  # of five, by turns
    turns = [
        {e.key for e in team(scenario, "aabybro") if shifts_of(scenario, e.key, on + dt.timedelta(weeks=w))}
        for w in (0, 1)
    ]
    assert turns[0] | turns[1] == {one.key for one in team(scenario, "aabybro")}
    assert not turns[0] & turns[1]
    assert all(s.begins <= 540 and s.ends >= 780 for key in there for s in shifts_of(scenario, key, on))
    assert expected(scenario, on, "", "in_person") > 5
    total = [
        sum(expected(one, JANUARY + dt.timedelta(days=day), "", "in_person") for day in range(364))
        for one in (usual, scenario)
    ]
    assert total[1] == pytest.approx(total[0], rel=1e-6)  # they come on Saturdays instead of on other days


def test_a_saturday_is_paid_with_time_off_in_the_same_week() -> None:
    paid = [sum(paid_minutes(one, e) for e in team(one, "aabybro")) for one in (year(JANUARY, 364), saturdays())]
    assert paid[1] == pytest.approx(paid[0], rel=0.03)


def test_those_who_come_on_a_saturday_are_served() -> None:
    scenario = run_of(JANUARY, 28, OpeningHours("aabybro", SATURDAY, "09:00", "13:00"))
    results = Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=3)))
    group = results.prepared.groups.index(("in_person", "aabybro"))
    hours = np.array([tally.by_hour[group] for tally in results.tallies])[:, 24 * SATURDAY : 24 * SATURDAY + 24]
    assert hours[:, :, 0].sum() > 60
    assert hours[:, :, 1].sum() > 0.8 * hours[:, :, 0].sum()


def split() -> Scenario:
    centre, clock = plan().model.centres["pandrup"], dt.time.fromisoformat
    twice = (Period(clock("09:00"), clock("12:00")), Period(clock("16:00"), clock("18:00")))
    hours = {**centre.hours, Channel.IN_PERSON: dict.fromkeys(range(5), twice)}
    centres = {**plan().model.centres, "pandrup": dataclasses.replace(centre, hours=hours)}
    model = dataclasses.replace(plan().model, centres=centres)
    return scenario_of(model, dataclasses.replace(plan().inputs, first_day=JANUARY, days=28))


def test_a_policy_that_opens_twice_a_day_is_shut_between_and_has_somebody_there_both_times() -> None:
    scenario, on = split(), dt.date(2007, 1, 9)
    assert hours_of(scenario, "pandrup", on) == ((540.0, 720.0), (960.0, 1080.0))
    for one in team(scenario, "pandrup"):
        work = shifts_of(scenario, one.key, on)
        for at in (540, 700, 960, 1075):
            assert any(s.begins <= at < s.ends for s in work), (one.key, at)
    flow = next(f for key, f in scenario.flows.items() if key.endswith(":pandrup"))
    assert flow.arrivals is not None
    shape = flow.arrivals.shape.on(8, 1)
    assert sum(shape[48:64]) == 0  # from noon to four
    assert sum(shape[64:72]) > 0.1  # though the model knows nobody after six


def test_a_place_that_is_shut_but_for_visits_is_nobodys_contradiction() -> None:
    with pytest.raises(CannotPlan, match="modsiger"):
        agreeing((TravellingTeam("brovst", 1, "pandrup", 3, "13:00", "15:00"), CloseCentre("pandrup")))
    agreeing((CloseCentre("pandrup", "aabybro"), TravellingTeam("brovst", 1, "pandrup", 3, "13:00", "15:00")))
