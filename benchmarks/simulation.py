"""The event loop beside Ciw and SimPy, one core, CPU time a customer; and a municipality's whole year.

The peers' models are written as plainly and as fast as each allows. In the large network SimPy's is a dispatcher of our
own in its processes, with skills, places, shifts, patience and statistics as in ours, but without a stream for each
customer; Ciw has no skills, so each centre is a node where ten employees can all do everything, with shifts and
patience: less work than ours has.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.ground import Ground
from benchmarks.lines import Line

ROOT = Path(__file__).resolve().parent.parent
PER_MINUTE, MEAN, SERVERS = 0.9, 10.0, 10
CENTRES, SERVICES, STAFF = 4, 20, 40
DAY_MINUTES, OPENS, CLOSES = 1440.0, 480.0, 960.0
COME_A_DAY = 1400  # to all centres and services; about nine in ten of the time is work
HANDLE, PATIENCE = 11.0, 30.0


def measure(ground: Ground) -> list[Line]:
    from hovedindgang.planning.compiling import kept_in
    from hovedindgang.planning.simulation.replications import warm

    kept_in(ground.home)
    warm()
    small, large = _small(), _large()
    return [*small, *large, *_year()]


def _line(name: str, ours: tuple[int, float], peer: tuple[int, float], goal: float, **beside: object) -> Line:
    """CPU microseconds a customer, of the peer beside ours: how many times ours is faster."""
    each = [1e6 * seconds / customers for customers, seconds in (peer, ours)]
    return Line(
        name=name,
        measure="simulation",
        product=each[0],
        unit="µs CPU a customer, the peer's",
        baseline=each[1],
        goal=goal,
        goal_is="ratio",
        at_least=True,
        beside={"ours, µs:": round(each[1], 3), "customers, peer's and ours:": f"{peer[0]:,}, {ours[0]:,}", **beside},
    )


def _timed(work: Callable[[], tuple[int, float]]) -> tuple[tuple[int, float], float]:
    """(customers, CPU seconds), and the mean wait."""
    began = time.process_time()
    customers, wait = work()
    return (customers, time.process_time() - began), wait


# ------------------------------------------------------------------------------------------------------------- M/M/10


def _small() -> list[Line]:
    from hovedindgang.planning.queues import Queue, waits

    truth = waits(Queue(calls_per_hour=60 * PER_MINUTE, handle_seconds=60 * MEAN, agents=SERVERS)).wait_mean
    ours, our_wait = _timed(lambda: _ours(_mm10(1500)))
    simpy, simpy_wait = _timed(lambda: _simpy_mm10(60_000.0))
    ciw, ciw_wait = _timed(lambda: _ciw_mm10(20_000.0))
    exact = {"mean wait by Erlang C, minutes:": round((truth or 0) / 60, 2), "ours:": round(our_wait, 2)}
    return [
        _line(
            "M/M/10 at 0.9 through the general loop, beside Ciw",
            ours,
            ciw,
            100,
            **exact,
            **{"Ciw:": round(ciw_wait, 2)},
        ),
        _line(
            "M/M/10 at 0.9 through the general loop, beside SimPy",
            ours,
            simpy,
            40,
            **exact,
            **{"SimPy:": round(simpy_wait, 2)},
        ),
    ]


def _mm10(days: int) -> Any:
    from hovedindgang.planning.simulation.scenario import (
        Arrivals,
        Distribution,
        Employee,
        Flow,
        Scenario,
        each_day,
    )
    from hovedindgang.planning.simulation.scenario import (
        Line as Queue,
    )

    flow = Flow(
        "calls", "phone", Arrivals(each_day(PER_MINUTE * DAY_MINUTES)), Distribution("exponential", MEAN), line="calls"
    )
    return Scenario(
        title="M/M/10",
        first_day=dt.date(2026, 1, 5),
        days=days,
        flows={"calls": flow},
        lines={"calls": Queue("calls", "phone")},
        employees=tuple(Employee(f"employee-{n}", {"calls": "generalist"}) for n in range(SERVERS)),
    )


def _ours(scenario: Any, replications: int = 1) -> tuple[int, float]:
    """As the product does it: the scenario is made ready once, and run some times."""
    from hovedindgang.planning.simulation.network import Of
    from hovedindgang.planning.simulation.preparing import prepare
    from hovedindgang.planning.simulation.replications import run_once

    prepared = prepare(scenario)
    tallies = [run_once(prepared, seed=1, replication=number)[0] for number in range(replications)]
    columns = sum(tally.by_flow.sum(axis=0) for tally in tallies)
    return int(columns[Of.ARRIVED]), float(columns[Of.WAITED] / max(columns[Of.SERVED], 1))


def _simpy_mm10(minutes: float) -> tuple[int, float]:
    import simpy

    chance = random.Random(1)
    environment = simpy.Environment()
    servers = simpy.Resource(environment, capacity=SERVERS)
    waited: list[float] = []

    def customer() -> Any:
        came = environment.now
        with servers.request() as request:
            yield request
            waited.append(environment.now - came)
            yield environment.timeout(chance.expovariate(1 / MEAN))

    def arrivals() -> Any:
        while True:
            yield environment.timeout(chance.expovariate(PER_MINUTE))
            environment.process(customer())

    environment.process(arrivals())
    environment.run(until=minutes)
    return len(waited), sum(waited) / len(waited)


def _ciw_mm10(minutes: float) -> tuple[int, float]:
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=PER_MINUTE)],
        service_distributions=[ciw.dists.Exponential(rate=1 / MEAN)],
        number_of_servers=[SERVERS],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(minutes)
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return len(waits), sum(waits) / len(waits)


# ---------------------------------------------------------------- 40 employees, 20 services, 4 centres, half the skills


def _large() -> list[Line]:
    ours, our_wait = _timed(lambda: _ours(_network(250), replications=4))
    simpy, simpy_wait = _timed(lambda: _simpy_network(12))
    ciw, ciw_wait = _timed(lambda: _ciw_network(8))
    name = "40 employees, 20 services, 4 centres, half the skills each, patience and shifts, beside"
    waits = {"mean wait of those served, minutes, ours:": round(our_wait, 2)}
    return [
        _line(f"{name} Ciw (all skills)", ours, ciw, 150, **waits, **{"Ciw:": round(ciw_wait, 2)}),
        _line(f"{name} SimPy", ours, simpy, 35, **waits, **{"SimPy:": round(simpy_wait, 2)}),
    ]


def _skills(employee: int) -> set[int]:
    """Ten in a row, from two further on for each at a centre: five employees of ten can do each service."""
    first = employee // CENTRES * 2
    return {(first + n) % SERVICES for n in range(SERVICES // 2)}


def _network(days: int) -> Any:
    from hovedindgang.planning.simulation.scenario import (
        NO_SHRINKAGE,
        Arrivals,
        Distribution,
        Employee,
        Flow,
        Opening,
        Scenario,
        Shift,
        each_day,
    )
    from hovedindgang.planning.simulation.scenario import Line as Queue

    shape = tuple(1.0 if OPENS / 30 <= piece < CLOSES / 30 else 0.0 for piece in range(48))
    each = COME_A_DAY / CENTRES / SERVICES
    flows, lines = {}, {}
    for centre in range(CENTRES):
        for service in range(SERVICES):
            key = f"{service}:{centre}"
            lines[key] = Queue(key, "in_person", place=f"centre-{centre}", service=str(service))
            flows[key] = Flow(
                key,
                "in_person",
                Arrivals(each_day(each), each_day(shape)),
                Distribution("exponential", HANDLE),
                line=key,
                centre=f"centre-{centre}",
                patience=Distribution("exponential", PATIENCE),
            )
    staff = []
    for number in range(STAFF):
        centre = number % CENTRES
        day = (Shift(OPENS, CLOSES, f"centre-{centre}"),)
        levels = {f"{service}:{centre}": "generalist" for service in sorted(_skills(number))}
        staff.append(Employee(f"employee-{number}", levels, each_day(day), place=f"centre-{centre}"))
    openings = tuple(
        Opening("in_person", f"centre-{centre}", each_day(((OPENS, CLOSES),)), stays=False) for centre in range(CENTRES)
    )
    return Scenario(
        title="network",
        first_day=dt.date(2026, 1, 5),
        days=days,
        flows=flows,
        lines=lines,
        employees=tuple(staff),
        openings=openings,
        working_days=(True,) * days,
        shrinkage=NO_SHRINKAGE,
    )


def _simpy_network(days: int) -> tuple[int, float]:
    """A dispatcher in SimPy: waiting customers in lists by centre and service, the longest wait first; staff on shifts.

    What ours counts is counted here too, as cheaply as Python can: a row for each contact, summed up by numpy.
    """
    import simpy

    chance = random.Random(2)
    environment = simpy.Environment()
    waiting: list[list[list[Any]]] = [[[] for _ in range(SERVICES)] for _ in range(CENTRES)]
    skills = [_skills(number) for number in range(STAFF)]
    idle: list[list[int]] = [[] for _ in range(CENTRES)]
    at_work = [False] * STAFF
    # when she came, how long she waited, how long it took, her service, her centre, who served her (-1: nobody)
    contacts: list[tuple[float, float, float, int, int, int]] = []

    def shift(number: int) -> Any:
        centre = number % CENTRES
        while True:
            yield environment.timeout(OPENS)
            at_work[number] = True
            customer = next_of(number, centre)
            if customer is None:
                idle[centre].append(number)
            else:
                environment.process(serve(number, customer))
            yield environment.timeout(CLOSES - OPENS)
            at_work[number] = False
            if number in idle[centre]:
                idle[centre].remove(number)
            yield environment.timeout(DAY_MINUTES - CLOSES)

    def serve(number: int, customer: Any) -> Any:
        centre = number % CENTRES
        while customer is not None:
            minutes = chance.expovariate(1 / HANDLE)
            came = customer[0]
            contacts.append((came, environment.now - came, minutes, customer[2], centre, number))
            yield environment.timeout(minutes)
            customer = next_of(number, centre)  # after hours too: those inside are served
        if at_work[number]:
            idle[centre].append(number)

    def next_of(number: int, centre: int) -> Any:
        best, where = None, None
        for service in skills[number]:
            line = waiting[centre][service]
            while line and line[0][1]:  # gave up
                line.pop(0)
            if line and (best is None or line[0][0] < best[0]):
                best, where = line[0], line
        if best is not None and where is not None:
            where.pop(0)
            best[1] = True
        return best

    def patience(customer: list[Any], centre: int) -> Any:
        yield environment.timeout(chance.expovariate(1 / PATIENCE))
        if not customer[1]:
            customer[1] = True
            contacts.append((customer[0], environment.now - customer[0], 0.0, customer[2], centre, -1))

    def arrive(centre: int, service: int) -> None:
        for at, number in enumerate(idle[centre]):
            if service in skills[number]:
                idle[centre].pop(at)
                environment.process(serve(number, [environment.now, True, service]))
                return
        customer = [environment.now, False, service]
        waiting[centre][service].append(customer)
        environment.process(patience(customer, centre))

    def arrivals(centre: int, service: int) -> Any:
        rate = COME_A_DAY / CENTRES / SERVICES / (CLOSES - OPENS)
        while True:
            yield environment.timeout(chance.expovariate(rate))
            if not OPENS <= environment.now % DAY_MINUTES < CLOSES:  # on to the next morning
                day = environment.now // DAY_MINUTES + (environment.now % DAY_MINUTES >= CLOSES)
                yield environment.timeout(day * DAY_MINUTES + OPENS - environment.now)
                continue
            arrive(centre, service)

    for number in range(STAFF):
        environment.process(shift(number))
    for centre in range(CENTRES):
        for service in range(SERVICES):
            environment.process(arrivals(centre, service))
    environment.run(until=days * DAY_MINUTES)

    return len(contacts), _summed_up(contacts)


def _summed_up(contacts: list[tuple[float, float, float, int, int, int]]) -> float:
    """What ours counts, of all contacts: by centre and service, by hour, by employee, and waits; their mean."""
    import numpy as np

    came, waited, minutes, service, centre, by = np.array(contacts).T
    served = by >= 0
    flow = (service * CENTRES + centre).astype(np.int64)
    hour = (came // 60 % 168).astype(np.int64) + 168 * centre.astype(np.int64)
    for group in (flow, hour):
        for weights in (None, served, ~served, np.where(served, waited, 0.0), waited**2, minutes):
            np.bincount(group, weights)
    np.bincount(by[served].astype(np.int64), minutes[served])
    np.percentile(waited[served], [50, 80, 95])
    return float(waited[served].mean())


def _ciw_network(days: int) -> tuple[int, float]:
    """Four nodes of ten servers on shifts, twenty classes with patience; everybody can do everything."""
    import ciw

    rate = COME_A_DAY / CENTRES / SERVICES / (CLOSES - OPENS)
    classes = [f"service {service}" for service in range(SERVICES)]

    def by_class(make: Callable[[], Any]) -> dict[str, list[Any]]:
        return {name: [make() for _ in range(CENTRES)] for name in classes}

    open_hours = ciw.dists.PoissonIntervals(
        rates=[0.0, rate, 0.0], endpoints=[OPENS, CLOSES, DAY_MINUTES], max_sample_date=days * DAY_MINUTES
    )
    shifts = ciw.Schedule(numbers_of_servers=[0, STAFF // CENTRES, 0], shift_end_dates=[OPENS, CLOSES, DAY_MINUTES])
    network = ciw.create_network(
        arrival_distributions=by_class(lambda: open_hours),
        service_distributions=by_class(lambda: ciw.dists.Exponential(rate=1 / HANDLE)),
        reneging_time_distributions=by_class(lambda: ciw.dists.Exponential(rate=1 / PATIENCE)),
        number_of_servers=[shifts] * CENTRES,
        routing={name: [[0.0] * CENTRES] * CENTRES for name in classes},
    )
    ciw.seed(2)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days * DAY_MINUTES)
    records = simulation.get_all_records()
    waits = [record.waiting_time for record in records if record.record_type == "service"]
    return len(records), sum(waits) / len(waits)


# -------------------------------------------------------------------------------------------------------- a whole year


def _year() -> list[Line]:
    """Jammerbugt's whole year in all channels with its warm-up, 20 replications, from the file to the tallies."""
    from hovedindgang.planning.service.building import scenario_of
    from hovedindgang.planning.service.reading import read_plan
    from hovedindgang.planning.service.warming import warmed
    from hovedindgang.planning.simulation.replications import run_some

    def built() -> Any:
        plan = read_plan(ROOT / "models" / "planning" / "jammerbugt-2006.toml")
        return scenario_of(plan.model, warmed(plan.model, plan.inputs))

    run_some(built(), seed=9, replications=[0])
    began = time.process_time()
    scenario = built()
    run_some(scenario, seed=1, replications=range(2))
    first = time.process_time() - began
    began = time.process_time()
    done = run_some(scenario, seed=1, replications=range(20))
    seconds = time.process_time() - began
    events = f"{sum(tally.events for tally in done):,}"
    return [
        _seconds("Jammerbugt's whole year, all channels, 20 replications", seconds, 4, **{"events:": events}),
        _seconds("the same, from the file to a first answer of two replications", first, 3),
    ]


def _seconds(name: str, seconds: float, goal: float, **beside: object) -> Line:
    return Line(
        name=name,
        measure="simulation",
        product=seconds,
        unit="s CPU, warm",
        goal=goal,
        goal_is="product",
        beside=dict(beside),
    )
