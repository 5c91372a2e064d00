"""Opening hours: what a change does to whom, and that the best hours are the best."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.hours.choosing import Chosen, alike, best_hours, spans_of, value_of
from hovedindgang.planning.hours.document import Choice, Group, Hours, Question, Supplement
from hovedindgang.planning.hours.reaching import changes, cost_kr, share_reached
from hovedindgang.planning.problems import CannotPlan

WORKERS = Group("work", "I arbejde", {"north": 100, "south": 50}, {(0, 960): 0.75, (1, 960): 0.25}, "invented")
PENSIONERS = Group("pension", "Pensionister", {"north": 40, "south": 80}, {(0, 600): 0.5, (1, 660): 0.5}, "invented")


def question(**more: object) -> Question:
    usual = Question(
        title="Øvelse",
        step_minutes=60,
        centres={"north": "Nord", "south": "Syd"},
        hours={"north": {0: ((600, 900),), 1: ((600, 900),)}, "south": {0: ((600, 1020),)}},
        groups=(WORKERS, PENSIONERS),
        staff={"north": 2, "south": 1},
        hour_kr=100,
        choice=Choice(1500, frozenset({0, 1}), 540, 1020, shortest_minutes=180),
    )
    return dataclasses.replace(usual, **more)  # type: ignore[arg-type]


def test_whoever_can_only_come_after_four_gains_by_an_hour_more_and_nobody_else() -> None:
    asked = question()
    after: Hours = {**asked.hours, "north": {0: ((600, 1020),), 1: ((600, 900),)}}
    told = {(one.group, one.centre): (one.gain, one.lose) for one in changes(asked, asked.hours, after)}
    assert told == {
        ("work", "north"): (75, 0),
        ("work", "south"): (0, 0),
        ("pension", "north"): (0, 0),
        ("pension", "south"): (0, 0),
    }


def test_a_day_that_moves_takes_from_some_and_gives_to_others() -> None:
    asked = question()
    after: Hours = {**asked.hours, "south": {1: ((600, 1020),)}}
    told = {one.group: (one.gain, one.lose) for one in changes(asked, asked.hours, after) if one.centre == "south"}
    assert told == {"work": (12.5, 37.5), "pension": (40, 40)}


def test_half_an_hour_open_reaches_half_of_those_who_need_that_hour() -> None:
    asked = question()
    assert share_reached(asked, {"north": {0: ((600, 990),)}}, WORKERS, "north") == pytest.approx(0.375)


def test_an_evening_hour_costs_its_supplement() -> None:
    asked = question(supplements=(Supplement(frozenset({0}), 960, 1440, 50, "invented"),))
    assert cost_kr(asked, {"south": {0: ((900, 1020),)}}) == pytest.approx(100 * (1 + 1.5))


def every_choice(asked: Question) -> list[float]:
    """The value of each week that keeps the budget, by trying all of them."""
    choice = asked.choice
    assert choice is not None
    spans: list[tuple[tuple[int, int], ...]] = [(), *(((span),) for span in spans_of(asked, choice))]
    keys = [(centre, day) for centre in asked.centres for day in sorted(choice.weekdays)]
    kr = [[(cost_kr(asked, {centre: {day: one}}), one) for one in spans] for centre, day in keys]
    found = []
    for chosen in _affordable(kr, choice.budget_kr):
        hours: dict[str, dict[int, tuple[tuple[int, int], ...]]] = {centre: {} for centre in asked.centres}
        for (centre, day), one in zip(keys, chosen, strict=True):
            hours[centre][day] = one
        found.append(value_of(asked, choice, hours))
    return found


def _affordable(kr: list[list[tuple[float, Any]]], budget: float, spent: float = 0.0) -> Iterator[tuple[Any, ...]]:
    """One of each list, in every way that costs no more: most do, and are not looked at further."""
    if not kr:
        yield ()
        return
    for cost, one in kr[0]:
        if spent + cost <= budget:
            yield from ((one, *rest) for rest in _affordable(kr[1:], budget, spent + cost))


@settings(max_examples=5, deadline=None)
@given(
    budget=st.integers(400, 2000),
    fairness=st.sampled_from([0.0, 0.4, 1.0]),
    weights=st.lists(st.integers(1, 9), min_size=4, max_size=4),
)
def test_no_week_that_keeps_the_budget_reaches_more(budget: int, fairness: float, weights: list[int]) -> None:
    total = sum(weights)
    need = {
        (day, start): w / total
        for (day, start), w in zip([(0, 600), (0, 780), (1, 660), (1, 900)], weights, strict=True)
    }
    asked = question(
        groups=(WORKERS, dataclasses.replace(PENSIONERS, need=need)),
        choice=Choice(budget, frozenset({0, 1}), 600, 1020, shortest_minutes=180, fairness=fairness),
    )
    best = best_hours(asked, count=1)[0]
    assert best.proved
    assert best.value == pytest.approx(max(every_choice(asked)), abs=1e-9)


def test_the_next_best_come_in_order_and_none_twice() -> None:
    found = best_hours(question(), count=6)
    values = [one.value for one in found]
    assert len(found) == 6
    assert values == sorted(values, reverse=True)
    assert len({repr(one.hours) for one in found}) == 6


def test_the_next_best_are_the_next_of_all_there_are() -> None:
    choice = Choice(1500, frozenset({0, 1}), 540, 900, shortest_minutes=180)
    asked = question(choice=choice)
    assert alike(asked, choice) == [(0,), (1,)]
    found: list[Chosen] = best_hours(asked, count=5)
    assert [one.value for one in found] == pytest.approx(sorted(every_choice(asked), reverse=True)[:5])


def test_days_that_everybody_needs_alike_are_one_kind_of_day() -> None:
    need = {(day, 600): 0.25 for day in range(4)}
    asked = question(groups=(dataclasses.replace(WORKERS, need=need),))
    assert alike(asked, Choice(1, frozenset(range(5)), 540, 900)) == [(0, 1, 2, 3), (4,)]


def test_too_little_money_for_what_is_asked_is_said() -> None:
    with pytest.raises(CannotPlan, match="100"):
        best_hours(question(choice=Choice(100, frozenset({0, 1}), 540, 1020, 180, least_days=2)))


@pytest.mark.parametrize(
    ("choice", "says", "where"),
    [
        (
            Choice(10**6, frozenset({0, 1}), 540, 1020, shortest_minutes=14 * 60),
            "ikke plads til 14,0 timer",
            "shortest",
        ),
        (
            Choice(10**6, frozenset({0, 1}), 540, 1020, 180, least_days=3),
            "Der kan vælges 2 ugedage, og der k",
            "least_d",
        ),
        (Choice(10**6, frozenset({0, 1}), 540, 960, 180, least_late_days=1), "1 dage skal være åbne til 17:00", "late"),
        (Choice(100, frozenset({0, 1}), 540, 1020, 180, least_days=2), "koster mindst", "budget_kr"),
    ],
)
def test_it_is_not_called_the_budget_where_the_day_is_too_short(choice: Choice, says: str, where: str) -> None:
    with pytest.raises(CannotPlan) as told:
        best_hours(question(choice=choice))
    assert says in str(told.value)
    assert where in told.value.where[0]
    assert ("budget" in told.value.cure) == (where == "budget_kr")


def test_the_cheapest_that_is_named_is_enough() -> None:
    choice = Choice(100, frozenset({0, 1}), 540, 1020, 180, least_days=2)
    with pytest.raises(CannotPlan, match="koster mindst") as told:
        best_hours(question(choice=choice))
    least = int(str(told.value).split("mindst ")[1].split(" kr.")[0].replace(".", ""))
    assert best_hours(question(choice=dataclasses.replace(choice, budget_kr=least)))[0].cost_kr == least
    with pytest.raises(CannotPlan):
        best_hours(question(choice=dataclasses.replace(choice, budget_kr=least - 1)))
