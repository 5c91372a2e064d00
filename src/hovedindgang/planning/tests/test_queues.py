"""Erlang's formulas against birth and death chains solved another way, and against what must always hold."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from scipy.special import gammaln, pdtr

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.queues import (
    Goals,
    Queue,
    agents_needed,
    erlang_b,
    erlang_c,
    log_erlang_b,
    waits,
)

LOADS = st.floats(0.05, 60)
FEW = st.integers(1, 80)


def queue(load: float, agents: int, patience: float | None = None, handle: float = 200.0) -> Queue:
    return Queue(calls_per_hour=load * 3600 / handle, handle_seconds=handle, agents=agents, patience_seconds=patience)


def in_balance(load: Fraction, agents: int, leaves: Fraction | None, places: int) -> list[Fraction]:
    """The chain's probabilities, solved in fractions; `leaves`: rate of giving up per handle time (None: never)."""
    weights = [Fraction(1)]
    for there in range(1, agents + places + 1):
        gone = min(there, agents) + max(0, there - agents) * (leaves or 0)
        weights.append(weights[-1] * load / gone)
    whole = sum(weights)
    return [weight / whole for weight in weights]


@pytest.mark.parametrize(("load", "agents"), [("1/3", 1), ("5/2", 4), ("24", 28), ("13/10", 9), ("40", 12)])
def test_the_share_that_finds_all_servers_taken_is_the_chains_own(load: str, agents: int) -> None:
    exact = in_balance(Fraction(load), agents, None, 0)[-1]
    assert erlang_b(float(Fraction(load)), agents) == pytest.approx(float(exact), rel=1e-13)


@pytest.mark.parametrize(("load", "agents"), [("1/3", 1), ("5/2", 4), ("24", 28), ("13/10", 9)])
def test_the_share_that_waits_is_the_chains_own_with_its_geometric_tail(load: str, agents: int) -> None:
    a = Fraction(load)
    held = in_balance(a, agents, None, 0)
    tail = held[-1] / (1 - a / agents)  # the states from `agents` up fall by a/c
    assert erlang_c(float(a), agents) == pytest.approx(float(tail / (1 - held[-1] + tail)), rel=1e-13)


@pytest.mark.parametrize(
    ("load", "agents", "patience_in_handle_times", "places"),
    [("5/2", 4, "3/4", 60), ("24", 28, "3/4", 120), ("24", 20, "2", 160), ("3", 1, "1/10", 40), ("7", 5, "9", 220)],
)
def test_those_who_give_up_and_those_who_wait_are_the_chains_own(
    load: str, agents: int, patience_in_handle_times: str, places: int
) -> None:
    leaves = 1 / Fraction(patience_in_handle_times)
    held = in_balance(Fraction(load), agents, leaves, places)
    waiting = sum(probability * max(0, there - agents) for there, probability in enumerate(held))
    found = waits(queue(float(Fraction(load)), agents, 200.0 * float(Fraction(patience_in_handle_times))))
    assert found.waits == pytest.approx(float(sum(held[agents:])), rel=1e-12)
    assert found.queue_mean == pytest.approx(float(waiting), rel=1e-11)
    assert found.abandoned == pytest.approx(float(waiting * leaves / Fraction(load)), rel=1e-11)


@pytest.mark.parametrize(("load", "agents", "patience"), [(24.0, 28, 180.0), (24.0, 20, 300.0), (2.5, 3, 60.0)])
def test_waits_are_those_of_a_caller_followed_through_the_queue(load: float, agents: int, patience: float) -> None:
    """One caller's way through the line as a chain of its own: served, gone, or so many still before her."""
    asked = queue(load, agents, patience)
    places = 200
    held = np.array([float(p) for p in in_balance(Fraction(load), agents, Fraction(200) / Fraction(patience), places)])
    serve, leave = agents / 200.0, 1 / patience
    rates = np.zeros((places + 2, places + 2))  # `before` others before her, then answered, then gone
    for before in range(places):
        rates[before, before - 1 if before else places] = serve + before * leave
        rates[before, places + 1] = leave
        rates[before, before] = -serve - (before + 1) * leave
    start = np.concatenate([held[agents : agents + places], [held[:agents].sum(), 0.0]])
    for seconds in (0.0, 5.0, 20.0, 90.0):
        then = start @ expm(rates * seconds)
        assert waits(asked, answer_within=seconds).answered_within == pytest.approx(then[places], abs=1e-9)
    for share, wait in zip((0.5, 0.8, 0.95), waits(asked).wait_percentiles, strict=True):
        left = (start @ expm(rates * wait))[:places].sum()
        assert (left == pytest.approx(1 - share, abs=1e-8)) if wait else (left <= 1 - share + 1e-12)
    answered_at_the_end = (start @ expm(rates * 1e5))[places]
    steps = np.linspace(0, 3000, 6001)
    still = start
    step = expm(rates * (steps[1] - steps[0]))
    later = []
    for _ in steps:
        later.append(answered_at_the_end - still[places])
        still = still @ step
    mean = np.trapezoid(later, steps) / answered_at_the_end
    assert waits(asked).wait_mean_of_answered == pytest.approx(mean, rel=2e-4)


@pytest.mark.parametrize("patience", [30.0, 200.0, 5000.0, 1e6])
@pytest.mark.parametrize(("load", "agents"), [(4800.5, 4810), (4800.5, 4500), (4800.5, 5200), (990.0, 1000)])
def test_thousands_of_servers_agree_with_their_chain_summed_in_logarithms(
    load: float, agents: int, patience: float
) -> None:
    places = int(
        min(3_000_000, max(0.0, load - agents) * patience / 200 + 60 * math.sqrt(load * patience / 200) + 9000)
    )
    there = np.arange(1, agents + places + 1, dtype=float)
    gone = np.minimum(there, agents) + np.maximum(0.0, there - agents) * 200.0 / patience
    logs = np.concatenate([[0.0], np.cumsum(np.log(load) - np.log(gone))])
    held = np.exp(logs - logs.max())
    held /= held.sum()
    found = waits(queue(load, agents, patience))
    assert found.waits == pytest.approx(held[agents:].sum(), rel=1e-8)
    assert found.queue_mean == pytest.approx((held[agents:] * np.arange(places + 1)).sum(), rel=1e-8)


def test_a_probability_too_small_for_a_number_keeps_its_logarithm() -> None:
    log_blocked = log_erlang_b(1.0, 3000)  # 1/3000! / e
    assert log_blocked == pytest.approx(-math.lgamma(3001) - 1, rel=1e-13)
    assert erlang_b(1.0, 3000) == 0.0
    found = waits(queue(1.0, 3000, 100.0))
    assert found.waits == 0.0
    assert found.answered_within == 1.0


def test_more_calls_than_can_be_answered_are_said_to_grow_and_never_averaged() -> None:
    found = waits(Queue(calls_per_hour=360, handle_seconds=240, agents=20))
    assert not found.stable
    assert found.growth_per_hour == pytest.approx(60)
    averages = (found.wait_mean, found.answered_within, found.queue_mean, *found.wait_percentiles)
    assert averages == (None,) * 6
    assert waits(Queue(calls_per_hour=360, handle_seconds=240, agents=24)).stable is False  # just as many: no balance


@given(load=LOADS, agents=FEW)
def test_one_more_server_never_makes_anybody_wait_more(load: float, agents: int) -> None:
    assert erlang_b(load, agents + 1) < erlang_b(load, agents)
    assert erlang_c(load, agents + 1) <= erlang_c(load, agents)


@settings(max_examples=25)
@given(load=LOADS, agents=FEW, patience=st.floats(1, 1e5))
def test_with_patience_one_more_server_helps_everybody(load: float, agents: int, patience: float) -> None:
    fewer, more = (waits(queue(load, number, patience)) for number in (agents, agents + 1))
    assert more.abandoned <= fewer.abandoned * (1 + 1e-9)
    assert more.wait_mean <= fewer.wait_mean * (1 + 1e-9)
    assert more.answered_within >= fewer.answered_within - 1e-9
    assert 0 <= fewer.answered_within <= fewer.answered_within_of_answered <= 1
    assert fewer.wait_percentiles == tuple(sorted(fewer.wait_percentiles))


@settings(max_examples=25)
@example(37.4453125, 1, 65139.0)  # far out nothing of its tail is left but a number with two digits
@given(load=LOADS, agents=FEW, patience=st.floats(1, 1e5))
def test_what_comes_is_answered_or_gives_up_and_littles_law_holds(load: float, agents: int, patience: float) -> None:
    asked = queue(load, agents, patience)
    found = waits(asked)
    assert found.queue_mean == pytest.approx(asked.arrivals * found.wait_mean, rel=1e-9)
    assert found.abandoned == pytest.approx(found.wait_mean / patience, rel=1e-9)
    assert found.occupancy * agents == pytest.approx(load * (1 - found.abandoned), rel=1e-9)


@settings(max_examples=25)
@given(load=LOADS, agents=FEW)
def test_endless_patience_is_erlang_c_and_none_is_erlang_b(load: float, agents: int) -> None:
    assume(load < 0.95 * agents)
    patient, endless = waits(queue(load, agents, 3e7)), waits(queue(load, agents))
    assert patient.waits == pytest.approx(endless.waits, rel=5e-3, abs=1e-12)
    assert patient.wait_mean == pytest.approx(endless.wait_mean, rel=5e-3, abs=1e-9)
    assert patient.answered_within == pytest.approx(endless.answered_within, rel=5e-3)
    hasty = waits(queue(load, agents, 1e-6))
    assert hasty.abandoned == pytest.approx(erlang_b(load, agents), rel=1e-4)


@pytest.mark.parametrize(("load", "agents"), [(0.3, 1), (24.0, 28), (24.0, 20), (4800.5, 4810)])
def test_who_will_not_wait_leaves_when_all_are_taken_and_nobody_else_does(load: float, agents: int) -> None:
    """Erlang B as a truncated Poisson distribution: how often `agents` are taken, of all that are no more than they."""
    at_most_all = float(pdtr(agents, load))
    lost = float(np.exp(agents * np.log(load) - gammaln(agents + 1) - load)) / at_most_all
    found = waits(queue(load, agents, 0.0), answer_within=0.0)
    assert (found.waits, found.abandoned) == pytest.approx((lost, lost), rel=1e-9)
    assert found.answered_within == pytest.approx(1 - lost, rel=1e-12)
    assert found.occupancy == pytest.approx(load * (1 - lost) / agents, rel=1e-12)
    assert (found.wait_mean, found.wait_percentiles, found.queue_mean) == (0.0, (0.0, 0.0, 0.0), 0.0)
    assert found.answered_within_of_answered == 1.0


def test_as_many_as_a_loss_table_says_keep_the_lost_within_one_in_a_hundred() -> None:
    assert agents_needed(queue(10.0, 1, 0.0), Goals(abandoned=0.01)) == 18  # the tables: 17 carry 9.65


@pytest.mark.parametrize("patience", [None, 0.0, 180.0])
def test_where_nobody_calls_nobody_waits_nobody_leaves_and_nobody_is_needed(patience: float | None) -> None:
    asked = Queue(calls_per_hour=0, handle_seconds=240, agents=3, patience_seconds=patience)
    found = waits(asked)
    assert (found.stable, found.occupancy, found.waits, found.abandoned, found.wait_mean) == (True, 0, 0, 0, 0)
    assert (found.answered_within, found.wait_mean_of_waiting) == (1, None)
    rare = waits(replace(asked, calls_per_hour=1e-9))
    assert (rare.occupancy, rare.answered_within) == pytest.approx((0, 1), abs=1e-9)
    assert agents_needed(asked, Goals(answered_within=0.8)) == 0


@settings(max_examples=20)
@given(load=LOADS, share=st.floats(0.05, 0.99), patience=st.none() | st.just(0.0) | st.floats(5, 5000))
def test_the_staff_found_meets_the_goal_and_one_less_does_not(
    load: float, share: float, patience: float | None
) -> None:
    goals = Goals(answered_within=share)
    needed = agents_needed(queue(load, 1, patience), goals)
    assert goals.met(waits(queue(load, needed, patience)))
    assert needed == 1 or not goals.met(waits(queue(load, needed - 1, patience)))


def test_all_goals_hold_at_once() -> None:
    asked = queue(24.0, 1, 180.0)
    alone = [Goals(answered_within=0.8), Goals(abandoned=0.01), Goals(wait_mean=10.0)]
    together = Goals(answered_within=0.8, abandoned=0.01, wait_mean=10.0)
    assert agents_needed(asked, together) == max(agents_needed(asked, goals) for goals in alone)


@pytest.mark.parametrize(
    "wrong",
    [
        {"calls_per_hour": -3},
        {"calls_per_hour": math.nan},
        {"calls_per_hour": math.inf},
        {"handle_seconds": 0},
        {"handle_seconds": 1e9},
        {"agents": 0},
        {"agents": 10**9},
        {"patience_seconds": -1},
    ],
)
def test_what_cannot_be_is_refused_with_the_option_to_mend(wrong: dict[str, float]) -> None:
    with pytest.raises(CannotPlan) as problem:
        Queue(**{"calls_per_hour": 360, "handle_seconds": 240, "agents": 28} | wrong)
    assert problem.value.where == (f"--{next(iter(wrong)).replace('_', '-')}",)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, 1.7])
def test_no_staff_can_promise_everybody_an_answer_at_once(share: float) -> None:
    with pytest.raises(CannotPlan):
        Goals(answered_within=share)
