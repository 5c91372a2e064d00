"""HiGHS, as it comes with scipy, on a `Program`: the relaxation, a dive into it, then the whole. A process of its own.

The relaxation's optimum is a bound for the whole program. The dive keeps what is chosen there and solves the rest,
as in relaxation-enforced neighbourhood search (Berthold 2014). After "started", CP-SAT works beside.
"""

from __future__ import annotations

import json
import math
import time
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_matrix

from hovedindgang.planning.integer import UNLIMITED
from hovedindgang.planning.integer_asking import answer_asked

DIVE_NODES = 500


def answer(ask: dict[str, Any]) -> None:
    began = time.monotonic()
    whole = _Whole(ask["program"])
    limit = {} if ask["repeatable"] else {"time_limit": ask["seconds"] / 3}
    relaxed = whole.solve(whole.lower, whole.upper, integer=False, **limit)
    if relaxed.status == 2:
        _say(ended="infeasible")
        return
    if relaxed.status == 0:
        _say(bound=_bound(relaxed.fun))
        # First all that is chosen in the relaxation is kept; where that leads nowhere, nothing is.
        chosen = [i for i in ask["program"]["chosen_by"] if relaxed.x[i] > whole.upper[i] - 1e-6]
        kept = whole.lower.copy()
        kept[chosen] = whole.upper[chosen]
        dive = whole.solve(kept, whole.upper, mip_rel_gap=0.002, node_limit=DIVE_NODES, **limit)
        if dive.x is not None:
            whole.say(dive)
    _say(started=True)
    if not ask["repeatable"]:
        left = max(1.0, ask["seconds"] - (time.monotonic() - began))
        last = whole.solve(whole.lower, whole.upper, mip_rel_gap=max(ask["gap"], 1e-6), time_limit=left)
        if last.status == 2:
            _say(ended="infeasible")
        else:
            if last.mip_dual_bound is not None and math.isfinite(last.mip_dual_bound):
                _say(bound=_bound(last.mip_dual_bound))
            if last.x is not None:
                whole.say(last)


def _say(**line: object) -> None:
    print(json.dumps(line), flush=True)


def _bound(value: float) -> int:
    """Prices and variables are whole, so every answer's price is; the margin is what HiGHS allows itself."""
    return math.ceil(value - 1e-6 * max(1.0, abs(value)))


class _Whole:
    def __init__(self, program: dict[str, Any]) -> None:
        self.lower, self.upper = np.array(program["lower"], float), np.array(program["upper"], float)
        self.price = np.zeros(len(self.lower))
        for index, each in program["prices"]:
            self.price[index] = each
        rows, columns, values, low, high = [], [], [], [], []
        for number, (indices, coefficients, least, most, _rule) in enumerate(program["rows"]):
            rows += [number] * len(indices)
            columns += indices
            values += coefficients
            low.append(least if least > -UNLIMITED else -np.inf)
            high.append(most if most < UNLIMITED else np.inf)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(low), len(self.lower)))
        self.rows = [LinearConstraint(matrix, low, high)] if low else []
        self.checked = matrix, np.array(low), np.array(high)

    def solve(self, lower: np.ndarray, upper: np.ndarray, *, integer: bool = True, **options: object) -> OptimizeResult:
        kinds = np.full(len(self.lower), int(integer))
        return milp(self.price, integrality=kinds, bounds=Bounds(lower, upper), constraints=self.rows, options=options)

    def say(self, found: OptimizeResult) -> None:
        """The answer in whole numbers, if it still is one: HiGHS allows itself a little on every row."""
        values = np.round(found.x)
        matrix, low, high = self.checked
        total = matrix @ values
        if np.all(total >= low) and np.all(total <= high):
            pairs = [(int(i), int(values[i])) for i in np.flatnonzero(values)]
            _say(values=pairs, price=int(self.price @ values))


if __name__ == "__main__":
    answer_asked(answer)
