"""People who have booked a time, and people who are helped to help themselves, in a municipality's own service."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import MoveChannel, changed
from hovedindgang.planning.service.inputs import Appointments, Assisted, Figure, Inputs
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, Distribution, Scenario
from hovedindgang.planning.tests.towns import JAMMERBUGT, jammerbugt
from hovedindgang.servicemodel.document import SourceKind

MAY = dt.date(2007, 5, 7)  # passports: there is something to wait for


@cache
def plan() -> Plan:
    return jammerbugt(days=14)


def known(value: float) -> Figure:
    return Figure(value, SourceKind.MEASURED, "talt")


def built(inputs: Inputs, *changes: MoveChannel) -> Scenario:
    return scenario_of(*changed(plan().model, inputs, changes))


def with_appointments(*services: str) -> Inputs:
    booked = Appointments(dict.fromkeys(services, known(0.5)), known(0.1))
    return dataclasses.replace(plan().inputs, appointments=booked)


def met(scenario: Scenario, key: str) -> float:
    """How many are expected to come: of booked times those who do not stay away."""
    flows = (one.arrivals for at, one in scenario.flows.items() if at.startswith(key) and one.arrivals)
    return sum(sum(one.per_day) * (1 - one.no_show) for one in flows)


def test_a_third_of_those_with_passports_in_aabybro_have_a_time_and_nobody_elsewhere_has() -> None:
    shares = {"pas-ansoegning:aabybro": known(1 / 3)}
    inputs = dataclasses.replace(plan().inputs, appointments=Appointments(shares, known(0.1)))
    before, now = built(plan().inputs), built(inputs)
    there, key = "in_person:pas-ansoegning:aabybro", "appointment:pas-ansoegning:aabybro"
    assert [at for at in now.flows if at.startswith("appointment:")] == [key]
    assert met(now, key) == pytest.approx(met(before, there) / 3)
    assert met(now, there) == pytest.approx(met(before, there) * 2 / 3)


def test_booked_times_lie_evenly_within_the_hours_of_the_door() -> None:
    now = built(with_appointments("flytning"))
    booked = now.flows["appointment:flytning:aabybro"].arrivals
    assert booked is not None
    assert booked.evenly
    door = next(one for one in now.openings if one.place == "aabybro")
    for hours, row in zip(door.days, booked.shape, strict=True):
        for opens, closes in hours:
            assert {round(share, 9) for share in row if share} == {round(15 / (closes - opens), 9)}
            quarters = [at * 15.0 for at, share in enumerate(row) if share]
            assert opens <= quarters[0] <= quarters[-1] < closes


def test_who_has_a_time_waits_less_than_who_just_comes_and_some_stay_away() -> None:
    busy = dataclasses.replace(with_appointments("pas-ansoegning", "flytning", "sundhedskort"), first_day=MAY)
    scenario = built(busy)
    results = Results(prepare(scenario), 1, tuple(tallies(scenario, seed=1, replications=6)))
    booked = results.flows_where(lambda key: key.startswith("appointment:"))
    walk_in = results.flows_where(lambda key: key.startswith("in_person:"))
    assert results.mean_wait(booked).value < 0.8 * results.mean_wait(walk_in).value
    away, came = (results.column(of, booked).sum() for of in (Of.NO_SHOW, Of.ARRIVED))
    assert away / (away + came) == pytest.approx(0.1, abs=0.03)


def test_the_first_of_each_service_is_not_booked_at_the_same_moment() -> None:
    flows = built(with_appointments("pas-ansoegning", "flytning", "sundhedskort")).flows
    firsts = [one.arrivals.first for one in flows.values() if one.channel == "appointment" and one.arrivals]
    assert len(set(firsts)) == len(firsts) > 3


@pytest.mark.parametrize("to", ["appointment", "assisted"])
def test_moving_to_an_appointment_or_to_assistance_loses_nobody(to: str) -> None:
    before, now = built(plan().inputs), built(plan().inputs, MoveChannel(0.4, "in_person", to, "flytning"))
    prepare(now)
    assert met(now, f"{to}:flytning:") == pytest.approx(0.4 * met(before, "in_person:flytning:"))
    assert met(now, "") == pytest.approx(met(before, ""))
    assert ("appointments.no_show" in now.assumed) is (to == "appointment")
    assert ("assisted.takes" in now.assumed) is (to == "assisted")


def test_to_be_assisted_takes_as_many_times_the_counters_minutes_as_the_inputs_say() -> None:
    now = built(dataclasses.replace(plan().inputs, assisted=Assisted({"flytning": known(0.25)}, known(1.3))))

    def takes(key: str) -> float:
        handle = now.flows[key].handle
        assert not isinstance(handle, Distribution)
        return handle[GENERALIST].mean

    assert takes("assisted:flytning:brovst") == pytest.approx(1.3 * takes("in_person:flytning:brovst"))
    assert met(now, "assisted:flytning:") == pytest.approx(met(built(plan().inputs), "in_person:flytning:") / 4)


def test_what_has_no_self_service_is_not_assisted_to_it_unless_it_is_opened() -> None:
    with pytest.raises(CannotPlan, match="fås ikke med hjælp til selvbetjening"):
        built(plan().inputs, MoveChannel(0.4, "in_person", "assisted", "pas-ansoegning"))
    opened = built(plan().inputs, MoveChannel(0.4, "in_person", "assisted", "pas-ansoegning", open_channel=True))
    assert met(opened, "assisted:pas-ansoegning") > 0


def read_with(tmp_path: Path, lines: str) -> Plan:
    text = JAMMERBUGT.read_text(encoding="utf-8").replace("../jammerbugt", str(JAMMERBUGT.parents[1] / "jammerbugt"))
    file = tmp_path / "inputs.toml"
    file.write_text(f"{text}\n{lines}\n", encoding="utf-8")
    return read_plan(file)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[appointments.share]\npas = { value = 0.3, source = "mix" }', "share.pas kendes ikke i modellen"),
        ('[appointments.share]\n"flytning:oslo" = { value = 0.3, source = "mix" }', "kendes ikke i modellen: oslo"),
        ('[appointments.share]\nflytning = { value = 1.3, source = "mix" }', "kan ikke være 1.3"),
        ('[appointments]\nno_show = { value = 0.95, source = "mix" }', "kan ikke være 0.95"),
        ('[assisted]\ntakes = { value = 0, source = "mix" }', "kan ikke være 0"),
    ],
)
def test_what_is_wrong_about_appointments_is_said_with_its_key(tmp_path: Path, lines: str, says: str) -> None:
    with pytest.raises(CannotPlan, match=says):
        read_with(tmp_path, lines)


def test_appointments_are_read_with_their_source(tmp_path: Path) -> None:
    lines = '[appointments]\nno_show = { value = 0.08, source = "behaviour" }\n[appointments.share]\n'
    inputs = read_with(tmp_path, lines + 'flytning = { value = 0.3, source = "mix" }').inputs
    assert inputs.share_apart("appointment", "flytning", "brovst") == 0.3
    assert ("appointments.no_show", 0.08) in [(key, one.value) for key, one in inputs.unsure()]
