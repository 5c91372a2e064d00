"""Training plans: goals reached in time and as cheaply as can be, counters staffed, and dates that cannot hold told."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.commands import said_wrong
from hovedindgang.planning.courses.building import build
from hovedindgang.planning.courses.checking import broken_rules, price_kr
from hovedindgang.planning.courses.document import Centre, Course, Enrolment, Goal, Learner, Plan, Training, known_in
from hovedindgang.planning.courses.reading import adopted_goals, carried, read_training
from hovedindgang.planning.courses.solving import DatesCannotHold, plan_courses
from hovedindgang.planning.courses.starting import first_plan
from hovedindgang.planning.courses.words import curve, matrix
from hovedindgang.planning.integer_relaxed import _Whole
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.loading import load

MONDAY = dt.date(2007, 1, 1)
ROOT = Path(__file__).resolve().parents[5]


def training(**more: Any) -> Training:
    usual = {
        "title": "Øvelse",
        "starts_on": MONDAY,
        "weeks": 5,
        "services": ("pas", "pension"),
        "goals": (Goal("all", 100, MONDAY + dt.timedelta(weeks=5, days=-1)),),
        "courses": {
            "pas": Course("pas", "Pas", frozenset({"pas"}), 1, capacity=2, price_kr=1000),
            "pension": Course("pension", "Pension", frozenset({"pension"}), 2, weeks=2, price_kr=500),
        },
        "learners": (
            Learner("alice", "Alice", "north", frozenset({"pas"})),
            Learner("bob", "Bob", "north"),
        ),
        "centres": {"north": Centre("north", "Nord", 1)},
        "day_kr": 100.0,
        "delay_kr": 30.0,
    }
    return Training(**{**usual, **more})


def plan(*enrolments: tuple[str, str, int]) -> Plan:
    return Plan(tuple(Enrolment(*one) for one in enrolments), 0.0, 0.0, "proved", 0.0, 1)


def cheapest_by_trying_all(asked: Training) -> float:
    keys = [
        (who.key, course)
        for who in asked.learners
        for course in asked.courses
        if asked.useful(who, asked.courses[course])
    ]
    prices = []
    for weeks in itertools.product([None, *range(asked.weeks)], repeat=len(keys)):
        tried = plan(
            *((who, course, week) for (who, course), week in zip(keys, weeks, strict=True) if week is not None)
        )
        if not broken_rules(asked, tried):
            prices.append(price_kr(asked, tried))
    return min(prices, default=float("inf"))


def relaxed_kr(asked: Training) -> float:
    """The price below which the relaxation says that there is nothing; infinite where it sees that there is none."""
    built = build(asked)
    found = _Whole(built.program.as_data()).bounded()
    return (found.fun + built.floor_ore) / 100 if found.status == 0 else float("inf")


@settings(max_examples=4, deadline=None)
@given(
    absent=st.integers(1, 2),
    least=st.integers(0, 1),
    capacity=st.integers(1, 2),
    beside=st.booleans(),
    delay=st.sampled_from([0.0, 40.0]),
)
def test_no_plan_that_anybody_could_write_is_cheaper(
    absent: int, least: int, capacity: int, beside: bool, delay: float
) -> None:
    asked = training(
        centres={"north": Centre("north", "Nord", absent, least)},
        courses={
            "pas": Course("pas", "Pas", frozenset({"pas"}), 1, price_kr=0 if beside else 1000, side_by_side=beside),
            "pension": Course(
                "pension", "Pension", frozenset({"pension"}), 2, weeks=2, capacity=capacity, price_kr=500
            ),
        },
        delay_kr=delay,
    )
    cheapest = cheapest_by_trying_all(asked)
    assert relaxed_kr(asked) <= cheapest + 0.01
    if cheapest == float("inf"):
        with pytest.raises(DatesCannotHold):
            plan_courses(asked, seconds=10)
        return
    found = plan_courses(asked, seconds=10, gap=0)
    assert found.ended == "proved"
    assert broken_rules(asked, found) == []
    assert found.price_kr == pytest.approx(cheapest)


@pytest.mark.parametrize(("away", "held"), [(1, 4), (2, 2), (4, 1)])
def test_the_bound_knows_that_a_course_is_held_as_often_as_the_counter_can_spare_people(away: int, held: int) -> None:
    """Four are to learn it and eight have room in it: what the course costs goes by who may be away."""
    asked = training(
        weeks=20,
        services=("pas",),
        goals=(Goal("all", 100, MONDAY + dt.timedelta(weeks=20, days=-1)),),
        courses={"pas": Course("pas", "Pas", frozenset({"pas"}), 0, capacity=8, price_kr=1000)},
        learners=tuple(Learner(name, name, "north") for name in ("alice", "bob", "carol", "dave")),
        centres={"north": Centre("north", "Nord", away)},
        delay_kr=0.0,
    )
    assert relaxed_kr(asked) == pytest.approx(1000 * held)


@pytest.mark.parametrize(
    ("kind", "enrolments", "more"),
    [
        ("goal", [("alice", "pension", 0)], {}),
        ("once", [("bob", "pension", 0), ("bob", "pas", 1)], {}),
        ("absent", [("alice", "pension", 0), ("bob", "pas", 1)], {}),
        ("sessions", [("alice", "pension", 0), ("bob", "pension", 0)], {}),
        ("competent", [("alice", "pension", 0)], {"centres": {"north": Centre("north", "Nord", 2, 1)}}),
        ("start", [("bob", "pas", 1)], {"closed": frozenset({1})}),
    ],
)
def test_the_checker_sees_the_rule_that_a_plan_breaks(
    kind: str, enrolments: list[tuple[str, str, int]], more: dict[str, Any]
) -> None:
    assert kind in {rule.kind for rule in broken_rules(training(**more), plan(*enrolments))}


@settings(max_examples=25, deadline=None)
@given(
    absent=st.integers(1, 2),
    least=st.integers(0, 2),
    capacity=st.integers(1, 2),
    beside=st.booleans(),
    closed=st.sets(st.integers(0, 9), max_size=3),
    seed=st.integers(0, 9),
)
def test_a_plan_drawn_by_lot_holds_every_rule_or_is_not_given(
    absent: int, least: int, capacity: int, beside: bool, closed: set[int], seed: int
) -> None:
    courses = {
        "pas": Course("pas", "Pas", frozenset({"pas"}), 1, price_kr=0 if beside else 900, side_by_side=beside),
        "pension": Course("pension", "Pension", frozenset({"pension"}), 2, 2, 1, capacity, 500, after=("pas",)),
    }
    asked = training(
        weeks=30,
        goals=(Goal("all", 100, MONDAY + dt.timedelta(weeks=30, days=-1)),),
        courses=courses,
        learners=(*training().learners, Learner("carol", "Carol", "north", frozenset({"pension"}), frozenset({3, 4}))),
        centres={"north": Centre("north", "Nord", absent, least)},
        closed=frozenset(closed),
    )
    drawn = first_plan(asked, seed=seed, turns=5)
    assert drawn is None or broken_rules(asked, drawn) == []
    assert drawn == first_plan(asked, seed=seed, turns=5)
    assert drawn is not None or least
    if drawn is not None:
        built = build(asked)
        chosen = built.chosen(drawn.enrolments)
        values = tuple(chosen.get(index, 0) for index in range(len(built.program.lower)))
        assert built.enrolments(asked, values) == drawn.enrolments


def test_nobody_learns_at_the_counter_beside_a_colleague_who_does_not_know_it() -> None:
    beside = {"pas": Course("pas", "Pas", frozenset({"pas"}), 1, side_by_side=True)}
    asked = training(courses=beside, services=("pas",))
    assert "mentor" not in {rule.kind for rule in broken_rules(asked, plan(("bob", "pas", 0)))}
    alone = dataclasses.replace(asked, learners=asked.learners[1:])
    assert "mentor" in {rule.kind for rule in broken_rules(alone, plan(("bob", "pas", 0)))}


def test_dates_that_cannot_hold_are_told_with_the_reasons_and_the_earliest_date() -> None:
    asked = training(weeks=12, goals=(Goal("all", 100, MONDAY + dt.timedelta(weeks=3, days=-1)),))
    with pytest.raises(DatesCannotHold) as told:
        plan_courses(asked, seconds=10)
    # Two weeks for Alice's course, two for Bob's, one for his other: one away at a time, so five weeks.
    assert told.value.earliest == {"all": (MONDAY + dt.timedelta(weeks=5), True)}
    assert any("Bob" in line for line in told.value.core)
    data = said_wrong(told.value)
    assert set(data) == {"problem", "cure", "where", "collide", "earliest"}
    assert data["where"]


def test_the_date_that_is_told_can_be_held_and_the_week_before_cannot() -> None:
    on = MONDAY + dt.timedelta(weeks=5)
    assert plan_courses(training(weeks=12, goals=(Goal("all", 100, on - dt.timedelta(1)),)), seconds=10).enrolments
    with pytest.raises(DatesCannotHold):
        plan_courses(training(weeks=12, goals=(Goal("all", 100, on - dt.timedelta(8)),)), seconds=10)


@pytest.mark.parametrize("day", range(21))
def test_a_goal_by_a_thursday_is_not_reached_by_what_is_learned_on_friday(day: int) -> None:
    """Weeks end on Fridays: what is known on a Monday was learned by then."""
    asked, by = training(), MONDAY + dt.timedelta(days=day)
    last = asked.last_week(Goal("all", 100, by))
    friday_before, friday_after = (asked.monday(week) - dt.timedelta(days=3) for week in (last, last + 1))
    assert friday_before <= by < friday_after


def test_what_was_learned_counts_when_the_learning_is_over() -> None:
    asked = training(courses={"pas": Course("pas", "Pas", frozenset({"pas"}), 1, learning_weeks=2)})
    found = plan(("bob", "pas", 1))
    assert [known_in(asked, found, week)["bob"] for week in (3, 4)] == [frozenset(), frozenset({"pas"})]
    assert matrix(asked, found)[-1] == {"employee": "bob", "from": "2007-01-29", "generalist_in": ["pas"]}
    assert curve(asked, found)[-1]["mean_percent"] == 50.0


def test_half_of_seven_services_is_four() -> None:
    assert Goal("half", 50, MONDAY).services(7) == 4


def test_the_adopted_goals_of_jammerbugt_are_half_in_2007_and_all_in_2009() -> None:
    model = load(ROOT / "models" / "jammerbugt-2006.toml")
    assert [(goal.share_percent, goal.by) for goal in adopted_goals(model)] == [
        (50, dt.date(2007, 12, 31)),
        (100, dt.date(2009, 12, 31)),
    ]
    assert "pas-ansoegning" in carried(model, dt.date(2007, 1, 1))
    assert "byggetilladelse" not in carried(model, dt.date(2007, 1, 1))


def test_the_staircase_has_a_step_for_each_week_and_falls_nowhere() -> None:
    built = build(training())
    assert sum(1 for who, course, _week in built.begun if (who, course) == ("bob", "pas")) == 5


def test_a_goal_that_no_course_leads_to_is_said_before_anything_is_planned(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(
        'starts_on = 2007-01-01\nthrough = 2007-12-31\nservices = ["pas", "pension"]\n'
        "[goals.all]\nshare_percent = 100\nby = 2007-12-31\n"
        '[centres.north]\nname = "Nord"\n[courses.pas]\nteaches = ["pas"]\ndays = 1\n'
        '[employees.bob]\ncentre = "north"\n',
        encoding="utf-8",
    )
    with pytest.raises(CannotPlan) as told:
        read_training(file)
    assert "pension" in told.value.cure
