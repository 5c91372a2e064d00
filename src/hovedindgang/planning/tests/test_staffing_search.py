"""The search for team sizes, its bound and what is verified, mostly on services that answer at once."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.ground import ground_of
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import LEVEL, Results, ratio_of
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_some, tallies
from hovedindgang.planning.simulation.scenario import GENERALIST, SPECIALIST, TRAINEE
from hovedindgang.planning.staffing import worth
from hovedindgang.planning.staffing.bounding import Bound
from hovedindgang.planning.staffing.hourly import competence_needs, hourly_needs
from hovedindgang.planning.staffing.promises import Promises, Standard, shares
from hovedindgang.planning.staffing.searching import best_tried, grown, one_more, pruned, steadiest
from hovedindgang.planning.staffing.trying import Sizes, promised
from hovedindgang.planning.staffing.verifying import LOOKS, Kept, Verifying
from hovedindgang.planning.tests.test_simulation_town import ours_of_it
from hovedindgang.planning.tests.test_staffing import IN_PERSON, PHONE, PROMISES, Told, village
from hovedindgang.servicemodel.document import Channel

MOST = 9


@dataclasses.dataclass(eq=False)
class Service:
    """Two queues of a hundred each; every employee of a team answers so many of each in time."""

    kr: tuple[float, ...]
    helps: tuple[tuple[float, float], ...]  # by team: of the callers, of the visitors
    known: dict[Sizes, Any] = dataclasses.field(default_factory=dict)
    promises = Promises((Standard(PHONE, 3.0, 0.8), Standard(IN_PERSON, 20.0, 0.7)))

    def cost(self, sizes: Sizes) -> float:
        return sum(number * kr for number, kr in zip(sizes, self.kr, strict=True))

    def of(self, sizes: Sizes) -> Any:
        """Nobody is answered in part: one more either is enough for another citizen, or changes nothing."""
        in_time = [
            min(100.0, sum(number * each[queue] for number, each in zip(sizes, self.helps, strict=True)))
            for queue in (0, 1)
        ]
        found = {
            key: (np.array([n]), np.array([100.0])) for key, n in zip(("phone", "in_person:x"), in_time, strict=True)
        }
        self.known[sizes] = found
        return found

    def missed(self, sizes: Sizes) -> float:
        return self.promises.missed(self.of(sizes))

    def every_plan(self) -> Iterator[Sizes]:
        return (sizes for sizes in itertools.product(range(MOST + 1), repeat=len(self.kr)) if self.missed(sizes) == 0)


@st.composite
def services(draw: st.DrawFn) -> Service:
    teams = draw(st.integers(2, 3))
    kr = draw(st.lists(st.sampled_from([250_000.0, 300_000.0, 410_000.0]), min_size=teams, max_size=teams))
    helps = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=teams, max_size=teams))
    helps[0] = 9 + helps[0][0], 9 + helps[0][1]  # nine of the first are enough for both
    return Service(tuple(kr), tuple(helps))


@settings(max_examples=40, deadline=None)
@given(service=services(), from_much=st.booleans())
def test_of_a_plan_that_was_pruned_nobody_can_be_spared(service: Service, from_much: bool) -> None:
    none, most = (0,) * len(service.kr), (MOST,) * len(service.kr)
    plan = pruned(service, most if from_much else grown(service, none, most), none)
    assert service.missed(plan) == 0
    for at, number in enumerate(plan):
        assert number == 0 or service.missed(one_more(plan, at, -1)) > 0


def test_whoever_helps_most_for_her_pay_comes_first_and_the_dearest_goes_first() -> None:
    dear_and_able = Service((100.0, 300.0), ((10, 10), (20, 20)))
    assert grown(dear_and_able, (0, 0), (MOST, MOST)) == (8, 0)
    alike = Service((100.0, 300.0), ((20, 20), (20, 20)))
    assert pruned(alike, (3, 2), (0, 0)) == (3, 1)
    assert pruned(alike, (3, 2), (0, 2)) == (2, 2)


@settings(max_examples=40, deadline=None)
@given(service=services(), tries=st.sampled_from([0, 3, 10_000]))
def test_no_plan_that_keeps_the_promises_is_cheaper_than_the_bound(service: Service, tries: int) -> None:
    none, most = (0,) * len(service.kr), (MOST,) * len(service.kr)
    cheapest = min(service.cost(plan) for plan in service.every_plan())
    service.known.clear()
    bound = Bound(service, none, pruned(service, most, none), most)
    bound.tighten(tries=tries, goes_on=lambda: True)
    assert bound.kr <= cheapest + 0.5
    assert bound.proved or tries < 10_000
    if bound.proved:
        assert bound.kr == service.cost(bound.best) == pytest.approx(cheapest)


def test_who_stops_early_gets_the_cheapest_that_keeps_them_or_else_what_misses_them_by_fewest() -> None:
    service = Service((100.0, 300.0), ((10, 10), (20, 20)))
    for sizes in ((2, 1), (1, 1), (MOST, 0)):
        service.of(sizes)
    assert best_tried(service, (MOST, MOST)) == (2, 1)  # type: ignore[arg-type]
    for sizes in ((0, 5), (8, 0), (0, 4)):
        service.of(sizes)
    assert best_tried(service, (MOST, MOST)) == (8, 0)  # type: ignore[arg-type]


def test_of_plans_that_cost_the_same_the_one_is_taken_that_keeps_its_nearest_promise_by_most() -> None:
    service = Service((100.0, 100.0), ((30, 10), (10, 30)))
    assert steadiest(service, (3, 0), (0, 0)) == (2, 1)


# ----------------------------------------------------------------------------------------------------- verifying


class Watched(Told):
    """It remembers by which numbers its citizens were asked for."""

    def __init__(self) -> None:
        super().__init__(seed=1, shares={(3, 2): 0.9, (2, 3): 0.9})
        self.seen: list[range] = []

    def fresh(self, sizes: Any, *, first: int, replications: int) -> Any:
        self.seen.append(range(first, first + replications))
        return super().fresh(sizes, first=first, replications=replications)


def test_who_verifies_are_citizens_that_had_no_part_in_the_search() -> None:
    service = Watched()
    verifying = Verifying(service, (2, 2), (60, 60))  # type: ignore[arg-type]
    verifying.run(lambda: True)
    assert sum(verifying.sizes) == 5
    assert min(numbers.start for numbers in service.seen) >= service.replications
    of_each_plan = sorted({(numbers.start, numbers.stop) for numbers in service.seen})
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(of_each_plan))


@pytest.mark.parametrize(("among", "level"), [(1, 0.99), (6, 1 - 0.01 / 6)])
def test_the_more_looks_and_plans_there_are_the_surer_each_must_be(among: int, level: float) -> None:
    """Bonferroni: five looks at each of six plans keep 95 % together."""
    assert (len(LOOKS), LEVEL) == (5, 0.95)
    verifying = Verifying(Watched(), (2, 2), (60, 60))  # type: ignore[arg-type]
    judged = set()
    for more in np.linspace(-25, 25, 101):
        pair = 400.0 + more + np.arange(-20.0, 21.0, 4.0), np.full(11, 500.0)
        estimate = ratio_of(*pair, level=level)
        rightly = Kept.SURELY if estimate.low >= 0.8 else Kept.BROKEN if estimate.high < 0.8 else Kept.UNSURE
        judged.add(verifying._judged("phone", pair, False, among))
        assert verifying._judged("phone", pair, False, among) is rightly
    assert judged == set(Kept)


# ------------------------------------------------------------------------------------------- what is counted and shown


def test_whoever_still_waits_when_the_door_is_shut_was_not_served_in_time() -> None:
    scenario = ours_of_it()
    channels = {key: flow.channel for key, flow in scenario.flows.items()}
    standard = Standard(Channel(channels["south"]), 20.0, 0.8)
    promises = Promises((standard,))
    prepared = prepare(promised(scenario, promises.layers[0]))
    done = list(run_some(prepared.scenario, seed=3, replications=range(4)))
    results, told = Results(prepared, 3, tuple(done)), shares(prepared, done, promises, 0)
    flows = [at for at, key in enumerate(scenario.flows) if channels[key] == standard.channel]
    shut_out = results.column(Of.UNSERVED, flows)
    assert shut_out.sum() > 0
    came = sum(came for _in_time, came in told.values())
    assert came == pytest.approx(results.column(Of.SERVED, flows) + results.column(Of.GAVE_UP, flows) + shut_out)


def test_who_learns_a_service_did_not_know_it() -> None:
    base = scenario_of(*village())
    for service in village()[0].services:
        learner = worth._learner(base, service)
        assert learner is not None
        assert worth._level(base, learner, service) in (None, TRAINEE)


def test_an_hour_more_is_sixty_minutes_after_the_doors_have_closed_until_now() -> None:
    ground, told = ground_of(*village()), [more.what for more in worth._hours(*village())]
    closes = {
        date.weekday(): spans[0][1] for date, spans in zip(ground.dates, ground.own["aabybro"], strict=True) if spans
    }
    later = {1: "tirsdage", 2: "onsdage", 3: "torsdage", 4: "fredage"}
    assert len(told) == len(later)
    for weekday, name in later.items():
        hour, minute = divmod(int(closes[weekday]) + 60, 60)
        assert any(name in words and words.endswith(f"-{hour:02}:{minute:02}.") for words in told)


def test_where_two_promises_are_made_an_hour_needs_as_many_as_the_one_that_asks_most() -> None:
    scenario = scenario_of(*village())
    results = Results(prepare(scenario), 3, tuple(tallies(scenario, seed=3, replications=1)))
    easy, hard = Standard(PHONE, 20.0, 0.5), Standard(PHONE, 0.5, 0.95)
    by_hour = [
        {(one.weekday, one.hour): one.employees for one in hourly_needs(results, promises)}
        for promises in ([easy], [hard], [easy, hard])
    ]
    assert sum(by_hour[0].values()) < sum(by_hour[1].values())
    assert by_hour[2] == by_hour[1]


def test_who_is_a_specialist_can_do_it_alone_too() -> None:
    scenario = scenario_of(*village())
    raised = tuple(
        dataclasses.replace(
            one, levels={line: SPECIALIST if level == GENERALIST else level for line, level in one.levels.items()}
        )
        for one in scenario.employees
    )
    told = []
    for each in (scenario, dataclasses.replace(scenario, employees=raised)):
        results = Results(prepare(each), 3, tuple(tallies(each, seed=3, replications=1)))
        told.append([(one.service, one.generalists) for one in competence_needs(results, PROMISES)])
    assert sorted(told[0]) == sorted(told[1])
    assert any(alone for _service, alone in told[1])
