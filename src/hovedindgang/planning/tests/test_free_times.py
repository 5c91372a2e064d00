"""How many days one waits for a free time: a queue in whole days, beside the simulated days."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from hovedindgang.planning.commands.free_times import free_times_in_words
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import MoveChannel, changed
from hovedindgang.planning.service.free_times import (
    FreeTimes,
    as_data,
    days_until,
    free_times,
    poisson,
    quantile,
    total_and_count,
)
from hovedindgang.planning.service.inputs import Appointments, Inputs
from hovedindgang.planning.service.ranges import ranged
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.tests.test_appointments import known, plan, read_with
from hovedindgang.servicemodel.language import speaking

ASKED = np.random.Generator(np.random.Philox(4))


def one_by_one(asks: list[int], slots: list[int]) -> dict[int, int]:
    """Everybody looks through the calendar herself and takes the first time that is free on a later day."""
    left = [slots[day % len(slots)] for day in range(len(asks) + len(slots) * (sum(asks) + 1))]
    found: dict[int, int] = {}
    for today, number in enumerate(asks):
        for _each in range(number):
            day = next(day for day in range(today + 1, len(left)) if left[day])
            left[day] -= 1
            found[day - today] = found.get(day - today, 0) + 1
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=12),
    st.lists(st.integers(0, 4), min_size=1, max_size=7).filter(any),
)
def test_everybody_gets_the_first_time_that_is_free_after_today(asks: list[int], slots: list[int]) -> None:
    assert days_until(np.array(asks), np.array(slots)) == one_by_one(asks, slots)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_with_one_time_a_day_the_wait_is_that_of_m_d_1(load: float) -> None:
    """Pollaczek and Khinchine: 1 + load / (2 (1 - load)) days, the day of asking not counted."""
    waits = days_until(ASKED.poisson(load, 60_000), np.ones(60_000, np.int64), counted_from=2000)
    days, count = total_and_count(waits)
    assert days / count == pytest.approx(1 + load / (2 * (1 - load)), rel=0.05)


def test_with_several_times_a_day_as_many_wait_as_in_the_chain_solved() -> None:
    """So many lie in the calendar each morning: max(0, before - 5) and those who ask; Little's law gives the days."""
    load, slots, most = 4.4, 5, 150
    who = np.arange(most)
    chances = np.exp(who * np.log(load) - gammaln(who + 1) - load)
    chain = np.zeros((most, most))
    for before in range(most):
        left = max(0, before - slots)
        chain[before, left:] = chances[: most - left]
    held = np.linalg.matrix_power(chain / chain.sum(axis=1, keepdims=True), 4096)[0]
    waits = days_until(ASKED.poisson(load, 40_000), np.full(40_000, slots), counted_from=2000)
    days, count = total_and_count(waits)
    assert days / count == pytest.approx(float(held @ np.arange(most)) / load, rel=0.05)


def test_nine_of_ten_wait_no_longer_than_is_said() -> None:
    assert quantile({1: 80, 2: 9, 3: 1, 30: 10}, 0.9) == 3
    assert quantile({1: 100}, 0.9) == 1


def test_who_asks_is_drawn_by_the_poisson_distribution_and_more_who_ask_are_the_same_and_some_more() -> None:
    uniform, means = ASKED.random(400), np.linspace(0, 60, 400)
    from scipy.stats import poisson as exactly  # heavy, and only this test needs it

    assert poisson(uniform, means).tolist() == exactly.ppf(uniform, means).clip(0).tolist()
    assert (poisson(uniform, 1.2 * means) >= poisson(uniform, means)).all()


MOVED = MoveChannel(0.5, "in_person", "appointment", "pas-ansoegning")


@cache
def simulated() -> tuple[Results, Inputs]:
    model, inputs = changed(plan().model, dataclasses.replace(plan().inputs, days=28), (MOVED,))
    prepared = prepare(scenario_of(model, inputs))
    return Results(prepared, 1, tuple(tallies(prepared.scenario, seed=1, replications=2))), inputs


def found(*, slots: float | None = None, filled: float = 0.9) -> dict[str, FreeTimes]:
    results, inputs = simulated()
    said = Appointments(slots_per_week={} if slots is None else {"aabybro": known(slots)}, filled=known(filled))
    return {one.centre: one for one in free_times(results, dataclasses.replace(inputs, appointments=said))}


def days(one: FreeTimes) -> float:
    assert one.mean_days is not None
    return one.mean_days.value


def test_the_fuller_the_calendar_the_longer_one_waits_and_with_room_enough_one_waits_for_the_next_open_day() -> None:
    full, usual, roomy = (found(filled=share)["aabybro"] for share in (0.98, 0.9, 0.1))
    assert days(full) > days(usual) > days(roomy)
    assert 1 <= days(roomy) < 3


def test_the_times_that_are_said_hold_at_that_centre_alone() -> None:
    said, others = found(slots=10.0), found()
    assert said["aabybro"].slots_per_week == pytest.approx(10, abs=1)  # closing days have none
    assert (said["aabybro"].follows, said["pandrup"].follows) == (False, True)
    assert {key: one for key, one in said.items() if key != "aabybro"} == {
        key: one for key, one in others.items() if key != "aabybro"
    }


def test_where_more_ask_than_there_are_times_the_wait_grows_and_no_mean_is_given() -> None:
    few = found(slots=1.0)["aabybro"]
    assert (few.mean_days, few.p90_days) == (None, None)
    assert few.growth_per_week == pytest.approx(few.asked_per_week - few.slots_per_week)
    with speaking("en"):
        said = free_times_in_words(as_data([few]), {"aabybro": "Aabybro"})
    assert "Aabybro: the wait grows without end" in said[1]


def test_a_plan_without_appointments_says_nothing_of_them() -> None:
    prepared = prepare(scenario_of(plan().model, plan().inputs))
    assert free_times(Results(prepared, 1, ()), plan().inputs) == []


def test_how_many_times_there_are_is_told_with_its_range_and_not_tried_in_vain() -> None:
    inputs: Inputs = dataclasses.replace(plan().inputs, appointments=Appointments())
    assert "appointments.no_show" in [key for key, _one in ranged(inputs)]
    assert not [key for key, _one in ranged(inputs) if key.startswith("appointments.filled")]
    one = dataclasses.replace(found()["aabybro"], ends=(2.0, float("inf")))
    with speaking("en"):
        assert "perhaps 2.0 to no end" in free_times_in_words(as_data([one]), {})[1]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[appointments.slots_per_week]\noslo = { value = 30, source = "mix" }', "kendes ikke i modellen: oslo"),
        ('[appointments.slots_per_week]\naabybro = { value = 0, source = "mix" }', "kan ikke være 0"),
        ('[appointments]\nfilled = { value = 1.2, source = "mix" }', "kan ikke være 1.2"),
    ],
)
def test_times_that_cannot_be_are_said_with_their_key(tmp_path: Path, lines: str, says: str) -> None:
    with pytest.raises(CannotPlan, match=says):
        read_with(tmp_path, lines)


def test_the_times_of_a_centre_are_read_with_their_source(tmp_path: Path) -> None:
    lines = '[appointments.slots_per_week]\naabybro = { value = 40, low = 30, high = 45, source = "mix" }'
    said = read_with(tmp_path, lines).inputs.appointments
    assert said is not None
    assert (said.slots_per_week["aabybro"].value, said.slots_per_week["aabybro"].high) == (40, 45)
