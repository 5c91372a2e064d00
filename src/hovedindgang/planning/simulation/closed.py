"""Queues whose waits are known in closed form, simulated through the general loop and held against the formula."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hovedindgang.planning.queues import Queue, waits
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, mean_of
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_some
from hovedindgang.planning.simulation.scenario import (
    NEVER,
    Arrivals,
    Distribution,
    Employee,
    Flow,
    Line,
    Scenario,
    each_day,
)

LEVEL = 0.99
RAREST = 0.01  # share that waits
WAITED = 20_000  # of the calls simulated, at the least, so that Student's interval of their sum is honest


@dataclass(frozen=True, slots=True)
class Held:
    """One queue: what the formula says of the mean wait of those served (minutes), and what was simulated."""

    queue: Queue
    exact: float
    simulated: Estimate

    @property
    def holds(self) -> bool:
        return self.simulated.low <= self.exact <= self.simulated.high


def random_queues(number: int, *, seed: int) -> list[Queue]:
    """c from 1 to 60, load up to 0.95 of what they can do, half of them with patience; five minutes a call.

    Where fewer than one in a hundred waits another is drawn: of so rare a thing no interval can be simulated.
    """
    chance = np.random.Generator(np.random.Philox(seed))
    found: list[Queue] = []
    while len(found) < number:
        agents = int(chance.integers(1, 61))
        load = float(chance.uniform(0.5, 0.95)) * agents
        patience = float(chance.uniform(60, 1200)) if chance.random() < 0.5 else None
        queue = Queue(calls_per_hour=12 * load, handle_seconds=300, agents=agents, patience_seconds=patience)
        if (waits(queue).waits or 0.0) >= RAREST:
            found.append(queue)
    return found


def scenario_of(queue: Queue, *, days: int, warm_up_days: int) -> Scenario:
    """The queue as a scenario, with nothing but what the formula knows."""
    return Scenario(
        title="closed form",
        first_day=dt.date(2026, 1, 5),
        days=days,
        flows={
            "calls": Flow(
                "calls",
                "phone",
                Arrivals(each_day(24 * queue.calls_per_hour)),
                Distribution("exponential", queue.handle_seconds / 60),
                line="calls",
                patience=Distribution("exponential", queue.patience_seconds / 60) if queue.patience_seconds else NEVER,
            )
        },
        lines={"calls": Line("calls", "phone")},
        employees=tuple(Employee(f"agent {at}", {"calls": "generalist"}) for at in range(queue.agents)),
        warm_up_minutes=1440.0 * warm_up_days,
    )


def held(
    queues: list[Queue], *, seed: int, calls: int = 200_000, replications: int = 20, jit: bool = True
) -> Iterator[Held]:
    """Each queue held against its formula.

    A queue forgets its beginning in about E[S] / (c (1 - sqrt(rho))^2) (Cohen 1982): six times that is left out first
    (a day at the least), and ten times that is counted at the least, so that what is left of the beginning is far
    below the interval.
    """
    for queue in queues:
        forgets = queue.handle_seconds / 86_400 / (queue.agents * (1 - math.sqrt(queue.load / queue.agents)) ** 2)
        warm_up = math.ceil(max(1.0, 6 * forgets))
        simulated = max(calls, WAITED / (waits(queue).waits or 1.0))
        days = math.ceil(max(2.0, 10 * forgets, simulated / replications / (24 * queue.calls_per_hour)))
        scenario = scenario_of(queue, days=days + warm_up, warm_up_days=warm_up)
        tallies = run_some(scenario, seed=seed, replications=range(replications), jit=jit)
        results = Results(prepare(scenario), seed, tuple(tallies))
        exact = waits(queue).wait_mean_of_answered
        assert exact is not None
        each = results.column(Of.WAITED, [0]) / results.column(Of.SERVED, [0])
        yield Held(queue, exact / 60, mean_of(each, level=LEVEL))
