"""Integer programs as plain data, solved by OR-Tools CP-SAT and HiGHS, each in a process of its own.

A method writes its question as a `Program`: whole variables with limits, linear rows, prices. A row may belong to a
*rule* that people know ("Anna has the day off"), so that a program without an answer can be told in their words:
which rules collide, and the fewest that must be given up.

OR-Tools is never loaded here, as it cannot share a process with HiGHS. `integer_relaxed` starts: the linear
relaxation is the first bound, a dive into it the first answer; then `integer_child` (CP-SAT) and HiGHS go on side by
side, and each of them may better the answer or the bound. What is found arrives at once, so whoever stops waiting has
the best so far.

Perron & Furnon, OR-Tools CP-SAT; minimal sets of colliding rules as in Liffiton & Sakallah (2008), by deletion.
"""

from __future__ import annotations

import contextlib
import importlib.util
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hovedindgang.planning.integer_asking import Lines, asking
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import Missing

UNLIMITED = 10**9  # a row without a limit on one side
NO_RULE = -1
SMALL = 1_500  # entries in all rows: a program that CP-SAT ends by itself before HiGHS has started


@dataclass(slots=True)
class Program:
    """Minimise prices · x over whole x with lower ≤ x ≤ upper and low ≤ coefficients · x ≤ high for each row."""

    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    rows: list[tuple[list[int], list[int], int, int, int]] = field(default_factory=list)
    prices: dict[int, int] = field(default_factory=dict)
    chosen_by: list[int] = field(default_factory=list)  # the variables that say what is done; the rest follow
    rule_weights: list[int] = field(default_factory=list)  # how dear it is to give a rule up, where rules collide

    def variable(self, lower: int = 0, upper: int = 1, price: int = 0) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        index = len(self.lower) - 1
        if price:
            self.prices[index] = price
        return index

    def rule(self, weight: int = 1) -> int:
        self.rule_weights.append(weight)
        return len(self.rule_weights) - 1

    def row(
        self,
        variables: Sequence[int],
        coefficients: Sequence[int] | int = 1,
        *,
        low: int = -UNLIMITED,
        high: int = UNLIMITED,
        rule: int = NO_RULE,
    ) -> None:
        """One row; an int for `coefficients` is that of every variable."""
        many = [coefficients] * len(variables) if isinstance(coefficients, int) else list(coefficients)
        self.rows.append((list(variables), many, low, high, rule))

    def price_of(self, values: Sequence[int]) -> int:
        return sum(price * values[index] for index, price in self.prices.items())

    def least_price(self) -> int:
        """What the limits of the variables alone say that every answer costs."""
        return sum(min(price * self.lower[index], price * self.upper[index]) for index, price in self.prices.items())

    def as_data(self) -> dict[str, object]:
        return {
            "lower": self.lower,
            "upper": self.upper,
            "rows": self.rows,
            "prices": list(self.prices.items()),
            "chosen_by": self.chosen_by,
            "rule_weights": self.rule_weights,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The best `values` found (None: none yet) with their price; no answer is cheaper than `bound`.

    `ended`: "proved" (no better one exists), "near" (as near the bound as was asked for), "limit" (time was up),
    "stopped" (whoever waited stopped), "infeasible".
    """

    values: tuple[int, ...] | None
    price: float
    bound: float
    ended: str
    seconds: float

    @property
    def gap(self) -> float | None:
        """(price - bound) / price: 0 is proved; None without an answer. A price of nothing has no gap left."""
        if self.values is None:
            return None
        return 0.0 if self.price <= self.bound else (self.price - self.bound) / max(abs(self.price), 1e-9)


@dataclass(frozen=True, slots=True)
class Collision:
    """`core`: rules that cannot all hold (minimal where `minimal`); `given_up`: the fewest, by weight, to give up."""

    core: tuple[int, ...]
    minimal: bool
    given_up: tuple[int, ...] | None
    fewest: bool  # proved that less would not do


Progress = Callable[[float, float, float], None]  # price, bound, seconds


def needs_ortools() -> None:
    """Raises Missing where OR-Tools is not installed. It is looked for, not loaded."""
    if importlib.util.find_spec("ortools") is None:
        raise Missing(
            _("OR-Tools er ikke installeret, og uden kan denne plan ikke laves."),
            cure=_("Installér den: pip install 'hovedindgang[rosters]'."),
        )


def solve(
    program: Program,
    *,
    seconds: float,
    seed: int = 1,
    workers: int = 2,
    repeatable: bool = False,
    gap: float = 0.0,
    progress: Progress | None = None,
    dive: bool = True,
    start: Mapping[int, int] | None = None,
    start_price: float = math.inf,
) -> Answer:
    """The cheapest answer found within `seconds`, with a bound below which there is none.

    `dive`: CP-SAT starts from an answer that the relaxation leads to; else both begin at once, the one for the answer
    and the other for the bound, which is better where good answers are soon found without it. `start`: what is chosen
    in an answer that is known (the rest follows), with its price.

    `repeatable`: the same answer each time on the same version of OR-Tools (work is counted instead of seconds, and
    the searches take turns). Ctrl-C ends the waiting and gives the best so far. `gap`: near enough.
    Raises Missing without OR-Tools, CannotPlan where the solver itself breaks down.
    """
    needs_ortools()
    began = time.monotonic()
    best = _Best(len(program.lower), progress, began, gap)
    best.bound = program.least_price()  # true of every answer, and what there is before a solver knows more
    if start is not None:
        best.hear({"values": list(start.items()), "price": start_price})
    # Repeatable work has no clock inside; the outer limit is only against a machine that stands still.
    until = began + (seconds * 20 if repeatable else seconds + 5) + 30
    ask = {"task": "solve", "seed": seed, "gap": gap, "repeatable": repeatable, "program": program.as_data()}
    ask["dive"] = dive
    with contextlib.ExitStack() as ended, contextlib.suppress(KeyboardInterrupt):
        helpers: list[Lines] = []
        if sum(len(row[0]) for row in program.rows) > SMALL:
            relaxed = ended.enter_context(asking({**ask, "seconds": seconds}, "integer_relaxed"))
            for line in relaxed(until) if dive or repeatable else ():
                assert line is not None
                best.hear(line)
                if "started" in line:
                    break
            helpers = [] if repeatable else [relaxed]
        if best.ended == "stopped":
            left = seconds if repeatable else max(1.0, seconds - (time.monotonic() - began))
            whole = best.whole()
            if start is not None and best.price >= start_price:
                hints = list(start.items())
            else:
                hints = [] if whole is None else list(enumerate(whole))
            solver = {**ask, "seconds": left, "workers": workers, "start": hints}
            chased = ended.enter_context(asking(solver, "integer_child"))
            for line in _both([chased, *helpers], until):
                best.hear(line)
                if best.ended in ("proved", "near", "infeasible"):
                    break
    values = best.whole()
    if best.ended == "done":
        best.ended = "limit"
    return Answer(
        None if values is None else tuple(values), best.price, best.bound, best.ended, time.monotonic() - began
    )


class _Best:
    """The best answer and the best bound heard so far, whoever said them."""

    def __init__(self, count: int, progress: Progress | None, began: float, gap: float) -> None:
        self.count, self.progress, self.began, self.gap = count, progress, began, gap
        self.values: dict[int, int] | None = None
        self.price, self.bound, self.ended = float("inf"), float("-inf"), "stopped"

    def hear(self, line: dict[str, Any]) -> None:
        self.bound = max(self.bound, line.get("bound", self.bound))
        if "values" in line and line["price"] < self.price:
            self.values, self.price = {int(index): value for index, value in line["values"]}, line["price"]
        self.ended = line.get("ended", self.ended)
        if self.values is not None and self.price - self.bound <= self.gap * abs(self.price):
            self.ended = "proved" if self.price <= self.bound else "near"
        if self.progress is not None and self.values is not None:
            self.progress(self.price, self.bound, time.monotonic() - self.began)

    def whole(self) -> list[int] | None:
        return None if self.values is None else [self.values.get(index, 0) for index in range(self.count)]


def _both(children: list[Lines], until: float) -> Iterator[dict[str, Any]]:
    """What several children say, as it comes, until the first one, who decides, is done."""
    streams = [child(until, wait=0.05) for child in children]
    while time.monotonic() < until:
        for number, stream in enumerate(streams):
            for line in stream:
                if line is None:
                    break  # nothing new: the other one's turn
                yield line
            else:
                if number == 0:
                    return


def explain(program: Program, *, seconds: float, seed: int = 1) -> Collision:
    """Why `program` has no answer. Give it only one that `solve` found infeasible. Raises as `solve`."""
    needs_ortools()
    ask = {"task": "explain", "seconds": seconds, "seed": seed, "workers": 2, "repeatable": False, "gap": 0.0}
    ask["program"] = program.as_data()
    core: tuple[int, ...] = ()
    minimal, given_up, fewest = False, None, False
    with contextlib.suppress(KeyboardInterrupt):
        for module in ("integer_child", "integer_relaxed"):
            with asking(ask, module) as lines:
                for line in lines(time.monotonic() + 2 * seconds + 60):
                    assert line is not None
                    if "core" in line:
                        core, minimal = tuple(line["core"]), line["minimal"]
                    if "given_up" in line:
                        given_up, fewest = tuple(line["given_up"]), line["fewest"]
            if core:
                break  # else CP-SAT saw nothing in time, and the relaxation is asked
    return Collision(core, minimal, given_up, fewest)
