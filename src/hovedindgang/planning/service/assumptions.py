"""What of all that is not known decides an answer: each number at both ends of its own range, one at a time.

The others stay as they are, and the citizens are the same (common random numbers), so what is seen is what the one
number does: one-at-a-time sensitivity, drawn as a tornado (A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015,
section 12.4 on common random numbers; J. P. C. Kleijnen, Design and Analysis of Simulation Experiments, 2nd ed. 2015,
section 1.2 on what one at a time does not see: two numbers that are wrong together).

Shares that make a whole give way to each other: when one is moved, the others keep their proportions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import changed
from hovedindgang.planning.service.costs import cost_of
from hovedindgang.planning.service.inputs import Figure, Inputs
from hovedindgang.planning.service.naming import figure_name
from hovedindgang.planning.service.ranges import Trial
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, mean_of, only
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_once
from hovedindgang.servicemodel.document import Channel, ServiceModel

REPLICATIONS = 4
ENDS = ("low", "high")
COST = ("cost", "kr_per_year")
Outcome = tuple[str, str]  # a channel, "all" or "cost"; and the figure, called as in the answer of `plan compare`
Answer = Mapping[Outcome, NDArray[np.float64]]  # the figure in each replication; NaN where a queue grows without end


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that may lie elsewhere, and what that does: `shifts`: end → outcome → how the answer moves.

    An outcome whose queue grows without end there, and not otherwise, is None.
    """

    key: str
    figure: Figure
    shifts: Mapping[str, Mapping[Outcome, Estimate | None]]

    def weight(self, scales: Mapping[Outcome, float]) -> float:
        """How far the answer moves at most, in steps that matter; what cannot be told from chance is none."""
        return max((self.reach(outcome, scale) for outcome, scale in scales.items()), default=0.0)

    def reach(self, outcome: Outcome, scale: float) -> float:
        """The same of one outcome; infinite where its queue would grow without end."""
        found = [self.shifts[end].get(outcome, NO_SHIFT) for end in ENDS if end in self.shifts]
        return max((math.inf if one is None else _surely(one) / scale for one in found), default=0.0)


NO_SHIFT = Estimate(0.0, 0.0, 0.0)


def _surely(shift: Estimate) -> float:
    return 0.0 if shift.low <= 0 <= shift.high or math.isnan(shift.value) else abs(shift.value)


def put(inputs: Inputs, key: str, value: float) -> Inputs:
    """The inputs with one number put elsewhere; without such a number they are as they were."""
    known = dict(inputs.figures())
    if key not in known:
        return inputs
    found: Inputs = _with("", inputs, {key: value, **_giving_way(known, key, value)})
    return found


def _giving_way(known: Mapping[str, Figure], key: str, value: float) -> dict[str, float]:
    """The other shares of the whole that `key` is a share of, in their proportions."""
    level, _dot, _name = key.rpartition(".")
    if level.startswith("work.results."):
        others = [one for one in known if one.startswith(f"{level}.") and one != key]
    elif key.startswith("behaviour.displaced_"):
        others = [one for one in known if one.startswith("behaviour.displaced_") and one != key]
    else:
        return {}
    left = 1.0 - known[key].value
    return {one: known[one].value * (1.0 - value) / left for one in others} if left > 0 else {}


def _with(place: str, value: Any, moved: Mapping[str, float]) -> Any:
    """As `Inputs.figures` walks."""
    if isinstance(value, Figure):
        at = place.lstrip(".")
        return replace(value, value=moved[at]) if at in moved else value
    if isinstance(value, Mapping):
        return {key: _with(f"{place}.{key}", one, moved) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(
            _with(f"{place}.{getattr(one, 'name', '') or getattr(one, 'key', '') or at}", one, moved)
            for at, one in enumerate(value)
        )
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value)}
        found = {name: _with(f"{place}.{name}", one, moved) for name, one in parts.items()}
        return replace(value, **{name: one for name, one in found.items() if one is not parts[name]})
    return value


# ---------------------------------------------------------------------------------------------------- what is answered


def answered(
    plan: Plan,
    *,
    seed: int,
    replications: int = REPLICATIONS,
    jit: bool = True,
    goes_on: Callable[[], bool] = lambda: True,
    trial: Trial | None = None,
) -> Answer | None:
    """What the plan comes to, with one number put elsewhere; None where `goes_on` said no."""
    inputs = plan.inputs if trial is None else put(plan.inputs, trial[0], trial[2])
    scenario = scenario_of(*changed(plan.model, inputs, plan.changes), title=plan.title)
    if not goes_on():
        return None
    prepared, tallies = prepare(scenario), []
    for number in range(replications):
        if not goes_on():
            return None
        tallies.append(run_once(prepared, seed=seed, replication=number, jit=jit)[0])
    return dict(_figures(Results(prepared, seed, tuple(tallies))))


def _figures(results: Results) -> Iterator[tuple[Outcome, NDArray[np.float64]]]:
    flows = results.prepared.scenario.flows
    at = {
        one.value: [n for n, key in enumerate(results.prepared.flows) if flows[key].channel == one] for one in Channel
    }
    every = list(range(len(flows)))
    came = (Of.SERVED, Of.GAVE_UP, Of.UNSERVED)
    for channel in (Channel.IN_PERSON.value, Channel.PHONE.value):
        promised = [n for n in at[channel] if math.isfinite(results.prepared.network.promised[n])]
        wait = _ratio(results, at[channel], (Of.WAITED,), (Of.SERVED,))
        yield (channel, "wait_mean_minutes"), np.full_like(wait, math.nan) if _grows(results, at[channel]) else wait
        yield (channel, "abandoned_percent"), 100 * _ratio(results, at[channel], (Of.GAVE_UP,), came)
        yield (channel, "answered_in_time_percent"), 100 * _ratio(results, promised, (Of.WITHIN,), came)
    for channel in (Channel.WRITTEN.value, Channel.DIGITAL.value):
        kept = _ratio(results, at[channel], (Of.KEPT,), (Of.KEPT, Of.BROKEN))
        yield (channel, "answered_by_the_day_percent"), 100 * kept
    yield ("all", "resolved_in_house_percent"), 100 * _ratio(results, every, (Of.IN_HOUSE,), (Of.MATTERS,))
    yield ("all", "first_contact_resolution_percent"), 100 * _ratio(results, every, (Of.AT_ONCE,), (Of.MATTERS,))
    yield COST, np.array([cost_of(only(results, {one.replication})).kr.value for one in results.tallies])


def _ratio(results: Results, flows: Sequence[int], above: Sequence[Of], below: Sequence[Of]) -> NDArray[np.float64]:
    """[R]; zero where there was nothing to divide by."""
    none = np.zeros(len(results.tallies))
    top = sum((results.column(one, flows) for one in above), none)
    under = sum((results.column(one, flows) for one in below), none)
    return np.divide(top, under, out=none.copy(), where=under > 0)


def _grows(results: Results, flows: Sequence[int]) -> bool:
    network = results.prepared.network
    groups = {int(network.group_of[flow]) for flow in flows if network.line_of[flow] >= 0}
    return any(results.growth(group) is not None for group in groups)


def apart(first: Answer | None, other: Answer) -> Answer:
    """`other` less `first`; `other` itself where there is nothing to measure it from."""
    return other if first is None else {key: one - first[key] for key, one in other.items() if key in first}


def shifts(usual: Answer, moved: Answer) -> dict[Outcome, Estimate | None]:
    """How the answer moves, with the interval of the pairs; what has no answer as it is, is left out."""
    found: dict[Outcome, Estimate | None] = {}
    for key, one in usual.items():
        if key in moved and np.isfinite(one).all():
            grows = not np.isfinite(moved[key]).all()
            found[key] = None if grows else mean_of(moved[key] - one)
    return found


def scales(usual: Answer) -> dict[Outcome, float]:
    """What counts alike: a minute waited, a percentage point, and a hundredth of the wages."""
    return {key: max(abs(float(one.mean())) / 100, 1.0) if key == COST else 1.0 for key, one in usual.items()}


def moves(tried: Mapping[Trial, Answer], usual: Answer, inputs: Inputs, unit: Mapping[Outcome, float]) -> list[Moved]:
    """What was tried, what moves the answer most first; `tried`: the answers by what was put where."""
    known = dict(inputs.figures())
    by_key: dict[str, dict[str, Mapping[Outcome, Estimate | None]]] = {}
    for (key, end, _value), answer in tried.items():
        by_key.setdefault(key, {})[end] = shifts(usual, answer)
    found = [Moved(key, known[key], ends) for key, ends in by_key.items() if key in known]
    return sorted(found, key=lambda one: -one.weight(unit))


# ------------------------------------------------------------------------------------------------------------- as data


def told_of(
    title: str,
    start: tuple[ServiceModel, Inputs],
    usual: Answer,
    tried: Mapping[Trial, Answer],
    unit: Mapping[Outcome, float],
) -> dict[str, Any]:
    """What moves one answer, as data; `usual`: the answer as it is, `unit`: see `scales`. An infinite one is None."""
    model, inputs = start
    return {
        "title": title,
        "usual": {":".join(outcome): _finite(float(one.mean())) for outcome, one in usual.items()},
        "figures": [
            {
                "key": one.key,
                "name": figure_name(one.key, model),
                "value": one.figure.value,
                "low": one.figure.low,
                "high": one.figure.high,
                "kind": one.figure.kind.value,
                "reference": one.figure.said,
                "decides": _finite(one.weight(unit)),
                "moves": _moves(one, unit),
            }
            for one in moves(tried, usual, inputs, unit)
        ],
    }


def _moves(one: Moved, unit: Mapping[Outcome, float]) -> list[dict[str, Any]]:
    """Of each figure of the answer, what moves most first; at an end where its queue grows without end it is null."""
    ranked = sorted(unit, key=lambda outcome: -one.reach(outcome, unit[outcome]))
    return [
        {
            "of": outcome[0],
            "figure": outcome[1],
            "decides": _finite(one.reach(outcome, unit[outcome])),
            **{
                f"shift_at_{end}": None if (shift := shifts[outcome]) is None else shift.as_dict()
                for end, shifts in one.shifts.items()
                if outcome in shifts
            },
        }
        for outcome in ranked
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
