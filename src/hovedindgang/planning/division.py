"""Division of labour: what moving a service, or a step of it, between Borgerservice and a department does to both.

Both queues are simulated before and after with the same citizens (common random numbers; Law 2015, section 11.2), so a
change's interval is that of the pairs. A year of work is counted where it is done; kroner are that work's wages.

Indicator A counts enquiries to Borgerservice; who goes straight to a department leaves it, solved or not, so a move may
raise A and solve nothing. Therefore the wide reading (`indicators.md`) stands beside it: of the enquiries that came to
Borgerservice before or do after, those that Borgerservice solved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import changed
from hovedindgang.planning.service.dividing import DIRECT, TO_DEPARTMENT, taker
from hovedindgang.planning.service.ground import DEPARTMENT, FILL_IN, IN_PERSON, PHONE, ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.moving_work import MoveWork
from hovedindgang.planning.simulation.comparing import Pair, ratio_difference
from hovedindgang.planning.simulation.network import Came, Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, only, ratio_of
from hovedindgang.planning.simulation.scenario import Flow, Scenario
from hovedindgang.servicemodel.document import ServiceModel

YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure before and after, and the change with the interval of the pairs; None where there is nothing to say."""

    before: Estimate | None
    after: Estimate | None
    change: Estimate | None

    @property
    def sure(self) -> bool:
        return self.change is not None and (self.change.low > 0 or self.change.high < 0)


@dataclass(frozen=True, slots=True)
class Divided:
    """What the move does. Waits in minutes, shares in percent, work in hours and kroner a year.

    growth: queue → how many more wait with each day, before and after; of queues that grow the wait is None.
    """

    department: str
    borgerservice: Mapping[str, Shown]
    of_department: Mapping[str, Shown]
    whole: Mapping[str, Shown]
    growth: Mapping[str, tuple[float | None, float | None]]
    assumed: Mapping[str, str]
    replications: int


def scenarios_of(model: ServiceModel, inputs: Inputs, move: MoveWork) -> tuple[Scenario, Scenario, str]:
    """Before and after, and the department. Raises CannotPlan where the move cannot be made."""
    ground = ground_of(model, inputs)
    after = scenario_of(*changed(model, inputs, (move,)))
    return scenario_of(model, inputs), after, taker(ground, move)


def divided(before: Results, after: Results, department: str) -> Divided:
    """The figures of both, of the replications that both have done."""
    done = {tally.replication for tally in before.tallies} & {tally.replication for tally in after.tallies}
    both = only(before, done), only(after, done)

    def shown(figures: Mapping[str, Callable[[Results], Pair]]) -> dict[str, Shown]:
        return {name: _shown(both, figure) for name, figure in figures.items()}

    growth = {}
    for group in dict.fromkeys((*both[0].prepared.groups, *both[1].prepared.groups)):
        channel, place = group
        grows = tuple(_growth(one, group) for one in both)
        if any(one is not None for one in grows) and (channel not in (DEPARTMENT, DIRECT) or place == department):
            growth[f"{channel}:{place}" if place else channel] = (grows[0], grows[1])
    return Divided(
        department=department,
        borgerservice=_without_mean(shown(_of_borgerservice()), growth, both),
        of_department=_without_mean(shown(_of_department(department)), growth, both),
        whole=shown(_of_both(department)),
        growth=growth,
        assumed=both[1].prepared.scenario.assumed,
        replications=len(done),
    )


def _shown(both: tuple[Results, Results], figure: Callable[[Results], Pair]) -> Shown:
    pairs = [figure(one) for one in both]
    found = [ratio_of(*pair) if pair[1].sum() > 0 else None for pair in pairs]
    return Shown(found[0], found[1], ratio_difference(pairs[0], pairs[1]))


def _growth(results: Results, group: tuple[str, str | None]) -> float | None:
    groups = results.prepared.groups
    return results.growth(groups.index(group)) if group in groups else None


def _without_mean(
    shown: dict[str, Shown], growth: Mapping[str, tuple[float | None, float | None]], both: tuple[Results, Results]
) -> dict[str, Shown]:
    """A queue that grows has no mean wait."""
    for name, one in shown.items():
        if not name.startswith("wait_"):
            continue
        channel = WAITS[name]
        queues = [grows for key, grows in growth.items() if key.partition(":")[0] in channel]
        grew = [any(grows[at] is not None for grows in queues) for at in range(len(both))]
        if any(grew):
            kept = [None if grown else value for grown, value in zip(grew, (one.before, one.after), strict=True)]
            shown[name] = Shown(kept[0], kept[1], None)
    return shown


WAITS: Mapping[str, tuple[str, ...]] = {
    "wait_in_person_minutes": (IN_PERSON,),
    "wait_phone_minutes": (PHONE,),
    "wait_matters_minutes": (DEPARTMENT,),
    "wait_direct_minutes": (DIRECT,),
}


# ----------------------------------------------------------------------------------------------------- the figures


def _of_borgerservice() -> dict[str, Callable[[Results], Pair]]:
    return {
        "wait_in_person_minutes": lambda one: _ratio(one, _ours(IN_PERSON), (Of.WAITED,), (Of.SERVED,)),
        "wait_phone_minutes": lambda one: _ratio(one, _ours(PHONE), (Of.WAITED,), (Of.SERVED,)),
        "not_served_percent": lambda one: _ratio(
            one, _ours(IN_PERSON, PHONE), (Of.GAVE_UP, Of.UNSERVED), (Of.SERVED, Of.GAVE_UP, Of.UNSERVED), 100
        ),
        "answered_by_the_day_percent": lambda one: _ratio(one, _ours(*FILL_IN), (Of.KEPT,), (Of.KEPT, Of.BROKEN), 100),
        "waiting_at_the_end": lambda one: _waiting(one, lambda channel, _place: channel not in (DEPARTMENT, DIRECT)),
        "occupancy_percent": lambda one: _busy(one, _own(one, True), of_duty=True),
        "work_hours_per_year": lambda one: _busy(one, _own(one, True)),
    }


def _of_department(department: str) -> dict[str, Callable[[Results], Pair]]:
    heap, door = f"{DEPARTMENT}:{department}", f"{DIRECT}:{department}"
    return {
        "matters_per_year": lambda one: _a_year(one, _line(heap), Of.ARRIVED),
        "wait_matters_minutes": lambda one: _ratio(one, _line(heap), (Of.WAITED,), (Of.SERVED,)),
        "answered_by_the_day_percent": lambda one: _ratio(one, _line(heap), (Of.KEPT,), (Of.KEPT, Of.BROKEN), 100),
        "direct_per_year": lambda one: _a_year(one, _line(door), Of.ARRIVED),
        "wait_direct_minutes": lambda one: _ratio(one, _line(door), (Of.WAITED,), (Of.SERVED,)),
        "not_served_percent": lambda one: _ratio(
            one, _line(door), (Of.GAVE_UP, Of.UNSERVED), (Of.SERVED, Of.GAVE_UP, Of.UNSERVED), 100
        ),
        "waiting_at_the_end": lambda one: _waiting(one, lambda _channel, place: place == department),
        "occupancy_percent": lambda one: _busy(one, _of_place(one, department), of_duty=True),
        "work_hours_per_year": lambda one: _busy(one, _of_place(one, department)),
    }


def _of_both(department: str) -> dict[str, Callable[[Results], Pair]]:
    return {
        "resolved_in_house_percent": lambda one: _ratio(one, _asked, (Of.IN_HOUSE,), (Of.MATTERS,), 100),
        "resolved_in_house_wide_percent": lambda one: _ratio(one, _all, (Of.IN_HOUSE,), (Of.MATTERS,), 100),
        "first_contact_resolution_percent": lambda one: _ratio(one, _asked, (Of.AT_ONCE,), (Of.MATTERS,), 100),
        "first_contact_resolution_wide_percent": lambda one: _ratio(one, _all, (Of.AT_ONCE,), (Of.MATTERS,), 100),
        "hand_offs_per_year": _hand_offs,
        "work_hours_per_year": lambda one: _busy(one, [*_own(one, True), *_of_place(one, department)]),
        "work_kr_per_year": lambda one: _busy(one, [*_own(one, True), *_of_place(one, department)], kroner=True),
    }


Wanted = Callable[[Flow], bool]


def _ours(*channels: str) -> Wanted:
    return lambda flow: flow.channel in channels


def _line(key: str) -> Wanted:
    return lambda flow: flow.line == key


def _asked(flow: Flow) -> bool:
    return not flow.direct


def _all(_flow: Flow) -> bool:
    return True


def _flows(results: Results, wanted: Wanted) -> list[int]:
    return [at for at, flow in enumerate(results.prepared.scenario.flows.values()) if wanted(flow)]


def _ratio(results: Results, wanted: Wanted, above: tuple[Of, ...], below: tuple[Of, ...], times: float = 1.0) -> Pair:
    flows, zero = _flows(results, wanted), np.zeros(len(results.tallies))
    top = sum((results.column(of, flows) for of in above), zero)
    return times * top, sum((results.column(of, flows) for of in below), zero)


def _years(results: Results) -> NDArray[np.float64]:
    return np.full(len(results.tallies), results.days / YEAR)


def _a_year(results: Results, wanted: Wanted, of: Of) -> Pair:
    return results.column(of, _flows(results, wanted)), _years(results)


def _waiting(results: Results, wanted: Callable[[str, str | None], bool]) -> Pair:
    """How many wait in these queues when the time is over."""
    groups = [at for at, one in enumerate(results.prepared.groups) if wanted(*one)]
    waits = np.array([tally.queue[-1, groups].sum() for tally in results.tallies])
    return waits, np.ones(len(results.tallies))


def _own(results: Results, own: bool) -> list[int]:
    return [at for at, one in enumerate(results.prepared.scenario.employees) if one.own is own]


def _of_place(results: Results, department: str) -> list[int]:
    staff = results.prepared.scenario.employees
    return [at for at, one in enumerate(staff) if not one.own and one.place == department]


def _busy(results: Results, who: list[int], *, of_duty: bool = False, kroner: bool = False) -> Pair:
    """Of these employees: hours of work a year, or their wages, or (percent) minutes of work of minutes at work."""
    staff = results.prepared.scenario.employees
    wages = np.array([staff[at].kr_per_hour if kroner else 1.0 for at in who])
    busy = np.array([tally.busy[who] for tally in results.tallies]).reshape(-1, len(who))
    if of_duty:
        return 100 * busy.sum(axis=1), np.array([tally.duty[who].sum() for tally in results.tallies])
    return busy @ wages / 60.0, _years(results)


def _hand_offs(results: Results) -> Pair:
    """Matters that go from Borgerservice to a department, and that come back undone."""
    total = np.zeros(len(results.tallies))
    for at, flow in enumerate(results.prepared.scenario.flows.values()):
        if flow.direct:
            continue
        for column, way in enumerate(results.prepared.outcomes[at]):
            if way.came in (Came.HANDED_OVER, Came.RETURNED):
                total += [float(tally.outcomes[at, column]) for tally in results.tallies]
    return total, _years(results)


# -------------------------------------------------------------------------------------------------------- as data


def as_data(found: Divided, move: MoveWork, words: str) -> dict[str, Any]:
    """Everything in plain values; intervals are of 95 %."""
    return {
        "move": words,
        "service": move.service,
        "from": "borgerservice" if move.to == TO_DEPARTMENT else "department",
        "to": move.to,
        "centre": move.centre or None,
        "department": found.department,
        "minutes": move.minutes or None,
        "share": move.share,
        "saves_minutes": move.saves,
        "saves_source": move.source or None,
        "borgerservice": _plain(found.borgerservice),
        "department_queue": _plain(found.of_department),
        "together": _plain(found.whole),
        "growth_per_day": {key: {"before": one, "after": other} for key, (one, other) in found.growth.items()},
        "assumed": dict(found.assumed),
        "replications": found.replications,
    }


def _plain(shown: Mapping[str, Shown]) -> dict[str, Any]:
    def plain(one: Estimate | None) -> dict[str, float | None] | None:
        if one is None or not math.isfinite(one.value):
            return None
        return {name: value if math.isfinite(value) else None for name, value in one.as_dict().items()}

    return {
        name: {"before": plain(one.before), "after": plain(one.after), "change": plain(one.change)}
        for name, one in shown.items()
    }
