"""How long a plan is warmed up: how many weeks before the days that were asked for are simulated and not counted.

The plan is begun with nothing waiting 26 weeks before, and again a few weeks before, with the same citizens: the draws
of those weeks are numbered by how far before they lie. Where as many matters are open on the first morning that was
asked for (waiting, laid aside, at a department, or with a citizen who comes again) the beginning is forgotten. Starts
ever farther back with the same chance are those of coupling from the past (Propp & Wilson 1996), held here to a
tolerance instead of to identity. Welch (1983) and MSER-5 (White 1997) look for where one series becomes level; a
municipality's never does, for its year has waves and holidays, and a beginning in a quiet season would be cut off.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.simulation.network import DAY
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.simulation.replications import run_once
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.servicemodel.document import ServiceModel

WEEKS, LONGEST = (4, 8, 13), 26
TOLERANCE, FEW = 0.05, 0.5  # of the open matters; and so many matters are as good as none
REPLICATIONS, SEED = 6, 0  # the same for every run of a plan, so that it is warmed up as long whatever its own seed
WINDOW = 28  # days after it: for what is decided once for all of the days


def warmed(model: ServiceModel, inputs: Inputs, *, jit: bool = True) -> Inputs:
    """The inputs with their warm-up: the one they have, or the shortest that is long enough."""
    if inputs.warm_up is not None:
        return inputs
    return dataclasses.replace(inputs, warm_up=warm_up_of(model, inputs, jit=jit))


def warm_up_of(model: ServiceModel, inputs: Inputs, *, jit: bool = True) -> WarmUp:
    """The shortest of `WEEKS` that leaves no more than the tolerance; else the longest, which is not settled either.

    It takes about a third of a second for a plan with 300 flows. Raises CannotPlan where the plan cannot be simulated.
    """
    dated = inputs.demand.shocks or inputs.demand.new
    days = inputs.days if dated else min(inputs.days, WINDOW)
    longest = dataclasses.replace(inputs, days=days, warm_up=WarmUp(7 * LONGEST))
    prepared = prepare(scenario_of(model, longest))
    far = _open_matters(prepared, LONGEST, jit=jit)
    left = 0.0
    for weeks in WEEKS:
        missing = float((far - _open_matters(prepared, weeks, jit=jit)).mean())
        left = max(0.0, missing) / max(float(far.mean()), 1.0)  # an empty beginning leaves too few, never too many
        if left <= TOLERANCE or missing <= FEW:
            return WarmUp(7 * weeks, "measured", 100 * left)
    return WarmUp(7 * LONGEST, "measured", 100 * left, settled=False)


def _open_matters(prepared: Prepared, weeks: int, *, jit: bool) -> NDArray[np.float64]:
    """[REPLICATIONS] on the first morning that was asked for, begun with none so many weeks before."""
    lead = prepared.scenario.lead_days
    mass = prepared.network.mass.copy()
    mass[:, : max(0, lead - 7 * weeks)] = 0.0
    network = prepared.network._replace(mass=mass, ends_at=lead * DAY)
    begun = dataclasses.replace(prepared, network=network)
    runs = (run_once(begun, seed=SEED, replication=number, jit=jit)[0] for number in range(REPLICATIONS))
    return np.array([one.open_at_end for one in runs], np.float64)
