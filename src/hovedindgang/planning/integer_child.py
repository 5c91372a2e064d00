"""The other end of `integer`: loads OR-Tools, solves what is asked on standard input, says what it finds line by line.

Only ever run as a process of its own (`python -m hovedindgang.planning.integer_child`).
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from hovedindgang.planning.integer_asking import answer_asked


class _Tables(ModuleType):
    """In place of pandas, of which OR-Tools only names two types: it takes longer to load than all else together."""

    Index = type("Index", (), {})
    Series = type("Series", (), {})


_stands_in = "pandas" not in sys.modules
try:
    sys.modules.setdefault("pandas", _Tables("pandas"))
    from ortools.sat.python import cp_model
except AttributeError:  # an OR-Tools that asks more of it
    del sys.modules["pandas"]
    from ortools.sat.python import cp_model
else:
    if _stands_in:
        del sys.modules["pandas"]

Ask = dict[str, Any]
_said = threading.Lock()


def _answer(ask: Ask) -> None:
    if ask["task"] == "solve":
        _solve(ask)
    else:
        _explain(ask)


def _say(**line: object) -> None:
    with _said:
        print(json.dumps(line), flush=True)


def _solver(ask: Ask, seconds: float, workers: int | None = None) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = ask["seed"]
    parameters.num_workers = workers or ask["workers"]
    parameters.relative_gap_limit = ask["gap"]

    if ask["repeatable"]:
        parameters.interleave_search = True
        parameters.max_deterministic_time = seconds
    else:
        parameters.max_time_in_seconds = seconds
    return solver


def _model(
    program: dict[str, Any], rules: dict[int, cp_model.IntVar] | None, kept: Iterable[int] | None = None
) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The model and its variables. `rules`: a row holds where its rule's literal does; `kept`: only these rules."""
    model = cp_model.CpModel()
    variables = [
        model.new_bool_var("") if (low, high) == (0, 1) else model.new_int_var(low, high, "")
        for low, high in zip(program["lower"], program["upper"], strict=True)
    ]
    only = None if kept is None else set(kept)
    if rules is not None:
        for index in range(len(program["rule_weights"])):
            rules[index] = model.new_bool_var("")
    for indices, coefficients, low, high, rule in program["rows"]:
        if only is not None and rule >= 0 and rule not in only:
            continue
        if indices:
            total = cp_model.LinearExpr.weighted_sum([variables[i] for i in indices], coefficients)
            row = model.add_linear_constraint(total, low, high)
        elif low <= 0 <= high:
            continue
        else:  # nothing can make up what is asked for
            row = model.add_bool_or([])
        if rules is not None and rule >= 0:
            row.only_enforce_if(rules[rule])
    return model, variables


def _minimise(model: cp_model.CpModel, variables: list[cp_model.IntVar], program: dict[str, Any]) -> None:
    prices = program["prices"]
    model.minimize(cp_model.LinearExpr.weighted_sum([variables[i] for i, _ in prices], [p for _, p in prices]))


class _Better(cp_model.CpSolverSolutionCallback):
    def __init__(self, variables: list[cp_model.IntVar]) -> None:
        super().__init__()
        self.variables = variables

    def on_solution_callback(self) -> None:
        values = [(i, self.value(variable)) for i, variable in enumerate(self.variables)]
        _say(values=[pair for pair in values if pair[1]], price=self.objective_value, bound=self.best_objective_bound)


def _solve(ask: Ask) -> None:
    program = ask["program"]
    model, variables = _model(program, None)
    _minimise(model, variables, program)
    for index, value in ask["start"]:
        model.add_hint(variables[index], value)
    solver = _solver(ask, ask["seconds"])
    solver.best_bound_callback = lambda bound: _say(bound=bound)
    status = solver.solve(model, _Better(variables))
    ended = {cp_model.OPTIMAL: "proved", cp_model.INFEASIBLE: "infeasible"}.get(status, "done")
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        _say(ended=ended, bound=solver.best_objective_bound)
    else:
        _say(ended=ended)


def _explain(ask: Ask) -> None:
    """First rules that collide, then the fewest to give up; each is said when it is known."""
    program, until = ask["program"], time.monotonic() + ask["seconds"]
    core, proved = _collide(ask, until - ask["seconds"] / 2)
    if core is not None:
        _say(core=core, minimal=proved)
    rules: dict[int, cp_model.IntVar] = {}
    model, _variables = _model(program, rules)
    weights = program["rule_weights"]
    model.maximize(cp_model.LinearExpr.weighted_sum(list(rules.values()), weights))
    solver = _solver(ask, max(1.0, until - time.monotonic()))
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        given_up = [index for index, literal in rules.items() if not solver.value(literal)]
        _say(given_up=given_up, fewest=status == cp_model.OPTIMAL)


def _collide(ask: Ask, until: float) -> tuple[list[int] | None, bool]:
    """Rules that cannot all hold: what CP-SAT needed to see it, then one after the other left out on trial."""
    rules: dict[int, cp_model.IntVar] = {}
    model, _variables = _model(ask["program"], rules)
    model.add_assumptions(list(rules.values()))
    solver = _solver(ask, max(1.0, until - time.monotonic()), workers=1)
    if solver.solve(model) != cp_model.INFEASIBLE:
        return None, False
    of_literal = {literal.index: rule for rule, literal in rules.items()}
    core = sorted({of_literal[index] for index in solver.sufficient_assumptions_for_infeasibility()})
    for rule in list(core):
        if time.monotonic() > until:
            return core, False
        without = [other for other in core if other != rule]
        model, _variables = _model(ask["program"], None, kept=without)
        trial = _solver(ask, max(0.5, until - time.monotonic()))
        status = trial.solve(model)
        if status == cp_model.INFEASIBLE:
            core = without
        elif status == cp_model.UNKNOWN:
            return core, False
    return core, True


if __name__ == "__main__":
    answer_asked(_answer)
