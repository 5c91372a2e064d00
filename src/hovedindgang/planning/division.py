"""Division of labour: what moving a service, or a step of it, between Borgerservice and a department does to both.

Both queues are simulated before and after with the same citizens (common random numbers; Law 2015, section 11.2), so a
change's interval is that of the pairs. A year of work is counted where it is done; kroner are that work's wages.

Indicator A counts enquiries to Borgerservice; who goes straight to a department leaves it, solved or not, so a move may
raise A and solve nothing. Therefore the wide reading (`indicators.md`) stands beside it: of the enquiries that came to
Borgerservice before or do after, those that Borgerservice solved.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
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
YEAR_HOURS = 1_500.0  # that an employee is at work a year, about: for how many are tried, and nothing that is shown


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
    first_day: dt.date
    days: int

    @property
    def times(self) -> float:
        """What the figures of the days are multiplied by to be those of a year."""
        return YEAR / self.days


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
        first_day=before.prepared.scenario.asked_from,
        days=round(before.days),
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
        "staff_kr_per_year": lambda one: _at_work_kr(one, [*_own(one, True), *_of_place(one, department)]),
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


def _at_work_kr(results: Results, who: list[int]) -> Pair:
    """Wages a year of the hours that these are at work, busy or not: what changes when people move along."""
    staff = results.prepared.scenario.employees
    wages = np.array([staff[at].kr_per_hour for at in who])
    there = np.array([tally.duty[who] for tally in results.tallies]).reshape(-1, len(who))
    return there @ wages / 60.0, _years(results)


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


# ----------------------------------------------------------------------------------------------- who moves along

# Of each queue what tells whether it is worse, and whether more of it is.
BETTER = {
    "wait_in_person_minutes": -1,
    "wait_phone_minutes": -1,
    "wait_matters_minutes": -1,
    "not_served_percent": -1,
    "answered_by_the_day_percent": 1,
}
SEEN = 0.05  # minutes or points: what is less is shown as nothing
MOST_ALONG = 6  # numbers of people that are tried


@dataclass(frozen=True, slots=True)
class Along:
    """What happens where `people` move along: for each side the figures that are worse than before the move.

    `worse`: surely, as the 95 % interval of the pairs says, or a queue that began to grow. `perhaps`: the mean is
    worse, and chance may be why.
    """

    people: int
    found: Divided
    worse: Mapping[str, tuple[str, ...]]
    perhaps: Mapping[str, tuple[str, ...]]

    @property
    def no_worse(self) -> bool:
        return not any(self.worse.values()) and not any(self.perhaps.values())


HERE, THERE = "borgerservice", "department_queue"


def along(people: int, found: Divided) -> Along:
    """Which side's queue is worse than before the move, when so many move along."""
    grew = sorted(key for key, (before, after) in found.growth.items() if after is not None and before is None)
    there = [key for key in grew if key.partition(":")[0] in (DEPARTMENT, DIRECT)]
    sides = {HERE: found.borgerservice, THERE: found.of_department}
    grown = {HERE: [key for key in grew if key not in there], THERE: there}
    return Along(
        people,
        found,
        {side: (*_worse(shown, sure=True), *grown[side]) for side, shown in sides.items()},
        {side: tuple(_worse(shown, sure=False)) for side, shown in sides.items()},
    )


def _worse(shown: Mapping[str, Shown], *, sure: bool) -> Iterator[str]:
    for name, sign in BETTER.items():
        one = shown.get(name)
        if one is not None and one.change is not None and one.sure is sure and sign * one.change.value < -SEEN:
            yield name


def numbers_to_try(move: MoveWork, inputs: Inputs, caseworkers: int, none: Divided) -> tuple[int, ...]:
    """How many might move along: up to one more than the work that the receiving side got, as many as there are.

    An employee's hours at work are those of the receiving side, as it is as busy as it was.
    """
    got = none.of_department if move.to == TO_DEPARTMENT else none.borgerservice
    work, busy = got["work_hours_per_year"], got["occupancy_percent"]
    hours = work.change.value if work.change else 0.0
    share = busy.before.value / 100 if busy.before and math.isfinite(busy.before.value) else 1.0
    each = YEAR_HOURS * max(share, 0.1)
    there = move.team_of(inputs).number if move.to == TO_DEPARTMENT else caseworkers
    return tuple(range(1, min(there - 1, MOST_ALONG, math.ceil(max(0.0, hours) / each) + 1) + 1))


# -------------------------------------------------------------------------------------------------------- as data


def as_data(found: Divided, move: MoveWork, words: str, tried: Sequence[Along] = ()) -> dict[str, Any]:
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
        "people_along": move.people,
        "team": move.team or None,
        "simulated": {
            "first_day": found.first_day.isoformat(),
            "days": found.days,
            "replications": found.replications,
            "year_is_days_times": round(found.times, 4),
        },
        "along": [
            {
                "people": one.people,
                "no_worse": one.no_worse,
                "worse": {side: list(names) for side, names in one.worse.items()},
                "perhaps_worse": {side: list(names) for side, names in one.perhaps.items()},
                HERE: _plain(one.found.borgerservice),
                THERE: _plain(one.found.of_department),
                "together": _plain(one.found.whole),
            }
            for one in tried
        ],
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
