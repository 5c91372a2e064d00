"""A queue without end is said to grow, and one that only swells on some days is not."""

from __future__ import annotations

import pytest

from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_some
from hovedindgang.planning.simulation.scenario import (
    Arrivals,
    ByWeekday,
    Employee,
    Flow,
    Line,
    Scenario,
    Shift,
    each_day,
)
from hovedindgang.planning.tests.small import about, every_day, scenario

WEEKDAYS = ByWeekday((((Shift(480, 960),),) * 5) + ((), ()))


def growth(given: Scenario, replications: int = 12, seed: int = 1) -> float | None:
    tallies = run_some(given, seed=seed, replications=range(replications))
    return Results(prepare(given), seed, tuple(tallies)).growth(0)


def letters(a_day: float, *, days: int, people: int = 2) -> Scenario:
    """Each answers 96 in a full day of 8 hours, on weekdays; they come every day of the week."""
    flow = Flow("letters", "letter", Arrivals(each_day(a_day)), about(5), line="letters")
    return scenario(
        [flow],
        [Employee(f"employee {at}", {"letters": "generalist"}, WEEKDAYS) for at in range(people)],
        [Line("letters", "letter")],
        days=days,
    )


@pytest.mark.parametrize("days", [7, 14, 35])
def test_letters_that_pile_up_over_the_weekend_do_not_grow(days: int) -> None:
    assert growth(letters(120, days=days)) is None  # 840 a week of the 960 that can be answered


@pytest.mark.parametrize("days", [14, 35])
def test_more_letters_than_can_be_answered_grow_by_what_is_left_each_day(days: int) -> None:
    assert growth(letters(165, days=days)) == pytest.approx((165 * 7 - 960) / 7, rel=0.25)


def always(per_hour: float, *, days: int) -> Scenario:
    flow = Flow("calls", "phone", Arrivals(each_day(24 * per_hour)), about(5), line="calls")
    return scenario([flow], [Employee("alice", {"calls": "generalist"})], days=days)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_one_who_answers_twelve_an_hour_falls_behind_on_fourteen(days: int) -> None:
    assert growth(always(14, days=days)) == pytest.approx(48, rel=0.4)  # 12 replications


@pytest.mark.parametrize("days", [7, 30])
def test_one_who_is_busy_nine_minutes_in_ten_does_not_fall_behind(days: int) -> None:
    assert growth(always(10.8, days=days)) is None


def test_a_counter_whose_queue_is_sent_home_does_not_grow_from_day_to_day() -> None:
    from hovedindgang.planning.tests.small import open_from

    flow = Flow(
        "calls", "phone", Arrivals(each_day(200.0), each_day((0.0,) * 8 + (1.0,) * 8 + (0.0,) * 8)), about(5), line="c"
    )
    given = scenario(
        [flow], [Employee("alice", {"c": "trainee"}, every_day(Shift(480, 960)))], days=7, openings=(open_from(8, 16),)
    )
    assert growth(given, 3) is None


SEEDS = range(20)


@pytest.mark.parametrize("replications", [1, 2])
def test_one_who_falls_behind_for_a_month_is_seen_to_however_often_it_was_tried(replications: int) -> None:
    given = always(14, days=30)
    seen = [growth(given, replications, seed) for seed in SEEDS]
    assert sum(one is not None for one in seen) >= 19
    known = [one for one in seen if one is not None]
    assert sum(known) / len(known) == pytest.approx(48, rel=0.25)  # 24 hours of two too many


@pytest.mark.parametrize("days", [7, 30])
@pytest.mark.parametrize("replications", [1, 2])
def test_one_who_is_busy_nine_minutes_in_ten_is_seldom_said_to_fall_behind(replications: int, days: int) -> None:
    given = always(10.8, days=days)
    assert sum(growth(given, replications, seed) is not None for seed in SEEDS) <= 1


def test_a_queue_that_grows_in_one_of_two_replications_has_no_mean_wait() -> None:
    """The pairs of two replications prove nothing; the one that grows does by itself."""
    busy, idle = always(16, days=7), always(6, days=7)
    grows, settles = run_some(busy, seed=1, replications=[0]) + run_some(idle, seed=1, replications=[1])
    assert Results(prepare(busy), 1, (grows, settles)).growth(0) == pytest.approx(48, rel=0.4)  # 96, and 0


def test_ten_years_are_long_enough_for_a_week_without_a_sample() -> None:
    flow = Flow("letters", "letter", Arrivals(each_day(0.1)), about(5), line="letters")
    always_there = Employee("employee", {"letters": "generalist"}, None)
    given = scenario([flow], [always_there], [Line("letters", "letter")], days=3660)
    assert growth(given, replications=1) is None
