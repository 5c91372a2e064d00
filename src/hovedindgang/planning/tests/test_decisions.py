"""What a council pays for and who does it: paid hours, places that are kept, competence by a day, and the words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.planning.documents import toml_of
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import (
    Change,
    CloseCentre,
    Generalists,
    MoreStaff,
    NewPlace,
    OpeningHours,
    TravellingTeam,
    changed,
)
from hovedindgang.planning.service.costs import Cost, cost_as_data, cost_of, kept_places, price_of
from hovedindgang.planning.service.effects import effects_of
from hovedindgang.planning.service.inputs import FIXED_KR
from hovedindgang.planning.service.reading import Plan, read_inputs
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, Employee
from hovedindgang.planning.tests.towns import JAMMERBUGT, jammerbugt
from hovedindgang.servicemodel.document import CentreKind, Channel, Sourced
from hovedindgang.servicemodel.language import speaking

BLOKHUS = NewPlace("blokhus", "Blokhus", 57.25, 9.58, 1500, (1, 3), "10:00", "14:00", 1)
VISITED = NewPlace("blokhus", "Blokhus", 57.25, 9.58, 1500, (1, 3), "10:00", "14:00", 0)


@cache
def plan() -> Plan:
    """Jammerbugt's, of two weeks in spring without a holiday."""
    return jammerbugt(days=14, first_day=dt.date(2007, 3, 5))


@cache
def costs(*changes: Change) -> Cost:
    model, inputs = changed(plan().model, plan().inputs, changes)
    scenario = scenario_of(model, inputs)
    return cost_of(
        Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=2))), kept_places(model, inputs)
    )


# ---------------------------------------------------------------------------------------------------- what it costs


def test_a_branch_that_takes_a_full_time_employee_away_is_said_to_pay_fewer_hours() -> None:
    """The saving of a branch with one part-time employee is hours, not a bargain; the place itself costs."""
    now, then = costs(), costs(BLOKHUS, MoreStaff("aabybro", -1))
    assert then.wages_kr.value < now.wages_kr.value
    assert then.paid_at["aabybro"] < now.paid_at["aabybro"] - 1500
    assert then.paid_at["blokhus"] == pytest.approx(2 * (4 + 1.5) * 52, rel=0.03)
    assert then.paid_hours - now.paid_hours == pytest.approx(sum(then.paid_at.values()) - sum(now.paid_at.values()))
    assert then.places_kr[0] - now.places_kr[0] == FIXED_KR["branch"].value
    assert then.kr.value == pytest.approx(then.wages_kr.value + then.places_kr[0])


def test_a_place_that_a_team_visits_pays_the_same_hours_and_a_borrowed_room() -> None:
    outings = (TravellingTeam("aabybro", 1, "blokhus", day, "10:00", "14:00") for day in (1, 3))
    now, then = costs(), costs(VISITED, *outings)
    assert then.paid_hours == pytest.approx(now.paid_hours, rel=0.01)
    assert then.places_kr[0] - now.places_kr[0] == FIXED_KR["mobile"].value


def test_three_closed_counters_are_saved_as_rooms_and_not_as_wages() -> None:
    towns = ("fjerritslev", "brovst", "pandrup")
    now, then = costs(), costs(*(CloseCentre(town, "aabybro") for town in towns))
    assert then.paid_hours == pytest.approx(now.paid_hours, rel=0.01)
    assert now.places_kr[0] - then.places_kr[0] == 3 * FIXED_KR["centre"].value
    assert now.places_kr[1] < now.places_kr[0] < now.places_kr[2], "nobody knows it exactly"


def test_a_shut_door_behind_which_a_team_still_works_saves_no_room() -> None:
    kept = {
        one.centre: one.kind for one in kept_places(*changed(plan().model, plan().inputs, (CloseCentre("brovst"),)))
    }
    assert kept["brovst"] is CentreKind.CENTRE


def test_what_a_place_costs_may_be_written_for_one_kind_and_says_that_the_rest_is_assumed() -> None:
    document = toml_of(JAMMERBUGT)
    own = {"centre": {"value": 650000, "low": 600000, "high": 700000, "source": "wage"}}
    read = read_inputs(JAMMERBUGT, {**document, "places": {"fixed_kr": own}})
    assert read.places.fixed_kr["centre"].value == 650000
    assert read.places.fixed_kr["branch"] == FIXED_KR["branch"]
    assert "places.fixed_kr.branch" in dict(read.unsure())
    with pytest.raises(CannotPlan, match="kiosk"):
        read_inputs(JAMMERBUGT, {**document, "places": {"fixed_kr": {"kiosk": own["centre"]}}})


# --------------------------------------------------------------------------------------------- who can what, and when


def employees(*changes: Change) -> dict[str, Employee]:
    return {one.key: one for one in scenario_of(*changed(plan().model, plan().inputs, changes)).employees if one.own}


def knows(one: Employee) -> set[str]:
    return {line for line, level in one.levels.items() if level == GENERALIST}


def test_two_more_who_can_everything_are_not_taken_for_two_of_the_team() -> None:
    more = employees(MoreStaff("pandrup", 2, 1.0))
    new = [one for key, one in more.items() if key not in employees()]
    assert len(new) == 2
    assert all(knows(one) == set(one.levels) and one.place == "pandrup" for one in new)
    usual = employees(MoreStaff("pandrup", 2))
    assert all(len(knows(usual[key])) < len(usual[key].levels) for key in usual.keys() - employees().keys())


def test_who_learns_by_a_day_knows_as_much_as_before_until_then_and_more_from_it() -> None:
    before, by = employees(), employees(Generalists(0.9, "brovst", "2007-03-12"))
    (later,) = (one for key, one in by.items() if key.startswith("brovst-1@"))
    first = by["brovst-1"]
    assert knows(first) == knows(before["brovst-1"])
    assert knows(later) > knows(first)
    assert first.week is not None
    assert later.week is not None
    assert tuple(a or b for a, b in zip(first.week, later.week, strict=True)) == before["brovst-1"].week
    assert not any(later.week[:7])
    assert not any(first.week[7:])
    assert by.keys() - before.keys() == {f"brovst-{one}@7" for one in (1, 2, 3)}


def test_what_is_learned_by_a_day_costs_no_hour_more() -> None:
    assert costs(Generalists(0.9, "", "2007-03-12")).paid_hours == pytest.approx(costs().paid_hours)


@given(day=st.dates(dt.date(2007, 2, 1), dt.date(2007, 4, 30)), share=st.floats(0, 1))
def test_a_day_outside_the_time_is_from_the_start_or_refused(day: dt.date, share: float) -> None:
    change = Generalists(share, "", day.isoformat())
    if day > dt.date(2007, 3, 18):
        with pytest.raises(CannotPlan, match="efter den tid, der simuleres"):
            change.applied(plan().model, plan().inputs)
        return
    _model, inputs = change.applied(plan().model, plan().inputs)
    assert bool(inputs.staff.learned) is (day > dt.date(2007, 3, 5))


# ------------------------------------------------------------------------------------------------------------- words


def test_changes_are_said_with_the_names_people_know_and_in_their_channel() -> None:
    model = plan().model
    said = {
        OpeningHours("pandrup", 4, channel="phone"): "Telefonen i Borgerservice Pandrup lukkes fredage.",
        OpeningHours("pandrup", 4): "Borgerservice Pandrup lukkes fredage.",
        MoreStaff("pandrup", 2): "2 medarbejdere mere i Borgerservice Pandrup.",
        MoreStaff("pandrup", -1): "1 medarbejder færre i Borgerservice Pandrup.",
        MoreStaff("pandrup", 2, 0.8): "2 medarbejdere mere i Borgerservice Pandrup, generalister i 80 % af opgaverne.",
        Generalists(0.5, "brovst"): "Generalister i mindst 50 % af opgaverne: Borgerservice Brovst.",
        Generalists(0.5, "", "2007-09-01"): "Generalister i mindst 50 % af opgaverne: alle, fra 01.09.2007.",
    }
    assert {change: change.words(model) for change in said} == said
    team = TravellingTeam("brovst", 2, "pandrup", 3, "13:00", "17:00", 2).words(model)
    assert "fra Borgerservice Brovst er i Borgerservice Pandrup" in team
    assert team.endswith("hver 2. uge.")
    with speaking("en"):
        for change in (*said, BLOKHUS, VISITED, TravellingTeam("brovst", 2, "pandrup", 3, "13:00", "17:00", 2)):
            english = change.words(model)
            assert not {"medarbejder", "lukkes", "opgaverne", "uge."} & set(english.split()), english


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="det sted, der lukkes"):
        CloseCentre("pandrup", "pandrup")
    with pytest.raises(ValueError, match="in_person og phone"):
        OpeningHours("pandrup", 4, channel=Channel.WRITTEN.value)
    with pytest.raises(ValueError, match="der går nogen"):
        MoreStaff("pandrup", -1, 0.5)
    with pytest.raises(ValueError, match="ingen dag"):
        Generalists(0.5, by="i sommer")


# ------------------------------------------------------------------------------------ the same cost, whoever tells it


def test_simulate_and_compare_tell_the_same_cost_with_where_each_price_is_from() -> None:
    inputs = dataclasses.replace(plan().inputs, days=7)
    scenario = scenario_of(plan().model, inputs)
    results = Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=3)))
    told = cost_as_data(results, plan().model, inputs)
    beside = effects_of(Plan("", plan().model, inputs, ()), results, (plan().model, inputs))["cost"]
    assert told == beside
    hours, wage = told["paid_hours_per_year"], told["wage"]["kr_per_hour"]
    assert told["wages_kr_per_year"]["value"] == pytest.approx(
        (hours + told["overtime_hours_per_year"]["value"]) * wage
    )
    assert told["kr_per_year"]["value"] == pytest.approx(
        told["wages_kr_per_year"]["value"] + told["places_kr_per_year"]["value"]
    )
    assert told["wage"]["source"].startswith("assumed: ")
    assert {"in_person", "phone", "written", "digital"} <= set(told["contacts"])
    for one in told["contacts"].values():
        price = one["kr_per_contact"]["value"]
        assert one["kr_per_year"]["value"] == pytest.approx(price * one["contacts_per_year"]["value"])
        assert ":" in one["source"]
    total = sum(one["kr_per_year"]["value"] for one in told["contacts"].values())
    assert told["contacts_kr_per_year"]["value"] == pytest.approx(total)
    assert told["contacts_kr_per_year"]["low"] < total < told["contacts_kr_per_year"]["high"]


def test_a_contact_costs_what_the_adopted_model_says_where_it_says_it() -> None:
    priced = dataclasses.replace(
        plan().model, costs_kr={Channel.PHONE: Sourced(33.0, next(iter(plan().model.sources)))}
    )
    assert price_of(priced, "phone").value == 33.0
    assert price_of(priced, "in_person").reference == "KL 2012"
