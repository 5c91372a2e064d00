"""HiGHS, as it comes with scipy, on a `Program`: the relaxation, a dive into it, then the whole. A process of its own.

The relaxation's optimum is a bound for the whole program. The dive keeps what is chosen there and solves the rest,
as in relaxation-enforced neighbourhood search (Berthold 2014). After "started", CP-SAT works beside. Where rules
collide, the relaxation often knows which: elastic filtering (Chinneck 2008).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

from hovedindgang.planning.integer import UNLIMITED
from hovedindgang.planning.integer_asking import answer_asked

DIVE_NODES = 500


def answer(ask: dict[str, Any]) -> None:
    if ask["task"] == "explain":
        _collide(ask)
    else:
        _solve(ask)


def _collide(ask: dict[str, Any]) -> None:
    """Rules that already the relaxation cannot keep together; left out one after the other where it still cannot."""
    until = time.monotonic() + ask["seconds"]
    whole = _Whole(ask["program"])
    core = whole.colliding(range(len(ask["program"]["rule_weights"])), ask["seconds"])
    size = len(core or ()) // 2
    while core is not None and size:  # many at a time, then fewer
        for first in range(0, len(core), size):
            out = set(core[first : first + size])
            if (left := until - time.monotonic()) > 0 and out:
                core = whole.colliding([rule for rule in core if rule not in out], left) or core
        size //= 2
    if core is not None:
        _say(core=core, minimal=False)


def _solve(ask: dict[str, Any]) -> None:
    began = time.monotonic()
    whole = _Whole(ask["program"])
    limit = {} if ask["repeatable"] else {"time_limit": ask["seconds"] / 3}
    if ask["dive"]:
        relaxed = whole.solve(whole.lower, whole.upper, integer=False, **limit)
    else:
        relaxed = whole.bounded(**({} if ask["repeatable"] else {"time_limit": ask["seconds"]}))
    if relaxed.status == 2:
        _say(ended="infeasible")
        return
    if relaxed.status == 0:
        _say(bound=_bound(relaxed.fun))
    if relaxed.status == 0 and ask["dive"]:
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
        self.rule: list[int] = []  # of each row; -1 for none
        for number, (indices, coefficients, least, most, rule) in enumerate(program["rows"]):
            rows += [number] * len(indices)
            columns += indices
            values += coefficients
            low.append(least if least > -UNLIMITED else -np.inf)
            high.append(most if most < UNLIMITED else np.inf)
            self.rule.append(rule)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(low), len(self.lower)))
        self.rows = [LinearConstraint(matrix, low, high)] if low else []
        self.checked = matrix, np.array(low), np.array(high)

    def solve(self, lower: np.ndarray, upper: np.ndarray, *, integer: bool = True, **options: object) -> OptimizeResult:
        kinds = np.full(len(self.lower), int(integer))
        return milp(self.price, integrality=kinds, bounds=Bounds(lower, upper), constraints=self.rows, options=options)

    def bounded(self, **options: object) -> OptimizeResult:
        """The relaxation by an interior point method: three times as fast where only its price is asked for."""
        matrix, low, high = self.checked
        above, below = np.isfinite(high), np.isfinite(low)
        return linprog(
            self.price,
            A_ub=vstack([matrix[above], -matrix[below]]),
            b_ub=np.concatenate([high[above], -low[below]]),
            bounds=np.column_stack([self.lower, self.upper]),
            method="highs-ipm",
            options=options,
        )

    def colliding(self, rules: Iterable[int], seconds: float) -> list[int] | None:
        """Of these `rules` some that cannot all hold, though parts of people were allowed; None: none seen in time.

        Each row of a rule may be broken at a price; the rows that the cheapest way of it hangs on, by its dual, prove
        by themselves that something must be (Farkas; as in elastic filtering, Chinneck 2008).
        """
        matrix, low, high = self.checked
        wanted, of = set(rules), np.array(self.rule, int)
        kept = np.array([rule < 0 or rule in wanted for rule in self.rule])
        above, below = kept & np.isfinite(high), kept & np.isfinite(low)
        of_rows = np.concatenate([of[above], of[below]])
        soft = np.flatnonzero(of_rows >= 0)
        slack = csr_matrix((-np.ones(len(soft)), (soft, np.arange(len(soft)))), shape=(len(of_rows), len(soft)))
        found = linprog(
            np.concatenate([np.zeros(len(self.price)), np.ones(len(soft))]),
            A_ub=hstack([vstack([matrix[above], -matrix[below]]), slack]).tocsr(),
            b_ub=np.concatenate([high[above], -low[below]]),
            bounds=[*zip(self.lower, self.upper, strict=True), *[(0, None)] * len(soft)],
            method="highs-ds",
            options={"time_limit": max(0.1, seconds)},
        )
        if found.status != 0 or found.fun < 1e-6:
            return None
        return sorted({int(rule) for rule in of_rows[np.abs(found.ineqlin.marginals) > 1e-9] if rule >= 0})

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
