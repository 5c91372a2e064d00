"""Hour by hour of the week: who is at work and how busy, and what becomes of those who come then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hovedindgang.planning.commands.by_hour import by_hour_in_words
from hovedindgang.planning.simulation.by_hour import FEW, of_all
from hovedindgang.planning.simulation.network import Came, Hour, Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import tallies
from hovedindgang.planning.simulation.scenario import Employee, Flow, Line, Outcome, Scenario, Shift
from hovedindgang.planning.simulation.summary import summary
from hovedindgang.planning.tests.small import at, evenly, every_day, minutes, scenario
from hovedindgang.planning.tests.test_warm_up import town
from hovedindgang.servicemodel.language import speaking


def results_of(of: Scenario, number: int = 2, *, jit: bool = True) -> Results:
    return Results(prepare(of), 1, tuple(tallies(of, seed=1, replications=number, jit=jit)))


def desk(*shifts: Shift, flows: list[Flow] | None = None, days: int = 7) -> Scenario:
    """One employee at one place."""
    flows = flows or [Flow("ask", "desk", evenly(2, at(10)), minutes(15), line="ask")]
    alice = Employee("alice", {"ask": "generalist"}, week=every_day(*shifts), place="aabybro")
    return scenario(flows, [alice], [Line("ask", "desk", "aabybro")], days=days)


def rows(told: list[dict[str, object]], day: str = "tuesday") -> dict[object, dict[str, object]]:
    return {row["hour"]: row for row in told if row["day"] == day}


def test_who_comes_at_half_past_eight_and_has_lunch_from_twelve_is_there_half_an_hour_of_each() -> None:
    shift = Shift(510, 900, "aabybro", breaks=((720, 750),))
    there = rows(of_all(results_of(desk(shift)))["hours_by_place"]["aabybro"])
    told = {hour: row["at_work"]["value"] for hour, row in there.items()}  # type: ignore[index]
    assert told == pytest.approx({8: 0.5, 9: 1, 10: 1, 11: 1, 12: 0.5, 13: 1, 14: 1})


def test_two_who_come_at_ten_and_take_a_quarter_of_an_hour_each_make_half_an_hour_of_work() -> None:
    told = rows(of_all(results_of(desk(Shift(480, 900, "aabybro"))))["hours"])
    assert told[10]["occupancy_percent"]["value"] == pytest.approx(50)  # type: ignore[index]
    assert told[9]["occupancy_percent"]["value"] == 0  # type: ignore[index]
    assert 16 not in told


def test_who_is_moved_to_another_place_at_noon_is_counted_where_she_is() -> None:
    there = of_all(results_of(desk(Shift(480, 720, "aabybro"), Shift(720, 900, "brovst"))))["hours_by_place"]
    assert set(rows(there["aabybro"])) == {8, 9, 10, 11}
    assert set(rows(there["brovst"])) == {12, 13, 14}


def test_who_is_always_there_is_there_in_each_hour_of_the_week() -> None:
    always = replace(desk(), employees=(Employee("alice", {"ask": "generalist"}, place="aabybro"),))
    there = of_all(results_of(always))["hours_by_place"]["aabybro"]
    assert [row["at_work"]["value"] for row in there] == pytest.approx([1.0] * 168)


def test_of_few_it_is_said_that_they_are_few_and_no_share_is_told() -> None:
    shift = Shift(480, 900, "aabybro")
    few, many = (of_all(results_of(desk(shift, days=days), 3))["hours"] for days in (7, 7 * (FEW // 6 + 1)))
    assert rows(few)[10]["resolved_in_house_percent"] is None
    assert "resolved_in_house_percent" in rows(few)[10]["too_few"]  # type: ignore[operator]
    assert rows(many)[10]["resolved_in_house_percent"]["value"] == 100  # type: ignore[index]
    assert rows(many)[10]["too_few"] == []
    with speaking("en"):
        words = "\n".join(by_hour_in_words(few))
    assert "tuesday 10" in words.lower()
    assert "few" in words


def test_a_matter_is_counted_in_the_hour_in_which_the_citizen_first_came_with_it() -> None:
    """She comes at ten, must come again, and is helped at one."""
    again = Outcome(Came.COMES_BACK, 1.0, to="later", after=minutes(180))
    flows = [
        Flow("ask", "desk", evenly(2, at(10)), minutes(5), line="ask", outcomes=(again,)),
        Flow("later", "desk", None, minutes(5), line="ask"),
    ]
    found = results_of(desk(Shift(480, 900, "aabybro"), flows=flows, days=70), 2)
    told = rows(of_all(found)["hours"])
    assert told[10]["resolved_in_house_percent"]["value"] == 100  # type: ignore[index]
    assert told[10]["first_contact_resolution_percent"]["value"] == 0  # type: ignore[index]
    assert told[13]["resolved_in_house_percent"] is None
    assert told[13]["too_few"] == []


def test_the_hours_of_a_town_add_up_to_its_week() -> None:
    found = results_of(town(2), 2)
    groups, network = found.prepared.groups, found.prepared.network
    for tally in found.tallies:
        for group in range(len(groups)):
            flows = network.group_of == group
            for of, hour in (
                (Of.KEPT, Hour.KEPT),
                (Of.BROKEN, Hour.BROKEN),
                (Of.MATTERS, Hour.MATTERS),
                (Of.IN_HOUSE, Hour.IN_HOUSE),
                (Of.AT_ONCE, Hour.AT_ONCE),
                (Of.HANDLED, Hour.BUSY),
            ):
                told = tally.by_hour[group, :, hour].sum()
                # Work that is not ended when the time is up is the employee's, and not yet the flow's.
                assert told == pytest.approx(
                    tally.by_flow[flows, of].sum(), rel=1e-5, abs=30 if of == Of.HANDLED else 0.01
                )
        assert tally.duty_at.sum() == pytest.approx(tally.duty.sum(), rel=1e-5)
        assert tally.busy_at.sum() == pytest.approx(tally.busy.sum(), rel=1e-5)
        assert (tally.busy_at <= tally.duty_at + 0.01).all()
        assert 0 < tally.by_flow[:, Of.AT_ONCE].sum() < tally.by_flow[:, Of.IN_HOUSE].sum()
        assert tally.by_flow[:, Of.IN_HOUSE].sum() < tally.by_flow[:, Of.MATTERS].sum()


def test_reference_and_engine_count_the_same_in_each_hour() -> None:
    one, other = (results_of(town(1, days=1), 1, jit=jit).tallies[0] for jit in (True, False))
    for name in ("by_hour", "busy_at", "duty_at"):
        assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-6, atol=1e-6)


def test_hours_are_told_to_who_asks_for_them() -> None:
    found = results_of(town(2), 2)
    assert "hours" not in summary(found, each_flow=False)
    told = summary(found, hours=True, each_flow=False)
    assert {row["day"] for row in told["hours"]} >= {"monday", "friday"}
    assert set(told["hours_by_place"]) >= {"aabybro", "pandrup"}
    departments = [row for row in told["queues"] if row["channel"] == "department"]
    assert all("answered_by_the_day_percent" in hour for one in departments for hour in one["hours"])
