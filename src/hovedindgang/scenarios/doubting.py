"""What of all that is not known decides a what-if most: each number at both ends of its range, a piece at a time.

Piece 0 is the answer as it is; the others follow `ends_of`. The simulation is loaded inside functions, in the worker.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.scenarios.documents import change_of, in_her_language
from hovedindgang.scenarios.figures import short
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.rules import MOST_DOUBTS
from hovedindgang.servicemodel.document import ServiceModel

Piece = dict[str, Any]
EACH = 4  # replications of each end


def ends_of(inputs: Inputs) -> list[tuple[str, str, float]]:
    """(A number's key, the end it is put at, its value there), the widest ranges first: at most `MOST_DOUBTS`."""
    from hovedindgang.planning.service.ranges import trials

    return trials(inputs)[: 2 * MOST_DOUBTS]


def tried(run: Run, model: ServiceModel, inputs: Inputs, number: int, *, jit: bool) -> Piece:
    """Piece `number` of the run: how the what-if differs from the policy as it is, in each of a few replications.

    What cannot be planned at that end says why instead.
    """
    from hovedindgang.planning.service.assumptions import answered, apart, scales
    from hovedindgang.planning.service.reading import Plan

    trial = None if number == 0 else ends_of(inputs)[number - 1]
    with in_her_language():
        plans = [Plan("", model, inputs, ()), Plan(run.title, model, inputs, tuple(map(change_of, run.changes)))]
        try:
            both = [answered(one, seed=run.seed, replications=EACH, jit=jit, trial=trial) for one in plans]
        except CannotPlan as problem:
            if trial is None:
                raise
            return {"why": str(problem)}
    first, other = both
    assert first is not None
    assert other is not None
    found: Piece = {
        ":".join(key): [short(one) if math.isfinite(one) else None for one in values.tolist()]
        for key, values in apart(first, other).items()
    }
    if trial is None:
        found["unit"] = {":".join(key): short(one) for key, one in scales(first).items()}
    return found


def came_to(run: Run, model: ServiceModel, inputs: Inputs, pieces: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The run's results: `planning.service.assumptions.told_of`, with what could not be tried and what has no range."""
    import numpy as np

    from hovedindgang.planning.service.assumptions import told_of
    from hovedindgang.planning.service.ranges import ranged, rangeless

    def answer(piece: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
        return {
            (of, figure): np.array([math.nan if one is None else one for one in values])
            for key, values in piece.items()
            if key != "unit"
            for of, _colon, figure in [key.partition(":")]
        }

    usual, *others = pieces
    unit = {(of, figure): one for key, one in usual["unit"].items() for of, _colon, figure in [key.partition(":")]}
    ends = ends_of(inputs)
    done = {end: answer(piece) for end, piece in zip(ends, others, strict=True) if "why" not in piece}
    told = told_of(run.title, (model, inputs), answer(usual), done, unit)
    return {
        "figures": {},
        "doubts": told | {"figures": told["figures"][:20]},
        "each": EACH,
        "tried": len(ends) // 2,
        "of": len(ranged(inputs)),
        "not_possible": [
            f"{key} ({value:g}): {piece['why']}"
            for (key, _end, value), piece in zip(ends, others, strict=True)
            if "why" in piece
        ],
        "rangeless": rangeless(inputs),
    }
