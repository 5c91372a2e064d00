"""Whoever stops a plan gets what was reached, marked as such; and intervals too wide to decide by are said to be."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.planning import channels as moving
from hovedindgang.planning import portfolio as dividing
from hovedindgang.planning.commands import plan as commands
from hovedindgang.planning.commands import simulating
from hovedindgang.planning.commands.hours import hours
from hovedindgang.planning.commands.portfolio import portfolio
from hovedindgang.planning.commands.site import site
from hovedindgang.planning.commands.widths import enough, interval, too_wide
from hovedindgang.planning.courses import solving
from hovedindgang.planning.demand import backtesting
from hovedindgang.planning.hours import choosing
from hovedindgang.planning.integer import Answer
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.simulation import replications
from hovedindgang.planning.simulation.outcome import Estimate
from hovedindgang.planning.siting import sites
from hovedindgang.planning.staffing import trying
from hovedindgang.planning.staffing.promises import Standard
from hovedindgang.planning.staffing.teams import Search, staff_needed
from hovedindgang.planning.stopping import TIME_IS_UP
from hovedindgang.planning.tests.invented_calls import Town
from hovedindgang.planning.tests.test_staffing import village
from hovedindgang.planning.tests.towns import jammerbugt
from hovedindgang.servicemodel.document import Channel
from hovedindgang.servicemodel.language import speaking

MODELS = Path(__file__).resolve().parents[4] / "models"


@cache
def plan() -> Plan:
    return jammerbugt(days=7)


def after(calls: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """`work`, until Ctrl-C is pressed during its next call after so many."""
    left = iter(range(calls))

    def pressed(*given: Any, **named: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return work(*given, **named)

    return pressed


def moved(replications_asked: int) -> tuple[moving.Moved, ...]:
    return moving.move(
        plan().model,
        plan().inputs,
        from_channel="phone",
        to_channel="self_service",
        shares=(0.2, 0.4, 0.8),
        seed=2,
        replications=replications_asked,
    )


def test_a_move_that_is_stopped_is_the_same_as_one_of_fewer_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = moved(2)
    with monkeypatch.context() as patch:  # four runs a replication, and the third replication breaks off in its second
        patch.setattr(moving, "run_once", after(2 * 4 + 1, replications.run_once))
        stopped = moved(9)
    assert stopped == whole
    assert {one.replications for one in stopped} == {2}


def test_a_move_that_is_stopped_at_once_says_that_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "run_once", after(3, replications.run_once))
    with speaking("en"), pytest.raises(CannotPlan, match="before there was anything to show"):
        moved(9)


PROMISES = (Standard(Channel.PHONE, 3.0, 0.9), Standard(Channel.IN_PERSON, 20.0, 0.9))


@cache
def team_sizes_tried() -> int:
    search = Search(trying.Trying(*village(), PROMISES, seed=3, replications=2))
    search.find(300)
    return len(search.trying.known)


@pytest.mark.parametrize(("share", "bounded"), [(0.2, False), (0.6, False), (1.02, True)])
def test_a_search_for_staff_that_is_stopped_gives_the_best_that_was_tried(
    monkeypatch: pytest.MonkeyPatch, share: float, bounded: bool
) -> None:
    """Among the least of each team, while adding, and when fresh citizens have begun to come."""
    runs = int(share * 2 * team_sizes_tried())  # two replications of each
    monkeypatch.setattr(trying, "run_once", after(runs, replications.run_once))
    found = staff_needed(*village(), PROMISES, seed=3, replications=2)
    assert found.interrupted
    short = [key for key, one in found.in_search.items() if one.value < 0.9]
    assert found.meets is not bool(short)  # what it says of the promises is what it shows of them
    assert all(0 <= size < 60 for size in found.teams.values())  # what was tried to learn of the others is no plan
    assert bool(found.bound_kr) is bounded
    assert not found.verified.replications
    assert found.gap is None or bounded


def test_a_search_for_staff_that_is_stopped_at_once_says_that_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "run_once", after(1, replications.run_once))
    with speaking("en"), pytest.raises(CannotPlan, match="before there was anything to show"):
        staff_needed(plan().model, plan().inputs, (Standard(Channel.PHONE, 3.0, 0.8),), seed=3, replications=2)


def test_a_backtest_that_is_stopped_is_of_the_days_that_were_done(monkeypatch: pytest.MonkeyPatch) -> None:
    series = Town(days=60).series()
    whole = backtesting.backtest(series, days=4, with_statsforecast=False)
    with monkeypatch.context() as patch:
        patch.setattr(backtesting, "forecast", after(3, backtesting.forecast))
        stopped = backtesting.backtest(series, days=4, with_statsforecast=False)
    assert stopped.interrupted
    assert not whole.interrupted
    assert stopped.days == whole.days[:3]
    for name, scores in stopped.scores.items():
        np.testing.assert_array_equal(scores.crps, whole.scores[name].crps[:3])


def test_divisions_that_were_found_are_shown_when_the_search_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dividing, "left_at_once", after(2, dividing.left_at_once))
    done = CliRunner().invoke(portfolio, [str(MODELS / "places" / "portfolio.toml"), "--json"])
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["interrupted"], answer["proved"]) == (0, True, True)
    assert len(answer["next_best"]) == 1


def test_places_that_were_found_are_shown_when_the_search_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "left_at_once", after(3, sites.left_at_once))
    done = CliRunner().invoke(site, [str(MODELS / "places" / "fredensborg.toml"), "--json"])
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["interrupted"], len(answer["by_number"])) == (0, True, 2)


@pytest.mark.parametrize(
    "words",
    [
        ["--question", "travel", "--places", "3"],
        ["--question", "coverage", "--places", "2"],
        ["--question", "worst", "--places", "2"],
        ["--question", "cover"],
        ["--question", "cost"],
    ],
)
def test_whoever_stops_before_the_first_places_are_found_gets_some_that_keep_to_what_is_asked(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    asked = [str(MODELS / "places" / "fredensborg.toml"), *words, "--json", "--next-best", "0"]
    best = json.loads(CliRunner().invoke(site, asked).stdout)["best"]
    monkeypatch.setattr(sites, "left_at_once", after(0, sites.left_at_once))
    answer = json.loads(CliRunner().invoke(site, asked).stdout)
    assert (answer["interrupted"], answer["best"]["proved"]) == (True, False)
    assert len(answer["best"]["places"]) == len(best["places"])
    assert answer["best"]["mean_minutes"] <= 1.25 * best["mean_minutes"]


def test_whoever_stops_before_the_first_division_is_found_gets_one_that_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [str(MODELS / "places" / "portfolio.toml"), "--json", "--next-best", "0"]
    best = json.loads(CliRunner().invoke(portfolio, asked).stdout)
    monkeypatch.setattr(dividing, "left_at_once", after(0, dividing.left_at_once))
    answer = json.loads(CliRunner().invoke(portfolio, asked).stdout)
    assert (answer["interrupted"], answer["proved"], best["proved"]) == (True, False, True)
    assert best["total_kr"] <= answer["total_kr"] <= 1.2 * best["total_kr"]


HOURS = MODELS.parent / "docs" / "guide" / "examples" / "hours.toml"


def test_hours_that_were_found_are_shown_when_the_search_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "left_at_once", after(1, choosing.left_at_once))
    done = CliRunner().invoke(hours, [str(HOURS), "--json"])
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["interrupted"], len(answer["best"])) == (0, True, 1)


def test_courses_that_are_stopped_before_there_is_a_plan_are_not_said_to_be_out_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = Answer(None, float("inf"), float("-inf"), "stopped", 0.3)
    monkeypatch.setattr(solving, "solve", lambda *_given, **_named: nothing)
    monkeypatch.setattr(solving, "first_plan", lambda *_given, **_named: None)
    words = ["courses", str(HOURS.with_name("courses.toml")), "--json"]
    done = CliRunner().invoke(commands, words, env={"HOVEDINDGANG_LANGUAGE": "en"})
    assert (done.exit_code, "Interrupted" in json.loads(done.stdout)["problem"]) == (1, True)


def test_whoever_stops_a_plan_while_it_is_being_read_gets_an_answer_that_a_program_can_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulating, "toml_of", after(0, simulating.toml_of))
    words = ["simulate", str(HOURS.with_name("ten-agents.toml"))]
    said = CliRunner().invoke(commands, [*words, "--json"], env={"HOVEDINDGANG_LANGUAGE": "en"})
    assert (said.exit_code, "Interrupted" in json.loads(said.stdout)["problem"]) == (1, True)
    assert "Interrupted" in CliRunner().invoke(commands, words, env={"HOVEDINDGANG_LANGUAGE": "en"}).stderr


@pytest.mark.parametrize(
    ("room", "command", "file"), [(dividing, portfolio, "portfolio.toml"), (sites, site, "fredensborg.toml")]
)
def test_no_answer_in_time_is_not_taken_for_none_at_all(
    monkeypatch: pytest.MonkeyPatch, room: Any, command: Any, file: str
) -> None:
    monkeypatch.setattr(room, "left_at_once", lambda _work: SimpleNamespace(x=None, status=TIME_IS_UP))
    done = CliRunner().invoke(command, [str(MODELS / "places" / file), "--json"], env={"HOVEDINDGANG_LANGUAGE": "en"})
    assert done.exit_code == 1
    assert "No answer was found in 20 seconds" in json.loads(done.stdout)["problem"]


halves = st.floats(0.001, 50)


@given(halves, st.integers(2, 100), st.floats(0.01, 5))
def test_as_many_replications_as_are_named_would_make_it_narrow_enough(half: float, done: int, near: float) -> None:
    wanted = enough([Estimate(1.0, 1.0 - half, 1.0 + half)], done, near)
    if wanted is None:
        assert half <= near * 1.000001
    elif wanted < 500:
        assert half * math.sqrt(done / wanted) <= near * 1.000001
        assert wanted > done


def test_a_wide_interval_is_said_in_words_and_a_narrow_one_is_not() -> None:
    wide, narrow = Estimate(0.8, 0.5, 1.1), Estimate(0.8, 0.79, 0.81)
    with speaking("en"):
        said = too_wide([narrow, wide], 2, 0.05)
        assert said is not None
        assert "2 replications are too few" in said
        assert "--replications 73" in said  # six times too wide, and a little
        assert too_wide([narrow], 2, 0.05) is None
        assert interval(Estimate(0.8, -math.inf, math.inf), 1) == "no interval"
