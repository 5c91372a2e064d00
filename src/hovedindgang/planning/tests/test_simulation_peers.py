"""Networks that have no closed form, built independently in SimPy and in Ciw: they come to the same.

Each figure is compared over independent replications of both, at 99.9 %: of the five, one is outside by chance once in
two hundred times; seeds are fixed.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Results, student
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_some
from hovedindgang.planning.simulation.scenario import Arrivals, Distribution, Employee, Flow, Line, Scenario, each_day
from hovedindgang.planning.tests import keeping_peers
from hovedindgang.planning.tests.keeping_peers import kept

LEVEL, REPLICATIONS, HOURS = 0.999, 20, 30.0
WARM_UP = 120.0  # minutes
PER_HOUR, HANDLE, PATIENCE = {"a": 40.0, "b": 24.0}, 6.0, 10.0
ONLY_A, BOTH = 3, 4  # employees


def same(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> bool:
    """Whether two means agree, by Welch's interval at LEVEL."""
    spread = math.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs))
    return bool(abs(ours.mean() - theirs.mean()) <= student(LEVEL, len(ours) + len(theirs) - 2) * spread)


def service(levels: dict[str, dict[str, str]], *, patience: bool, priority: dict[str, int]) -> Scenario:
    """Two lines and these employees, for as long as the peers simulate."""
    days = math.ceil((HOURS * 60 + WARM_UP) / 1440)
    flows = {
        key: Flow(
            key,
            "phone",
            Arrivals(each_day(24 * rate)),
            Distribution("exponential", HANDLE),
            line=key,
            patience=Distribution("exponential", PATIENCE) if patience else Distribution("never"),
        )
        for key, rate in PER_HOUR.items()
    }
    return Scenario(
        title="network",
        first_day=dt.date(2026, 1, 5),
        days=days,
        flows=flows,
        lines={key: Line(key, "phone", priority=priority[key]) for key in PER_HOUR},
        employees=tuple(Employee(name, knows) for name, knows in levels.items()),
        warm_up_minutes=WARM_UP,
    )


def ours(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Mean wait of those served and share that gave up, of each line, one a replication."""
    results = Results(prepare(scenario), 7, tuple(run_some(scenario, seed=7, replications=range(REPLICATIONS))))
    found = {}
    for key in PER_HOUR:
        flows = results.flows_where(lambda one, key=key: one == key)  # type: ignore[misc]
        served, gave_up = results.column(Of.SERVED, flows), results.column(Of.GAVE_UP, flows)
        found[f"wait {key}"] = results.column(Of.WAITED, flows) / served
        found[f"gave up {key}"] = gave_up / (served + gave_up)
    return found


class NDesign:
    """An N-design in SimPy: some do only a, some both; the longest wait first, and people give up."""

    def __init__(self, seed: int) -> None:
        self.environment, self.chance = simpy.Environment(), random.Random(seed)
        self.waiting: dict[str, list[list[Any]]] = {"a": [], "b": []}
        self.idle: list[str] = ["a"] * ONLY_A + ["ab"] * BOTH
        self.waits: dict[str, list[float]] = {"a": [], "b": []}
        self.gave_up = {"a": 0, "b": 0}
        for key, per_hour in PER_HOUR.items():
            self.environment.process(self.arrivals(key, per_hour / 60))
        self.environment.run(until=HOURS * 60 + WARM_UP)

    def arrivals(self, key: str, rate: float) -> Iterator[Any]:
        while True:
            yield self.environment.timeout(self.chance.expovariate(rate))
            able = [knows for knows in self.idle if key in knows]
            customer = [self.environment.now, key, False]
            if able:
                self.idle.remove(able[0])
                self.environment.process(self.serve(able[0], customer))
            else:
                self.waiting[key].append(customer)
                self.environment.process(self.patience(customer))

    def patience(self, customer: list[Any]) -> Iterator[Any]:
        yield self.environment.timeout(self.chance.expovariate(1 / PATIENCE))
        if not customer[2]:
            self.waiting[customer[1]].remove(customer)
            self.gave_up[customer[1]] += customer[0] >= WARM_UP

    def serve(self, knows: str, customer: list[Any] | None) -> Iterator[Any]:
        while customer is not None:
            customer[2] = True
            if customer[0] >= WARM_UP:
                self.waits[customer[1]].append(self.environment.now - customer[0])
            yield self.environment.timeout(self.chance.expovariate(1 / HANDLE))
            first = [self.waiting[key][0] for key in knows if self.waiting[key]]
            customer = min(first, key=lambda one: one[0], default=None)
            if customer is not None:
                self.waiting[customer[1]].remove(customer)
        self.idle.append(knows)


def test_an_n_design_with_people_who_give_up_comes_to_what_simpy_says() -> None:
    levels = {f"only {n}": {"a": "generalist"} for n in range(ONLY_A)}
    levels |= {f"both {n}": {"a": "generalist", "b": "generalist"} for n in range(BOTH)}
    found = ours(service(levels, patience=True, priority={"a": 0, "b": 0}))
    peers = _by_simpy()
    assert peers.keys() == found.keys()
    for name in peers:
        assert same(found[name], peers[name]), (name, found[name].mean(), peers[name].mean())
    for key in PER_HOUR:
        assert peers[f"wait {key}"].mean() > 0.2  # there is something to agree on


@kept("simpy", "numpy")
def _by_simpy() -> dict[str, NDArray[np.float64]]:
    peers, found = [NDesign(seed) for seed in range(REPLICATIONS)], {}
    for key in PER_HOUR:
        found[f"wait {key}"] = np.array([np.mean(peer.waits[key]) for peer in peers])
        left = [(peer.gave_up[key], len(peer.waits[key])) for peer in peers]
        found[f"gave up {key}"] = np.array([gave_up / (gave_up + served) for gave_up, served in left])
    return found


@pytest.mark.filterwarnings("ignore")  # the peer's own
def test_two_urgencies_come_to_what_ciw_says() -> None:
    levels = {f"employee {n}": {"a": "generalist", "b": "generalist"} for n in range(ONLY_A + BOTH)}
    found = ours(service(levels, patience=False, priority={"a": 1, "b": 0}))
    waits = _by_ciw()
    for key in PER_HOUR:
        assert same(found[f"wait {key}"], waits[key]), (key, found[f"wait {key}"].mean(), waits[key].mean())
    assert waits["a"].mean() > 2 * waits["b"].mean()


@kept("ciw", "numpy")
def _by_ciw() -> dict[str, NDArray[np.float64]]:
    import ciw

    network = ciw.create_network(
        arrival_distributions={key: [ciw.dists.Exponential(rate=rate / 60)] for key, rate in PER_HOUR.items()},
        service_distributions={key: [ciw.dists.Exponential(rate=1 / HANDLE)] for key in PER_HOUR},
        number_of_servers=[ONLY_A + BOTH],
        priority_classes={"a": 1, "b": 0},
        routing={key: [[0.0]] for key in PER_HOUR},
    )
    waits: dict[str, list[float]] = {"a": [], "b": []}
    for seed in range(REPLICATIONS):
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(HOURS * 60 + WARM_UP)
        records = simulation.get_all_records()
        for key in PER_HOUR:
            of = [r.waiting_time for r in records if r.customer_class == key and r.arrival_date >= WARM_UP]
            waits[key].append(float(np.mean(of)))
    return {key: np.array(each) for key, each in waits.items()}


def test_what_a_peer_answered_is_kept_whole_or_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping_peers, "KEPT", tmp_path)
    asked: list[float] = []

    def reckon(most: float = 1.0) -> dict[str, NDArray[np.float64]]:
        asked.append(most)
        return {"wait": np.array([0.1, most])}

    def told(most: float) -> list[float]:
        return kept("simpy")(reckon)(most=most)["wait"].tolist()  # as a process that begins

    assert told(2.0) == told(2.0) == [0.1, 2.0]
    assert told(3.0) == [0.1, 3.0]
    assert asked == [2.0, 3.0]
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:-30])
    assert told(2.0) == [0.1, 2.0]
    assert asked == [2.0, 3.0, 2.0]
    monkeypatch.setattr(keeping_peers, "version", lambda library: f"{library} of tomorrow")
    assert told(2.0) == [0.1, 2.0]
    assert asked == [2.0, 3.0, 2.0, 2.0]
