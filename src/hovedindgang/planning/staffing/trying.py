"""Team sizes, simulated: each once, all with the same citizens and each employee with the same days away."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.inputs import Inputs, Team
from hovedindgang.planning.simulation.competence import ever_serves
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.simulation.replications import run_once
from hovedindgang.planning.simulation.scenario import Employee, Scenario
from hovedindgang.planning.staffing.promises import Promises, Shares, Standard, promises_of, shares
from hovedindgang.servicemodel.document import ServiceModel

WEEKS_OF_A_YEAR = 365.0 / 7
ROOM = 8  # employees of each team that are drawn at first; then twice as many, until there are enough

Progress = Callable[[str], Any]
Sizes = tuple[int, ...]  # of each team, in the order of the plan


def sized(inputs: Inputs, sizes: Mapping[str, int]) -> Inputs:
    """The inputs with teams of those sizes."""
    teams = tuple(dataclasses.replace(team, number=sizes[team.key]) for team in inputs.staff.teams)
    return dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=teams))


def promised(scenario: Scenario, layer: Mapping[str, Standard]) -> Scenario:
    """The scenario that counts who is served within what one standard of each channel promises."""
    flows = {
        key: dataclasses.replace(
            flow, promised_minutes=layer[flow.channel].within_minutes if flow.channel in layer else None
        )
        for key, flow in scenario.flows.items()
    }
    return dataclasses.replace(scenario, flows=flows)


class Tried(Protocol):
    """Team sizes that can be tried: of all teams, or of some where the others are as they are."""

    @property
    def kr(self) -> tuple[float, ...]: ...

    @property
    def promises(self) -> Promises: ...

    @property
    def known(self) -> dict[Sizes, Shares]: ...

    def cost(self, sizes: Sizes) -> float: ...

    def of(self, sizes: Sizes) -> Shares: ...

    def missed(self, sizes: Sizes) -> float: ...


class Trying:
    """Simulates team sizes for a set of promises, and remembers what came of them."""

    def __init__(
        self,
        model: ServiceModel,
        inputs: Inputs,
        standards: tuple[Standard, ...],
        *,
        seed: int,
        replications: int,
        progress: Progress | None = None,
    ) -> None:
        self.model, self.inputs = model, inputs
        self.seed, self.replications, self.progress = seed, replications, progress
        self.teams: tuple[Team, ...] = inputs.staff.teams
        self.kr = tuple(kr_of(inputs, team) for team in self.teams)
        self.known: dict[Sizes, Shares] = {}
        self.promises = promises_of(standards, scenario_of(model, inputs))
        self._room, self._layers = 0, ()  # type: int, tuple[Prepared, ...]
        self._rows: dict[tuple[int, int], list[int]] = {}  # of the so many-th of a team; several where she learns
        self._serves: NDArray[np.bool_] = np.zeros((0, 0), np.bool_)

    def cost(self, sizes: Sizes) -> float:
        """Kroner a year."""
        return sum(number * kr for number, kr in zip(sizes, self.kr, strict=True))

    def of(self, sizes: Sizes) -> Shares:
        """What came of them in the search's own replications; empty where somebody comes whom nobody can serve."""
        if sizes not in self.known:
            if self.progress:
                self.progress(", ".join(f"{team.key} {n}" for team, n in zip(self.teams, sizes, strict=True)))
            self.known[sizes] = self.fresh(sizes, first=0, replications=self.replications)
        return self.known[sizes]

    def missed(self, sizes: Sizes) -> float:
        return self.promises.missed(self.of(sizes))

    def fresh(self, sizes: Sizes, *, first: int, replications: int) -> Shares:
        """The same of other replications, from number `first` on; they are not remembered."""
        found: Shares = {}
        for layer, prepared in enumerate(self._prepared(sizes)):
            done = [
                run_once(prepared, seed=self.seed, replication=number)[0]
                for number in range(first, first + replications)
            ]
            found |= shares(prepared, done, self.promises, layer)
        return found

    def _prepared(self, sizes: Sizes) -> list[Prepared]:
        """For each layer of promises; none where somebody comes whom nobody can serve.

        Only who works differs from size to size, so the arrays are made once, with room for more than are asked for.
        """
        if max(sizes) > self._room or not self._layers:
            self._make_room(max(1, *sizes))
        own = [row for at, n in enumerate(sizes) for one in range(n) for row in self._rows.get((at, one), ())]
        employees = self._layers[0].scenario.employees
        rows = [*own, *(row for row, one in enumerate(employees) if not one.own)]
        if not self._serves[rows].any(axis=0).all():
            return []
        return [_of_employees(prepared, rows) for prepared in self._layers]

    def _make_room(self, wanted: int) -> None:
        room = max(ROOM, 2 ** math.ceil(math.log2(wanted)))
        scenario = scenario_of(self.model, sized(self.inputs, dict.fromkeys((team.key for team in self.teams), room)))
        self._layers = tuple(prepare(promised(scenario, layer)) for layer in self.promises.layers)
        who = {f"{team.key}-{n + 1}": (at, n) for at, team in enumerate(self.teams) for n in range(room)}
        self._rows = {}
        for row, employee in enumerate(scenario.employees):
            if employee.own:
                self._rows.setdefault(who[person_of(employee)], []).append(row)
        self._serves = _who_serves(scenario)
        self._room = room


class Part:
    """Sizes of some teams, where all others have more than anybody needs."""

    def __init__(self, trying: Trying, teams: list[int], most: Sizes) -> None:
        self.trying, self.teams, self.most = trying, teams, most
        self.kr = tuple(trying.kr[at] for at in teams)
        self.promises = trying.promises
        self.known: dict[Sizes, Shares] = {}

    def cost(self, sizes: Sizes) -> float:
        return sum(number * kr for number, kr in zip(sizes, self.kr, strict=True))

    def of(self, sizes: Sizes) -> Shares:
        whole = list(self.most)
        for at, number in zip(self.teams, sizes, strict=True):
            whole[at] = number
        self.known[sizes] = self.trying.of(tuple(whole))
        return self.known[sizes]

    def missed(self, sizes: Sizes) -> float:
        return self.promises.missed(self.of(sizes))


def _who_serves(scenario: Scenario) -> NDArray[np.bool_]:
    """[employees, lines in which somebody waits]: whether she ever serves there."""
    wanted = {flow.line: scenario.lines[flow.line] for flow in scenario.flows.values() if flow.line is not None}
    alike: dict[tuple[Any, ...], NDArray[np.bool_]] = {}
    rows = []
    for one in scenario.employees:
        key = frozenset(one.levels), one.place, frozenset(shift for day in one.week or () for shift in day)
        if key not in alike:
            alike[key] = np.array([ever_serves(one, line) for line in wanted.values()])
        rows.append(alike[key])
    return np.array(rows)


def _of_employees(prepared: Prepared, rows: list[int]) -> Prepared:
    """The same with only some of its employees; what is drawn for each of them goes by her key, not by her number."""
    scenario, network, shifts = prepared.scenario, prepared.network, prepared.shifts
    which = np.array(rows, np.int64)
    return dataclasses.replace(
        prepared,
        scenario=dataclasses.replace(scenario, employees=tuple(scenario.employees[row] for row in rows)),
        network=network._replace(level=network.level[which], breadth=network.breadth[which]),
        shifts=shifts._replace(stream=shifts.stream[which], always=shifts.always[which], kind_of=shifts.kind_of[which]),
    )


def person_of(employee: Employee) -> str:
    """Whose hours these are: whoever learns is another employee of the scenario from that day on."""
    return employee.key.partition("@")[0]


def kr_of(inputs: Inputs, team: Team) -> float:
    """Of one employee of the team, a year."""
    return team.hours_per_week * WEEKS_OF_A_YEAR * (team.kr_per_hour or inputs.staff.kr_per_hour.value)
